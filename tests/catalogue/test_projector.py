"""Keeping projections equal to the journal, whatever breaks in between."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Barrier

import pytest
from journal_samples import (
    SOURCE,
    FileProjection,
    ListProjection,
    PlainDescriber,
    delivery,
    fill,
    opened,
    record,
    take_in,
)

from catalogue.behind import ProjectionsBehind
from catalogue.entry import Entry
from catalogue.errors import SearchUnavailable, StoreLocked
from catalogue.journal.append import Draft
from catalogue.journal.journal import Journal
from catalogue.journal.state import State, Status
from catalogue.locks import FileLock
from catalogue.projector import LOCK_NAME, Projector
from shapes.errors import Missing

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Rig:
    """A journal, two projections and what keeps them equal."""

    folder: Path
    journal: Journal
    describer: PlainDescriber
    store: ListProjection
    index: ListProjection
    projector: Projector

    def expected(self) -> dict[str, str]:
        return {state.id: state.digest for state in self.journal.heads()}

    def assert_equal(self) -> None:
        assert self.store.held == self.index.held == self.expected()
        assert self.store.at == self.index.at == self.journal.last_seq()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with opened(tmp_path) as journal:
        journal.add_source(SOURCE)
        describer, store, index = PlainDescriber(journal), ListProjection("store"), ListProjection("index")
        yield Rig(tmp_path, journal, describer, store, index, Projector(journal, [store, index], describer, tmp_path))


def test_everything_is_applied_once_and_in_order(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.projector.BATCH", 3)
    rig.projector.catch_up()
    given = fill(rig.journal, *(record(f"r{n}") for n in range(7)))
    rig.journal.append("be", [Draft(record("r0", "Changed"), None, id=given[0])])
    assert rig.projector.catch_up() == 8
    rig.assert_equal()
    assert rig.store.batches == rig.index.batches == [[1, 2, 3], [4, 5, 6], [7, 8]]
    assert rig.describer.described == [1, 2, 3, 4, 5, 6, 7, 8]
    assert rig.projector.catch_up() == 8
    assert len(rig.store.batches) == 3


def test_what_is_withdrawn_is_taken_out(rig: Rig) -> None:
    fill(rig.journal, record("a"))
    rig.projector.catch_up()
    rig.journal.remove_source("be")
    rig.projector.catch_up()
    assert rig.store.held == rig.index.held == {}


def test_a_held_state_leaves_what_is_listed(rig: Rig) -> None:
    (given,) = fill(rig.journal, record("a"))
    rig.projector.catch_up()
    rig.journal.append("be", [Draft(record("a", "Bad"), None, id=given, status=Status.HELD)])
    rig.projector.catch_up()
    rig.assert_equal()
    assert rig.store.held == {given: record("a").digest}


def test_a_new_projection_is_made_from_current_states_alone(rig: Rig) -> None:
    given, _ = fill(rig.journal, record("a"), record("b"))
    rig.journal.append("be", [Draft(record("a", "Two"), None, id=given)])
    rig.projector.catch_up()
    assert (rig.store.rebuilt, rig.store.batches) == (1, [])
    rig.assert_equal()


def test_other_rules_or_committees_make_projections_anew(rig: Rig) -> None:
    fill(rig.journal, record("a"))
    rig.projector.catch_up()
    rig.describer.rules = "2"
    rig.projector.catch_up()
    assert (rig.store.rebuilt, rig.index.rebuilt) == (2, 2)
    rig.journal.update_source(replace(SOURCE, country="FR"))
    rig.projector.catch_up()
    assert (rig.store.rebuilt, rig.store.stamp()) == (3, rig.projector.stamp())
    rig.projector.catch_up()
    assert rig.store.rebuilt == 3


def test_a_projection_ahead_of_the_journal_is_made_anew(rig: Rig) -> None:
    fill(rig.journal, record("a"))
    rig.projector.catch_up()
    rig.index.at = 99
    rig.projector.catch_up()
    rig.assert_equal()
    assert (rig.store.rebuilt, rig.index.rebuilt) == (1, 2)


def test_one_projection_down_does_not_stop_the_other(rig: Rig) -> None:
    rig.projector.catch_up()
    rig.index.error = SearchUnavailable("The engine does not answer.")
    fill(rig.journal, record("a"))
    with pytest.raises(ProjectionsBehind) as error:
        rig.projector.catch_up()
    assert error.value.detail == (
        "The index is behind: The engine does not answer. "
        "The journal has everything; what is behind catches up by itself."
    )
    assert rig.store.held == rig.expected()
    assert (rig.index.held, rig.index.at) == ({}, 0)
    rig.index.error = None
    rig.projector.catch_up()
    rig.assert_equal()
    assert rig.index.rebuilt == 1


def test_projections_apply_a_batch_side_by_side(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.projector.catch_up()
    both, apply = Barrier(2, timeout=60), ListProjection.apply

    def together(projection: ListProjection, entries: Sequence[Entry], upto: int) -> None:
        both.wait()
        apply(projection, entries, upto)

    monkeypatch.setattr(ListProjection, "apply", together)
    fill(rig.journal, record("a"))
    rig.projector.catch_up()
    rig.assert_equal()


def test_what_fails_side_by_side_is_told_in_the_order_of_the_projections(rig: Rig) -> None:
    rig.projector.catch_up()
    fill(rig.journal, record("a"))
    rig.store.error, rig.index.error = SearchUnavailable("Store away."), SearchUnavailable("Index away.")
    with pytest.raises(ProjectionsBehind, match=r"The store is behind: Store away\. The index is behind: Index away\."):
        rig.projector.catch_up()


def test_every_projection_that_is_down_is_named(rig: Rig) -> None:
    rig.store.error, rig.index.error = OSError("disk on fire"), SearchUnavailable("Away.")
    with pytest.raises(ProjectionsBehind) as error:
        rig.projector.catch_up()
    assert error.value.detail == (
        "The store is behind: disk on fire. The index is behind: Away. "
        "The journal has everything; what is behind catches up by itself."
    )


def test_a_record_a_projection_chokes_on_does_not_stop_the_others(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    rig.projector.catch_up()
    rig.index.poison = {"b"}
    _, choked, _ = fill(rig.journal, record("a"), record("b"), record("c"))
    with caplog.at_level(logging.ERROR):
        rig.projector.catch_up()
    assert caplog.messages == [f"the index cannot take the record {choked}"]
    assert rig.store.held == rig.expected()
    assert rig.index.held == {i: d for i, d in rig.expected().items() if i != choked}
    assert rig.index.at == 3


def test_a_record_nobody_can_describe_does_not_stop_the_others(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    rig.projector.catch_up()
    rig.describer.broken = {"b"}
    _, broken, _ = fill(rig.journal, record("a"), record("b"), record("c"))
    rig.projector.catch_up()
    assert caplog.messages == [f"the record {broken} cannot be described"]
    assert len(rig.store.held) == len(rig.index.held) == 2
    rig.projector.reindex(["store"])
    assert len(rig.store.held) == 2


def test_reindexing_makes_the_named_projection_anew_and_no_other(rig: Rig) -> None:
    fill(rig.journal, record("a"))
    rig.projector.catch_up()
    rig.index.held = {"nonsense": "x"}
    rig.projector.reindex(["index"])
    rig.assert_equal()
    assert (rig.store.rebuilt, rig.index.rebuilt) == (1, 2)
    with pytest.raises(Missing, match="There is no projection 'indx'; there are store, index"):
        rig.projector.reindex(["indx"])


def test_what_is_appended_while_a_projection_is_made_anew_is_not_missed(rig: Rig) -> None:
    (given,) = fill(rig.journal, record("a"))

    class Busy(PlainDescriber):
        def entry(self, state: State) -> Entry:
            if rig.journal.last_seq() == 1:
                rig.journal.append("be", [Draft(record("a", "Two"), None, id=given), Draft(record("b"), None)])
            return super().entry(state)

    Projector(rig.journal, [rig.store, rig.index], Busy(rig.journal), rig.folder).catch_up()
    rig.assert_equal()


def test_what_no_state_tells_is_refreshed_when_it_changed(rig: Rig) -> None:
    rig.projector.catch_up()
    rig.projector.catch_up()
    assert rig.store.refreshes == 1
    take_in(rig.journal, delivery())
    rig.projector.catch_up()
    assert rig.store.refreshes == 2


def test_another_process_does_not_write_again_what_did_not_change(rig: Rig) -> None:
    rig.projector.catch_up()
    for title, refreshes in (("", 1), ("Genomes of Finland", 2), ("Genomes of Finland", 2)):
        another = Projector(rig.journal, [rig.store, rig.index], PlainDescriber(rig.journal), rig.folder, title=title)
        another.catch_up()
        assert rig.store.refreshes == refreshes, title


def test_one_process_projects_and_the_others_wait_for_it(rig: Rig) -> None:
    other = FileLock(rig.folder / LOCK_NAME, "a test")
    waited: list[float] = []

    def pause(seconds: float) -> None:
        """The other process works meanwhile."""
        waited.append(seconds)
        rig.store.at = rig.index.at = rig.journal.last_seq()

    fill(rig.journal, record("a"))
    waiting = Projector(rig.journal, [rig.store, rig.index], rig.describer, rig.folder, pause=pause)
    with other.taken():
        with pytest.raises(StoreLocked, match="bringing store and index up to date is held by process"):
            waiting.catch_up()
        waiting.settle(timeout=60)
    assert waited == [0.1]
    assert rig.store.held == {}


def test_waiting_ends_at_its_time_and_says_what_is_behind(rig: Rig) -> None:
    fill(rig.journal, record("a"))
    rig.store.at = 1
    other = FileLock(rig.folder / LOCK_NAME, "a test")
    with other.taken():
        assert rig.projector.wait_until(1, timeout=0) == ("index",)
        with pytest.raises(StoreLocked, match="After 0 seconds it is still behind with: index"):
            rig.projector.settle(timeout=0)
    rig.projector.settle(timeout=0)
    rig.assert_equal()


CHILD = """
import os, signal, sys
from pathlib import Path
from journal_samples import FileProjection, PlainDescriber, SOURCE, fill, opened, record
from catalogue.projector import Projector
import catalogue.projector

