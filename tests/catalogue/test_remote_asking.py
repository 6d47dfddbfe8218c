"""Queries sent on to a SPARQL server: what is refused at our door, what budgets stop, what a broken answer becomes."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import parse_qs

import pytest
from hand_clock import Hand
from sparql_server import JSON, Answer, Asked, SparqlServer, sparql_server
from store_entries import BASE, LAYOUT, entry

from catalogue.errors import Abandoned, NoTurn, QueryFailed, QueryOverBudget, QuerySyntax, StoreUnavailable
from catalogue.store.graphs import Graphs
from catalogue.store.pool import Budgets
from catalogue.store.port import Caller, SparqlQuery
from catalogue.store.remote import Place, RemoteStore
from catalogue.store.watched import WatchedStore
from shapes.errors import BadQuery

TYPES = "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t }"
NTRIPLES = "application/n-triples"


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[SparqlServer, RemoteStore]]:
    """A store with small budgets and a memory for answers; the process that parses is started once."""
    budgets = Budgets(seconds=20, most=100_000, rows=50)
    with sparql_server() as server:
        place = Place(server.address, server.address, server.address)
        with closing(RemoteStore(place, Graphs(LAYOUT), dict, size=1, budgets=budgets, kept=100_000)) as store:
            yield server, store


@pytest.fixture
def server(opened: tuple[SparqlServer, RemoteStore]) -> SparqlServer:
    server = opened[0]
    server.fault = lambda _: None
    return server


@pytest.fixture
def store(server: SparqlServer, opened: tuple[SparqlServer, RemoteStore]) -> RemoteStore:
    """The store with two records in it."""
    server.store.update("DROP ALL")
    opened[1].apply([entry("a", seq=1), entry("b", seq=2)], 2)
    server.asked.clear()
    return opened[1]


def users(server: SparqlServer) -> list[dict[str, list[str]]]:
    """The queries of users that came, as forms."""
    forms = [parse_qs(asked.text) for asked in server.asked if asked.kind == "query"]
    return [form for form in forms if "urn:gdi-catalogue" not in form["query"][0]]


def to_users(answer: Answer) -> object:
    """Answer so to queries of users only."""
    return lambda asked: answer if asked.kind == "query" and "gdi-catalogue%3Aprogress" not in asked.text else None


def test_prefixes_and_base_need_not_be_declared(server: SparqlServer, store: RemoteStore) -> None:
    answer = store.ask(SparqlQuery("SELECT ?n { <https://fi.example/org> foaf:name ?n }"))
    assert json.loads(answer.body)["results"]["bindings"] == [{"n": {"type": "literal", "value": "Node of Finland"}}]
    assert users(server)[0]["query"][0].startswith(f"BASE <{BASE}/> PREFIX foaf: <http://xmlns.com/foaf/0.1/> \n")
    own = "PREFIX foaf: <urn:x:> ASK { <https://fi.example/org> foaf:name ?n }"
    assert json.loads(store.ask(SparqlQuery(own)).body)["boolean"] is False
    relative = "ASK { GRAPH <graph/delivered/a> { ?d a dcat:Dataset } }"
    assert json.loads(store.ask(SparqlQuery(relative)).body)["boolean"] is True


@pytest.mark.parametrize(
    ("form", "media_type", "first"),
    [("csv", "text/csv", b"d\r\n"), ("tsv", "text/tab-", b"?d\n"), ("xml", "application/sparql-results+xml", b"<?xml")],
)
def test_tables_come_in_every_form(store: RemoteStore, form: str, media_type: str, first: bytes) -> None:
    answer = store.ask(SparqlQuery("SELECT ?d { ?d a dcat:Dataset } ORDER BY ?d", table_format=form))
    assert answer.media_type.startswith(media_type)
    assert answer.body.startswith(first)
    assert answer.body.count(b"https://fi.example/") == 2


@pytest.mark.parametrize("form", ["turtle", "ntriples", "rdfxml", "jsonld"])
def test_graphs_come_in_every_form(store: RemoteStore, form: str) -> None:
    answer = store.ask(SparqlQuery(TYPES, graph_format=form))
    assert (answer.form, answer.format) == ("graph", form)
    assert b"https://fi.example/a" in answer.body


def test_a_query_that_does_not_parse_never_leaves_the_house(server: SparqlServer, store: RemoteStore) -> None:
    with pytest.raises(QuerySyntax) as caught:
        store.ask(SparqlQuery("SELECT ?s {\n ?s a }"))
    assert (caught.value.line, caught.value.column) == (2, 8)
    assert users(server) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1/>",
        "DROP ALL",
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "ASK {} ; DROP ALL",
        "ASK { ?s ?p ?o FILTER(<urn:made-up>(?o)) }",
        "SELECT (gdix:median(?o) AS ?m) { ?s ?p ?o }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "SELECT * FROM NAMED <http://127.0.0.1/> { ?s ?p ?o }",
        "SELECT * from<http://127.0.0.1/>{ ?s ?p ?o }",
        "PREFIX x: <http://127.0.0.1/> SELECT * FROM x:y { ?s ?p ?o }",
        "PREFIX : <file:> SELECT * FROM # FROM\n:y { ?s ?p ?o }",
        "BASE <file:///> SELECT * FROM <etc/passwd> { ?s ?p ?o }",
        "SELECT * FROM <https://catalogue.example/graph/../../elsewhere> { ?s ?p ?o }",
        "SELECT * FROM <graph/registry> FROM <urn:gdi-catalogue:progress> { ?s ?p ?o }",
        "SELECT * FR\\u004fM <file:///etc/passwd> { ?s ?p ?o }",
    ],
)
def test_what_is_never_allowed_never_leaves_the_house(server: SparqlServer, store: RemoteStore, text: str) -> None:
    with pytest.raises(BadQuery):
        store.ask(SparqlQuery(text))
    assert users(server) == []


def test_the_reasons_are_said(store: RemoteStore) -> None:
    with pytest.raises(BadQuery) as caught:
        store.ask(SparqlQuery("ASK {}", default_graphs=("file:///etc/passwd",)))
    assert str(caught.value) == (
        "There is no graph 'file:///etc/passwd' here: the graphs of this catalogue begin with "
        "https://catalogue.example/graph/"
    )
    with pytest.raises(BadQuery, match="gdix:median is not there"):
        store.ask(SparqlQuery("SELECT (gdix:median(?o) AS ?m) { ?s ?p ?o }"))
    assert store.aggregates == frozenset()


def test_words_in_strings_names_and_variables_are_no_from(server: SparqlServer, store: RemoteStore) -> None:
    text = 'SELECT ?from { ?from dct:title "FROM <file:///x>" . # FROM <file:///x>\n OPTIONAL { ?from <urn:FROM> ?x } }'
    assert json.loads(store.ask(SparqlQuery(text)).body)["results"]["bindings"] == []
    assert len(users(server)) == 1


def test_graphs_of_ours_may_be_chosen(server: SparqlServer, store: RemoteStore) -> None:
    graph = f"{BASE}/graph/delivered/a"
    for query in (
        SparqlQuery("SELECT ?d { ?d a dcat:Dataset }", default_graphs=(graph,)),
        SparqlQuery("SELECT ?d { GRAPH ?g { ?d a dcat:Dataset } }", named_graphs=(graph,)),
        SparqlQuery("SELECT ?d FROM <graph/delivered/a> { ?d a dcat:Dataset }"),
        SparqlQuery("PREFIX g: <graph/delivered/> SELECT ?d FROM NAMED g:a { GRAPH ?g { ?d a dcat:Dataset } }"),
    ):
        rows = json.loads(store.ask(query).body)["results"]["bindings"]
        assert [row["d"]["value"] for row in rows] == ["https://fi.example/a"], query
    assert users(server)[0]["default-graph-uri"] == [graph]


def test_rows_and_bytes_are_cut_while_they_are_read(store: RemoteStore) -> None:
    many = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    with pytest.raises(QueryOverBudget) as caught:
        store.ask(SparqlQuery(many))
    assert (caught.value.budget, caught.value.limit) == ("rows", 50)
    with pytest.raises(QueryOverBudget) as caught:
        store.ask(SparqlQuery("CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }"))
    assert (caught.value.budget, caught.value.limit) == ("rows", 50)
    long = "x" * 4000
    with pytest.raises(QueryOverBudget) as caught:
        store.ask(SparqlQuery(f'SELECT ("{long}" AS ?x) {{ ?a ?b ?c }} LIMIT 40'))
    assert (caught.value.budget, caught.value.limit) == ("bytes", 100_000)


def test_a_query_over_its_time_is_given_up_and_the_server_told_how_long_it_has(
    server: SparqlServer, store: RemoteStore
) -> None:
    over = threading.Event()

    def never(asked: Asked) -> Answer | None:
        if "gdi-catalogue%3Aprogress" not in asked.text:
            over.wait(60)
        return None

    store.ask(SparqlQuery("ASK { ?s ?p ?o }"))  # what reads queries is running then
    server.fault = never
    try:
        with pytest.raises(QueryOverBudget) as caught:
            store.ask(SparqlQuery("ASK {}"), seconds=1.5)
    finally:
        over.set()
    assert str(caught.value) == "The query was stopped after 1.5 seconds, its time budget."
    assert users(server)[-1]["timeout"] == ["2"]


def test_who_goes_away_is_not_waited_for(server: SparqlServer, store: RemoteStore) -> None:
    over, came = threading.Event(), threading.Event()

    def never(asked: Asked) -> Answer | None:
        if "gdi-catalogue%3Aprogress" not in asked.text:
            came.set()
            over.wait(60)
        return None

    server.fault = never
    try:
        with pytest.raises(Abandoned):
            store.ask(SparqlQuery("ASK {}"), caller=Caller("somebody", came.is_set))
    finally:
        over.set()


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (Answer(503, b"Query timed out", "text/plain"), QueryOverBudget, "The query was stopped after 20 seconds, its"),
        (Answer(500, b"Java heap space at 10.0.0.7"), QueryFailed, "The SPARQL server behind this catalogue failed at"),
        (Answer(400, b"Parse error at 10.0.0.7"), BadQuery, "The query parses, but the SPARQL server behind this"),
        (Answer(429), NoTurn, "The SPARQL server behind this catalogue is busy; try again soon."),
        (
            Answer(200, b"<html>Welcome to 10.0.0.7", "text/html"),
            QueryFailed,
            "The SPARQL server behind this catalogue",
        ),
        (Answer(200, b'{"head":{"vars":["s"]},"results":{"bindings":['), QueryFailed, "The SPARQL server behind this"),
        (
            Answer(200, b'{"head":{}}', length=4000),
            QueryFailed,
            "The SPARQL server behind this catalogue gave no whole",
        ),
        (
            Answer(200, b'{"head":{"vars":[]},"results":{"bindings":[]}}\n##  Query cancelled due to timeout  ##'),
            QueryOverBudget,
            "The query was stopped after 20 seconds, its time budget.",
        ),
    ],
    ids=["timed-out", "failed", "not-taken", "busy", "html", "cut", "cut-by-length", "cancelled"],
)
def test_a_broken_answer_is_no_answer_and_tells_nothing_of_the_server(
    server: SparqlServer, store: RemoteStore, answer: Answer, error: type[Exception], said: str
) -> None:
    server.fault = to_users(answer)
    with pytest.raises(error) as caught:
        store.ask(SparqlQuery("SELECT ?s { ?s ?p ?o }"))
    assert str(caught.value).startswith(said)
    assert "10.0.0.7" not in str(caught.value)
    assert server.address not in str(caught.value)
    server.fault = lambda _: None
    assert store.ask(SparqlQuery("SELECT ?s { ?s ?p ?o } LIMIT 1")).body


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"<urn:a> <urn:b> <urn:c> .\n", NTRIPLES, length=None),
        Answer(200, b"<urn:a> <urn:b> <urn:c> .\n", NTRIPLES, length=400),
        Answer(200, b"<urn:a> <urn:b> <urn:c> .\n<urn:a> <ur", NTRIPLES),
        Answer(200, b"<urn:a> <urn:b> <urn:c> .\n##  Incomplete results  ##\n", NTRIPLES),
    ],
    ids=["without-an-end", "cut-by-length", "cut", "given-up"],
)
def test_a_graph_that_may_be_cut_is_none(server: SparqlServer, store: RemoteStore, answer: Answer) -> None:
    server.fault = to_users(answer)
    with pytest.raises(QueryFailed, match="gave no whole answer; nothing of it is shown"):
        store.ask(SparqlQuery(TYPES))


def test_an_answer_is_kept_until_the_store_changes(server: SparqlServer, store: RemoteStore) -> None:
    query = SparqlQuery("SELECT (COUNT(*) AS ?n) { ?d a dcat:Dataset }")
    first = store.ask(query)
    assert store.ask(query).body == first.body
    assert len(users(server)) == 1
    store.apply([entry("c", seq=3)], 3)
    server.asked.clear()
    assert store.ask(query).body != first.body
    assert len(users(server)) == 1


def test_a_server_that_is_gone_is_told_at_once_by_a_watched_store(server: SparqlServer, store: RemoteStore) -> None:
    hand = Hand()
    watched = WatchedStore(store, clock=hand)
    server.fault = lambda _: Answer(503)
    with pytest.raises(StoreUnavailable, match="cannot do this now"):
        watched.version()
    asked = len(server.asked)
    for ask in (watched.cursor, watched.version, lambda: watched.ask(SparqlQuery("ASK {}"))):
        with pytest.raises(StoreUnavailable):
            ask()
    assert (len(server.asked), [each.url for each in watched.troubles]) == (asked, [server.address])
    hand.seconds += 10
    server.fault = lambda _: None
    assert watched.cursor() == 2
    assert watched.troubles == ()


def test_a_query_the_server_fails_at_is_no_trouble_of_the_store(server: SparqlServer, store: RemoteStore) -> None:
    watched = WatchedStore(store)
    server.fault = to_users(Answer(500, b"Java heap space"))
    with pytest.raises(QueryFailed):
        watched.ask(SparqlQuery("ASK {}"))
    assert (watched.troubles, watched.cursor()) == ((), 2)


def test_the_servers_words_go_to_the_log(
    server: SparqlServer, store: RemoteStore, caplog: pytest.LogCaptureFixture
) -> None:
    server.fault = to_users(Answer(500, b"Java heap space"))
    with caplog.at_level(logging.INFO), pytest.raises(QueryFailed):
        store.ask(SparqlQuery("ASK {}"))
    assert caplog.messages == ["the SPARQL server answered 500 to a query: Java heap space"]


def test_json_is_what_tables_are_asked_in(server: SparqlServer, store: RemoteStore) -> None:
    store.ask(SparqlQuery("ASK {}", table_format="csv"))
    assert server.asked[-1].headers["Accept"] == JSON
