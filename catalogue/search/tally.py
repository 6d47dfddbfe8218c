"""From an engine's bare counts to what a reader sees: values chosen, cut, put in order and named."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from catalogue.facets import Facet, FacetKind, value_labels
from catalogue.folding import fold
from catalogue.search.document import Label
from catalogue.search.query import FacetCounts, FacetValue
from catalogue.search.steps import steps
from catalogue.text import pick

SHOWN_VALUES: Final = 100  # values of one facet that come with a page of hits
MAX_VALUES: Final = 1000  # values of one facet where it is asked for alone


@dataclass(frozen=True, slots=True)
class Tally:
    """What an engine counted of one facet: every value with a hit, and the hits that state none."""

    counts: Mapping[str, int]
    missing: int = 0

    def top(self, limit: int, chosen: Collection[str]) -> tuple[str, ...]:
        """Return the values to show: the most frequent, and every chosen one."""
        best = sorted(self.counts, key=lambda value: (-self.counts[value], value))[:limit]
        return tuple(dict.fromkeys((*best, *chosen)))


def facet_counts(
    facet: Facet,
    tally: Tally,
    labels: Mapping[str, Label],
    *,
    chosen: Collection[str] = (),
    languages: Sequence[str] = ("en",),
    limit: int = SHOWN_VALUES,
) -> FacetCounts:
    """Return a facet as it is shown. `labels` are what the index knows of the values of `Tally.top`."""
    names = pick_label(facet, languages)
    if facet.ranged:
        return FacetCounts(facet.name, names, facet.kind.value, _ranges(facet, tally, chosen), tally.missing)
    shown = tally.top(limit, chosen)
    called = {value: _called(facet, value, labels, languages) for value in shown}
    order = sorted(shown, key=lambda value: (-tally.counts.get(value, 0), fold(called[value]), value))
    depths = dict.fromkeys(order, 0)
    if facet.kind is FacetKind.TREE:
        depths = _as_tree(order, labels)
    values = tuple(
        FacetValue(value, called[value], tally.counts.get(value, 0), value in chosen, depth)
        for value, depth in depths.items()
    )
    others = len(tally.counts.keys() - depths.keys())
    return FacetCounts(facet.name, names, facet.kind.value, values, tally.missing, others)


def pick_label(facet: Facet, languages: Sequence[str]) -> str:
    """Return the name of a facet in the reader's languages."""
    return next((facet.labels[language] for language in languages if language in facet.labels), facet.labels["en"])


def _called(facet: Facet, value: str, labels: Mapping[str, Label], languages: Sequence[str]) -> str:
    known = labels.get(value)
    text = pick(known.texts if known and known.texts else value_labels(facet, value), languages)
    return text.value if text else value


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


def _as_tree(order: Sequence[str], labels: Mapping[str, Label]) -> dict[str, int]:
    """Put each value under its nearest shown ancestor; siblings keep their order. Returns the depth of each."""
    children: dict[str | None, list[str]] = {}
    for value in order:
        above = labels[value].parents if value in labels else ()
        children.setdefault(next((p for p in above if p in order and p != value), None), []).append(value)
    depths: dict[str, int] = {}

    def place(value: str, depth: int) -> None:
        if value not in depths:
            depths[value] = depth
            for child in children.get(value, ()):
                place(child, depth + 1)

    for root in children.get(None, ()):
        place(root, 0)
    return depths | {value: 0 for value in order if value not in depths}
