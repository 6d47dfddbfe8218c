"""From an engine's bare counts to what a reader sees: values chosen, cut, put in order and named."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

from catalogue.facets import Facet, FacetKind, value_labels
from catalogue.folding import fold
from catalogue.search.document import Label
from catalogue.search.query import FacetCounts, FacetValue
from catalogue.search.steps import steps
from catalogue.text import pick

SHOWN_VALUES: Final = 100  # values of one facet that come with a page of hits
MAX_VALUES: Final = 1000  # values of one facet where it is asked for alone

_REMEMBERED: Final = 50_000  # names

# Returns what an index knows of some values of a facet.
ReadLabels: TypeAlias = Callable[[str, Sequence[str]], Mapping[str, Label]]


@dataclass(frozen=True, slots=True)
class Tally:
    """What an engine counted of one facet: every value with a hit, and the hits that state none."""

    counts: Mapping[str, int]
    missing: int = 0

    def top(self, limit: int, chosen: Collection[str]) -> tuple[str, ...]:
        """Return the values to show: the most frequent, and every chosen one."""
        least = sorted(self.counts.values(), reverse=True)[limit - 1] if len(self.counts) > limit else 0
        best = sorted([(-count, value) for value, count in self.counts.items() if count >= least])
        return tuple(dict.fromkeys((*(value for _, value in best[:limit]), *chosen)))

    def without(self, other: Tally) -> Tally:
        """Return what is left when some of the hits are taken away."""
        counts = {value: left for value, count in self.counts.items() if (left := count - other.counts.get(value, 0))}
        return Tally(counts, self.missing - other.missing)


@dataclass(frozen=True, slots=True)
class Name:
    """What a value is called, how that is put in order, and the values above it."""

    label: str
    order: str
    parents: tuple[str, ...]


class Names:
    """What the values of an index are called, in each language asked for. It remembers; safe to share by threads."""

    def __init__(self, read: ReadLabels) -> None:
        self._read = read
        self._known: dict[tuple[str, tuple[str, ...]], dict[str, Name]] = {}

    def of(self, facet: Facet, values: Sequence[str], languages: tuple[str, ...]) -> Mapping[str, Name]:
        """Return the names of some values for a reader of these languages."""
        known = self._known.get((facet.name, languages), {})
        unknown = [value for value in values if value not in known]
        if unknown:
            labels = self._read(facet.name, unknown)
            if sum(map(len, self._known.values())) > _REMEMBERED:
                self._known.clear()
            named = {value: _name(facet, value, labels.get(value), languages) for value in unknown}
            known = self._known[facet.name, languages] = known | named
        return {value: known[value] for value in values}


def facet_counts(
    facet: Facet, tally: Tally, names: Names, *, chosen: Collection[str], languages: tuple[str, ...], limit: int
) -> FacetCounts:
    """Return a facet as it is shown, with up to `limit` values and those chosen."""
    label = facet_label(facet, languages)
    if facet.ranged:
        return FacetCounts(facet.name, label, facet.kind.value, _ranges(facet, tally, chosen), tally.missing)
    shown = names.of(facet, tally.top(limit, chosen), languages)
    order = sorted(shown, key=lambda value: (-tally.counts.get(value, 0), shown[value].order, value))
    depths = _as_tree(order, shown) if facet.kind is FacetKind.TREE else dict.fromkeys(order, 0)
    values = tuple(
        FacetValue(value, shown[value].label, tally.counts.get(value, 0), value in chosen, depth)
        for value, depth in depths.items()
    )
    others = len(tally.counts) - sum(value in tally.counts for value in depths)
    return FacetCounts(facet.name, label, facet.kind.value, values, tally.missing, others)


def facet_label(facet: Facet, languages: Sequence[str]) -> str:
    """Return the name of a facet in the reader's languages."""
    return next((facet.labels[language] for language in languages if language in facet.labels), facet.labels["en"])


def _name(facet: Facet, value: str, label: Label | None, languages: Sequence[str]) -> Name:
    text = pick(label.texts if label and label.texts else value_labels(facet, value), languages)
    called = text.value if text else value
    return Name(called, fold(called), label.parents if label else ())


def _ranges(facet: Facet, tally: Tally, chosen: Collection[str]) -> tuple[FacetValue, ...]:
    """The chosen ranges first, then the steps that have hits, in their order.

    Decades that have not begun are not offered: only periods without an end reach into them.
    """
    now = (datetime.now(UTC).year + 1) * 10_000
    offered = {
        step.value: step.label
        for step in steps(facet)
        if facet.kind is not FacetKind.DATE or (step.span.low or 0) <= now
    }
    values = [value for value in chosen if value not in offered]
    values += [value for value in offered if tally.counts.get(value) or value in chosen]
    return tuple(
        FacetValue(
            value, offered.get(value, value.replace("..", "\u2013")), tally.counts.get(value, 0), value in chosen
        )
        for value in values
    )


def _as_tree(order: Sequence[str], names: Mapping[str, Name]) -> dict[str, int]:
    """Put each value under its nearest shown ancestor; siblings keep their order. Returns the depth of each."""
    children: dict[str | None, list[str]] = {}
    for value in order:
        above = (parent for parent in names[value].parents if parent in names and parent != value)
        children.setdefault(next(above, None), []).append(value)
    depths: dict[str, int] = {}

    def place(value: str, depth: int) -> None:
        if value not in depths:
            depths[value] = depth
            for child in children.get(value, ()):
                place(child, depth + 1)

    for root in children.get(None, ()):
        place(root, 0)
    return depths | {value: 0 for value in order if value not in depths}
