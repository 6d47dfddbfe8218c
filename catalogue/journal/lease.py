"""Who harvests a source now. One run per source; a run whose process is gone is marked interrupted, not waited for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from catalogue.journal.errors import NothingRuns, RunInProgress, RunLost
from catalogue.journal.process import Process, alive, this_process
from catalogue.journal.run import Outcome
from catalogue.journal.schema import FACT, LEASE, RUN

# How long a run on another machine may be silent before another takes its source, and how often a run says that it
# goes on. Taking over too early harms nothing: the old run finds itself shut out at its next batch.
SILENCE: Final = timedelta(minutes=10)
PULSE: Final = timedelta(minutes=1)


def take(connection: sa.Connection, source: str, run: int, now: datetime) -> None:
    """Give a source to a run of this process.

    Raises `RunInProgress` that names the holder.
    """
    check_free(connection, source, now)
    process = this_process()
    values = {"machine": process.machine, "pid": process.pid, "born": process.born, "seen": now}
    connection.execute(sa.insert(LEASE).values(source=source, run=run, **values))


def renew(connection: sa.Connection, run: int, now: datetime) -> None:
    """Say that a run goes on. Raises `RunLost` when its source was given to another run meanwhile."""
    if not connection.execute(sa.update(LEASE).where(LEASE.c.run == run).values(seen=now)).rowcount:
        raise RunLost(
            f"Run {run} was silent for so long that it was taken for dead; its source was given to another run."
        )


def release(connection: sa.Connection, run: int) -> None:
    """Give a run's source back."""
    connection.execute(sa.delete(LEASE).where(LEASE.c.run == run))
    connection.execute(sa.delete(FACT).where(FACT.c.name == _wish(run)))


def ask_to_end(connection: sa.Connection, source: str, now: datetime) -> int:
    """Ask the run that has a source to end; return its number. Its own process looks for that (`asked_to_end`).

    Raises `NothingRuns` where no living run has it.
    """
    held = connection.execute(sa.select(LEASE).where(LEASE.c.source == source)).one_or_none()
    if held is None or _expired(held, now):
        raise NothingRuns(f"The source {source} is not being harvested now: there is no run to end.")
    run: int = held.run
    if not asked_to_end(connection, run):
        connection.execute(sa.insert(FACT).values(name=_wish(run), value=now.isoformat()))
    return run


def asked_to_end(connection: sa.Connection, run: int) -> bool:
    """Whether somebody asked a run to end."""
    return connection.execute(sa.select(FACT.c.value).where(FACT.c.name == _wish(run))).one_or_none() is not None


def _wish(run: int) -> str:
    return f"end run {run}"


def check_free(connection: sa.Connection, source: str, now: datetime) -> None:
    """Raise `RunInProgress`, naming the holder, when a living run has this source; end the lease of a dead one."""
    held = connection.execute(sa.select(LEASE).where(LEASE.c.source == source)).one_or_none()
    if held is None:
        return
    if not _expired(held, now):
        raise RunInProgress(
            f"The source {source} is being harvested by process {held.pid} on {held.machine.partition('/')[0]} "
            f"(run {held.run}). Wait for it, or end it: gdi-catalogue runs cancel {source}"
        )
    _interrupt(connection, held)


def dead(connection: sa.Connection, now: datetime) -> tuple[int, ...]:
    """Return the runs whose process is gone."""
    return tuple(row.run for row in connection.execute(sa.select(LEASE)) if _expired(row, now))


def sweep(connection: sa.Connection, now: datetime) -> None:
    """Mark the runs whose process is gone as interrupted. What they appended stays; nothing is withdrawn."""
    for row in connection.execute(sa.select(LEASE)).all():
        if _expired(row, now):
            _interrupt(connection, row)


def _expired(row: sa.Row[Any], now: datetime) -> bool:
    lives = alive(Process(row.machine, row.pid, row.born))
    return now - row.seen > SILENCE if lives is None else not lives


def _interrupt(connection: sa.Connection, row: sa.Row[Any]) -> None:
    ended = {"outcome": Outcome.INTERRUPTED, "finished": row.seen}
    connection.execute(sa.update(RUN).where(RUN.c.id == row.run, RUN.c.outcome == Outcome.RUNNING).values(**ended))
    release(connection, row.run)
