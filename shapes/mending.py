"""What to mend first: the findings of many records put together by rule, each with what mending it would win.

Two figures beside how many records it touches: how many of them would be *freed*, because nothing else in them is a
violation; and how many *points* of the metadata quality assessment (see docs/scores.md) they would win at least. Points
are told where a finding says that the very property a metric asks for is missing, and the metric applies to every
dataset; whoever is freed wins those for compliance too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

from shapes.profiles import profiles, rule
from shapes.report import INFO, VIOLATION, WARNING, Finding, Group, Report
from shapes.scores import metrics
from shapes.vocabulary import expand
from shapes.wording import path_name

_RANK: Final = {VIOLATION: 0, WARNING: 1, INFO: 2}
_MISSING: Final = "MinCountConstraintComponent"
_AT_DISTRIBUTION: Final = "dcat:distribution"
_COMPLIANT: Final = "@compliant"
_VALUES: Final = 5

_Key: TypeAlias = tuple[str | None, str | None, str]


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing to mend. `records` are those it touches, in the order of the findings."""

    group: Group
    findings: tuple[Finding, ...]
    records: tuple[str, ...]
    freed: int
    points: int

    @property
    def path(self) -> str:
        """The property it is about, as people write it; empty where it is about the whole description."""
        return path_name(self.group.path) if self.group.path else ""

    @property
    def reference(self) -> str | None:
        """Where the specification says so."""
        return self.findings[0].reference

    @property
    def example(self) -> str:
        """A right value in Turtle; empty where the rule has none, or the fix ends with it."""
        found = rule(self.group.shape) if self.group.shape else None
        return "" if found is None or found.example in (self.group.fix or "") else found.example

    @property
    def values(self) -> tuple[str, ...]:
        """The values found most often, five at most."""
        counted = Counter(finding.value for finding in self.findings if finding.value)
        return tuple(value for value, _ in counted.most_common(_VALUES))


def mends(report: Report, *, by_points: bool = False) -> tuple[Mend, ...]:
    """Return what to mend: what must be before what should be, then what touches most records and wins most points.

    `by_points`: what wins most points first, whatever its severity.
    """
    together: dict[_Key, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        together[finding.shape, finding.path, finding.severity].append(finding)
    alone = _alone(report)
    compliance = _compliance() if _speaks_of_dcat(report.profile) else 0
    found = [
        _mend(group, together[group.shape, group.path, group.severity], alone, compliance) for group in report.groups()
    ]
    return tuple(sorted(found, key=_by_points if by_points else _by_records))


def _by_records(mend: Mend) -> tuple[int, int, int]:
    return (_RANK.get(mend.group.severity, len(_RANK)), -mend.group.records, -mend.points)


def _by_points(mend: Mend) -> tuple[int, int, int]:
    return (-mend.points, *_by_records(mend)[:2])


def _mend(group: Group, findings: list[Finding], alone: Mapping[str | None, _Key | None], compliance: int) -> Mend:
    key = (group.shape, group.path, group.severity)
    records = dict.fromkeys(finding.record for finding in findings)
    freed = sum(alone.get(record) == key for record in records)
    touched = {finding.record: _points(finding) for finding in findings if finding.component == _MISSING}
    return Mend(
        group=group,
        findings=tuple(findings),
        records=tuple(record for record in records if record is not None),
        freed=freed,
        points=sum(touched.values()) + freed * compliance,
    )


def _alone(report: Report) -> dict[str | None, _Key | None]:
    """For every record with violations: the one kind they are all of; None where there are several."""
    found: dict[str | None, _Key | None] = {}
    for finding in report.findings:
        if finding.severity == VIOLATION:
            key = (finding.shape, finding.path, finding.severity)
            if found.setdefault(finding.record, key) != key:
                found[finding.record] = None
    return found


def _points(finding: Finding) -> int:
    """The points a record wins when the property is there that a finding misses."""
    if finding.path is None or "<" in finding.path:
        return 0
    where = "dataset" if finding.place is None else "distribution" if finding.place == _AT_DISTRIBUTION else ""
    return _asked().get((where, finding.path), 0)


@cache
def _asked() -> Mapping[tuple[str, str], int]:
    """The points of every metric that asks for one property, by what it is asked of and the property's IRI."""
    plain = (each for each in metrics("mqa") if not each.open_only and not set(each.test) & set("@|/"))
    return {(each.on, expand(each.test)): each.points for each in plain}


@cache
def _compliance() -> int:
    return next(each.points for each in metrics("mqa") if each.test == _COMPLIANT)


def _speaks_of_dcat(profile_id: str) -> bool:
    """Whether a profile's verdict is one about DCAT-AP, so that a valid record wins the points for compliance."""
    found = profiles().get(profile_id)
    return found is not None and (found.extends or found.id).startswith("dcat-ap-")
