"""What breaks when a node moves to another profile or release: two reports of the same records, compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shapes.report import VIOLATION, Finding, Group, Report

Place = tuple[str | None, str, str | None]


@dataclass(frozen=True, slots=True)
class Migration:
    """The way from one profile to another, for certain records.

    `breaks` are violations of the second that are none of the first; `asks` are its warnings and notes that the first
    does not have; `stays` are its violations that the first has too. `eased` are violations of the first that the
    second does not have. A fault is the same in both where record, node and property are.
    """

    before: Report
    after: Report
    breaks: tuple[Finding, ...]
    asks: tuple[Finding, ...]
    stays: tuple[Finding, ...]
    eased: tuple[Finding, ...]

    @property
    def possible(self) -> bool:
        """Whether the records can move as they are: nothing breaks."""
        return not self.breaks

    @property
    def records(self) -> int:
        """How many records something breaks in."""
        return len({finding.record for finding in self.breaks})


def migrate(before: Report, after: Report) -> Migration:
    """Compare what two profiles say of the same records."""
    graver, any_before = _places(before.findings, VIOLATION), _places(before.findings)
    after_violated = _places(after.findings, VIOLATION)
    violations = [finding for finding in after.findings if finding.severity == VIOLATION]
    others = [finding for finding in after.findings if finding.severity != VIOLATION]
    return Migration(
        before=before,
        after=after,
        breaks=tuple(finding for finding in violations if _place(finding) not in graver),
        asks=tuple(finding for finding in others if _place(finding) not in any_before),
        stays=tuple(finding for finding in violations if _place(finding) in graver),
        eased=tuple(
            finding
            for finding in before.findings
            if finding.severity == VIOLATION and _place(finding) not in after_violated
        ),
    )


def groups_of(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Return findings grouped by what is to be done, most records first."""
    return Report("", "", 0, tuple(findings)).groups()


def _place(finding: Finding) -> Place:
    return (finding.record, finding.focus, finding.path)


def _places(findings: Iterable[Finding], severity: str | None = None) -> frozenset[Place]:
    return frozenset(_place(finding) for finding in findings if severity in (None, finding.severity))
