"""A report as text for a terminal, grouped by what is to be fixed. Colours are kept apart from the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.text import Text

from shapes.render.judged import Judged, grouped
from shapes.report import INFO, VIOLATION, WARNING, Finding, Group, Report
from shapes.wording import path_name

_STYLES: Final = {VIOLATION: "bold red", WARNING: "bold yellow", INFO: "bold blue"}
_SHOWN: Final = 3
_MAX_VALUE: Final = 100


def as_text(judged: Sequence[Judged]) -> Text:
    """Return the reports as styled text; `.plain` is the same without colours."""
    return Text("\n").join(line for each in judged for line in _lines(each))


def plural(number: int, noun: str) -> str:
    """Return `1 warning`, `2 warnings`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def summary(report: Report) -> str:
    """Return what a report says in one sentence."""
    counts = report.counts()
    named = [plural(counts[s], noun) for s, noun in ((VIOLATION, "violation"), (WARNING, "warning"), (INFO, "note"))]
    other = sum(n for severity, n in counts.items() if severity not in _STYLES)
    if other:
        named.append(plural(other, "other finding"))
    verdict = "valid" if report.valid else "not valid"
    return f"{plural(report.datasets, 'dataset')}, {verdict}: {', '.join(named)}"


def _lines(judged: Judged) -> Iterator[Text]:
    report = judged.report
    if judged.name:
        yield Text(printable(judged.name), style="bold")
    judged_by = report.profile if report.release in report.profile else f"{report.profile} ({report.release})"
    yield Text.assemble(
        (summary(report), "bold green" if report.valid else "bold red"), (f"  by {printable(judged_by)}", "dim")
    )
    yield Text()
    for group, findings in grouped(report):
        yield from _group(group, findings)
        yield Text()


def _group(group: Group, findings: Sequence[Finding]) -> Iterator[Text]:
    severity = group.severity.upper() if group.severity in _STYLES else printable(group.severity)
    where = f"{plural(group.count, 'time')} in {plural(group.records, 'record')}"
    yield Text.assemble(
        (severity, _STYLES.get(group.severity, "bold")),
        ("  " + printable(path_name(group.path)) if group.path else "", "cyan"),
        (f"  {where}", "dim"),
    )
    yield Text(f"  {printable(group.message)}")
    if group.fix:
        yield Text.assemble("  ", ("Fix: ", "green"), printable(group.fix))
    for finding in findings[:_SHOWN]:
        yield from _finding(finding, group)
    if len(findings) > _SHOWN:
        yield Text(f"    and {len(findings) - _SHOWN:,} more", style="dim")


def _finding(finding: Finding, group: Group) -> Iterator[Text]:
    line = f"line {finding.line}: " if finding.line else ""
    focus = finding.focus
    if finding.place:
        focus = f"{finding.record if focus.startswith('_:') else focus}  ({finding.place})"
    yield Text(f"    {line}{printable(focus)}")
    if finding.message != group.message:
        yield Text(f"      {printable(finding.message)}")
    if finding.value is not None and finding.value != finding.focus:
        value = printable(finding.value)
        yield Text(f"      value: {value if len(value) <= _MAX_VALUE else value[:_MAX_VALUE] + '…'}", style="dim")


def printable(text: str) -> str:
    """Make a stranger's text safe for a terminal: no control characters, one line."""
    return "".join(c if c.isprintable() else " " for c in text)
