"""What the pages of bodies say beyond their entries: conditions of all their datasets, their past, legal clocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from catalogue.dac.committee import Committee, Role
from catalogue.dac.confirming import changed_fields, is_due
from catalogue.deciding import Governing
from catalogue.journal.registry import CommitteeState
from catalogue.use.conditions import read_signature
from catalogue.use.terms import PERMISSIONS, code_of, iri_of, words_of


@dataclass(frozen=True, slots=True)
class Shared:
    """A condition of use among the datasets of a body. `every`: all of them state it."""

    shorthand: str
    code: str
    iri: str
    words: str
    datasets: int
    every: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One import that made or changed an entry; `fields` are what changed, none for the first."""

    time: datetime
    name: str
    fields: tuple[str, ...]
    first: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter of the list of bodies: its value, its words, how many bodies have it."""

    value: str
    words: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """A term the law sets: what, how long, by which article, and from when it applies."""

    what: str
    how_long: str
    article: str


FILTERS: Final = ("country", "role", "level", "due")  # of the list of bodies
# Regulation (EU) 2025/327. Chapter IV applies from 26 March 2029, to human genetic data from 26 March 2031 (Art. 105).
LEGAL_CLOCKS: Final = (
    Clock("to decide on an application", "3 months, once 3 more", "Art. 68(4)"),
    Clock("to give access once a permit is there", "2 months", "Art. 68(7)"),
    Clock("for the holder to hand over the data", "3 months, once 3 more", "Art. 60(2)"),
)
LEGAL_FROM: Final = date(2029, 3, 26)
LEGAL_GENETIC_FROM: Final = date(2031, 3, 26)


def shared_conditions(signatures: Mapping[str, int]) -> tuple[list[Shared], int, int]:
    """Return the conditions of all datasets of a body, with how many datasets there are and how many state any.

    Conditions common to all come first, then by how many state them.
    """
    total, stating, counts = 0, 0, Counter[str]()
    for text, count in signatures.items():
        total += count
        terms = {term.shorthand for terms in read_signature(text).policies for term in terms}
        stating += count if terms else 0
        counts.update(dict.fromkeys(terms, count))
    rows = [
        Shared(each, code_of(each), iri_of(each), words_of(each), count, every=count == total)
        for each, count in counts.items()
    ]
    rows.sort(key=lambda row: (not row.every, row.shorthand not in PERMISSIONS, -row.datasets, row.shorthand))
    return rows, total, stating


def changes(states: Sequence[CommitteeState]) -> tuple[Change, ...]:
    """Return what each import did to an entry, newest first."""
    found: list[Change] = []
    for number, state in enumerate(states):
        fields = changed_fields(states[number - 1].committee, state.committee) if number else ()
        found.append(Change(state.time, state.name, fields, first=not number))
    return tuple(reversed(found))


def chosen(rows: Iterable[Governing], wanted: Mapping[str, str], today: date) -> list[Governing]:
    """Return the bodies that have every value wished for."""
    return [row for row in rows if all(value == of(row.committee, name, today) for name, value in wanted.items())]


def by_country(rows: Iterable[Governing]) -> list[tuple[str, list[Governing]]]:
    """Return bodies by country, in their order; those of none come last."""
    groups: dict[str, list[Governing]] = {}
    for row in rows:
        groups.setdefault(row.committee.country or "", []).append(row)
    return sorted(groups.items(), key=lambda group: not group[0])


def choices(rows: Sequence[Governing], name: str, wanted: Mapping[str, str], today: date) -> list[tuple[str, int]]:
    """Return the values of one filter with how many bodies have each, given the other filters."""
    others = {other: value for other, value in wanted.items() if other != name}
    counted = Counter(of(row.committee, name, today) for row in chosen(rows, others, today))
    return sorted(((value, count) for value, count in counted.items() if value), key=lambda pair: (-pair[1], pair[0]))


def of(committee: Committee, name: str, today: date) -> str:
    """Return what a body has for a filter."""
    if name == "due":
        return "yes" if is_due(committee, today) else "no"
    value: object = getattr(committee, name)
    return value.value if isinstance(value, Role) else str(value or "")
