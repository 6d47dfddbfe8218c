"""While a server runs, store and index follow the journal, whatever is down in between."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hand_clock import Hand
from journal_samples import SOURCE, ListProjection, PlainDescriber, delivery, fill, opened, record, take_in

from catalogue.errors import SearchUnavailable
from catalogue.journal.journal import Journal
from catalogue.keeper import FAR, Keeper
from catalogue.locks import FileLock
from catalogue.projector import LOCK_NAME, Projector
from shapes.errors import CannotWork


class Counting(ListProjection):
    """A projection that counts how often it is asked to do something."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.tried = 0

    def stamp(self) -> str:
        self.tried += 1
        self._fail()
        return super().stamp()


@dataclass
class Rig:
    folder: Path
    journal: Journal
    store: Counting
    index: Counting
    projector: Projector
    keeper: Keeper
    hand: Hand


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with opened(tmp_path) as journal:
        journal.add_source(SOURCE)
        store, index, hand = Counting("store"), Counting("index"), Hand()
        projector = Projector(journal, [index, store], PlainDescriber(journal), tmp_path, clock=hand)
        yield Rig(tmp_path, journal, store, index, projector, Keeper(journal, projector), hand)


def test_what_is_appended_is_applied_and_nothing_is_done_twice(rig: Rig) -> None:
    fill(rig.journal, record("a"))
    rig.keeper.look(threading.Event())
    assert (len(rig.store.held), len(rig.index.held)) == (1, 1)
    tried = rig.store.tried
    rig.keeper.look(threading.Event())
    rig.keeper.look(threading.Event())
    assert rig.store.tried == tried
    fill(rig.journal, record("b"))
    rig.keeper.look(threading.Event())
    assert (len(rig.store.held), len(rig.index.held)) == (2, 2)


def test_a_projection_that_is_down_is_tried_after_growing_pauses_and_the_other_goes_on(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    rig.keeper.look(threading.Event())
    rig.index.error = SearchUnavailable("Connection refused.", url="http://es:9200")
    fill(rig.journal, record("a"))
    before, refreshed = rig.index.tried, rig.store.refreshes
    for _ in range(60):
        rig.keeper.look(threading.Event())
        rig.hand.seconds += 1
    assert rig.index.tried - before == 6, "after 0, 1, 3, 7, 15 and 31 seconds"
    assert (rig.store.batches, rig.store.refreshes) == ([[1]], refreshed)
    assert (len(rig.store.held), len(rig.index.held)) == (1, 0)
    (trouble,) = rig.projector.troubles
    assert (trouble.part, trouble.answers, str(trouble)) == ("index", True, "http://es:9200: Connection refused.")
    fill(rig.journal, record("b"))
    rig.keeper.look(threading.Event())
    assert len(rig.store.held) == 2, "what is new does not wait for what is down"
    rig.index.error = None
    rig.hand.seconds += 40
    rig.keeper.look(threading.Event())
    assert rig.index.held == rig.store.held
    assert rig.projector.troubles == ()
    assert caplog.messages == [
        "the index is behind: http://es:9200: Connection refused.",
        "the index is up to date again, after 100 seconds",
    ]


def test_what_no_state_tells_is_not_written_again_because_another_part_is_down(rig: Rig) -> None:
    rig.index.error = SearchUnavailable("Away.")
    take_in(rig.journal, delivery())
    for _ in range(40):
        rig.keeper.look(threading.Event())
        rig.hand.seconds += 1
    assert rig.store.refreshes == 1


def test_while_another_process_projects_nothing_is_missed(rig: Rig) -> None:
    fill(rig.journal, record("a"))
    with FileLock(rig.folder / LOCK_NAME, "a test").taken():
        rig.keeper.look(threading.Event())
        assert rig.store.held == {}
    rig.keeper.look(threading.Event())
    assert len(rig.store.held) == 1


def test_a_journal_that_does_not_answer_is_asked_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> int:
        raise CannotWork("The journal's server is down.")

    with monkeypatch.context() as patch:
        patch.setattr(rig.journal, "last_seq", away)
        rig.keeper.look(threading.Event())
        rig.keeper.look(threading.Event())
    fill(rig.journal, record("a"))
    rig.keeper.look(threading.Event())
    assert len(rig.store.held) == 1
    assert caplog.messages == [
        "store and index cannot follow the journal now: The journal's server is down.",
        "store and index follow the journal again",
    ]


def test_it_looks_until_it_is_told_to_stop(rig: Rig) -> None:
    stop = threading.Event()
    fill(rig.journal, record("a"))
    looks: list[int] = []

    class Once(Keeper):
        def look(self, stop: threading.Event) -> None:
            looks.append(1)
            super().look(stop)
            stop.set()

    Once(rig.journal, rig.projector).keep(stop, 0)
    assert (len(looks), len(rig.store.held)) == (1, 1)


def test_what_is_far_behind_is_applied_by_another_process_and_the_rest_here(rig: Rig) -> None:
    asked: list[threading.Event] = []
    keeper, stop = Keeper(rig.journal, rig.projector, asked.append), threading.Event()
    fill(rig.journal, *(record(f"d{number}") for number in range(FAR - 1)))
    keeper.look(stop)
    assert asked == [], "pages are not slow for long"
    fill(rig.journal, *(record(f"e{number}") for number in range(FAR)))
    keeper.look(stop)
    assert asked == [stop]
    assert (len(rig.store.held), len(rig.index.held)) == (2 * FAR - 1, 2 * FAR - 1)


def test_a_projection_that_must_be_made_anew_is_far_behind(rig: Rig) -> None:
    fill(rig.journal, *(record(f"d{number}") for number in range(FAR)))
    rig.projector.catch_up()
    asked: list[threading.Event] = []
    rig.store.made_with = "another program"
    Keeper(rig.journal, rig.projector, asked.append).look(threading.Event())
    assert len(asked) == 1


def test_a_server_that_ends_does_not_do_itself_what_another_process_was_at(rig: Rig) -> None:
    fill(rig.journal, *(record(f"d{number}") for number in range(FAR)))
    stop = threading.Event()
    Keeper(rig.journal, rig.projector, threading.Event.set).look(stop)
    assert stop.is_set()
    assert rig.store.held == {}
