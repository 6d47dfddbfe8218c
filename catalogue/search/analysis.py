"""Text becomes tokens here, once, for every engine: they index our tokens split at white space and add nothing.

The rules, in full, because totals depend on them:

- A word is a run of letters and digits (Unicode, with their combining marks). Words joined by one of `- . : _` are a
  compound (`MONDO:0018940`, `U07.1`, `COVID-19`): its parts are words in their order, and it is a token as a whole, its
  parts written together (`~=:mondo0018940`), so that `ORPHA:590` and `ORPHA590` find each other.
- One or two letters before an apostrophe are an article (`l'`, `d'`, `qu'`) and dropped, and so is `'s`.
- Folding: case and every diacritic are dropped (ä is a, é is e, full-width forms are plain ones) and letters that do
  not decompose are written out (ø o, ł l, æ ae, ß ss). The spelling `ae` for `ä` is known to the German stemmer only.
- Stems are made by the Snowball algorithm of the literal's language; an untagged literal is taken for English; a
  language without an algorithm has no stems. A stem token names its language (`~fr:genet`), so that the stems of two
  languages never meet. Words with digits are not stemmed.
- A token is cut at 100 characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from operator import attrgetter
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar

import snowballstemmer

from catalogue.folding import fold as fold_text
from catalogue.text import Text

MAX_TOKEN = 100  # characters; below the 255 at which Elasticsearch's whitespace tokenizer would split
UNTAGGED = "en"
# No word begins with this sign: stems (`~fr:genet`) and compounds (`~=:mondo0018940`) never meet a word, a prefix of
# one, or one with two letters wrong.
MARK: Final = "~"

# Primary language subtag -> Snowball algorithm.
STEMMERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ca": "catalan",
        "cs": "czech",
        "da": "danish",
        "de": "german",
        "el": "greek",
        "en": "english",
        "es": "spanish",
        "et": "estonian",
        "eu": "basque",
        "fi": "finnish",
        "fr": "french",
        "ga": "irish",
        "hu": "hungarian",
        "it": "italian",
        "lt": "lithuanian",
        "nb": "norwegian",
        "nl": "dutch",
        "nn": "norwegian",
        "no": "norwegian",
        "pl": "polish",
        "pt": "portuguese",
        "ro": "romanian",
        "ru": "russian",
        "sr": "serbian",
        "sv": "swedish",
        "tr": "turkish",
    }
)
# Of all others but Dutch, a stem begins with the letter its word begins with (Irish mutates it, Serbian becomes Latin,
# and Lithuanian and Turkish change words of one letter or two).
CHANGE_FIRST: Final = frozenset({"ga", "lt", "sr", "tr"})
# Dutch drops `ge`: what begins with this letter may have any stem.
LOSE_FIRST: Final[Mapping[str, str]] = MappingProxyType({"nl": "g"})
# Nothing a repetition took is ever given back (`++`, `*+`): what may follow a word is no part of one.
_MARKED = r"(?:[\u0300-\u036f]++[^\W_]*+)*+"
_W = rf"[^\W_]++{_MARKED}"
_JOINED = rf"(?:[-\u2010\u2011.:_]{_W})*+"
COMPOUND: Final = re.compile(_W + _JOINED)
REST: Final = rf"[^\W_]*+{_MARKED}{_JOINED}"  # of a compound, after its first letter
_PART = re.compile(_W)
_DIGIT = re.compile(r"\d")
_SHORT: Final = 6  # characters; so short a compound comes again even if it has digits: years, codes
LABEL: Final = 160  # characters of a text that is likely to come again
_NOT_WORD = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"\b(?:[^\W\d_]{1,2}['\u2019]|['\u2019][sS])\b")


def fold(word: str) -> str:
    """Return a word without case and diacritics (`catalogue.folding`), at most `MAX_TOKEN` characters long."""
    plain = word.casefold() if word.isascii() else _NOT_WORD.sub("", fold_text(word)) or word
    return plain[:MAX_TOKEN]


class Forms(NamedTuple):
    """The tokens of one compound: its folded parts, one stem token per part (or none), and the whole if it has parts.

    `stems` is empty in a language without stems; otherwise it is as long as `parts`. `tokens` are all of them.
    `words` and `roots` are the parts and the stems as a line holds them.
    """

    parts: tuple[str, ...]
    stems: tuple[str, ...]
    whole: str | None
    tokens: tuple[str, ...]
    words: str
    roots: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an engine indexes of some literals: lines of tokens, separated by one space.

    A line holds the words of one literal, or its stems, or the compounds of all, each in their order: words are next
    to each other when their tokens are. Phrases never reach across lines. `languages` are those of the stems.
    """

    lines: tuple[str, ...] = ()
    languages: frozenset[str] = frozenset()


NO_TOKENS: Final = Tokens()


def joined(tokens: Iterable[Tokens]) -> Tokens:
    """Return the tokens of several fields as those of one."""
    some = [each for each in tokens if each.lines]
    if len(some) <= 1:
        return some[0] if some else NO_TOKENS
    return Tokens(
        tuple(chain.from_iterable(each.lines for each in some)),
        frozenset().union(*(each.languages for each in some)),
    )


