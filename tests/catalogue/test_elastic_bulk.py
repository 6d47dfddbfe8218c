"""Handing in documents to a search server that is busy, full, or refuses one of them. No server is needed."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from nodes.fake_search import FakeSearch, Say, accepted, failure, results

from catalogue.errors import SearchUnavailable
from catalogue.search.elastic import bulk as bulk_module
from catalogue.search.elastic.bulk import PAUSES, Action, Bulk, chunks, deleted, written
from catalogue.search.elastic.faults import IndexGone
from catalogue.search.elastic.place import Place
from catalogue.search.elastic.server import Server

REJECTED = (429, "es_rejected_execution_exception")
POISON = (400, "document_parsing_exception")


@pytest.fixture
def server() -> Iterator[FakeSearch]:
    with FakeSearch() as server:
        yield server


class Pauses(list[float]):
    """Pauses that are noted instead of waited for."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def send(server: FakeSearch, actions: list[Action]) -> Pauses:
    """Hand in actions, and return the pauses that were made."""
    pauses = Pauses()
    door = Server(Place((server.base,), timeout=30.0))
    try:
        Bulk(door, pauses).send(actions)
    finally:
        door.close()
    return pauses


def actions(*records: str) -> list[Action]:
    return [written("test-g1", r, {"key": 1}, what=f"the record {r}", version=3) for r in records]


def ours(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What this program said; the client's library has things to say of its own."""
    return [record.getMessage() for record in caplog.records if record.name.startswith("catalogue.")]


def records(server: FakeSearch) -> list[list[str]]:
    """The records of each bulk request, in order."""
    return [
        [line["index"]["_id"] for line in asked.lines if "index" in line] for asked in server.asked("PUT", "/_bulk")
    ]


def test_documents_go_through_the_alias_with_their_version(server: FakeSearch) -> None:
    server.on("PUT", "/_bulk", accepted)
    gone = deleted("test-g1", "b", what="the record b", version=4)
    assert send(server, [*actions("a"), gone]) == []
    (asked,) = server.asked("PUT", "/_bulk")
    assert asked.path == "/_bulk?require_alias=true"
    assert asked.lines == [
        {"index": {"_index": "test-g1-write", "_id": "a", "version": 3, "version_type": "external_gte"}},
        {"key": 1},
        {"delete": {"_index": "test-g1-write", "_id": "b", "version": 4, "version_type": "external_gte"}},
    ]


def test_requests_are_bounded_by_number_and_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_module, "MOST", 3)
    monkeypatch.setattr(bulk_module, "MOST_BYTES", 1_000)
    small = actions("a", "b", "c", "d")
    assert [len(chunk) for chunk in chunks(small)] == [3, 1]
    large = written("test-g1", "large", {"text": "x" * 5_000}, what="large")
    assert [[a.what for a in chunk] for chunk in chunks([*small[:2], large, *small[2:]])] == [
        ["the record a", "the record b"],
        ["large"],
        ["the record c", "the record d"],
    ]
    half = [written("test-g1", str(n), {"text": "x" * 300}, what=str(n)) for n in range(4)]
    assert [len(chunk) for chunk in chunks(half)] == [2, 2]
    assert list(chunks([])) == []


def test_what_the_server_is_too_busy_for_is_handed_in_again_and_only_that(server: FakeSearch) -> None:
    server.on(
        "PUT",
        "/_bulk",
        lambda asked: results(asked, {"b": REJECTED, "d": (503, "unavailable_shards_exception")}),
        lambda asked: results(asked, {"d": REJECTED}),
        accepted,
    )
    assert send(server, actions("a", "b", "c", "d")) == list(PAUSES[:2])
    assert records(server) == [["a", "b", "c", "d"], ["b", "d"], ["d"]]


def test_a_request_that_is_turned_away_whole_is_handed_in_again_whole(server: FakeSearch) -> None:
    server.on("PUT", "/_bulk", failure(429, "circuit_breaking_exception"), accepted)
    assert send(server, actions("a", "b")) == [PAUSES[0]]
    assert records(server) == [["a", "b"], ["a", "b"]]


