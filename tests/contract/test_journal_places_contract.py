"""A journal shared by processes, checked, and moved from one database to another."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from journal_samples import SOURCE, Clock, delivery, empty, fill, record, take_in

from catalogue.backup import restore, write_backup
from catalogue.dac.committee import Committee, Role
from catalogue.journal.errors import (
    JournalUnavailable,
)
from catalogue.journal.journal import Journal
from catalogue.journal.opening import open_journal
from catalogue.journal.schema import HEAD
from catalogue.journal.soundness import inspect, mend_heads
from catalogue.journal.state import Status
from catalogue.text import Text

ROOT = Path(__file__).resolve().parents[2]
COMMITTEE = Committee(
    "be-dac", (Text("Access committee", "en"), Text("Comité d'accès", "fr")), role=Role.MAY_VETO,
    remit=(Text("All of it"),), documents=("Plan",), response_days=30, identifiers=("EGAC1",),
)  # fmt: skip


APPENDER = """
import sys
from pathlib import Path
from journal_samples import Clock, fill, record
from catalogue.journal.opening import open_journal
where, name = sys.argv[1:]
journal = open_journal(where if "://" in where else Path(where), Clock())
for n in range(20):
    fill(journal, *(record(f"{name}-{n}-{m}") for m in range(5)), source=name)
journal.close()
"""


def test_processes_that_append_at_once_lose_nothing_and_readers_miss_nothing(
    journal: Journal, place: Path | str
) -> None:
    journal.add_source(replace(SOURCE, name="nl"))
    paths = [str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", APPENDER, str(place), name], cwd=ROOT, env={"PYTHONPATH": os.pathsep.join(paths)}
        )
        for name in ("be", "nl")
    ]
    followed: list[int] = []
    while any(child.poll() is None for child in running):
        followed += [state.seq for state in journal.since(followed[-1] if followed else 0, with_body=False)]
    followed += [state.seq for state in journal.since(followed[-1] if followed else 0, with_body=False)]
    assert [child.returncode for child in running] == [0, 0]
    assert followed == list(range(1, 201))
    assert journal.count(source="be") == journal.count(source="nl") == 100
    assert all(check.ok for check in inspect(journal.database))


def test_a_head_that_points_wrong_is_found_and_mended(journal: Journal) -> None:
    given, _ = fill(journal, record("a"), record("b"))
    journal.remove_source("be")
    with journal.database.writing() as connection:
        connection.execute(sa.update(HEAD).where(HEAD.c.id == given).values(current=1, status=Status.LISTED))
    (check,) = [check for check in inspect(journal.database) if not check.ok]
    assert (check.name, check.detail) == ("heads", f"1 records point at a wrong state: {given}")
    assert mend_heads(journal.database) == 1
    assert list(journal.heads()) == []
    assert all(check.ok for check in inspect(journal.database))


def test_a_backup_is_the_way_from_one_database_to_another(journal: Journal, place: Path | str, tmp_path: Path) -> None:
    take_in(journal, delivery(record("a", "Ünïcödé"), record("b"), violations=1))
    journal.put_committees([COMMITTEE], "x.toml")
    file = tmp_path / "catalogue.backup"
    write_backup(journal, file)
    before = (journal.since(0), journal.runs(), journal.sources(), journal.committees(), journal.imports())
    if isinstance(place, str):
        with pytest.raises(JournalUnavailable, match="The journal is not empty: nothing was restored"):
            restore(file, tmp_path / "again", place)
        journal.close()
        empty(place)
    target = place if isinstance(place, str) else tmp_path / "again" / "journal.sqlite"
    restore(file, tmp_path / "again", target)
    restored = open_journal(target, Clock())
    assert (
        restored.since(0), restored.runs(), restored.sources(), restored.committees(), restored.imports(),
    ) == before  # fmt: skip
    assert take_in(restored, delivery(record("a", "Ünïcödé"), record("c"))).id > before[1][0].id
    restored.close()
