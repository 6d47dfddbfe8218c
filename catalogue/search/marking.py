"""Where the words of one query stand in texts of one language.

Hardly any word of a text is one of the query, so hardly any is analysed: a text is first sieved for those that may be
(`Marker.words`), by the letter they begin with or by their length. Only these are analysed, each once, and only texts
that hold one are looked at closely (`Marker.stretches`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Final, NamedTuple

from catalogue.search.analysis import (
    CHANGE_FIRST,
    COMPOUND,
    LOSE_FIRST,
    REST,
    Analyzer,
    Forms,
    Span,
    compound_parts,
    fold,
    without_articles,
)
from catalogue.search.clauses import Clauses, Word

REACH: Final = 200  # characters after the first marked word in which others are marked too

_PLAIN: Final = frozenset(map(chr, range(128)))


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
    def tokens(self) -> frozenset[str]:
        """Tokens of which a text has at least one, if it holds a word of the query that must be equal to one."""
        longest = (max(run, key=len) for run in (*self.runs, *self.stem_runs))
        return frozenset((*self.exact, *self.stems, *self.wholes, *longest))

    @property
    def single(self) -> bool:
        """Whether one word by itself may match."""
        return any(self[:-2])

    @property
    def beginnings(self) -> tuple[str, ...]:
        """What other tokens begin with that match."""
        return (*self.prefixes, *self.whole_prefixes)

    @property
    def letters(self) -> frozenset[str]:
        """The letters (folded) with which those tokens begin, marks left out."""
        return frozenset(token.rpartition(":")[2][:1] for token in (*self.tokens, *self.beginnings))


class _Alike:
    """Sieves texts for words of which a token is one of the query, or begins like one."""

    def __init__(self, wanted: _Wanted, language: str | None, analyzer: Analyzer) -> None:
        letters = wanted.letters.union(LOSE_FIRST.get(language or "", ""))
        self._find = (COMPOUND if language in CHANGE_FIRST else _beginning(letters)).findall
        self._forms = analyzer.seen(language)
        self._tokens = wanted.tokens
        self._beginnings = wanted.beginnings
        self._judged: set[str] = set()
        self._matching: set[str] = set()

    def __call__(self, plain: str) -> set[str]:
        """Return those of a text, as they are written."""
        words = set(self._find(plain))
        new = words - self._judged
        if new:
            self._judge(new)
        return words & self._matching

    def _judge(self, words: Collection[str]) -> None:
        """Look at words for the first time: all at once, since mostly none matches."""
        self._judged.update(words)
        forms = {word: self._forms[word].tokens for word in words}
        if not self._none(chain.from_iterable(forms.values())):
            self._matching.update(word for word, tokens in forms.items() if not self._none(tokens))

    def _none(self, tokens: Iterable[str]) -> bool:
        if not self._beginnings:
            return self._tokens.isdisjoint(tokens)
        return not any(token in self._tokens or token.startswith(self._beginnings) for token in tokens)


class _Near:
    """Sieves texts for words that are one of the query but for typing errors."""

    def __init__(self, loose: Sequence[Word]) -> None:
        self._loose = [(word.parts[0], fragments(word.parts[0], word.slack), word.slack) for word in loose]
        self._shortest = min((len(word) - slack for word, _, slack in self._loose), default=0)
        self._longest = max((len(word) + slack for word, _, slack in self._loose), default=0)
        self._known: dict[tuple[str, str], bool] = {}  # by folded word and word of the query
        self._judged: set[str] = set()  # what stands between spaces
        self._matching: set[str] = set()

    def __call__(self, plain: str) -> set[str]:
        """Return those of a text, as they are written, and perhaps others."""
        new = set(plain.split()) - self._judged
        self._judged |= new
        # Folding changes the length of other than plain letters.
        long = [some for some in new if len(some) >= self._shortest or not some.isascii()]
        for word in set(compound_parts(" ".join(long))):
            plainly = word.isascii()
            if plainly and not self._shortest <= len(word) <= self._longest:
                continue
            if self.is_near(word.casefold() if plainly else fold(word)):
                self._matching.add(word)
        return {word for word in self._matching if word in plain}

    def is_near(self, token: str) -> bool:
        """Whether a folded word is one of the query but for typing errors.

        Most words have none of what must be left of a word with errors in it.
        """
        for word, left, slack in self._loose:
            for some in left:
                if some in token:
                    if self._within(token, word, slack):
                        return True
                    break
        return False

    def _within(self, token: str, word: str, slack: int) -> bool:
        found = self._known.get((token, word))
        if found is None:
            found = self._known[token, word] = within(token, word, slack)
        return found


def fragments(word: str, slack: int) -> tuple[str, ...]:
    """Return strings of which every word has one that differs from this by at most so many letters (see `within`).

    Of one part more than there may be errors, one is untouched; unless two letters on both sides of a cut are swapped.
    The word must have two letters for each part.
    """
    cuts = [len(word) * number // (slack + 1) for number in range(slack + 2)]
    parts = [word[start:stop] for start, stop in pairwise(cuts)]
    return (*parts, *(left[:-1] + right[0] + left[-1] for left, right in pairwise(parts)))


class Marker:
    """Finds the words of one query in texts of one language."""

    def __init__(
        self, clauses: Clauses, language: str | None, analyzer: Analyzer, near: Mapping[Word, Collection[str]]
    ) -> None:
        """`language` is one with stems, or None. `near` tells of some words with typing errors all they may be."""
        self._forms = analyzer.seen(language)
        self._folded = analyzer.seen(None)
        self._wanted = _wanted(clauses, self._forms, near)
        self._alike = _Alike(self._wanted, language, analyzer)
        self._near = _Near(self._wanted.loose) if self._wanted.loose else None
        self._around = max(map(len, (*self._wanted.runs, *self._wanted.stem_runs)), default=0) - 1

    def words(self, plain: str) -> set[str]:
        """Return what of a text without articles may be a word of the query, as it is written: words, or compounds.

        What is no word of the text, but a part of one, may be among them.
        """
        return self._alike(plain) if self._near is None else self._alike(plain) | self._near(plain)

    def stretches(self, text: str, words: Collection[str]) -> list[Stretch]:
        """Return where the words stand, in order and without overlaps, as far as an excerpt reaches.

        `words` are those that may be words of the query, the text's own (see `words`) and perhaps others.
        """
        plain = without_articles(text)
        first = min([at for word in words if (at := plain.find(word)) >= 0], default=None)
        if first is None:
            return []
        start = plain.rfind(" ", 0, first) + 1
        found = self._singles(plain, start, words) if self._wanted.single else []
        if self._wanted.runs:
            for some in self._near_by(plain, words):
                found += self._runs(some)
        return _merged(found)

    def _singles(self, plain: str, start: int, words: Collection[str]) -> list[Stretch]:
        """The stretches of single words from a place on."""
        found: list[Stretch] = []
        for compound in COMPOUND.finditer(plain, start):
            if found and compound.start() > found[0].start + REACH:
                break
            written = compound.group()
            if any(word in written for word in words):
                found += self._within(Span(compound.start(), compound.end(), written))
        return found

    def _near_by(self, plain: str, words: Collection[str]) -> Iterator[Sequence[Span]]:
        """Yield where words that stand next to each other may be: around those that may be words of the query."""
        compounds = [*COMPOUND.finditer(plain)]
        start = stop = 0
        for number, compound in enumerate(compounds):
            written = compound.group()
            if any(word in written for word in words):
                if number - self._around > stop:
                    yield _spans(compounds[start:stop])
                    start = number - self._around
                stop = number + self._around + 1
        yield _spans(compounds[start:stop])

    def _within(self, span: Span) -> Iterator[Stretch]:
        forms = self._forms[span.text]
        if _whole(forms, self._wanted):
            yield Stretch(span.start, span.end)
            return
        for index, (start, end) in enumerate(_offsets(span)):
            part = forms.parts[index]
            if _part(forms, index, self._wanted) or (self._near is not None and self._near.is_near(part)):
                yield Stretch(start, end)

    def _runs(self, compounds: Sequence[Span]) -> Iterator[Stretch]:
        """Yield the stretches where several words stand next to each other."""
        places: list[tuple[Span, int]] = []  # of each part: its compound, and which part of that it is
        parts: list[str] = []
        for span in compounds:
            written = self._folded[span.text].parts
            parts += written
            places += [(span, index) for index in range(len(written))]
        found = [(at, run) for run in self._wanted.runs for at in _find(parts, run)]
        if self._wanted.stem_runs:
            stems = [stem for span in compounds for stem in self._forms[span.text].stems]
            found += [(at, run) for run in self._wanted.stem_runs for at in _find(stems, run)]
        for at, run in found:
            (first, one), (last, other) = places[at], places[at + len(run) - 1]
            yield Stretch(_offsets(first)[one][0], _offsets(last)[other][1])


@lru_cache(maxsize=1_000)
def _beginning(letters: frozenset[str]) -> re.Pattern[str]:
    """Return what finds words, or the ends of compounds, that begin with one of some letters or with no plain one.

    It looks for the letter first, and so passes quickly over the rest. The letters are written as all other plain
    characters left out: a set of a million characters takes milliseconds to compile.
    """
    others = _PLAIN.difference(letters, map(str.upper, letters))
    return re.compile(rf"[^{re.escape(''.join(sorted(others)))}](?<=[^\W_])(?<![^\W_].){REST}")


def _wanted(clauses: Clauses, forms: Mapping[str, Forms], near: Mapping[Word, Collection[str]]) -> _Wanted:
    words = [c for c in clauses.required if isinstance(c, Word)]
    single = [w for w in words if len(w.parts) == 1]
    several = [w for w in words if len(w.parts) > 1]
    stems = {w: forms[w.written].stems for w in words}
    return _Wanted(
        exact=frozenset(chain((w.joined for w in words if w in single or w.letters), *near.values())),
        wholes=frozenset(w.whole for w in words if w in several or w.letters),
        stems=frozenset(stem for w in single for stem in stems[w]),
        prefixes=tuple(w.joined for w in words if w.prefix and (w in single or w.letters)),
        whole_prefixes=tuple(w.whole for w in words if w.prefix and (w in several or w.letters)),
        loose=tuple(w for w in single if w.slack and w not in near),
        runs=tuple(c.parts for c in clauses.required if not isinstance(c, Word) or c in several),
        stem_runs=tuple(stems[w] for w in several if stems[w]),
    )


def _spans(compounds: Iterable[re.Match[str]]) -> list[Span]:
    return [Span(each.start(), each.end(), each.group()) for each in compounds]


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
