"""Runs and their ledgers in the journal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa

from catalogue.journal import lease
from catalogue.journal.append import withdraw
from catalogue.journal.coding import clean, dump_counts, load_counts
from catalogue.journal.database import Database
from catalogue.journal.errors import NoSuchRun, NotHeld
from catalogue.journal.run import COUNTERS, Counts, Decision, Outcome, Run
from catalogue.journal.schema import HEAD, HELD, RUN, RUN_PROBLEM, RUN_PROBLEM_COUNT
from catalogue.journal.state import Status
from catalogue.journal.states import chunks
from harvester.changes import Problem
from shapes.record import Kind

_NUMBERS: Final = 2**31  # what fits a run's number


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a run has counted so far. `problems` are those since the last time it was written down."""

    counts: Mapping[Kind, Counts] = field(default_factory=lambda: MappingProxyType({}))
    problems: Sequence[Problem] = ()
    problem_counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    requests: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ends. `absences` are the counters that change; `delivered` the known records that were there."""

    outcome: Outcome
    complete: bool = False
    withdraw: Collection[str] = ()
    hold: Collection[str] = ()
    absences: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    delivered: Collection[str] = ()


def begin(connection: sa.Connection, source: str, now: datetime) -> int:
    """Begin a run and take its source. Raises `RunInProgress`."""
    values = {"source": source, "started": now, "outcome": Outcome.RUNNING, "complete": False}
    counters = {"requests": 0, "bytes": 0, "counts": "{}"}
    run: int = connection.execute(sa.insert(RUN).values(**values, **counters).returning(RUN.c.id)).scalar_one()
    lease.take(connection, source, run, now)
    return run


def write(connection: sa.Connection, run: int, ledger: Ledger) -> None:
    """Write a run's ledger down as it is now."""
    figures = {"counts": dump_counts(ledger.counts), "requests": ledger.requests, "bytes": ledger.bytes}
    connection.execute(sa.update(RUN).where(RUN.c.id == run).values(**figures))
    for chunk in chunks(ledger.problems):
        connection.execute(sa.insert(RUN_PROBLEM), [_problem_values(run, problem) for problem in chunk])
    if ledger.problem_counts:
        connection.execute(sa.delete(RUN_PROBLEM_COUNT).where(RUN_PROBLEM_COUNT.c.run == run))
        rows = [{"run": run, "code": code, "count": n} for code, n in ledger.problem_counts.items()]
        connection.execute(sa.insert(RUN_PROBLEM_COUNT), rows)


def end(connection: sa.Connection, run: int, ledger: Ledger, ending: Ending, now: datetime) -> None:
    """End a run: withdraw, hold, count absences, and give its source back."""
    lease.renew(connection, run, now)
    source = connection.execute(sa.select(RUN.c.source).where(RUN.c.id == run)).scalar_one()
    write(connection, run, ledger)
    withdraw(connection, ending.withdraw, run, now)
    for chunk in chunks(sorted(ending.hold)):
        connection.execute(sa.insert(HELD), [{"run": run, "record": r, "returned": False} for r in chunk])
    set_absences(connection, ending.absences)
    _mark_returned(connection, source, run, ending.delivered)
    if ending.complete:
        undecided = (RUN.c.source == source, RUN.c.id < run, RUN.c.outcome == Outcome.HELD, RUN.c.decision.is_(None))
        connection.execute(sa.update(RUN).where(*undecided).values(decision=Decision.SUPERSEDED, decided=now))
    ended = {"finished": now, "outcome": ending.outcome, "complete": ending.complete}
    connection.execute(sa.update(RUN).where(RUN.c.id == run).values(**ended))
    lease.release(connection, run)


def set_absences(connection: sa.Connection, absences: Mapping[str, int]) -> None:
    """Set how many complete runs each of these records has been absent from."""
    by_number: dict[int, list[str]] = {}
    for record, number in absences.items():
        by_number.setdefault(number, []).append(record)
    for number, records in by_number.items():
        for chunk in chunks(records):
            connection.execute(sa.update(HEAD).where(HEAD.c.id.in_(chunk)).values(absent=number))


def decide(connection: sa.Connection, run: Run, decision: Decision, now: datetime) -> int:
    """Approve or discard a held run; return how many records that withdraws.

    Approving withdraws what the run's list names, save what was delivered again since. Discarding keeps all of it and
    lets the grace period begin anew. A run that a later one superseded can still be decided on. Raises `NotHeld`.
    """
    if run.outcome is not Outcome.HELD or run.decision in {Decision.APPROVED, Decision.DISCARDED}:
        said = f"it was {run.decision}" if run.decision else f"its outcome is {run.outcome}"
        raise NotHeld(f"Run {run.id} of {run.source} holds nothing back: {said}.")
    listed = connection.execute(
        sa.select(HEAD.c.id, HEAD.c.kind)
        .join(HELD, HELD.c.record == HEAD.c.id)
        .where(HELD.c.run == run.id, HELD.c.returned.is_(False), HEAD.c.status == Status.LISTED)
    ).all()
    values: dict[str, Any] = {"decision": decision, "decided": now}
    if decision is Decision.APPROVED:
        withdrawn = withdraw(connection, [row.id for row in listed], run.id, now)
        figures = {Kind.DATASET: _counts(run), **run.others}
        for kind in {Kind(row.kind) for row in listed}:
            number = sum(row.kind == kind for row in listed)
            before = figures.get(kind, Counts())
            figures[kind] = replace(before, withdrawn=before.withdrawn + number)
        values["counts"] = dump_counts(figures)
    else:
        withdrawn = 0
        set_absences(connection, {row.id: 0 for row in listed})
    connection.execute(sa.update(RUN).where(RUN.c.id == run.id).values(**values))
    return withdrawn


