"""What stewards look at, in JSON: what to mend at a node, and how it went from run to run."""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.stewardship import Course, Milestone
from harvester.source import Source
from shapes.mending import Mend
from shapes.render.json import group_json
from shapes.report import Report
from ui.wire import Object


def quality_json(source: Source, report: Report, found: Iterable[Mend], course: Course) -> Object:
    """What the stewards of a node look at: what to mend, most telling first, and how it went from run to run."""
    return {
        "node": source.name,
        "profile": report.profile or None,
        "counts": dict(report.counts()),
        "scored": course.scored,
        "trend": [_milestone_json(each) for each in course.milestones],
        "mends": [_mend_json(each) for each in found],
    }


def _milestone_json(milestone: Milestone) -> Object:
    names = ("run", "datasets", "judged", "valid", "violations", "warnings")
    return {
        **{name: getattr(milestone, name) for name in names},
        "time": milestone.time.isoformat(),
        "scores": {scheme: round(percent, 1) for scheme, percent in milestone.percents.items()},
    }


def _mend_json(mend: Mend) -> Object:
    """One thing to mend: a group of findings, what mending it wins, and the records by our identifiers."""
    return group_json(mend.group) | {
        "freed": mend.freed,
        "points": mend.points,
        "reference": mend.reference,
        "ids": list(mend.records),
    }
