"""A dead engine costs one reader its time limit, not every reader."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from engine_down import WHERE, WHY, engine_down
from hand_clock import Hand
from search_entries import listed

from catalogue.errors import SearchUnavailable
from catalogue.search.embedded import EmbeddedIndex
from catalogue.search.query import Query
from catalogue.search.watched import AT_ONCE, WatchedIndex
from shapes.errors import BadQuery

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def watched(tmp_path: Path, hand: Hand) -> Iterator[WatchedIndex]:
    index = EmbeddedIndex(tmp_path / "index")
    index.rebuild([listed("a", "Rare genomes")], 1, "rules")
    yield WatchedIndex(index, clock=hand, now=lambda: NOON)
    index.close()


def test_an_engine_that_answers_is_asked(watched: WatchedIndex) -> None:
    assert watched.search(Query("rare")).total == 1
    assert (watched.name, watched.count(), watched.cursor(), watched.stamp()) == ("index", 1, 1, "rules")
    assert [counts.name for counts in watched.facets()] != []
    assert watched.values(Query(), "node").name == "node"
    watched.apply([listed("b", "Common genomes", seq=2)], 2)
    assert set(watched.digests()) == {"a", "b"}
    watched.rebuild([], 3, "others")
    assert watched.stamp() == "others"
    assert watched.troubles == ()


def test_its_silence_is_remembered_for_a_moment(watched: WatchedIndex, hand: Hand) -> None:
    with engine_down() as calls:
        for _ in range(5):
            with pytest.raises(SearchUnavailable, match="cannot be reached") as error:
                watched.search(Query("rare"))
            assert error.value.url == WHERE
        with pytest.raises(SearchUnavailable):
            watched.count()
        assert calls == ["search"]
        (trouble,) = watched.troubles
        assert (trouble.detail, trouble.since, trouble.answers) == (WHY, NOON, False)
        hand.seconds += 1.1
        with pytest.raises(SearchUnavailable):
            watched.count()
        assert calls == ["search", "count"]
    with pytest.raises(SearchUnavailable):
        watched.count()
    hand.seconds += 5
    assert watched.count() == 1
    assert watched.troubles == ()
    assert watched.search(Query("rare")).total == 1


def test_many_who_search_leave_room_for_the_others(watched: WatchedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    hurried = WatchedIndex(watched, patience=0)
    inside, go_on = threading.Semaphore(0), threading.Event()

    def slow(*_: object) -> int:
        inside.release()
        assert go_on.wait(60)
        return 1

    monkeypatch.setattr(EmbeddedIndex, "count", slow)
    with ThreadPoolExecutor(AT_ONCE) as readers:
        slowly = [readers.submit(WatchedIndex.count, hurried) for _ in range(AT_ONCE)]
        for _ in slowly:
            assert inside.acquire(timeout=60)
        with pytest.raises(SearchUnavailable, match="The search engine is busy: 4 searches wait for it already"):
            hurried.search(Query("rare"))
        assert hurried.troubles == ()
        go_on.set()
        assert [reader.result() for reader in slowly] == [1] * AT_ONCE
    assert hurried.search(Query("rare")).total == 1


def test_a_query_nobody_can_answer_is_no_trouble(watched: WatchedIndex) -> None:
    with pytest.raises(BadQuery):
        watched.search(Query(sort="sideways"))
    assert watched.troubles == ()
