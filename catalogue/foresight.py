"""What a dry run foresees: each record that would become new, change, be turned away or be withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from catalogue.difference import PropertyChange, by_property, difference, statements
from catalogue.journal.journal import Journal
from harvester.changes import Change, Changed, Failed, New, Rejected
from shapes.record import Kind


class Fate(StrEnum):
    """What would become of a record."""

    NEW = "new"
    CHANGED = "changed"
    REJECTED = "rejected"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One record. `id` None: it has no page yet. `reason`: why it would be rejected, or fail.

    `violations` are those of the description delivered, `violations_before` those of the one known; None where there is
    none, or where it was judged by another profile.
    """

    fate: Fate
    kind: Kind
    subject: str
    id: str | None = None
    properties: tuple[PropertyChange, ...] = ()
    violations: int | None = None
    violations_before: int | None = None
    reason: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return it as `harvest --dry-run --json` lists it."""
        return {
            "change": self.fate.value,
            "kind": self.kind.value,
            "subject": self.subject,
            "id": self.id,
            "violations": self.violations,
            "violations_before": self.violations_before,
            "reason": self.reason,
            "properties": [
                {"property": each.property, "removed": list(each.removed), "added": list(each.added)}
                for each in self.properties
            ],
        }


Foresee: TypeAlias = Callable[[Foreseen], None]


class Foresight:
    """Tells of each change of a dry run what it would mean for what the journal knows."""

    def __init__(self, journal: Journal, foresee: Foresee) -> None:
        self._journal = journal
        self._foresee = foresee

    def change(self, event: Change) -> None:
        """Tell of a change; of a record that stays as it is, nothing."""
        match event:
            case New(record, report):
                found = report.verdict().violation
                self._foresee(Foreseen(Fate.NEW, record.kind, record.subject, violations=found))
            case Changed():
                self._foresee(self._changed(event))
            case Rejected(kind, subject, problem, known):
                self._foresee(Foreseen(Fate.REJECTED, kind, subject, known, reason=problem.detail))
            case Failed(kind, subject, problem, known):
                self._foresee(Foreseen(Fate.FAILED, kind, subject, known, reason=problem.detail))

    def absence(self, fate: Fate, record: str) -> None:
        """Tell of a record that did not come, and would be withdrawn or held."""
        state = self._journal.current(record)
        if state is not None:
            self._foresee(Foreseen(fate, state.kind, state.subject, record))

    def _changed(self, event: Changed) -> Foreseen:
        record, verdict = event.record, event.report.verdict()
        state = self._journal.current(event.id)
        before = b"" if state is None else state.body
        judged = state.verdict if state is not None else None
        same_judge = judged is not None and judged.profile == verdict.profile
        return Foreseen(
            Fate.CHANGED,
            record.kind,
            record.subject,
            event.id,
            by_property(difference(statements(before), statements(record.body))),
            verdict.violation,
            judged.violation if judged is not None and same_judge else None,
        )
