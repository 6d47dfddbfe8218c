"""A search and its answer, the same on every engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalogue.use.purpose import Purpose
from catalogue.use.reasons import Answer

PAGE_SIZE = 20
MAX_PAGE_SIZE = 1000
MAX_TEXT = 2000  # characters of a query text; longer ones are refused


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. Words and facets are ANDed; several values of one facet are ORed.

    `facets` maps a facet's name to the chosen values; a number or date range is written `10..20`, open ends allowed.
    `page` counts from 1. `languages` are the reader's, best first: they choose snippets and labels, never the totals.
    `cursor` is the `next` of a page, and asks for what comes after it (see `cursor`); there is no `page` beside it.
    `counted` names the facets to count; empty: all of them. Without `with_facets` none is. `purpose` is a use somebody
    has in mind: hits say whether their conditions allow it, and `answers` chooses those that say so (any of them).
    """

    text: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    page: int = 1
    size: int = PAGE_SIZE
    languages: tuple[str, ...] = ("en",)
    with_facets: bool = True
    cursor: str = ""
    counted: tuple[str, ...] = ()
    purpose: Purpose = field(default_factory=Purpose)
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched:
    """Why a hit is a hit: a field and an excerpt. The matched words stand between `[[` and `]]`."""

    field: str
    snippet: str


@dataclass(frozen=True, slots=True)
class HitCommittee:
    """A body as a hit shows it."""

    id: str
    name: str
    role: str
    method: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One dataset found. `conditions` is the signature of its conditions of use (`catalogue.use.conditions`)."""

    id: str
    iri: str
    title: str
    description: str
    publisher: str | None
    country: str | None
    access_rights: str | None
    dac: tuple[HitCommittee, ...]
    decider: Mapping[str, str]
    source: str
    score: float = 0.0
    matched: tuple[Matched, ...] = ()
    individuals: int | None = None
    records: int | None = None
    modified: str | None = None
    synthetic: bool = False
    stage: str | None = None
    title_language: str | None = None
    machine_translated: bool = False
    conditions: str = "none"


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet, counted over the query and the other facets, ignoring the facet's own choice."""

    value: str
    label: str
    count: int
    selected: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The values of one facet. `missing`: how many hits state none. `others`: values cut from a long list."""

    name: str
    label: str
    kind: str
    values: tuple[FacetValue, ...]
    missing: int = 0
    others: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer. `next` is the cursor of what comes after it; None where nothing does."""

    total: int
    page: int
    size: int
    took_ms: float
    hits: tuple[Hit, ...]
    facets: tuple[FacetCounts, ...] = ()
    relaxed: bool = False
    next: str | None = None
