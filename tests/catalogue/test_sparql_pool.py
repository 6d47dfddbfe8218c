"""Queries run over a snapshot in processes that can be stopped; over budget, the answer says so."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from catalogue.store.pool import Pool
from catalogue.store.port import SparqlQuery
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
        limits = {"size": 1, "seconds": 20.0, "memory": 2 << 30, "most": 1 << 20} | budgets
        pool = Pool(lambda: snapshot, "http://base.example", **limits)  # type: ignore[arg-type]
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
    monkeypatch.setattr("catalogue.store.pool.check", lambda _text: None)
    query = f"SELECT * {{ SERVICE <http://127.0.0.1:{server.server_port}/sparql> {{ ?s ?p ?o }} }}"
    try:
        with pytest.raises(BadQuery, match="cannot be answered"):
            make_pool().ask(SparqlQuery(query))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert asked == []
