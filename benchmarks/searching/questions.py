"""The questions of the benchmark: several kinds, each asked with many different words of the corpus.

Words are chosen by how many datasets of a sample have them, so that a kind means the same at every size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from typing import Final

from synthetic.describing import Corpus
from synthetic.facts import Facts

from catalogue.countries import ALPHA2
from catalogue.facets.terms import token
from catalogue.folding import fold
from catalogue.search.query import PAGE_SIZE, Query

SAMPLE: Final = 3_000  # datasets whose words are counted
# A page with twelve facets: what a side bar shows without asking, the long lists of bodies and keywords among them.
TWELVE: Final = (
    "access_rights", "theme", "health_category", "health_theme", "country", "decider",
    "dac", "data_use", "publisher", "node", "individuals", "keyword",
)  # fmt: skip
DEEPEST: Final = 9_900  # hits before a deep page

# The least and the most of a sample that has a word of this class.
_CLASSES: Final = {"frequent": (0.06, 0.5), "middling": (0.008, 0.03), "rare": (0.0006, 0.0012)}
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_RUN: Final = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)+")
_SORTS: Final = ("modified", "issued", "individuals", "records", "title")
_LISTS: Final = ("keyword", "publisher", "dac")


@dataclass(frozen=True, slots=True)
class Question:
    """A query of some kind. With `values`, the long list of that facet is asked for; with `walk`, what comes next.

    `plain`: words alone, by relevance: what the first ten hits are compared for.
    """

    kind: str
    query: Query
    values: str = ""
    walk: bool = False
    plain: bool = False


class Questions:
    """Makes questions about a corpus of some size."""

    def __init__(self, corpus: Corpus, datasets: int, seed: str) -> None:
        self._datasets = datasets
        self._chance = Random(f"{corpus.seed} questions {seed}")  # noqa: S311 - repeatable, not secret
        self._sample = tuple(corpus(min(SAMPLE, datasets)))

    def __call__(self, each: int) -> Iterator[Question]:
        """Yield `each` questions of every kind."""
        for kind, make in self._kinds.items():
            for number in range(each):
                yield replace(make(number), kind=kind)

    @property
    def _kinds(self) -> Mapping[str, Callable[[int], Question]]:
        return {
            "everything": lambda _: _ask(""),
            "one facet, no words": self._browsing,
            "a frequent word": lambda _: _ask(self._word("frequent"), plain=True),
            "a middling word": lambda _: _ask(self._word("middling"), plain=True),
            "a rare word": lambda _: _ask(self._word("rare"), plain=True),
            "two words, three facets": lambda _: self._narrowed(),
            "a phrase": lambda _: _ask(f'"{self._phrase()}"', plain=True),
            "a beginning": lambda _: _ask(f"{self._word('middling')[:4]}*"),
            "a typing mistake": lambda _: _ask(self._mistaken(), plain=True),
            "sorted": lambda number: _ask(self._word("frequent"), sort=_SORTS[number % len(_SORTS)]),
            "a deep page": lambda _: self._deep(),
            "the next page by cursor": self._walk,
            "a long list of values": lambda number: replace(
                _ask(self._word("frequent")), values=_LISTS[number % len(_LISTS)]
            ),
        }

    @cached_property
    def _frequencies(self) -> Counter[str]:
        return Counter(word for facts in self._sample for word in {fold(word) for word in _words(facts)})

    @cached_property
    def _classes(self) -> Mapping[str, Sequence[str]]:
        """Words by class; in a small sample a word that only one dataset has is rare."""
        size = len(self._sample)
        return {
            name: sorted(
                word for word, count in self._frequencies.items() if max(1, low * size) <= count <= max(1, high * size)
            )
            for name, (low, high) in _CLASSES.items()
        }

    def _word(self, name: str) -> str:
        return self._chance.choice(self._classes[name] or sorted(self._frequencies))

    def _browsing(self, number: int) -> Question:
        facts = self._chance.choice(self._sample)
        chosen = (
            ("country", facts.node.source.country or ""),
            ("health_category", token(self._chance.choice(facts.subject.categories))),
            ("publisher", facts.publisher.iri),
            ("access_rights", token(facts.access.right)),
        )
        name, value = chosen[number % len(chosen)]
        return _ask("", facets={name: (value,)})

    def _narrowed(self) -> Question:
        """Two words and three facets of one dataset, so that there is a hit; each facet with other values beside."""
        facts, other = self._chance.sample(self._sample, 2)
        words = sorted({fold(word) for word in _words(facts)}, key=lambda word: -self._frequencies[word])
        facets = {
            "access_rights": {token(facts.access.right)},
            "theme": {token(self._chance.choice(each.subject.themes)) for each in (facts, other)},
            "spatial": {ALPHA2_TO_3[each.node.source.country or ""] for each in (facts, other)},
        }
        chosen = {name: tuple(sorted(values)) for name, values in facets.items()}
        return _ask(" ".join(self._chance.sample(words[: max(2, len(words) // 3)], 2)), facets=chosen)

    def _phrase(self) -> str:
        """Two or three words that stand next to each other in a description."""
        while True:
            description = self._chance.choice(self._chance.choice(self._sample).descriptions).value
            words = self._chance.choice(_RUN.findall(description)).split()
            length = min(len(words), self._chance.choice((2, 2, 3)))
            start = self._chance.randrange(len(words) - length + 1)
            phrase = words[start : start + length]
            if any(self._frequencies[fold(word)] for word in phrase):
                return " ".join(phrase)

    def _mistaken(self) -> str:
        """A word with a letter left out, or two letters exchanged, so that no dataset of the sample has it."""
        while True:
            word = self._word("middling")
            at = self._chance.randrange(1, len(word) - 1)
            wrong = word[:at] + word[at + 1 :]
            if self._chance.random() < 0.5:  # noqa: PLR2004 - one of two
                wrong = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            if len(wrong) >= 4 and wrong not in self._frequencies:  # noqa: PLR2004 - shorter words are never mended
                return wrong

    def _deep(self) -> Question:
        """Far into the hits of a frequent word: half of them, as the sample foretells, or `DEEPEST`."""
        word = self._word("frequent")
        foretold = self._frequencies[word] * self._datasets // len(self._sample) // 2
        return _ask(word, page=max(1, min(DEEPEST, foretold) // PAGE_SIZE))

    def _walk(self, number: int) -> Question:
        sort = ("relevance", "modified", "individuals")[number % 3]
        return replace(_ask(self._word("frequent"), sort=sort, with_facets=False), walk=True)


ALPHA2_TO_3: Final = {two: three for three, two in ALPHA2.items()}


def _ask(text: str, *, plain: bool = False, **more: object) -> Question:
    return Question("", replace(Query(text=text), **more), plain=plain)  # type: ignore[arg-type] - checked by Query


def _words(facts: Facts) -> Iterator[str]:
    for text in (*facts.titles, *facts.descriptions):
        yield from _WORD.findall(text.value)
