"""The course of a source's datasets through the runs: their states in order, for those who look back."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from catalogue.journal.schema import STATE
from catalogue.journal.state import State, Status
from catalogue.journal.states import chunks, select_states, state_of
from shapes.record import Kind


def course(connection: sa.Connection, source: str) -> tuple[State, ...]:
    """Return every state in which a dataset of a source was listed or withdrawn, oldest first, without bodies."""
    query = select_states(with_body=False).where(
        STATE.c.source == source, STATE.c.kind == Kind.DATASET, STATE.c.status.in_((Status.LISTED, Status.WITHDRAWN))
    )
    return tuple(state_of(row) for row in connection.execute(query.order_by(STATE.c.seq)))


def with_bodies(connection: sa.Connection, numbers: Sequence[int]) -> tuple[State, ...]:
    """Return states by their numbers, with their bodies, in no particular order."""
    found: list[State] = []
    for chunk in chunks(numbers):
        found.extend(map(state_of, connection.execute(select_states().where(STATE.c.seq.in_(chunk)))))
    return tuple(found)
