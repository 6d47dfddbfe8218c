"""The journal's file: made, upgraded, refused, shared by processes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from journal_samples import BASE, SOURCE, fill, listed, opened, record

from catalogue.errors import BadSetting, StoreLocked
from catalogue.identifiers import candidates, keys_of
from catalogue.journal import process, upgrade
from catalogue.journal.database import connect, told
from catalogue.journal.errors import DiskFull, JournalDamaged, JournalTooNew, JournalUnavailable
from catalogue.journal.journal import Journal
from catalogue.journal.opening import open_journal
from catalogue.journal.schema import METADATA, REVISION
from catalogue.journal.soundness import inspect
from harvester.source import Source
from shapes.record import Kind

ROOT = Path(__file__).resolve().parents[2]
TESTS = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with opened(tmp_path) as journal:
        journal.add_source(SOURCE)
        yield journal


# Schema


def test_the_migrations_make_exactly_the_tables_of_the_schema(journal: Journal) -> None:
    with journal.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_the_schema_names_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "catalogue.journal:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("source", sa.Column("note", sa.Text()))
    op.execute("UPDATE source SET note = title")
"""


@pytest.fixture
def next_scripts(tmp_path: Path) -> str:
    """The migrations, and one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "catalogue/journal/migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions/r0005_note.py").write_text(NEXT)
    return str(folder)


def test_a_journal_of_the_first_release_is_opened_and_its_sources_have_no_times(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite"
    database = connect(file)
    upgrade.upgrade(database, target="0001")
    registered = {
        "name": "be",
        "url": "https://a.example/",
        "protocol": "auto",
        "stage": "operational",
        "allow_private": False,
        "enabled": True,
        "added": "2026-11-01T00:00:00.000000+00:00",
    }
    table = sa.table("source", *(sa.column(name) for name in registered))
    with database.writing() as connection:
        connection.execute(sa.insert(table).values(registered))
    database.close()
    journal = open_journal(file)
    assert journal.sources() == (Source("be", "https://a.example/"),)
    journal.update_source(Source("be", "https://a.example/", cron="30 4 * * *"))
    assert journal.source("be").cron == "30 4 * * *"
    journal.close()


def test_a_journal_of_an_earlier_version_is_upgraded_with_all_it_holds(journal: Journal, next_scripts: str) -> None:
    fill(journal, record("a"))
    upgrade.upgrade(journal.database, next_scripts, "0005")
    with journal.database.reading() as connection:
        assert connection.scalar(sa.text("SELECT note FROM source")) == SOURCE.title
    assert listed(journal) == {"a"}


def test_an_upgrade_that_fails_leaves_the_journal_as_it_was(journal: Journal, next_scripts: str) -> None:
    broken = NEXT.replace("UPDATE source SET note", "UPDATE source SET nonsense")
    Path(next_scripts, "versions/r0005_note.py").write_text(broken)
    with pytest.raises(sa.exc.OperationalError, match="nonsense"):
        upgrade.upgrade(journal.database, next_scripts, "0005")
    with journal.database.reading() as connection:
        assert "note" not in {column["name"] for column in sa.inspect(connection).get_columns("source")}
    assert journal.source("be") == SOURCE


def test_a_journal_of_a_newer_program_is_refused_and_left_alone(journal: Journal, tmp_path: Path) -> None:
    with journal.database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0099'"))
    with pytest.raises(JournalTooNew) as error:
        open_journal(tmp_path / "journal.sqlite")
    assert error.value.detail == (
        f"The journal was made by a newer version of the program (journal 0099, this program knows {REVISION}): "
        "install that version, or restore a backup made with this one."
    )
    assert error.value.url == str(tmp_path / "journal.sqlite")


def test_another_program_s_database_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE theirs (x)")
    with pytest.raises(JournalDamaged, match="has tables, but they are not a journal's"):
        open_journal(file)
    with closing(sqlite3.connect(file)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


# What can be wrong with a file


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite"
    file.write_text("Dear diary, this is not a database. " * 100)
    with pytest.raises(JournalDamaged, match="the file is not a journal"):
        open_journal(file)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalUnavailable, match="The folder of the journal cannot be made"):
        open_journal(tmp_path / "file" / "deeper" / "journal.sqlite")


def test_a_journal_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").mkdir()
    with pytest.raises(JournalUnavailable, match="the file cannot be opened"):
        open_journal(tmp_path / "journal.sqlite")


def test_a_full_disk_is_told_and_what_was_written_stays(journal: Journal) -> None:
    fill(journal, record("a"))
    with journal.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def narrow(driver: sqlite3.Connection, *_: object) -> None:
        driver.execute(f"PRAGMA max_page_count={pages}").close()

    sa.event.listen(journal.database.engine, "checkout", narrow)
    with pytest.raises(DiskFull, match="no space is left on the disk of the journal"):
        fill(journal, *(record(f"r{n}", "x" * 5000) for n in range(50)))
    assert listed(journal) == {"a"}


def test_a_journal_that_somebody_keeps_locked_is_told(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.journal.database.BUSY_SECONDS", 0)
    with opened(tmp_path) as second, journal.database.writing(), pytest.raises(StoreLocked) as error:
        second.add_source(replace(SOURCE, name="nl"))
    assert "another process has been writing to the journal" in error.value.detail
    assert error.value.url == str(tmp_path / "journal.sqlite")


def test_only_sqlite_and_postgresql_are_journals() -> None:
    with pytest.raises(BadSetting, match="journal cannot be a mysql URL"):
        connect("mysql://db.example/x")
    with pytest.raises(BadSetting, match="neither `sqlite` nor a postgresql:// URL"):
        connect("somewhere")


def test_a_password_is_never_told() -> None:
    assert told(sa.make_url("postgresql://u:secret@db.example/x")) == "postgresql://u:***@db.example/x"


def test_a_mistake_of_ours_is_not_dressed_up(journal: Journal) -> None:
    with pytest.raises(sa.exc.OperationalError, match="no such table"), journal.database.reading() as connection:
        connection.execute(sa.text("SELECT * FROM nonsense"))


# Several processes


OPENER = """
import sys
from pathlib import Path
from journal_samples import opened
with opened(Path(sys.argv[1])) as journal:
    print(journal.registry_version())
