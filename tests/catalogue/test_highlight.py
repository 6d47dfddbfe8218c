"""Why a hit matched: the right words are marked in the right fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.analysis import CHANGE_FIRST, LOSE_FIRST, STEMMERS, Analyzer
from catalogue.search.clauses import Clauses, Word, read_clauses
from catalogue.search.highlight import EXCERPT, MAX_MATCHED, Highlighter
from catalogue.search.marking import fragments, within
from catalogue.search.query import Matched
from catalogue.text import Text
from shapes.errors import BadQuery


def marked(query: str | Clauses, text: str, language: str | None = "en") -> str:
    clauses = read_clauses(query) if isinstance(query, str) else query
    found = Highlighter(clauses, Analyzer()).matched([("field", [(text, language)])])
    return found[0].snippet if found else ""


@pytest.mark.parametrize(
    ("query", "text", "snippet"),
    [
        ("genome", "Whole Genomes.", "Whole [[Genomes]]."),
        ("lung cancer", "Cancer of the lung", "[[Cancer]] of the [[lung]]"),
        ('"lung cancer"', "Lung cancer, lung and cancer", "[[Lung cancer]], lung and cancer"),
        ('"lung"', "Lung, lungs", "[[Lung]], lungs"),
        (
            '"a rare disease b"',
            "Disease b. A rare disease? A rare: disease (b)",
            "Disease b. A rare disease? [[A rare: disease (b]])",
        ),
        ('"b longest"', "b b longest longest b longest", "b [[b longest]] longest [[b longest]]"),
        ('"longest b" "b longest"', "longest, longest b longest", "longest, [[longest b longest]]"),
        ("COVID19", "the COVID-19 registry", "the [[COVID-19]] registry"),
        ("COVID-19", "COVID 19 and covid19", "[[COVID 19]] and [[covid19]]"),
        ("19", "COVID-19", "COVID-[[19]]"),
        ("single-cells", "a single cell", "a [[single cell]]"),
        ("MONDO:0018*", "see MONDO_0018940", "see [[MONDO_0018940]]"),
        ("12-3*", "12-34, 12-4, 12.35", "[[12-34]], 12-4, [[12.35]]"),
        ("gen*", "Genome, genes, pagen", "[[Genome]], [[genes]], pagen"),
        ("cancer -lung", "lung cancer", "lung [[cancer]]"),
        ("b", "a[[b]]c", "a[ [[[b]]] ]c"),
        ("b", "a\nb\tc", "a [[b]] c"),
        ("mouse", "lung cancer", ""),
    ],
)
def test_words_are_marked(query: str, text: str, snippet: str) -> None:
    assert marked(query, text) == snippet


def test_words_are_marked_by_the_stems_of_the_texts_language() -> None:
    assert marked("génétique", "maladies génétiques", "fr") == "maladies [[génétiques]]"
    assert marked("genetiques", "L'hôpital génétique", "fr") == "L'hôpital [[génétique]]"


def test_words_with_typing_errors_are_marked() -> None:
    clauses = Clauses((Word("melanomma", ("melanomma",), slack=2),))
    assert marked(clauses, "Skin melanoma") == "Skin [[melanoma]]"


def test_a_long_text_is_cut_around_the_first_word() -> None:
    snippet = marked("needle", "hay " * 200 + "needle " + "straw " * 200)
    assert "[[needle]]" in snippet
    assert snippet.startswith("\u2026hay ")
    assert snippet.endswith("straw\u2026")
    assert len(snippet) < EXCERPT + 10


def test_a_long_text_that_matches_early_starts_at_its_beginning() -> None:
    snippet = marked("hay", "One hay " + "straw " * 200)
    assert snippet.startswith("One [[hay]] straw")


def test_at_most_three_fields_say_why_in_the_order_given() -> None:
    lung = ("lung", None)
    fields = [("a", [("x", None)]), ("b", [lung]), ("c", [("no", None), lung]), ("d", [lung]), ("e", [lung])]
    found = Highlighter(read_clauses("lung"), Analyzer()).matched(fields)
    assert found == tuple(Matched(name, "[[lung]]") for name in ("b", "c", "d"))
    assert len(found) == MAX_MATCHED


def test_of_several_texts_one_by_people_in_the_first_language_of_the_reader_is_shown() -> None:
    texts = [("a gene", "en-t-nl"), ("das Gene", "de"), ("the gene", "en"), ("le gene", "fr")]
    for languages, shown in ((("en",), "the [[gene]]"), (("it", "fr", "de"), "le [[gene]]"), ((), "das [[Gene]]")):
        highlighter = Highlighter(read_clauses("gene"), Analyzer(), languages)
        assert [each.snippet for each in highlighter.matched([("title", texts)])] == [shown]
    machine = Highlighter(read_clauses("gene"), Analyzer(), ("en",)).matched([("title", [texts[0], ("no", "en")])])
    assert [each.snippet for each in machine] == ["a [[gene]]"]


def test_nothing_is_marked_where_no_word_is_asked_for() -> None:
    assert marked("-lung", "lung") == ""
    assert marked("", "lung") == ""


@pytest.mark.parametrize(
    ("one", "other", "distance", "near"),
    [
        ("melanoma", "melanomma", 1, True),
        ("cancer", "cacner", 1, True),
        ("cancer", "career", 2, True),
        ("cancer", "career", 1, False),
        ("lung", "", 2, False),
        ("ca", "abc", 2, False),
    ],
)
def test_how_far_words_are_apart(one: str, other: str, distance: int, *, near: bool) -> None:
    assert within(one, other, distance) is near


@given(st.text(max_size=400), st.text(max_size=40))
def test_without_its_marks_an_excerpt_is_the_text(text: str, query: str) -> None:
    try:
        snippet = marked(query, text)
    except BadQuery:
        return
    bare = snippet.replace("[[", "").replace("]]", "").strip("\u2026")
    flat = text.translate({9: " ", 10: " ", 13: " "})
    if "[" not in text and "]" not in text and "\u2026" not in text:
        assert bare in flat


WORDS = st.lists(st.sampled_from(["gene", "Genes", "COVID-19", "covid19", "étude", "Etudes", "single-cell", "lung"]))


@given(WORDS.filter(bool), st.lists(WORDS.map(" ".join), max_size=6), st.sampled_from(["en", "fr", None, "xx"]))
def test_what_was_read_before_changes_nothing(query: list[str], texts: list[str], language: str | None) -> None:
    clauses = read_clauses(" ".join(query))
    fresh = [Highlighter(clauses, Analyzer()).stretches(text, language) for text in texts]
    for memory in (200_000, 2):
        used = Highlighter(clauses, Analyzer(memory))
        assert [used.stretches(text, language) for text in texts] == fresh


WORDS = st.text(st.sampled_from("aegstwyzGßäéçčšıøœ"), min_size=1, max_size=9)


@pytest.mark.parametrize("language", sorted(set(STEMMERS) - CHANGE_FIRST))
@given(word=WORDS)
def test_a_stem_begins_as_its_word_does_in_all_languages_said_to(language: str, word: str) -> None:
    forms = Analyzer().forms(word, language)
    for stem, part in zip(forms.stems, forms.parts, strict=True):
        assert stem.rpartition(":")[2][0] == part[0] or part[0] in LOSE_FIRST.get(language, "")


@given(st.lists(st.sampled_from(["Zell", "zellen", "ärzte", "x-zelle", "Arzt", "\u212aelvin", "kelvin"]), max_size=6))
def test_words_are_found_by_their_first_letter_as_by_looking_at_all(words: list[str]) -> None:
    text = " ".join(words)
    for query in ("zelle", "arzt", "kelvin", "zel*"):
        for language in ("de", "nl"):  # words of the second may begin with any letter
            clauses = read_clauses(query)
            highlighter = Highlighter(clauses, Analyzer())
            analysed = Analyzer().tokens([Text(text, language)])
            tokens = {token for line in analysed.lines for token in line.split()}
            wanted = {clauses.required[0].parts[0], *Analyzer().forms(query.rstrip("*"), language).stems}
            held = any(token in wanted or (query == "zel*" and token.startswith("zel")) for token in tokens)
            assert bool(highlighter.matched([("field", [(text, language)])])) == held
            assert bool(highlighter.stretches(text, language)) == held


def test_a_dutch_word_that_lost_its_beginning_is_found_by_its_stem() -> None:
    assert marked("dachten", "Zij hadden gedachten.", "nl") == "Zij hadden [[gedachten]]."


def test_what_matches_is_found_in_whatever_field_it_stands_however_long_those_before_are() -> None:
    long = [(f"nothing {number} " * 700, "en") for number in range(4)]  # more than is looked through together
    labels = [("lungs", "en"), ("nothing", None)]
    highlighter = Highlighter(read_clauses("lung"), Analyzer())
    for _ in range(2):  # what was seen to hold no word is not looked at again
        found = highlighter.matched([("description", long), ("keyword", labels), ("variable", long), ("title", labels)])
        assert found == (Matched("keyword", "[[lungs]]"), Matched("title", "[[lungs]]"))
    assert highlighter.matched([("description", [*long, ("A lung", "en")])]) == (Matched("description", "A [[lung]]"),)


def test_words_with_typing_errors_are_marked_in_texts_with_marks_of_their_own() -> None:
    loose = Clauses((Word("etudw", ("etudw",), slack=1),))
    assert marked(loose, "Une e\u0301tude, des \u00e9tudes", "fr").startswith("Une [[e\u0301tude]]")
    assert marked(loose, "essay", "fr") == ""


@given(st.text("abc", min_size=6, max_size=9), st.data())
def test_a_word_with_errors_has_a_fragment_of_the_word(word: str, data: st.DataObject) -> None:
    """What sieves words for near ones lets every near one through, letters swapped across a cut among them."""
    slack = data.draw(st.integers(1, 2))
    other = list(word)
    for _ in range(slack):
        at = data.draw(st.integers(0, len(other) - 1))
        match data.draw(st.sampled_from("adrs")):
            case "a":
                other.insert(at, "d")
            case "d":
                del other[at]
            case "r":
                other[at] = "d"
            case _:
                other[at : at + 2] = reversed(other[at : at + 2])
    token = "".join(other)
    if within(token, word, slack):
        assert any(fragment in token for fragment in fragments(word, slack))
