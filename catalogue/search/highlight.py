"""Why a hit matched: the fields in which a query's words stand, and an excerpt of each with the words marked.

Made by our own analysis from the stored text, so that it agrees with the index and is the same on every engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Final, NamedTuple

from catalogue.search.analysis import (
    CHANGE_FIRST,
    COMPOUND,
    LABEL,
    MARK,
    Analyzer,
    Forms,
    Span,
    compound_parts,
    language_of,
    without_articles,
)
from catalogue.search.card import Written
from catalogue.search.clauses import Clauses, Word
from catalogue.search.query import Matched
from catalogue.text import Text

MAX_MATCHED = 3  # fields shown of one hit
EXCERPT = 200  # characters of an excerpt, marks not counted
_BEFORE = 60  # characters shown before the first marked word

OPEN: Final = "[["
CLOSE: Final = "]]"
_STEP: Final = 40  # words of a text that are looked at together
_ASCII: Final = "\x7f"  # the last character of it
_ONE_LINE: Final = {ord(c): " " for c in "\t\r\n"}


class Stretch(NamedTuple):
    """A marked stretch of a text."""

    start: int
    end: int


class _Wanted(NamedTuple):
    """What to look for in texts of one language."""

    exact: frozenset[str]
    wholes: frozenset[str]
    stems: frozenset[str]
    prefixes: tuple[str, ...]
    whole_prefixes: tuple[str, ...]
    loose: tuple[Word, ...]
    runs: tuple[tuple[str, ...], ...]
    stem_runs: tuple[tuple[str, ...], ...]

    @property
    def open(self) -> bool:
        """Whether more than equal tokens match."""
        return bool(self.prefixes or self.whole_prefixes or self.loose)

    @property
    def tokens(self) -> frozenset[str]:
        """Tokens of which a text has at least one, if it holds a word of the query that must be equal to one."""
        longest = (max(run, key=len) for run in (*self.runs, *self.stem_runs))
        return frozenset((*self.exact, *self.stems, *self.wholes, *longest))

    @property
    def starts(self) -> frozenset[str]:
        """The letters (folded) with which the words of the query begin; none where it may be any letter."""
        marked = (*self.tokens, *self.prefixes, *self.whole_prefixes)
        return frozenset() if self.loose else frozenset(token.rpartition(":")[2][:1] for token in marked)


class _Alike(dict[str, bool]):
    """Whether a token is a word of the query, begins like one, or is one but for typing errors; by token."""

    def __init__(self, wanted: _Wanted) -> None:
        super().__init__()
        self._tokens = wanted.tokens
        self._begins = (*wanted.prefixes, *wanted.whole_prefixes)
        self._loose = [(word.parts[0], frozenset(word.parts[0]), word.slack) for word in wanted.loose]

    def __missing__(self, token: str) -> bool:
        alike = self[token] = token in self._tokens or token.startswith(self._begins) or self._near(token)
        return alike

    def _near(self, token: str) -> bool:
        """Stems are no words; most words are of another length, or have other letters than may be wrong."""
        if token[0] == MARK:
            return False
        length = len(token)
        for word, letters, slack in self._loose:
            if (
                -slack <= length - len(word) <= slack
                and len(letters.difference(token)) <= slack
                and len(set(token).difference(letters)) <= slack
                and within(token, word, slack)
            ):
                return True
        return False


class _Marker:
    """Finds the words of one query in texts of one language.

    `none` tells that none of some tokens may be a word of the query. Of hundreds of tokens, hardly any is.
    """

    __slots__ = ("_alike", "_bags", "_begins", "_forms", "_judged", "_matching", "_starts", "_wanted", "none")

    def __init__(
        self,
        wanted: _Wanted,
        forms: Mapping[str, Forms],
        bags: Mapping[str, tuple[str, ...]],
        starts: frozenset[str],
    ) -> None:
        """Of words that begin with none of `starts`, no token is wanted; where there are none, it may be any."""
        self._wanted = wanted
        self._forms = forms
        self._bags = bags
        self._starts = frozenset((*starts, *map(str.upper, starts)))
        self._begins = _begins(self._starts) if starts else None
        self._alike = _Alike(wanted)
        self._judged: set[str] = set()  # the compounds that were looked at
        self._matching: set[str] = set()  # those of them of which something may be a word of the query
        self.none: Callable[[Iterable[str]], bool] = self._none_alike if wanted.open else wanted.tokens.isdisjoint

    def lacks(self, label: str) -> bool:
        """Whether a short text holds no word of the query. Words are analysed only where one begins as one does."""
        bag = self._bags.get(label)
        if bag is None:
            if self._begins and not self._begins.search(label):
                return True
            bag = self._bags[label]
        return self.none(bag)

    def stretches(self, text: str) -> list[Stretch]:
        """Return where the words stand, in order and without overlaps, as far as an excerpt reaches."""
        plain = without_articles(text)
        words = COMPOUND.findall(plain)
        first = self._first(words)
        if first is None:
            return []
        found: list[Stretch] = []
        for compound in islice(COMPOUND.finditer(plain), first, None):
            if found and compound.start() > found[0].start + EXCERPT:
                break
            word = compound.group()
            if word not in self._judged:
                self._judge((word,))
            if word in self._matching:
                found += self._within(Span(compound.start(), compound.end(), word))
        if self._wanted.runs:
            found += self._runs([Span(each.start(), each.end(), each.group()) for each in COMPOUND.finditer(plain)])
        return _merged(found)

    def _first(self, words: Sequence[str]) -> int | None:
        """A number of words before which none matches; None where none does. What comes after is not looked at."""
        for start in range(0, len(words), _STEP):
            some = words[start : start + _STEP]
            self._judge(some)
            if not self._matching.isdisjoint(some):
                return start
        return None

    def _judge(self, words: Iterable[str]) -> None:
        """Look at the compounds that were not looked at before: all at once, since mostly none matches."""
        new: Iterable[str] = set(words).difference(self._judged)
        self._judged.update(new)
        starts = self._starts
        if starts:  # other letters, and the insides of compounds, are not as plain to see
            new = [word for word in new if word[0] in starts or word[0] > _ASCII or not word.isalpha()]
        forms = {word: self._forms[word].tokens for word in new}
        if not self.none(chain.from_iterable(forms.values())):
            self._matching.update(word for word, tokens in forms.items() if not self.none(tokens))

    def _none_alike(self, tokens: Iterable[str]) -> bool:
        """Where more than equal tokens match."""
        return not any(map(self._alike.__getitem__, tokens))

    def _within(self, span: Span) -> Iterator[Stretch]:
        forms = self._forms[span.text]
        if _whole(forms, self._wanted):
            yield Stretch(span.start, span.end)
            return
        for index, (start, end) in enumerate(_offsets(span)):
            if _part(forms, index, self._wanted):
                yield Stretch(start, end)

    def _runs(self, compounds: Sequence[Span]) -> Iterator[Stretch]:
        """Yield the stretches where several words stand next to each other."""
        parts: list[str] = []
        stems: list[str] = []
        places: list[tuple[Span, int]] = []  # of each part: its compound, and which part of that it is
        for span in compounds:
            forms = self._forms[span.text]
            parts += forms.parts
            stems += forms.stems
            places += [(span, index) for index in range(len(forms.parts))]
        for tokens, runs in ((parts, self._wanted.runs), (stems, self._wanted.stem_runs)):
            for run in runs:
                for at in _find(tokens, run):
                    (first, one), (last, other) = places[at], places[at + len(run) - 1]
                    yield Stretch(_offsets(first)[one][0], _offsets(last)[other][1])


class _Markers(dict[str | None, _Marker]):
    """The markers of one query, by language tag. Tags of one language share one."""

    def __init__(self, make: Callable[[str | None], _Marker]) -> None:
        super().__init__()
        self._languages: dict[str | None, _Marker] = {}
        self._make = make

    def __missing__(self, tag: str | None) -> _Marker:
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

    def __init__(self, clauses: Clauses, analyzer: Analyzer, languages: Sequence[str] = ()) -> None:
        """Of several texts of a field, one in the reader's `languages` is shown, the first of them first."""
        self._clauses = clauses
        self._analyzer = analyzer
        self._markers = _Markers(self._in_language)
        self._preference = _Preference(languages)

    def matched(self, fields: Iterable[tuple[str, Sequence[Written]]]) -> tuple[Matched, ...]:
        """Return the first fields (at most `MAX_MATCHED`) that hold a word of the query, each with an excerpt.

        `fields` are names with their texts, the most telling field first.
        """
        found: list[Matched] = []
        if not self._clauses.required:
            return ()
        for name, texts in fields:
            shown = self._shown(texts)
            if shown is not None:
                found.append(Matched(name, shown))
                if len(found) == MAX_MATCHED:
                    break
        return tuple(found)

    def stretches(self, text: str, tag: str | None) -> list[Stretch]:
        """Return where the words of the query stand in a text (see `_Marker.stretches`)."""
        return self._markers[tag].stretches(text)

    def _shown(self, texts: Sequence[Written]) -> str | None:
        """The excerpt of a field; None where it holds no word of the query."""
        markers, place = self._markers, self._preference
        left = [(text, tag) for text, tag in texts if len(text) > LABEL or not markers[tag].lacks(text)]
        for text, tag in sorted(left, key=lambda each: place[each[1]]):
            stretches = markers[tag].stretches(text)
            if stretches:
                return excerpt(text, stretches)
        return None

    def _in_language(self, language: str | None) -> _Marker:
        forms = self._analyzer.seen(language)
        wanted = _wanted(self._clauses, forms)
        starts = frozenset[str]() if language in CHANGE_FIRST else wanted.starts
        return _Marker(wanted, forms, self._analyzer.bags(language), starts)


