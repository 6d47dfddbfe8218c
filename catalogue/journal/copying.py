"""Copying a whole journal: into a file for a backup, and from one."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from catalogue.journal.database import Database, connect
from catalogue.journal.errors import JournalUnavailable
from catalogue.journal.run import Outcome
from catalogue.journal.schema import FACT, LEASE, METADATA, RUN, STATE
from catalogue.journal.states import chunks
from catalogue.journal.upgrade import EPOCH, upgrade

_ROWS = 500


def save(database: Database, file: Path) -> None:
    """Write a journal, as it is at one moment, into a new SQLite file. Others may read and append meanwhile."""
    if not database.embedded:
        copy(database, file)
        return
    with database.reading() as connection, closing(sqlite3.connect(file)) as target:
        driver = connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise TypeError("a SQLite journal has a connection of sqlite3")
        driver.backup(target)
        target.execute("PRAGMA journal_mode=DELETE").close()  # one file, without a log beside it


def copy(source: Database, file: Path) -> None:
    """Copy the tables of a journal on a server into a new SQLite file, as they are at one moment."""
    target = connect(file)
    try:
        upgrade(target)
        _copy_rows(source, target)
        with target.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA journal_mode=DELETE").close()  # type: ignore[union-attr]  # it is sqlite3's
    finally:
        target.close()


def figures(file: Path) -> tuple[int, int]:
    """Return the number of the last state, and of listed records, of a journal in a SQLite file; changes nothing."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        last, listed = connection.execute(
            "SELECT (SELECT coalesce(max(seq), 0) FROM state), (SELECT count(*) FROM head WHERE status = 'listed')"
        ).fetchone()
    return last, listed


def load(file: Path, database: Database) -> None:
    """Copy the journal in a SQLite file into an empty one on a server. Raises `JournalUnavailable` where it is not."""
    source = connect(file)
    try:
        upgrade(source)
        upgrade(database)
        with database.reading() as connection:
            if connection.scalar(sa.select(STATE.c.seq).limit(1)) is not None:
                raise JournalUnavailable("The journal is not empty: nothing was restored.", url=database.place)
        _copy_rows(source, database)
    finally:
        source.close()


def adopt(database: Database, now: datetime) -> None:
    """Make a journal that was copied one of its own: a new epoch, so that no projection takes it for the one it knew.

    Runs that were going on when it was copied are interrupted.
    """
    with database.writing() as connection:
        connection.execute(sa.update(FACT).where(FACT.c.name == EPOCH).values(value=secrets.token_hex(8)))
        connection.execute(sa.delete(LEASE))
        ended = {"outcome": Outcome.INTERRUPTED, "finished": now}
        connection.execute(sa.update(RUN).where(RUN.c.outcome == Outcome.RUNNING).values(**ended))


def _copy_rows(source: Database, target: Database) -> None:
    """Copy every row, in an order that keeps references whole; the target's own facts give way."""
    with source.snapshot() as reader, target.writing() as writer:
        writer.execute(sa.delete(FACT))
        for table in METADATA.sorted_tables:
            rows = reader.execution_options(yield_per=_ROWS).execute(sa.select(table)).mappings()
            for chunk in chunks((dict(row) for row in rows), _ROWS):
                writer.execute(sa.insert(table), list(chunk))
            number = table.c.get("id")
            if not target.embedded and number is not None and isinstance(number.type, sa.Integer):
                _go_on_counting(writer, table)


def _go_on_counting(connection: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL give the next number after those that were copied."""
    highest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
    counter = sa.func.pg_get_serial_sequence(table.name, "id")
    connection.execute(sa.select(sa.func.setval(counter, sa.func.coalesce(highest, 1), highest.is_not(None))))
