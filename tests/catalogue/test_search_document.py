"""The index document: what every engine is given of a dataset, and what hits show of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from search_entries import FRENCH_NODE, concept, dac, listed, period, publisher

from catalogue.dataset import Place, Variable
from catalogue.entry import Entry
from catalogue.facets import FACETS, SORTS, Span, facet_named
from catalogue.journal.state import Status
from catalogue.search.analysis import Analyzer
from catalogue.search.card import SHORT, load_card, load_excerpts
from catalogue.search.cursor import BROWSING
from catalogue.search.document import MACHINE, RANKS, IndexDocument, document_of, layout, searchable
from catalogue.search.steps import MAX_SPANS, separate, steps, steps_of
from catalogue.text import Text
from shapes.record import Kind


def document(**stated: object) -> IndexDocument:
    return document_of(listed("d1", **stated), Analyzer())  # type: ignore[arg-type]


def test_only_listed_datasets_are_searched() -> None:
    assert searchable(listed("a").state)
    assert not searchable(listed("a", status=Status.WITHDRAWN).state)
    assert not searchable(listed("a", kind=Kind.SERIES).state)


def test_a_value_brings_its_ancestors_so_that_a_parent_counts_its_descendants() -> None:
    made = document(places=(Place(concept("country/BEL")),))
    parents = next(label.parents for label in made.labels if label.facet == "spatial")
    assert "EUROPE" in parents
    assert made.values["spatial"] == ("BEL", *parents)


def test_what_is_not_stated_is_counted_as_missing() -> None:
    made = document(access_rights=concept("access-right/PUBLIC"), individuals=5)
    assert {"theme", "keyword", "publisher", "records", "temporal"} <= set(made.absent)
    assert {"access_rights", "individuals", "country", "node", "synthetic"}.isdisjoint(made.absent)


def test_machine_translations_have_a_rank_of_their_own_below_all_others() -> None:
    made = document(titles=(Text("Krebs", "de"), Text("cancer", "en-t-de")))
    assert made.ranked[MACHINE].lines == ("cancer", "~en:cancer")
    assert made.ranked["weight8"].lines[0] == "krebs"
    assert RANKS[MACHINE] < min(weight for rank, weight in RANKS.items() if rank != MACHINE)


def test_what_matches_is_every_rank_together() -> None:
    made = document(title="Lung cancer", description="Genomes", keywords=(Text("tumour", "en"),))
    assert {line for some in made.ranked.values() for line in some.lines} == set(made.tokens.lines)


def test_identifiers_are_not_stemmed() -> None:
    made = document(title="x", identifiers=("EGAD00000000001", "studies"))
    tokens = " ".join(made.tokens.lines).split()
    assert "egad00000000001" in tokens
    assert "studies" in tokens
    assert "~en:studi" not in tokens


def test_sort_keys_are_left_out_where_nothing_is_stated() -> None:
    assert document(title="Été", individuals=7, modified="2024-05").sorts == {
        "title": "ete",
        "individuals": 7,
        "modified": 20240501,
    }


def test_numbers_beyond_what_engines_hold_are_kept_at_the_bound() -> None:
    made = document(individuals=10**30)
    assert made.sorts["individuals"] == 2**63 - 1
    assert made.values["individuals"] == ("1000000..",)


def test_hits_without_words_are_in_an_order_of_the_table() -> None:
    assert BROWSING in {sort.name for sort in SORTS if sort.key is not None}


def test_a_long_keyword_is_cut_and_still_one_value() -> None:
    made = document(keywords=(Text("x" * 40_000, "en"),))
    assert made.values["keyword"] == ("x" * 1000,)
    assert [label.value for label in made.labels if label.facet == "keyword"] == ["x" * 1000]


def test_the_layout_is_the_same_for_the_same_tables() -> None:
    assert layout() == layout()
    assert len(layout()) == 16


# Cards


def card_entry() -> Entry:
    return listed(
        "d1",
        titles=(Text("Cancer du poumon", "fr"), Text("Lung cancer", "en-t-fr")),
        descriptions=(Text("mot " * 400, "fr"),),
        source=FRENCH_NODE,
        publisher=publisher("Inserm"),
        access_rights=concept("access-right/RESTRICTED"),
        bodies=(dac("cad", ("Comité", "fr"), ("Committee", "en")),),
        individuals=5,
        modified="2024-05-01",
        synthetic=True,
    )


def test_a_hit_is_in_the_readers_language_and_says_when_a_machine_translated_it() -> None:
    card = load_card(document_of(card_entry(), Analyzer()).card)
    french, english = card.hit("d1", ("fr",), 1.0, ()), card.hit("d1", ("en",), 1.0, ())
    assert (french.title, french.machine_translated, french.dac[0].name) == ("Cancer du poumon", False, "Comité")
    assert (english.title, english.machine_translated, english.dac[0].name) == ("Lung cancer", True, "Committee")
    assert english.title_language == "en-t-fr"


def test_a_hit_holds_what_a_result_list_shows() -> None:
    hit = load_card(document_of(card_entry(), Analyzer()).card).hit("d1", ("fr",), 1.0, ())
    assert hit.iri == "https://node.example/dataset/d1"
    assert (hit.publisher, hit.country, hit.access_rights, hit.source) == ("Inserm", "FR", "RESTRICTED", "fr-node")
    assert (hit.individuals, hit.records, hit.modified, hit.synthetic, hit.stage) == (
        5, None, "2024-05-01", True, "operational",
    )  # fmt: skip
    assert hit.decider == {"status": "published", "method": "attribution", "evidence": "prov:qualifiedAttribution"}
    assert (hit.dac[0].id, hit.dac[0].role, hit.dac[0].method) == ("cad", "decides", "attribution")


def test_a_long_description_is_cut_at_a_word() -> None:
    hit = load_card(document_of(card_entry(), Analyzer()).card).hit("d1", ("fr",), 1.0, ())
    assert len(hit.description) <= SHORT
    assert hit.description.endswith("mot\u2026")


def test_a_dataset_without_any_title_goes_by_its_iri() -> None:
    card = load_card(document(titles=()).card)
    assert card.hit("d1", ("en",), 0.0, ()).title == "https://node.example/dataset/d1"


def test_excerpts_keep_whole_texts_up_to_a_bound() -> None:
    variables = tuple(Variable(f"variable_{i:06d}", (), (), None, None) for i in range(9000))
    kept = load_excerpts(document(description="mot " * 400, variables=variables).excerpts)
    assert len(kept["description"][0][0]) == 1600
    assert sum(len(text) for text, _ in kept["variable"]) == 100_000


# Spans and steps


def test_spans_that_overlap_or_touch_are_one() -> None:
    spans = [Span(10, 20), Span(1, 5), Span(15, 30), Span(6, 7), Span(40, None)]
    assert separate(spans) == (Span(1, 7), Span(10, 30), Span(40, None))
    assert separate([Span(None, 3), Span(2, 5)]) == (Span(None, 5),)
    assert separate([]) == ()


def test_of_too_many_spans_the_nearest_are_joined() -> None:
    assert separate([Span(n, n) for n in (0, 100, 103, 200, 300, 400)]) == (
        Span(0, 0), Span(100, 200), Span(300, 300), Span(400, 400),
    )  # fmt: skip


ends = st.one_of(st.none(), st.integers(-50, 50))


def overlaps(one: Span, other: Span) -> bool:
    return (one.low is None or other.high is None or one.low <= other.high) and (
        other.low is None or one.high is None or other.low <= one.high
    )


@given(st.lists(st.tuples(ends, ends), max_size=MAX_SPANS), ends, ends)
def test_separated_spans_meet_exactly_the_ranges_the_stated_ones_meet(
    stated: list[tuple[int | None, int | None]], low: int | None, high: int | None
) -> None:
    spans = [Span(a, b) for a, b in stated if a is None or b is None or a <= b]
    asked = Span(low, high) if low is None or high is None or low <= high else Span(high, low)
    assert any(overlaps(s, asked) for s in separate(spans)) == any(overlaps(s, asked) for s in spans)


@pytest.mark.parametrize("facet", [facet for facet in FACETS if facet.ranged], ids=lambda facet: facet.name)
def test_steps_are_ranges_a_user_could_write_and_follow_each_other(facet: object) -> None:
    from catalogue.facets import Facet, parse_range

    assert isinstance(facet, Facet)
    made = steps(facet)
    assert [parse_range(facet, step.value) for step in made] == [step.span for step in made]
    assert all(one.meets(other.span) == (one == other) for one in made for other in made)


def test_an_entry_is_in_every_step_it_overlaps() -> None:
    assert document(individuals=99).values["individuals"] == ("10..99",)
    assert document(min_age=12, max_age=30).values["age"] == ("0..17", "18..39")
    assert document(periods=(period("1998", "2003"),)).values["temporal"] == ("1990..1999", "2000..2009")
    assert steps_of(facet_named("temporal"), [Span(None, 19400101)]) == ("..1949",)


def test_the_tie_breaker_depends_on_the_identifier_alone() -> None:
    one = document_of(listed("d1", "One"), Analyzer())
    entry = listed("d1", "Other")
    other = document_of(replace(entry, state=replace(entry.state, seq=9)), Analyzer())
    assert one.key == other.key
    assert one.key != document_of(listed("d2", "One"), Analyzer()).key
    assert 0 <= one.key < 2**63
