"""Why a hit matched: the fields in which a query's words stand, and an excerpt of each with the words marked.

Made by our own analysis from the stored text, so that it agrees with the index and is the same on every engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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

    def __init__(self, forms: Callable[[str], Forms], wanted: _Wanted) -> None:
        super().__init__()
        self._forms = forms
        self._wanted = wanted

    def __missing__(self, compound: str) -> bool:
        verdict = self[compound] = self._verdict(self._forms(compound), self._wanted)
        return verdict

    def _verdict(self, forms: Forms, wanted: _Wanted) -> bool:
        if not wanted.exact.isdisjoint(forms.parts) or not wanted.stems.isdisjoint(forms.stems):
            return True
        if wanted.open and any(_part(forms, index, wanted) for index in range(len(forms.parts))):
            return True
        return _whole(forms, wanted)


class Highlighter:
    """Marks the words of one query in any number of texts. Made for one search and used by one thread."""

    def __init__(self, clauses: Clauses, analyzer: Analyzer) -> None:
        self._clauses = clauses
        self._analyzer = analyzer
        self._wanted: dict[str | None, _Wanted] = {}
        self._tokens: dict[str | None, frozenset[str]] = {}
        # Texts repeat their words, and datasets their labels.
        self._verdicts: dict[str | None, _Verdicts] = {}
        self._short: dict[str | None, dict[str, list[Stretch]]] = {}

    def matched(self, fields: Iterable[tuple[str, Sequence[Text]]]) -> tuple[Matched, ...]:
        """Return the first fields (at most `MAX_MATCHED`) that hold a word of the query, each with an excerpt.

        `fields` are names with their texts, the most telling field and the reader's language first.
        """
        found: list[Matched] = []
        if not self._clauses.required:
            return ()
        for name, texts in fields:
            for text in texts:
                stretches = self.stretches(text)
                if stretches:
                    found.append(Matched(name, excerpt(text.value, stretches)))
                    break
            if len(found) == MAX_MATCHED:
                break
        return tuple(found)

    def stretches(self, text: Text) -> list[Stretch]:
        """Return where the words of the query stand in a text, in order, without overlaps."""
        short = self._short.get(text.language)
        if short is None:
            short = self._short[text.language] = {}
        found = short.get(text.value)
        if found is None:
            found = self._look(text.value, language_of(text))
            if len(text.value) <= LABEL:
                short[text.value] = found
        return found

    def _look(self, text: str, language: str | None) -> list[Stretch]:
        wanted = self._wanted.get(language) or self._want(language)
        if self._in_vain(text, language, wanted):
            return []
        verdicts = self._verdicts[language]
        plain = without_articles(text)
        found: list[Stretch] = []
        if any(map(verdicts.__getitem__, COMPOUND.findall(plain))):
            for compound in COMPOUND.finditer(plain):
                word = compound.group()
                if verdicts[word]:
                    found += self._within(Span(compound.start(), compound.end(), word), language, wanted)
        if wanted.runs:
            found += self._runs(text, language, wanted)
        return _merged(found)

    def _in_vain(self, text: str, language: str | None, wanted: _Wanted) -> bool:
        """Whether a label is known to hold nothing of the query. Most are."""
        if wanted.open or wanted.runs or len(text) > LABEL:
            return False
        return self._tokens[language].isdisjoint(self._analyzer.bag(text, language))

    def _want(self, language: str | None) -> _Wanted:
        words = [c for c in self._clauses.required if isinstance(c, Word)]
        single = [w for w in words if len(w.parts) == 1]
        several = [w for w in words if len(w.parts) > 1]
        forms = {w: self._analyzer.forms(w.written, language) for w in words}
        wanted = _Wanted(
            exact=frozenset(w.joined for w in words if w in single or w.letters),
            wholes=frozenset(w.whole for w in words if w in several or w.letters),
            stems=frozenset(stem for w in single for stem in forms[w].stems),
            prefixes=tuple(w.joined for w in words if w.prefix and (w in single or w.letters)),
            whole_prefixes=tuple(w.whole for w in words if w.prefix and (w in several or w.letters)),
            loose=tuple(w for w in single if w.slack),
            runs=tuple(c.parts for c in self._clauses.required if not isinstance(c, Word) or c in several),
            stem_runs=tuple(forms[w].stems for w in several if forms[w].stems),
        )
        self._wanted[language] = wanted
        self._tokens[language] = wanted.tokens
        self._verdicts[language] = _Verdicts(lambda compound: self._analyzer.forms(compound, language), wanted)
        return wanted

    def _within(self, span: Span, language: str | None, wanted: _Wanted) -> Iterator[Stretch]:
        forms = self._analyzer.forms(span.text, language)
        if _whole(forms, wanted):
            yield Stretch(span.start, span.end)
            return
        for index, (start, end) in enumerate(_offsets(span)):
            if _part(forms, index, wanted):
                yield Stretch(start, end)

    def _runs(self, text: str, language: str | None, wanted: _Wanted) -> Iterator[Stretch]:
        """Yield the stretches where several words stand next to each other."""
        offsets: list[tuple[int, int]] = []
        parts: list[str] = []
        stems: list[str] = []
        for span in spans(text):
            forms = self._analyzer.forms(span.text, language)
            offsets += _offsets(span)
            parts += forms.parts
            stems += forms.stems
        for tokens, runs in ((parts, wanted.runs), (stems, wanted.stem_runs)):
            for run in runs:
                for at in _find(tokens, run):
                    yield Stretch(offsets[at][0], offsets[at + len(run) - 1][1])


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
