"""Rows handed over by blocks are the rows that are handed over one by one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap
from search_entries import listed

from catalogue.journal.state import Status
from catalogue.search.embedded import EmbeddedIndex
from catalogue.search.embedded.blocks import bitmap_of
from catalogue.search.parsing import make_query
from catalogue.text import Text

PART = 65_536


@given(
    st.lists(st.integers(0, 3 * PART - 1), max_size=40),
    st.lists(st.tuples(st.integers(0, 3 * PART - 1), st.integers(1, 9_000)), max_size=3),
)
def test_bits_become_the_numbers_they_stand_for(single: list[int], runs: list[tuple[int, int]]) -> None:
    expected = BitMap(single)
    for first, length in runs:
        expected |= BitMap(range(first, min(first + length, 3 * PART)))
    bits = bytearray(3 * PART // 8)
    for number in expected:
        bits[number // 8] |= 1 << number % 8
    assert bitmap_of(bytes(bits)) == expected


def test_many_hits_are_counted_as_few_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("lung", "heart", "skin")
    index = EmbeddedIndex(tmp_path / "index")
    entries = [listed(f"d{n}", Text(f"{words[n % 3]} {words[n % 2]} {words[n % 7 % 3]}", "en")) for n in range(400)]
    index.rebuild(entries, 1, "s")
    gone = [listed(f"d{n}", status=Status.WITHDRAWN) for n in range(0, 400, 9)]
    index.apply([*gone, *entries[100:120], listed("new", Text("lung registry", "en"))], 2)
    queries = [
        make_query(text)
        for text in ("lung", "heart skin", "lung heart skin", "skin -heart", "-lung", '"skin heart"', "lu*", "hart")
    ]
    queries += [
        make_query("lung", [("node", "be-node")]),
        make_query("", [("node", "be-node")]),
    ]
    one_by_one = [(page.total, page.facets) for page in map(index.search, queries)]
    assert all(total for total, _ in one_by_one)
    monkeypatch.setattr("catalogue.search.embedded.snapshot._SINGLY", 1)
    monkeypatch.setattr("catalogue.search.embedded.blocks._AT_ONCE", 96)
    by_blocks = EmbeddedIndex(tmp_path / "index")
    assert [(page.total, page.facets) for page in map(by_blocks.search, queries)] == one_by_one
