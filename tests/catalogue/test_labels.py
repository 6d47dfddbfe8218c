"""What IRIs, languages and names are called, and how names become tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.countries import alpha2, country_iri
from catalogue.folding import fold, slug
from catalogue.labels import ancestors, coded, country_labels, label, language_iri, readable, readable_address
from catalogue.text import Text

NAL = "http://publications.europa.eu/resource/authority/"


def test_a_listed_iri_is_called_by_its_label_in_the_readers_language() -> None:
    iri = f"{NAL}data-theme/HEAL"
    assert (label(iri, ("fr",)), label(iri, ("fi", "de")), label(iri, ("fi",))) == ("Santé", "Gesundheit", "Health")


@pytest.mark.parametrize(
    ("iri", "words"),
    [
        ("http://data.gdi.eu/core/p2/HealthCategoryHumanGenomic", "Health Category Human Genomic"),
        ("http://x.example/a/health_theme", "health theme"),
        ("http://x.example/list#Caf%C3%A9", "Café"),
        ("https://sws.geonames.org/2802361/", "2802361"),
        ("urn:x:DNASequence", "DNA Sequence"),
        ("https://x.example/", "x.example"),
    ],
)
def test_an_iri_nobody_labelled_is_called_by_its_last_part(iri: str, words: str) -> None:
    assert readable(iri) == words


def test_an_address_is_shown_without_its_scheme() -> None:
    assert readable_address("https://ror.org/05wg1m734") == "ror.org/05wg1m734"


@pytest.mark.parametrize(
    ("code", "short"), [("BE", "BE"), ("bel", "BE"), ("EL", "GR"), ("UK", "GB"), ("XX", "XX"), ("zzz", "ZZZ")]
)
def test_country_codes_of_two_and_three_letters_meet(code: str, short: str) -> None:
    assert alpha2(code) == short


def test_a_country_no_list_has_is_called_by_its_code() -> None:
    assert country_labels("xx") == (Text("XX"),)
    assert country_iri("xx") is None


def test_a_language_tag_finds_its_concept() -> None:
    assert [language_iri(tag) for tag in ("en", "nl-BE", "ENG", "tlh")] == [
        f"{NAL}language/ENG",
        f"{NAL}language/NLD",
        f"{NAL}language/ENG",
        None,
    ]


def test_a_code_is_found_in_the_first_list_that_has_it() -> None:
    listed = coded(("continent", "country"), "europe")
    assert listed is not None
    assert listed.iri == f"{NAL}continent/EUROPE"
    assert coded(("continent",), "BEL") is None


def test_the_broader_concepts_of_a_country_end_at_its_continent() -> None:
    assert list(ancestors(f"{NAL.replace('http:', 'https:')}country/BEL"))[-1] == f"{NAL}continent/EUROPE"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Comité  d’Accès", "comite d'acces"),
        ("ŁÓDŹ", "lodz"),
        ("Straße", "strasse"),
        ("Þjóð", "thjod"),
        ("ΕΠΙΤΡΟΠΉΣ", "επιτροπησ"),
        ("Пловдивски", "пловдивски".replace("й", "и")),
        ("a–b", "a-b"),
    ],
)
def test_case_accents_and_spacing_do_not_count(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(codec="ascii"), max_size=80))
def test_a_plain_text_is_folded_as_one_with_an_accent_is(text: str) -> None:
    first, remembered = fold(f"é{text} É{text}"), fold(f"é{text} É{text}")
    assert fold(f"e{text} E{text}") == first == remembered


@given(st.text(max_size=200))
def test_a_slug_is_safe_in_a_url_and_never_empty(text: str) -> None:
    made = slug(text)
    assert made
    assert all(c.isascii() and (c.isalnum() or c == "-") for c in made)
    assert made == made.lower()


def test_names_in_other_scripts_and_long_names_do_not_fall_together() -> None:
    assert slug("ΕΛΙΞΙΡ") != slug("ΕΛΛΑΔΑ")
    assert slug("x" * 100 + "1") != slug("x" * 100 + "2")
