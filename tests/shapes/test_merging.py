"""Several parts of one resource become one record."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from sample_records import PREFIXES, by_subject, has, records_of

from shapes.cut import cut, merge
from shapes.parse import Document, read
from shapes.record import Kind, Record

TWO = ':d a dcat:Dataset ; dct:title "d" ; dct:publisher :p . :e a dcat:Dataset ; dct:title "e" . :p foaf:name "P" . '


def page(members: Iterable[str], publisher: str = '[ foaf:name "P" ; :at [ :city "Tartu" ] ]') -> Record:
    listed = ", ".join(members)
    turtle = f':c a dcat:Catalog ; dct:title "c" ; dct:publisher {publisher} ; dcat:dataset {listed} .'
    return next(each for each in records_of(turtle) if each.kind is Kind.CATALOGUE)


def test_the_pages_of_a_catalogue_become_one_record() -> None:
    merged = merge([page([":a", ":b"]), page([":c1"]), page([":d"])])
    assert merged == page([":a", ":b", ":c1", ":d"])


def test_one_part_is_itself() -> None:
    assert merge([page([":a"])]) == page([":a"])


def test_what_two_pages_say_differently_is_kept_twice() -> None:
    merged = merge([page([":a"]), page([":a"], '[ foaf:name "Q" ]')])
    assert has(merged, ":c a dcat:Catalog .")
    assert merged.body.count(b"publisher") == 2


def test_equal_blank_structures_within_one_part_stay_two() -> None:
    twice = page([":a"], '[ foaf:name "P" ], [ foaf:name "P" ]')
    assert merge([twice, twice]) == twice
    assert merge([twice, page([":a"], '[ foaf:name "P" ]')]) == twice


def test_parts_of_a_resource_without_an_iri_are_merged_on_it() -> None:
    one, two = (
        records_of(f'[] a dcat:Dataset ; dct:identifier "7" ; {each} .')[0]
        for each in ('dct:title "t"', "dct:publisher [ foaf:name 'P' ]")
    )
    merged = merge([one, two])
    whole = records_of('[] a dcat:Dataset ; dct:identifier "7" ; dct:title "t" ; dct:publisher [ foaf:name "P" ] .')
    assert merged == whole[0]


def test_merging_is_complete_only_where_every_part_is() -> None:
    doubtful = next(
        each
        for each in cut(read(Document((PREFIXES + TWO + ":e dct:descr").encode(), "x.ttl", "http://x/")))
        if isinstance(each, Record)
    )
    assert not merge([doubtful, doubtful]).complete


def test_what_is_not_one_resource_is_not_merged() -> None:
    found = by_subject(TWO)
    with pytest.raises(ValueError, match="dataset http://x/d and dataset http://x/e are not one resource"):
        merge([found["d"], found["e"]])
    with pytest.raises(ValueError, match="nothing to merge"):
        merge([])


def test_a_literal_with_other_line_breaks_is_merged_whole() -> None:
    said = '"one\u2028two\u0085three"'
    parts = [records_of(f":c a dcat:Catalog ; dct:title {said} ; dcat:dataset :{each} .")[0] for each in "ab"]
    assert merge(parts) == records_of(f":c a dcat:Catalog ; dct:title {said} ; dcat:dataset :a, :b .")[0]
