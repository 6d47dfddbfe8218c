"""Opening the journal's database, and the two kinds of transaction everything else uses.

Order. Every writing transaction is exclusive: SQLite's BEGIN IMMEDIATE, on PostgreSQL an advisory lock that is held to
the end of the transaction (PostgreSQL releases it after the commit is visible). Sequence numbers are given under that
lock, so their order is the order of commits, without gaps: whoever has read up to a number never finds a smaller one
later. An ordinary database sequence would not promise that, since transactions may commit in another order than they
drew their numbers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

import sqlalchemy as sa
from sqlalchemy import event

from catalogue.errors import BadSetting, StoreLocked
from catalogue.journal.errors import DiskFull, JournalDamaged, JournalUnavailable
from shapes.errors import CannotWork

FILE_NAME: Final = "journal.sqlite"
BUSY_SECONDS: Final = 30  # how long a writer waits for another; a batch takes a fraction of a second
_WRITES: Final = "journal_writes"  # execution option of the engine that writing transactions use
_ADVISORY_KEY: Final = 0x6764_6A6F_7572_6E6C  # any constant of ours: "gdjournl"

_SQLITE_FAULTS: Final[dict[str, tuple[type[CannotWork], str]]] = {
    "SQLITE_BUSY": (StoreLocked, f"another process has been writing to the journal for {BUSY_SECONDS} seconds"),
    "SQLITE_LOCKED": (StoreLocked, "another part of this process is writing to the journal"),
    "SQLITE_FULL": (DiskFull, "no space is left on the disk of the journal"),
    "SQLITE_CORRUPT": (JournalDamaged, "the file is damaged; restore a backup"),
    "SQLITE_NOTADB": (JournalDamaged, "the file is not a journal"),
    "SQLITE_READONLY": (JournalUnavailable, "the file or its folder cannot be written to"),
    "SQLITE_CANTOPEN": (JournalUnavailable, "the file cannot be opened"),
    "SQLITE_PERM": (JournalUnavailable, "the file may not be opened"),
    "SQLITE_IOERR": (JournalUnavailable, "the disk reports an error"),
}
_POSTGRESQL_FAULTS: Final[dict[str, tuple[type[CannotWork], str]]] = {
    "53100": (DiskFull, "no space is left on the disk of the journal's server"),
    "55P03": (StoreLocked, "another process holds the journal's lock"),
    "57014": (StoreLocked, "the journal's server stopped the statement"),
}


class Database:
    """One database, and transactions on it. Its connections may be used by many threads, one transaction each."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(**{_WRITES: True})

    @property
    def place(self) -> str:
        """Where the journal is, for messages."""
        return told(self.engine.url)

    @property
    def embedded(self) -> bool:
        """Whether the journal is a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees one moment (SQLite) or each statement's own (PostgreSQL).

        Raises leaves of `CannotWork` that name the journal.
        """
        try:
            with self.engine.begin() as connection:
                yield connection
        except (sa.exc.DBAPIError, sqlite3.Error) as error:
            self._translate(error)

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees one moment, on either database. Raises as `reading` does."""
        if self.embedded:
            with self.reading() as connection:
                yield connection
            return
        try:
            with self.engine.execution_options(isolation_level="REPEATABLE READ").begin() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            self._translate(error)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open a transaction that is alone in writing; all of it is kept, durably, or none.

        Raises leaves of `CannotWork` that name the journal.
        """
        try:
            with self._writer.begin() as connection:
                if not self.embedded:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_KEY)))
                yield connection
        except (sa.exc.DBAPIError, sqlite3.Error) as error:
            self._translate(error)

    def close(self) -> None:
        """Release all connections."""
        self.engine.dispose()

    def _translate(self, error: sa.exc.DBAPIError | sqlite3.Error) -> NoReturn:
        """Raise what the error means for a user; an error that only a mistake of ours explains stays as it is."""
        original = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        if isinstance(original, sqlite3.Error):
            name = getattr(original, "sqlite_errorname", "")
            for code, (fault, meaning) in _SQLITE_FAULTS.items():
                if name.startswith(code):
                    raise fault(f"The journal cannot be used: {meaning} ({original}).", url=self.place) from error
        elif isinstance(error, sa.exc.OperationalError):
            fault, meaning = _POSTGRESQL_FAULTS.get(
                getattr(original, "sqlstate", None) or "", (JournalUnavailable, "the server does not answer")
            )
            reason = str(original).strip().splitlines()[0] if str(original).strip() else type(original).__name__
            raise fault(f"The journal cannot be used: {meaning} ({reason}).", url=self.place) from error
        raise error


def told(url: sa.URL) -> str:
    """Return a database's URL for messages: the file, or the server's address without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    return url.render_as_string(hide_password=True)


def connect(where: Path | str) -> Database:
    """Make a `Database` for a SQLite file (a path; its folder is made) or for a PostgreSQL URL. Opens nothing yet.

    Raises `BadSetting` for a URL of another kind, `JournalUnavailable` where the folder cannot be made.
    """
    if isinstance(where, Path):
        try:
            where.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JournalUnavailable(
                f"The folder of the journal cannot be made: {error.strerror}.", url=str(where.parent)
            ) from error
        return Database(_sqlite(where))
    try:
        url = sa.make_url(where)
    except sa.exc.ArgumentError as error:
        raise BadSetting("journal is neither `sqlite` nor a postgresql:// URL.") from error
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise BadSetting(f"journal cannot be a {url.get_backend_name()} URL: use `sqlite` or a postgresql:// URL.")
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    try:
        return Database(sa.create_engine(url, pool_pre_ping=True))
    except ModuleNotFoundError as error:
        raise BadSetting(
            f"A PostgreSQL journal needs the package {error.name}: install gdi-catalogue[postgresql]."
        ) from error


def _sqlite(path: Path) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection, as SQLAlchemy hands it
    """Set up a SQLite connection: transactions are begun by us, foreign keys hold, a commit is on the disk.

    synchronous=FULL, not NORMAL: the journal is the truth, and a commit that a power cut undoes would leave
    projections ahead of it. Measured: 2.4 ms a commit in place of 1.0; a harvest commits once for 200 states.
    """
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
