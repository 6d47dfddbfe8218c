"""The cursor: what it says, and that nothing but a cursor of the same query passes for one."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.cursor import MAX_CURSOR, Cursor, order_of, read_cursor
from catalogue.search.parsing import read_query, to_params, with_choice
from catalogue.search.query import Query
from shapes.errors import BadQuery

WORDS, TITLE, NEWEST = Query("lung cancer"), Query(sort="title"), Query("lung", sort="modified")
_MALFORMED = "The cursor is malformed: use the text that came as `next` with a page, as it is."


def fields(query: Query, cursor: Cursor) -> list[Any]:
    text = cursor.write(query)
    read: list[Any] = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return read


def written(fields: object) -> str:
    return urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")


def refused(query: Query) -> str:
    with pytest.raises(BadQuery) as caught:
        read_cursor(query)
    return caught.value.detail


@given(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=200)), st.integers(0, 2**63 - 1))
def test_a_cursor_reads_as_it_was_written(value: str | None, key: int) -> None:
    cursor = Cursor(value, key, 40)
    text = cursor.write(TITLE)
    assert len(text) <= MAX_CURSOR
    assert read_cursor(replace(TITLE, cursor=text)) == cursor


@pytest.mark.parametrize(
    ("query", "value"),
    [
        (WORDS, 12.345678901234567),
        (WORDS, 0.0),
        (NEWEST, -(2**63)),
        (NEWEST, None),
        (Query(), 20240131),
        (Query(), None),
    ],
)
def test_each_order_has_values_of_its_own_kind(query: Query, value: float | None) -> None:
    cursor = Cursor(value, 7, 20)
    assert read_cursor(replace(query, cursor=cursor.write(query))) == cursor


@pytest.mark.parametrize(
    ("query", "value"),
    [(WORDS, 3), (WORDS, None), (WORDS, "3"), (WORDS, -1.0), (TITLE, 3), (NEWEST, 3.0), (NEWEST, "3"), (NEWEST, True),
     (NEWEST, 2**63), (Query("-lung"), 1.0), (TITLE, [1]), (TITLE, "\ud800")],
)  # fmt: skip
def test_a_value_that_the_order_does_not_compare_is_refused(query: Query, value: Any) -> None:
    row = fields(query, Cursor(None, 1, 1))
    assert refused(replace(query, cursor=written([*row[:2], value, *row[3:]]))) == _MALFORMED


@pytest.mark.parametrize(
    ("key", "before"), [(-1, 0), (2**63, 0), (1.0, 0), ("1", 0), (True, 0), (1, -1), (1, 10**9 + 1), (1, None)]
)
def test_a_key_or_count_that_cannot_be_is_refused(key: Any, before: Any) -> None:
    row = fields(TITLE, Cursor(None, 1, 1))
    assert refused(replace(TITLE, cursor=written([*row[:3], key, before]))) == _MALFORMED


@pytest.mark.parametrize(
    "text",
    ["x", "====", "a b", "\ud800", "é", "%00", written({}), written([1, 2]), written(None), written([[]] * 5)[:-1],
     urlsafe_b64encode(b"\xff\xfe\xfd").decode(), urlsafe_b64encode(b"[" * 1400).decode(), "a\n"],
)  # fmt: skip
def test_what_is_no_cursor_is_refused(text: str) -> None:
    assert refused(Query(cursor=text)) == _MALFORMED


@given(st.text(max_size=300))
def test_any_text_is_refused(text: str) -> None:
    if text:
        with pytest.raises(BadQuery):
            read_cursor(Query(cursor=text))


def test_an_endless_cursor_is_not_even_looked_at() -> None:
    assert refused(Query(cursor="x" * 2049)) == "The cursor has 2049 characters; at most 2000 are allowed."


def test_it_belongs_to_words_facets_and_order_and_to_nothing_else() -> None:
    query = Query("lung", {"country": ("BE", "FR"), "theme": ("HEAL",)})
    cursor = Cursor(1.5, 7, 20).write(query)
    same = replace(
        query, facets={"theme": ("HEAL",), "country": ("FR", "BE")}, size=3, languages=("fr",), cursor=cursor
    )
    assert read_cursor(same) == Cursor(1.5, 7, 20)
    said = "The cursor belongs to another query: its words, facets and order must be those it was given with."
    for other in (replace(query, text="lungs"), replace(query, facets={}), replace(query, sort="title")):
        assert refused(replace(other, cursor=cursor)) == said
    assert refused(replace(query, page=2, cursor=cursor)).startswith("A cursor and a page cannot be asked for together")


def test_hits_without_words_stand_by_their_date() -> None:
    assert [order_of(query).name for query in (WORDS, TITLE, Query(), Query("*"), Query("-lung"))] == [
        "relevance", "title", "modified", "modified", "modified",
    ]  # fmt: skip


def test_an_address_carries_it_and_another_choice_drops_it() -> None:
    cursor = Cursor(None, 7, 20).write(TITLE)
    query = read_query([("sort", "title"), ("cursor", cursor)])
    assert query == replace(TITLE, cursor=cursor)
    assert to_params(query) == [("sort", "title"), ("cursor", cursor)]
    assert with_choice(query, "country", "BE").cursor == ""
    with pytest.raises(BadQuery, match="belongs to another query"):
        read_query([("q", "lung"), ("cursor", cursor)])
