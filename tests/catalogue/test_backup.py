"""A backup taken while the catalogue works, and brought back."""

from __future__ import annotations

import errno
import io
import json
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from journal_samples import SOURCE, ListProjection, PlainDescriber, delivery, fill, listed, opened, record, take_in

from catalogue import backup as backups
from catalogue.backup import BadBackup, restore, write_backup
from catalogue.journal.copying import copy
from catalogue.journal.errors import DiskFull, JournalTooNew
from catalogue.journal.journal import Journal
from catalogue.journal.run import Outcome
from catalogue.projector import Projector


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    (tmp_path / "old").mkdir()
    with opened(tmp_path / "old") as journal:
        journal.add_source(SOURCE)
        take_in(journal, delivery(record("a", identifier="id-a"), record("b")))
        yield journal


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.backup"


def test_a_backup_brings_everything_back(journal: Journal, file: Path, tmp_path: Path) -> None:
    manifest = write_backup(journal, file)
    assert (manifest.last_seq, manifest.records) == (2, 2)
    restore(file, tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["journal.sqlite"]
    with opened(tmp_path / "new") as restored:
        assert restored.since(0) == journal.since(0)
        assert restored.runs() == journal.runs()
        assert restored.sources() == journal.sources()
        assert restored.resolve("id-a") == journal.resolve("id-a")
        assert take_in(restored, delivery(record("a", identifier="id-a"), record("b"))).unchanged == 2


def test_projections_of_another_time_are_made_anew_after_a_restore(
    journal: Journal, file: Path, tmp_path: Path
) -> None:
    write_backup(journal, file)
    projection = ListProjection("index")
    Projector(journal, [projection], PlainDescriber(journal), tmp_path).catch_up()
    restore(file, tmp_path / "new")
    with opened(tmp_path / "new") as restored:
        Projector(restored, [projection], PlainDescriber(restored), tmp_path).catch_up()
    assert projection.rebuilt == 2


def test_a_backup_is_taken_while_a_run_writes_and_has_whole_batches(
    journal: Journal, file: Path, tmp_path: Path
) -> None:
    run = journal.begin_run("be")
    write_backup(journal, file)
    fill(journal, record("later"))
    restore(file, tmp_path / "new")
    with opened(tmp_path / "new") as restored:
        assert listed(restored) == {"a", "b"}
        assert restored.run(run).outcome is Outcome.INTERRUPTED
        restored.begin_run("be")
    assert journal.run(run).outcome is Outcome.RUNNING


def test_an_older_backup_is_replaced_only_by_a_whole_one(
    journal: Journal, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_backup(journal, file)
    before = file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backups, "_pack", full)
    with pytest.raises(DiskFull, match="The backup cannot be written: the disk is full"):
        write_backup(journal, file)
    assert file.read_bytes() == before
    assert {path.name for path in file.parent.iterdir()} == {"old", file.name}


def test_a_backup_that_cannot_be_written_is_told(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(BadBackup, match="The backup cannot be written: No such file or directory"):
        write_backup(journal, tmp_path / "nowhere" / "x.backup")


def test_only_an_empty_folder_is_restored_into(journal: Journal, file: Path, tmp_path: Path) -> None:
    write_backup(journal, file)
    with pytest.raises(BadBackup, match="The data folder is not empty"):
        restore(file, tmp_path / "old")
    assert listed(journal) == {"a", "b"}


def test_what_is_no_backup_is_told_and_leaves_nothing(tmp_path: Path, file: Path) -> None:
    folder = tmp_path / "new"
    with pytest.raises(BadBackup, match="The backup cannot be restored: No such file or directory"):
        restore(file, folder)
    file.write_bytes(b"not a tar" * 1000)
    with pytest.raises(BadBackup, match="The file is not a backup of this program, or is damaged"):
        restore(file, folder)
    with tarfile.open(file, "w") as tar:
        tar.addfile(tarfile.TarInfo("other.txt"), io.BytesIO())
    with pytest.raises(BadBackup, match="The file is not a backup of this program"):
        restore(file, folder)
    assert list(folder.iterdir()) == []


def _repacked(file: Path, *, manifest: dict[str, object] | None = None, flip: bool = False) -> None:
    with tarfile.open(file) as tar:
        parts = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    told = json.loads(parts["manifest.json"]) | (manifest or {})
    parts["manifest.json"] = json.dumps(told).encode()
    if flip:
        body = bytearray(parts["journal.sqlite"])
        body[len(body) // 2] ^= 1
        parts["journal.sqlite"] = bytes(body)
    with tarfile.open(file, "w") as tar:
        for name, data in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))


def test_a_damaged_backup_is_refused(journal: Journal, file: Path, tmp_path: Path) -> None:
    write_backup(journal, file)
    _repacked(file, flip=True)
    with pytest.raises(BadBackup, match="its journal is not what its manifest says"):
        restore(file, tmp_path / "new")
    write_backup(journal, file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(BadBackup):
        restore(file, tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_backup_of_a_newer_program_is_refused(journal: Journal, file: Path, tmp_path: Path) -> None:
    write_backup(journal, file)
    _repacked(file, manifest={"revision": "0099", "program": "9.9"})
    with pytest.raises(JournalTooNew, match=r"made by a newer version of the program \(9\.9\)"):
        restore(file, tmp_path / "new")


def test_copying_table_by_table_gives_the_same_journal(journal: Journal, tmp_path: Path) -> None:
    """The way a journal on a server is backed up."""
    target = tmp_path / "copied"
    target.mkdir()
    copy(journal.database, target / "journal.sqlite")
    with closing(sqlite3.connect(target / "journal.sqlite")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    with opened(target) as copied:
        assert copied.since(0) == journal.since(0)
        assert copied.registry_version() == journal.registry_version()
        assert copied.begin_run("be") == 2