def test_a_server_that_stays_too_busy_is_given_up_on_after_growing_pauses(server: FakeSearch) -> None:
    server.on("PUT", "/_bulk", lambda asked: results(asked, {"a": REJECTED}))
    pauses = Pauses()
    with pytest.raises(SearchUnavailable) as caught:
        Bulk(Server(Place((server.base,))), pauses).send(actions("a", "b"))
    assert pauses == list(PAUSES) == sorted(PAUSES)
    assert caught.value.detail == "The search server stayed too busy to take documents, for 61.5 seconds."
    assert caught.value.url == server.base


def test_a_document_the_server_cannot_take_is_reported_and_the_others_go_on(
    server: FakeSearch, caplog: pytest.LogCaptureFixture
) -> None:
    server.on("PUT", "/_bulk", lambda asked: results(asked, {"b": POISON}))
    with caplog.at_level(logging.ERROR):
        assert send(server, actions("a", "b", "c")) == []
    assert ours(caplog) == [
        "the search index cannot take the record b: the engine's words about b (document_parsing_exception)"
    ]
    assert records(server) == [["a", "b", "c"]]


def test_a_later_state_that_is_there_already_stays(server: FakeSearch, caplog: pytest.LogCaptureFixture) -> None:
    server.on("PUT", "/_bulk", lambda asked: results(asked, {"a": (409, "version_conflict_engine_exception")}))
    assert send(server, actions("a")) == []
    assert ours(caplog) == []


def test_a_request_that_is_too_large_is_halved_until_the_one_document_is_found(
    server: FakeSearch, caplog: pytest.LogCaptureFixture
) -> None:
    too_large = Say(413, "Too large", product=False, media_type="text/plain")
    server.on("PUT", "/_bulk", lambda asked: too_large if b'"c"' in asked.body else accepted(asked))
    assert send(server, actions("a", "b", "c", "d", "e")) == []
    assert records(server) == [["a", "b", "c", "d", "e"], ["a", "b"], ["c", "d", "e"], ["c"], ["d", "e"]]
    assert ours(caplog) == ["the search index cannot take the record c: it is too large for the search server"]


@pytest.mark.parametrize("status", [403, 429])
def test_a_read_only_index_is_no_busy_server_and_no_poison(server: FakeSearch, status: int) -> None:
    server.on("PUT", "/_bulk", lambda asked: results(asked, {"a": (status, "cluster_block_exception")}))
    with pytest.raises(SearchUnavailable, match=r"The search server has made the index read-only") as caught:
        send(server, actions("a"))
    assert "the engine's words" not in caught.value.detail
    assert len(server.asked("PUT", "/_bulk")) == 1


def test_an_index_that_was_taken_away_is_not_made_by_writing_to_it(server: FakeSearch) -> None:
    server.on("PUT", "/_bulk", lambda asked: results(asked, {"a": (404, "index_not_found_exception")}))
    with pytest.raises(IndexGone, match=r"The search index gdi-catalogue is not whole on the server: make it anew"):
        send(server, actions("a"))


def test_an_error_in_the_middle_stops_what_follows(server: FakeSearch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_module, "MOST", 1)
    server.on("PUT", "/_bulk", accepted, failure(503, "no_master_block_exception"))
    made: list[str] = []

    def making() -> Iterator[Action]:
        for record in "abcdefgh":
            made.append(record)
            yield from actions(record)

    with pytest.raises(SearchUnavailable, match="The search cluster cannot answer now"):
        Bulk(Server(Place((server.base,)))).send(making())
    assert records(server) == [["a"], ["b"]]
    assert len(made) < 8


def test_a_document_that_is_no_text_at_all_is_an_error_of_that_document() -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        written("test-g1", "a", {"card": json.loads('"\\ud800"')}, what="a")
