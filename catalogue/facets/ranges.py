"""Numbers and dates: what an entry states of them, and the ranges a user asks for."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable

from catalogue.dataset import Dataset
from catalogue.entry import Entry
from catalogue.facets.model import Facet, FacetKind, Span, Spans
from shapes.errors import BadQuery

# xsd:date, xsd:dateTime, xsd:gYear and xsd:gYearMonth all begin like this (XML Schema 1.1 part 2, 3.3.7 to 3.3.11).
_DATE = re.compile(r"^\s*(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?=$|\s|T|Z|[+-]\d{2}:\d{2})", re.ASCII)
_NUMBER = re.compile(r"^\d{1,18}$", re.ASCII)


def days(text: str) -> Span | None:
    """Return the days a date, month or year covers, or None when the text is no date.

    The day is taken as written; the time zone does not shift it.
    """
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if not year or (month is not None and not 1 <= month <= 12):  # noqa: PLR2004 - months of a year
        return None
    first_month, last_month = month or 1, month or 12
    last = calendar.monthrange(year, last_month)[1]
    if day is not None and not 1 <= day <= last:
        return None
    base = year * 10_000
    return Span(base + first_month * 100 + (day or 1), base + last_month * 100 + (day or last))


def _point(value: int | None) -> tuple[Span, ...]:
    return () if value is None else (Span(value, value),)


def number(read: Callable[[Dataset], int | None]) -> Spans:
    """The spans of a facet that is one number of the dataset."""

    def spans(entry: Entry) -> tuple[Span, ...]:
        return _point(read(entry.dataset)) if entry.dataset else ()

    return spans


def dates(read: Callable[[Dataset], Iterable[str | None]]) -> Spans:
    """The spans of a facet that is one or several dates of the dataset; texts that are no date are left out."""

    def spans(entry: Entry) -> tuple[Span, ...]:
        texts = read(entry.dataset) if entry.dataset else ()
        return tuple(span for text in texts if text and (span := days(text)))

    return spans


def ages(entry: Entry) -> tuple[Span, ...]:
    """The range of typical ages; nothing when the two ends contradict each other."""
    dataset = entry.dataset
    if dataset is None or (dataset.min_age is None and dataset.max_age is None):
        return ()
    if dataset.min_age is not None and dataset.max_age is not None and dataset.min_age > dataset.max_age:
        return ()
    return (Span(dataset.min_age, dataset.max_age),)


def periods(entry: Entry) -> tuple[Span, ...]:
    """The periods the data cover."""
    found: list[Span] = []
    for period in entry.dataset.periods if entry.dataset else ():
        start = days(period.start) if period.start else None
        end = days(period.end) if period.end else None
        low, high = start.low if start else None, end.high if end else None
        backwards = low is not None and high is not None and low > high
        if (start or end) and not backwards:
            found.append(Span(low, high))
    return tuple(found)


def parse_range(facet: Facet, text: str) -> Span:
    """Read a range a user wrote: `10..20`, `10..`, `..20` or `10`; for dates `2020..2021-06`.

    Raises `BadQuery` naming the facet and what a range looks like.
    """
    low_text, dots, high_text = text.strip().partition("..")
    if not dots:
        high_text = low_text
    low = _end(facet, low_text.strip(), text).low if low_text.strip() else None
    high = _end(facet, high_text.strip(), text).high if high_text.strip() else None
    if low is None and high is None:
        raise _bad(facet, text)
    if low is not None and high is not None and low > high:
        raise BadQuery(f"{facet.name} cannot be {text!r}: the range ends before it begins.")
    return Span(low, high)


def _whole_number(text: str) -> Span | None:
    return Span(int(text), int(text)) if _NUMBER.match(text) else None


def _end(facet: Facet, text: str, whole: str) -> Span:
    span = days(text) if facet.kind is FacetKind.DATE else _whole_number(text)
    if span is None:
        raise _bad(facet, whole)
    return span


def _bad(facet: Facet, text: str) -> BadQuery:
    example = "2020..2021-06" if facet.kind is FacetKind.DATE else "10..20"
    return BadQuery(f"{facet.name} cannot be {text!r}: write a range such as {example}; either end may be left out.")
