"""Why a hit matched: the fields in which a query's words stand, and an excerpt of each with the words marked.

Made by our own analysis from the stored text, so that it agrees with the index and is the same on every engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from catalogue.search.analysis import (
    COMPOUND,
    LABEL,
    Analyzer,
    Forms,
    Span,
    compound_parts,
    language_of,
    spans,
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
        """The tokens of which one is enough, where only equal ones match."""
        return self.exact | self.stems | self.wholes


class _Verdicts(dict[str, bool]):
    """Whether anything of a compound matches, by compound."""

    def __init__(self, forms: Mapping[str, Forms], wanted: _Wanted) -> None:
        super().__init__()
        self._forms = forms
        self._wanted = wanted

    def __missing__(self, compound: str) -> bool:
        verdict = self[compound] = self._verdict(self._forms[compound], self._wanted)
        return verdict

    def _verdict(self, forms: Forms, wanted: _Wanted) -> bool:
        if not wanted.exact.isdisjoint(forms.parts) or not wanted.stems.isdisjoint(forms.stems):
            return True
        if wanted.open and any(_part(forms, index, wanted) for index in range(len(forms.parts))):
            return True
        return _whole(forms, wanted)


class _Marker:
    """Finds the words of one query in texts of one language."""

    def __init__(self, wanted: _Wanted, forms: Mapping[str, Forms], bags: Mapping[str, frozenset[str]]) -> None:
        self._wanted = wanted
        self._forms = forms
        self._bags = bags
        self._verdicts = _Verdicts(forms, wanted)
        self._tokens = None if wanted.open or wanted.runs else wanted.tokens

    def stretches(self, text: str) -> list[Stretch]:
        """Return where the words stand, in order, without overlaps."""
        if self._tokens is not None and len(text) <= LABEL and self._tokens.isdisjoint(self._bags[text]):
            return []
        verdicts, plain = self._verdicts, without_articles(text)
        found: list[Stretch] = []
        if any(map(verdicts.__getitem__, COMPOUND.findall(plain))):
            for compound in COMPOUND.finditer(plain):
                word = compound.group()
                if verdicts[word]:
                    found += self._within(Span(compound.start(), compound.end(), word))
        if self._wanted.runs:
            found += self._runs(text)
        return _merged(found)

    def _within(self, span: Span) -> Iterator[Stretch]:
        forms = self._forms[span.text]
        if _whole(forms, self._wanted):
            yield Stretch(span.start, span.end)
            return
        for index, (start, end) in enumerate(_offsets(span)):
            if _part(forms, index, self._wanted):
                yield Stretch(start, end)

    def _runs(self, text: str) -> Iterator[Stretch]:
        """Yield the stretches where several words stand next to each other."""
        offsets: list[tuple[int, int]] = []
        parts: list[str] = []
        stems: list[str] = []
        for span in spans(text):
            forms = self._forms[span.text]
            offsets += _offsets(span)
            parts += forms.parts
            stems += forms.stems
        for tokens, runs in ((parts, self._wanted.runs), (stems, self._wanted.stem_runs)):
            for run in runs:
                for at in _find(tokens, run):
                    yield Stretch(offsets[at][0], offsets[at + len(run) - 1][1])


class _Marked(dict[str, list[Stretch]]):
    """Where the words of one query stand, by text, in texts of one language. Labels are kept: datasets share them."""

    def __init__(self, marker: _Marker) -> None:
        super().__init__()
        self._marker = marker

    def __missing__(self, text: str) -> list[Stretch]:
        found = self._marker.stretches(text)
        if len(text) <= LABEL:
            self[text] = found
        return found


class _ByTag(dict[str | None, _Marked]):
    """What is marked in texts with a language tag, by tag. Tags of one language share it."""

    def __init__(self, marked: Callable[[str | None], _Marked]) -> None:
        super().__init__()
        self._languages: dict[str | None, _Marked] = {}
        self._marked = marked

    def __missing__(self, tag: str | None) -> _Marked:
        language = language_of(tag)
        if language not in self._languages:
            self._languages[language] = self._marked(language)
        marked = self[tag] = self._languages[language]
        return marked


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
        self._marked = _ByTag(self._in_language)
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
        """Return where the words of the query stand in a text, in order, without overlaps."""
        return self._marked[tag][text]

    def _shown(self, texts: Sequence[Written]) -> str | None:
        """The excerpt of a field; None where it holds no word of the query."""
        marked, place = self._marked, self._preference
        for text, tag in sorted(texts, key=lambda each: place[each[1]]) if len(texts) > 1 else texts:
            stretches = marked[tag][text]
            if stretches:
                return excerpt(text, stretches)
        return None

    def _in_language(self, language: str | None) -> _Marked:
        forms = self._analyzer.seen(language)
        return _Marked(_Marker(_wanted(self._clauses, forms), forms, self._analyzer.bags(language)))


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
    first, size = run[0], len(run)
    for at in range(len(tokens) - size + 1):
        if tokens[at] == first and all(tokens[at + i] == run[i] for i in range(1, size)):
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
    if len(set(one).difference(other)) > distance or len(set(other).difference(one)) > distance:
        return False  # most words: each difference takes away one letter, or brings one in
    before: list[int] = []
    previous = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, previous = previous, row
    return previous[-1] <= distance
