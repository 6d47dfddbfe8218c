"""One version of the index, open for reading: hits, totals and counts. It never changes; a commit makes another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final

import tantivy

from catalogue.facets import FACETS, Facet, sort_named
from catalogue.search.analysis import Analyzer
from catalogue.search.answer import Found
from catalogue.search.embedded.asking import Asker
from catalogue.search.embedded.engine import engine
from catalogue.search.embedded.labels import Labels
from catalogue.search.embedded.schema import (
    ABSENT,
    BETWEEN,
    CARD,
    EXCERPTS,
    ID,
    IDENTITY,
    KEY,
    LANGUAGE,
    facet_field,
    sort_field,
)
from catalogue.search.tally import Tally

_BUCKETS: Final = 50_000  # values counted in one go; tantivy refuses more than 65,000
_EVERY_TERM: Final = 10_000_000  # terms of a segment that are counted before it is cut: all of them


class Snapshot:
    """A searcher with what is computed once for it. Safe to share between threads."""

    def __init__(self, index: tantivy.Index, labels: Labels, analyzer: Analyzer) -> None:
        self._searcher = index.searcher()
        self._schema = index.schema
        self._analyzer = analyzer
        self.labels = labels

    @cached_property
    def asker(self) -> Asker:
        """Makes queries for this version: it knows the languages that are in it."""
        languages = self._values(LANGUAGE, tantivy.Query.all_query())
        return Asker(self._schema, sorted(languages), self._analyzer)

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """Every facet counted over the whole index, once: the home page, and every search without words."""
        return self._tallies(FACETS, tantivy.Query.all_query())

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def count(self, query: tantivy.Query | None) -> int:
        """Return how many datasets match; None is everything."""
        if query is None:
            return len(self)
        with engine():
            counted: Any = self._searcher.search(query, limit=1)  # its type information leaves `count` out
            return int(counted.count)

    def tally(self, facets: Iterable[Facet], query: tantivy.Query | None) -> Mapping[str, Tally]:
        """Count facets over a query; None is everything, which is counted once only."""
        return self.tallies if query is None else self._tallies(facets, query)

    def ranked(self, query: tantivy.Query, first: int, size: int) -> list[Found]:
        """Return hits by score, those with equal scores by `IndexDocument.key`."""
        stop = first + size
        limit = stop + 1
        while True:
            hits = self._top(query, limit=limit)
            if len(hits) < limit or hits[-1][0] < hits[stop - 1][0]:
                break
            limit *= 4  # the page ends among equals: fetch all of them
        with engine():
            keys = self._searcher.fast_field_values(KEY, [address for _, address in hits])
        ranked = sorted(zip(hits, keys, strict=True), key=lambda hit: (-hit[0][0], hit[1]))
        return self._found(hit for hit, _ in ranked[first:stop])

    def ordered(self, query: tantivy.Query, sort: str, first: int, size: int) -> list[Found]:
        """Return hits in one of the orders that have a key; keys end with the identifier, so none are equal."""
        order = tantivy.Order.Desc if sort_named(sort).descending else tantivy.Order.Asc
        hits = self._top(query, limit=size, offset=first, order_by_field=sort_field(sort), order=order)
        return self._found((0.0, address) for _, address in hits)

    def digests(self) -> Mapping[str, str]:
        """Return identifier and digest of everything."""
        with engine():
            identities = self._searcher.terms_with_prefix(IDENTITY, "", tantivy.Query.all_query())
        pairs = (identity.rpartition(BETWEEN) for identity, _ in identities)
        return {record: digest for record, _, digest in pairs}

    def _top(self, query: tantivy.Query, **how: Any) -> list[tuple[float, tantivy.DocAddress]]:  # noqa: ANN401 - tantivy's
        with engine():
            return list(self._searcher.search(query, count=False, **how).hits)

    def _found(self, hits: Iterable[tuple[float, tantivy.DocAddress]]) -> list[Found]:
        found = []
        for score, address in hits:
            with engine():
                stored = self._searcher.doc(address).to_dict()
            card, excerpts = bytes(stored[CARD][0]), bytes(stored[EXCERPTS][0])
            found.append(Found(str(stored[ID][0]), score, card.decode(), excerpts.decode()))
        return found

    def _tallies(self, facets: Iterable[Facet], query: tantivy.Query) -> dict[str, Tally]:
        missing = self._values(ABSENT, query)
        return {f.name: Tally(self._values(facet_field(f.name), query), missing.get(f.name, 0)) for f in facets}

    def _values(self, field: str, query: tantivy.Query) -> dict[str, int]:
        """Count every value of a field over a query, exactly."""
        wanted = {"field": field, "size": _BUCKETS, "segment_size": _EVERY_TERM}
        with engine():
            answer = self._searcher.aggregate(query, {field: {"terms": wanted}})[field]
            if answer["sum_other_doc_count"]:  # an enormous list: slower, and without a limit
                return dict(self._searcher.terms_with_prefix(field, "", query))
        return {bucket["key"]: int(bucket["doc_count"]) for bucket in answer["buckets"]}
