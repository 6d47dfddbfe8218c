"""Very many rows at once: the engine hands over a number for each block of rows, not each row by itself.

Every document keeps the bit of its row in its block (`schema.BIT`). Of some hits, the sum of the bits in a block says
which of its rows they are. A hit that is handed over costs 0.15 µs, one that is summed 0.02 µs, and a block 1 µs.

Bits become a roaring bitmap by way of its serialised form (https://github.com/RoaringBitmap/RoaringFormatSpec): a head,
then 65,536 rows a part, as bits where more than 4,096 of them are set, as a list where fewer are.
"""

from __future__ import annotations

import struct
from array import array
from itertools import compress
from typing import Any, Final

import tantivy
from pyroaring import BitMap
from tantivy import FieldType, Query

from catalogue.search.embedded.asking import all_of
from catalogue.search.embedded.schema import BIT, BLOCK, ROW

_BYTES: Final = BLOCK // 8
_AT_ONCE: Final = 60_000 * BLOCK  # rows; the engine makes 65,000 buckets at most
_PART: Final = 65_536  # rows
_LISTED: Final = 4_096  # rows of a part that are listed
_COOKIE: Final = 12_346
_TRUTH: Final = bytes.maketrans(b"01", b"\0\1")


def rows_by_blocks(searcher: tantivy.Searcher, schema: tantivy.Schema, query: tantivy.Query, upto: int) -> BitMap:
    """Return the rows of the hits of a query; all rows are below `upto`."""
    bits = bytearray((upto // _PART + 1) * _PART // 8)
    for first in range(0, upto, _AT_ONCE):
        some = query
        if upto > _AT_ONCE:
            last = first + _AT_ONCE - 1
            some = all_of([query, Query.range_query(schema, ROW, FieldType.Integer, first, last)])
        blocks: dict[str, Any] = {"field": ROW, "interval": BLOCK, "min_doc_count": 1}
        asked = {"blocks": {"histogram": blocks, "aggs": {"bits": {"sum": {"field": BIT}}}}}
        for bucket in searcher.aggregate(some, asked)["blocks"]["buckets"]:
            at = int(bucket["key"]) // BLOCK * _BYTES
            bits[at : at + _BYTES] = int(bucket["bits"]["value"]).to_bytes(_BYTES, "little")
    return bitmap_of(bytes(bits))


def bitmap_of(bits: bytes) -> BitMap:
    """Return the numbers whose bits are set, the lowest bit of a byte first; bytes are those of whole parts."""
    heads: list[bytes] = []
    parts: list[bytes] = []
    for number in range(len(bits) * 8 // _PART):
        part = bits[number * _PART // 8 : (number + 1) * _PART // 8]
        whole = int.from_bytes(part, "little")
        count = whole.bit_count()
        if count:
            heads.append(struct.pack("<HH", number, count - 1))
            parts.append(part if count > _LISTED else _listed(whole))
    at = 8 + 8 * len(parts)  # cookie and number of parts; of each part what it is, then where it begins
    places: list[bytes] = []
    for part in parts:
        places.append(struct.pack("<I", at))
        at += len(part)
    head = struct.pack("<II", _COOKIE, len(parts))
    return BitMap.deserialize(b"".join((head, *heads, *places, *parts)))


def _listed(whole: int) -> bytes:
    """The numbers of the bits that are set, in two bytes each."""
    written = format(whole, "b")[::-1].encode().translate(_TRUTH)
    return array("H", compress(range(_PART), written)).tobytes()