@lru_cache(maxsize=1_000)
def _begins(letters: frozenset[str]) -> re.Pattern[str]:
    """Return what finds a word that begins with one of some letters, or with one that is not plain."""
    return re.compile(rf"(?<![^\W_])[{re.escape(''.join(sorted(letters)))}{_ASCII}-\U0010ffff]")


def _wanted(clauses: Clauses, forms: Mapping[str, Forms]) -> _Wanted:
    words = [c for c in clauses.required if isinstance(c, Word)]
    single = [w for w in words if len(w.parts) == 1]
    several = [w for w in words if len(w.parts) > 1]
    stems = {w: forms[w.written].stems for w in words}
    return _Wanted(
        exact=frozenset(w.joined for w in words if w in single or w.letters),
        wholes=frozenset(w.whole for w in words if w in several or w.letters),
        stems=frozenset(stem for w in single for stem in stems[w]),
        prefixes=tuple(w.joined for w in words if w.prefix and (w in single or w.letters)),
        whole_prefixes=tuple(w.whole for w in words if w.prefix and (w in several or w.letters)),
        loose=tuple(w for w in single if w.slack),
        runs=tuple(c.parts for c in clauses.required if not isinstance(c, Word) or c in several),
        stem_runs=tuple(stems[w] for w in several if stems[w]),
    )


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


