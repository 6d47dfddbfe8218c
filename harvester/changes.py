"""What a harvest yields, one after the other: changes, problems, and at the end whether it saw everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from shapes.record import Kind, Record
from shapes.report import Report


@dataclass(frozen=True, slots=True)
class New:
    """A record never seen from this source."""

    record: Record
    report: Report


@dataclass(frozen=True, slots=True)
class Changed:
    """A known record whose description differs.

    `reidentified`: found by its identifier under another IRI. `restored`: it had been withdrawn.
    """

    id: str
    record: Record
    report: Report
    reidentified: bool = False
    restored: bool = False


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A known record delivered again with the same digest: nothing is written for it."""

    id: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Rejected:
    """A resource that was delivered but cannot be kept. `id`: the known record it is, which keeps its last state."""

    kind: Kind
    subject: str
    problem: Problem
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A known record (or an address that should have held one) that could not be read this time."""

    kind: Kind
    subject: str
    problem: Problem
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of a run's ledger. `code` is stable; `detail` is a sentence; the rest is set where known.

    `remark`: worth saying, but nothing is wrong; a run with nothing but remarks is as good as one without.
    """

    code: str
    detail: str
    url: str | None = None
    record: str | None = None
    line: int | None = None
    remark: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """The last item of every harvest that did not crash.

    `complete`: every page was read whole, so absence means something. `requests` and `bytes` count what was fetched.
    """

    complete: bool
    requests: int = 0
    bytes: int = 0


Change: TypeAlias = New | Changed | Unchanged | Rejected | Failed
Event: TypeAlias = Change | Problem | Finished
