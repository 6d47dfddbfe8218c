"""What is laid down comes back, from memory and from the disk; a large document is cut as a small one is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_records import records_of

from shapes import spool
from shapes.spool import Spool

PEOPLE = " ".join(
    f':d{n} a dcat:Dataset ; dct:title "d{n}" ; dct:publisher :p{n % 3} . :p{n % 3} foaf:name "P", "p{n}" .'
    for n in range(40)
)


@given(st.lists(st.binary(max_size=40), max_size=30), st.integers(0, 60), st.integers(0, 60))
def test_every_piece_comes_back_wherever_it_lies(pieces: list[bytes], in_memory: int, at_once: int) -> None:
    with pytest.MonkeyPatch.context() as limits:
        limits.setattr(spool, "_IN_MEMORY", in_memory)
        limits.setattr(spool, "_PIECE", at_once)
        laid = Spool()
        places = [laid.put(piece) for piece in pieces]
        assert [laid.get(place, len(piece)) for place, piece in zip(places, pieces, strict=True)] == pieces


def test_a_document_on_disk_is_cut_as_one_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    in_memory = records_of(PEOPLE)
    monkeypatch.setattr(spool, "_IN_MEMORY", 0)
    monkeypatch.setattr(spool, "_PIECE", 500)
    assert records_of(PEOPLE) == in_memory
    assert len(in_memory) == 40
