"""Whether the journal itself is whole: what `doctor` asks of it, and the one part of it that can be made anew."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from catalogue.journal.coding import unpack
from catalogue.journal.database import Database
from catalogue.journal.schema import GRAPH, HEAD, REVISION, REVISION_TABLE, STATE
from catalogue.journal.state import Status
from catalogue.journal.states import chunks

_SETTLED = (Status.LISTED.value, Status.WITHDRAWN.value)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `detail` is a sentence, also where all is well."""

    name: str
    ok: bool
    detail: str


def inspect(database: Database) -> Iterator[Check]:
    """Look at the journal's file, schema, heads and bodies. Raises leaves of `CannotWork` when it cannot be read."""
    with database.reading() as connection:
        if database.embedded:
            yield _file(connection)
        revision = connection.scalar(sa.select(REVISION_TABLE.c.version_num))
        yield Check("schema", revision == REVISION, f"The journal has schema {revision}; this program has {REVISION}.")
        yield _heads(connection)
        yield _bodies(connection)


def mend_heads(database: Database) -> int:
    """Point the heads that are wrong at the states that count; return how many were. Nothing else is derived."""
    with database.writing() as connection:
        wrong = connection.execute(_wrong_heads()).all()
        for row in wrong:
            values = {"latest": row.right_latest, "current": row.right_current, "status": row.right_status}
            connection.execute(sa.update(HEAD).where(HEAD.c.id == row.id).values(**values))
    return len(wrong)


def _file(connection: sa.Connection) -> Check:
    told = [str(value) for value in connection.exec_driver_sql("PRAGMA quick_check(5)").scalars()]
    orphans = len(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())
    if orphans:
        told.append(f"{orphans} rows refer to rows that are not there")
    well = told == ["ok"]
    return Check("journal", well, "The journal's file is sound." if well else f"The file is damaged: {'; '.join(told)}")


def _heads(connection: sa.Connection) -> Check:
    wrong = [row.id for row in connection.execute(_wrong_heads())]
    if not wrong:
        return Check("heads", ok=True, detail="Every record points at its latest state.")
    return Check("heads", ok=False, detail=f"{len(wrong)} records point at a wrong state: {', '.join(wrong[:5])}")


def _wrong_heads() -> sa.Select[Any]:
    """Select the heads that are not what the states say, with what they should be."""
    per_record = (
        sa.select(
            STATE.c.id,
            sa.func.max(STATE.c.seq).label("latest"),
            sa.func.max(sa.case((STATE.c.status.in_(_SETTLED), STATE.c.seq))).label("settled"),
        )
        .group_by(STATE.c.id)
        .subquery()
    )
    current = sa.func.coalesce(per_record.c.settled, per_record.c.latest)
    return (
        sa.select(
            HEAD.c.id,
            per_record.c.latest.label("right_latest"),
            current.label("right_current"),
            STATE.c.status.label("right_status"),
        )
        .select_from(sa.join(HEAD, per_record, per_record.c.id == HEAD.c.id).join(STATE, STATE.c.seq == current))
        .where(sa.or_(HEAD.c.latest != per_record.c.latest, HEAD.c.current != current, HEAD.c.status != STATE.c.status))
        .order_by(HEAD.c.id)
    )


def _bodies(connection: sa.Connection) -> Check:
    """Compare the body of every listed record with its digest."""
    listed = (
        sa.select(STATE.c.digest)
        .join(HEAD, HEAD.c.current == STATE.c.seq)
        .where(HEAD.c.status == Status.LISTED)
        .distinct()
    )
    wrong: list[str] = []
    number = 0
    for chunk in chunks(connection.scalars(listed).all()):
        for row in connection.execute(sa.select(GRAPH.c.digest, GRAPH.c.body).where(GRAPH.c.digest.in_(chunk))):
            number += 1
            if not _intact(row.digest, row.body):
                wrong.append(row.digest)
    if wrong:
        return Check("bodies", ok=False, detail=f"{len(wrong)} descriptions differ from their digest: {wrong[0]} ...")
    return Check("bodies", ok=True, detail=f"All {number} listed descriptions have the digest they are kept under.")


def _intact(digest: str, packed: bytes) -> bool:
    try:
        return sha256(unpack(packed)).hexdigest() == digest
    except zlib.error:
        return False
