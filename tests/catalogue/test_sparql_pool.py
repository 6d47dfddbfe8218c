"""Queries run over a snapshot in processes that can be stopped; over budget, the answer says so."""

from __future__ import annotations

import http.server
import json
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from catalogue.errors import Abandoned, NoTurn, QueryOverBudget, QuerySyntax, StoreUnavailable
from catalogue.store.guard import Outline
from catalogue.store.pool import Budgets, Pool
from catalogue.store.port import Caller, SparqlQuery
from shapes.errors import BadQuery, OverBudget

EX = "http://example.org/"


def _snapshot(folder: Path, count: int = 3) -> Path:
    store = ox.Store(str(folder / "live"))
    store.extend(
        ox.Quad(ox.NamedNode(f"{EX}{n}"), ox.NamedNode(f"{EX}name"), ox.Literal(f"thing {n}")) for n in range(count)
    )
    store.flush()
    store.backup(str(folder / "snapshot"))
    return folder / "snapshot"


MakePool = Callable[..., Pool]


@pytest.fixture
def make_pool(tmp_path: Path) -> Iterator[MakePool]:
    pools: list[Pool] = []

    def make(count: int = 3, **budgets: float) -> Pool:
        snapshot = _snapshot(tmp_path, count)
        kept, size = int(budgets.pop("kept", 0)), int(budgets.pop("size", 1))
        limits = {"seconds": 20.0, "memory": 2 << 30, "most": 1 << 20, "rows": 100_000} | budgets
        pool = Pool(lambda: snapshot, "http://base.example", size=size, budgets=Budgets(**limits), kept=kept)  # type: ignore[arg-type]
        pools.append(pool)
        return pool

    yield make
    for pool in pools:
        pool.close()


def test_a_table_and_a_graph_come_in_the_form_asked_for(make_pool: MakePool) -> None:
    pool = make_pool()
    table = pool.ask(SparqlQuery(f"SELECT ?n {{ ?s <{EX}name> ?n }} ORDER BY ?n", table_format="json"))
    names = [row["n"]["value"] for row in json.loads(table.body)["results"]["bindings"]]
    graph = pool.ask(SparqlQuery("CONSTRUCT WHERE { ?s ?p ?o }", graph_format="ntriples"))
    assert (table.form, names) == ("select", ["thing 0", "thing 1", "thing 2"])
    assert (graph.form, graph.media_type, graph.body.count(b"\n")) == ("graph", "application/n-triples", 3)
    assert json.loads(pool.ask(SparqlQuery("ASK { ?s ?p ?o }")).body)["boolean"] is True


def test_a_query_over_its_time_is_stopped_and_the_next_one_is_served(make_pool: MakePool) -> None:
    pool = make_pool(count=3000)
    cross = "SELECT (COUNT(*) AS ?c) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with pytest.raises(OverBudget, match=r"stopped after 0\.5 seconds"):
        pool.ask(SparqlQuery(cross), seconds=0.5)
    assert b"true" in pool.ask(SparqlQuery("ASK { ?s ?p ?o }")).body


def test_a_query_over_its_memory_is_stopped_and_the_next_one_is_served(make_pool: MakePool) -> None:
    pool = make_pool(count=3000, memory=600 << 20, seconds=60.0)
    with pytest.raises(OverBudget, match="600 MiB, its memory budget"):
        pool.ask(SparqlQuery("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"))
    assert b"true" in pool.ask(SparqlQuery("ASK { ?s ?p ?o }")).body


def test_an_answer_over_its_size_is_refused_whole(make_pool: MakePool) -> None:
    pool = make_pool(count=3000, most=10_000)
    with pytest.raises(OverBudget, match="byte budget"):
        pool.ask(SparqlQuery("SELECT * { ?s ?p ?o }"))
    assert b"true" in pool.ask(SparqlQuery("ASK { ?s ?p ?o }")).body


def test_a_query_that_does_not_parse_is_explained(make_pool: MakePool) -> None:
    with pytest.raises(BadQuery, match="does not parse"):
        make_pool().ask(SparqlQuery("SELECT ?s WHERE { ?s ?p }"))


def test_from_never_loads_anything(make_pool: MakePool, tmp_path: Path) -> None:
    secret = tmp_path / "secret.ttl"
    secret.write_text(f"<{EX}s> <{EX}p> 'secret' .")
    answer = make_pool().ask(SparqlQuery("SELECT * FROM <SECRET> { ?s ?p ?o }".replace("SECRET", secret.as_uri())))
    assert b"secret" not in answer.body