def listed(connection: sa.Connection, source: str | None, limit: int) -> tuple[Run, ...]:
    """Return runs, newest first, without their problems."""
    query = sa.select(RUN).order_by(RUN.c.id.desc()).limit(limit)
    if source is not None:
        query = query.where(RUN.c.source == clean(source))
    rows = connection.execute(query).all()
    numbers = _problem_counts(connection, [row.id for row in rows])
    return tuple(_run(row, (), numbers.get(row.id, {})) for row in rows)


def count(database: Database, source: str | None = None) -> int:
    """Return how many runs there are, of a source or of all."""
    query = sa.select(sa.func.count()).select_from(RUN)
    if source is not None:
        query = query.where(RUN.c.source == clean(source))
    with database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def found(connection: sa.Connection, run: int, source: str | None = None) -> Run:
    """Return a run with its problems. Raises `NoSuchRun`, also where it is another source's."""
    asked = sa.select(RUN).where(RUN.c.id == run)
    row = connection.execute(asked).one_or_none() if 0 < run < _NUMBERS else None
    if row is None or source not in {None, row.source}:
        raise NoSuchRun(f"There is no run {run}{f' of {source}' if source else ''}.")
    problems = connection.execute(sa.select(RUN_PROBLEM).where(RUN_PROBLEM.c.run == run).order_by(RUN_PROBLEM.c.id))
    told = tuple(Problem(p.code, p.detail, p.url, p.record, p.line) for p in problems)
    return _run(row, told, _problem_counts(connection, [run]).get(run, {}))


def latest(connection: sa.Connection) -> tuple[object, ...]:
    """Return what changes when a run begins, ends or is decided on."""
    query = sa.select(sa.func.max(RUN.c.id), sa.func.max(RUN.c.finished), sa.func.max(RUN.c.decided))
    return tuple(connection.execute(query).one())


def beside(connection: sa.Connection, run: int) -> tuple[int | None, int | None]:
    """Return the runs of the same source before and after a run."""
    same = RUN.c.source == sa.select(RUN.c.source).where(RUN.c.id == run).scalar_subquery()
    before = connection.scalar(sa.select(sa.func.max(RUN.c.id)).where(same, RUN.c.id < run))
    after = connection.scalar(sa.select(sa.func.min(RUN.c.id)).where(same, RUN.c.id > run))
    return before, after


def held(connection: sa.Connection, run: int) -> tuple[str, ...]:
    """Return the records whose withdrawal a run holds back, save those delivered again since."""
    query = sa.select(HELD.c.record).where(HELD.c.run == run, HELD.c.returned.is_(False)).order_by(HELD.c.record)
    return tuple(connection.scalars(query))


def _mark_returned(connection: sa.Connection, source: str, run: int, delivered: Collection[str]) -> None:
    """Take what is there again off the lists of earlier held runs: approving them must not withdraw it."""
    waiting = sa.select(RUN.c.id).where(RUN.c.source == source, RUN.c.outcome == Outcome.HELD, RUN.c.id != run)
    query = sa.select(HELD.c.record).where(HELD.c.run.in_(waiting), HELD.c.returned.is_(False)).distinct()
    back = [record for record in connection.scalars(query) if record in delivered]
    for chunk in chunks(back):
        mark = sa.update(HELD).where(HELD.c.run.in_(waiting), HELD.c.record.in_(chunk))
        connection.execute(mark.values(returned=True))


def _problem_counts(connection: sa.Connection, runs: Iterable[int]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = {}
    for chunk in chunks(runs):
        for row in connection.execute(sa.select(RUN_PROBLEM_COUNT).where(RUN_PROBLEM_COUNT.c.run.in_(chunk))):
            counts.setdefault(row.run, {})[row.code] = row._mapping["count"]  # noqa: SLF001 - `count` is also a method
    return counts


def _problem_values(run: int, problem: Problem) -> dict[str, Any]:
    return {
        "run": run,
        "code": problem.code,
        "detail": clean(problem.detail),
        "url": problem.url and clean(problem.url),
        "record": problem.record and clean(problem.record),
        "line": problem.line,
    }


def _counts(run: Run) -> Counts:
    return Counts(**{name: getattr(run, name) for name in COUNTERS})


def _run(row: sa.Row[Any], problems: tuple[Problem, ...], numbers: Mapping[str, int]) -> Run:
    counts = dict(load_counts(row.counts))
    datasets = counts.pop(Kind.DATASET, Counts())
    return Run(
        **{name: getattr(datasets, name) for name in COUNTERS},
        id=row.id,
        source=row.source,
        started=row.started,
        finished=row.finished,
        outcome=Outcome(row.outcome),
        complete=row.complete,
        others=MappingProxyType(counts),
        requests=row.requests,
        bytes=row.bytes,
        problems=problems,
        problem_counts=MappingProxyType(dict(numbers)),
        decision=None if row.decision is None else Decision(row.decision),
        decided=row.decided,
    )
