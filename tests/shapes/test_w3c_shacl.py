"""The W3C's SHACL test suite, through the face the validator uses: the whole report must be as the suite has it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from shapes.engine.bundle import Bundle, make_bundle
from shapes.engine.engine import Engine
from shapes.engine.paths import items, path_text
from shapes.engine.reference import ReferenceEngine
from shapes.errors import BadShapes
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import SH, Namespace

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
SHARED = Path(os.environ.get("TEST_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data"
SUITE = SHARED / "w3c-shacl-test-suite" / "tests"

# Why a test is expected to fail.
EXPECTED = {
    "sparql/pre-binding/shapesGraph-001": "$shapesGraph is optional (section 5.3.1); such shapes are refused",
}


def read(path: Path) -> RecordGraph:
    parsed = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=path.as_uri())
    return RecordGraph(quad.triple for quad in parsed)


def cases(manifest: Path) -> Iterator[tuple[str, RecordGraph, Node]]:
    graph, me = read(manifest), ox.NamedNode(manifest.as_uri())
    for include in graph.values(me, MF.include):
        yield from cases(Path(include.value.removeprefix("file://")))
    for head in graph.values(me, MF.entries):
        for entry in items(graph, head):
            assert not isinstance(entry, ox.Literal)
            yield str(manifest.relative_to(SUITE).with_suffix("")), graph, entry


# Approved tests that no manifest of the suite includes.
APART = {"sparql": ("sparql/component/nodeValidator-001",)}


def found_in(suite: str) -> list[object]:
    if not SUITE.is_dir():
        return [pytest.param(None, None, marks=pytest.mark.skip(reason=f"no W3C test suite at {SUITE}"))]
    return [
        pytest.param(
            graph,
            entry,
            id=name,
            marks=[pytest.mark.xfail(reason=EXPECTED[name], raises=BadShapes)] if name in EXPECTED else [],
        )
        for manifest in (f"{suite}/manifest", *APART.get(suite, ()))
        for name, graph, entry in cases(SUITE / f"{manifest}.ttl")
    ]


def said(term: Term | None) -> str | None:
    return "_:" if isinstance(term, ox.BlankNode) else None if term is None else str(term)


def expected(graph: RecordGraph, report: Node) -> Counter[tuple[str | None, ...]]:
    results: Counter[tuple[str | None, ...]] = Counter()
    for result in graph.values(report, SH.result):
        assert not isinstance(result, ox.Literal)
        path = graph.value(result, SH.resultPath)
        component, severity = graph.value(result, SH.sourceConstraintComponent), graph.value(result, SH.resultSeverity)
        results[
            said(graph.value(result, SH.focusNode)),
            None if path is None else path_text(graph, path),
            said(graph.value(result, SH.value)),
            said(component),
            said(severity),
        ] += 1
    return results


def judge(graph: RecordGraph, entry: Node, make: Callable[[Bundle], Engine | ReferenceEngine] = Engine) -> None:
    action, wanted = graph.value(entry, MF.action), graph.value(entry, MF.result)
    assert isinstance(action, ox.BlankNode)
    data, shapes = (graph.value(action, name) for name in (SHT.dataGraph, SHT.shapesGraph))
    assert data is not None
    assert shapes is not None
    data_graph, shapes_graph = (read(Path(term.value.removeprefix("file://"))) for term in (data, shapes))
    if wanted == ox.NamedNode(SHT.Failure):
        with pytest.raises(BadShapes):
            make(make_bundle(shapes_graph)).results(data_graph)
        return
    assert isinstance(wanted, ox.BlankNode)
    results = make(make_bundle(shapes_graph)).results(data_graph)
    got = Counter((said(r.focus), r.path, said(r.value), f"<{r.component}>", f"<{r.severity}>") for r in results)
    assert got == expected(graph, wanted)


def compiled(bundle: Bundle) -> Engine:
    """An engine that hands nothing to pySHACL."""
    engine = Engine(bundle)
    assert engine.compiled
    return engine


@pytest.mark.parametrize(("graph", "entry"), found_in("core"))
def test_core_is_compiled(graph: RecordGraph, entry: Node) -> None:
    judge(graph, entry, compiled)


@pytest.mark.parametrize(("graph", "entry"), found_in("core"))
def test_core_through_the_oracle(graph: RecordGraph, entry: Node) -> None:
    judge(graph, entry, ReferenceEngine)


@pytest.mark.parametrize(("graph", "entry"), found_in("sparql"))
def test_sparql(graph: RecordGraph, entry: Node) -> None:
    judge(graph, entry)


def test_the_suite_is_whole() -> None:
    if not SUITE.is_dir():
        pytest.skip(f"no W3C test suite at {SUITE}")
    assert len(found_in("core")) == 98
    assert len(found_in("sparql")) == 23
