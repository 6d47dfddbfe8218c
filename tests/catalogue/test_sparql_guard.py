"""What a query may never do is refused before an engine sees it; what only looks like it passes."""

from __future__ import annotations

import pytest

from catalogue.store.guard import MAX_LENGTH, Outline, outline
from shapes.errors import BadQuery

REFUSED = {
    "plain": "SELECT * WHERE { SERVICE <http://x/> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <http://x/> { ?s ?p ?o } }",
    "lower case": "select * { service <http://x/> { ?s ?p ?o } }",
    "variable endpoint": "SELECT * { ?e a <x:y> . SERVICE ?e { ?s ?p ?o } }",
    "after a comment": "SELECT * { # nothing\nSERVICE <http://x/> { ?s ?p ?o } }",
    "after a string": 'SELECT * { ?s ?p "a\\"b" . SERVICE <http://x/> { ?s ?p ?o } }',
    "after a long string": 'SELECT * { ?s ?p """a"b\n""" . SERVICE <http://x/> {} }',
    "without blanks": "SELECT*{SERVICE<http://x/>{?s ?p ?o}}",
    "less than is no IRI": "SELECT * { ?s ?p ?o FILTER(1<2) SERVICE <http://x/> { ?s ?p ?o } }",
    "in a subquery": "SELECT * { { SELECT ?s { SERVICE <http://x/> { ?s ?p ?o } } } }",
    "after a prefix": "PREFIX e: <http://e/> SELECT * { e:a e:b ?c . SERVICE e:s { ?s ?p ?o } }",
    "an escape in it": "SELECT * { \\u0053erv\\U00000049ce <http://x/> { ?s ?p ?o } }",
    # What the engine takes for the keyword, though the specification does not.
    "grown to a number": "SELECT * { ?s ?p 1e5SERVICE<http://x/>{ ?s ?p ?o } }",
    "grown to a boolean": "SELECT * { ?s ?p trueService<http://x/>{ ?s ?p ?o } }",
    "grown to SILENT": "SELECT * { SERVICESILENT<http://x/>{ ?s ?p ?o } }",
    "grown to a name": "PREFIX e: <http://x/> SELECT * { SERVICEe:x{ ?s ?p ?o } }",
    "the empty prefix": "PREFIX : <http://x/> SELECT * { SERVICE:x # a comment\n { ?s ?p ?o } }",
    "less than, then a comment": "SELECT * { FILTER(1<2)SERVICE#>\n<http://x/>{ ?s ?p ?o } }",
    "less than, then a string": "SELECT * { FILTER(1<'>')SERVICE <http://x/> { ?s ?p ?o } FILTER('1'>'2') }",
    "less than, then a long string": "SELECT * { FILTER(1<2)#>'''\nSERVICE <http://x/> { ?s ?p ?o } #'''\n }",
}

ALLOWED = {
    "string": 'SELECT * { ?s ?p "SERVICE" }',
    "long string": "SELECT * { ?s ?p '''a SERVICE b''' }",
    "IRI": "SELECT * { ?s <http://x/SERVICE> ?o }",
    "variable": "SELECT ?service $service { ?service ?p ?o }",
    "prefixed name": "PREFIX service: <http://x/> SELECT * { service:SERVICE a service:service }",
    "comment": "SELECT * { ?s ?p ?o } # SERVICE",
    "IRI with a fragment": "SELECT * { ?s <http://x/a(b)SERVICE#c> ?o }",
    "IRI of a class and a relative one": "SELECT * { ?s a <http://www.w3.org/ns/dcat#DataService> ; <p#q> ?o }",
    "graph named so": "PREFIX service: <http://x/> SELECT * { GRAPH service:a { ?s ?p ?o } }",
    "dataset named so": "PREFIX service: <http://x/> SELECT * FROM service:a { ?s ?p ?o }",
    "DataService": "SELECT * { ?s a <http://www.w3.org/ns/dcat#DataService> }",
    "an update word as a name": "PREFIX e: <http://e/> ASK { ?s e:DELETE 'INSERT' }",
}


@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED)
def test_federation_is_refused_in_words(query: str) -> None:
    with pytest.raises(BadQuery, match="SERVICE is not allowed"):
        outline(query)


@pytest.mark.parametrize("query", ALLOWED.values(), ids=ALLOWED)
def test_what_only_looks_like_it_passes(query: str) -> None:
    assert outline(query).form in {"select", "ask"}


@pytest.mark.parametrize("query", ["INSERT DATA { <a:a> <a:b> 1 }", "DROP ALL", "load <http://x/>", "CLEAR DEFAULT"])
def test_updates_are_refused_in_words(query: str) -> None:
    with pytest.raises(BadQuery, match="read only"):
        outline(query)


def test_empty_overlong_and_nul_are_refused() -> None:
    cases = {"  # only a comment": "empty", "ASK {} " * MAX_LENGTH: "characters", "ASK {}\x00": "NUL"}
    for query, words in cases.items():
        with pytest.raises(BadQuery, match=words):
            outline(query)


@pytest.mark.parametrize(
    ("query", "form", "steady"),
    [
        ("PREFIX ask: <http://ask/> SELECT ?now { ?s ask:now 'RAND()' }", "select", True),
        ("# select\nASK { FILTER(NOW() > ?x) }", "ask", False),
        ("CONSTRUCT { ?s ?p ?u } WHERE { ?s ?p ?o BIND(struuid() AS ?u) }", "construct", False),
        ("describe <http://x/SELECT>", "describe", True),
        ("FROM nothing", "", True),
    ],
)
def test_the_form_is_told_and_whether_the_answer_stays(query: str, form: str, *, steady: bool) -> None:
    assert outline(query) == Outline(form, steady=steady)
