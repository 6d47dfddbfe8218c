"""Statements as text: every term comes back, a body reads as its triples do, and what is known stays apart."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapes.canonical import canonicalise
from shapes.engine.compiled.index import Index
from shapes.engine.compiled.ordering import less, less_or_equal
from shapes.engine.text import lexical, parts, term_of
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import RDF, RDFS, XSD

NAMES = st.text("abc/é?=20\u00a0", min_size=1).map(lambda text: ox.NamedNode("http://example.org/" + text))
BLANKS = st.text("abc123", min_size=1).map(lambda text: ox.BlankNode("b" + text))
LITERALS = st.one_of(
    st.text().map(ox.Literal),
    st.builds(lambda text: ox.Literal(text, language="en-GB"), st.text()),
    st.builds(lambda text: ox.Literal(text, language="ar", direction=ox.BaseDirection.RTL), st.text()),
    st.builds(lambda text: ox.Literal(text, datatype=ox.NamedNode(XSD.date)), st.text()),
)
TRIPLES = st.lists(st.builds(ox.Triple, st.one_of(NAMES, BLANKS), NAMES, st.one_of(NAMES, BLANKS, LITERALS)))


@given(st.one_of(NAMES, BLANKS, LITERALS))
def test_every_term_comes_back_from_its_text(term: Term) -> None:
    assert term_of(str(term)) == term
    if not isinstance(term, ox.BlankNode):
        assert lexical(str(term)) == term.value
    if isinstance(term, ox.Literal):
        assert parts(str(term)).datatype == term.datatype.value


@given(TRIPLES)
def test_a_body_reads_as_its_triples_do(triples: list[ox.Triple]) -> None:
    body, _ = canonicalise(triples)
    read = RecordGraph.from_ntriples(body)
    index = Index.of_body(body)
    assert set(index.delivered()) == set(read)
    assert {node: dict(said) for node, said in Index.of_triples(read).own.items()}.keys() == index.own.keys()
    assert set(Index.of_triples(read).delivered()) == set(read)


@given(TRIPLES, NAMES)
def test_a_view_answers_as_the_graph_does(triples: list[ox.Triple], name: ox.NamedNode) -> None:
    graph, view = RecordGraph(triples), Index.of_triples(triples).view()
    nodes: list[Node] = [*graph.nodes(), name]
    for node in nodes:
        for predicate in (*graph.predicates(node), name.value):
            assert view.values(node, predicate) == graph.values(node, predicate)
            assert view.value(node, predicate) == graph.value(node, predicate)
    assert (len(view), set(view), list(view.nodes())) == (len(graph), set(graph), list(graph.nodes()))


def test_many_values_are_kept_once_and_in_order() -> None:
    name = ox.NamedNode("http://example.org/n")
    triples = [ox.Triple(name, name, ox.Literal(str(n % 40))) for n in range(120)]
    assert list(Index.of_triples(triples).own[str(name)][str(name)]) == [f'"{n}"' for n in range(40)]


def test_what_is_learnt_is_looked_at_and_not_delivered() -> None:
    kind, node = "<http://example.org/C>", "<http://example.org/n>"
    index = Index.of_body(f"{node} <{RDF.type}> {kind} .\n".encode())
    index.learn(kind, {f"<{RDFS.subClassOf}>": ("<http://example.org/D>",)})
    index.learn(node, {f"<{RDF.type}>": (kind, "<http://example.org/E>")})
    assert index.is_a(node, "<http://example.org/D>")
    assert index.all[node] == {f"<{RDF.type}>": (kind, "<http://example.org/E>")}
    assert index.own == {node: {f"<{RDF.type}>": [kind]}}
    assert index.subjects(f"<{RDF.type}>", "<http://example.org/E>") == [node]


def typed(form: str, name: str) -> str:
    return f'"{form}"^^<{XSD[name]}>'


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [
        ("2020-01-01T00:00:00+02:00", "2020-01-01T00:00:00+01:00", "dateTime"),
        ("2020-01-01T00:00:00.1", "2020-01-01T00:00:00.12", "dateTime"),
        ("2020-01-01", "2020-01-03Z", "date"),
        ("10:00:00Z", "10:00:00-01:00", "time"),
        ("2019", "2020", "gYear"),
        ("2019-12", "2020-01", "gYearMonth"),
        ("P1M", "P1Y", "duration"),
        ("PT59M", "PT1H", "dayTimeDuration"),
        ("-P2D", "-P1D", "duration"),
        ("-INF", "1e300", "double"),
        ("false", "true", "boolean"),
        ("0.1", "0.10000000000000000000000000000000001", "decimal"),
    ],
)
def test_what_is_less(low: str, high: str, kind: str) -> None:
    one, other = typed(low, kind), typed(high, kind)
    assert less(one, other)
    assert less_or_equal(one, other)
    assert not less(other, one)
    assert not less_or_equal(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (typed("2020-01-01", "date"), typed("2020-01-01T00:00:00", "dateTime")),
        (typed("2020-01-01T00:00:00", "dateTime"), typed("2020-01-01T13:00:00Z", "dateTime")),
        (typed("P1M", "duration"), typed("P30D", "duration")),
        (typed("NaN", "double"), typed("1", "double")),
        (typed("1", "decimal"), typed("NaN", "double")),
        (typed("true", "boolean"), typed("2", "integer")),
        ('"a"@en', '"b"@en'),
        ('"1"', typed("2", "integer")),
        ("<http://example.org/a>", "<http://example.org/b>"),
        ("_:a", "_:b"),
        ('"a"^^<http://example.org/own>', '"b"^^<http://example.org/own>'),
        (typed("x", "integer"), typed("1", "integer")),
    ],
)
def test_what_cannot_be_compared(one: str, other: str) -> None:
    assert not any(compare(*pair) for compare in (less, less_or_equal) for pair in ((one, other), (other, one)))


def test_equal_values_in_other_forms_are_equal() -> None:
    for one, other in (
        (typed("1", "integer"), typed("1.0", "decimal")),
        (typed("1", "boolean"), typed("true", "boolean")),
        (typed("2020-01-01T01:00:00+01:00", "dateTime"), typed("2020-01-01T00:00:00Z", "dateTimeStamp")),
        (typed("P1Y", "duration"), typed("P12M", "yearMonthDuration")),
    ):
        assert less_or_equal(one, other)
        assert less_or_equal(other, one)
        assert not less(one, other)
