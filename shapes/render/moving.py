"""What moving to another profile means, as text and JSON: for certain records, and rule by rule."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from shapes.crosswalk import Asked, Line, advice, crosswalk
from shapes.migration import Migration, groups_of
from shapes.profiles import Profile, Rule
from shapes.render.json import group_json
from shapes.render.text import plural, printable
from shapes.report import Finding, Report
from shapes.wording import path_name

_HEADINGS: Final = (
    ("breaks", "breaks (a violation by the second profile only)"),
    ("stays", "is a violation by both profiles"),
    ("asks", "is advised by the second profile only"),
    ("eased", "is no violation any more"),
)


def migration_json(migration: Migration) -> str:
    """Return a migration as one JSON object; every list is grouped by what is to be done, most records first."""
    body: dict[str, Any] = {
        "from": _summary(migration.before),
        "to": _summary(migration.after),
        "datasets": migration.after.datasets,
        "possible": migration.possible,
        "records": migration.records,
    }
    for name, _ in _HEADINGS:
        body[name] = [group_json(group) for group in groups_of(getattr(migration, name))]
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def migration_text(migration: Migration) -> str:
    """Return a migration as text for a terminal."""
    return "\n".join(_migration_lines(migration)) + "\n"


def crosswalk_json(before: Profile, after: Profile) -> str:
    """Return what two profiles ask differently as one JSON object."""
    body = {
        "from": {"profile": before.id, "release": before.release},
        "to": {"profile": after.id, "release": after.release},
        "lines": [_line(line) for line in crosswalk(before, after)],
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def crosswalk_text(before: Profile, after: Profile) -> str:
    """Return what two profiles ask differently as text for a terminal."""
    lines = crosswalk(before, after)
    counted = Counter(line.change for line in lines)
    head = f"From {before.id} to {after.id}: {plural(len(lines), 'property') if len(lines) == 1 else _many(len(lines))}"
    parts = [f"{head} treated differently ({', '.join(f'{n} {change}' for change, n in counted.items())})"]
    last = ""
    for line in lines:
        if line.change != last:
            parts.append(f"\n{line.change.upper()}")
            last = line.change
        parts.append(f"  {line.target} {line.path}")
        if line.rules:
            parts.append(f"    {advice(line)}")
    return "\n".join(parts) + "\n"


def _many(number: int) -> str:
    return f"{number:,} properties"


def _migration_lines(migration: Migration) -> Iterator[str]:
    before, after = _named(migration.before), _named(migration.after)
    yield f"From {before} to {after}: {plural(migration.after.datasets, 'dataset')}"
    if migration.possible:
        yield "Nothing breaks."
    else:
        broken = plural(len(migration.breaks), "new violation")
        yield f"{broken} in {plural(migration.records, 'record')}"
    for name, heading in _HEADINGS:
        findings: Sequence[Finding] = getattr(migration, name)
        if findings:
            yield f"\nWhat {heading}:"
        for group in groups_of(findings):
            where = f"{plural(group.count, 'time')} in {plural(group.records, 'record')}"
            yield f"  {printable(path_name(group.path)) if group.path else 'the whole description'}  {where}"
            yield f"    {printable(group.message)}"
            if group.fix and name != "eased":
                yield f"    Fix: {printable(group.fix)}"


def _named(report: Report) -> str:
    return report.profile if report.release in report.profile else f"{report.profile} ({report.release})"


def _summary(report: Report) -> dict[str, Any]:
    return {
        "profile": report.profile,
        "release": report.release,
        "valid": report.valid,
        "counts": dict(report.counts()),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "class": line.target,
        "path": line.path,
        "change": line.change,
        "before": _asked(line.before),
        "after": _asked(line.after),
        "rules": [_rule(rule) for rule in line.rules],
    }


def _asked(asked: Asked) -> dict[str, Any]:
    return {"obligation": asked.strongest, "levels": dict(asked.obligation), "values": list(asked.values)}


def _rule(rule: Rule) -> dict[str, str]:
    return {
        "shape": rule.iri,
        "severity": rule.severity,
        "message": rule.message,
        "fix": rule.fix,
        "reference": rule.reference,
    }
