"""What a facet is: a name, a kind, labels, and how its values are read from an entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from catalogue.dataset import Texts
from catalogue.entry import Entry

# The languages every label of ours is written in, in this order. A reader of another language sees the first.
LABEL_LANGUAGES = ("en", "fr", "de", "es", "it", "nl")


class FacetKind(StrEnum):
    """How values are chosen and counted.

    A term is one of a list; a tree counts its descendants too; a number or date is chosen by range; a flag is
    `true` or `false`.
    """

    TERM = "term"
    TREE = "tree"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class FacetTerm:
    """One value. `value` is a stable token for URLs; `parents` are the tokens above it in a tree, nearest first."""

    value: str
    labels: Texts
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """What an entry says of a number or date facet: from `low` to `high`, None where open.

    Numbers are as stated. Dates are whole days written as one number, 20240131, so that they compare as they should;
    a year alone spans from its first day to its last. A point has `low == high`. A chosen range matches a span it
    overlaps: `span.low <= range.high and span.high >= range.low`, an open end being satisfied.
    """

    low: int | None
    high: int | None


Terms: TypeAlias = Callable[[Entry], tuple[FacetTerm, ...]]
Spans: TypeAlias = Callable[[Entry], tuple[Span, ...]]


def no_terms(_entry: Entry) -> tuple[FacetTerm, ...]:
    """Number and date facets have no terms."""
    return ()


def no_spans(_entry: Entry) -> tuple[Span, ...]:
    """Term, tree and flag facets have no spans."""
    return ()


def in_languages(*texts: str) -> Mapping[str, str]:
    """Labels written in the order of `LABEL_LANGUAGES`."""
    return dict(zip(LABEL_LANGUAGES, texts, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One facet: a row of the table in `catalogue.facets.table`.

    `labels` are its name by language, `explanation` a sentence in English. `terms` reads the values of term, tree and
    flag facets, `spans` those of number and date facets. `canonical` turns what a user wrote (a code in any case, an
    IRI in any spelling) into the token the index holds. `lists` names the code lists its values come from. `shown`: in
    the side bar without asking. `limit`: how many values are listed before "more".
    """

    name: str
    kind: FacetKind
    labels: Mapping[str, str]
    explanation: str
    terms: Terms = no_terms
    spans: Spans = no_spans
    canonical: Callable[[str], str] = str.strip
    lists: tuple[str, ...] = ()
    shown: bool = False
    limit: int = 10

    @property
    def ranged(self) -> bool:
        """Whether it is chosen by range."""
        return self.kind in {FacetKind.NUMBER, FacetKind.DATE}
