"""The metrics there are, and what they come to."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

# The scores a dataset gets: id and title, in the order they are shown.
SCHEMES: Final[Mapping[str, str]] = MappingProxyType({
    "mqa": "Metadata quality of data.europa.eu (MQA)",
    "mqa-controlled": "MQA, without what cannot apply to controlled data",
    "completeness": "Completeness by HealthDCAT-AP Release 8",
    "fair": "FAIR indicators that show in the metadata (RDA)",
})  # fmt: skip
# The MQA's ratings: the least points of 405 (MQA methodology, Scoring).
_RATINGS: Final = ((351, "excellent"), (221, "good"), (121, "sufficient"), (0, "bad"))


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of a scheme.

    `test` is a path of which a value must be there, as in the rule tables, or the name of a test (`@compliant`).
    `on` says what it is asked of: the dataset, or its best distribution. `open_only`: it cannot apply to data that
    nobody may download.
    """

    id: str
    scheme: str
    dimension: str
    title: str
    points: int
    on: str
    test: str
    open_only: bool
    fix: str
    reference: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a metric came out: won, lost, or unknown (None)."""

    metric: Metric
    won: bool | None


@dataclass(frozen=True, slots=True)
class Score:
    """The outcomes of one scheme for one dataset.

    `percent` is the share of the known points that was won, rounded down: 100 means that nothing known is lost.
    """

    scheme: str
    outcomes: tuple[Outcome, ...]
    percent: int = field(init=False)

    def __post_init__(self) -> None:
        """Work out the percentage."""
        object.__setattr__(self, "percent", self.points * 100 // self.known if self.known else 0)

    @property
    def title(self) -> str:
        """The scheme in words."""
        return SCHEMES[self.scheme]

    @property
    def points(self) -> int:
        """The points won."""
        return sum(each.metric.points for each in self.outcomes if each.won)

    @property
    def known(self) -> int:
        """The points that could be won by the metrics whose outcome is known."""
        return sum(each.metric.points for each in self.outcomes if each.won is not None)

    @property
    def most(self) -> int:
        """The points that can be won in all."""
        return sum(each.metric.points for each in self.outcomes)

    @property
    def rating(self) -> str:
        """The MQA's own word for its points; empty for other schemes, and while the unknown could change it."""
        if self.scheme != "mqa":
            return ""
        least, most = _rating(self.points), _rating(self.points + self.most - self.known)
        return least if least == most else ""

    @property
    def lost(self) -> tuple[Outcome, ...]:
        """What was lost, most points first."""
        return tuple(sorted((each for each in self.outcomes if each.won is False), key=lambda o: -o.metric.points))

    @property
    def unknown(self) -> tuple[Outcome, ...]:
        """What nobody knows yet."""
        return tuple(each for each in self.outcomes if each.won is None)


def _rating(points: int) -> str:
    return next(word for least, word in _RATINGS if points >= least)


@cache
def metrics(scheme: str) -> tuple[Metric, ...]:
    """Return the metrics of the scheme `mqa` or `fair`, in the order of the table."""
    return tuple(each for each in _table() if each.scheme == scheme)


def _table() -> Iterator[Metric]:
    for row in rows("metrics"):
        yield Metric(
            id=row["id"],
            scheme=row["scheme"],
            dimension=row["dimension"],
            title=row["title"],
            points=int(row["points"]),
            on=row["on"],
            test=row["test"],
            open_only=row["applies"] == "open",
            fix=row["fix"],
            reference=row["reference"],
        )


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table of this room."""
    with files("shapes.scores").joinpath(f"{name}.tsv").open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
