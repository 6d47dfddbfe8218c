"""One version of the index, open for reading: hits, totals and counts. It never changes; a commit makes another."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from itertools import groupby, islice
from operator import itemgetter
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
from catalogue.search.query import FacetCounts
from catalogue.search.tally import Names, Tally

_BUCKETS: Final = 50_000  # values counted in one go; tantivy refuses more than 65,000
_LANGUAGES: Final = 64  # readers' preferences for which the counts of the whole index are kept as shown
_SHORT: Final = 1_000  # a list of values that is counted together with others; times the facets it stays below that
_EVERY_TERM: Final = 10_000_000  # terms of a segment that are counted before it is cut: all of them


class Snapshot:
    """A searcher with what is computed once for it. Safe to share between threads."""

    def __init__(self, index: tantivy.Index, labels: Labels, analyzer: Analyzer) -> None:
        self._searcher = index.searcher()
        self._schema = index.schema
        self._analyzer = analyzer
        self._shown: dict[Hashable, tuple[FacetCounts, ...]] = {}
        self.names = Names(labels.read)

    @cached_property
    def asker(self) -> Asker:
        """Makes queries for this version: it knows the languages that are in it."""
        languages = self._values(LANGUAGE, tantivy.Query.all_query())
        return Asker(self._schema, sorted(languages), self._analyzer)

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """Every facet counted over the whole index, once: the home page, and every search without words."""
        everything = tantivy.Query.all_query()
        missing = self._values(ABSENT, everything)
        return {f.name: Tally(self._values(facet_field(f.name), everything), missing.get(f.name, 0)) for f in FACETS}

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def count(self, query: tantivy.Query | None) -> int:
        """Return how many datasets match; None is everything."""
        if query is None:
            return len(self)
        with engine():
            counted: Any = self._searcher.search(query, limit=1)  # its type information leaves `count` out
            return int(counted.count)

    def remembered(self, asked: Hashable, count: Callable[[], tuple[FacetCounts, ...]]) -> tuple[FacetCounts, ...]:
        """Return the counts of the whole index as they were shown before, or make and remember them."""
        shown = self._shown.get(asked)
        if shown is None:
            if len(self._shown) >= _LANGUAGES:
                self._shown.clear()
            shown = self._shown[asked] = count()
        return shown

    def tally(self, facets: Sequence[Facet], query: tantivy.Query | None) -> Mapping[str, Tally]:
        """Count facets over a query; None is everything, which is counted once only."""
        return self.tallies if query is None else self._tallies(facets, query)

    def ranked(self, query: tantivy.Query, first: int, size: int) -> list[Found]:
        """Return hits by score."""
        return self._page(first, size, query)

    def ordered(self, query: tantivy.Query, sort: str, first: int, size: int) -> list[Found]:
        """Return hits in one of the orders that have a key, those without one last."""
        order = tantivy.Order.Desc if sort_named(sort).descending else tantivy.Order.Asc
        return self._page(first, size, query, order_by_field=sort_field(sort), order=order)

    def _page(self, first: int, size: int, query: tantivy.Query, **how: Any) -> list[Found]:  # noqa: ANN401 - tantivy's
        """Return some hits of an order; equal ones stand by `IndexDocument.key`."""
        stop = first + size
        limit = stop + 1
        with engine():
            while True:
                hits = self._searcher.search(query, limit=limit, count=False, **how).hits
                if len(hits) < limit or hits[-1][0] != hits[stop - 1][0]:
                    break
                limit *= 4  # the page ends among equals: fetch all of them
            keys = self._searcher.fast_field_values(KEY, [address for _, address in hits])
        equals = groupby(zip(hits, keys, strict=True), key=lambda hit: hit[0][0])
        ranked = (hit for _, equal in equals for hit, _ in sorted(equal, key=itemgetter(1)))
        return [self._found(value, address) for value, address in islice(ranked, first, stop)]

    def digests(self) -> Mapping[str, str]:
        """Return identifier and digest of everything."""
        with engine():
            identities = self._searcher.terms_with_prefix(IDENTITY, "", tantivy.Query.all_query())
        pairs = (identity.rpartition(BETWEEN) for identity, _ in identities)
        return {record: digest for record, _, digest in pairs}

    def _found(self, value: object, address: tantivy.DocAddress) -> Found:
        with engine():
            stored = self._searcher.doc(address).to_dict()
        score = value if isinstance(value, float) else 0.0
        card, excerpts = bytes(stored[CARD][0]), bytes(stored[EXCERPTS][0])
        return Found(str(stored[ID][0]), score, card.decode(), excerpts.decode())

    def _tallies(self, facets: Sequence[Facet], query: tantivy.Query) -> dict[str, Tally]:
        """Count facets over a query; it runs once for all with short lists, and once more for each long list."""
        short = [facet_field(facet.name) for facet in facets if len(self.tallies[facet.name].counts) <= _SHORT]
        counted = {field: _counts(answer) for field, answer in self._aggregate([ABSENT, *short], _SHORT, query).items()}
        fields = {facet.name: facet_field(facet.name) for facet in facets}
        return {
            name: Tally(
                counted[field] if field in counted else self._values(field, query, len(self.tallies[name].counts)),
                counted[ABSENT].get(name, 0),
            )
            for name, field in fields.items()
        }

    def _values(self, field: str, query: tantivy.Query, most: int = _BUCKETS) -> dict[str, int]:
        """Count every value of a field over a query, exactly. There are at most `most` values."""
        answer = self._aggregate([field], max(1, min(most, _BUCKETS)), query)[field]
        if answer["sum_other_doc_count"]:  # an enormous list: slower, and without a limit
            with engine():
                return dict(self._searcher.terms_with_prefix(field, "", query))
        return _counts(answer)

    def _aggregate(self, fields: Sequence[str], size: int, query: tantivy.Query) -> dict[str, Any]:
        terms = {"size": size, "segment_size": _EVERY_TERM}
        with engine():
            answers = self._searcher.aggregate(query, {field: {"terms": terms | {"field": field}} for field in fields})
        return dict(answers)


def _counts(answer: dict[str, Any]) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in answer["buckets"]}