"""


def test_processes_that_open_a_new_journal_at_once_share_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPENER, str(tmp_path)]
    running = [subprocess.Popen(command, cwd=ROOT, env=TESTS, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    versions = {process.communicate(timeout=60)[0] for process in running}
    assert len(versions) == 1
    assert {process.returncode for process in running} == {0}


def test_a_process_is_told_from_a_later_one_of_its_number() -> None:
    mine = process.this_process()
    assert mine.pid == os.getpid()
    assert process.alive(mine)
    assert process.alive(replace(mine, machine="elsewhere")) is None
    if mine.born:  # systems without /proc cannot tell
        assert process.alive(replace(mine, born="1")) is False
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert process.alive(replace(mine, pid=child.pid)) is False


# Soundness


def test_a_sound_journal_passes_every_check(journal: Journal) -> None:
    fill(journal, record("a"))
    assert [(check.name, check.ok) for check in inspect(journal.database)] == [
        ("journal", True), ("schema", True), ("heads", True), ("bodies", True),
    ]  # fmt: skip


def test_a_body_that_is_not_its_digest_s_is_found(journal: Journal) -> None:
    fill(journal, record("a"), record("b"))
    with journal.database.writing() as connection:
        connection.execute(sa.text("UPDATE graph SET body = x'00' WHERE digest = :d"), {"d": record("a").digest})
    (check,) = [check for check in inspect(journal.database) if not check.ok]
    assert (check.name, check.detail) == (
        "bodies", f"1 descriptions differ from their digest: {record('a').digest} ...",
    )  # fmt: skip


# Identifiers


def test_candidates_are_the_same_for_the_same_record_and_never_end() -> None:
    keys = keys_of(record("a", identifier="id-a"))
    assert keys == ("id-a", BASE + "a", record("a", identifier="id-a").digest)
    offered = candidates("be", Kind.DATASET, keys)
    first = [next(offered) for _ in range(30)]
    again = candidates("be", Kind.DATASET, keys)
    assert [next(again) for _ in range(30)] == first
    assert len(set(first)) == 30
    assert {next(candidates(source, kind, keys)) for source in ("be", "nl") for kind in Kind}.isdisjoint(first[1:])


def test_a_blank_node_s_label_is_no_key() -> None:
    assert keys_of(record("_:b0")) == (record("_:b0").digest,)
