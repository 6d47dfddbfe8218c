"""The SHACL engines that benchmarks/validation.py compares: each judges one graph and says what it found and spent."""

from __future__ import annotations

import logging
import subprocess
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyshacl
import rdflib

from shapes.engine.bundle import make_bundle
from shapes.engine.compiled.index import Index
from shapes.engine.engine import Engine
from shapes.engine.memory import to_rdflib
from shapes.profiles import profile
from shapes.record import Record
from shapes.vocabulary import SH

JAVA = Path(__file__).parent / "java"
RUNS = 8  # of a Java engine in one JVM; the best one counts
_SAID = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.value)


@dataclass(frozen=True, slots=True)
class Timing:
    """What one engine spent, in seconds of CPU, and its findings: focus, shape, component, value.

    A blank node is written `_:`, because every engine names them anew; so is a literal's text for its term.
    """

    name: str
    parse: float
    validate: float
    findings: Counter[tuple[str, ...]]


def compiled(shapes: Path, data: Path) -> Timing:
    """Judge a graph with our engine. Loading the shapes is not counted, for any engine."""
    engine = Engine(make_bundle(_triples(shapes)))
    begun = time.process_time()
    index = Index.of_triples(_triples(data))
    parsed = time.process_time()
    hits = engine.hits(index)
    done = time.process_time()
    found = Counter(
        tuple(map(_plain, (hit.focus, str(hit.source.shape), f"<{hit.source.component}>", hit.value or "")))
        for hit in hits
    )
    return Timing("compiled", parsed - begun, done - parsed, found)


def pyshacl_whole(shapes: Path, data: Path) -> Timing:
    """Judge a graph with pySHACL's own `validate()`, once.

    rdflib's own parser is timed. What is judged are the same terms in its memory store with ill-typed literals marked
    (see `shapes.engine.memory`), because rdflib takes some of them for good.
    """
    logging.getLogger("pyshacl").setLevel(logging.CRITICAL)
    begun = time.process_time()
    rdflib.Graph().parse(data, format="nt")
    parsed = time.process_time()
    graph, shapes_graph = _rdflib(_triples(data)), _rdflib(_triples(shapes))
    started = time.process_time()
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes_graph)
    done = time.process_time()
    if not isinstance(report, rdflib.Graph):
        raise TypeError("pySHACL gave no report")
    return Timing("pySHACL", parsed - begun, done - started, _findings(report.serialize(format="nt").encode()))


def pyshacl_per_record(records: list[Record], name: str) -> float:
    """Return the seconds pySHACL takes for one record, its shapes read before."""
    shapes = rdflib.Graph().parse(data=profile(name).shapes(), format="turtle")
    graphs = [_rdflib(record.graph()) for record in records]
    begun = time.process_time()
    for graph in graphs:
        pyshacl.validate(graph, shacl_graph=shapes)
    return (time.process_time() - begun) / len(graphs)


def java(name: str, jars: Path, shapes: Path, data: Path, folder: Path) -> Timing:
    """Judge a graph with an engine written in Java, several times in one JVM; the best run counts."""
    report = folder / f"{name}.nt"
    command = [
        "java",
        "-Xmx3g",
        "-cp",
        f"{jars}/*",
        str(JAVA / f"{name}Shacl.java"),
        *map(str, (shapes, data, report, RUNS)),
    ]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")
    runs = [tuple(map(float, line.split())) for line in lines if line]
    first, best = runs[0], min(runs, key=lambda run: run[1])
    return Timing(f"{name}, warm (its first run: {first[1]:.1f} s)", *best, _findings(report.read_bytes()))


def _findings(report: bytes) -> Counter[tuple[str, ...]]:
    """Read the top-level results of a report graph."""
    said: dict[str, dict[str, str]] = {}
    nested = set()
    for quad in ox.parse(report, format=ox.RdfFormat.N_TRIPLES):
        said.setdefault(str(quad.subject), {})[quad.predicate.value] = str(quad.object)
        if quad.predicate.value == SH.detail:
            nested.add(str(quad.object))
    return Counter(
        tuple(_plain(of.get(name, "")) for name in _SAID)
        for node, of in said.items()
        if SH.focusNode in of and node not in nested
    )


def _plain(term: str) -> str:
    if term.startswith("_:"):
        return "_:"
    return term[: term.rindex('"') + 1] if term.startswith('"') else term


def _triples(path: Path) -> Iterable[ox.Triple]:
    return (quad.triple for quad in ox.parse(path=str(path)))


def _rdflib(triples: Iterable[Any]) -> rdflib.Graph:
    graph = rdflib.Graph()
    for triple in triples:
        graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
    return graph
