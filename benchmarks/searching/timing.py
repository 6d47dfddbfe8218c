"""Timing: every question once to every engine, in turn, so that what else the machine does meets all of them."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from statistics import median, quantiles
from typing import Final

from catalogue.entry import Entry
from catalogue.search.port import SearchIndex
from catalogue.search.query import Query
from catalogue.text import Text
from searching.asking import answers
from searching.questions import Question

UPDATE: Final = "one dataset changed, until found"
_FOUND_WITHIN: Final = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Times:
    """How long answers of one kind took, in milliseconds, and their median number of hits (None: not counted)."""

    kind: str
    hits: int | None
    milliseconds: Mapping[str, Sequence[float]]

    def p50(self, engine: str) -> float:
        """The median."""
        return median(self.milliseconds[engine])

    def p95(self, engine: str) -> float:
        """The 95th percentile."""
        took = self.milliseconds[engine]
        return quantiles(took, n=20, method="inclusive")[18] if len(took) > 1 else took[0]


def time_all(engines: Mapping[str, SearchIndex], questions: Sequence[Question], seed: int) -> list[Times]:
    """Time the questions, mixed; the engine that is asked first changes with each."""
    took: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    hits: dict[str, list[int]] = defaultdict(list)
    mixed = Random(seed).sample(questions, len(questions))  # noqa: S311 - repeatable, not secret
    for number, question in enumerate(mixed):
        names = list(engines) if number % 2 else list(reversed(engines))
        for name in names:
            for answer in answers(engines[name], question):
                took[question.kind][name].append(answer.seconds * 1000)
                if answer.page is not None and name == names[0]:
                    hits[question.kind].append(answer.page.total)
    kinds = dict.fromkeys(question.kind for question in questions)
    return [
        Times(kind, round(median(hits[kind])) if hits[kind] else None, dict(took[kind]))
        for kind in kinds
        if kind in took
    ]


def time_updates(engines: Mapping[str, SearchIndex], entries: Sequence[Entry], upto: int) -> Times:
    """Change datasets one at a time, each to have a word of its own, and search until that word is found."""
    took: dict[str, list[float]] = {name: [] for name in engines}
    for number, entry in enumerate(entries):
        word = f"zzchanged{number}x"
        changed = _with(entry, word)
        for name, index in engines.items():
            started = time.perf_counter()
            index.apply([changed], upto + number + 1)
            _until_found(index, word)
            took[name].append((time.perf_counter() - started) * 1000)
    return Times(UPDATE, 1, took)


def _with(entry: Entry, word: str) -> Entry:
    if entry.dataset is None:
        raise ValueError(f"{entry.state.id} is no dataset")
    descriptions = (*entry.dataset.descriptions, Text(word, "en"))
    return replace(entry, dataset=replace(entry.dataset, descriptions=descriptions))


def _until_found(index: SearchIndex, word: str) -> None:
    asked = time.perf_counter()
    while index.search(Query(word, with_facets=False)).total != 1:
        if time.perf_counter() - asked > _FOUND_WITHIN:
            raise RuntimeError(f"{word} was indexed, and not found within {_FOUND_WITHIN:.0f} s")
