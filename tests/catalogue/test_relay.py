"""What is described once reaches every projection, in order, and no more of it waits than a little."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from journal_samples import BASE, SOURCE, ListProjection, PlainDescriber, fill, opened, record

from catalogue.behind import ProjectionsBehind
from catalogue.entry import Entry
from catalogue.errors import SearchUnavailable
from catalogue.journal.journal import Journal
from catalogue.journal.state import State
from catalogue.projector import Projector
from catalogue.relay import Lane, Piece

MANY = 700


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with opened(tmp_path) as it:
        it.add_source(SOURCE)
        yield it


class Lazy(ListProjection):
    """Takes entries one by one, and notes how many had been described when it took each."""

    def __init__(self, name: str, describer: PlainDescriber) -> None:
        super().__init__(name)
        self._describer = describer
        self.ahead: list[int] = []
        self.stops_after: int | None = None

    def apply(self, entries: Iterable[Entry], upto: int) -> None:
        taken: list[Entry] = []
        for entry in entries:
            if len(taken) == self.stops_after:
                raise SearchUnavailable("The disk is full.")
            taken.append(entry)
            self.ahead.append(len(self._describer.described) - len(taken))
        super().apply(taken, upto)


def brought(journal: Journal, folder: Path) -> tuple[Projector, PlainDescriber, Lazy, Lazy]:
    describer = PlainDescriber(journal)
    one, two = Lazy("store", describer), Lazy("index", describer)
    projector = Projector(journal, (one, two), describer, folder)
    projector.catch_up()
    fill(journal, *(record(f"d{number}") for number in range(MANY)))
    return projector, describer, one, two


def test_a_long_batch_is_described_once_and_not_far_ahead(journal: Journal, tmp_path: Path) -> None:
    projector, describer, one, two = brought(journal, tmp_path)
    projector.catch_up()
    assert describer.described == list(range(1, MANY + 1))
    assert one.held == two.held
    assert (len(one.held), one.batches, two.batches) == (MANY, [describer.described], [describer.described])
    assert max(one.ahead + two.ahead) < MANY, "not everything waits in memory"


def test_one_that_fails_in_the_middle_does_not_hold_the_other(journal: Journal, tmp_path: Path) -> None:
    projector, _, one, two = brought(journal, tmp_path)
    one.stops_after = 5
    with pytest.raises(ProjectionsBehind, match="The store is behind: The disk is full"):
        projector.catch_up()
    assert (len(one.held), one.at, len(two.held)) == (0, 0, MANY)
    one.stops_after = None
    projector.catch_up()
    assert one.held == two.held


def test_of_many_the_one_record_is_found_that_a_projection_chokes_on(journal: Journal, tmp_path: Path) -> None:
    projector, _, one, two = brought(journal, tmp_path)
    one.poison = {"d333"}
    projector.catch_up()
    assert len(two.held) == MANY
    assert set(two.held) - set(one.held) == {state.id for state in journal.heads() if state.subject == f"{BASE}d333"}
    assert (one.at, two.at) == (MANY, MANY)
    assert len(one.batches) < 60, "it is looked for by halves"


def test_nothing_is_taken_for_whole_when_the_journal_breaks_off(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    projector, _, one, two = brought(journal, tmp_path)
    since = Journal.since

    def breaks(self: Journal, seq: int, *given: int, **named: bool) -> Sequence[State]:
        if seq > MANY // 2:
            raise OSError("the disk is gone")
        return since(self, seq, *given, **named)

    monkeypatch.setattr(Journal, "since", breaks)
    with pytest.raises(OSError, match="the disk is gone"):
        projector.catch_up()
    assert one.at <= MANY // 2 + 100
    assert len(one.held) <= one.at
    monkeypatch.undo()
    projector.catch_up()
    assert (one.at, two.at, len(one.held), len(two.held)) == (MANY,) * 4


def test_a_reader_that_left_is_waited_for_by_nobody() -> None:
    lane = Lane()
    with ThreadPoolExecutor(1) as pool:
        taken = pool.submit(lambda: next(iter(lane)))
        lane.put(Piece(1, ()))
        assert taken.result() == Piece(1, ())
        lane.leave()
        for number in range(10):
            lane.put(Piece(number, ()))
        lane.end()
        assert list(lane) == []
