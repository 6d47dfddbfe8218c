"""Counting a run: what was met, by kind, and what there is to say about it. The sums of the ledger are made here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from catalogue.journal.run import PROBLEM_CAP, Counts, Outcome
from catalogue.journal.runs import Ledger
from harvester.changes import Changed, Failed, New, Problem, Rejected, Unchanged
from harvester.known import KnownRecord
from shapes.record import Kind
from shapes.report import Report, Verdict

Change: TypeAlias = New | Changed | Unchanged | Rejected | Failed


class Tally:
    """Counts events as they come. `delivered` are the known records met: for them there is no absence."""

    def __init__(self, known: Iterable[KnownRecord]) -> None:
        self.delivered: set[str] = set()
        self.requests = 0
        self.bytes = 0
        self._by_subject = {(record.kind, record.subject): record.id for record in known}
        self._counts: dict[Kind, Counter[str]] = {}
        self._problem_counts: Counter[str] = Counter()
        self._trouble = False  # a problem that is more than a remark
        self._problems: list[Problem] = []
        self._kept: list[Problem] = []

    def count(self, change: Change) -> Kind:
        """Count a change under its kind, and note its problem where it has one."""
        match change:
            case New(record=record):
                self._add(record.kind, "new")
                return record.kind
            case Changed(id=known, record=record):
                flags = {"restored": change.restored, "reidentified": change.reidentified}
                self._add(record.kind, "changed", *(name for name, so in flags.items() if so))
                self.delivered.add(known)
                return record.kind
            case Unchanged(id=known, kind=kind):
                self._add(kind, "unchanged")
                self.delivered.add(known)
                return kind
            case Rejected() | Failed():
                self._add(change.kind, "rejected" if isinstance(change, Rejected) else "failed")
                met = change.id or self._by_subject.get((change.kind, change.subject))
                if met is not None:
                    self.delivered.add(met)
                self.note(change.problem)
                return change.kind

    def judged(self, kind: Kind, found: Report | Verdict | None) -> None:
        """Count what the validation of a delivered record found."""
        if found is not None:
            self._add(kind, *(["conforming"] if found.conforms else []), *([] if found.valid else ["violations"]))

    def note(self, problem: Problem) -> None:
        """Write a problem down; beyond `PROBLEM_CAP` of one code it is only counted."""
        self._problem_counts[problem.code] += 1
        self._trouble = self._trouble or not problem.remark
        if self._problem_counts[problem.code] <= PROBLEM_CAP:
            self._problems.append(problem)

    def settle(self, kinds: Iterable[Kind], name: str) -> None:
        """Count the records that a run withdraws or holds, by kind."""
        for kind in kinds:
            self._add(kind, name)

    def seen(self) -> Mapping[Kind, int]:
        """Return how many resources of each kind were met."""
        return {kind: counts.seen for kind, counts in self.counts().items()}

    def counts(self) -> Mapping[Kind, Counts]:
        """Return the figures so far."""
        return MappingProxyType({kind: Counts(**named) for kind, named in self._counts.items()})

    def ledger(self) -> Ledger:
        """Return the ledger as it stands, with the problems that are not written yet."""
        numbers = MappingProxyType(dict(self._problem_counts))
        return Ledger(self.counts(), tuple(self._problems), numbers, self.requests, self.bytes)

    def written(self) -> None:
        """Say that the ledger is stored: its problems need not be written again."""
        self._kept += self._problems
        self._problems = []

    def problems(self) -> tuple[Problem, ...]:
        """Return every problem kept, written or not."""
        return (*self._kept, *self._problems)

    def outcome(self, *, complete: bool, held: bool) -> Outcome:
        """Return the worst thing that happened."""
        figures = self.counts().values()
        if not complete and not any(counts.seen - counts.failed for counts in figures):
            return Outcome.FAILED
        if held:
            return Outcome.HELD
        if not complete or any(counts.failed for counts in figures):
            return Outcome.PARTIAL
        if self._trouble or any(counts.rejected for counts in figures):
            return Outcome.WARNINGS
        return Outcome.OK

    def _add(self, kind: Kind, *names: str) -> None:
        self._counts.setdefault(kind, Counter()).update(names)
