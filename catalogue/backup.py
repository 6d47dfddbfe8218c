"""A backup is the journal, since all else is made from it: a tar file with a manifest and one SQLite file.

The same form serves a journal on PostgreSQL, so a backup is also the way from one database to the other.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from catalogue import __version__
from catalogue.journal.copying import adopt, figures, load, save
from catalogue.journal.database import FILE_NAME, connect
from catalogue.journal.errors import DiskFull, JournalTooNew
from catalogue.journal.journal import Journal
from catalogue.journal.schema import REVISION
from catalogue.journal.soundness import inspect
from catalogue.journal.upgrade import upgrade
from shapes.errors import BadInput, Fault

_FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_PIECE: Final = 1024 * 1024


class BadBackup(BadInput):
    """The file is not a backup, is damaged, or there is no empty folder for it."""

    code = "bad-backup"
    title = "The backup cannot be used"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `bytes` and `sha256` are of the journal's file in it."""

    format: int
    program: str
    revision: str
    made: str
    last_seq: int
    records: int
    bytes: int
    sha256: str


def write_backup(journal: Journal, file: Path) -> Manifest:
    """Write a backup while others read and append; an existing file is replaced only once the new one is whole.

    Raises `BadBackup` where the file cannot be written, `DiskFull`.
    """
    beside = file.with_name(file.name + ".part")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as folder:
            copied = Path(folder) / FILE_NAME
            save(journal.database, copied)
            manifest = _describe(copied)
            _pack(beside, copied, manifest)
        beside.replace(file)
    except OSError as error:
        raise _cannot("written", file, error) from error
    finally:
        beside.unlink(missing_ok=True)
    return manifest


def restore(file: Path, folder: Path, where: Path | str | None = None) -> Manifest:
    """Bring a backup into an empty data folder, or with `where` a server's URL into its empty journal.

    Store and index are made anew when the catalogue is next opened. Raises `BadBackup` for a file that is none or is
    damaged, or a folder that is not empty; `JournalTooNew`; `DiskFull`. A failure leaves the folder as it was.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadBackup("The data folder is not empty; a backup is restored into an empty one.", url=str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=folder) as beside:
            copied = Path(beside) / FILE_NAME
            manifest = _unpack(file, copied)
            _take_over(copied)
            if isinstance(where, str):
                _load(copied, where)
            else:
                copied.replace(where or folder / FILE_NAME)
    except OSError as error:
        raise _cannot("restored", file, error) from error
    return manifest


def _describe(copied: Path) -> Manifest:
    last, records = figures(copied)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return Manifest(_FORMAT, __version__, REVISION, made, last, records, copied.stat().st_size, _digest(copied))


def _pack(target: Path, copied: Path, manifest: Manifest) -> None:
    """Write the tar file; what it holds is on the disk when this returns."""
    text = json.dumps(asdict(manifest), indent=2).encode("ascii")
    with target.open("wb") as stream:
        with tarfile.open(fileobj=stream, mode="w") as tar:
            entry = tarfile.TarInfo(_MANIFEST)
            entry.size = len(text)
            tar.addfile(entry, BytesIO(text))
            tar.add(copied, FILE_NAME, filter=_anonymous)
        stream.flush()
        os.fsync(stream.fileno())


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def _unpack(file: Path, copied: Path) -> Manifest:
    """Take the journal out of a backup and prove that it is what the manifest says."""
    try:
        with tarfile.open(file, "r:") as tar:
            manifest = _manifest(file, _member(tar, _MANIFEST).read(_PIECE))
            with copied.open("wb") as target:
                shutil.copyfileobj(_member(tar, FILE_NAME), target, _PIECE)
                target.flush()
                os.fsync(target.fileno())
    except (tarfile.TarError, KeyError) as error:
        raise BadBackup("The file is not a backup of this program, or is damaged.", url=str(file)) from error
    if copied.stat().st_size != manifest.bytes or _digest(copied) != manifest.sha256:
        raise BadBackup("The backup is damaged: its journal is not what its manifest says.", url=str(file))
    return manifest


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    """Return one file of a tar by its exact name: no other path in it is ever written."""
    stream = tar.extractfile(tar.getmember(name))
    if stream is None:
        raise KeyError(name)
    return stream


def _manifest(file: Path, text: bytes) -> Manifest:
    try:
        values = json.loads(text)
        manifest = Manifest(**{f.name: values[f.name] for f in fields(Manifest)})
    except (ValueError, KeyError, TypeError) as error:
        raise BadBackup("The backup's manifest cannot be read.", url=str(file)) from error
    if manifest.format > _FORMAT or manifest.revision > REVISION:
        raise JournalTooNew(
            f"The backup was made by a newer version of the program ({manifest.program}); install that version.",
            url=str(file),
        )
    return manifest


def _take_over(copied: Path) -> None:
    """Prove that a copied journal is sound, bring it to this program's schema, and make it one of its own."""
    database = connect(copied)
    try:
        upgrade(database)
        bad = [check.detail for check in inspect(database) if not check.ok]
        if bad:
            raise BadBackup(f"The journal in the backup is damaged. {' '.join(bad)}")
        adopt(database, datetime.now(UTC))
    finally:
        database.close()


def _load(copied: Path, url: str) -> None:
    database = connect(url)
    try:
        load(copied, database)
    finally:
        database.close()


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _cannot(done: str, file: Path, error: OSError) -> Fault:
    """Return what an operating system's error means for a backup."""
    if error.errno == errno.ENOSPC:
        return DiskFull(f"The backup cannot be {done}: the disk is full.", url=str(file))
    return BadBackup(f"The backup cannot be {done}: {error.strerror}.", url=str(file))
