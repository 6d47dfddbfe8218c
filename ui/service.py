"""What the endpoint says of itself for machines: SPARQL 1.1 Service Description, and VoID of the dataset behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Final

import pyoxigraph as ox

from catalogue.store.layout import Layout
from catalogue.store.statistics import Statistics
from shapes.record import Kind
from shapes.vocabulary import DCAT, DCT, FOAF, GDIX, PROV, RDF, RDFS, SD, SKOS, VOID, XSD
from ui.site import Site

_FORMATS: Final = "http://www.w3.org/ns/formats/"
_RESULTS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)
_SIMPLE: Final = "http://www.w3.org/ns/entailment/Simple"  # nothing is inferred
_VOCABULARIES: Final = (DCAT, DCT, FOAF, PROV, SKOS, GDIX)

Subject = ox.NamedNode | ox.BlankNode


class _Graph:
    """Statements as they are made."""

    def __init__(self) -> None:
        self.triples: list[ox.Triple] = []
        self._numbers = count()

    def iri(self, subject: Subject, predicate: str, value: str) -> None:
        self.triples.append(ox.Triple(subject, ox.NamedNode(predicate), ox.NamedNode(value)))

    def text(self, subject: Subject, predicate: str, value: object, datatype: str = XSD.string) -> None:
        literal = ox.Literal(str(value), datatype=ox.NamedNode(datatype))
        self.triples.append(ox.Triple(subject, ox.NamedNode(predicate), literal))

    def part(self, subject: Subject, predicate: str, kind: str | None = None) -> ox.BlankNode:
        """Begin a nameless part of the subject."""
        node = ox.BlankNode(f"part{next(self._numbers)}")
        self.triples.append(ox.Triple(subject, ox.NamedNode(predicate), node))
        if kind:
            self.iri(node, RDF.type, kind)
        return node


def description(site: Site) -> list[ox.Triple]:
    """Return the service's description (SPARQL 1.1 Service Description, section 3), with its budgets."""
    graph = _Graph()
    address = site.address("/sparql")
    service = ox.NamedNode(address)
    graph.iri(service, RDF.type, SD.Service)
    graph.iri(service, SD.endpoint, address)
    graph.text(service, DCT.title, f"{site.settings.title}: SPARQL endpoint")
    graph.iri(service, SD.supportedLanguage, SD.SPARQL11Query)
    graph.iri(service, SD.feature, SD.UnionDefaultGraph)
    graph.iri(service, SD.defaultEntailmentRegime, _SIMPLE)
    for name in _RESULTS:
        graph.iri(service, SD.resultFormat, _FORMATS + name)
    for aggregate in sorted(site.catalogue.aggregates):
        graph.iri(service, SD.extensionAggregate, aggregate)
        graph.iri(ox.NamedNode(aggregate), RDF.type, SD.Aggregate)
    _budgets(graph, service, site)
    dataset = graph.part(service, SD.defaultDataset, SD.Dataset)
    union = graph.part(dataset, SD.defaultGraph, SD.Graph)
    graph.text(union, RDFS.comment, "The union of all named graphs but that of withdrawn records.")
    graph.iri(dataset, RDFS.seeAlso, site.address("/.well-known/void"))  # which counts; that takes time
    for name, comment in _common_graphs(Layout(site.settings.base_url)):
        named = graph.part(dataset, SD.namedGraph, SD.NamedGraph)
        graph.iri(named, SD.name, name)
        graph.text(graph.part(named, SD.graph, SD.Graph), RDFS.comment, comment)
    return graph.triples


def _budgets(graph: _Graph, service: ox.NamedNode, site: Site) -> None:
    settings = site.settings
    seconds = timedelta(seconds=settings.sparql_timeout).total_seconds()
    graph.text(service, GDIX.timeBudget, f"PT{seconds:g}S", XSD.duration)
    graph.text(service, GDIX.memoryBudget, settings.sparql_max_memory, XSD.integer)
    graph.text(service, GDIX.rowBudget, settings.sparql_max_rows, XSD.integer)
    graph.text(service, GDIX.byteBudget, settings.sparql_max_bytes, XSD.integer)


def _common_graphs(layout: Layout) -> Iterator[tuple[str, str]]:
    """Yield the graphs that are about no single record. Each record has two more (docs/graph.md)."""
    yield layout.registry.value, "Nodes and their runs."
    yield layout.access.value, "Committees of the registry."
    yield layout.labels.value, "Labels of code lists."
    yield layout.history.value, "Withdrawn records; not part of the union."


def void(site: Site) -> list[ox.Triple]:
    """Return the description of the dataset behind the endpoint (VoID), counted as of the store's newest state."""
    graph = _Graph()
    dataset = ox.NamedNode(site.address("/.well-known/void"))
    layout = Layout(site.settings.base_url)
    graph.iri(dataset, RDF.type, VOID.Dataset)
    graph.text(dataset, DCT.title, site.settings.title)
    graph.iri(dataset, FOAF.homepage, site.address("/"))
    graph.iri(dataset, VOID.sparqlEndpoint, site.address("/sparql"))
    graph.iri(dataset, VOID.dataDump, site.address("/catalog.ttl"))
    graph.text(dataset, VOID.uriSpace, f"{layout.base}/")
    for vocabulary in _VOCABULARIES:
        graph.iri(dataset, VOID.vocabulary, vocabulary.base)
    for state in site.catalogue.addresses(Kind.DATASET, 0, 1):
        graph.iri(dataset, VOID.exampleResource, layout.page(state.kind, state.id))
    statistics = site.catalogue.statistics()
    if statistics is not None:
        _counts(graph, dataset, statistics)
    return graph.triples


def _counts(graph: _Graph, dataset: ox.NamedNode, statistics: Statistics) -> None:
    """Say how many statements there are, and of them those of each class and property (VoID, section 4.6)."""
    graph.text(dataset, VOID.triples, statistics.triples, XSD.integer)
    graph.text(dataset, VOID.classes, len(statistics.classes), XSD.integer)
    graph.text(dataset, VOID.properties, len(statistics.properties), XSD.integer)
    for each in statistics.classes:
        part = graph.part(dataset, VOID.classPartition)
        graph.iri(part, VOID["class"], each.iri)
        graph.text(part, VOID.entities, each.number, XSD.integer)
    for each in statistics.properties:
        part = graph.part(dataset, VOID.propertyPartition)
        graph.iri(part, VOID.property, each.iri)
        graph.text(part, VOID.triples, each.number, XSD.integer)
