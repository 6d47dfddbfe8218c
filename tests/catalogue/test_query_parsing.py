"""What was asked, by whatever door, becomes one checked query; and a query becomes a link again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.facets import FACETS
from catalogue.search.clauses import MAX_WORDS, Clauses, Phrase, Word, loosened, read_clauses
from catalogue.search.parsing import make_query, read_choices, read_query, to_params, with_choice, without_choice
from catalogue.search.query import Query
from shapes.errors import BadQuery


def words(text: str) -> list[tuple[str, ...]]:
    return [clause.parts for clause in read_clauses(text).required]


def refused(*parameters: tuple[str, str]) -> str:
    with pytest.raises(BadQuery) as caught:
        read_query(parameters)
    return caught.value.detail


# Words


def test_expansion_can_be_turned_off_as_nothing_is_expanded() -> None:
    assert read_query([("q", "lung"), ("expand", "0")]) == read_query([("q", "lung")])
    assert refused(("expand", "1")).startswith("expand can only be 0, not '1'")


def test_words_phrases_prefixes_and_exclusions() -> None:
    assert read_clauses('cancer "Lung  Cancer" genom* -mouse -"in vitro"') == Clauses(
        required=(Word("cancer", ("cancer",)), Phrase(("lung", "cancer")), Word("genom", ("genom",), prefix=True)),
        excluded=(Word("mouse", ("mouse",)), Phrase(("in", "vitro"))),
    )


def test_a_hyphen_inside_a_word_excludes_nothing() -> None:
    assert read_clauses("X-ray -CT").required == (Word("X-ray", ("x", "ray")),)


def test_a_quote_that_is_never_closed_reaches_to_the_end() -> None:
    assert read_clauses('"lung cancer').required == (Phrase(("lung", "cancer")),)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("title:cancer AND (a OR b)", [("title", "cancer"), ("and",), ("a",), ("or",), ("b",)]),
        ("/.*/ [a TO z] {x} ~2 ^3 \\", [("a",), ("to",), ("z",), ("x",), ("2",), ("3",)]),
        ("cancer;rare,LUNG", [("cancer",), ("rare",), ("lung",)]),
    ],
)
def test_the_query_languages_of_engines_are_only_words(text: str, parts: list[tuple[str, ...]]) -> None:
    assert words(text) == parts


@pytest.mark.parametrize("text", ["", "   ", "*", "*:*"])
def test_no_condition(text: str) -> None:
    assert not read_clauses(text)


@pytest.mark.parametrize("text", ["???", '""', "-", "- -", '-""', "&|!"])
def test_a_text_without_words_finds_nothing_rather_than_everything(text: str) -> None:
    assert read_clauses(text).nothing


def test_typing_errors_are_allowed_by_length_and_never_in_identifiers() -> None:
    slack = {w: loosened(Word(w, (w,))).slack for w in ("rat", "lung", "genomes", "melanoma", "egad00001000001")}
    assert slack == {"rat": 0, "lung": 1, "genomes": 1, "melanoma": 2, "egad00001000001": 0}
    assert loosened(Word("genom", ("genom",), prefix=True)).slack == 0
    assert loosened(Word("skin-melanoma", ("skin", "melanoma"))).slack == 0


def test_texts_no_search_takes() -> None:
    assert refused(("q", "a\0b")) == "The search text holds a NUL character, which no description can hold."
    assert refused(("q", "x" * 10_240)) == "The search text has 10240 characters; at most 2000 are allowed."
    assert refused(("q", "\ud800")) == "The search text is not valid Unicode."
    assert (
        refused(("q", " ".join(map(str, range(65)))))
        == f"The search text has 65 words; at most {MAX_WORDS} are allowed."
    )


@given(st.text(max_size=300))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        clauses = read_clauses(text)
    except BadQuery:
        return
    assert all(part and not part.isspace() for c in (*clauses.required, *clauses.excluded) for part in c.parts)


# Parameters


def test_parameters_become_a_query() -> None:
    asked = [("q", " lung  cancer "), ("theme", "heal"), ("country", "be"), ("country", "FR"), ("size", "50")]
    query = read_query([*asked, ("sort", "title"), ("page", "2")], languages=("fr", "en"))
    assert query == Query("lung cancer", {"theme": ("HEAL",), "country": ("BE", "FR")}, "title", 2, 50, ("fr", "en"))


def test_empty_boxes_of_a_form_are_ignored_and_two_boxes_make_a_range() -> None:
    query = read_query(
        [("q", ""), ("theme", " "), ("individuals.min", "10"), ("individuals.max", ""), ("records.max", "5")]
    )
    assert query == Query(facets={"individuals": ("10..",), "records": ("..5",)})


def test_parameters_read_elsewhere_are_left_to_their_readers() -> None:
    assert read_query([("lang", "fr"), ("q", "x")], others={"lang"}) == Query("x")


def test_an_unknown_facet_is_told_the_known_ones() -> None:
    orders = "relevance, title, modified, issued, individuals, records"
    assert refused(("sort", "colour")) == f"There is no order 'colour'. The orders are: {orders}."
    said = refused(("colour", "red"))
    assert said.startswith("There is no facet or parameter 'colour'. The facets are: access_rights, age, ")
    assert said.endswith(f"The parameters are: q, sort, page, size, cursor (sort is one of {orders}).")


_WHOLE = "it is a whole number from 1."
_RANGE = "write a range such as 10..20; either end may be left out."
_DATES = "write a range such as 2020..2021-06; either end may be left out."


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("page", "0", "page cannot be 0: pages count from 1."),
        ("page", "-1", f"page cannot be '-1': {_WHOLE}"),
        ("page", "two", f"page cannot be 'two': {_WHOLE}"),
        ("page", "9" * 50, f"page cannot be '{'9' * 50}': {_WHOLE}"),
        ("size", "0", "size cannot be 0: a page has 1 to 1000 datasets."),
        ("size", "1001", "size cannot be 1001: a page has 1 to 1000 datasets."),
        ("individuals", "many", f"individuals cannot be 'many': {_RANGE}"),
        ("individuals", "20..10", "individuals cannot be '20..10': the range ends before it begins."),
        ("temporal", "2020-13", f"temporal cannot be '2020-13': {_DATES}"),
        ("temporal", "..", f"temporal cannot be '..': {_DATES}"),
        ("publisher", "a\0b", "The value of publisher holds a NUL character, which no description can hold."),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(name: str, value: str, said: str) -> None:
    assert refused((name, value)) == said


def test_one_parameter_with_two_values_is_refused_where_one_counts() -> None:
    assert refused(("page", "1"), ("page", "2")) == "The parameter page was given twice, with different values."
    assert refused(*(("keyword", str(i)) for i in range(201))) == "At most 200 facet values can be chosen at once."


def test_choices_of_the_command_line() -> None:
    assert read_choices(["country=BE", "keyword=a=b"]) == (("country", "BE"), ("keyword", "a=b"))
    for choice in ("country", "country= "):
        with pytest.raises(BadQuery, match="is no facet and value: write NAME=VALUE, for example country=BE"):
            read_choices([choice])


# Links

_VALUES = st.dictionaries(
    st.sampled_from(["country", "keyword", "individuals", "theme"]),
    st.just(("10..20",)),
    max_size=3,
)


@given(
    facets=_VALUES,
    text=st.sampled_from(["", "lung cancer", '"a b" -c d*']),
    sort=st.sampled_from(["relevance", "title"]),
    page=st.integers(1, 99),
    size=st.integers(1, 1000),
)
def test_a_link_asks_the_same_query_again(
    facets: dict[str, tuple[str, ...]], text: str, sort: str, page: int, size: int
) -> None:
    query = make_query(
        text, [(name, v) for name, values in facets.items() for v in values], sort=sort, page=page, size=size
    )
    assert read_query(to_params(query)) == query


def test_a_link_names_what_is_not_at_its_default_in_the_order_of_the_table() -> None:
    query = make_query("x", [("keyword", "b"), ("country", "FR"), ("country", "BE")], page=3)
    assert to_params(query) == [("q", "x"), ("country", "FR"), ("country", "BE"), ("keyword", "b"), ("page", "3")]
    assert to_params(make_query()) == []


def test_choosing_and_unchoosing_a_value_starts_at_the_first_page() -> None:
    query = make_query("x", [("country", "BE")], page=3)
    both = with_choice(query, "country", "FR")
    assert (both.facets, both.page) == ({"country": ("BE", "FR")}, 1)
    assert with_choice(both, "country", "FR") == both
    assert without_choice(both, "country", "BE").facets == {"country": ("FR",)}
    assert without_choice(both, "country").facets == {}
    assert without_choice(query, "theme", "HEAL").facets == query.facets


def test_every_facet_can_be_asked_for() -> None:
    for facet in FACETS:
        value = "2020..2021" if facet.ranged else "x"
        assert set(make_query(chosen=[(facet.name, value)]).facets) == {facet.name}
