"""The forms in which a clause may stand in a text, and what each counts for. Every engine asks for exactly these.

A form is about the tokens an index holds (see `analysis`). Whether a dataset matches is asked of all its tokens
together, the score of the tokens of each rank (see `document.RANKS`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from catalogue.search.analysis import Analyzer
from catalogue.search.clauses import Clause, Phrase, Word

STEM: Final = 0.7  # what a stem counts against the word as written
TIE: Final = 0.1  # what the lesser ranks and forms of one clause add to its best one


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens next to each other in this order; one token alone is simply that token."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beginning:
    """Any token that begins so, however many there are."""

    token: str


@dataclass(frozen=True, slots=True)
class Near:
    """Any token within `distance` letters added, dropped, replaced or swapped with the next, however many there are."""

    token: str
    distance: int


Form: TypeAlias = Run | Beginning | Near


def matching(clause: Clause, languages: Sequence[str], analyzer: Analyzer) -> tuple[Form, ...]:
    """Return the forms of which a match has at least one. `languages` are those whose stems the index holds."""
    if isinstance(clause, Phrase):
        return (Run(clause.parts),)
    if scored_alone(clause):
        return tuple(_open(clause))
    stems = (Run(analyzer.forms(clause.written, language).stems) for language in languages)
    return tuple(dict.fromkeys((*_written(clause), *stems)))


def scoring(clause: Clause, languages: Sequence[str], analyzer: Analyzer) -> tuple[tuple[Form, float], ...]:
    """Return the forms that give a match its score in each rank, with what each counts against the rank's weight."""
    if isinstance(clause, Word) and scored_alone(clause):
        return tuple((form, 1.0) for form in _open(clause))
    written = [(part, 1.0) for part in clause.parts]
    if isinstance(clause, Word):
        written.append((clause.whole, 1.0))
        forms = (analyzer.forms(clause.written, language) for language in languages)
        written += [(stem, STEM) for each in forms for stem in each.stems]
    return tuple((Run((token,)), factor) for token, factor in written)


def scored_alone(clause: Clause) -> bool:
    """Whether the forms that score are those that match: then whatever has a score matches, and no other."""
    return isinstance(clause, Word) and (clause.prefix or clause.slack > 0)


def scored_as_matched(clause: Clause) -> bool:
    """Whether whatever has a score matches, and no other: the tokens that score are those of which a match has one."""
    return isinstance(clause, Word) and (scored_alone(clause) or (len(clause.parts) == 1 and clause.letters))


def _written(word: Word) -> Iterator[Form]:
    """The word as written, and as a code written together or apart."""
    yield Run(word.parts)
    if len(word.parts) > 1 and word.letters:
        yield Run((word.joined,))
    if len(word.parts) > 1 or word.letters:
        yield Run((word.whole,))


def _open(word: Word) -> Iterator[Form]:
    """Words that begin with it, or that differ by some letters."""
    if word.slack:
        yield Near(word.joined, word.slack)
        return
    if word.letters or len(word.parts) == 1:
        yield Beginning(word.joined)
    if word.letters or len(word.parts) > 1:
        yield Beginning(word.whole)
