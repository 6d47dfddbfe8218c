"""Both engines against pySHACL's own `validate()`: on real records, the same results one by one."""

from __future__ import annotations

import logging
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from shapes.cut import cut
from shapes.engine.bundle import make_bundle
from shapes.engine.engine import Engine
from shapes.engine.memory import to_rdflib
from shapes.engine.reference import ReferenceEngine
from shapes.graph import RecordGraph
from shapes.parse import Document, read
from shapes.profiles import background, profile
from shapes.record import Record
from shapes.vocabulary import SH

FILES = ("node-a-sciensano-2025-04-13.ttl", "node-b-health-authorities-2025-04-13.rdf")
STEP = 12  # every twelfth record: enough kinds of fault, and quick
KEYS = tuple(rdflib.URIRef(SH[name]) for name in ("focusNode", "value", "sourceConstraintComponent", "sourceShape"))


def plain(triples: Any) -> rdflib.Graph:
    graph = rdflib.Graph()
    for triple in triples:
        graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
    return graph


@pytest.mark.parametrize("name", FILES)
def test_results_are_those_of_pyshacl(shared_data: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    shapes = make_bundle(
        quad.triple for quad in ox.parse(profile("healthdcat-ap-r8").shapes("non-public"), format=ox.RdfFormat.TURTLE)
    )
    engines, shapes_graph = (Engine(shapes), ReferenceEngine(shapes)), plain(shapes.graph)
    document = Document((shared_data / "real-be-health" / name).read_bytes(), name, "")
    records = [part for part in cut(read(document)) if isinstance(part, Record)][::STEP]
    assert records
    for record in records:
        graph = record.graph()
        iris = {t.value for triple in graph for t in (triple.subject, triple.object) if isinstance(t, ox.NamedNode)}
        known = list(background(iris))
        theirs = _theirs(graph, known, shapes_graph)
        for engine in engines:
            ours = Counter(
                (str(to_rdflib(r.focus)), str(to_rdflib(r.value)) if r.value else "None", r.component, r.shape.value)
                for r in engine.results(graph, known)
            )
            assert ours == theirs, record.subject


def _theirs(graph: RecordGraph, known: list[ox.Triple], shapes: rdflib.Graph) -> Counter[tuple[str, ...]]:
    _, report, _ = pyshacl.validate(plain([*graph, *known]), shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    top = set(report.objects(None, rdflib.URIRef(SH.result))) - set(report.objects(None, rdflib.URIRef(SH.detail)))
    rows = (tuple(str(report.value(result, key)) for key in KEYS) for result in top)
    judged = {str(to_rdflib(node)) for node in graph.nodes()}
    return Counter(row for row in rows if row[0] in judged)
