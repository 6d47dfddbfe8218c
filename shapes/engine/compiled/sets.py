"""Constraints on all values together (SHACL 1.0, sections 4.2, 4.4.5, 4.5, 4.8.2): how many, which, beside which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from shapes.engine.compiled.check import Check, Constraint, Draft
from shapes.engine.compiled.index import Index
from shapes.engine.compiled.ordering import less, less_or_equal
from shapes.engine.compiled.parameters import count, fault
from shapes.engine.result import Hit, Source
from shapes.engine.text import parts
from shapes.errors import OverBudget
from shapes.vocabulary import SH, XSD

_TRUE: Final = ox.Literal("true", datatype=ox.NamedNode(XSD.boolean))
# Pairs of values compared at one node: a period has one start and one end.
_MOST_PAIRS: Final = 250_000


def count_constraints(draft: Draft) -> Iterator[Constraint]:
    """sh:minCount and sh:maxCount (section 4.2)."""
    least, most = (count(draft.graph, draft.shape, name) for name in (SH.minCount, SH.maxCount))
    if draft.path is None:
        for name, number in ((SH.minCount, least), (SH.maxCount, most)):
            if number is not None:
                raise fault(draft.shape, name, "stand in a shape that has a sh:path")
    if least:
        # Whoever has a value has one at least.
        yield Constraint(_at_least(draft.source("MinCount"), least), without_values=True, with_values=least > 1)
    if most is not None:
        yield Constraint(_at_most(draft.source("MaxCount"), most))


def _at_least(source: Source, least: int) -> Check:
    def check(_index: Index, focus: str, values: Sequence[str], found: list[Hit]) -> None:
        if len(values) < least:
            found.append(Hit(source, focus))

    return check


def _at_most(source: Source, most: int) -> Check:
    def check(_index: Index, focus: str, values: Sequence[str], found: list[Hit]) -> None:
        if len(values) > most:
            found.append(Hit(source, focus))

    return check


def has_value_constraints(draft: Draft) -> Iterator[Constraint]:
    """sh:hasValue (section 4.8.2)."""
    for value in draft.graph.values(draft.shape, SH.hasValue):
        yield Constraint(_has(draft.source("HasValue"), str(value)), without_values=True)


def _has(source: Source, wanted: str) -> Check:
    def check(_index: Index, focus: str, values: Sequence[str], found: list[Hit]) -> None:
        if wanted not in values:
            found.append(Hit(source, focus))

    return check


def unique_language_constraints(draft: Draft) -> Iterator[Constraint]:
    """sh:uniqueLang (section 4.4.5), where nothing but the literal `true` switches it on."""
    if _TRUE not in draft.graph.values(draft.shape, SH.uniqueLang):
        return
    if draft.path is None:
        raise fault(draft.shape, SH.uniqueLang, "stand in a shape that has a sh:path")
    source = draft.source("UniqueLang")

    def check(_index: Index, focus: str, values: Sequence[str], found: list[Hit]) -> None:
        if len(values) > 1:
            tags = Counter(parts(value).language.lower() for value in values if value[0] == '"')
            found.extend(Hit(source, focus) for tag, times in tags.items() if tag and times > 1)

    yield Constraint(check)


def pair_constraints(draft: Draft) -> Iterator[Constraint]:
    """sh:equals, sh:disjoint, sh:lessThan and sh:lessThanOrEquals (section 4.5)."""
    for name, make in _PAIRS.items():
        for other in draft.graph.values(draft.shape, SH[name]):
            if not isinstance(other, ox.NamedNode):
                raise fault(draft.shape, SH[name], f"be the IRI of a property, not {other}")
            if draft.path is None and name.startswith("less"):
                raise fault(draft.shape, SH[name], "stand in a shape that has a sh:path")
            source = draft.source(name[0].upper() + name[1:])
            yield Constraint(make(source, str(other)), without_values=name == "equals")


def _others(index: Index, focus: str, predicate: str) -> Sequence[str]:
    said = index.all.get(focus)
    return said.get(predicate, ()) if said else ()


def _equal(source: Source, predicate: str) -> Check:
    def check(index: Index, focus: str, values: Sequence[str], found: list[Hit]) -> None:
        others = _others(index, focus, predicate)
        for one, another in ((values, frozenset(others)), (others, frozenset(values))):
            found.extend(Hit(source, focus, value) for value in one if value not in another)

    return check


def _disjoint(source: Source, predicate: str) -> Check:
    def check(index: Index, focus: str, values: Sequence[str], found: list[Hit]) -> None:
        others = frozenset(_others(index, focus, predicate))
        found.extend(Hit(source, focus, value) for value in values if value in others)

    return check


def _ordered(holds: Callable[[str, str], bool]) -> Callable[[Source, str], Check]:
    def make(source: Source, predicate: str) -> Check:
        def check(index: Index, focus: str, values: Sequence[str], found: list[Hit]) -> None:
            others = _others(index, focus, predicate)
            if len(values) * len(others) > _MOST_PAIRS:
                raise OverBudget(
                    f"A node has {len(values):,} values of {source.path} to compare with {len(others):,} others.",
                    record=focus.strip("<>"),
                )
            found.extend(Hit(source, focus, value) for value in values for other in others if not holds(value, other))

        return check

    return make


_PAIRS: Final[dict[str, Callable[[Source, str], Check]]] = {
    "equals": _equal,
    "disjoint": _disjoint,
    "lessThan": _ordered(less),
    "lessThanOrEquals": _ordered(less_or_equal),
}