def _offsets(span: Span) -> list[tuple[int, int]]:
    at, offsets = 0, []
    for part in compound_parts(span.text):
        at = span.text.index(part, at)
        offsets.append((span.start + at, span.start + at + len(part)))
        at += len(part)
    return offsets


def _whole(forms: Forms, wanted: _Wanted) -> bool:
    return forms.whole is not None and (forms.whole in wanted.wholes or forms.whole.startswith(wanted.whole_prefixes))


def _part(forms: Forms, index: int, wanted: _Wanted) -> bool:
    part = forms.parts[index]
    return (
        part in wanted.exact
        or (bool(forms.stems) and forms.stems[index] in wanted.stems)
        or part.startswith(wanted.prefixes)
        or any(within(part, word.parts[0], word.slack) for word in wanted.loose)
    )


def _find(tokens: Sequence[str], run: Sequence[str]) -> Iterator[int]:
    size, at = len(run), -1
    for _ in range(tokens.count(run[0])):
        at = tokens.index(run[0], at + 1)
        if tuple(tokens[at : at + size]) == tuple(run):
            yield at


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for stretch in sorted(stretches):
        if merged and stretch.start < merged[-1].end:
            merged[-1] = Stretch(merged[-1].start, max(merged[-1].end, stretch.end))
        else:
            merged.append(stretch)
    return merged


def within(one: str, other: str, distance: int) -> bool:
    """Whether two words differ by at most `distance` letters added, dropped, replaced or swapped with the next."""
    if abs(len(one) - len(other)) > distance:
        return False
    before: list[int] = []
    previous = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > distance and min(previous) >= distance:
            return False  # whatever follows: no cost is below those of this row, or one above those of the last
        before, previous = previous, row
    return previous[-1] <= distance
