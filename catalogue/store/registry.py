"""The graphs that are about no single record: nodes, their runs, the registry's committees. rdflib composes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from catalogue.dac.access_graph import committee_triples
from catalogue.dac.committee import Committee
from catalogue.journal.run import Run
from catalogue.store.layout import Layout
from harvester.source import Source
from shapes.vocabulary import DCAT, DCT, FOAF, GDIX, PROV, RDF, XSD

_COUNTERS: Final = ("seen", "new", "changed", "unchanged", "rejected", "failed", "withdrawn")


def registry_graphs(
    layout: Layout, title: str, sources: Iterable[Source], runs: Iterable[Run], committees: Iterable[Committee]
) -> dict[ox.NamedNode, Sequence[ox.Triple]]:
    """Return the registry graph (catalogue, nodes, runs as PROV activities) and the access graph (committees)."""
    graph = Graph()
    catalogue = URIRef(f"{layout.base}/catalog")
    _say(graph, catalogue, RDF.type, URIRef(DCAT.Catalog))
    _say(graph, catalogue, DCT.title, Literal(title))
    for source in sources:
        _node(graph, URIRef(layout.node(source.name)), source)
    for run in runs:
        _run(graph, URIRef(layout.run(run.source, run.id)), URIRef(layout.node(run.source)), run)
    written = graph.serialize(format="nt", encoding="utf-8")
    registry = [quad.triple for quad in ox.parse(written, format=ox.RdfFormat.N_TRIPLES)]
    access = [triple for each in committees for triple in committee_triples(each, layout.committee(each.id))]
    return {layout.registry: registry, layout.access: access}


def _node(graph: Graph, node: URIRef, source: Source) -> None:
    _say(graph, node, RDF.type, URIRef(GDIX.Node))
    _say(graph, node, RDF.type, URIRef(FOAF.Organization))
    _say(graph, node, DCT.title, Literal(source.title or source.name))
    _say(graph, node, DCT.identifier, Literal(source.name))
    _say(graph, node, GDIX.stage, Literal(source.stage.value))
    _say(graph, node, GDIX.protocol, Literal(source.protocol))
    if source.country:
        _say(graph, node, GDIX.country, Literal(source.country))
    if source.url.startswith(("http://", "https://")):
        _say(graph, node, DCAT.endpointURL, URIRef(source.url))


def _run(graph: Graph, activity: URIRef, node: URIRef, run: Run) -> None:
    _say(graph, activity, RDF.type, URIRef(PROV.Activity))
    _say(graph, activity, PROV.used, node)
    _say(graph, activity, PROV.startedAtTime, Literal(run.started.isoformat(), datatype=URIRef(XSD.dateTime)))
    if run.finished is not None:
        _say(graph, activity, PROV.endedAtTime, Literal(run.finished.isoformat(), datatype=URIRef(XSD.dateTime)))
    _say(graph, activity, GDIX.outcome, Literal(str(run.outcome)))
    for name in _COUNTERS:
        _say(graph, activity, GDIX[name], Literal(int(getattr(run, name))))


def _say(graph: Graph, subject: URIRef, predicate: str, value: Node) -> None:
    graph.add((subject, URIRef(predicate), value))
