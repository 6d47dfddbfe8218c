"""The scores of a document that was judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from shapes.cut import cut
from shapes.parse import Document, read
from shapes.record import Kind, Record
from shapes.report import Finding, Report
from shapes.scores.evaluate import score_record
from shapes.scores.metric import Score


@dataclass(frozen=True, slots=True)
class Scored:
    """A dataset, by its IRI, and its scores."""

    record: str
    scores: tuple[Score, ...]


def score_document(document: Document, report: Report) -> Iterator[Scored]:
    """Yield the scores of the datasets of a document, in its order; `report` is what a profile found in it.

    Raises what reading raises.
    """
    findings: dict[str | None, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        findings[finding.record].append(finding)
    for record in cut(read(document)):
        if isinstance(record, Record) and record.kind is Kind.DATASET:
            of_record = Report(report.profile, report.release, 1, tuple(findings[record.subject]))
            yield Scored(record.subject, score_record(record, of_record.verdict()))
