"""Steps of the number and date facets: the ranges that are offered and counted without anyone having chosen one.

Numbers step by powers of ten, ages by stages of life, dates by decades. An entry is in every step its spans overlap,
which is also how a chosen range is matched: the count shown at a step is the total of the answer it leads to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from catalogue.facets import Facet, FacetKind, Span

MAX_SPANS: Final = 4  # separate spans an index keeps of one entry and facet
# The outermost whole numbers of search engines: 64 bits with a sign.
LOWEST: Final = -(2**63)
HIGHEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `value` is the range as a user would write it."""

    value: str
    label: str
    span: Span

    def meets(self, span: Span) -> bool:
        """Whether a span overlaps the step; an open end reaches everywhere."""
        starts = span.low is None or self.span.high is None or span.low <= self.span.high
        ends = span.high is None or self.span.low is None or span.high >= self.span.low
        return starts and ends


def _number_steps(*edges: int) -> tuple[Step, ...]:
    closed = (
        Step(f"{low}..{high - 1}", f"{low}\u2013{high - 1}", Span(low, high - 1)) for low, high in pairwise(edges)
    )
    return (*closed, Step(f"{edges[-1]}..", f"\u2265 {edges[-1]}", Span(edges[-1], None)))


def _date_steps() -> tuple[Step, ...]:
    decades = range(1950, 2050, 10)
    closed = (
        Step(f"{y}..{y + 9}", f"{y}\u2013{y + 9}", Span(y * 10_000 + 101, (y + 9) * 10_000 + 1231)) for y in decades
    )
    return (
        Step("..1949", "\u2264 1949", Span(None, 1949_1231)),
        *closed,
        Step("2050..", "\u2265 2050", Span(2050_0101, None)),
    )


_NUMBERS: Final = _number_steps(0, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
_DATES: Final = _date_steps()
_OWN: Final = {"age": _number_steps(0, 18, 40, 65)}


def steps(facet: Facet) -> tuple[Step, ...]:
    """Return the steps of a ranged facet in their order; none for the other kinds."""
    if not facet.ranged:
        return ()
    return _OWN.get(facet.name, _DATES if facet.kind is FacetKind.DATE else _NUMBERS)


def steps_of(facet: Facet, spans: Sequence[Span]) -> tuple[str, ...]:
    """Return the values of the steps an entry is in."""
    return tuple(step.value for step in steps(facet) if any(step.meets(span) for span in spans))


def separate(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans without overlaps, in order, at most `MAX_SPANS`; of more, the nearest neighbours are joined.

    Where spans overlap or touch nothing is lost: a range meets the joined span exactly when it meets one of them.
    """
    merged: list[tuple[int, int]] = []
    for low, high in sorted(bounds(span) for span in spans):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    while len(merged) > MAX_SPANS:
        gap = min(range(len(merged) - 1), key=lambda i: merged[i + 1][0] - merged[i][1])
        merged[gap : gap + 2] = [(merged[gap][0], merged[gap + 1][1])]
    return tuple(Span(None if low == LOWEST else low, None if high == HIGHEST else high) for low, high in merged)


def bounds(span: Span) -> tuple[int, int]:
    """Return the ends of a span as numbers every engine can hold; an open end is the outermost one."""
    low = LOWEST if span.low is None else max(LOWEST, min(span.low, HIGHEST))
    high = HIGHEST if span.high is None else max(LOWEST, min(span.high, HIGHEST))
    return low, high
