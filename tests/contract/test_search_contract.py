"""What every search engine must do alike: the same totals, counts, order and errors, whichever it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from search_engines import ENGINES, opened
from search_entries import FRENCH_NODE, NODE, concept, dac, listed, period, publisher

from catalogue.dataset import Place, Variable
from catalogue.entry import Entry
from catalogue.facets import FACETS, SORTS
from catalogue.journal.state import Status
from catalogue.search.parsing import make_query
from catalogue.search.port import SearchIndex
from catalogue.search.query import FacetCounts, Page, Query
from catalogue.text import Text
from shapes.errors import BadQuery
from shapes.record import Kind

NATIONAL = dac("nac", ("National access committee", "en"), ("Comité national d'accès", "fr"))
LOCAL = dac("lac", ("Local access committee", "en"))

ENTRIES = (
    listed(
        "lung",
        ("Lung cancer genomes", "en"),
        ("Whole genomes of patients with lung cancer (MONDO:0008903), see COVID-19 follow-up.", "en"),
        themes=(concept("data-theme/HEAL"),),
        access_rights=concept("access-right/RESTRICTED"),
        publisher=publisher("Sciensano"),
        keywords=(Text("Cancer", "en"), Text("WGS", "en")),
        individuals=120,
        records=5,
        modified="2024-03-01",
        issued="2020-01-01",
        bodies=(NATIONAL,),
        places=(Place(concept("country/BEL")),),
        periods=(period("2001", "2003"), period("2010", "2012")),
        identifiers=("EGAD00001000001",),
    ),
    listed(
        "registry",
        ("Cancer registry", "en"),
        ("Registrations of the lung, of cancers and others.", "en"),
        themes=(concept("data-theme/HEAL"), concept("data-theme/SOCI")),
        access_rights=concept("access-right/PUBLIC"),
        publisher=publisher("Sciensano"),
        keywords=(Text("cancer", "en"), Text("registry", "en")),
        individuals=50_000,
        modified="2023",
        bodies=(NATIONAL, LOCAL),
        periods=(period("2015", None),),
        identifiers=("EGAD00001000002",),
    ),
    listed(
        "hopital",
        titles=(Text("Génétique de l'hôpital", "fr"), Text("Genetics of the hospital", "en-t-fr")),
        descriptions=(Text("Étude des maladies génétiques rares", "fr"),),
        source=FRENCH_NODE,
        access_rights=concept("access-right/RESTRICTED"),
        publisher=publisher("Inserm"),
        keywords=(Text("maladies rares", "fr"),),
        individuals=7,
        synthetic=True,
        places=(Place(concept("country/FRA")),),
    ),
    listed(
        "bare",
        "Microbiome",
        variables=(Variable("bmi", (Text("Body mass index", "en"),), (), None, None),),
    ),
)


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    """An engine that holds nothing."""
    with opened(request.param, tmp_path) as index:
        yield index


@pytest.fixture
def index(empty: SearchIndex) -> SearchIndex:
    """An engine that holds the four entries."""
    empty.rebuild(ENTRIES, 4, "stamp-1")
    return empty


def ids(page: Page) -> list[str]:
    return [hit.id for hit in page.hits]


def found(index: SearchIndex, text: str, *chosen: tuple[str, str]) -> set[str]:
    page = index.search(make_query(text, chosen, size=1000))
    assert page.total == len(page.hits)
    return set(ids(page))


def facet(page: Page, name: str) -> FacetCounts:
    return next(counts for counts in page.facets if counts.name == name)


def counts(page: Page, name: str) -> dict[str, int]:
    return {value.value: value.count for value in facet(page, name).values}


# Words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"lung", "registry", "hopital", "bare"}),
        ("*", {"lung", "registry", "hopital", "bare"}),
        ("cancer", {"lung", "registry"}),
        ("CANCER lung", {"lung", "registry"}),
        ("genome", {"lung"}),
        ("registration", {"registry"}),
        ('"registration"', set()),
        ('"lung cancer"', {"lung"}),
        ('"cancer lung"', set()),
        ('"registry registrations"', set()),
        ("genetique", {"hopital"}),
        ("GÉNÉTIQUES", {"hopital"}),
        ("hôpital", {"hopital"}),
        ("d'hôpital", {"hopital"}),
        ("hospital", {"hopital"}),
        ("MONDO:0008903", {"lung"}),
        ("mondo_0008903", {"lung"}),
        ("MONDO0008903", {"lung"}),
        ("0008903", {"lung"}),
        ("MONDO:000*", {"lung"}),
        ("covid19", {"lung"}),
        ("covid-19", {"lung"}),
        ("EGAD00001000001", {"lung"}),
        ("egad0000100000*", {"lung", "registry"}),
        ("canc*", {"lung", "registry"}),
        ("cancer -registry", {"lung"}),
        ("-cancer", {"hopital", "bare"}),
        ('-"lung cancer" cancer', {"registry"}),
        ("sciensano cancer", {"lung", "registry"}),
        ("national committee", {"lung", "registry"}),
        ("body mass index", {"bare"}),
        ("???", set()),
        ("title:cancer", set()),
        ("cancer NOT lung", set()),
        ("cancer OR microbiome", set()),
        ("canc?r", set()),
        ("/canc.*/", set()),
        ("en", set()),
        ("en*", set()),
    ],
)
def test_words_find(index: SearchIndex, text: str, expected: set[str]) -> None:
    page = index.search(make_query(text, size=100))
    assert (set(ids(page)), page.total) == (expected, len(expected))
    assert not page.relaxed


def test_typing_errors_are_forgiven_only_where_nothing_matches(index: SearchIndex) -> None:
    page = index.search(make_query("cancr lung"))
    assert (set(ids(page)), page.relaxed) == ({"lung", "registry"}, True)
    assert page.hits[0].matched[0].snippet.count("[[") == 2
    assert index.search(make_query("melanoma")).total == 0
    assert not index.search(make_query("melanoma")).relaxed


def test_a_known_word_is_not_taken_for_another_because_a_facet_excludes_it(index: SearchIndex) -> None:
    page = index.search(make_query("genome", [("country", "FR")]))
    assert (page.total, page.relaxed) == (0, False)
    assert counts(page, "country") == {"BE": 1, "FR": 0}


def test_identifiers_are_never_nearly_right(index: SearchIndex) -> None:
    assert index.search(make_query("EGAD00001000009")).total == 0


def test_a_word_in_the_title_ranks_above_one_in_the_text_and_people_above_machines(index: SearchIndex) -> None:
    assert ids(index.search(make_query("registry registrations")))[0] == "registry"
    assert ids(index.search(make_query("cancer"))) in (["lung", "registry"], ["registry", "lung"])
    index.apply(
        [
            listed("by-hand", description=Text("phenotype of people", "en")),
            listed("by-machine", titles=(Text("Autre chose", "fr"), Text("phenotype of people", "en-t-fr"))),
        ],
        6,
    )
    assert ids(index.search(make_query('"phenotype of people"'))) == ["by-hand", "by-machine"]


def test_why_a_hit_matched(index: SearchIndex) -> None:
    (hit,) = index.search(make_query("genomes", languages=("en",))).hits
    assert [(m.field, m.snippet) for m in hit.matched] == [
        ("title", "Lung cancer [[genomes]]"),
        ("description", "Whole [[genomes]] of patients with lung cancer (MONDO:0008903), see COVID-19 follow-up."),
    ]


def test_a_hit_in_the_readers_language(index: SearchIndex) -> None:
    (french,) = index.search(make_query("génétique", languages=("fr", "en"))).hits
    (english,) = index.search(make_query("génétique", languages=("en",))).hits
    assert (french.title, french.machine_translated) == ("Génétique de l'hôpital", False)
    assert (english.title, english.machine_translated) == ("Genetics of the hospital", True)
    assert (french.country, french.publisher, french.source) == ("FR", "Inserm", "fr-node")


# Facets


def test_values_of_one_facet_are_any_of_and_facets_are_all_of(index: SearchIndex) -> None:
    assert found(index, "", ("country", "BE"), ("country", "FR")) == {"lung", "registry", "hopital", "bare"}
    assert found(index, "", ("country", "BE"), ("access_rights", "PUBLIC")) == {"registry"}
    assert found(index, "cancer", ("access_rights", "restricted")) == {"lung"}
    assert found(
        index, "", ("access_rights", "http://publications.europa.eu/resource/authority/access-right/PUBLIC")
    ) == {"registry"}
    assert found(index, "", ("theme", "NOPE")) == set()


def test_counts_follow_the_query_and_the_other_facets_but_not_the_own_choice(index: SearchIndex) -> None:
    page = index.search(make_query("", [("access_rights", "RESTRICTED"), ("country", "BE")]))
    assert page.total == 1
    assert counts(page, "access_rights") == {"PUBLIC": 1, "RESTRICTED": 1}
    assert facet(page, "access_rights").missing == 1
    assert counts(page, "country") == {"BE": 1, "FR": 1}
    assert counts(page, "publisher") == {"key-sciensano": 1}
    selected = {v.value for v in facet(page, "access_rights").values if v.selected}
    assert selected == {"RESTRICTED"}


def test_the_count_at_a_value_is_the_total_of_choosing_it(index: SearchIndex) -> None:
    for text in ("", "cancer"):
        page = index.search(make_query(text))
        assert len(page.facets) == len(FACETS)
        for shown in page.facets:
            for value in shown.values:
                assert index.search(make_query(text, [(shown.name, value.value)])).total == value.count, shown.name
            if not shown.values:
                assert shown.missing == page.total


def test_a_tree_counts_descendants_and_a_parent_finds_them(index: SearchIndex) -> None:
    page = index.search(make_query())
    assert counts(page, "spatial")["EUROPE"] == 2
    values = facet(page, "spatial").values
    depth = {value.value: value.depth for value in values}
    assert depth["BEL"] > depth["EUROPE"]
    assert [v.value for v in values].index("EUROPE") < [v.value for v in values].index("BEL")
    assert found(index, "", ("spatial", "EUROPE")) == {"lung", "hopital"}


def test_missing_is_counted(index: SearchIndex) -> None:
    page = index.search(make_query())
    assert (facet(page, "theme").missing, facet(page, "dac").missing, facet(page, "node").missing) == (2, 2, 0)
    assert counts(page, "dac") == {"nac": 2, "lac": 1}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("individuals", "100..200", {"lung"}),
        ("individuals", "120", {"lung"}),
        ("individuals", "..119", {"hopital"}),
        ("individuals", "121..", {"registry"}),
        ("individuals", "7..120", {"lung", "hopital"}),
        ("modified", "2024..", {"lung"}),
        ("modified", "2023", {"registry"}),
        ("temporal", "2002-05", {"lung"}),
        ("temporal", "2005..2009", set()),
        ("temporal", "2030..", {"registry"}),
        ("temporal", "..2001", {"lung"}),
        ("temporal", "2011..2016", {"lung", "registry"}),
        ("synthetic", "true", {"hopital"}),
        ("has_variables", "yes", {"bare"}),
    ],
)
def test_ranges_and_flags(index: SearchIndex, name: str, value: str, expected: set[str]) -> None:
    assert found(index, "", (name, value)) == expected


def test_a_chosen_range_is_counted_and_shown_and_so_are_the_steps(index: SearchIndex) -> None:
    page = index.search(make_query("", [("individuals", "5..200"), ("country", "BE")]))
    assert page.total == 1
    shown = {v.value: (v.label, v.count, v.selected) for v in facet(page, "individuals").values}
    assert shown == {
        "5..200": ("5\u2013200", 1, True),
        "100..999": ("100\u2013999", 1, False),
        "10000..99999": ("10000\u201399999", 1, False),
    }
    assert facet(page, "individuals").missing == 1


def test_a_chosen_value_is_shown_even_where_it_finds_nothing(index: SearchIndex) -> None:
    page = index.search(make_query("genetique", [("dac", "nac"), ("publisher", "key-nobody")]))
    assert page.total == 0
    assert counts(page, "dac") == {"nac": 0}
    assert [(v.value, v.count, v.selected) for v in facet(page, "publisher").values] == [("key-nobody", 0, True)]


def test_labels_are_in_the_readers_language(index: SearchIndex) -> None:
    page = index.search(make_query(languages=("fr",)))
    assert facet(page, "dac").label == "Comité d\u2019accès aux données"
    assert {v.label for v in facet(page, "dac").values} == {"Comité national d'accès", "Local access committee"}
    assert {v.value: v.label for v in facet(page, "node").values} == {
        "be-node": "The Belgian node", "fr-node": "Le nœud français",
    }  # fmt: skip
    assert {v.label for v in facet(page, "synthetic").values} == {"oui", "non"}


def test_long_lists_are_cut_and_say_so(index: SearchIndex) -> None:
    many = [listed(f"k{i}", keywords=tuple(Text(f"word {i} {n}") for n in range(30))) for i in range(40)]
    index.apply([*many, listed("again", keywords=(Text("word 7 7"),))], 50)
    page = index.search(make_query("", [("keyword", "word 39 29")]))
    keywords = facet(page, "keyword")
    assert len(keywords.values) == 101
    assert keywords.others == 1200 + 4 - 101
    assert next(v for v in keywords.values if v.selected).value == "word 39 29"
    assert [(v.value, v.count) for v in keywords.values[:2]] == [("cancer", 2), ("word 7 7", 2)]
    assert len(index.values(make_query(), "keyword").values) == 1000
    assert len(index.values(make_query("microbiome"), "keyword").values) == 0
    with pytest.raises(BadQuery, match="There is no facet 'colour'"):
        index.values(make_query(), "colour")


def test_facets_of_the_whole_index(index: SearchIndex) -> None:
    whole = {c.name: {v.value: v.count for v in c.values} for c in index.facets(("en",))}
    page = index.search(make_query())
    assert set(whole) == {f.name for f in FACETS}
    assert all(whole[c.name] == counts(page, c.name) for c in page.facets)


def test_facets_are_left_out_where_nobody_looks_at_them(index: SearchIndex) -> None:
    assert index.search(make_query("cancer", with_facets=False)).facets == ()


# Order and pages


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("title", ["registry", "hopital", "lung", "bare"]),
        ("individuals", ["registry", "lung", "hopital", "bare"]),
    ],
)
def test_orders_and_those_without_a_key_last(index: SearchIndex, sort: str, expected: list[str]) -> None:
    assert ids(index.search(make_query(sort=sort))) == expected


def test_dates_sort_newest_first_and_records_without_one_last(index: SearchIndex) -> None:
    assert ids(index.search(make_query(sort="modified")))[:2] == ["lung", "registry"]
    assert ids(index.search(make_query()))[:2] == ["lung", "registry"]
    assert ids(index.search(make_query(sort="issued")))[0] == "lung"


@pytest.mark.parametrize("sort", ["relevance", "title", "modified"])
@pytest.mark.parametrize("text", ["", "equal", "equ*"])
def test_pages_hold_every_hit_once_even_where_all_are_equal(index: SearchIndex, sort: str, text: str) -> None:
    index.apply([listed(f"e{i:02}", "Equal title") for i in range(40)], 50)
    first = index.search(make_query(text, sort=sort, size=7))
    last = -(-first.total // 7)
    pages = [ids(index.search(make_query(text, sort=sort, size=7, page=n))) for n in range(1, last + 1)]
    whole = ids(index.search(make_query(text, sort=sort, size=1000)))
    assert [one for page in pages for one in page] == whole
    assert len(set(whole)) == first.total


def test_equal_hits_keep_their_order_however_they_came_in(empty: SearchIndex) -> None:
    entries = [listed(f"e{i:02}", "Equal title") for i in range(30)]
    empty.rebuild(entries, 1, "s")
    before = [
        ids(empty.search(make_query(text, sort=sort, size=100)))
        for text in ("", "equal")
        for sort in ("title", "relevance")
    ]
    empty.apply(entries[5:12], 2)
    empty.apply(entries[::-1], 3)
    after = [
        ids(empty.search(make_query(text, sort=sort, size=100)))
        for text in ("", "equal")
        for sort in ("title", "relevance")
    ]
    assert before == after


def test_a_page_beyond_the_last_is_refused_and_an_empty_first_page_is_not(index: SearchIndex) -> None:
    with pytest.raises(BadQuery, match=r"^There is no page 3: of 4 datasets, 2 to a page, there are 2 pages.$"):
        index.search(make_query(size=2, page=3))
    with pytest.raises(BadQuery, match=r"^There is no page 2: of 0 datasets, 20 to a page, there is only one page.$"):
        index.search(make_query("melanoma", page=2))
    page = index.search(make_query("melanoma"))
    assert (page.total, page.hits, page.page, page.size) == (0, (), 1, 20)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (Query(page=0), "page cannot be 0: pages count from 1."),
        (Query(size=1001), "size cannot be 1001: a page has 1 to 1000 datasets."),
        (Query(sort="colour"), "There is no order 'colour'."),
        (Query(facets={"colour": ("red",)}), "There is no facet 'colour'."),
        (Query(facets={"individuals": ("many",)}), "individuals cannot be 'many'"),
        (Query("a\0b"), "The search text holds a NUL character"),
        (Query("x" * 10_000), "The search text has 10000 characters; at most 2000 are allowed."),
    ],
)
def test_a_query_that_cannot_be_is_refused(index: SearchIndex, query: Query, said: str) -> None:
    with pytest.raises(BadQuery) as caught:
        index.search(query)
    assert caught.value.detail.startswith(said)


HOSTILE = ("a" * 2000, "* " * 900, '"' * 1999, "(((((", "a:b:c:d:" * 200, "\u202e\ufeff", "'; DROP TABLE", "\\u0000")
HOSTILE += ("-" * 2000, '{"match_all":{}}', "lung^99 ~1 [a TO b]", "~en:genom", "~=:covid19")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_answered_or_refused(index: SearchIndex, text: str) -> None:
    try:
        page = index.search(Query(text))
    except BadQuery:
        return
    assert page.total in range(5)


# The cursor


def walked(index: SearchIndex, query: Query) -> list[str]:
    """Every hit of a query, page by page, each page after the cursor of the one before."""
    pages = [index.search(query)]
    while pages[-1].next is not None:
        pages.append(index.search(replace(query, page=1, cursor=pages[-1].next)))
        assert len(pages) <= 100
    return [one for page in pages for one in ids(page)]


@pytest.mark.parametrize("sort", [sort.name for sort in SORTS])
@pytest.mark.parametrize("text", ["", "equal", "equ*", "eqaul", "-microbiome"])
def test_walking_gives_every_hit_once_in_the_order_of_pages(index: SearchIndex, sort: str, text: str) -> None:
    several = [listed(f"e{i:02}", "Equal title", individuals=i % 3 or None, modified=f"202{i % 4}") for i in range(23)]
    index.apply(several, 50)
    query = make_query(text, sort=sort, size=4)
    whole = ids(index.search(replace(query, size=1000)))
    assert len(whole) > 20
    assert walked(index, query) == whole
    assert walked(index, replace(query, page=3)) == whole[8:]
    assert walked(index, replace(query, size=1)) == whole


def test_the_last_page_has_no_cursor(index: SearchIndex) -> None:
    assert index.search(make_query(size=4)).next is None
    assert index.search(make_query("melanoma", size=4)).next is None
    page = index.search(make_query(size=3))
    assert page.next is not None
    after = index.search(make_query(size=3, cursor=page.next))
    assert (after.total, after.page, len(after.hits), after.next) == (4, 1, 1, None)


def test_a_page_may_grow_or_shrink_on_the_way(index: SearchIndex) -> None:
    whole = ids(index.search(make_query(sort="title")))
    first = index.search(make_query(sort="title", size=1))
    assert ids(index.search(make_query(sort="title", size=1000, cursor=first.next or ""))) == whole[1:]


def test_going_on_gives_what_comes_after_whatever_was_indexed_meanwhile(index: SearchIndex) -> None:
    index.apply([listed(f"e{i:02}", "Equal title", individuals=100 + i) for i in range(10)], 50)
    query = make_query(sort="individuals", size=5)
    whole, first = ids(index.search(replace(query, size=1000))), index.search(query)
    gone = listed(whole[0], status=Status.WITHDRAWN)
    new = [listed(f"n{i:02}", "Equal title", individuals=1_000 + i) for i in range(20)]
    late = listed("late", "Equal title", individuals=1)
    index.apply([gone, *new, late], 60)
    assert walked(index, replace(query, cursor=first.next or "")) == [*whole[5:-1], "late", whole[-1]]
    index.apply([listed(one, status=Status.WITHDRAWN) for one in (*whole, *(e.state.id for e in new), "late")], 90)
    assert walked(index, replace(query, cursor=first.next or "")) == []


def test_a_cursor_of_another_query_is_refused(index: SearchIndex) -> None:
    cursor = index.search(make_query(size=2)).next or ""
    for other in (Query("cancer"), Query(sort="title"), Query(facets={"country": ("BE",)})):
        with pytest.raises(
            BadQuery, match=r"^The cursor belongs to another query: its words, facets and order must be"
        ):
            index.search(replace(other, cursor=cursor))
    with pytest.raises(BadQuery, match=r"^A cursor and a page cannot be asked for together"):
        index.search(Query(cursor=cursor, page=2))
    with pytest.raises(BadQuery, match=r"^The cursor is malformed: use the text that came as `next`"):
        index.search(Query(cursor=cursor[:-3]))


# Which facets


def test_only_the_facets_that_are_named_are_counted(index: SearchIndex) -> None:
    whole = index.search(make_query("cancer", [("country", "BE")]))
    some = index.search(replace(make_query("cancer", [("country", "BE")]), counted=("dac", "country", "age")))
    assert some.facets == tuple(counts for counts in whole.facets if counts.name in {"dac", "country", "age"})
    with pytest.raises(BadQuery, match="There is no facet 'colour'"):
        index.search(Query(counted=("colour",)))


# A projection of the journal


def test_a_new_index_is_empty_and_at_the_start(empty: SearchIndex) -> None:
    assert (empty.name, empty.cursor(), empty.stamp(), empty.count(), dict(empty.digests())) == ("index", 0, "", 0, {})
    page = empty.search(make_query("cancer", [("country", "BE")]))
    assert (page.total, page.hits) == (0, ())
    assert all(not c.values for c in empty.search(make_query()).facets)


def test_a_rebuilt_index_knows_its_stamp_and_cursor_and_holds_what_was_given(index: SearchIndex) -> None:
    assert (index.cursor(), index.stamp(), index.count()) == (4, "stamp-1", 4)
    assert dict(index.digests()) == {entry.state.id: entry.state.digest for entry in ENTRIES}


def test_applying_again_changes_nothing(index: SearchIndex) -> None:
    index.apply(ENTRIES, 4)
    index.apply(ENTRIES[:2], 4)
    assert (index.count(), index.stamp()) == (4, "stamp-1")
    assert found(index, "cancer") == {"lung", "registry"}


def test_a_change_takes_the_place_of_what_was_there(index: SearchIndex) -> None:
    changed = listed("lung", ("Melanoma", "en"))
    index.apply([changed], 5)
    assert (index.cursor(), index.count()) == (5, 4)
    assert found(index, "melanoma") == {"lung"}
    assert found(index, "genomes") == set()
    assert index.digests()["lung"] == changed.state.digest


def test_of_several_states_of_one_record_the_last_counts(index: SearchIndex) -> None:
    index.apply([listed("lung", "First"), listed("lung", status=Status.WITHDRAWN), listed("lung", "Third")], 7)
    assert (found(index, "third"), found(index, "first"), index.count()) == ({"lung"}, set(), 4)
    index.apply([listed("lung", "Fourth"), listed("lung", status=Status.WITHDRAWN)], 9)
    assert index.count() == 3


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.HELD, Status.REJECTED])
def test_what_is_not_listed_is_taken_out(index: SearchIndex, status: Status) -> None:
    index.apply([replace_status(ENTRIES[0], status)], 5)
    assert index.count() == 3
    assert "lung" not in index.digests()
    assert counts(index.search(make_query()), "country") == {"BE": 2, "FR": 1}


def replace_status(entry: Entry, status: Status) -> Entry:
    return replace(entry, state=replace(entry.state, status=status))


def test_only_datasets_are_counted(index: SearchIndex) -> None:
    index.apply([listed("s", "A series", kind=Kind.SERIES), replace(listed("c", kind=Kind.CATALOGUE), dataset=None)], 6)
    assert (index.count(), index.cursor()) == (4, 6)


def test_the_cursor_moves_where_nothing_is_to_be_applied(index: SearchIndex) -> None:
    index.apply((), 99)
    assert (index.cursor(), index.count()) == (99, 4)


def test_applying_to_a_new_index_makes_it(empty: SearchIndex) -> None:
    empty.apply(ENTRIES[:1], 1)
    assert (empty.cursor(), empty.stamp(), empty.count()) == (1, "", 1)


def test_a_rebuild_replaces_everything(index: SearchIndex) -> None:
    index.rebuild([listed("only", "Only")], 9, "stamp-2")
    assert (index.cursor(), index.stamp(), set(index.digests())) == (9, "stamp-2", {"only"})


def test_a_rebuild_that_fails_leaves_the_old_content(index: SearchIndex) -> None:
    def failing() -> Iterator[Entry]:
        yield listed("half", "Half")
        raise RuntimeError("the journal went away")

    with pytest.raises(RuntimeError, match="the journal went away"):
        index.rebuild(failing(), 9, "stamp-2")
    assert (index.cursor(), index.stamp(), index.count()) == (4, "stamp-1", 4)
    index.rebuild(ENTRIES, 10, "stamp-2")
    assert (index.cursor(), index.stamp(), index.count()) == (10, "stamp-2", 4)


def test_readers_see_the_old_content_until_the_swap(index: SearchIndex) -> None:
    seen: list[int] = []

    def watching() -> Iterator[Entry]:
        for entry in ENTRIES[:2]:
            seen.append(index.search(make_query()).total)
            yield entry

    index.rebuild(watching(), 9, "stamp-2")
    assert (seen, index.count()) == ([4, 4], 2)


def test_applying_that_fails_leaves_everything_as_it_was(index: SearchIndex) -> None:
    broken = replace(listed("new", "New"), source=None)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        index.apply([listed("lung", "Changed"), broken], 9)
    assert (index.cursor(), found(index, "genomes"), found(index, "changed")) == (4, {"lung"}, set())


def test_a_label_follows_the_last_description(index: SearchIndex) -> None:
    renamed = replace(NODE, title="A new name")
    index.apply([listed("new", source=renamed)], 5)
    assert {v.value: v.label for v in facet(index.search(make_query()), "node").values}["be-node"] == "A new name"


def test_every_value_is_plain_data(index: SearchIndex) -> None:
    from dataclasses import asdict

    assert json.loads(json.dumps(asdict(index.search(make_query("cancer")))))["total"] == 2
