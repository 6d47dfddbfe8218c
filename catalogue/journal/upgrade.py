"""Bringing a journal to this program's schema, in one transaction, when it is opened."""

from __future__ import annotations

import secrets
from typing import Final

import sqlalchemy as sa

from catalogue.journal.database import Database
from catalogue.journal.errors import JournalDamaged, JournalTooNew
from catalogue.journal.schema import FACT, REVISION, REVISION_TABLE

EPOCH: Final = "epoch"
REGISTRY: Final = "registry"
_SCRIPTS: Final = "catalogue.journal:migrations"


def upgrade(database: Database, scripts: str = _SCRIPTS, target: str = REVISION) -> None:
    """Make or upgrade the tables. Does nothing, and loads nothing, where they are as they should be.

    Several processes may open a new journal at once: the first makes the tables, the others wait.
    Raises `JournalTooNew` for a journal of a newer program, `JournalDamaged` for a database that is something else.
    """
    with database.reading() as connection:
        if _revision(database, connection) == target:
            return
    with database.writing() as connection:
        if _revision(database, connection) == target:
            return
        _run(connection, scripts, target)
        if connection.scalar(sa.select(FACT.c.value).where(FACT.c.name == EPOCH)) is None:
            facts = ({"name": EPOCH, "value": secrets.token_hex(8)}, {"name": REGISTRY, "value": "0"})
            connection.execute(sa.insert(FACT), facts)


def _revision(database: Database, connection: sa.Connection) -> str | None:
    """Return the revision a database is at, None for an empty one."""
    tables = set(sa.inspect(connection).get_table_names())
    if REVISION_TABLE.name not in tables:
        if tables:
            raise JournalDamaged("The database has tables, but they are not a journal's.", url=database.place)
        return None
    found = connection.scalar(sa.select(REVISION_TABLE.c.version_num))
    if found is not None and found > REVISION:
        raise JournalTooNew(
            f"The journal was made by a newer version of the program (journal {found}, this program knows {REVISION}): "
            "install that version, or restore a backup made with this one.",
            url=database.place,
        )
    return found


def _run(connection: sa.Connection, scripts: str, target: str) -> None:
    from alembic import command  # loaded only where a journal is made or upgraded: it takes longer than opening one
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", scripts)
    config.attributes["connection"] = connection
    command.upgrade(config, target)
