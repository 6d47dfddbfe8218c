"""Conditions are read from every form nodes use, and their signature holds all of them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from turtle_records import dataset

from catalogue.use.concepts import disease_iri, disease_key, lies_in, region_key
from catalogue.use.conditions import MAX_SIGNATURE, Conditions, Term, conditions_of, read_signature, signature
from catalogue.use.modifiers import MODIFIERS
from catalogue.use.terms import PERMISSIONS, SUPERSEDED, code_of, iri_of, shorthands

NAL = "http://publications.europa.eu/resource/authority/"
PUBLIC = f"dct:accessRights <{NAL}access-right/PUBLIC>"


def of(statements: str, more: str = "") -> str:
    return signature(conditions_of(dataset(statements, more)))


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ("dct:title 'x'", "none"),
        ("gdix:duo obo:DUO_0000042, obo:DUO_0000021", "GRU+IRB"),
        ("gdix:duo obo:DUO_0000005", "GRU+CC"),
        ("gdix:duo obo:DUO_00000044, obo:DUO_0000006", "HMB+NPOA"),
        ("gdix:duo obo:DUO_0009999", "DUO:0009999"),
        (
            "gdix:dataUse [ gdix:duo obo:DUO_0000007 ; gdix:disease obo:MONDO_0018940 ], [ gdix:duo obo:DUO_0000045 ]",
            "DS(MONDO:0018940)+NPU",
        ),
        (
            "gdix:dataUse [ gdix:duo obo:DUO_0000007 ; gdix:disease <http://www.orpha.net/ORDO/Orphanet_590> ]",
            "DS(ORPHA:590)",
        ),
        (
            (
                "odrl:hasPolicy [ a odrl:Offer ; odrl:permission [ odrl:constraint [ odrl:leftOperand odrl:purpose ; "
                "odrl:operator odrl:isA ; odrl:rightOperand obo:DUO_0000007, obo:MONDO_0005105 ], [ odrl:leftOperand "
                f"odrl:spatial ; odrl:rightOperand <{NAL}country/BEL> ] ; odrl:duty [ odrl:action obo:DUO_0000022 ] ] ]"
            ),
            "DS(MONDO:0005105)+GS(BE)",
        ),
        ("gdix:dataUse [ gdix:duo obo:DUO_0000042, obo:DUO_0000025 ; gdix:months 24 ]", "GRU+TS(24)"),
        (
            (
                "odrl:hasPolicy [ gdix:duo obo:DUO_0000042, obo:DUO_0000025 ; odrl:permission [ odrl:constraint [ "
                'odrl:leftOperand odrl:elapsedTime ; odrl:rightOperand "P1Y6M"^^xsd:duration ] ] ]'
            ),
            "GRU+TS(18)",
        ),
        ("gdix:dataUse [ gdix:duo obo:DUO_0000012 ; gdix:researchKind obo:DUO_0000038 ]", "RS(genetic%20research)"),
        (
            "odrl:hasPolicy :a, :b ; gdix:duo obo:DUO_0000019",
            "DS(MONDO:0000001)+PUB|HMB+PUB",
        ),
        (PUBLIC, "open(unlicensed)"),
        (f"{PUBLIC} ; dct:license <{NAL}licence/CC_BY_4_0>", "open"),
        (f"{PUBLIC} ; dct:license <https://creativecommons.org/licenses/by-nc/4.0/>", "open(NC)"),
        (f"{PUBLIC} ; gdix:duo obo:DUO_0000004", "NRES"),
    ],
)
def test_conditions_are_read_wherever_nodes_put_them(statements: str, expected: str) -> None:
    policies = (
        ":a odrl:assigner :dac ; gdix:duo obo:DUO_0000006 . "
        ":b odrl:assigner :dac ; gdix:duo obo:DUO_0000007 ; gdix:disease obo:MONDO_0000001 ."
    )
    assert of(statements, policies if ":a" in statements else "") == expected


def test_a_kind_of_research_restricts_the_term_and_is_none_of_its_own() -> None:
    said = "odrl:hasPolicy [ gdix:duo obo:DUO_0000042, obo:DUO_0000012 ; obo:DUO_0000010 obo:DUO_0000038 ]"
    assert of(said) == "GRU+RS(genetic%20research)"


def test_diseases_the_record_puts_under_the_one_named_belong_to_it() -> None:
    more = "obo:MONDO_0020344 skos:broader obo:MONDO_0018940 . obo:MONDO_0700466 rdfs:subClassOf obo:MONDO_0020344 ."
    said = "gdix:dataUse [ gdix:duo obo:DUO_0000007 ; gdix:disease obo:MONDO_0018940 ]"
    assert of(said, more) == "DS(MONDO:0018940,MONDO:0020344,MONDO:0700466)"


def test_the_place_a_dataset_covers_is_no_region_its_use_is_limited_to() -> None:
    assert of(f"gdix:duo obo:DUO_0000042, obo:DUO_0000022 ; dct:spatial <{NAL}country/BEL>") == "GRU+GS"


def test_every_term_of_the_published_list_is_a_permission_a_rule_or_a_head(shared_data: Path) -> None:
    with (shared_data / "vocab-duo" / "duo.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 25
    for row in rows:
        if row["shorthand"]:
            assert shorthands(row["id"]) == (row["shorthand"],)
            assert code_of(row["shorthand"]) == row["id"]
            assert (row["shorthand"] in PERMISSIONS) != (row["shorthand"] in MODIFIERS)
    assert {row["shorthand"] for row in rows} - {""} == {*PERMISSIONS, *MODIFIERS}
    assert all(row["id"] not in SUPERSEDED for row in rows)


def test_a_term_has_its_iri() -> None:
    assert iri_of("GRU") == "http://purl.obolibrary.org/obo/DUO_0000042"


_KEYS = st.text(min_size=1, max_size=20).filter(lambda text: text.strip() == text and text != "?")
_TERMS = st.builds(
    Term,
    st.sampled_from([*PERMISSIONS, *MODIFIERS, "DUO:0009999"]),
    st.lists(_KEYS, max_size=5, unique=True).map(lambda keys: tuple(sorted(keys))),
)
_CONDITIONS = st.one_of(
    st.just(Conditions()),
    st.sampled_from(["", "NC", "unlicensed"]).map(lambda licence: Conditions(licence=licence)),
    st.lists(st.lists(_TERMS, min_size=1, max_size=3).map(tuple), min_size=1, max_size=2).map(
        lambda policies: Conditions(tuple(policies))
    ),
)


@given(_CONDITIONS)
def test_a_signature_is_read_back_as_what_was_written(conditions: Conditions) -> None:
    written = signature(conditions)
    assert len(written) <= MAX_SIGNATURE
    if "?" not in written:
        assert read_signature(written) == conditions


def test_a_signature_that_is_too_long_says_that_there_are_others() -> None:
    many = tuple(f"MONDO:{number:07}" for number in range(400))
    written = signature(Conditions(((Term("DS", many),),)))
    assert len(written) <= MAX_SIGNATURE
    (term,) = read_signature(written).policies[0]
    assert term.restricted_to[-1] == "?"
    assert term.restricted_to[:40] == many[:40]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("MONDO:0018940", "MONDO:0018940"),
        ("http://purl.obolibrary.org/obo/MONDO_0018940", "MONDO:0018940"),
        ("orpha:590", "ORPHA:590"),
        ("https://www.orpha.net/ORDO/Orphanet_590", "ORPHA:590"),
        ("mesh:d020294", "MESH:D020294"),
        ("breast cancer", None),
        ("MONDO:", None),
        ("http://purl.obolibrary.org/obo/DUO_0000042", None),
    ],
)
def test_a_disease_has_one_key_however_it_is_written(written: str, key: str | None) -> None:
    assert disease_key(written) == key


def test_a_key_leads_back_to_an_iri() -> None:
    assert disease_iri("MONDO:0018940") == "http://purl.obolibrary.org/obo/MONDO_0018940"
    assert disease_iri("https://node.example/disease") == "https://node.example/disease"


@pytest.mark.parametrize(
    ("country", "region", "expected"),
    [
        ("BE", f"{NAL}country/BEL", True),
        ("BE", "fr", False),
        ("BE", f"{NAL}continent/EUROPE", True),
        ("BE", "EU", True),
        ("NO", "European Union", False),
        ("NO", "EEA", True),
        ("JP", "EU", False),
        ("JP", f"{NAL}continent/EUROPE", None),
        ("BE", "Benelux", None),
    ],
)
def test_whether_a_country_lies_in_a_region(country: str, region: str, *, expected: bool | None) -> None:
    assert lies_in(country, region_key(region)) is expected
