"""A run: one harvest of one source, with its ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from harvester.changes import Problem
from shapes.record import Kind


class Outcome(StrEnum):
    """The worst thing that happened in a run.

    `warnings`: read whole, but with problems or rejected records. `partial`: something could not be read.
    `held`: read whole, but so much was missing that a person decides. `failed`: nothing could be read.
    `interrupted`: its process ended before it did. `running`: it goes on now.
    """

    OK = "ok"
    WARNINGS = "warnings"
    PARTIAL = "partial"
    FAILED = "failed"
    HELD = "held"
    INTERRUPTED = "interrupted"
    RUNNING = "running"


class Decision(StrEnum):
    """What a person said about a held run; `superseded`: a later complete run of the source came first."""

    APPROVED = "approved"
    DISCARDED = "discarded"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The figures of a run for one kind of record: `seen = new + changed + unchanged + rejected + failed`.

    `restored` and `reidentified` are parts of `changed`; `withdrawn` and `held` lie outside `seen`.
    `conforming` counts the records delivered whose validation has no result of any severity (SHACL's `conforms`);
    `violations` counts those with at least one violation.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    failed: int = 0
    withdrawn: int = 0
    restored: int = 0
    reidentified: int = 0
    held: int = 0
    conforming: int = 0
    violations: int = 0

    @property
    def seen(self) -> int:
        """How many were delivered, or should have been."""
        return self.new + self.changed + self.unchanged + self.rejected + self.failed

    def figures(self) -> dict[str, int]:
        """Return every figure by its name, `seen` first."""
        return {"seen": self.seen} | {name: getattr(self, name) for name in COUNTERS}


COUNTERS: Final[tuple[str, ...]] = tuple(f.name for f in fields(Counts))
PROBLEM_CAP: Final = 100  # problems of one code that a run keeps; beyond it they are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Counts):
    """One run. Its own figures are of datasets; those of other kinds stand under `others`, by kind.

    `id` is 0 for a dry run. `problems` holds at most `PROBLEM_CAP` of each code (a list of runs leaves them out);
    `problem_counts` counts all of them by code. `decision` and `decided` are set once a held run was decided on.
    """

    id: int
    source: str
    started: datetime
    finished: datetime | None
    outcome: Outcome
    complete: bool
    others: Mapping[Kind, Counts] = field(default_factory=lambda: MappingProxyType({}))
    requests: int = 0
    bytes: int = 0
    problems: tuple[Problem, ...] = ()
    problem_counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    decision: Decision | None = None
    decided: datetime | None = None

    @property
    def seconds(self) -> float:
        """How long it took; 0 while it runs."""
        return (self.finished - self.started).total_seconds() if self.finished else 0.0

    @property
    def waiting(self) -> bool:
        """Whether a person must decide on it."""
        return self.outcome is Outcome.HELD and self.decision is None

    def as_json(self) -> dict[str, object]:
        """Return the run as `harvest --json` shows it."""
        problems = [{n: getattr(p, n) for n in ("code", "url", "record", "line", "detail")} for p in self.problems]
        return {
            "source": self.source,
            "run": self.id,
            "outcome": self.outcome.value,
            "complete": self.complete,
            **self.figures(),
            "requests": self.requests,
            "bytes": self.bytes,
            "seconds": round(self.seconds, 3),
            "started": self.started.isoformat(),
            "finished": self.finished and self.finished.isoformat(),
            "decision": self.decision and self.decision.value,
            "others": {kind.value: counts.figures() for kind, counts in self.others.items()},
            "problems": problems,
            "problem_counts": dict(self.problem_counts),
        }
