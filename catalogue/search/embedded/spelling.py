"""The words of an index, to find those that are nearly right: looked for once, and not among the tokens of every rank.

The engine compares a word with errors in it with all tokens of a field, which takes 3 ms where the field is that of all
tokens, and twice that for the ranks together. A writer leaves the words in an index of their own, each once, a quarter
of the tokens: to look there takes 1 ms, and what is found is asked for by name.

It holds for the rows it was made of. Small changes write the words of theirs into a file beside it, which are gone
through one by one. Where a version has rows that neither knows, or without both, the fields are looked through.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import tantivy
from tantivy import Order, Query

from catalogue.search.analysis import MARK, STEMMERS
from catalogue.search.fields import TEXT
from catalogue.search.marking import fragments, within

_FOLDER: Final = "words-"  # and the row after the last one looked at
_BESIDE: Final = "words.new"
_LATER: Final = "later"
_LATER_BYTES: Final = 100_000  # of the file of later words
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
        self._known: dict[tuple[str, int, int], tuple[str, ...] | None] = {}

    def near(self, word: str, distance: int, upto: int) -> tuple[str, ...] | None:
        """Return the tokens that differ from a word of letters by at most so many, gone ones among them.

        `upto` is the row after the last one of the version. None where they are not known, or very many.
        """
        key = (word, distance, upto)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = self._looked_up(word, distance, upto)
        return self._known[key]

    def _looked_up(self, word: str, distance: int, upto: int) -> tuple[str, ...] | None:
        known, index, later = self._read
        if index is None or upto > known:
            return None
        query = Query.fuzzy_term_query(index.schema, _WORD, word, distance=distance)
        found: Any = index.searcher().search(query, limit=_MOST, order_by_field=_WORD, order=Order.Asc)
        if found.count > _MOST:
            return None
        words = [str(near) for near, _ in found.hits]
        if distance == _SLACK and word[:2] in STEMMERS:  # to a stem (`~en:cell`), two signs are missing
            words.append(f"{MARK}{word[:2]}:{word[2:]}")
        left = fragments(word, distance)
        some = (new for new in later if any(part in new for part in left))
        return tuple(dict.fromkeys((*words, *(new for new in some if within(new, word, distance)))))

    @cached_property
    def _read(self) -> tuple[int, tantivy.Index | None, Collection[str]]:
        """The row after the last one looked at, the index, and the words of later changes."""
        made = sorted(_made(self._generation)) if self._generation is not None else []
        if not made:
            return 0, None, ()
        upto, place = made[-1]
        try:
            index = tantivy.Index.open(str(place))
        except (ValueError, OSError):  # damaged, or just replaced
            return 0, None, ()
        later: set[str] = set()
        for first, following, words in _changes(place / _LATER):
            if first > upto:  # a change that wrote nothing was between
                break
            upto = max(upto, following)
            later.update(words.split())
        return upto, index, later


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


def add_words(generation: Path, first: int, following: int, words: Iterable[str]) -> None:
    """Leave the new words of a change beside those there are, if they are few.

    Its rows are those from `first` on, the next change begins with `following`. Raises `OSError`, and `ValueError` as
    the engine does.
    """
    made = max(_made(generation), default=None)
    if made is None or first == following:
        return
    known = tantivy.Index.open(str(made[1])).searcher()
    new = " ".join(word for word in words if not known.doc_freq(_WORD, word))
    line = json.dumps((first, following, new)) + "\n"
    with (made[1] / _LATER).open("a", encoding="ascii") as file:
        if file.tell() + len(line) <= _LATER_BYTES:
            file.write(line)


def words_of(tokens: Iterable[str]) -> Iterator[str]:
    """Return those of some tokens that may be near a word of letters."""
    return (token for token in tokens if token[0] != MARK and _is_near_letters(token))


def _changes(file: Path) -> Iterator[tuple[int, int, str]]:
    """What changes have left: first row, row after the last one, words. What cannot be read ends it."""
    try:
        for line in file.read_text("ascii").splitlines():
            first, following, words = json.loads(line)
            yield int(first), int(following), str(words)
    except (OSError, ValueError, TypeError):
        return


def _is_near_letters(token: str) -> bool:
    return token.isalpha() or sum(not sign.isalpha() for sign in token) <= _SLACK


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
                if _is_near_letters(word):
                    yield word
