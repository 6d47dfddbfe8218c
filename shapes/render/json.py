"""A report as JSON: the shape the command line's `--json` and the web's API share (docs: the interface contract)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from shapes.render.judged import Judged, merged
from shapes.report import Finding, Group, Report


def as_json(report: Report) -> dict[str, Any]:
    """Return a report as the JSON object of the contract; `warnings` only where shapes were given that have some."""
    body: dict[str, Any] = {
        "profile": report.profile,
        "release": report.release,
        "conforms": report.conforms,
        "valid": report.valid,
        "datasets": report.datasets,
        "counts": dict(report.counts()),
        "findings": [_finding(finding) for finding in report.findings],
        "groups": [group_json(group) for group in report.groups()],
    }
    return body | {"warnings": list(report.warnings)} if report.warnings else body


def judged_json(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return the reports of several files as one such object; every finding names its file, `files` sums each up."""
    body = as_json(merged(judged))
    body["findings"] = [
        {"file": each.name or None, **_finding(finding)} for each in judged for finding in each.report.findings
    ]
    body["files"] = [
        {
            "file": each.name or None,
            "release": each.report.release,
            "conforms": each.report.conforms,
            "valid": each.report.valid,
            "datasets": each.report.datasets,
            "counts": dict(each.report.counts()),
        }
        for each in judged
    ]
    return body


def as_json_text(judged: Sequence[Judged]) -> str:
    """Return the same as text."""
    return json_text(judged_json(judged))


def json_text(body: Mapping[str, object]) -> str:
    """Write a report's object as every door does, so that the same file gives the same bytes at all of them."""
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "focus": finding.focus,
        "path": finding.path,
        "value": finding.value,
        "component": finding.component,
        "shape": finding.shape,
        "message": finding.message,
        "fix": finding.fix,
        "line": finding.line,
        "reference": finding.reference,
        "record": finding.record,
        "place": finding.place,
        "detail": [_finding(nested) for nested in finding.detail],
    }


def group_json(group: Group) -> dict[str, Any]:
    """Return a group of findings as the JSON object of the contract."""
    return {
        "shape": group.shape,
        "path": group.path,
        "severity": group.severity,
        "count": group.count,
        "records": group.records,
        "message": group.message,
        "fix": group.fix,
    }
