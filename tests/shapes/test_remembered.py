"""What the engine remembers from record to record: only what depends on nothing but a literal."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from shapes.engine.bundle import make_bundle
from shapes.engine.compiled import shape as room
from shapes.engine.compiled.compiler import Compiler
from shapes.engine.compiled.index import Index
from shapes.engine.engine import Engine
from shapes.graph import RecordGraph

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <http://example.org/> .
"""
DATES = (
    PREFIXES
    + """:S sh:targetClass :C ; sh:property [ sh:path :p ; sh:node :date ] .
:date sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] ) .
:linked sh:property [ sh:path :q ; sh:minCount 1 ] . :typed sh:class :D .
:S2 sh:targetClass :E ; sh:property [ sh:path :p ; sh:node :linked ] , [ sh:path :p ; sh:or ( :typed :date ) ] .
"""
)


def triples(turtle: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)]


def named(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://example.org/{name}")


def test_a_shape_stands_alone_when_nothing_below_it_looks_at_the_graph() -> None:
    compiler = Compiler(make_bundle(triples(DATES)))
    assert [compiler.shape(named(name)).alone for name in ("date", "linked", "typed", "S")] == [
        True,
        False,
        False,
        False,
    ]


def test_the_same_literal_gets_the_same_results_in_every_record() -> None:
    engine = Engine(make_bundle(triples(DATES)))
    first = engine.results(RecordGraph(triples(':a a :C ; :p "spring"^^xsd:date , "2024"^^xsd:gYear .')))
    again = engine.results(RecordGraph(triples(':b a :C ; :p "spring"^^xsd:date , "2024-01-01"^^xsd:date .')))
    assert [(str(each.focus), str(each.value)) for each in (*first, *again)] == [
        ("<http://example.org/a>", str(ox.Literal("spring", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")))),
        ("<http://example.org/b>", str(ox.Literal("spring", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")))),
    ]  # fmt: skip
    assert first[0].detail[0].focus == first[0].value
    assert len(again[0].detail) == len(first[0].detail) == 1


def test_what_is_remembered_has_an_end_and_no_long_literals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_MOST_REMEMBERED", 3)
    shape, index = Compiler(make_bundle(triples(DATES))).shape(named("date")), Index({})
    literals = [f'"x{number}"' for number in range(20)] + ['"' + "y" * 500 + '"']
    assert [len(shape.details(index, literal)) for literal in literals] == [1] * 21
    assert 0 < len(shape.remembered) <= 3
    assert literals[-1] not in shape.remembered
    assert literals[-2] in shape.remembered
