"""What happened to records, in the order in which it did: what those follow who keep a copy.

Of each record its latest state counts, so a record that changes while somebody reads on comes once more, later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from catalogue.journal.schema import HEAD, STATE
from catalogue.journal.state import State, Status
from catalogue.journal.states import Span, select_current, state_of
from shapes.record import Kind

_TOLD = (Status.LISTED, Status.WITHDRAWN)

S = TypeVar("S", bound=sa.Select[Any])


@dataclass(frozen=True, slots=True)
class Window:
    """Which records: of some kinds, of one source, whose state is of `since` or later and from before `before`."""

    kinds: frozenset[Kind]
    source: str | None = None
    since: datetime | None = None
    before: datetime | None = None


def happened(
    connection: sa.Connection, window: Window, after: int, limit: int, *, with_body: bool
) -> tuple[State, ...]:
    """Return up to `limit` records that are listed or withdrawn, by the number of their state, after a number."""
    query = _within(select_current(with_body=with_body), window).where(STATE.c.seq > after)
    return tuple(state_of(row) for row in connection.execute(query.order_by(STATE.c.seq).limit(limit)))


def count(connection: sa.Connection, window: Window) -> int:
    """Return how many records there are to tell of."""
    joined = sa.join(HEAD, STATE, HEAD.c.current == STATE.c.seq)
    query = sa.select(sa.func.count()).select_from(joined)
    number: int = connection.execute(_within(query, window)).scalar_one()
    return number


def spans(connection: sa.Connection, size: int) -> dict[int, Span]:
    """Return when the states of each page were written; page N has the `size` numbers that follow N times `size`."""
    page = ((STATE.c.seq - 1) // size).label("page")
    query = sa.select(page, sa.func.min(STATE.c.time), sa.func.max(STATE.c.time)).group_by(page).order_by(page)
    return {number: Span(first, last) for number, first, last in connection.execute(query)}


def _within(query: S, window: Window) -> S:
    query = query.where(HEAD.c.kind.in_(window.kinds), HEAD.c.status.in_(_TOLD))
    if window.source is not None:
        query = query.where(HEAD.c.source == window.source)
    if window.since is not None:
        query = query.where(STATE.c.time >= window.since)
    return query if window.before is None else query.where(STATE.c.time < window.before)
