"""Rows are counted in what the engine writes, whatever the literals are and wherever a piece is cut."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.store.sink import OverBytes, OverRows, Sink

FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
# What the formats have between rows, and what escapes it.
TEXTS = st.lists(st.sampled_from(['"', "\\", "}},{", ",{", "[{", "\n", "\r\n", "<result>", ",", "\t", "x"])).map(
    "".join
)


def _answer(rows: list[tuple[str, str | None]], form: str) -> bytes:
    store = ox.Store()
    for number, (one, other) in enumerate(rows):
        store.add(ox.Quad(ox.NamedNode(f"e:{number}"), ox.NamedNode("e:one"), ox.Literal(one)))
        if other is not None:
            store.add(ox.Quad(ox.NamedNode(f"e:{number}"), ox.NamedNode("e:other"), ox.Literal(other)))
    found = store.query("SELECT ?one ?other { ?s <e:one> ?one OPTIONAL { ?s <e:other> ?other } }")
    return bytes(found.serialize(format=FORMATS[form]))


def _write(sink: Sink, pieces: list[bytes]) -> None:
    for each in pieces:
        sink.write(each)


@given(
    rows=st.lists(st.tuples(TEXTS, st.none() | TEXTS), max_size=6),
    form=st.sampled_from(sorted(FORMATS)),
    piece=st.integers(1, 40),
)
def test_exactly_so_many_rows_fit(rows: list[tuple[str, str | None]], form: str, piece: int) -> None:
    body = _answer(rows, form)
    pieces = [body[start : start + piece] for start in range(0, len(body), piece)]
    sink = Sink(1 << 20, len(rows), form)
    _write(sink, pieces)
    assert sink.getvalue() == body
    if rows:
        short = Sink(1 << 20, len(rows) - 1, form)
        with pytest.raises(OverRows):
            _write(short, pieces)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_rows_without_values_count_too(form: str) -> None:
    store = ox.Store()
    store.extend(ox.Quad(ox.NamedNode(f"e:{n}"), ox.NamedNode("e:p"), ox.Literal(n)) for n in range(3))
    body = bytes(store.query("SELECT ?nothing { ?s ?p ?o }").serialize(format=FORMATS[form]))
    assert Sink(1 << 20, 3, form).write(body) == len(body)
    with pytest.raises(OverRows):
        Sink(1 << 20, 2, form).write(body)


def test_the_last_allowed_byte_is_taken_and_no_more() -> None:
    sink = Sink(5, 10)
    sink.write(b"12345")
    with pytest.raises(OverBytes):
        sink.write(b"6")
    assert (sink.getvalue(), sink.broken) == (b"12345", OverBytes)
