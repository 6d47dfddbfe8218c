"""Judging documents: a file is cut into records, each is judged, and what could not be read is a finding too.

A document is never called valid for want of something to judge: one without any record, or with a statement that could
not be read, is a violation. The components of those findings are ours: `SyntaxError`, `NoRecord`, `NotJudged`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from shapes.checking import check_delivery
from shapes.collecting import seldom
from shapes.cut import cut
from shapes.errors import NotRdf
from shapes.graph import node_of
from shapes.lines import LineIndex
from shapes.parse import Document, Reading, read
from shapes.record import Kind, Record, Refusal
from shapes.report import VIOLATION, Finding, Report
from shapes.validate import GraphValidator, Validator
from shapes.vocabulary import DCAT, GDIX

JudgeAll: TypeAlias = Callable[[Sequence[Record]], Iterable[Report]]

_KINDS: Final = "dcat:Dataset, dcat:DatasetSeries, dcat:DataService or dcat:Catalog"


def judge_document(
    document: Document, validator: Validator | GraphValidator, *, judge_all: JudgeAll | None = None
) -> Report:
    """Judge one document. `judge_all` judges its records, in order; the default does so one after the other.

    Raises `NotRdf`, `Hostile` or `TooLarge` where nothing of it could be read, and `BadShapes`.
    """
    with seldom():
        return _judged(document, validator, judge_all)


def _judged(document: Document, validator: Validator | GraphValidator, judge_all: JudgeAll | None) -> Report:
    reading = read(document)
    statements = tuple(reading)
    if not statements and reading.defects:
        first = reading.defects[0]
        raise NotRdf(f"Nothing in it could be read: {first.detail}", url=document.name, line=first.line)
    extra = _unread(document, reading)
    if isinstance(validator, GraphValidator):
        report = validator.judge_graph(quad.triple for quad in statements)
    else:
        parts = tuple(cut(statements, complete=reading.complete, points=validator.profile.points))
        report = _judge(parts, validator, judge_all)
        extra += _missing(document, parts)
    found = _with_lines(document, reading, (*extra, *report.findings))
    return replace(report, findings=found, warnings=validator.notes)


def _judge(parts: Sequence[Record | Refusal], validator: Validator, judge_all: JudgeAll | None) -> Report:
    records = [part for part in parts if isinstance(part, Record)]
    reports = list(judge_all(records) if judge_all else map(validator.judge, records))
    releases = {report.release for report in reports}
    release = releases.pop() if len(releases) == 1 else validator.profile.release
    merged = Report.merged(validator.profile.id, release, reports)
    between = tuple(check_delivery(validator.profile, records))
    return replace(merged, findings=(*merged.findings, *between)) if between else merged


def _missing(document: Document, parts: Sequence[Record | Refusal]) -> list[Finding]:
    """Say what was not judged: refused records, and a document that has nothing to judge."""
    findings = [_not_judged(part) for part in parts if isinstance(part, Refusal)]
    records = [part for part in parts if isinstance(part, Record)]
    if not parts:
        findings.append(_nothing(document.name, f"This document describes no {_KINDS}."))
    elif records and not _holds_data(records):
        findings.append(_nothing(records[0].subject, "This document describes a catalogue without any dataset."))
    return findings


def _holds_data(records: Sequence[Record]) -> bool:
    """Tell whether there is more than catalogues here that list nothing."""
    if any(record.kind is not Kind.CATALOGUE for record in records):
        return True
    lists = (DCAT.dataset, DCAT.service, DCAT.catalog)
    return any(record.graph().values(node_of(record.subject), name) for record in records for name in lists)


def _unread(document: Document, reading: Reading) -> list[Finding]:
    """One finding per statement that could not be read."""
    findings = [
        _own(document.name, "SyntaxError", f"A statement could not be read: {defect.detail}", line=defect.line)
        for defect in reading.defects
    ]
    if not reading.complete and not findings:
        findings.append(_own(document.name, "SyntaxError", "The document ends before its last statement does."))
    return findings


def _not_judged(refusal: Refusal) -> Finding:
    return _own(refusal.subject, "NotJudged", refusal.detail, record=refusal.subject)


def _nothing(focus: str, message: str) -> Finding:
    fix = (
        "Check that this is the right file, that every dataset has the type dcat:Dataset, and that prefixes are right."
    )
    return _own(focus, "NoRecord", message, fix=fix)


def _own(
    focus: str,
    component: str,
    message: str,
    *,
    fix: str | None = None,
    line: int | None = None,
    record: str | None = None,
) -> Finding:
    return Finding(VIOLATION, focus, None, None, component, GDIX[component], message, fix, line=line, record=record)


def _with_lines(document: Document, reading: Reading, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Set the line of every finding whose focus node, or else whose record, is found in the text."""
    if not findings:
        return ()
    index = LineIndex(document.data, reading.syntax, document.base)
    return tuple(
        f
        if f.line is not None
        else f._replace(line=index.line(f.focus, f.value) or (index.line(f.record) if f.record else None))
        for f in findings
    )