def test_a_worker_cannot_reach_the_network_even_past_the_guard(
    make_pool: MakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the library calls it so

    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr("catalogue.store.pool.outline", lambda _text: Outline("select", steady=True))
    query = "SELECT * {{ SERVICE {} <http://127.0.0.1:{}/sparql> {{ ?s ?p ?o }} }}"
    pool = make_pool()
    try:
        for silent in ("", "SILENT"):  # an error alone would be no answer to a silent one
            with pytest.raises(BadQuery, match="SERVICE is not allowed"):
                pool.ask(SparqlQuery(query.format(silent, server.server_port)))
            assert b"true" in pool.ask(SparqlQuery("ASK { ?s ?p ?o }")).body
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert asked == []


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_an_answer_of_too_many_rows_is_refused_whole_and_one_of_just_enough_is_not(
    make_pool: MakePool, form: str
) -> None:
    pool = make_pool(count=300, rows=200)
    assert pool.ask(SparqlQuery("SELECT ?s { ?s ?p ?o } LIMIT 200", form)).body
    with pytest.raises(QueryOverBudget, match="more than 200 rows, its row budget") as stopped:
        pool.ask(SparqlQuery("SELECT ?s { ?s ?p ?o } LIMIT 201", form))
    assert stopped.value.problem()["budget"] == "rows"
    assert stopped.value.problem()["limit"] == 200


def test_triples_count_as_rows(make_pool: MakePool) -> None:
    pool = make_pool(count=300, rows=200)
    assert pool.ask(SparqlQuery("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 200")).form == "graph"
    with pytest.raises(QueryOverBudget, match="row budget"):
        pool.ask(SparqlQuery("CONSTRUCT WHERE { ?s ?p ?o }"))


def test_the_worker_of_a_client_that_went_away_is_stopped(make_pool: MakePool) -> None:
    pool = make_pool(count=3000, seconds=600.0)
    looks: list[float] = []

    def gone() -> bool:
        looks.append(time.monotonic())
        return len(looks) == 2

    cross = "SELECT (COUNT(*) AS ?c) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with pytest.raises(Abandoned):
        pool.ask(SparqlQuery(cross), caller=Caller("10.0.0.1", gone))
    assert len(looks) == 2
    assert b"true" in pool.ask(SparqlQuery("ASK { ?s ?p ?o }"), caller=Caller("10.0.0.2")).body


def test_the_catalogue_itself_is_answered_while_every_worker_of_others_is_busy(make_pool: MakePool) -> None:
    pool = make_pool(count=3000, seconds=600.0)
    over, began = threading.Event(), threading.Event()

    def gone() -> bool:
        began.set()
        return over.is_set()

    def hold() -> None:
        with pytest.raises(Abandoned):
            pool.ask(
                SparqlQuery("SELECT (COUNT(*) AS ?c) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"), caller=Caller("x", gone)
            )

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert began.wait(60)
        assert b"true" in pool.ask(SparqlQuery("ASK { ?s ?p ?o }")).body
        with pytest.raises(NoTurn, match=r"Every SPARQL worker was busy for 0\.1 seconds"):
            pool.ask(SparqlQuery("ASK { ?s ?p ?o }"), seconds=0.1, caller=Caller("y"))
    finally:
        over.set()
        holder.join()


def test_an_answer_is_remembered_but_not_one_of_the_clock(make_pool: MakePool) -> None:
    pool = make_pool(kept=1 << 20)
    steady, clock = SparqlQuery("SELECT * { ?s ?p ?o }"), SparqlQuery("SELECT (STRUUID() AS ?u) { }")
    assert pool.ask(steady).body is pool.ask(steady).body
    assert pool.ask(clock).body != pool.ask(clock).body


def test_the_middle_of_numbers_is_an_aggregate(make_pool: MakePool) -> None:
    query = """SELECT ?k (gdix:median(?n) AS ?m) { VALUES (?k ?n) {
        ("odd" 9) ("odd" 1) ("odd" 4) ("even" 1) ("even" 2.5) ("even" 10) ("even" 3) ("text" 1) ("text" "x")
    } } GROUP BY ?k ORDER BY ?k"""
    rows = json.loads(make_pool().ask(SparqlQuery(query)).body)["results"]["bindings"]
    assert [(row["k"]["value"], row.get("m", {}).get("value")) for row in rows] == [
        ("even", "2.75"),
        ("odd", "4"),
        ("text", None),
    ]


def test_where_a_query_does_not_parse_is_told(make_pool: MakePool) -> None:
    with pytest.raises(QuerySyntax, match="line 3, column 14") as fault:
        make_pool().ask(SparqlQuery("SELECT * {\n  ?s ?p ?o .\n  FILTER(?x }"))
    assert (fault.value.problem()["line"], fault.value.problem()["column"]) == (3, 14)


def test_a_damaged_store_is_no_fault_of_the_query(make_pool: MakePool, tmp_path: Path) -> None:
    pool = make_pool()
    for file in (tmp_path / "snapshot").glob("MANIFEST-*"):
        file.write_bytes(b"x" * 100)
    with pytest.raises(StoreUnavailable, match=r"reindex --store"):
        pool.ask(SparqlQuery("SELECT * { ?s ?p ?o }"))


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ('SELECT ("a\\u0007b\\uFFFEc" AS ?x) {}', {"table_format": "xml"}),
        ('CONSTRUCT { <urn:s> <http://example.org/p> "a\\u0007b\\uFFFEc" } {}', {"graph_format": "rdfxml"}),
    ],
)
def test_what_xml_cannot_hold_is_replaced_in_it(make_pool: MakePool, query: str, form: dict[str, str]) -> None:
    answer = make_pool().ask(SparqlQuery(query, **form))
    text = "".join(ET.fromstring(answer.body).itertext())  # noqa: S314 - what we wrote ourselves
    assert text.strip() == "a\ufffdb\ufffdc"
