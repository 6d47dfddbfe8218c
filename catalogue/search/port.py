"""The port of a search index: a projection that answers queries. One contract suite runs over every engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from catalogue.projection import Projection
from catalogue.search.query import FacetCounts, Page, Query


class SearchIndex(Projection, Protocol):
    """Listed datasets, found by words and facets. Totals and counts are the same on every engine.

    Every method raises `SearchUnavailable` when the engine cannot answer.
    """

    def search(self, query: Query) -> Page:
        """Answer a query. Raises `BadQuery` for one that `catalogue.search.parsing` would not have made.

        The first page of an empty answer is an empty page; a page beyond the last is a `BadQuery`, and so is a cursor
        that is malformed or of another query. After a cursor come exactly the hits that stand after its own in the
        order, whatever was indexed meanwhile; hits that are equal stand by `IndexDocument.key`.
        """
        ...

    def facets(self, languages: Sequence[str] = ("en",)) -> tuple[FacetCounts, ...]:
        """Every facet, counted over the whole index, with many values each."""
        ...

    def values(self, query: Query, name: str) -> FacetCounts:
        """Return one facet over a query, with many more values than come with a page. Raises `BadQuery`."""
        ...

    def tallied(self, query: Query, name: str) -> Mapping[str, int]:
        """Return every value of a facet with how many datasets of a query state it, whatever is chosen of itself."""
        ...

    def count(self) -> int:
        """How many datasets the index holds."""
        ...
