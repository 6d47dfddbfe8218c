"""One version of the index, open for reading: hits, totals and counts. It never changes; a commit makes another."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import tantivy
from tantivy import Occur

from catalogue.facets import INDEXED, Facet, Sort
from catalogue.search.analysis import Analyzer
from catalogue.search.answer import Found
from catalogue.search.embedded.asking import Asker
from catalogue.search.embedded.engine import engine
from catalogue.search.embedded.labels import Labels
from catalogue.search.embedded.ordering import Ordered, Ordering, Window
from catalogue.search.embedded.rows import Kept, Rows, aggregate, next_row, rows_of
from catalogue.search.embedded.schema import BETWEEN, ID, IDENTITY
from catalogue.search.fields import ABSENT, CARD, EXCERPTS, LANGUAGE, facet_field
from catalogue.search.query import FacetCounts
from catalogue.search.tally import Names, Tally

_BUCKETS: Final = 50_000  # values counted in one go; tantivy refuses more than 65,000
_LANGUAGES: Final = 64  # readers' preferences for which the counts of the whole index are kept as shown


class Snapshot:
    """A searcher with what is computed once for it. Safe to share between threads."""

    def __init__(self, index: tantivy.Index, labels: Labels, analyzer: Analyzer, rows: Rows) -> None:
        self._searcher = index.searcher()
        self._schema = index.schema
        self._ordering = Ordering(self._searcher, self._schema)
        self._rows = rows
        self._analyzer = analyzer
        self._shown: dict[Hashable, tuple[FacetCounts, ...]] = {}
        self.names = Names(labels.read)

    @cached_property
    def asker(self) -> Asker:
        """Makes queries for this version: it knows the languages that are in it, or were in one of its rows."""
        languages = self._kept.get(LANGUAGE)
        if languages is None:
            languages = self._long([LANGUAGE], tantivy.Query.all_query())[LANGUAGE]
        return Asker(self._schema, sorted(languages), self._analyzer)

    @cached_property
    def _kept(self) -> Kept:
        with engine():
            return self._rows.of(self._searcher, self._schema, next_row(self._searcher))

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """Every facet counted over the whole index, once: the home page, and every search without words."""
        return self._tallies(INDEXED, tantivy.Query.all_query(), len(self))

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

    def tally(
        self, facets: Sequence[Facet], query: tantivy.Query | None, total: int | None = None
    ) -> Mapping[str, Tally]:
        """Count facets over a query; None is everything, which is counted once only. `total`: its hits, if known.

        Of a query that most datasets match, those are counted that do not.
        """
        if query is None:
            return self.tallies
        if total is None:
            total = self.count(query)
        if 2 * total <= len(self):
            return self._tallies(facets, query, total)
        others = tantivy.Query.boolean_query([(Occur.Must, tantivy.Query.all_query()), (Occur.MustNot, query)])
        left = self._tallies(facets, others, len(self) - total)
        return {name: self.tallies[name].without(tally) for name, tally in left.items()}

    def ranked(self, query: tantivy.Query, window: Window) -> list[Found]:
        """Return hits by score."""
        with engine():
            return [self._found(hit) for hit in self._ordering.by_score(query, window)]

    def ordered(self, query: tantivy.Query, sort: Sort, window: Window) -> list[Found]:
        """Return hits in one of the orders that have a key, those without one last."""
        with engine():
            return [self._found(hit) for hit in self._ordering.by_key(query, sort, window)]

    def digests(self) -> Mapping[str, str]:
        """Return identifier and digest of everything."""
        with engine():
            identities = self._searcher.terms_with_prefix(IDENTITY, "", tantivy.Query.all_query())
        pairs = (identity.rpartition(BETWEEN) for identity, _ in identities)
        return {record: digest for record, _, digest in pairs}

    def _found(self, hit: Ordered) -> Found:
        stored = self._searcher.doc(hit.address).to_dict()
        score = hit.value if isinstance(hit.value, float) else 0.0
        card, excerpts = bytes(stored[CARD][0]), bytes(stored[EXCERPTS][0])
        return Found(str(stored[ID][0]), score, hit.value, hit.key, card.decode(), excerpts.decode())

    def _tallies(self, facets: Sequence[Facet], query: tantivy.Query, total: int) -> dict[str, Tally]:
        """Count facets over a query: those with short lists by the rows of its hits, the others by tantivy."""
        fields = {facet.name: facet_field(facet.name) for facet in facets}
        kept = self._kept
        with engine():
            hits = rows_of(self._searcher, query, total)
        short = [field for field in (ABSENT, *fields.values()) if field in kept]
        counted = {field: _in_common(kept[field], hits) for field in short}
        counted |= self._long([field for field in (ABSENT, *fields.values()) if field not in kept], query)
        return {name: Tally(counted[field], counted[ABSENT].get(name, 0)) for name, field in fields.items()}

    def _long(self, fields: Sequence[str], query: tantivy.Query) -> dict[str, dict[str, int]]:
        """Count every value of some fields over a query, exactly, however many there are."""
        counted: dict[str, dict[str, int]] = {}
        if fields:
            with engine():
                answers = aggregate(self._searcher, query, fields, _BUCKETS // len(fields))
                cut = [field for field, answer in answers.items() if answer["sum_other_doc_count"]]
                for field in cut:
                    answers |= aggregate(self._searcher, query, [field], _BUCKETS)
                for field, answer in answers.items():
                    if answer["sum_other_doc_count"]:  # an enormous list: slower, and without a limit
                        counted[field] = dict(self._searcher.terms_with_prefix(field, "", query))
                    else:
                        counted[field] = {bucket["key"]: bucket["doc_count"] for bucket in answer["buckets"]}
        return counted


def _in_common(values: Mapping[str, int], hits: int) -> dict[str, int]:
    return {value: count for value, rows in values.items() if (count := (rows & hits).bit_count())}
