"""The index document: an entry as every engine indexes it, made from the tables in `catalogue.facets`.

Everything that totals and counts depend on is decided here: tokens, facet values with their ancestors, spans, sort
keys. An engine only keeps and compares them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from types import MappingProxyType
from typing import Final

from catalogue.dataset import Texts
from catalogue.entry import Entry
from catalogue.facets import FIELDS, INDEXED, SORTS, FacetTerm, Field, Sort, Span
from catalogue.journal.state import State, Status
from catalogue.search.analysis import Analyzer, Tokens, joined
from catalogue.search.card import card_of, dump_card, dump_excerpts
from catalogue.search.steps import HIGHEST, LOWEST, separate, steps_of
from catalogue.text import Text
from shapes.record import Kind

MACHINE: Final = "machine"  # the rank of all literals a machine translated, whatever field they stand in
MACHINE_WEIGHT: Final = 0.2  # below every field written by people
MAX_VALUE: Final = 1000  # characters of a facet value; a keyword that is a whole page is cut
EXCERPT_CHARACTERS: Final = 100_000  # of one field, kept to say why a hit matched

_RULES: Final = 2  # to be raised when tokens, keys or cards are made differently from the same tables
_SORT_CHARACTERS: Final = 200


_NAMES: Final = tuple(facet.name for facet in INDEXED)
_LISTED: Final = tuple(facet for facet in INDEXED if not facet.ranged)
_RANGED: Final = tuple(facet for facet in INDEXED if facet.ranged)


def rank_of(field: Field) -> str:
    """The rank of a field: fields of equal weight are scored together."""
    return f"weight{field.weight:g}".replace(".", "_")


_RANKED: Final = tuple((field, rank_of(field)) for field in FIELDS)
# Rank -> weight.
RANKS: Final[Mapping[str, float]] = MappingProxyType(
    {rank_of(field): field.weight for field in FIELDS} | {MACHINE: MACHINE_WEIGHT}
)


@dataclass(frozen=True, slots=True)
class Label:
    """What a facet value is called, and the values above it in a tree, nearest first."""

    facet: str
    value: str
    texts: Texts
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """One listed dataset as an engine indexes it.

    `tokens`: of all fields together; they decide what matches. `ranked`: the same tokens by rank (see `RANKS`), for
    scores only, so that their positions do not count. `values`: by facet, each value once, with ancestors and steps.
    `spans`: by ranged facet, at most `MAX_SPANS` each. `absent`: the facets of which the dataset states nothing.
    `sorts`: by order of `SORTS`, what it compares; an order the dataset has no key for is left out, and comes last.
    `key` puts equal hits in an order that does not depend on how or when they were indexed. `card` and `excerpts` are
    JSON to be kept and handed back.
    """

    id: str
    digest: str
    tokens: Tokens
    ranked: Mapping[str, Tokens]
    values: Mapping[str, tuple[str, ...]]
    spans: Mapping[str, tuple[Span, ...]]
    absent: tuple[str, ...]
    sorts: Mapping[str, str | int]
    key: int
    labels: tuple[Label, ...]
    card: str
    excerpts: str


def searchable(state: State) -> bool:
    """Whether a state belongs in the index: listed datasets do; series and the rest have pages, but are no hits."""
    return state.status is Status.LISTED and state.kind is Kind.DATASET


@cache
def layout() -> str:
    """Return a digest of all that decides how documents are made. Another digest means: make the index anew."""
    parts = [f"rules {_RULES}", f"snowball {version('snowballstemmer')}"]
    parts += [f"facet {facet.name} {facet.kind.value}" for facet in INDEXED]
    parts += [f"field {field.name} {field.exact} {rank_of(field)}" for field in FIELDS]
    parts += [f"sort {sort.name} {sort.descending}" for sort in SORTS]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def document_of(entry: Entry, analyzer: Analyzer) -> IndexDocument:
    """Make the index document of a dataset's entry."""
    texts = {field.name: field.read(entry) for field in FIELDS}
    ranked = _ranked(texts, analyzer)
    terms = {facet.name: facet.terms(entry) for facet in _LISTED}
    spans = {facet.name: separate(facet.spans(entry)) for facet in _RANGED}
    values = {name: _with_parents(some) for name, some in terms.items()}
    values |= {facet.name: steps_of(facet, spans[facet.name]) for facet in _RANGED}
    return IndexDocument(
        id=entry.state.id,
        digest=entry.state.digest,
        tokens=joined(ranked.values()),
        ranked=ranked,
        values=values,
        spans=spans,
        absent=tuple(name for name in _NAMES if not (terms.get(name) or spans.get(name))),
        sorts={sort.name: key for sort in SORTS if (key := _sort_key(sort, entry)) is not None},
        key=int.from_bytes(hashlib.sha256(entry.state.id.encode()).digest()[:8]) >> 1,
        labels=tuple(
            Label(name, term.value[:MAX_VALUE], term.labels, term.parents)
            for name, some in terms.items()
            for term in some
        ),
        card=dump_card(card_of(entry)),
        excerpts=dump_excerpts({f.name: _cut(texts[f.name]) for f in FIELDS if f.snippet and texts[f.name]}),
    )


def _ranked(texts: Mapping[str, Texts], analyzer: Analyzer) -> dict[str, Tokens]:
    ranked: dict[str, list[Tokens]] = {name: [] for name in RANKS}
    translated: list[Text] = []
    for field, rank in _RANKED:
        some = texts[field.name]
        human = [text for text in some if not text.machine]
        if human:
            ranked[rank].append(analyzer.tokens(human, stem=not field.exact))
        if len(human) < len(some):
            translated += [text for text in some if text.machine]
    ranked[MACHINE].append(analyzer.tokens(translated))
    return {name: joined(some) for name, some in ranked.items()}


def _with_parents(terms: Sequence[FacetTerm]) -> tuple[str, ...]:
    if not terms:  # a dataset has values of a third of the facets
        return ()
    return tuple(dict.fromkeys(value[:MAX_VALUE] for term in terms for value in (term.value, *term.parents) if value))


def _sort_key(sort: Sort, entry: Entry) -> str | int | None:
    key = sort.key(entry) if sort.key is not None else None
    if isinstance(key, int):
        return max(LOWEST, min(key, HIGHEST))
    return key[:_SORT_CHARACTERS] if key else None


def _cut(texts: Texts) -> Texts:
    """The first `EXCERPT_CHARACTERS` of a field; only enormous data dictionaries have more."""
    if sum([len(text.value) for text in texts]) <= EXCERPT_CHARACTERS:
        return texts
    left, kept = EXCERPT_CHARACTERS, []
    for text in texts:
        if len(text.value) > left:
            kept.append(Text(text.value[:left], text.language))
            break
        kept.append(text)
        left -= len(text.value)
    return tuple(kept)
