"""The RDF store on a SPARQL server while it is written: refused, lost in the middle, given strange statements."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing

import pyoxigraph as ox
import pytest
from sparql_server import Answer, Asked, SparqlServer, sparql_server
from store_entries import BASE, LAYOUT, entry

from catalogue.entry import Entry
from catalogue.errors import StoreBeingFilled, StoreUnavailable
from catalogue.journal.state import Status
from catalogue.store.graphs import Graphs
from catalogue.store.port import SparqlQuery
from catalogue.store.remote import Place, RemoteStore, writing
from catalogue.store.remote.progress import GRAPH

SECRET = "rarely" + "-seen"
TITLE = '<https://fi.example/{0}> <http://purl.org/dc/terms/title> "{0} {1}" .'
FIRST = [entry(r, TITLE.format(r, 1), seq=n) for n, r in enumerate("abc", 1)]
LATER = [
    entry("a", TITLE.format("a", 2), seq=4),
    entry("b", seq=5, status=Status.WITHDRAWN),
    entry("d", TITLE.format("d", 1), seq=6),
]
STATUSES = {
    302: "The SPARQL server sends elsewhere: the settings have to name the address itself (302).",
    401: "The SPARQL server asks for credentials: set store_user and store_password, or store_token (401).",
    403: "The SPARQL server does not allow this: the user needs to read and to update the dataset (403).",
    404: "The SPARQL server has no dataset at this address (404).",
    405: "The SPARQL server takes nothing of this kind there: it is read only, or store_update has to name its address "
    "for updates (405).",
    429: "The SPARQL server is too busy to take requests (429).",
    500: "The SPARQL server cannot do this now; its own log says why (500).",
    507: "The SPARQL server has no room left (507).",
}


@pytest.fixture
def server() -> Iterator[SparqlServer]:
    with sparql_server() as made:
        yield made


def opened(server: SparqlServer, **how: object) -> RemoteStore:
    place = Place(server.address, server.address, server.address, **how)  # type: ignore[arg-type]
    return RemoteStore(place, Graphs(LAYOUT), dict, size=1)


@pytest.fixture
def store(server: SparqlServer) -> Iterator[RemoteStore]:
    with closing(opened(server)) as made:
        yield made


def content(server: SparqlServer) -> set[ox.Quad]:
    """Everything but the progress."""
    return {quad for quad in server.store if str(quad.graph_name) != GRAPH}


def fresh(*batches: list[Entry]) -> set[ox.Quad]:
    """What a server holds that was never in trouble."""
    with sparql_server() as other, closing(opened(other)) as store:
        for batch in batches:
            store.apply(batch, batch[-1].state.seq)
        return content(other)


def answers(status: int, kind: str = "update", **more: str) -> Callable[[Asked], Answer | None]:
    return lambda asked: Answer(status, b"the server's own words", headers=more) if asked.kind == kind else None


@pytest.mark.parametrize("status", STATUSES)
def test_a_server_that_does_not_write_is_told_in_words(server: SparqlServer, store: RemoteStore, status: int) -> None:
    server.fault = answers(status, Location="http://elsewhere.example/")
    with pytest.raises(StoreUnavailable) as caught:
        store.apply(FIRST, 3)
    assert (caught.value.detail, caught.value.url) == (STATUSES[status], server.address)
    server.fault = lambda _: None
    assert store.cursor() == 0
    store.apply(FIRST, 3)
    assert content(server) == fresh(FIRST)


def test_credentials_are_sent_and_never_shown(server: SparqlServer) -> None:
    server.fault = answers(401)
    with (
        closing(opened(server, user="gdi", password=SECRET)) as store,
        pytest.raises(StoreUnavailable) as caught,
    ):
        store.apply(FIRST, 3)
    assert server.asked[0].headers["Authorization"] == "Basic Z2RpOnJhcmVseS1zZWVu"
    said = (
        "The SPARQL server does not accept the credentials: check store_user and store_password, or store_token (401)."
    )
    assert caught.value.detail == said
    with closing(opened(server, token=SECRET)) as store, pytest.raises(StoreUnavailable):
        store.apply(FIRST, 3)
    assert server.asked[-1].headers["Authorization"] == "Bearer rarely-seen"
    assert SECRET not in repr(Place("", "", "", user="gdi", password=SECRET, token=SECRET))


def test_a_server_that_takes_no_quads_is_written_by_updates(server: SparqlServer, store: RemoteStore) -> None:
    server.fault = answers(405, "data")
    store.apply(FIRST, 3)
    store.apply(LATER, 6)
    assert content(server) == fresh(FIRST, LATER)
    assert [asked.kind for asked in server.asked].count("data") == 1, "it is not asked again"


def test_a_server_that_puts_quads_elsewhere_is_written_by_updates(server: SparqlServer, store: RemoteStore) -> None:
    server.fault = answers(201, "data")  # a graph of the server's own making (Graph Store Protocol, section 5.5)
    store.apply(FIRST, 3)
    assert content(server) == fresh(FIRST)


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("quads", [False, True], ids=["updates", "quads"])
def test_whichever_request_is_lost_applying_again_gives_the_same(
    server: SparqlServer, monkeypatch: pytest.MonkeyPatch, *, quads: bool, done: bool
) -> None:
    monkeypatch.setattr(writing, "_AT_ONCE", 1)
    whole = fresh(FIRST, LATER)
    number = 0
    while True:
        server.store.update("DROP ALL")
        server.asked.clear()
        server.fault = server.after = (lambda _: None) if quads else answers(405, "data")
        with closing(opened(server)) as store:
            store.apply(FIRST, 3)
            begun = len(server.asked) + number

            def lost(asked: Asked, begun: int = begun) -> Answer | None:
                if not quads and asked.kind == "data":
                    return Answer(405)
                return Answer(500) if len(server.asked) > begun else None

            setattr(server, "after" if done else "fault", lost)
            try:
                store.apply(LATER, 6)
            except StoreUnavailable:
                server.fault = server.after = (lambda _: None) if quads else answers(405, "data")
                assert store.cursor() in {3, 6}
                store.apply(LATER, 6)
                assert (content(server), store.cursor()) == (whole, 6), number
            else:
                break
        number += 1
    assert number > 5


def test_a_rebuild_that_is_lost_is_done_again_and_readers_never_miss_a_record(
    server: SparqlServer, store: RemoteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_AT_ONCE", 1)
    store.rebuild(iter(FIRST), 3, "old")
    assert (store.stamp(), len(store.digests())) == ("old", 3)
    begun = len(server.asked)
    server.fault = lambda _: Answer(500) if len(server.asked) > begun + 8 else None
    with pytest.raises(StoreUnavailable):
        store.rebuild(iter((LATER[0], LATER[2])), 6, "new")
    server.fault = lambda _: None
    assert (store.stamp(), store.cursor()) == ("", 3), "it is not taken for either"
    titles = b'"value":"%s"'
    answer = store.ask(SparqlQuery("SELECT ?t { ?d dct:title ?t }")).body
    assert [titles % each in answer for each in (b"a 2", b"b 1", b"c 1")] == [True, True, True]
    store.rebuild(iter((LATER[0], LATER[2])), 6, "new")
    assert (store.stamp(), store.cursor(), sorted(store.digests())) == ("new", 6, ["a", "d"])


def test_a_rebuild_mends_graphs_and_union_whatever_was_done_to_them(server: SparqlServer, store: RemoteStore) -> None:
    store.rebuild(iter(FIRST), 3, "s")
    whole = content(server)
    server.store.update(f"""
        DELETE WHERE {{ <https://fi.example/a> ?p ?o }} ;
        INSERT DATA {{ <urn:x> <urn:y> <urn:z>
            GRAPH <{BASE}/graph/delivered/gone> {{ <urn:x> <urn:y> "left behind" }}
            GRAPH <urn:own> {{ <urn:a> <urn:b> 1 }} }} ;
        DROP GRAPH <{BASE}/graph/derived/b>""")
    assert sorted(store.digests()) == ["a", "c"]
    store.rebuild(iter(FIRST), 3, "s")
    own = {quad for quad in server.store if str(quad.graph_name) == "<urn:own>"}
    assert (content(server) - own, len(own)) == (whole, 1), "a graph that is not ours is left alone"


def test_what_was_never_whole_answers_nothing(
    server: SparqlServer, store: RemoteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_AT_ONCE", 1)
    server.fault = lambda _: Answer(500) if len(server.asked) > 8 else None
    with pytest.raises(StoreUnavailable):
        store.rebuild(iter(FIRST), 3, "s")
    server.fault = lambda _: None
    said = "The RDF store is being filled for the first time; queries are answered once everything is in it."
    for ask in (store.cursor, store.version, lambda: store.ask(SparqlQuery("ASK {}"))):
        with pytest.raises(StoreBeingFilled) as caught:
            ask()
        assert str(caught.value) == said
    assert store.stamp() == ""
    store.rebuild(iter(FIRST), 3, "s")
    assert (store.cursor(), store.stamp()) == (3, "s")


def test_a_record_the_server_does_not_take_is_left_out_and_the_others_are_not(
    server: SparqlServer, store: RemoteStore, caplog: pytest.LogCaptureFixture
) -> None:
    poison = entry("p", '<https://fi.example/p> <http://purl.org/dc/terms/title> "poison" .', seq=4)
    server.fault = lambda asked: Answer(400) if "poison" in asked.text and asked.kind != "query" else None
    with caplog.at_level(logging.ERROR):
        store.apply([*FIRST[:2], poison, FIRST[2]], 4)
    assert sorted(store.digests()) == ["a", "b", "c"]
    assert content(server) == fresh(FIRST)
    assert caplog.messages == ["the SPARQL server does not take the record p, which is left out"]
    assert store.cursor() == 4
    server.asked.clear()
    store.apply([entry("e", seq=5)], 5)
    assert "data" in [asked.kind for asked in server.asked], "quads were refused for the sake of that record"


def test_a_server_that_refuses_every_record_is_in_trouble(server: SparqlServer, store: RemoteStore) -> None:
    server.fault = lambda asked: Answer(400) if "fi.example" in asked.text and asked.kind != "query" else None
    with pytest.raises(StoreUnavailable, match="refuses every record"):
        store.apply(FIRST, 3)
    assert store.cursor() == 0


@pytest.mark.parametrize("naive", [False, True], ids=["as most do", "by the letter of section 19.2"])
def test_no_literal_brings_updates_of_its_own(server: SparqlServer, store: RemoteStore, *, naive: bool) -> None:
    server.naive = naive
    server.fault = answers(405, "data")
    said = (
        r"C:\users " + r"\u0022 . } ; DROP ALL ; INSERT DATA { <urn:x> <urn:y> \U00000022" + "\x0b\\\x01" + r"\\u005C"
    )
    title = ox.Triple(
        ox.NamedNode("https://fi.example/a"), ox.NamedNode("http://purl.org/dc/terms/title"), ox.Literal(said)
    )
    for _ in range(2):
        store.apply([entry("a", f"{title} ."), entry("b", seq=2)], 2)
    assert {q.object.value for q in server.store.quads_for_pattern(title.subject, title.predicate, None)} == {said}
    assert sorted(store.digests()) == ["a", "b"]


def test_a_server_that_takes_no_update_at_all_says_what_may_be_wrong(server: SparqlServer, store: RemoteStore) -> None:
    server.fault = answers(400)  # as Fuseki does for a dataset that is read only
    with pytest.raises(StoreUnavailable) as caught:
        store.apply(FIRST, 3)
    assert caught.value.detail == (
        "The SPARQL server takes no update of this program (400): the dataset is read only, or store_update has to "
        "name its address for updates."
    )


def test_a_dataset_of_others_is_left_alone(server: SparqlServer, store: RemoteStore) -> None:
    server.store.update("INSERT DATA { GRAPH <urn:theirs> { <urn:a> <urn:b> <urn:c> } }")
    said = "The dataset holds statements that no catalogue wrote, and is left alone: "
    for work in (
        lambda: store.apply(FIRST, 3),
        lambda: store.rebuild(FIRST, 3, "s"),
        lambda: store.ask(SparqlQuery("ASK {}")),
    ):
        with pytest.raises(StoreUnavailable) as caught:
            work()
        assert caught.value.detail == said + "this one needs an empty dataset of its own."
    assert len(server.store) == 1


def test_a_dataset_of_another_catalogue_is_left_alone(server: SparqlServer, store: RemoteStore) -> None:
    store.apply(FIRST, 3)
    before = set(server.store)
    server.store.update(
        f"DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} INSERT {{ GRAPH ?g {{ ?s ?p ?n }} }} WHERE {{ "
        f"GRAPH ?g {{ ?s ?p ?o }} FILTER(?g = {GRAPH}) BIND(REPLACE(?o, '{BASE}', 'https://other.example') AS ?n) }}"
    )
    changed = set(server.store)
    assert before != changed
    for work in (lambda: store.apply(FIRST, 3), lambda: store.rebuild(FIRST, 3, "s"), store.version):
        with pytest.raises(
            StoreUnavailable, match=r"belongs to the catalogue https://other\.example, and is left alone"
        ):
            work()
    assert set(server.store) == changed


def test_a_default_graph_that_shows_every_graph_is_refused(server: SparqlServer, store: RemoteStore) -> None:
    server.union = True
    with pytest.raises(StoreUnavailable, match="shows the statements of every graph in its default graph"):
        store.apply(FIRST, 3)
    assert content(server) == set()


def test_queries_and_updates_of_different_datasets_are_noticed(server: SparqlServer) -> None:
    with sparql_server() as other:
        place = Place(server.address, other.address, other.address)
        store = RemoteStore(place, Graphs(LAYOUT), dict, size=1)
        with (
            closing(store),
            pytest.raises(StoreUnavailable, match="`store` and `store_update` name different datasets"),
        ):
            store.apply(FIRST, 3)


def test_a_graph_that_is_as_it_was_is_not_written_again(server: SparqlServer, store: RemoteStore) -> None:
    triple = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c"))
    store._registry = lambda: {LAYOUT.registry: (triple,)}
    store.refresh("once")
    version = store.version()
    store.refresh("again")
    assert (store.version(), store.refreshed()) == (version, "again")
    store._registry = lambda: {LAYOUT.registry: ()}
    store.refresh("later")
    assert store.version() != version
    assert content(server) == set()


def test_a_late_writer_sets_the_cursor_back_so_that_all_is_applied_again(
    server: SparqlServer, store: RemoteStore
) -> None:
    store.apply(FIRST, 3)
    late: list[Asked] = []

    def keep(asked: Asked) -> Answer | None:
        """Lose the first update, which the server still has somewhere."""
        if asked.kind == "update" and not late:
            late.append(asked)
            return Answer(500)
        return None

    server.fault = keep
    with pytest.raises(StoreUnavailable):
        store.apply(LATER[:1], 4)
    store.apply(LATER, 6)
    server._done(late[0])
    assert store.cursor() == 3
    store.apply(LATER, 6)
    assert content(server) == fresh(FIRST, LATER)
