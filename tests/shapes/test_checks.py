"""Rules that SHACL cannot say: mailboxes of persons, DUO codes under a wrong label, identifiers that two share."""

from __future__ import annotations

import pytest
from sample_shacl import HEADER

from shapes.checks.duo import contradicts
from shapes.codelists import concept
from shapes.documents import judge_document
from shapes.parse import Document
from shapes.profiles import profile
from shapes.report import Finding, Report
from shapes.validate import Validator

DATASET = """<https://example.org/{0}> a dcat:Dataset ; dct:title "T"@en ; dct:description "D"@en ;
  dct:identifier "{1}" ; {2} ."""
POLICY = """odrl:hasPolicy [ a odrl:Offer ; odrl:permission [ odrl:action odrl:use ; odrl:constraint
  [ odrl:rightOperand obo:DUO_0000006 ] ] ] . obo:DUO_0000006 rdfs:label "{}"@{}"""


def judged(*datasets: str, name: str = "gdi-core") -> Report:
    text = HEADER + "\n".join(datasets)
    return judge_document(Document(text.encode(), "d.ttl", "https://example.org/"), Validator(profile(name)))


def only(report: Report, component: str) -> list[Finding]:
    return [each for each in report.findings if each.component == component]


@pytest.mark.parametrize("name", ["gdi-core", "healthdcat-ap-r6", "healthdcat-ap-r8"])
@pytest.mark.parametrize(
    ("address", "personal"),
    [
        ("jane.doe@hospital.example", True),
        ("dac.office@hospital.example", False),
        ("genomics-registry@gmail.com", True),
        ("j.doe@hospital.example", True),
        ("info@hospital.example", False),
        ("union_body@europa.example", False),
        ("bccm.collections@hospital.example", False),
        ("genomes.hospital@hospital.example", False),
    ],
)
def test_a_person_as_contact_is_a_warning(name: str, address: str, *, personal: bool) -> None:
    contact = f"dcat:contactPoint [ a vcard:Kind ; vcard:fn 'N' ; vcard:hasEmail <mailto:{address}> ]"
    found = only(judged(DATASET.format("d", "1", contact), name=name), "PersonalMailbox")
    assert [(each.value, each.place, each.severity) for each in found] == (
        [(f"mailto:{address}", "dcat:contactPoint", "warning")] if personal else []
    )
    assert all(each.fix and each.fix.startswith("Publish the mailbox of an office or a role.") for each in found)
    assert all(each.shape == f"https://w3id.org/gdi-catalogue/shapes/{name}#contact-personal-mailbox" for each in found)


def test_an_address_given_as_text_counts_too() -> None:
    hdab = """healthdcatap:hdab [ a foaf:Agent ; foaf:name "H" ;
      cv:contactPoint [ a cv:ContactPoint ; cv:email "jane.doe@example.org" ] ]"""
    (found,) = only(judged(DATASET.format("d", "1", hdab)), "PersonalMailbox")
    assert (found.value, found.place) == ("jane.doe@example.org", "healthdcatap:hdab / cv:contactPoint")


@pytest.mark.parametrize(
    ("label", "language", "wrong"),
    [
        ("health or medical or biomedical research", "en", False),
        ("Health/medical/biomedical research", "en", False),
        ("HMB", "en", False),
        ("general research use", "en", True),
        ("GRU", "en", True),
        ("infectious disease", "en", True),
        ("Forschung zu Gesundheit", "de", False),
        ("general research use", "de", True),
        ("DUO:0000006", "en", False),
    ],
)
def test_a_duo_code_under_a_label_that_says_something_else(label: str, language: str, *, wrong: bool) -> None:
    found = only(judged(DATASET.format("d", "1", POLICY.format(label, language))), "ContradictedLabel")
    assert [each.focus for each in found] == (["http://purl.obolibrary.org/obo/DUO_0000006"] if wrong else [])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Use under DUO:0000042 (general research use) and DUO:0000021 (ethics approval required).", False),
        ("Use under DUO:0000006 (general research use).", True),
        ("DUO_0000018 - genomic research", True),
        ("DUO:0000018 - not for profit", False),
        ("See DUO:0000042, and ask the office.", False),
        ("DUO:9999999 (anything)", False),
    ],
)
def test_a_text_that_cites_a_code_with_a_label(text: str, *, wrong: bool) -> None:
    rights = f'dct:rights [ a dct:RightsStatement ; rdfs:label "{text}"@en ]'
    found = only(judged(DATASET.format("d", "1", rights)), "ContradictedLabel")
    assert [each.place for each in found] == (["dct:rights"] if wrong else [])


def test_every_code_agrees_with_its_own_label_and_shorthand() -> None:
    for number in (4, 6, 7, 11, 12, 15, 16, 17, 18, 19, 20, 21, 22, 24, 25, 26, 27, 28, 29, 42, 43, 44, 45, 46):
        code = concept(f"http://purl.obolibrary.org/obo/DUO_{number:07}")
        assert code is not None
        assert not contradicts(code, code.labels["en"])
        assert not contradicts(code, code.short)


def test_two_datasets_of_one_delivery_with_one_identifier() -> None:
    report = judged(
        DATASET.format("a", "X-1", "dct:alternative 'a'"),
        DATASET.format("b", "X-1", "dct:alternative 'b'"),
        DATASET.format("c", "X-2", "dct:alternative 'c'"),
    )
    found = only(report, "SharedIdentifier")
    assert [(each.focus, each.record, each.value) for each in found] == [
        ("https://example.org/a", "https://example.org/a", "X-1"),
        ("https://example.org/b", "https://example.org/b", "X-1"),
    ]
    assert found[0].message == "Another dataset of this delivery has the same identifier (dct:identifier)."
    assert all(each.line is not None for each in found)


@pytest.mark.parametrize(
    ("acts", "warned"),
    [
        ("<http://data.europa.eu/eli/reg/2025/327/oj>", False),
        ("<https://eur-lex.europa.eu/eli/reg/2025/327>", False),
        ("<http://data.europa.eu/eli/reg/2016/679/oj>", True),
        ("<http://data.europa.eu/eli/reg/2016/679/oj> , <http://data.europa.eu/eli/reg/2025/327/oj/eng>", False),
        ("", False),
    ],
)
def test_health_data_that_names_other_acts_only(acts: str, *, warned: bool) -> None:
    stated = f"dcatap:applicableLegislation {acts}" if acts else "dct:alternative 'no act: that is a rule of its own'"
    shapes = [each.shape for each in judged(DATASET.format("d", "1", stated)).findings]
    assert ("https://w3id.org/gdi-catalogue/shapes/gdi-core#dataset-ehds-legislation" in shapes) is warned
