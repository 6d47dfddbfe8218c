"""Whether two engines answer alike: before anything is timed, every total and every count must be the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Final

from catalogue.search.cursor import order_of
from catalogue.search.port import SearchIndex
from catalogue.search.query import FacetCounts, Page
from searching.asking import Answer, answers
from searching.questions import Question

FIRST: Final = 10  # hits compared of a plain question


class DifferentAnswers(Exception):
    """Two engines do not answer alike, so their speed is no matter."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How much of the first ten hits two engines share, on average over the plain questions with hits.

    `shared`: the share that both have; `ordered`: the share that stands in the same place.
    """

    questions: int
    shared: float
    ordered: float


def compare(engines: Mapping[str, SearchIndex], questions: Iterable[Question]) -> Agreement:
    """Ask two engines everything. Raises `DifferentAnswers` for the first question they answer differently."""
    (one, first), (other, second) = engines.items()
    asked, shared, ordered = 0, [], []
    for question in questions:
        asked += 1
        pairs = list(zip(answers(first, question), answers(second, question), strict=True))
        for ours, theirs in pairs:
            _same(question, {one: ours, other: theirs})
        if question.plain and pairs and pairs[0][0].page and pairs[0][1].page and pairs[0][0].page.total:
            ours_, theirs_ = (_ids(page)[:FIRST] for page in (pairs[0][0].page, pairs[0][1].page))
            shared.append(len({*ours_} & {*theirs_}) / len(ours_))
            ordered.append(sum(a == b for a, b in zip(ours_, theirs_, strict=True)) / len(ours_))
    return Agreement(asked, mean(shared or [1.0]), mean(ordered or [1.0]))


def _same(question: Question, both: Mapping[str, Answer]) -> None:
    seen = {name: _counted(answer, question) for name, answer in both.items()}
    (one, ours), (other, theirs) = seen.items()
    for what in ours:
        if ours[what] != theirs[what]:
            raise DifferentAnswers(
                f"{question.kind}, {question.query}: {what} is {ours[what]} with {one}, {theirs[what]} with {other}"
            )


def _counted(answer: Answer, question: Question) -> dict[str, object]:
    """Everything in which answers must agree: the total, every count, and the hits of an order that is exact."""
    counted: dict[str, object] = {f"the facet {facet.name}": _values(facet) for facet in answer.facets}
    if answer.page is not None:
        counted |= {"the total": answer.page.total, "the correction": answer.page.relaxed}
        if order_of(question.query).key is not None:
            counted["the order of hits"] = _ids(answer.page)
    return counted


def _values(facet: FacetCounts) -> tuple[object, ...]:
    return tuple((each.value, each.label, each.count) for each in facet.values), facet.missing, facet.others


def _ids(page: Page) -> Sequence[str]:
    return [hit.id for hit in page.hits]
