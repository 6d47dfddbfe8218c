"""Both engines over every official shapes file: the same results on the official examples, down to shape and detail."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from shapes.engine.bundle import make_bundle
from shapes.engine.engine import Engine
from shapes.engine.reference import ReferenceEngine
from shapes.engine.result import Result
from shapes.errors import BadShapes
from shapes.graph import RecordGraph
from shapes.profiles import background

DATA = Path(os.environ.get("TEST_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data"
# Few enough to be quick, and of every kind; docs/validation.md tells of the run over all of them.
EXAMPLES = (
    "examples-dac/*.ttl",
    "examples-es/E_DCAT-AP-ES_full_optional.ttl",
    "examples-fdp/dtl-fdp.ttl",
    "examples-health/FDZ-Gesundheit.ttl",
    "examples-health-ri/example-dataset.ttl",
    "examples-no/test.ttl",
    "shapes-healthdcat-ap-r8/examples/ARCA.ttl",
)
# Files that neither engine can use, and what is wrong with them. Both refuse them.
UNUSABLE = {
    "shapes-dcat-ap-es/shacl_catalog_shape.ttl": "its SPARQL constraints stand in another file",
    "shapes-dcat-ap-es/shacl_dataset_shape.ttl": "the same",
    "shapes-dcat-ap-es/shacl_distribution_shape.ttl": "the same",
    "shapes-healthdcat-ap-draft-2025-04/HealthDCAT-AP_mdr-vocabularies-shapes-v0.1.0.ttl": "sh:node: a property shape",
    "shapes-healthdcat-ap-draft-2025-04/HealthDCAT-AP_mdr-vocabularies-shapes.ttl": "the same",
}
# The files with SPARQL; every other official file is compiled whole.
WITH_SPARQL = {
    "shapes-dcat-ap-es/shacl_catalog_shape.ttl",
    "shapes-dcat-ap-es/shacl_common_shapes.ttl",
    "shapes-dcat-ap-es/shacl_dataset_shape.ttl",
    "shapes-dcat-ap-es/shacl_distribution_shape.ttl",
    "shapes-healthdcat-ap-r8/shapes/graph-guard.ttl",
}


def parsed(path: Path) -> Iterable[ox.Triple]:
    quads = ox.parse(
        path=str(path), format=ox.RdfFormat.TURTLE, base_iri="http://base.example/", rename_blank_nodes=True
    )
    return [quad.triple for quad in quads]


def readable(paths: Iterable[Path]) -> Iterable[ox.Triple]:
    """The triples of all files but those that are no Turtle."""
    for path in paths:
        try:
            yield from parsed(path)
        except SyntaxError:
            continue


@cache
def examples() -> tuple[RecordGraph, tuple[ox.Triple, ...]]:
    graph = RecordGraph(readable(path for pattern in EXAMPLES for path in sorted(DATA.glob(pattern))))
    iris = {t.value for triple in graph for t in (triple.subject, triple.object) if isinstance(t, ox.NamedNode)}
    return graph, tuple(background(iris))


@cache
def shapes_files() -> list[object]:
    """Every official file with shapes that have a target."""
    if not DATA.is_dir():
        return [pytest.param("", marks=pytest.mark.skip(reason=f"the shared test data is not at {DATA}"))]
    found: list[object] = []
    for path in sorted(DATA.glob("shapes-*/**/*.ttl")):
        if "examples" in path.parts:
            continue
        try:
            make_bundle(parsed(path))
        except (SyntaxError, BadShapes):
            continue
        found.append(str(path.relative_to(DATA)))
    return found


def counted(results: Iterable[Result]) -> Counter[tuple[str, ...]]:
    return Counter(row(result) for result in results)


def row(result: Result) -> tuple[str, ...]:
    said = (result.focus, result.path, result.value, result.component, result.shape, result.severity)
    return (*map(str, said), *sorted(str(row(nested)) for nested in result.detail))


@pytest.mark.parametrize("name", shapes_files())
def test_both_engines_find_the_same(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    bundle = make_bundle(parsed(DATA / name))
    graph, known = examples()
    if name in UNUSABLE:
        for make in (Engine, ReferenceEngine):
            with pytest.raises(BadShapes):
                make(bundle).results(graph, known)
        return
    engine = Engine(bundle)
    assert engine.compiled is (name not in WITH_SPARQL)
    assert counted(engine.results(graph, known)) == counted(ReferenceEngine(bundle).results(graph, known))


def test_shapes_of_several_files_with_sparql_in_one_of_them(
    shared_data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    files = sorted((shared_data / "shapes-dcat-ap-es").glob("*.ttl"))
    bundle = make_bundle(readable(files))
    graph = RecordGraph(parsed(shared_data / "examples-health" / "dataset_health_no_blank.ttl"))
    ours, theirs = (counted(make(bundle).results(graph)) for make in (Engine, ReferenceEngine))
    assert ours == theirs
    assert any("SPARQLConstraintComponent" in said[3] for said in ours)


def test_most_official_files_were_compared(shared_data: Path) -> None:
    assert shared_data.is_dir()
    assert len(shapes_files()) == 118
