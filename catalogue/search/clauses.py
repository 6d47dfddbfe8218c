"""The words of a query: what a person typed, as clauses that every engine translates into its own query objects.

    cancer lung        both words, anywhere, in any of their forms (stems of every language the index holds)
    "lung cancer"      these words in this order, next to each other, as written (case and diacritics aside)
    genom*             words that begin so
    -mouse  -"in vitro"   not these

Everything else is a word or is ignored: no engine's query language is ever spoken here. The sign `*` alone is no
condition at all. A text without any letter or digit finds nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from catalogue.search.analysis import compound_parts, fold, spans, whole_token
from catalogue.search.query import MAX_TEXT
from shapes.errors import BadQuery

MAX_WORDS = 64  # of one query, those in phrases counted

_ANYTHING: Final = {"", "*", "*:*"}
_PIECE = re.compile(r'(?P<minus>(?<!\S)-)?"(?P<phrase>[^"]*)(?:"|$)|(?P<plain>[^\s"]+)')


@dataclass(frozen=True, slots=True)
class Word:
    """A word or compound, in any of its forms. `written` is what was typed, `parts` its folded parts.

    With `prefix`, the last part may go on. `slack` is the number of letters that may be wrong in each part.
    """

    written: str
    parts: tuple[str, ...]
    prefix: bool = False
    slack: int = 0

    @property
    def joined(self) -> str:
        """The parts written together."""
        return "".join(self.parts)

    @property
    def whole(self) -> str:
        """The token of a compound that is written so, or apart."""
        return whole_token(self.parts)

    @property
    def letters(self) -> bool:
        """Whether there is a letter in it: a bare number is never taken for a code written together."""
        return any(c.isalpha() for c in self.joined)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words that must stand next to each other in this order."""

    parts: tuple[str, ...]


Clause: TypeAlias = Word | Phrase


@dataclass(frozen=True, slots=True)
class Clauses:
    """All of `required` and none of `excluded`. `nothing`: the text had no word to look for, so nothing is found."""

    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    nothing: bool = False

    def __bool__(self) -> bool:
        return bool(self.required or self.excluded or self.nothing)


def check_text(text: str, what: str = "search text") -> None:
    """Raise `BadQuery` for a text no search takes: over `MAX_TEXT` characters, or with a NUL or a lone surrogate."""
    if len(text) > MAX_TEXT:
        raise BadQuery(f"The {what} has {len(text)} characters; at most {MAX_TEXT} are allowed.")
    if "\0" in text:
        raise BadQuery(f"The {what} holds a NUL character, which no description can hold.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadQuery(f"The {what} is not valid Unicode.") from error


def read_clauses(text: str) -> Clauses:
    """Read the words of a query. Raises `BadQuery` as `check_text`, and for more than `MAX_WORDS` words."""
    check_text(text)
    if text.strip() in _ANYTHING:
        return Clauses()
    required: dict[Clause, None] = {}
    excluded: dict[Clause, None] = {}
    for piece in _PIECE.finditer(text):
        if piece["phrase"] is not None:
            phrase = tuple(fold(part) for span in spans(piece["phrase"]) for part in compound_parts(span.text))
            if phrase:
                (excluded if piece["minus"] else required)[Phrase(phrase)] = None
        else:
            plain = piece["plain"]
            minus = plain.startswith("-") and not text[: piece.start()].endswith('"')
            (excluded if minus else required).update((word, None) for word in _words(plain))
    clauses = Clauses(tuple(required), tuple(excluded), nothing=not required and not excluded)
    count = sum(len(clause.parts) for clause in (*required, *excluded))
    if count > MAX_WORDS:
        raise BadQuery(f"The search text has {count} words; at most {MAX_WORDS} are allowed.")
    return clauses


def _words(piece: str) -> list[Word]:
    return [
        Word(
            span.text,
            tuple(fold(part) for part in compound_parts(span.text)),
            prefix=piece[span.end : span.end + 1] == "*",
        )
        for span in spans(piece)
    ]


def loosened(word: Word) -> Word:
    """Return the word with slack for typing errors: one letter from four letters on, two from eight on.

    Prefixes, compounds and words with digits (identifiers) never get any.
    """
    part = word.parts[0]
    if word.prefix or len(word.parts) > 1 or not part.isalpha() or len(part) < _ONE_FROM:
        return word
    return replace(word, slack=1 if len(part) < _TWO_FROM else 2)


_ONE_FROM = 4
_TWO_FROM = 8
