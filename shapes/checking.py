"""From the checks of a profile to findings: the rules of its tables that are not in its SHACL."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence

from shapes import checks
from shapes.checks import Breach
from shapes.graph import Node
from shapes.profiles import Profile, Rule
from shapes.record import Record
from shapes.report import Finding
from shapes.wording import value_text


def check_record(
    by: Profile, level: str, record: Record, place: Callable[[Node], str | None], skip: Container[str]
) -> Iterator[Finding]:
    """Yield what breaks the checks of a profile at a level.

    `place` says how one gets from the record to a node; nodes in `skip` (as N-Triples text) belong to other records.
    """
    for name, rule in by.checks(level):
        for breach in checks.of_record[name](record) if name in checks.of_record else ():
            if str(breach.focus) not in skip:
                yield _finding(name, rule, breach, record.subject, place(breach.focus))


def check_delivery(by: Profile, records: Sequence[Record]) -> Iterator[Finding]:
    """Yield what is wrong between the records of one delivery. Such rules hold at every level."""
    for name, rule in by.checks():
        for record, breach in checks.of_delivery[name](records) if name in checks.of_delivery else ():
            yield _finding(name, rule, breach, record.subject, None)


def _finding(name: str, rule: Rule, breach: Breach, record: str, place: str | None) -> Finding:
    return Finding(
        severity=rule.severity,
        focus=value_text(breach.focus),
        path=breach.path,
        value=value_text(breach.value),
        component=name,
        shape=rule.iri,
        message=rule.message,
        fix=rule.fix,
        reference=rule.reference,
        record=record,
        place=place,
    )
