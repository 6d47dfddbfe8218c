"""Contradictions in stated conditions are told; what is in order is not."""

from __future__ import annotations

import pytest
from turtle_records import dataset

from catalogue.use.doubts import doubts

NAL = "http://publications.europa.eu/resource/authority/"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ("gdix:duo obo:DUO_0000006, obo:DUO_0000021, obo:DUO_0000045", []),
        (
            "gdix:duo obo:DUO_0000042, obo:DUO_0000007",
            [
                (
                    "A policy has one main permission; this one has GRU (general research use) and DS (disease "
                    "specific research)."
                ),
                "DS (disease specific research) does not say a disease.",
            ],
        ),
        (
            "gdix:duo obo:DUO_0000004, obo:DUO_0000018",
            ["NRES says that there is no restriction, yet the policy restricts use (NPUNCU)."],
        ),
        (
            "gdix:duo obo:DUO_0000011, obo:DUO_0000044",
            [
                (
                    "POA (population origins or ancestry research only) and NPOA (population origins or ancestry "
                    "research prohibited) cannot both hold."
                )
            ],
        ),
        ("gdix:duo obo:DUO_0000019", ["A policy has one main permission; this one has none, only what modifies it."]),
        (
            "gdix:duo obo:DUO_0000005",
            ["DUO:0000005 is obsolete; DUO has DUO:0000042 and DUO:0000043 in its place."],
        ),
        (
            "gdix:duo obo:DUO_0000042, obo:DUO_0009999",
            ["DUO:0009999 is no term of the Data Use Ontology we know."],
        ),
        (
            f"gdix:duo obo:DUO_0000042, obo:DUO_0000026 ; dct:accessRights <{NAL}access-right/PUBLIC>",
            ["dct:accessRights is PUBLIC, yet a policy restricts who may use the data (US)."],
        ),
        (
            f"gdix:duo obo:DUO_0000042, obo:DUO_0000046 ; dct:license <{NAL}licence/CC_BY_4_0>",
            ["The licence CC_BY_4_0 allows commercial use, yet a policy does not (NCU)."],
        ),
        (
            (
                "odrl:hasPolicy [ odrl:assigner :a ; gdix:duo obo:DUO_0000042 ], "
                "[ odrl:assigner :b ; gdix:duo obo:DUO_0000006 ]"
            ),
            ["The record has several policies with different conditions, and does not say which holds when."],
        ),
    ],
)
def test_what_is_odd_is_told(statements: str, expected: list[str]) -> None:
    names = ':a foaf:name "A" . :b foaf:name "B" .' if ":a" in statements else ""
    assert list(doubts(dataset(statements, names))) == expected


def test_a_label_that_is_not_duos_is_told() -> None:
    read = dataset("gdix:duo obo:DUO_0000042", 'obo:DUO_0000042 rdfs:label "open to all"@en .')
    assert doubts(read) == ('The record calls DUO:0000042 "open to all"; DUO calls it "general research use".',)
