"""The embedded index's fields, made from the tables, and an index document written into them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import tantivy

from catalogue.facets import INDEXED, SORTS, Sort
from catalogue.search import document as documents
from catalogue.search.cursor import Value
from catalogue.search.document import RANKS, IndexDocument
from catalogue.search.fields import ABSENT, CARD, EXCERPTS, KEY, LANGUAGE, TEXT, facet_field, rank_field, sort_field
from catalogue.search.steps import HIGHEST, MAX_SPANS, bounds

ID: Final = "id"
IDENTITY: Final = "identity"  # identifier and digest, for `digests`
ROW: Final = "row"  # a number of its own for every document ever written to a generation, rising
BIT: Final = "bit"  # the bit of the row in its block, as a number (see `blocks`)
BLOCK: Final = 48  # rows; the sum of their bits is exact, also as a floating point number
BETWEEN: Final = "\t"  # between the two parts of an identity
LAST: Final = HIGHEST  # no place is higher

_FIELDS: Final = 3  # to be raised when the same documents are written into other fields
_VALUE_BITS: Final = 39  # of a place; numbers beyond them share one place
_KEY_BITS: Final = 23
_MOST: Final = 2**_VALUE_BITS - 2
_BEGINNING: Final = 7  # bytes of a text in its place


def layout() -> str:
    """Return a digest of all that decides what the index holds. Another one means: make the index anew."""
    return f"{documents.layout()}-{_FIELDS}"


_RANK_FIELDS: Final = {rank: rank_field(rank) for rank in RANKS}
_FACET_FIELDS: Final = {facet.name: facet_field(facet.name) for facet in INDEXED}
_KEYED: Final = tuple(sort for sort in SORTS if sort.key is not None)


def place_field(name: str) -> str:
    """The field of an order's places."""
    return f"p_{name}"


def place(sort: Sort, value: Value, key: int) -> int:
    """Return the place of a dataset in an order: of two, the one with the lower place stands before the other.

    Those with equal places must be compared by value and key. A number and the first bits of the key are in it, so
    that hardly any are equal; of a text only its beginning. Those without a value come last.
    """
    if isinstance(value, str):
        return int.from_bytes(value.encode()[:_BEGINNING].ljust(_BEGINNING, b"\0"))
    if sort.text:
        return LAST
    number = _MOST + 1 if value is None else int(-value if sort.descending else value)
    if value is not None and abs(number) >= _MOST:
        return (_MOST if number > 0 else -_MOST) << _KEY_BITS
    return (number << _KEY_BITS) + (key >> (63 - _KEY_BITS))


def span_fields(name: str) -> Iterator[tuple[str, str]]:
    """The pairs of fields that hold the lower and upper ends of a ranged facet's spans."""
    for slot in range(MAX_SPANS):
        yield f"l_{name}_{slot}", f"h_{name}_{slot}"


def make_schema() -> tantivy.Schema:
    """Return the schema."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(TEXT, tokenizer_name="whitespace", index_option="position")
    for rank in RANKS:
        builder.add_text_field(rank_field(rank), tokenizer_name="whitespace", index_option="freq")
    for facet in INDEXED:
        _keyword(builder, facet_field(facet.name))
    for end in (end for facet in INDEXED if facet.ranged for pair in span_fields(facet.name) for end in pair):
        builder.add_integer_field(end, fast=True)
    for sort in _KEYED:
        builder.add_integer_field(place_field(sort.name), fast=True)
        if sort.text:
            _keyword(builder, sort_field(sort.name))
        else:
            builder.add_integer_field(sort_field(sort.name), fast=True)
    for name in (ID, IDENTITY, ABSENT, LANGUAGE):
        _keyword(builder, name, stored=name == ID)
    for name in (KEY, ROW, BIT):
        builder.add_integer_field(name, fast=True)
    for name in (CARD, EXCERPTS):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def to_tantivy(document: IndexDocument, row: int) -> tantivy.Document:
    """Write an index document as tantivy takes it, with the number of its row."""
    written = tantivy.Document()
    written.add_text(ID, document.id)
    written.add_integer(KEY, document.key)
    written.add_integer(ROW, row)
    written.add_integer(BIT, 1 << row % BLOCK)
    for field, text in _texts(document):
        written.add_text(field, text)
    for name, spans in document.spans.items():
        for span, pair in zip(spans, span_fields(name), strict=False):
            for end, bound in zip(pair, bounds(span), strict=True):
                written.add_integer(end, bound)
    for sort in _KEYED:
        written.add_integer(place_field(sort.name), place(sort, document.sorts.get(sort.name), document.key))
    for name, key in document.sorts.items():
        if isinstance(key, int):
            written.add_integer(sort_field(name), key)
        else:
            written.add_text(sort_field(name), key)
    written.add_bytes(CARD, document.card.encode())
    written.add_bytes(EXCERPTS, document.excerpts.encode())
    return written


def _texts(document: IndexDocument) -> Iterator[tuple[str, str]]:
    """Yield every field of text or keywords with a value of it."""
    yield IDENTITY, f"{document.id}{BETWEEN}{document.digest}"
    yield from ((TEXT, line) for line in document.tokens.lines)
    for rank, tokens in document.ranked.items():
        if tokens.lines:  # as one text: no position counts, and each text costs
            yield _RANK_FIELDS[rank], " ".join(tokens.lines)
    for name, values in document.values.items():
        field = _FACET_FIELDS[name]
        for value in values:
            yield field, value
    yield from ((ABSENT, name) for name in document.absent)
    yield from ((LANGUAGE, language) for language in document.tokens.languages)


def _keyword(builder: tantivy.SchemaBuilder, name: str, *, stored: bool = False) -> None:
    builder.add_text_field(name, stored=stored, fast=True, tokenizer_name="raw", index_option="basic")
