"""The course of a source's datasets through the runs: their states in order, for those who look back."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from catalogue.journal.coding import load_findings
from catalogue.journal.schema import FINDINGS, HEAD, STATE
from catalogue.journal.state import State, Status
from catalogue.journal.states import chunks, select_current, select_states, state_of
from shapes.record import Kind
from shapes.report import Report


def course(connection: sa.Connection, source: str) -> tuple[State, ...]:
    """Return every state in which a dataset of a source was listed or withdrawn, oldest first, without bodies."""
    query = select_states(with_body=False).where(
        STATE.c.source == source, STATE.c.kind == Kind.DATASET, STATE.c.status.in_((Status.LISTED, Status.WITHDRAWN))
    )
    return tuple(state_of(row) for row in connection.execute(query.order_by(STATE.c.seq)))


def judged(connection: sa.Connection, source: str, after: str, limit: int) -> tuple[tuple[State, Report], ...]:
    """Return so many of a source's listed records that were judged, with what was found in each.

    They come by identifier, those after one; without their bodies.
    """
    query = (
        select_current(with_body=False)
        .add_columns(FINDINGS.c.body.label("found"))
        .outerjoin(FINDINGS, FINDINGS.c.seq == STATE.c.seq)
        .where(HEAD.c.source == source, HEAD.c.status == Status.LISTED, STATE.c.profile.is_not(None), HEAD.c.id > after)
        .order_by(HEAD.c.id)
        .limit(limit)
    )
    pairs = []
    for row in connection.execute(query):
        findings = () if row.found is None else load_findings(row.found)
        pairs.append((state_of(row), Report(row.profile, row.release, int(row.kind == Kind.DATASET), findings)))
    return tuple(pairs)


def with_bodies(connection: sa.Connection, numbers: Sequence[int]) -> tuple[State, ...]:
    """Return states by their numbers, with their bodies, in no particular order."""
    found: list[State] = []
    for chunk in chunks(numbers):
        found.extend(map(state_of, connection.execute(select_states().where(STATE.c.seq.in_(chunk)))))
    return tuple(found)
