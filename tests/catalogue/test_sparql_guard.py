"""What a query may never do is refused before an engine sees it; what only looks like it passes."""

from __future__ import annotations

import pytest

from catalogue.store.guard import MAX_LENGTH, check
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
}

ALLOWED = {
    "string": 'SELECT * { ?s ?p "SERVICE" }',
    "long string": "SELECT * { ?s ?p '''a SERVICE b''' }",
    "IRI": "SELECT * { ?s <http://x/SERVICE> ?o }",
    "variable": "SELECT ?service $service { ?service ?p ?o }",
    "prefixed name": "PREFIX service: <http://x/> SELECT * { service:SERVICE a service:service }",
    "comment": "SELECT * { ?s ?p ?o } # SERVICE",
    "DataService": "SELECT * { ?s a <http://www.w3.org/ns/dcat#DataService> }",
    "an update word as a name": "PREFIX e: <http://e/> ASK { ?s e:DELETE 'INSERT' }",
}


@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED)
def test_federation_is_refused_in_words(query: str) -> None:
    with pytest.raises(BadQuery, match="SERVICE is not allowed"):
        check(query)


@pytest.mark.parametrize("query", ALLOWED.values(), ids=ALLOWED)
def test_what_only_looks_like_it_passes(query: str) -> None:
    assert check(query) is None


@pytest.mark.parametrize("query", ["INSERT DATA { <a:a> <a:b> 1 }", "DROP ALL", "load <http://x/>", "CLEAR DEFAULT"])
def test_updates_are_refused_in_words(query: str) -> None:
    with pytest.raises(BadQuery, match="read only"):
        check(query)


def test_empty_overlong_and_nul_are_refused() -> None:
    cases = {"  # only a comment": "empty", "ASK {} " * MAX_LENGTH: "characters", "ASK {}\x00": "NUL"}
    for query, words in cases.items():
        with pytest.raises(BadQuery, match=words):
            check(query)
