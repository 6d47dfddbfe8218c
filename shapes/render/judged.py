"""What the renderers take: reports with the names of what they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shapes.report import Finding, Group, Report


@dataclass(frozen=True, slots=True)
class Judged:
    """A report and the name of the file, URL or record it is about; `name` may be empty."""

    name: str
    report: Report


def merged(judged: Sequence[Judged]) -> Report:
    """Return the reports of several files as one. A release they do not share is left out."""
    reports = [each.report for each in judged]
    profiles = list(dict.fromkeys(r.profile for r in reports))
    releases = list(dict.fromkeys(r.release for r in reports))
    return Report.merged(", ".join(profiles), ", ".join(releases), reports)


def grouped(report: Report) -> Iterator[tuple[Group, Sequence[Finding]]]:
    """Yield the groups of a report, worst first, each with its findings."""
    of_group: dict[tuple[str | None, str | None, str], list[Finding]] = {}
    for finding in report.findings:
        of_group.setdefault((finding.shape, finding.path, finding.severity), []).append(finding)
    for group in report.groups():
        yield group, of_group[group.shape, group.path, group.severity]
