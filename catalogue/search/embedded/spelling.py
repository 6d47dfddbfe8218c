"""The words of an index, to find those that are nearly right: looked for once, and not among the tokens of every rank.

The engine compares a word with errors in it with all tokens of a field, which takes 3 ms where the field is that of all
tokens, and twice that for the ranks together. A writer leaves the words in an index of their own, each once, a quarter
of the tokens: to look there takes 1 ms, and what is found is asked for by name. It holds for the rows it was made of:
where a version has later ones, or without it, the fields are looked through.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import tantivy
from tantivy import Order, Query

from catalogue.search.analysis import MARK, STEMMERS
from catalogue.search.fields import TEXT

_FOLDER: Final = "words-"  # and the row after the last one looked at
_BESIDE: Final = "words.new"
_WORD: Final = "word"
_MEMORY: Final = 30 * 1024 * 1024  # bytes of words kept before they are written out
_SLACK: Final = 2  # letters that may be wrong, at most
_MOST: Final = 1_000  # near words that are asked for by name
_REMEMBERED: Final = 256  # words with errors whose near words are


class Spelling:
    """The words of one generation, as a writer left them. Safe to share between threads."""

    def __init__(self, generation: Path | None = None) -> None:
        """`generation` is the folder in which a writer may have left them."""
        self._generation = generation
        self._known: dict[tuple[str, int], tuple[str, ...] | None] = {}

    def near(self, word: str, distance: int, upto: int) -> tuple[str, ...] | None:
        """Return the tokens that differ from a word of letters by at most so many, gone ones among them.

        `upto` is the row after the last one of the version. None where they are not known, or very many.
        """
        key = (word, distance)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = self._looked_up(word, distance, upto)
        return self._known[key]

    def _looked_up(self, word: str, distance: int, upto: int) -> tuple[str, ...] | None:
        known, index = self._read
        if index is None or upto > known:
            return None
        query = Query.fuzzy_term_query(index.schema, _WORD, word, distance=distance)
        found: Any = index.searcher().search(query, limit=_MOST, order_by_field=_WORD, order=Order.Asc)
        if found.count > _MOST:
            return None
        words = [str(near) for near, _ in found.hits]
        if distance == _SLACK and word[:2] in STEMMERS:  # to a stem (`~en:cell`), two signs are missing
            words.append(f"{MARK}{word[:2]}:{word[2:]}")
        return tuple(words)

    @cached_property
    def _read(self) -> tuple[int, tantivy.Index | None]:
        """The row after the last one looked at, and the index."""
        made = sorted(_made(self._generation)) if self._generation is not None else []
        try:
            return (made[-1][0], tantivy.Index.open(str(made[-1][1]))) if made else (0, None)
        except (ValueError, OSError):  # damaged, or just replaced
            return 0, None


def has_words(generation: Path) -> bool:
    """Whether a writer left words in the folder of a generation."""
    return any(_made(generation))


def save_words(generation: Path, searcher: tantivy.Searcher, upto: int) -> None:
    """Leave the words of a version to readers, in one step. Raises `OSError`, and `ValueError` as the engine does."""
    beside, place = generation / _BESIDE, generation / f"{_FOLDER}{upto}"
    if place.exists():
        return
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    schema = tantivy.SchemaBuilder().add_text_field(
        _WORD, fast=True, tokenizer_name="raw", index_option="basic"
    ).build()  # fmt: skip
    writer = tantivy.Index(schema, path=str(beside)).writer(_MEMORY, 1)
    for word in _words(searcher):
        document = tantivy.Document()
        document.add_text(_WORD, word)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    beside.rename(place)
    for _, old in _made(generation):
        if old != place:
            shutil.rmtree(old, ignore_errors=True)


def _made(generation: Path) -> Iterator[tuple[int, Path]]:
    """The folders of words, and the row after the last one each has looked at."""
    for path in generation.glob(f"{_FOLDER}*"):
        number = path.name.removeprefix(_FOLDER)
        if number.isdecimal():
            yield int(number), path


def _words(searcher: tantivy.Searcher) -> Iterator[str]:
    """The words of an index that may be near one of letters, by the letter they begin with: never all at once."""
    for first in map(chr, range(sys.maxunicode + 1)):
        if first.isalnum():
            for word, _ in searcher.terms_with_prefix(TEXT, first):
                if word.isalpha() or sum(not sign.isalpha() for sign in word) <= _SLACK:
                    yield word
