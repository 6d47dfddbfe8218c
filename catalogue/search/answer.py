"""What every engine does alike around its own work: how words are understood, and hits as a reader sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from catalogue.facets import FACETS, FIELDS, Facet, facet_named, sort_named
from catalogue.search.analysis import Analyzer
from catalogue.search.card import Written, load_card, load_excerpts
from catalogue.search.clauses import Clauses, Word, loosened
from catalogue.search.cursor import MAX_BEFORE, Cursor, Value, read_cursor
from catalogue.search.highlight import Highlighter
from catalogue.search.query import MAX_PAGE_SIZE, Hit, Query
from shapes.errors import BadQuery

# The most telling fields first; fields of equal weight as in the table.
_TELLING: Final = tuple(field.name for field in sorted(FIELDS, key=lambda field: -field.weight) if field.snippet)


@dataclass(frozen=True, slots=True)
class Found:
    """One hit as an index keeps it.

    `value` is what the order compares, the score for relevance; `key` is `IndexDocument.key`.
    """

    id: str
    score: float
    value: Value
    key: int
    card: str
    excerpts: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """How the words of a query were understood. `relaxed`: typing errors were allowed for."""

    clauses: Clauses
    relaxed: bool = False


def meaning(clauses: Clauses, count: Callable[[Clauses], int]) -> Meaning:
    """Return how to understand words that found nothing together with the chosen facets.

    `count` tells how many datasets match, whatever their facets. Only where the words alone find nothing are typing
    errors allowed for: in the words no dataset has, or in all of them when each is found by itself. So what the words
    mean never depends on a facet's choice, and a word that finds something is not replaced by another.
    """
    if not clauses.required or count(clauses) > 0:
        return Meaning(clauses)
    words = [clause for clause in clauses.required if isinstance(clause, Word)]
    unknown = [word for word in words if count(Clauses((word,))) == 0]
    loose = {word: loosened(word) for word in unknown or words}
    required = tuple(dict.fromkeys(loose.get(c, c) if isinstance(c, Word) else c for c in clauses.required))
    relaxed = replace(clauses, required=required)
    if relaxed != clauses and count(relaxed) > 0:
        return Meaning(relaxed, relaxed=True)
    return Meaning(clauses)


def check_query(query: Query) -> None:
    """Raise `BadQuery` for a page, size, order or cursor that no engine answers."""
    sort_named(query.sort)
    if query.page < 1:
        raise BadQuery(f"page cannot be {query.page}: pages count from 1.")
    if not 1 <= query.size <= MAX_PAGE_SIZE:
        raise BadQuery(f"size cannot be {query.size}: a page has 1 to {MAX_PAGE_SIZE} datasets.")
    read_cursor(query)


def to_count(query: Query) -> tuple[Facet, ...]:
    """Return the facets a query asks to be counted, in the table's order. Raises `BadQuery` for an unknown name."""
    names = {facet_named(name).name for name in query.counted}
    return tuple(facet for facet in FACETS if query.with_facets and (not names or facet.name in names))


def check_page(query: Query, total: int) -> None:
    """Raise `BadQuery` for a page beyond the last one."""
    last = max(1, -(-total // query.size))
    if query.page > last:
        pages = "is only one page" if last == 1 else f"are {last} pages"
        raise BadQuery(f"There is no page {query.page}: of {total} datasets, {query.size} to a page, there {pages}.")


def next_cursor(found: Sequence[Found], query: Query) -> str | None:
    """Return the cursor after a page; `found` holds its hits, and one more where there is one."""
    if len(found) <= query.size:
        return None
    last, cursor = found[query.size - 1], read_cursor(query)
    before = cursor.before if cursor else (query.page - 1) * query.size
    return Cursor(last.value, last.key, min(before + query.size, MAX_BEFORE)).write(query)


def hits(
    found: Iterable[Found],
    clauses: Clauses,
    query: Query,
    analyzer: Analyzer,
    near: Callable[[Word], Sequence[str] | None] = lambda _: None,
) -> tuple[Hit, ...]:
    """Return hits as the reader sees them: in the reader's languages, with the fields that matched.

    `near` tells what a word with typing errors may be in all of the index, where that is known.
    """
    known = {
        word: words for word in clauses.required if isinstance(word, Word) and word.slack and (words := near(word))
    }
    highlighter = Highlighter(clauses, analyzer, query.languages, known)
    return tuple(
        load_card(each.card).hit(
            each.id,
            query.languages,
            each.score,
            highlighter.matched(_fields(each.excerpts)) if clauses.required else (),
        )
        for each in found
    )


def _fields(excerpts: str) -> Iterator[tuple[str, Sequence[Written]]]:
    """Yield the fields with their texts."""
    texts = load_excerpts(excerpts)
    return ((name, texts[name]) for name in _TELLING if name in texts)
