"""Which rows have which values, so that counting is arithmetic: one set of rows per value.

A row is the number a document got when it was written (see `schema.ROW`). Rows only ever rise, a changed document gets
a new one, and no query finds a row whose document is gone: so what is known of the values of a row stays true for every
later version of the generation, and a version adds only what is new in it. The number of hits with a value is the
number of rows its set has in common with those of the hits.

The sets are roaring bitmaps: lists where rows are few, bits where they are many. So there are some for every value, be
it one of three or one of fifty thousand.

All of it can be read from the index. A file in the generation's folder spares a process that: a writer leaves it there
when much was added. Of a file that cannot be read nothing is believed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from itertools import chain
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeAlias

import tantivy
from pyroaring import BitMap
from tantivy import FieldType, Order, Query

from catalogue.durable import replace_bytes
from catalogue.facets import INDEXED
from catalogue.search.embedded.asking import all_of
from catalogue.search.embedded.schema import ROW
from catalogue.search.fields import ABSENT, LANGUAGE, facet_field
from catalogue.search.steps import HIGHEST

_WORTH: Final = 1_000  # rows that a file may lack, and a tenth of those it has

_order: Final = itemgetter(0)  # what a hit stands by

Values: TypeAlias = Mapping[str, BitMap]  # value -> rows


class Rows:
    """The rows of the values of keyword fields of one generation. Safe to share between threads and versions."""

    def __init__(self, file: Path | None = None) -> None:
        """Know nothing yet; `file` is what a writer may have left."""
        self._lock = Lock()
        self._file = file
        self._known: dict[str, tuple[int, Values]] = {}  # by field: rows below a number, and their values

    def of(self, field: str, searcher: tantivy.Searcher, schema: tantivy.Schema, upto: int) -> Values:
        """Return the rows of a field's values: all of a version, those below `upto`, and perhaps later ones."""
        with self._lock:
            if self._file is not None:
                self._known, self._file = _load(self._file), None
            known, values = self._known.get(field, (0, {}))
            if upto > known:
                values = _grown(values, known, field, searcher, schema)
                self._known[field] = (upto, values)
            return values

    @property
    def upto(self) -> int:
        """The row after the last one known: none that was handed out is beyond it."""
        with self._lock:
            return max((upto for upto, _ in self._known.values()), default=0)

    def save(self, file: Path) -> None:
        """Leave what is known to other processes. Raises `OSError`."""
        fields: dict[str, list[tuple[str, int]]] = {}
        parts: list[bytes] = []
        for field, (_, values) in self._known.items():
            data = [rows.serialize() for rows in values.values()]
            fields[field] = [(value, len(part)) for value, part in zip(values, data, strict=True)]
            parts += data
        body = b"".join(parts)
        upto = min((upto for upto, _ in self._known.values()), default=0)
        head = {"upto": upto, "check": zlib.crc32(body), "fields": fields}
        replace_bytes(file, (json.dumps(head).encode(), b"\n", body))


def kept_fields() -> Iterable[str]:
    """The fields a file of rows holds: all facets, what datasets do not state, and the languages of their texts."""
    return chain((ABSENT, LANGUAGE), (facet_field(facet.name) for facet in INDEXED))


def next_row(searcher: tantivy.Searcher) -> int:
    """Return the row after the last one of a version."""
    found: Any = searcher.search(Query.all_query(), limit=1, count=False, order_by_field=ROW, order=Order.Desc)
    return int(found.hits[0][0]) + 1 if found.hits else 0


def is_stale(file: Path, upto: int) -> bool:
    """Whether a file lacks so many of the rows below `upto` that making it anew pays."""
    try:
        with file.open("rb") as read:
            head = json.loads(read.readline())
        saved = int(head["upto"]) if "check" in head else 0  # an earlier version of this program wrote none
    except (OSError, ValueError, LookupError, TypeError):
        saved = 0
    return upto - saved > _WORTH + saved // 10


def rows_of(searcher: tantivy.Searcher, query: tantivy.Query, most: int) -> BitMap:
    """Return the rows of the hits of a query, of which there are at most so many."""
    return rows_in(hits_by_row(searcher, query, most)) if most else BitMap()


def hits_by_row(searcher: tantivy.Searcher, query: tantivy.Query, most: int) -> tantivy.SearchResult:
    """Return hits of a query in the order of their rows, up to so many, and how many there are.

    What hits are put in order by comes with them, so that no hit is asked for its row.
    """
    return searcher.search(query, limit=most, order_by_field=ROW, order=Order.Asc)


def rows_in(found: tantivy.SearchResult) -> BitMap:
    """Return the rows of hits that came in the order of their rows."""
    return BitMap(map(_order, found.hits))


def _grown(values: Values, known: int, field: str, searcher: tantivy.Searcher, schema: tantivy.Schema) -> Values:
    """What is known of the rows below a number, and what those from there on add to it."""
    added = Query.range_query(schema, ROW, FieldType.Integer, known, HIGHEST) if known else Query.all_query()
    grown = dict(values)
    for value, count in searcher.terms_with_prefix(field, "", added):
        query = Query.term_query(schema, field, value, index_option="basic")
        rows = rows_of(searcher, all_of([added, query]) if known else query, count)
        grown[value] = rows | grown[value] if value in grown else rows
    return grown


def _load(file: Path) -> dict[str, tuple[int, Values]]:
    """Read what `Rows.save` has written."""
    try:
        with file.open("rb") as read:
            head, body = json.loads(read.readline()), memoryview(read.read())
        if zlib.crc32(body) != head["check"]:
            return {}
        known: dict[str, tuple[int, Values]] = {}
        at = 0
        for field, pairs in head["fields"].items():
            values: dict[str, BitMap] = {}
            for value, size in pairs:
                values[value] = BitMap.deserialize(bytes(body[at : at + size]))
                at += size
            known[field] = (int(head["upto"]), values)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}
    return known
