"""The runs of a source as bars: one bar a run, the oldest on the left, a part for each thing that became of records.

Made on the server as SVG, so that it is there without JavaScript; the table of the runs beside it says the same in
words. A part that is there at all is seen: it is never thinner than two points. How a run ended has a sign of its own
below its bar, told apart by its form and not by its colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from catalogue.journal.run import Outcome, Run

HEIGHT: Final = 120  # of the tallest bar
_FOOT: Final = 26  # below the bars: the sign of the outcome
_STEP: Final = 34
_WIDTH: Final = 22
_TOP: Final = 8
_THINNEST: Final = 2
# From the bottom up; each has a class of its own in runs.css and a place in the legend.
PARTS: Final = ("unchanged", "new", "changed", "rejected", "failed")
# The sign of each outcome: a path around the middle of its place.
SIGNS: Final = {
    Outcome.OK: "M-5 0L-1 4L6 -4",
    Outcome.WARNINGS: "M-5 0L-1 4L6 -4",
    Outcome.PARTIAL: "M-6 5L0 -6L6 5Z",
    Outcome.FAILED: "M-5 -5L5 5M5 -5L-5 5",
    Outcome.HELD: "M-3 -5V5M3 -5V5",
    Outcome.INTERRUPTED: "M-6 0H6",
    Outcome.RUNNING: "M-4 -5L5 0L-4 5Z",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: what became of so many records."""

    name: str
    number: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One run: its pieces from the bottom up, and where its sign stands."""

    run: Run
    x: float
    parts: tuple[Part, ...]
    sign: str
    middle: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars, the size of the picture, and the most records any run saw."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    most: int
    width_of_bar: int = _WIDTH

    @property
    def ground(self) -> int:
        """Where the bars stand."""
        return _TOP + HEIGHT

    @property
    def foot(self) -> int:
        """Where the signs stand."""
        return self.ground + _FOOT // 2 + 2

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes that occur, for the legend."""
        there = {bar.run.outcome for bar in self.bars}
        return tuple(outcome for outcome in SIGNS if outcome in there)

    @property
    def signs(self) -> Mapping[Outcome, str]:
        """The path of each outcome's sign."""
        return SIGNS

    @property
    def shown(self) -> tuple[str, ...]:
        """The kinds of parts that occur, for the legend."""
        there = {part.name for bar in self.bars for part in bar.parts}
        return tuple(name for name in PARTS if name in there)


def chart(runs: Sequence[Run]) -> Chart | None:
    """Draw runs, given newest first. None where there is nothing to compare: fewer than two, or none saw a record."""
    most = max((run.seen for run in runs), default=0)
    if len(runs) < 2 or not most:  # noqa: PLR2004 - one bar shows no history
        return None
    bars = tuple(_bar(run, number, most) for number, run in enumerate(reversed(runs)))
    return Chart(bars, len(runs) * _STEP + (_STEP - _WIDTH), _TOP + HEIGHT + _FOOT, most)


def _bar(run: Run, number: int, most: int) -> Bar:
    x = float(number * _STEP + (_STEP - _WIDTH))
    parts: list[Part] = []
    y = float(_TOP + HEIGHT)
    for name, figure, height in _heights(run, most):
        y -= height
        parts.append(Part(name, figure, round(y, 2), round(height, 2)))
    return Bar(run, x, tuple(parts), SIGNS[run.outcome], x + _WIDTH / 2)


def _heights(run: Run, most: int) -> list[tuple[str, int, float]]:
    """How tall each part is. What thin parts are given, the tallest gives up, so that the sum stays right."""
    figures = [(name, int(getattr(run, name))) for name in PARTS]
    heights = {name: max(_THINNEST, HEIGHT * figure / most) for name, figure in figures if figure}
    if heights:
        surplus = sum(heights.values()) - max(HEIGHT * run.seen / most, _THINNEST * len(heights))
        heights[max(heights, key=lambda name: heights[name])] -= surplus
    return [(name, figure, heights[name]) for name, figure in figures if figure]
