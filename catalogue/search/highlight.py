"""Why a hit matched: the fields in which a query's words stand, and an excerpt of each with the words marked.

Made by our own analysis from the stored text, so that it agrees with the index and is the same on every engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from catalogue.search.analysis import Analyzer, language_of, without_articles
from catalogue.search.card import Written
from catalogue.search.clauses import Clauses, Word
from catalogue.search.marking import REACH, Marker, Stretch
from catalogue.search.query import Matched
from catalogue.text import Text

MAX_MATCHED = 3  # fields shown of one hit
EXCERPT = REACH  # characters of an excerpt, marks not counted
_BEFORE = 60  # characters shown before the first marked word

OPEN: Final = "[["
CLOSE: Final = "]]"
_AT_ONCE: Final = 20_000  # characters of fields that are looked through together
_ONE_LINE: Final = {ord(c): " " for c in "\t\r\n"}


class _Markers(dict[str | None, Marker]):
    """The markers of one query, by language tag. Tags of one language share one."""

    def __init__(self, make: Callable[[str | None], Marker]) -> None:
        super().__init__()
        self._languages: dict[str | None, Marker] = {}
        self._make = make

    def __missing__(self, tag: str | None) -> Marker:
        language = language_of(tag)
        if language not in self._languages:
            self._languages[language] = self._make(language)
        marker = self[tag] = self._languages[language]
        return marker


class _Preference(dict[str | None, tuple[bool, int]]):
    """By language tag, where a text stands among others: written by people first, then in the reader's languages."""

    def __init__(self, languages: Sequence[str]) -> None:
        super().__init__()
        self._rank = {language: place for place, language in enumerate(languages)}

    def __missing__(self, tag: str | None) -> tuple[bool, int]:
        text = Text("", tag)
        place = self[tag] = (text.machine, self._rank.get(text.base or "", len(self._rank)))
        return place


class Highlighter:
    """Marks the words of one query in any number of texts. Made for one search and used by one thread."""

    def __init__(
        self,
        clauses: Clauses,
        analyzer: Analyzer,
        languages: Sequence[str] = (),
        near: Mapping[Word, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        """Of several texts of a field, one in the reader's `languages` is shown, the first of them first.

        `near` tells of some words with typing errors everything that they may be.
        """
        self._clauses = clauses
        self._markers = _Markers(lambda language: Marker(clauses, language, analyzer, near))
        self._preference = _Preference(languages)
        self._lacking: defaultdict[str | None, set[str]] = defaultdict(set)  # by tag, texts known to hold no word

    def matched(self, fields: Iterable[tuple[str, Sequence[Written]]]) -> tuple[Matched, ...]:
        """Return the first fields (at most `MAX_MATCHED`) that hold a word of the query, each with an excerpt.

        `fields` are names with their texts, the most telling field first.
        """
        found: list[Matched] = []
        if not self._clauses.required:
            return ()
        for some in _portions(fields):
            words = self._words(some)
            for name, texts in some if words else ():
                shown = self._shown(texts, words)
                if shown is not None:
                    found.append(Matched(name, shown))
                    if len(found) == MAX_MATCHED:
                        return tuple(found)
        return tuple(found)

    def stretches(self, text: str, tag: str | None) -> list[Stretch]:
        """Return where the words of the query stand in a text (see `Marker.stretches`)."""
        marker = self._markers[tag]
        return marker.stretches(text, marker.words(without_articles(text)))

    def _words(self, fields: Sequence[tuple[str, Sequence[Written]]]) -> dict[str | None, Collection[str]]:
        """What may be a word of the query in some fields, by language tag: all texts of one are sieved together."""
        tagged: defaultdict[str | None, list[str]] = defaultdict(list)
        for _, texts in fields:
            for text, tag in texts:
                if text not in self._lacking[tag]:
                    tagged[tag].append(text)
        words: dict[str | None, Collection[str]] = {}
        for tag, some in tagged.items():
            found = self._markers[tag].words(without_articles("\n".join(some)))
            if found:
                words[tag] = found
            else:  # labels come again with the next hits
                self._lacking[tag].update(some)
        return words

    def _shown(self, texts: Sequence[Written], words: Mapping[str | None, Collection[str]]) -> str | None:
        """The excerpt of a field; None where it holds no word of the query. `words` are those that may be one."""
        left = [(text, tag) for text, tag in texts if tag in words and any(word in text for word in words[tag])]
        for text, tag in sorted(left, key=lambda each: self._preference[each[1]]):
            stretches = self._markers[tag].stretches(text, words[tag])
            if stretches:
                return excerpt(text, stretches)
        return None


def _portions(
    fields: Iterable[tuple[str, Sequence[Written]]],
) -> Iterator[Sequence[tuple[str, Sequence[Written]]]]:
    """Yield the fields some at a time: nearly always all, but a data dictionary is not looked through needlessly."""
    some: list[tuple[str, Sequence[Written]]] = []
    room = _AT_ONCE
    for field in fields:
        size = sum([len(text) for text, _ in field[1]])
        if some and size > room:
            yield some
            some, room = [], _AT_ONCE
        some.append(field)
        room -= size
    yield some


def excerpt(text: str, stretches: Sequence[Stretch]) -> str:
    """Return about `EXCERPT` characters of a text around the first stretches, each between `[[` and `]]`."""
    start = _word_edge(text, stretches[0].start - _BEFORE) if stretches[0].end > EXCERPT else 0
    stop = start + EXCERPT
    if stop < len(text):
        space = text.rfind(" ", stretches[0].end, stop)
        stop = space if space > 0 else max(stop, stretches[0].end)
    out, at = ["\u2026" if start else ""], start
    for stretch in stretches:
        if stretch.end > stop:
            break
        out += [_plain(text[at : stretch.start]), OPEN, _plain(text[stretch.start : stretch.end]), CLOSE]
        at = stretch.end
    out += [_plain(text[at:stop]), "\u2026" if stop < len(text) else ""]
    return "".join(out)


def _plain(text: str) -> str:
    """Text on one line that cannot be taken for a mark."""
    return text.translate(_ONE_LINE).replace(OPEN, "[ [").replace(CLOSE, "] ]")


def _word_edge(text: str, at: int) -> int:
    if at <= 0:
        return 0
    space = text.find(" ", at, at + _BEFORE)
    return space + 1 if space >= 0 else at
