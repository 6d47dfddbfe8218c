"""A report as an HTML page that stands alone: its style is in it, it has no script, and asks no server for anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from shapes.render.judged import Judged, grouped
from shapes.render.text import plural, summary
from shapes.report import INFO, VIOLATION, WARNING, Finding, Group
from shapes.wording import path_name

_WORDS: Final = {VIOLATION: "Violation", WARNING: "Warning", INFO: "Note"}
_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; overflow-wrap: anywhere; }
section.group { border: 1px solid #8888; border-left-width: .4rem; border-radius: .4rem; margin: 1rem 0; }
section.group { padding: 0 1rem 1rem; }
section.violation { border-left-color: #b3261e; }
section.warning { border-left-color: #9a6700; }
section.info { border-left-color: #0b57d0; }
h3 { font-size: 1rem; margin-bottom: 0; }
code, td { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem .25rem 0; border-top: 1px solid #8884; }
p.fix { padding-left: 1rem; border-left: .2rem solid #8888; }
"""


def as_html(judged: Sequence[Judged]) -> str:
    """Return the reports as one page; every value is escaped."""
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Validation report</title><style>{_STYLE}</style></head>",
            "<body><h1>Validation report</h1>",
            *(line for each in judged for line in _report(each)),
            "</body></html>",
            "",
        )
    )


def _report(judged: Judged) -> Iterator[str]:
    report = judged.report
    if judged.name:
        yield f"<h2>{escape(judged.name)}</h2>"
    profile = report.profile if report.release in report.profile else f"{report.profile}, {report.release}"
    yield f"<p><strong>{escape(summary(report))}.</strong> Judged by {escape(profile)}.</p>"
    if report.warnings:
        yield "<p>About the shapes:</p><ul>"
        yield from (f"<li>{escape(warning)}</li>" for warning in report.warnings)
        yield "</ul>"
    for group, findings in grouped(report):
        yield from _group(group, findings)


def _group(group: Group, findings: Sequence[Finding]) -> Iterator[str]:
    word = _WORDS.get(group.severity, group.severity)
    kind = group.severity if group.severity in _WORDS else "other"
    yield f'<section class="group {kind}">'
    path = f": <code>{escape(path_name(group.path))}</code>" if group.path else ""
    yield f"<h3>{escape(word)}{path}</h3>"
    yield f"<p>{escape(group.message)}</p>"
    if group.fix:
        yield f'<p class="fix">{escape(group.fix)}</p>'
    if findings[0].reference:
        yield f"<p>Rule: {escape(findings[0].reference)}</p>"
    where = f"{plural(group.count, 'time')} in {plural(group.records, 'record')}"
    yield f"<details><summary>{where}</summary><table>"
    yield "<thead><tr><th>Line</th><th>Resource</th><th>Where in the record</th><th>Value</th></tr></thead><tbody>"
    yield from (_row(finding, group) for finding in findings)
    yield "</tbody></table></details></section>"


def _row(finding: Finding, group: Group) -> str:
    focus = finding.record if finding.focus.startswith("_:") and finding.record else finding.focus
    said = [finding.message] if finding.message != group.message else []
    value = " ".join((*said, finding.value or ""))
    cells = ("" if finding.line is None else str(finding.line), focus, finding.place or "", value)
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
