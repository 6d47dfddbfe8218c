"""The compiled engine against pySHACL on generated shapes and graphs: every result, down to shape and detail.

What the two are known to answer differently is left out of what is generated, and stands in `test_engines_differ.py`.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Iterable

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from shapes.engine.bundle import make_bundle
from shapes.engine.engine import Engine
from shapes.engine.reference import ReferenceEngine
from shapes.engine.result import Result
from shapes.graph import RecordGraph

logging.getLogger("pyshacl").setLevel(logging.CRITICAL)

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NODES = ("ex:a", "ex:b", "ex:c", "_:x", "_:y")
CLASSES = ("ex:C", "ex:D", "ex:E")
LINKS = ("ex:p", "ex:q", "ex:r")
LITERALS = (
    *("1", "2.5", "-3", "1e3", '"7"^^xsd:nonNegativeInteger', '"x"^^xsd:integer', "true", '"1"^^xsd:boolean'),
    *("'one'", "'two words'", "''", "'one'@en", "'eins'@de", "'uno'@en-gb", "'line\\nbreak'"),
    *('"2020-01-01"^^xsd:date', '"2020-13-01"^^xsd:date', '"2020-01-01T00:00:00"^^xsd:dateTime', "'z'^^ex:own"),
)
COMPARABLE = {
    ("ex:low", "ex:high"): ("1", "2", "2.5", "-3", "1e3", '"7"^^xsd:nonNegativeInteger', "'one'", "'two'"),
    ("ex:from", "ex:to"): ('"2020-01-01"^^xsd:date', '"2021-01-01"^^xsd:date', '"2021-06-01"^^xsd:date'),
    ("ex:start", "ex:end"): ('"2020-01-01T00:00:00Z"^^xsd:dateTime', '"2020-01-01T00:30:00+01:00"^^xsd:dateTime'),
}
PICKED_LANGUAGES = ("'en'", "'de' 'en'", "'*'", "'en-gb'")


class Maker:
    """Makes shapes and data in Turtle from a seed: Hypothesis chooses seeds, because building these is slow in it."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - test data

    def graph(self) -> str:
        """Make up to thirty statements about few nodes, so that they meet."""
        pick = self._random.choice
        lines = [
            f"{pick(NODES)} {pick(LINKS)} {pick((*NODES, *LITERALS))} ." for _ in range(self._random.randint(1, 14))
        ]
        lines += [f"{pick(NODES)} a {pick(CLASSES)} ." for _ in range(self._random.randint(1, 6))]
        for properties, values in COMPARABLE.items():
            for _ in range(self._random.randint(0, 4)):
                lines.append(f"{pick(NODES)} {pick(properties)} {pick(values)} .")
        lines += [f"{pick(CLASSES)} rdfs:subClassOf {pick(CLASSES)} ." for _ in range(self._random.randint(0, 2))]
        return "\n".join(lines)

    def shapes(self) -> str:
        """Make one to three shapes with targets."""
        return "\n".join(f"ex:S{number} {self._root()} ." for number in range(self._random.randint(1, 3)))

    def _root(self) -> str:
        pick = self._random.choice
        path = self._path(2) if pick((True, False)) else None
        body = self._body(2, in_property=path is not None)
        targets = (
            lambda: f"sh:targetClass {pick(CLASSES)}",
            lambda: f"sh:targetNode {pick((*NODES[:3], repr('one')))}",
            lambda: f"sh:targetSubjectsOf {pick(LINKS)}",
            lambda: f"sh:targetObjectsOf {pick(LINKS)}",
        )
        body += "".join(f" ; {pick(targets)()}" for _ in range(self._random.randint(1, 2)))
        body += pick(("", "", "", " ; sh:severity sh:Warning", " ; sh:severity ex:Grave", " ; sh:deactivated true"))
        if path:
            return f"{body} ; sh:path {path}"
        bound = pick(("minInclusive", "maxInclusive", "minExclusive", "maxExclusive"))
        (low, high), values = pick(list(COMPARABLE.items()))
        ordered = pick((f"sh:lessThan {high}", f"sh:lessThanOrEquals {high}", f"sh:{bound} {pick(values)}"))
        body += pick(("", f" ; sh:property [ sh:path {low} ; {ordered} ]"))
        return body + pick(("", " ; sh:closed true ; sh:ignoredProperties ( rdf:type ex:q )"))

    def _body(self, depth: int, *, in_property: bool) -> str:
        """Constraints of one shape: of each parameter the first only, as SHACL allows one value of most."""
        makers = [self._of_value, self._of_value]
        if in_property:
            makers.append(self._of_set)
        if depth:
            makers += [self._of_shapes, self._of_shapes]
        made = (self._random.choice(makers)(depth) for _ in range(self._random.randint(1, 4)))
        return " ; ".join({constraint.split(" ", 1)[0]: constraint for constraint in made}.values())

    def _of_value(self, _depth: int) -> str:
        pick = self._random.choice
        kinds = ("IRI", "Literal", "BlankNode", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
        types = ("xsd:integer", "xsd:string", "xsd:date", "rdf:langString", "xsd:boolean", "rdfs:Literal", "ex:own")
        some = " ".join(self._random.sample((*NODES[:3], *LITERALS), self._random.randint(1, 8)))
        return pick((
            f"sh:nodeKind sh:{pick(kinds)}",
            f"sh:datatype {pick(types)}",
            f"sh:class {pick(CLASSES)}",
            f"sh:in ( {some} )",
            f"sh:hasValue {pick((*NODES[:3], *LITERALS))}",
            f"sh:minLength {pick(range(6))}",
            f"sh:maxLength {pick(range(20))}",
            f"sh:pattern '{pick(('^o', 'e$', '[0-9]', '^.{3}$'))}'",
            "sh:pattern '^O' ; sh:flags 'i'",
            f"sh:languageIn ( {pick(PICKED_LANGUAGES)} )",
            f"sh:equals {pick(LINKS)}",
            f"sh:disjoint {pick(LINKS)}",
        ))  # fmt: skip

    def _of_set(self, depth: int) -> str:
        pick = self._random.choice
        counts = f"sh:qualifiedMinCount {pick(range(3))} ; sh:qualifiedMaxCount {pick(range(3))}"
        disjoint = pick(("", " ; sh:qualifiedValueShapesDisjoint true"))
        return pick((
            f"sh:minCount {pick(range(3))}",
            f"sh:maxCount {pick(range(3))}",
            f"sh:uniqueLang {pick(('true', 'false'))}",
            f"sh:qualifiedValueShape {self._shape(max(depth - 1, 0))} ; {counts}{disjoint}",
        ))  # fmt: skip

    def _of_shapes(self, depth: int) -> str:
        pick = self._random.choice
        several = " ".join(self._shape(depth - 1) for _ in range(self._random.randint(1, 3)))
        return pick((
            f"sh:node {self._node_shape(depth - 1)}",
            f"sh:not {self._shape(depth - 1)}",
            f"sh:{pick(('and', 'or', 'xone'))} ( {several} )",
            f"sh:property {self._property_shape(depth - 1)} , {self._property_shape(depth - 1)}",
        ))  # fmt: skip

    def _shape(self, depth: int) -> str:
        return self._random.choice((self._node_shape, self._property_shape))(depth)

    def _node_shape(self, depth: int) -> str:
        return f"[ {self._body(depth, in_property=False)} ]"

    def _property_shape(self, depth: int) -> str:
        return f"[ sh:path {self._path(2)} ; {self._body(depth, in_property=True)} ]"

    def _path(self, depth: int) -> str:
        pick = self._random.choice
        if depth == 0 or pick((True, False)):
            return pick(LINKS)
        several = " ".join(self._path(depth - 1) for _ in range(self._random.randint(2, 3)))
        return pick((
            f"[ sh:inversePath {pick(LINKS)} ]",
            f"( {several} )",
            f"[ sh:alternativePath ( {several} ) ]",
            f"[ sh:zeroOrMorePath {self._path(depth - 1)} ]",
            f"[ sh:oneOrMorePath {self._path(depth - 1)} ]",
            f"[ sh:zeroOrOnePath {self._path(depth - 1)} ]",
        ))  # fmt: skip


def read(turtle: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse((PREFIXES + turtle).encode(), format=ox.RdfFormat.TURTLE)]


def counted(results: Iterable[Result]) -> Counter[tuple[str, ...]]:
    return Counter(row(result) for result in results)


def row(result: Result) -> tuple[str, ...]:
    said = (result.focus, result.path, result.value, result.component, result.shape, result.severity)
    return (*map(str, said), *sorted(str(row(nested)) for nested in result.detail))


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32))
def test_both_engines_find_the_same(seed: int) -> None:
    maker = Maker(seed)
    shapes, data = maker.shapes(), maker.graph()
    bundle, graph = make_bundle(read(shapes)), RecordGraph(read(data))
    engine = Engine(bundle)
    assert engine.compiled
    ours, theirs = (counted(each.results(graph)) for each in (engine, ReferenceEngine(bundle)))
    assert ours == theirs, f"{shapes}\n\n{data}"
