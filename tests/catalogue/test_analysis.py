"""Text becomes tokens by our rules alone: totals on every engine follow from these."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.analysis import COMPOUND, MAX_TOKEN, STEMMERS, Analyzer, Span, fold, spans
from catalogue.text import Text


def lines(*texts: Text, stem: bool = True) -> tuple[str, ...]:
    return Analyzer().tokens(texts, stem=stem).lines


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Génétique", "genetique"),
        ("Universität", "universitat"),
        ("Straße", "strasse"),
        ("Øresund", "oresund"),
        ("Łódź", "lodz"),
        ("ΝΌΣΟΣ", "νοσοσ"),
        ("νόσος", "νοσοσ"),
        ("İstanbul", "istanbul"),
        ("ＦＵＬＬ", "full"),
        ("ﬁbrosis", "fibrosis"),
    ],
)
def test_case_and_diacritics_do_not_count(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_words_and_stems_of_a_literal_stand_in_lines_of_their_own_in_their_order() -> None:
    assert lines(Text("Genomes of rare diseases", "en")) == (
        "genomes of rare diseases",
        "~en:genom ~en:of ~en:rare ~en:diseas",
    )


@pytest.mark.parametrize(
    ("written", "words", "whole"),
    [
        ("MONDO:0018940", "mondo 0018940", "~=:mondo0018940"),
        ("U07.1", "u07 1", "~=:u071"),
        ("COVID-19", "covid 19", "~=:covid19"),
        ("COVID\u201119", "covid 19", "~=:covid19"),
        ("HP_0001250", "hp 0001250", "~=:hp0001250"),
        ("single-cell", "single cell", "~=:singlecell"),
    ],
)
def test_a_compound_is_indexed_whole_and_in_parts(written: str, words: str, whole: str) -> None:
    assert lines(Text(f"({written})."), stem=False) == (words, whole)


def test_an_accession_is_one_word_and_is_not_stemmed() -> None:
    assert lines(Text("EGAD00001000001 ORPHA590s", "en")) == (
        "egad00001000001 orpha590s",
        "~en:egad00001000001 ~en:orpha590s",
    )


def test_articles_before_an_apostrophe_and_the_english_genitive_are_dropped() -> None:
    found = lines(Text("L'étude de l\u2019hôpital d'Anvers qu'il mène, Crohn's disease", "hr"), stem=False)
    assert found == ("etude de hopital anvers il mene crohn disease",)


def test_an_untagged_literal_is_taken_for_english_and_a_language_without_stems_has_none() -> None:
    assert lines(Text("registries")) == ("registries", "~en:registri")
    assert lines(Text("registri", "hr")) == ("registri",)


def test_the_stems_of_two_languages_never_meet() -> None:
    assert set(lines(Text("general", "fr"))) & set(lines(Text("general", "en"))) == {"general"}


def test_a_translated_literal_is_stemmed_in_the_language_it_was_translated_into() -> None:
    assert Analyzer().tokens([Text("maladies", "fr-t-nl")]).languages == {"fr"}


def test_german_stems_know_both_spellings_of_an_umlaut() -> None:
    analyzer = Analyzer()
    assert analyzer.forms("Universitäten", "de").stems == analyzer.forms("universitaet", "de").stems


def test_every_listed_language_has_its_algorithm() -> None:
    analyzer = Analyzer()
    assert [code for code in STEMMERS if not analyzer.forms("genomic", code).stems] == []


def test_a_word_without_end_is_cut() -> None:
    word, stem = lines(Text("x" * 5000))
    assert len(word) == MAX_TOKEN
    assert len(stem) == MAX_TOKEN + len("~en:")


def test_texts_without_words_leave_nothing() -> None:
    assert lines(Text(""), Text(" \n\t"), Text("-- ... !?")) == ()


def test_spans_keep_the_offsets_of_the_text_as_given() -> None:
    text = "De l'hôpital: U07.1, ok"
    assert [(text[s.start : s.end], s.text) for s in spans(text)] == [
        ("De", "De"),
        ("hôpital", "hôpital"),
        ("U07.1", "U07.1"),
        ("ok", "ok"),
    ]


@given(st.text())
def test_no_token_holds_white_space_or_is_empty(text: str) -> None:
    for line in lines(Text(text, "fr"), Text(text)):
        assert line == " ".join(line.split())
        assert all(len(token) <= MAX_TOKEN + 5 for token in line.split())


@given(st.text(min_size=1))
def test_folding_again_changes_nothing(text: str) -> None:
    for span in spans(text):
        once = fold(span.text)
        assert fold(once) == once


def test_threads_get_the_same_tokens() -> None:
    analyzer, texts = Analyzer(), [Text(f"maladies génétiques numéro {i}", "fr") for i in range(200)]
    alone = [Analyzer().tokens([text]) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: analyzer.tokens([text]), texts)) == alone


def test_what_is_remembered_never_changes_what_is_answered() -> None:
    texts = [Text(f"{word} U07.{n % 7} maladies-{word} {n}", "fr") for n in range(40) for word in ("gènes", "rares")]
    forgetful, plain = Analyzer(memory=5), Analyzer()
    once = [forgetful.tokens([text]) for text in texts]
    assert once == [plain.tokens([text]) for text in texts] == [Analyzer().tokens([text]) for text in texts]


@pytest.mark.parametrize("algorithm", sorted(set(STEMMERS.values())))
@given(st.lists(st.text(st.characters(categories=["Ll"]), min_size=1, max_size=30), max_size=20))
def test_the_fast_stemmer_and_the_plain_one_are_equal(algorithm: str, words: list[str]) -> None:
    fast = pytest.importorskip("Stemmer", reason="PyStemmer is not installed").Stemmer(algorithm)
    module = import_module(f"snowballstemmer.{algorithm}_stemmer")
    plain = getattr(module, f"{algorithm.capitalize()}Stemmer")()
    endings = ("", "s", "ation", "ités", "ungen", "ssimo", "aciones", "iem", "ów", "ään")
    assert all(fast.stemWord(w + end) == plain.stemWord(w + end) for w in words for end in endings)


ARTICLE = re.compile(r"(?<!\w)[^\W\d_]{1,2}['\u2019](?=\w)|(?<=\w)['\u2019][sS](?!\w)")


@given(st.text(st.sampled_from("lqus Sx1_-.'\u2019\u00e9\u0301\n"), max_size=30))
def test_articles_are_dropped_wherever_the_rule_says_so(text: str) -> None:
    plain = ARTICLE.sub(lambda found: " " * len(found.group()), text)
    assert [*spans(text)] == [Span(found.start(), found.end(), found.group()) for found in COMPOUND.finditer(plain)]
