"""Which rows have which values, so that counting is arithmetic: one whole number per value, a bit for every row.

A row is the number a document got when it was written (see `schema.ROW`). Rows only ever rise, a changed document gets
a new one, and no query finds a row whose document is gone: so what is known of the values of a row stays true for every
later version of the generation, and a version adds only what is new in it. The number of hits with a value is the
number of bits its rows have in common with those of the hits.

Only short lists of values are kept so. Lists with more values (keywords, publishers) are counted by tantivy.

All of it can be read from the index. A file in the generation's folder spares a process that: a writer leaves it there
when much was added. Of a file that cannot be read nothing is believed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeAlias

import tantivy
from tantivy import FieldType, Order, Query

from catalogue.facets import INDEXED
from catalogue.search.embedded.asking import all_of
from catalogue.search.embedded.folder import replace_bytes
from catalogue.search.embedded.schema import ROW
from catalogue.search.fields import ABSENT, LANGUAGE, facet_field
from catalogue.search.steps import HIGHEST

SHORT: Final = 200  # values of a list that is kept
ROOM: Final = 8 * 200_000_000  # bits for all lists together: at a million rows, 1,600 values
_EVERY_TERM: Final = 10_000_000  # terms of a segment that are counted before it is cut: all of them
_WORTH: Final = 1_000  # rows that a file may lack, and a tenth of those it has
_SET: Final = ord("1")

Kept: TypeAlias = Mapping[str, Mapping[str, int]]  # field -> value -> rows


class Rows:
    """The rows of the values of some keyword fields of one generation. Safe to share between threads and versions."""

    def __init__(self, fields: Sequence[str], file: Path | None = None) -> None:
        """Know nothing yet; `file` is what a writer may have left."""
        self._lock = Lock()
        self._file = file
        self._upto = 0  # rows below it are known
        self._kept: Kept = {field: {} for field in fields}

    def of(self, searcher: tantivy.Searcher, schema: tantivy.Schema, upto: int) -> Kept:
        """Return the rows by field and value: all of a version, those below `upto`, and perhaps later ones."""
        with self._lock:
            if self._upto == 0 and self._file is not None:
                self._load(self._file)
            if upto > self._upto:
                self._kept = self._grown(searcher, schema, upto)
                self._upto = upto
            return self._kept

    def save(self, file: Path) -> None:
        """Leave what is known to other processes. Raises `OSError`."""
        head = {"upto": self._upto, "fields": {field: list(values) for field, values in self._kept.items()}}
        size = self._upto // 8 + 1
        rows = (bits.to_bytes(size, "little") for values in self._kept.values() for bits in values.values())
        replace_bytes(file, chain((json.dumps(head).encode() + b"\n",), rows))

    def _load(self, file: Path) -> None:
        try:
            with file.open("rb") as read:
                head = json.loads(read.readline())
                size = head["upto"] // 8 + 1
                kept = {
                    field: {value: int.from_bytes(_exactly(read.read(size), size), "little") for value in values}
                    for field, values in head["fields"].items()
                    if field in self._kept
                }
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return
        self._kept, self._upto = kept, head["upto"]

    def _grown(self, searcher: tantivy.Searcher, schema: tantivy.Schema, upto: int) -> Kept:
        """What is known, and what the rows of a version add to it. A list that has become long is left out."""
        added = Query.range_query(schema, ROW, FieldType.Integer, self._upto, HIGHEST)
        answers = aggregate(searcher, added, list(self._kept), SHORT)
        grown: dict[str, Mapping[str, int]] = {}
        for field in self._short(answers, upto):
            known = self._kept[field]
            found = {
                bucket["key"]: rows_of(
                    searcher, all_of([added, Query.term_query(schema, field, bucket["key"])]), bucket["doc_count"]
                )
                for bucket in answers[field]["buckets"]
            }
            grown[field] = {**known, **{value: known.get(value, 0) | rows for value, rows in found.items()}}
        return grown

    def _short(self, answers: Mapping[str, Any], upto: int) -> Iterator[str]:
        """Yield the fields whose lists stay short, and of these, the shortest first, as many as there is room for."""
        lengths = {
            field: len(self._kept[field].keys() | {bucket["key"] for bucket in answer["buckets"]})
            for field, answer in answers.items()
            if not answer["sum_other_doc_count"]
        }
        taken = 0
        for field, length in sorted(lengths.items(), key=itemgetter(1)):
            taken += length * upto
            if length <= SHORT and taken <= ROOM:
                yield field


def facet_rows(file: Path | None = None) -> Rows:
    """Return the rows of all facets of a generation, and of the languages of its texts."""
    return Rows([ABSENT, LANGUAGE, *(facet_field(facet.name) for facet in INDEXED)], file)


def next_row(searcher: tantivy.Searcher) -> int:
    """Return the row after the last one of a version."""
    found: Any = searcher.search(Query.all_query(), limit=1, count=False, order_by_field=ROW, order=Order.Desc)
    return int(found.hits[0][0]) + 1 if found.hits else 0


def is_stale(file: Path, upto: int) -> bool:
    """Whether a file lacks so many of the rows below `upto` that making it anew pays."""
    try:
        with file.open("rb") as read:
            saved = int(json.loads(read.readline())["upto"])
    except (OSError, ValueError, KeyError, TypeError):
        saved = 0
    return upto - saved > _WORTH + saved // 10


def rows_of(searcher: tantivy.Searcher, query: tantivy.Query, count: int) -> int:
    """Return the rows of the hits of a query, of which there are `count`, as the bits of one number."""
    if count == 0:
        return 0
    hits = searcher.search(query, limit=count, count=False).hits
    return _bits([int(row or 0) for row in searcher.fast_field_values(ROW, [address for _, address in hits])])


def aggregate(searcher: tantivy.Searcher, query: tantivy.Query, fields: Sequence[str], size: int) -> dict[str, Any]:
    """Count the values of some fields over a query, by tantivy: exact for those with at most `size` values."""
    terms = {"size": size, "segment_size": _EVERY_TERM}
    return dict(searcher.aggregate(query, {field: {"terms": terms | {"field": field}} for field in fields}))


def _bits(rows: Sequence[int]) -> int:
    if not rows:
        return 0
    low, high = min(rows), max(rows)
    digits = bytearray(b"0") * (high - low + 1)
    for row in rows:
        digits[high - row] = _SET
    return int(digits, 2) << low


def _exactly(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise ValueError("the file ends too early")
    return data
