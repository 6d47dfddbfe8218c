"""The registry of committees in the journal, the history of its imports, and its version."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from catalogue.dac.checking import AddressCheck
from catalogue.dac.committee import Committee
from catalogue.journal.coding import dump_committee, load_committee, pack, unpack
from catalogue.journal.schema import COMMITTEE, COMMITTEE_CHECK, COMMITTEE_IMPORT, FACT
from catalogue.journal.upgrade import EPOCH, REGISTRY


@dataclass(frozen=True, slots=True)
class Import:
    """One import of committees: from where (`name`), and what it did."""

    id: int
    time: datetime
    name: str
    added: int
    changed: int
    unchanged: int


def bump(connection: sa.Connection) -> None:
    """Count the registry's version up: what is derived with it must be derived anew."""
    number = sa.cast(sa.cast(FACT.c.value, sa.Integer) + 1, sa.Text)
    connection.execute(sa.update(FACT).where(FACT.c.name == REGISTRY).values(value=number))


def version(connection: sa.Connection) -> str:
    """Return a text that changes with every `bump`, and when the journal was restored."""
    query = sa.select(FACT.c.name, FACT.c.value).where(FACT.c.name.in_((EPOCH, REGISTRY)))
    facts = {row.name: row.value for row in connection.execute(query)}
    return f"{facts[EPOCH]}.{facts[REGISTRY]}"


def committees(connection: sa.Connection) -> tuple[Committee, ...]:
    """Return the committees of the registry by id."""
    rows = connection.execute(sa.select(COMMITTEE.c.body).order_by(COMMITTEE.c.id))
    return tuple(load_committee(row.body) for row in rows)


def put(connection: sa.Connection, given: Sequence[Committee], name: str, now: datetime) -> Import:
    """Add committees, or replace those of the same id, and write the import down. Others stay as they are."""
    known = {row.id: row.body for row in connection.execute(sa.select(COMMITTEE.c.id, COMMITTEE.c.body))}
    bodies = {committee.id: dump_committee(committee) for committee in given}
    added = [i for i in bodies if i not in known]
    changed = [i for i in bodies if i in known and known[i] != bodies[i]]
    for committee_id in added:
        connection.execute(sa.insert(COMMITTEE).values(id=committee_id, body=bodies[committee_id], changed=now))
    for committee_id in changed:
        update = sa.update(COMMITTEE).where(COMMITTEE.c.id == committee_id)
        connection.execute(update.values(body=bodies[committee_id], changed=now))
    if added or changed:
        bump(connection)
    figures = {"added": len(added), "changed": len(changed), "unchanged": len(bodies) - len(added) - len(changed)}
    body = pack(json.dumps([json.loads(text) for text in bodies.values()]).encode("ascii"))
    number = connection.execute(
        sa.insert(COMMITTEE_IMPORT).values(time=now, name=name, body=body, **figures).returning(COMMITTEE_IMPORT.c.id)
    ).scalar_one()
    return Import(number, now, name, **figures)


@dataclass(frozen=True, slots=True)
class CommitteeState:
    """What an entry of the registry was from one import on: when, from which file, and the entry."""

    time: datetime
    name: str
    committee: Committee


def history(connection: sa.Connection, committee: str) -> tuple[CommitteeState, ...]:
    """Return every state of an entry, oldest first: the imports that changed it, each of which is kept whole."""
    rows = connection.execute(sa.select(COMMITTEE_IMPORT).order_by(COMMITTEE_IMPORT.c.id))
    found: list[CommitteeState] = []
    for row in rows:
        entries = (entry for entry in json.loads(unpack(row.body)) if entry["id"] == committee)
        for read in (load_committee(json.dumps(entry)) for entry in entries):
            if not found or found[-1].committee != read:
                found.append(CommitteeState(row.time, row.name, read))
    return tuple(found)


def put_checks(connection: sa.Connection, checks: Sequence[AddressCheck]) -> None:
    """Keep what the latest try of each address gave."""
    for check in checks:
        same = (COMMITTEE_CHECK.c.committee == check.committee) & (COMMITTEE_CHECK.c.address == check.address)
        connection.execute(sa.delete(COMMITTEE_CHECK).where(same))
        connection.execute(sa.insert(COMMITTEE_CHECK).values(**asdict(check)))


def checks(connection: sa.Connection, committee: str | None) -> tuple[AddressCheck, ...]:
    """Return the latest try of each address, of one committee or of all."""
    query = sa.select(COMMITTEE_CHECK).order_by(COMMITTEE_CHECK.c.committee, COMMITTEE_CHECK.c.address)
    if committee is not None:
        query = query.where(COMMITTEE_CHECK.c.committee == committee)
    return tuple(AddressCheck(**row) for row in connection.execute(query).mappings())


def imports(connection: sa.Connection) -> tuple[Import, ...]:
    """Return the imports, newest first."""
    columns = [c for c in COMMITTEE_IMPORT.c if c.name != "body"]
    rows = connection.execute(sa.select(*columns).order_by(COMMITTEE_IMPORT.c.id.desc()))
    return tuple(Import(row.id, row.time, row.name, row.added, row.changed, row.unchanged) for row in rows)
