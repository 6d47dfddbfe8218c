"""The rows of frequent words, made once by a writer: to ask the engine for them costs 3 ms and more, each time.

They lie in a file of the generation, a set of rows for each token that is frequent, and are read from it one by one as
they are asked for; no process holds them all. What `rows` says of values is true of tokens: a document never changes
its row, so that a later version only adds to what is kept, and of what is kept only the rows that still have a document
count. Without the file, or of a set in it that cannot be read, the engine is asked.
"""

from __future__ import annotations

import json
import os
import weakref
import zlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import IO, Final, NamedTuple

import tantivy
from pyroaring import BitMap
from tantivy import FieldType, Occur, Query

from catalogue.durable import replace_bytes
from catalogue.search.embedded.asking import all_of
from catalogue.search.embedded.blocks import rows_by_blocks
from catalogue.search.embedded.rows import rows_of
from catalogue.search.embedded.schema import ROW
from catalogue.search.fields import TEXT
from catalogue.search.steps import HIGHEST

_LEAST: Final = 4_000  # datasets that have a frequent token, and one in so many of all
_SHARE: Final = 25
_SPARSE: Final = 4  # of so many rows one has the token: handed over one by one they are as quick as by blocks
_DIGITS: Final = 20  # of the place of the last line
_LOOKED_AT: Final = 240  # rows in which frequent tokens are looked for: one that one in 25 has is in some of them
_TOGETHER: Final = 4  # of these, how many follow each other


class _Place(NamedTuple):
    """Where a set of rows lies in the file, how long it is, and its checksum."""

    at: int
    size: int
    check: int


class Frequent:
    """The rows of the frequent tokens of one generation, as a writer left them. Safe to share between threads."""

    def __init__(self, file: Path | None = None) -> None:
        """`file` is what a writer may have left."""
        self._file = file

    def rows(self, token: str, searcher: tantivy.Searcher, schema: tantivy.Schema, upto: int) -> BitMap | None:
        """Return the rows of a token, all of a version and perhaps others; None where they are not kept.

        `upto` is the row after the last one of the version.
        """
        known, places, file = self._read
        place = places.get(token)
        if place is None or file is None:
            return None
        kept = os.pread(file.fileno(), place.size, place.at)
        if not kept or zlib.crc32(kept) != place.check:
            return None
        rows = BitMap.deserialize(kept)
        if upto > known:
            added = Query.range_query(schema, ROW, FieldType.Integer, known, HIGHEST)
            rows |= rows_of(searcher, all_of([added, _holds(token, schema)]), upto - known)
        return rows

    def __contains__(self, token: str) -> bool:
        """Whether the rows of a token are kept."""
        return token in self._read[1]

    @cached_property
    def _read(self) -> tuple[int, Mapping[str, _Place], IO[bytes] | None]:
        """The row after the last one looked at, the places of the sets, and the file, which stays open."""
        if self._file is None:
            return 0, {}, None
        try:
            file = self._file.open("rb")
            weakref.finalize(self, file.close)
            file.seek(-_DIGITS, os.SEEK_END)
            file.seek(int(file.read()))
            head = json.loads(file.readline())
            places = {token: _Place(*place) for token, place in head["tokens"].items()}
            return int(head["upto"]), places, file
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return 0, {}, None

    def save(self, file: Path, searcher: tantivy.Searcher, schema: tantivy.Schema, upto: int) -> None:
        """Leave readers the rows of what is frequent in a version; those known are added to. Raises `OSError`."""
        replace_bytes(file, self._parts(searcher, schema, upto))

    def _parts(self, searcher: tantivy.Searcher, schema: tantivy.Schema, upto: int) -> Iterator[bytes]:
        """The sets one after the other, then a line that tells where they are, then where that line begins."""
        places: dict[str, _Place] = {}
        at = 0
        for token in _frequent(searcher, schema, upto):
            rows = self.rows(token, searcher, schema, upto)
            if rows is None:
                rows = _all_rows(token, searcher, schema, upto)
            part = rows.serialize()
            places[token] = _Place(at, len(part), zlib.crc32(part))
            yield part
            at += len(part)
        yield f"{json.dumps({'upto': upto, 'tokens': places})}\n{at:0{_DIGITS}}".encode()


def _frequent(searcher: tantivy.Searcher, schema: tantivy.Schema, upto: int) -> Iterator[str]:
    """Yield the tokens that so many datasets have that their rows are kept, by looking at a sample of the rows."""
    least = max(_LEAST, searcher.num_docs // _SHARE)
    if searcher.num_docs < least:
        return
    step = max(1, upto * _TOGETHER // _LOOKED_AT)
    ranges = (
        Query.range_query(schema, ROW, FieldType.Integer, first, first + _TOGETHER - 1)
        for first in range(0, upto, step)
    )
    sample = Query.boolean_query([(Occur.Should, some) for some in ranges])
    for token, _ in searcher.terms_with_prefix(TEXT, "", sample):
        if searcher.doc_freq(TEXT, token) >= least:
            yield token


def _all_rows(token: str, searcher: tantivy.Searcher, schema: tantivy.Schema, upto: int) -> BitMap:
    """The rows of a token, by blocks where that is quicker."""
    count = searcher.doc_freq(TEXT, token)
    if count < upto // _SPARSE:
        return rows_of(searcher, _holds(token, schema), count)
    return rows_by_blocks(searcher, schema, _holds(token, schema), upto)


def _holds(token: str, schema: tantivy.Schema) -> Query:
    return Query.term_query(schema, TEXT, token, index_option="basic")