@dataclass(frozen=True, slots=True)
class Span:
    """A compound where it stands in a text."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=1_000)
def language_of(tag: str | None) -> str | None:
    """Return the language whose stems a literal with this tag gets, or None where there is no algorithm."""
    language = tag.split("-", 1)[0] if tag else UNTAGGED
    return language if language in STEMMERS else None


def spans(text: str) -> Iterator[Span]:
    """Yield the compounds of a text in order; offsets are those of the text as given."""
    for found in COMPOUND.finditer(without_articles(text)):
        yield Span(found.start(), found.end(), found.group())


def without_articles(text: str) -> str:
    """Return the text with dropped articles and `'s` blanked out; its length and offsets stay."""
    if "'" in text or "\u2019" in text:
        return _ARTICLE.sub(lambda found: " " * len(found.group()), text)
    return text


def whole_token(parts: Sequence[str]) -> str:
    """Return the token of a compound as a whole, its folded parts written together."""
    return f"{MARK}=:{''.join(parts)[:MAX_TOKEN]}"


def compound_parts(compound: str) -> tuple[str, ...]:
    """Return the parts of a compound as they are written."""
    return tuple(_PART.findall(compound))


class _Analysed(NamedTuple):
    """The lines of one literal: its words, its stems; and its compounds as wholes."""

    words: str
    stems: str
    wholes: tuple[str, ...]


Item = TypeVar("Item")


class _Remembered(dict[str, Item]):
    """What was looked up lately. What is new is analysed.

    Where room is made, what was there becomes the past: what is looked up again comes back from it, and the rest is let
    go the next time. So the words that every text has stay.
    """

    def __init__(
        self, analyse: Callable[[str], Item], comes_again: Callable[[str], bool], make_room: Callable[[], None]
    ) -> None:
        """`comes_again`: whether a text is worth remembering; `make_room` is called before one is."""
        super().__init__()
        self._analyse = analyse
        self._comes_again = comes_again
        self._make_room = make_room
        self._past: Mapping[str, Item] = {}

    def __missing__(self, text: str) -> Item:
        found = self._past.get(text)
        if found is None:
            found = self._analyse(text)
            if not self._comes_again(text):
                return found
        self._make_room()
        self[text] = found
        return found

    def age(self) -> None:
        """Make room: forget the past, and keep the present as the past."""
        self._past = self.copy()
        self.clear()


def _is_word(compound: str) -> bool:
    """Whether a compound comes again. Identifiers are not kept: hardly any comes twice, and there is no end of them."""
    return len(compound) <= _SHORT or (len(compound) <= MAX_TOKEN and not _DIGIT.search(compound))


def _is_label(text: str) -> bool:
    """Whether a literal comes again: names, keywords and labels do."""
    return len(text) <= LABEL


class Analyzer:
    """Makes tokens. It remembers words and short texts, up to `memory` of them; safe to share between threads."""

    def __init__(self, memory: int = 100_000) -> None:
        self._memory = self._room = memory // 2  # the other half is the past's
        self._seen = {
            language: _Remembered(partial(_forms, language=language), _is_word, self._make_room)
            for language in (None, *STEMMERS)
        }
        self._texts = {
            language: _Remembered(partial(_analysed, seen=seen), _is_label, self._make_room)
            for language, seen in self._seen.items()
        }

    def forms(self, compound: str, language: str | None) -> Forms:
        """Return the tokens of one compound in a language of `STEMMERS`; None: without stems."""
        return self._seen[language][compound]

    def seen(self, language: str | None) -> Mapping[str, Forms]:
        """Return what looks up the tokens of compounds in a language (see `forms`)."""
        return self._seen[language]

    def _make_room(self) -> None:
        self._room -= 1
        if self._room < 0:
            for seen in self._seen.values():
                seen.age()
            for texts in self._texts.values():
                texts.age()
            self._room = self._memory

    def tokens(self, texts: Iterable[Text], *, stem: bool = True) -> Tokens:
        """Return what an engine indexes of the literals of one field; without `stem`, words as written only."""
        lines: list[str] = []
        wholes: dict[str, None] = {}
        languages: set[str] = set()
        for text in texts:
            language = language_of(text.language) if stem else None
            analysed = self._texts[language][text.value]
            if not analysed.words:
                continue
            lines.append(analysed.words)
            if language is not None:
                languages.add(language)
                lines.append(analysed.stems)
            if analysed.wholes:
                wholes.update(dict.fromkeys(analysed.wholes))
        if wholes:
            lines.append(" ".join(wholes))
        return Tokens(tuple(lines), frozenset(languages))


_words_of: Final = attrgetter("words")
_roots_of: Final = attrgetter("roots")
_whole_of: Final = attrgetter("whole")


def _analysed(text: str, seen: Mapping[str, Forms]) -> _Analysed:
    if "'" in text or "\u2019" in text:
        text = _ARTICLE.sub(" ", text)  # no offset counts here
    found = [*map(seen.__getitem__, COMPOUND.findall(text))]
    if not found:
        return _Analysed("", "", ())
    roots = " ".join(map(_roots_of, found)) if found[0].stems else ""
    return _Analysed(" ".join(map(_words_of, found)), roots, tuple(filter(None, map(_whole_of, found))))


def _forms(compound: str, language: str | None) -> Forms:
    if compound.isalpha():
        word = fold(compound)
        root = "" if language is None else _stem(compound, word, language)
        return Forms((word,), (root,) if root else (), None, (word, root) if root else (word,), word, root)
    written = compound_parts(compound)
    parts = tuple([fold(part) for part in written])
    stems = () if language is None else tuple([_stem(*each, language) for each in zip(written, parts, strict=True)])
    whole = whole_token(parts) if len(parts) > 1 else None
    tokens = (*parts, *stems) if whole is None else (*parts, *stems, whole)
    return Forms(parts, stems, whole, tokens, " ".join(parts), " ".join(stems))


def _stem(word: str, folded: str, language: str) -> str:
    if folded.isalpha():
        # A stemmer keeps its word in itself while it works, so each call has its own: threads share nothing.
        stemmer = snowballstemmer.stemmer(STEMMERS[language])
        cased = folded if word.isascii() else unicodedata.normalize("NFKC", word).casefold()[:MAX_TOKEN]
        folded = fold(stemmer.stemWord(cased)) or folded
    return f"{MARK}{language}:{folded}"
