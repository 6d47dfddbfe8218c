"""What a validation found. Plain frozen records; how they are shown is in `shapes.render`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

VIOLATION = "violation"
WARNING = "warning"
INFO = "info"


class Finding(NamedTuple):
    """One top-level SHACL result, in plain words. A tuple, because a harvest makes hundreds of thousands.

    `severity` is violation, warning, info, or the IRI of another severity. `component` is the local name of the SHACL
    constraint component. `record` is the subject of the record it was found in. `place` says how one gets from there to
    a focus node other than the record itself, as the properties on the way (`dcat:distribution / dct:license`). `line`
    is the line of the value, or else the line on which the focus node, or where that has no name the record, is first
    described; set where known.
    `fix` and `reference` come from our own rule tables; shapes of others have none.
    """

    severity: str
    focus: str
    path: str | None
    value: str | None
    component: str
    shape: str | None
    message: str
    fix: str | None = None
    reference: str | None = None
    line: int | None = None
    record: str | None = None
    place: str | None = None
    detail: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that share shape and path: one thing to fix, in how many records."""

    shape: str | None
    path: str | None
    severity: str
    count: int
    records: int
    message: str
    fix: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The figures of a report, small enough to stand beside every record."""

    profile: str
    release: str
    conforms: bool
    violation: int = 0
    warning: int = 0
    info: int = 0

    @property
    def valid(self) -> bool:
        """Whether there is no violation (a warning leaves a record valid; SHACL's `conforms` does not)."""
        return self.violation == 0


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of one record or of many. `release` names the profile's release, and the level where one applies.

    `warnings` tell what was left out of, or had no effect in, shapes that were given beside or instead of a profile.
    """

    profile: str
    release: str
    datasets: int
    findings: tuple[Finding, ...] = field(default=())
    warnings: tuple[str, ...] = ()

    @property
    def conforms(self) -> bool:
        """SHACL's own word: no result of any severity."""
        return not self.findings

    @property
    def valid(self) -> bool:
        """No violation."""
        return not any(f.severity == VIOLATION for f in self.findings)

    def counts(self) -> Mapping[str, int]:
        """How many findings of each severity; the three standard ones are always there."""
        counted = Counter(f.severity for f in self.findings)
        return {VIOLATION: 0, WARNING: 0, INFO: 0} | dict(counted)

    def verdict(self) -> Verdict:
        """The figures alone."""
        counts = self.counts()
        return Verdict(self.profile, self.release, self.conforms, counts[VIOLATION], counts[WARNING], counts[INFO])

    def groups(self) -> tuple[Group, ...]:
        """Findings grouped by shape and path, worst and most frequent first."""
        together: dict[tuple[str | None, str | None, str], list[Finding]] = {}
        for finding in self.findings:
            together.setdefault((finding.shape, finding.path, finding.severity), []).append(finding)
        rank = {VIOLATION: 0, WARNING: 1, INFO: 2}
        groups = [
            Group(shape, path, severity, len(found), len({f.record for f in found}), found[0].message, found[0].fix)
            for (shape, path, severity), found in together.items()
        ]
        return tuple(sorted(groups, key=lambda g: (rank.get(g.severity, 3), -g.records, -g.count, g.message)))

    @classmethod
    def merged(cls, profile: str, release: str, reports: Iterable[Report]) -> Report:
        """One report over many records."""
        reports = tuple(reports)
        findings = tuple(f for r in reports for f in r.findings)
        warnings = tuple(dict.fromkeys(w for r in reports for w in r.warnings))
        return cls(profile, release, sum(r.datasets for r in reports), findings, warnings)