catalogue.projector.BATCH = 5
folder, when = Path(sys.argv[1]), sys.argv[2]
with opened(folder) as journal:
    journal.add_source(SOURCE)
    projections = [FileProjection("store", folder), FileProjection("index", folder)]
    projector = Projector(journal, projections, PlainDescriber(journal), folder)
    fill(journal, *(record(f"old{n}") for n in range(3)))
    if when == "rebuilding":
        projections[1].dies_at = 3
    else:
        projector.catch_up()
        projections[1].dies_at = 7
        fill(journal, *(record(f"r{n}") for n in range(20)))
    projector.catch_up()
"""


@pytest.mark.parametrize("when", ["applying", "rebuilding"])
def test_a_kill_between_data_and_cursor_is_healed_by_catching_up(tmp_path: Path, when: str) -> None:
    dead = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path), when],
        cwd=ROOT, env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}, check=False, timeout=60,
    )  # fmt: skip
    assert dead.returncode == -signal.SIGKILL
    with opened(tmp_path) as journal:
        projections = [FileProjection("store", tmp_path), FileProjection("index", tmp_path)]
        expected = {state.id: state.digest for state in journal.heads()}
        assert projections[1].cursor() < journal.last_seq()
        Projector(journal, projections, PlainDescriber(journal), tmp_path).catch_up()
        assert projections[0].digests() == projections[1].digests() == expected
        assert [p.cursor() for p in projections] == [journal.last_seq()] * 2


def test_a_lock_is_free_again_once_its_process_is_gone(tmp_path: Path) -> None:
    code = (
        "import os, signal; from pathlib import Path; from catalogue.locks import FileLock\n"
        f"lock = FileLock(Path({str(tmp_path / 'x.lock')!r}), 'a test')\n"
        "assert lock.take()\n"
        "print(os.getpid(), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    dead = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    lock = FileLock(tmp_path / "x.lock", "a test")
    assert lock.holder() == int(dead.stdout)
    other = FileLock(tmp_path / "x.lock", "another test")
    with lock.taken():
        assert lock.held
        assert not other.take()
        with lock.taken():
            assert lock.held
        assert lock.held
    assert not lock.held
    with other.taken():
        assert not lock.take()


def test_a_projection_that_does_not_say_how_far_it_is_counts_as_behind(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent() -> int:
        raise SearchUnavailable("Away.")

    fill(rig.journal, record("a"))
    rig.projector.catch_up()
    monkeypatch.setattr(rig.index, "cursor", silent)
    assert rig.projector.wait_until(1, timeout=0) == ("index",)
    with FileLock(rig.folder / LOCK_NAME, "a test").taken(), pytest.raises(StoreLocked, match="behind with: index"):
        rig.projector.settle(timeout=0)


def test_only_what_is_named_is_brought_up_to_date(rig: Rig) -> None:
    fill(rig.journal, record("a"))
    rig.index.error = SearchUnavailable("Away.")
    rig.projector.settle(only=["store"])
    assert (len(rig.store.held), rig.projector.troubles) == (1, ())
    with FileLock(rig.folder / LOCK_NAME, "a test").taken():
        assert rig.projector.wait_until(1, timeout=0, only=["store"]) == ()


def test_the_others_do_not_wait_for_what_failed_the_last_time(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.projector.catch_up()
    rig.store.error = OSError("disk on fire")
    fill(rig.journal, record("a"))
    with pytest.raises(ProjectionsBehind):
        rig.projector.catch_up()
    seen: list[int] = []
    monkeypatch.setattr(rig.store, "stamp", lambda: seen.append(len(rig.index.held)) or rig.store.made_with)
    fill(rig.journal, record("b"))
    with pytest.raises(ProjectionsBehind):
        rig.projector.catch_up()
    assert seen == [2], "the index was up to date before the store was tried"
    rig.projector.catch_up(patiently=True)
    assert seen == [2], "and who is patient leaves it alone for a while"
    rig.store.error = None
    rig.projector.catch_up()
    rig.assert_equal()
    assert rig.projector.troubles == ()


def test_a_broken_projection_is_not_blamed_on_a_record(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    rig.projector.catch_up()
    rig.index.error = RuntimeError("corrupt")
    fill(rig.journal, record("a"), record("b"))
    with pytest.raises(ProjectionsBehind, match="The index is behind: corrupt"):
        rig.projector.catch_up()
    assert caplog.messages == ["the index is behind: corrupt"]
