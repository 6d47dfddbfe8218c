"""A stretch of the hits of a query in one of its orders, by number or after a cursor, however many hits are equal.

tantivy sorts by one field and leaves equals as they lie. So an order with keys has a field of places (see
`schema.place`): numbers in which the key that parts equals is worked in, so that hardly any two are equal. It is also
where a walk starts: hits before the cursor are not looked at. Relevance has no such field; of hits with equal scores,
those that may stand in the stretch are put in order here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import tantivy
from tantivy import FieldType, Order, Query

from catalogue.facets import Sort
from catalogue.search.cursor import Cursor, Value
from catalogue.search.embedded.asking import all_of
from catalogue.search.embedded.schema import LAST, place, place_field
from catalogue.search.fields import KEY, sort_field

_NEAR: Final = 200  # hits that are skipped one by one
_EQUALS: Final = 100  # hits fetched beyond a stretch, which may end among equals
_EQUAL_TEXTS: Final = 4  # the same, of texts: hardly any are equal, and the engine spells out each, for 15 µs a part
_AROUND: Final = 200  # hits fetched on both sides of a stretch by score: equal ones may come by the hundred
_FAR: Final = 6  # the same, as a part of the hits before
_MORE: Final = 8  # how many times more are fetched where those were not enough


@dataclass(frozen=True, slots=True)
class Window:
    """Which hits: `size` of them from `first` on, or after a cursor, of which about `first` come before."""

    first: int
    size: int
    after: Cursor | None = None


class Ordered(NamedTuple):
    """A hit with what its order compares."""

    value: Value
    key: int
    address: tantivy.DocAddress


class Ordering:
    """Orders the hits of one searcher."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema) -> None:
        self._searcher = searcher
        self._schema = schema

    def by_key(self, query: Query, sort: Sort, window: Window) -> list[Ordered]:
        """Return hits in an order that has keys; those without one come last."""
        start, skipped = self._start(query, sort, window)
        if start is not None:
            query = all_of([query, self._places(sort, start, LAST)])
        limit = skipped + window.size + (_EQUAL_TEXTS if sort.text else _EQUALS)
        while True:
            hits, whole = self._first(query, sort, limit)
            hits.sort(key=lambda hit: _rank(hit.value, hit.key, sort))
            if window.after is not None:
                last = _rank(window.after.value, window.after.key, sort)
                skipped = bisect_right(hits, last, key=lambda hit: _rank(hit.value, hit.key, sort))
            if whole or len(hits) >= skipped + window.size:
                return hits[skipped : skipped + window.size]
            limit *= _MORE

    def by_score(self, query: Query, window: Window) -> list[Ordered]:
        """Return hits by score, the best first; the query gives the scores."""
        margin = max(_AROUND, window.first // _FAR)  # far into many hits, as many more have a score
        while True:
            low = max(window.first - margin, 0)
            limit = window.first - low + window.size + margin
            hits = self._searcher.search(query, limit=limit, offset=low, count=False).hits
            found = self._among(hits, low, window, whole=len(hits) < limit)
            if found is not None:
                return found
            margin *= _MORE

    def _among(self, hits: Sequence[Any], low: int, window: Window, *, whole: bool) -> list[Ordered] | None:
        """The hits of a window among those from a number on; None where it, or an equal, may stand beyond these.

        `whole`: no hit comes after them.
        """
        falling = [-score for score, _ in hits]
        at = window.first - low
        first = falling[at] if at < len(hits) else 0.0
        if window.after is not None and isinstance(window.after.value, float):
            first = -window.after.value
        start = bisect_left(falling, first)
        passed = bisect_right(falling, first) if window.after is not None else at
        stop = bisect_right(falling, falling[min(passed + window.size, len(hits)) - 1]) if hits else 0
        if (low and start == 0) or (not whole and (stop == len(hits) or passed + window.size > len(hits))):
            return None
        keys = self._searcher.fast_field_values(KEY, [address for _, address in hits[start:stop]])
        equals = sorted(zip(falling[start:stop], keys, range(start, stop), strict=True))
        skipped = at - start
        if window.after is not None:
            skipped = bisect_right(equals, (first, window.after.key, stop))
        some = equals[max(skipped, 0) :][: window.size]
        return [Ordered(hits[number][0], int(key or 0), hits[number][1]) for _, key, number in some]

    def _start(self, query: Query, sort: Sort, window: Window) -> tuple[int | None, int]:
        """The place from which on to look, and how many hits of the window's beginning stand from there."""
        if window.after is not None:
            return place(sort, window.after.value, window.after.key), 0
        if window.first <= _NEAR:
            return None, window.first
        by, order = place_field(sort.name), Order.Asc
        hits: Any = self._searcher.search(
            query, limit=1, offset=window.first, count=False, order_by_field=by, order=order
        ).hits
        if not hits:
            return None, window.first
        start = int(hits[0][0])
        before = all_of([query, self._places(sort, None, start - 1)])
        counted: Any = self._searcher.search(before, limit=1)
        return start, window.first - int(counted.count)

    def _first(self, query: Query, sort: Sort, limit: int) -> tuple[list[Ordered], bool]:
        """The first hits of an order up to a limit, without those that may have equals beyond it; and if these are all.

        Texts are compared by the engine, in the field that holds them; numbers here, where their places are equal.
        """
        by, order = sort_field(sort.name) if sort.text else place_field(sort.name), Order.Asc
        found: Any = self._searcher.search(query, limit=limit, count=False, order_by_field=by, order=order).hits
        whole = len(found) < limit
        if not whole:
            last = found[-1][0]
            while found and found[-1][0] == last:
                found.pop()
        addresses = [address for _, address in found]
        keys = self._searcher.fast_field_values(KEY, addresses)
        values = (
            [value for value, _ in found]
            if sort.text
            else self._searcher.fast_field_values(sort_field(sort.name), addresses)
        )
        return [Ordered(v, int(k or 0), at) for v, k, at in zip(values, keys, addresses, strict=True)], whole

    def _places(self, sort: Sort, low: int | None, high: int) -> Query:
        return Query.range_query(self._schema, place_field(sort.name), FieldType.Integer, low, high)


def _rank(value: Value, key: int, sort: Sort) -> tuple[Any, ...]:
    """What puts hits in order: those without a value last, equals by key."""
    if value is None:
        return (1, key)
    return (0, -value if sort.descending and not isinstance(value, str) else value, key)
