"""Opening the journal where the settings say it is, made or brought to the newest schema first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from catalogue.journal.database import FILE_NAME, connect
from catalogue.journal.journal import Journal
from catalogue.journal.upgrade import upgrade
from catalogue.settings import Settings


def _now() -> datetime:
    return datetime.now(UTC)


def place(settings: Settings) -> Path | str:
    """Return where the journal is by the settings: a file in the data folder, or a server's URL."""
    return settings.data / FILE_NAME if settings.journal == "sqlite" else settings.journal


def open_journal(where: Path | str, clock: Callable[[], datetime] = _now) -> Journal:
    """Open the journal in a SQLite file (a path) or on a PostgreSQL server (a URL); make or upgrade it as needed.

    Runs whose process is gone are marked interrupted. Raises `JournalTooNew`, `JournalDamaged`, `BadSetting` and
    other leaves of `CannotWork`.
    """
    database = connect(where)
    try:
        upgrade(database)
        journal = Journal(database, clock)
        journal.sweep()
    except BaseException:
        database.close()
        raise
    return journal


@contextmanager
def ledger(settings: Settings) -> Iterator[Journal]:
    """Open the journal of the settings for a block, without store, index and all they bring. Raises as `open_journal`.

    For what the journal alone can tell or take down; nothing brings store and index up to date with it.
    """
    with closing(open_journal(place(settings))) as journal:
        yield journal
