"""What differs between two descriptions of one record, statement by statement and property by property.

Blank nodes are written `_:` because their canonical labels depend on the whole graph: a statement that only names such
a node anew has not changed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from shapes.vocabulary import shorten

_BLANK = re.compile(r"_:\w+")


@dataclass(frozen=True, slots=True)
class Difference:
    """The statements (N-Triples, sorted) that came and went."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """The values of one property (prefixed name where there is one) that came and went, as N-Triples terms."""

    property: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


def statements(body: bytes) -> Counter[str]:
    """Return the statements of canonical N-Triples, blank nodes without their labels."""
    lines = body.decode("utf-8").splitlines()
    return Counter(_BLANK.sub("_:", line) if "_:" in line else line for line in lines if line)


def difference(before: Counter[str], now: Counter[str]) -> Difference:
    """Return what came and went from one description to the next."""
    return Difference(tuple(sorted((now - before).elements())), tuple(sorted((before - now).elements())))


def by_property(found: Difference) -> tuple[PropertyChange, ...]:
    """Return a difference property by property, in the order of their names."""
    added, removed = _values(found.added), _values(found.removed)
    return tuple(
        PropertyChange(shorten(name), tuple(added.get(name, ())), tuple(removed.get(name, ())))
        for name in sorted(added.keys() | removed.keys(), key=shorten)
    )


def _values(lines: tuple[str, ...]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for line in lines:
        _, predicate, value = line.removesuffix(" .").split(" ", 2)
        values.setdefault(predicate[1:-1], []).append(value)
    return values
