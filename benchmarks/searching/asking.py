"""Asking a question of an index: what is answered, and how long that takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from catalogue.search.port import SearchIndex
from catalogue.search.query import FacetCounts, Page
from searching.questions import Question

STEPS: Final = 3  # pages after the first in a walk


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: seconds, and what was answered. A long list of values comes without a page."""

    seconds: float
    page: Page | None
    facets: tuple[FacetCounts, ...]


def answers(index: SearchIndex, question: Question) -> Iterator[Answer]:
    """Yield the answer to a question; of a walk, the pages after the first, which is not timed."""
    if question.walk:
        yield from _walk(index, question)
        return
    started = time.perf_counter()
    if question.values:
        found = index.values(question.query, question.values)
        yield Answer(time.perf_counter() - started, None, (found,))
        return
    page = index.search(question.query)
    yield Answer(time.perf_counter() - started, page, page.facets)


def _walk(index: SearchIndex, question: Question) -> Iterator[Answer]:
    cursor = index.search(question.query).next
    for _ in range(STEPS):
        if cursor is None:
            return
        query = replace(question.query, cursor=cursor)
        started = time.perf_counter()
        page = index.search(query)
        yield Answer(time.perf_counter() - started, page, ())
        cursor = page.next
