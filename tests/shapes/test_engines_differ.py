"""Where the compiled engine and pySHACL answer differently, and which of them the specification is with.

docs/validation.md has the same list in words. A case that stops differing (a new pySHACL) fails here and leaves it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph as ox
import pytest

from shapes.engine.bundle import Bundle, make_bundle
from shapes.engine.engine import Engine
from shapes.engine.reference import ReferenceEngine
from shapes.errors import BadShapes
from shapes.graph import RecordGraph
from shapes.vocabulary import SH

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
REFUSED = -1  # pySHACL gives up on the whole graph


@dataclass(frozen=True)
class Difference:
    """A property shape about ex:p of ex:x, what is said of ex:x, and how many results each engine has."""

    constraint: str
    data: str
    ours: int
    theirs: int
    path: str = "ex:p"


DIFFERENCES = {
    # SPARQL's < knows no order between these; what cannot be compared is a violation (sections 4.3 and 4.5).
    "IRIs are not ordered": Difference("sh:lessThan ex:q", "ex:x ex:p ex:a ; ex:q ex:b .", 1, 0),
    "texts with a language are not ordered": Difference("sh:lessThan ex:q", "ex:x ex:p 'a'@en ; ex:q 'b'@en .", 1, 0),
    "blank nodes are not ordered": Difference("sh:lessThan ex:q", "ex:x ex:p [] ; ex:q 1 .", 1, REFUSED),
    "dates and numbers are not ordered": Difference(
        "sh:lessThan ex:q", "ex:x ex:p '2020-01-01'^^xsd:date ; ex:q 1 .", 1, 0
    ),
    "an ill-typed literal is in no range": Difference("sh:minInclusive 0", "ex:x ex:p '2020-13-01'^^xsd:date .", 1, 0),
    # XML Schema part 2, section 3.2.7.4.
    "without a zone there are fourteen hours of doubt": Difference(
        "sh:lessThan ex:q",
        "ex:x ex:p '2020-01-01T00:00:00'^^xsd:dateTime ; ex:q '2020-01-01T05:00:00Z'^^xsd:dateTime .",
        1,
        0,
    ),
    # SPARQL's langMatches, section 4.4.4.
    "a language range may have several parts": Difference(
        "sh:languageIn ( 'zh-hant' )", "ex:x ex:p 'a'@zh-hant-tw .", 0, 1
    ),
    # The flags of XPath, section 4.4.3.
    "flag s": Difference("sh:pattern 'a.b' ; sh:flags 's'", "ex:x ex:p 'a\\nb' .", 0, 1),
    "flag x": Difference("sh:pattern 'a b' ; sh:flags 'x'", "ex:x ex:p 'ab' .", 0, 1),
    "flag q": Difference("sh:pattern 'a.b' ; sh:flags 'q'", "ex:x ex:p 'axb' .", 1, 0),
    # SPARQL 1.1, section 18.4: the inverse of a sequence goes its steps backwards.
    "the inverse of a sequence": Difference(
        "sh:minCount 1", "ex:y ex:a ex:z . ex:z ex:b ex:x .", 0, 1, "[ sh:inversePath ( ex:a ex:b ) ]"
    ),
    # Ill-formed in the strict sense (section 2.3.1.2), and unambiguous.
    "a path of one step in a list": Difference("sh:minCount 1", "ex:x ex:p 1 .", 0, REFUSED, "( ex:p )"),
    # A qualified value shape without a count is no constraint (section 4.7.3).
    "a qualified value shape without a count": Difference(
        "sh:qualifiedValueShape [ sh:nodeKind sh:IRI ]", "ex:x ex:p 1 .", 0, REFUSED
    ),
}


def read(turtle: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse((PREFIXES + turtle).encode(), format=ox.RdfFormat.TURTLE)]


def results(make: Callable[[Bundle], Engine | ReferenceEngine], shapes: str, data: str) -> list[str]:
    found = make(make_bundle(read(shapes))).results(RecordGraph(read(data)))
    return [result.component.removeprefix(SH.base) for result in found]


def counted(make: Callable[[Bundle], Engine | ReferenceEngine], case: Difference) -> int:
    shapes = f"ex:S sh:targetNode ex:x ; sh:property [ sh:path {case.path} ; {case.constraint} ] ."
    try:
        return len(results(make, shapes, case.data))
    except BadShapes:
        return REFUSED


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_known_difference(name: str) -> None:
    case = DIFFERENCES[name]
    assert (counted(Engine, case), counted(ReferenceEngine, case)) == (case.ours, case.theirs)


def test_a_closed_shape_takes_no_class_for_granted() -> None:
    """Section 4.8.1 has no exception for rdfs:Resource; pySHACL makes one."""
    shapes = "ex:S sh:targetNode ex:x ; sh:closed true ."
    data = "ex:x a rdfs:Resource ."
    assert results(Engine, shapes, data) == ["ClosedConstraintComponent"]
    assert results(ReferenceEngine, shapes, data) == []
