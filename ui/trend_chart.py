"""The course of a node as lines: the share of valid datasets and the mean scores after each run, oldest on the left.

Made on the server as SVG, so that it is there without JavaScript; the table beside it says the same in figures. Lines
are told apart by their dashes and the form of their points, not by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from catalogue.stewardship import Milestone
from shapes.scores import SCHEMES

VALID: Final = "valid"
_STEP: Final = 44  # between two runs at least
_WIDEST: Final = 150
_WIDE: Final = 680  # few runs are drawn this far apart
_HEIGHT: Final = 160
_TOP: Final = 12
_LEFT: Final = 58
_RIGHT: Final = 16
_FOOT: Final = 26
# How the points of each line look: a path around the middle of its place.
_SIGNS: Final = {
    VALID: "M-4 -4H4V4H-4Z",
    "mqa": "M0 -5L5 4H-5Z",
    "mqa-controlled": "M-5 -4H5L0 5Z",
    "completeness": "M0 -5L5 0L0 5L-5 0Z",
    "fair": "M-4 -4L4 4M4 -4L-4 4",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a line, and what it says."""

    x: int
    y: float
    percent: float
    run: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the picture: its points, as SVG has it, and the form of its points."""

    name: str
    points: tuple[Point, ...]
    sign: str

    @property
    def way(self) -> str:
        """The points as `points` of a polyline."""
        return " ".join(f"{point.x},{point.y:g}" for point in self.points)


@dataclass(frozen=True, slots=True)
class Trend:
    """The lines, the size of the picture, its levels (percent, height), and the runs with their places."""

    lines: tuple[Line, ...]
    width: int
    height: int
    levels: tuple[tuple[int, float], ...]
    runs: tuple[tuple[int, int], ...]
    left: int = _LEFT


def trend(milestones: Sequence[Milestone]) -> Trend | None:
    """Place the points of a node's course; None where there are not two runs to draw a line between."""
    if len(milestones) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    step = max(_STEP, min(_WIDEST, _WIDE // (len(milestones) - 1)))
    places = {each.run: _LEFT + number * step for number, each in enumerate(milestones)}
    lines = [
        _line(VALID, ((each.run, each.share) for each in milestones), places),
        *(_line(name, ((each.run, each.percents.get(name)) for each in milestones), places) for name in SCHEMES),
    ]
    return Trend(
        lines=tuple(line for line in lines if line.points),
        width=_LEFT + (len(milestones) - 1) * step + _RIGHT,
        height=_TOP + _HEIGHT + _FOOT,
        levels=tuple((percent, _height(percent)) for percent in (0, 25, 50, 75, 100)),
        runs=tuple(places.items()),
    )


def _line(name: str, values: Iterable[tuple[int, float | None]], places: Mapping[int, int]) -> Line:
    points = (Point(places[run], _height(percent), percent, run) for run, percent in values if percent is not None)
    return Line(name, tuple(points), _SIGNS[name])


def _height(percent: float) -> float:
    return round(_TOP + _HEIGHT * (1 - percent / 100), 1)
