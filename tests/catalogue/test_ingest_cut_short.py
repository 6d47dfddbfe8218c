"""A run that ends before its end: nothing is lost, and the next one completes it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from journal_samples import (
    SOURCE,
    Clock,
    delivery,
    listed,
    opened,
    raising,
    record,
    report,
    take_in,
)

from catalogue.journal.errors import DiskFull, RunInProgress
from catalogue.journal.journal import Journal
from catalogue.journal.run import Outcome
from harvester.changes import New, Problem

ROOT = Path(__file__).resolve().parents[2]
MANY = [record(f"r{n}", identifier=f"id-{n}") for n in range(30)]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with opened(tmp_path) as journal:
        journal.add_source(SOURCE)
        yield journal


def test_ctrl_c_keeps_what_was_read_and_ends_the_run(journal: Journal) -> None:
    take_in(journal, delivery(*MANY))
    with pytest.raises(KeyboardInterrupt):
        take_in(journal, raising(KeyboardInterrupt(), New(record("new"), report())))
    (run, _) = journal.runs()
    assert (run.outcome, run.new, run.withdrawn, run.complete) == (Outcome.INTERRUPTED, 1, 0, False)
    assert len(listed(journal)) == 31
    assert take_in(journal, delivery(*MANY)).unchanged == 30


def test_a_full_disk_fails_the_run_with_the_ledger_of_what_was_written(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.ingest.BATCH", 10)
    append, calls = journal.append, 0

    def full(*args: object, **more: object) -> tuple[str, ...]:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise DiskFull("The disk is full.")
        return append(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(journal, "append", full)
    with pytest.raises(DiskFull):
        take_in(journal, delivery(*MANY))
    (run,) = journal.runs()
    assert (run.outcome, run.new, run.problem_counts) == (Outcome.FAILED, 20, {"disk-full": 1})
    assert journal.run(run.id).problems == (Problem("disk-full", "The disk is full."),)
    assert journal.count() == 20
    monkeypatch.undo()
    assert take_in(journal, delivery(*MANY)).new == 10


CHILD = """
import os, signal, sys
from pathlib import Path
import catalogue.ingest
from journal_samples import SOURCE, delivery, opened, record, take_in

catalogue.ingest.BATCH = 10
after = int(sys.argv[2])
records = [record(f"r{n}", identifier=f"id-{n}") for n in range(30)]

def events(known):
    for number, event in enumerate(delivery(*records)(known)):
        if number == after:
            os.kill(os.getpid(), signal.SIGKILL)
        yield event

with opened(Path(sys.argv[1])) as journal:
    take_in(journal, events)
"""


@pytest.mark.parametrize("after", [0, 9, 11, 30])
def test_a_killed_run_leaves_whole_batches_and_the_next_one_completes_it(tmp_path: Path, after: int) -> None:
    with opened(tmp_path) as journal:
        journal.add_source(SOURCE)
    dead = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path), str(after)],
        cwd=ROOT, env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}, check=False, timeout=60,
    )  # fmt: skip
    assert dead.returncode == -signal.SIGKILL
    with opened(tmp_path, Clock()) as journal:
        (run,) = journal.runs()
        assert (run.outcome, run.complete, run.new) == (Outcome.INTERRUPTED, False, after // 10 * 10)
        assert journal.count() == journal.last_seq() == run.new
        healed = take_in(journal, delivery(*MANY))
        assert (healed.outcome, healed.new, healed.unchanged) == (Outcome.OK, 30 - run.new, run.new)
        assert listed(journal) == {f"r{n}" for n in range(30)}


HOLDER = """
import sys
from pathlib import Path
from journal_samples import opened

with opened(Path(sys.argv[1])) as journal:
    print(journal.begin_run("be"), flush=True)
    sys.stdin.readline()
"""


def test_a_source_harvested_by_a_living_process_is_left_alone_and_free_once_it_is_gone(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.add_source(SOURCE)
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(tmp_path)],
            cwd=ROOT, env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "1\n"
            with pytest.raises(RunInProgress, match=f"is being harvested by process {holder.pid}"):
                take_in(journal, delivery(record("a")))
            holder.kill()
            holder.wait()
        assert take_in(journal, delivery(record("a"))).new == 1
        assert [run.outcome for run in journal.runs()] == [Outcome.OK, Outcome.INTERRUPTED]
