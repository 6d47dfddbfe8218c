"""The registered sources, in the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from catalogue.journal.coding import clean
from catalogue.journal.errors import NoSuchSource, SourceExists
from catalogue.journal.registry import bump
from catalogue.journal.schema import HEAD, SOURCE
from harvester.source import Source, Stage

# What an entry of a projection shows or uses of its source; a change of the rest needs no rebuilding.
_SHOWN: Final = ("title", "country", "stage", "default_dac")


def add(connection: sa.Connection, source: Source, now: datetime) -> None:
    """Register a source, or one that was removed again.

    Raises `SourceExists` where one of that name is registered.
    """
    row = _row(connection, source.name)
    if row is not None and row.removed is None:
        raise SourceExists(f"A source named {source.name!r} is registered already: {row.url}")
    if row is None:
        connection.execute(sa.insert(SOURCE).values(**_values(source), added=now, removed=None))
    else:
        _store(connection, row, source)


def update(connection: sa.Connection, source: Source) -> None:
    """Replace what is registered of a source. Raises `NoSuchSource`."""
    row = _row(connection, source.name)
    if row is None or row.removed is not None:
        raise _missing(connection, source.name)
    _store(connection, row, source)


def mark_removed(connection: sa.Connection, name: str, now: datetime) -> None:
    """Take a source out of the registry; its row stays for its records. Raises `NoSuchSource`."""
    found(connection, name)
    connection.execute(sa.update(SOURCE).where(SOURCE.c.name == name).values(removed=now))


def listed(connection: sa.Connection, *, removed: bool) -> tuple[Source, ...]:
    """Return the sources by name, with the removed ones or without."""
    query = sa.select(SOURCE).order_by(SOURCE.c.name)
    if not removed:
        query = query.where(SOURCE.c.removed.is_(None))
    return tuple(_source(row) for row in connection.execute(query))


def found(connection: sa.Connection, name: str) -> Source:
    """Return a registered source. Raises `NoSuchSource` that names the known ones."""
    row = _row(connection, name)
    if row is None or row.removed is not None:
        raise _missing(connection, name)
    return _source(row)


def _row(connection: sa.Connection, name: str) -> sa.Row[tuple[object, ...]] | None:
    return connection.execute(sa.select(SOURCE).where(SOURCE.c.name == clean(name))).one_or_none()


def _store(connection: sa.Connection, row: sa.Row[tuple[object, ...]], source: Source) -> None:
    values = _values(source)
    connection.execute(sa.update(SOURCE).where(SOURCE.c.name == source.name).values(**values, removed=None))
    shown = any(getattr(row, name) != values[name] for name in _SHOWN)
    has_records = connection.scalar(sa.select(HEAD.c.id).where(HEAD.c.source == source.name).limit(1)) is not None
    if shown and has_records:
        bump(connection)


def _values(source: Source) -> dict[str, object]:
    return {
        "name": source.name,
        "url": source.url,
        "title": source.title,
        "country": source.country,
        "protocol": source.protocol,
        "profile": source.profile,
        "stage": source.stage.value,
        "every": source.every,
        "cron": source.cron,
        "allow_private": source.allow_private,
        "enabled": source.enabled,
        "default_dac": source.default_dac,
    }


def _source(row: sa.Row[tuple[object, ...]]) -> Source:
    return Source(
        name=row.name,
        url=row.url,
        title=row.title,
        country=row.country,
        protocol=row.protocol,
        profile=row.profile,
        stage=Stage(row.stage),
        every=row.every,
        cron=row.cron,
        allow_private=row.allow_private,
        enabled=row.enabled,
        default_dac=row.default_dac,
    )


def _missing(connection: sa.Connection, name: str) -> NoSuchSource:
    known = ", ".join(source.name for source in listed(connection, removed=False))
    return NoSuchSource(f"There is no source named {name!r}. Registered: {known or 'none'}.")
