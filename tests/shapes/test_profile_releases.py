"""The profiles of older releases and of FAIR Data Points: what each asks that the others do not."""

from __future__ import annotations

import pytest
from sample_shacl import HEADER, judge, read, shapes_of

from shapes.documents import judge_document
from shapes.parse import Document
from shapes.profiles import profile
from shapes.report import Report
from shapes.validate import Validator

R6 = "healthdcat-ap-r6"
ACCESS = "http://publications.europa.eu/resource/authority/access-right/"
FORMER = "http://13.81.34.152:1101/resource/authority/healthcategories/"
LEGAL = "dcatap:applicableLegislation <http://data.europa.eu/eli/reg/2025/327/oj>"
AGENT = """[ a foaf:Agent ; foaf:name "Node"@en ; dcat:contactPoint
    [ a vcard:Kind ; vcard:fn "Office" ; vcard:hasEmail <mailto:office@example.org> ] ]"""
# As small as Release 6 lets a non-public dataset be, with the address its code list had then.
RELEASE_6 = f"""
<https://example.org/d> a dcat:Dataset ; dct:title "T"@en ; dct:description "D"@en ; dct:identifier "1" ; {LEGAL} ;
  dct:accessRights <{ACCESS}NON_PUBLIC> ; dcat:keyword "genome"@en ;
  dcat:theme <http://publications.europa.eu/resource/authority/data-theme/HEAL> ;
  dct:type <http://publications.europa.eu/resource/authority/dataset-type/PERSONAL_DATA> ;
  healthdcatap:healthCategory <{FORMER}HGPD> ; healthdcatap:hdab {AGENT} ; dct:publisher {AGENT} ;
  dct:provenance [ a dct:ProvenanceStatement ; rdfs:label "P"@en ] ;
  dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail <mailto:office@example.org> ] ;
  dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://example.org/apply> ; {LEGAL} ] .
"""
DATASET = '<https://example.org/d> a dcat:Dataset ; dct:title "T"@en ; dct:description "D"@en ; {} .'
DISTRIBUTION = DATASET.format("dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://example.org/x> ; {} ]")
POINT = """
<https://fdp.example.org/> a fdp-o:FAIRDataPoint , dcat:DataService ; dct:title "F"@en ;
  dct:publisher [ a foaf:Agent ; foaf:name "N" ] ; dct:license <https://example.org/licence> ;
  dct:conformsTo <https://example.org/profile> ; dcat:endpointURL <https://fdp.example.org/> ;
  fdp-o:metadataIdentifier <https://fdp.example.org/#id> ; fdp-o:conformsToFdpSpec <https://example.org/spec> ;
  fdp-o:metadataIssued "2026-01-01T00:00:00Z"^^xsd:dateTime ;
  fdp-o:metadataModified "2026-01-01T00:00:00Z"^^xsd:dateTime ; fdp-o:metadataCatalog <https://fdp.example.org/c/1> .
<https://fdp.example.org/c/1> a dcat:Catalog .
"""


def violations(turtle: str, name: str, level: str = "") -> set[str]:
    return {
        each.rule.partition("#")[2]
        for each in judge(read(turtle), shapes_of(name, level))
        if each.severity == "violation"
    }


@pytest.mark.parametrize(
    ("statements", "old", "new"),
    [
        ('dct:issued "yesterday"^^xsd:date', {"dataset-issued-value"}, {"dataset-issued-value"}),
        ('owl:versionInfo "1" , "2"', {"dataset-version-info-single"}, set()),
        ('dcat:version "1" , "2"', set(), {"dataset-version-single"}),
        ("dct:isVersionOf [ a dcat:Catalog ]", {"dataset-is-version-of-value"}, set()),
        ('dcatap:applicableLegislation "an act"', set(), {"dataset-applicable-legislation-value"}),
        ("dct:accessRights <https://example.org/secret>", {"dataset-access-rights-list", "dataset-access-rights-value"},
         {"dataset-access-rights-value"}),
        ("dcat:spatialResolutionInMeters 1.0 , 2.0", {"dataset-spatial-resolution-in-meters-single"}, set()),
    ],
)  # fmt: skip
def test_what_dcat_ap_2_1_1_and_3_0_1_ask_of_a_dataset(statements: str, old: set[str], new: set[str]) -> None:
    noise = {f"catalogue-{what}-required" for what in ("title", "description", "publisher")}
    document = DATASET.format(statements)
    assert violations(document, "dcat-ap-2.1.1") - noise == old
    assert violations(document, "dcat-ap-3.0.1") - noise == new


@pytest.mark.parametrize(
    ("statements", "old", "new"),
    [
        ('dcat:byteSize "5"^^xsd:decimal', set(), {"distribution-byte-size-value"}),
        ('dcat:byteSize "5"^^xsd:nonNegativeInteger', {"distribution-byte-size-value"}, set()),
        ("adms:status <http://purl.org/adms/status/Completed>", set(), {"distribution-status-list"}),
        (
            "adms:status <http://publications.europa.eu/resource/authority/distribution-status/COMPLETED>",
            {"distribution-status-list"},
            set(),
        ),
    ],
)
def test_what_dcat_ap_2_1_1_and_3_0_1_ask_of_a_distribution(statements: str, old: set[str], new: set[str]) -> None:
    document = DISTRIBUTION.format(statements)
    assert violations(document, "dcat-ap-2.1.1") == old
    assert violations(document, "dcat-ap-3.0.1") == new


def test_a_dataset_of_release_6_has_no_violation_there_and_is_told_what_release_8_asks_more() -> None:
    assert violations(RELEASE_6, R6, "non-public") == set()
    assert violations(RELEASE_6, "healthdcat-ap-r8", "non-public") == {
        "dataset-structured-data-required",
        "dataset-health-category-list",
        "dataset-hdab-contact",
        "dataset-publisher-contact",
    }


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ("dcat:contactPoint\n    [", "cv:contactPoint\n    [", {"dataset-hdab-contact", "dataset-publisher-contact"}),
        (FORMER, "https://example.org/my-categories/", {"dataset-health-category-value"}),
        ('"P"@en', '"P"@en ; dct:title "x"', set()),
        ("dct:identifier", 'healthdcatap:hasCodeValues "HP:0001250" ; dct:identifier',
         {"dataset-code-values-value"}),
        ("NON_PUBLIC", "PUBLIC", {"dataset-access-rights-non-public"}),
    ],
)  # fmt: skip
def test_one_fault_against_release_6(old: str, new: str, broken: set[str]) -> None:
    assert old in RELEASE_6
    assert violations(RELEASE_6.replace(old, new), R6, "non-public") == broken


def test_a_former_address_of_the_code_list_is_known_in_release_6_and_another_list_is_a_warning() -> None:
    def warned(turtle: str) -> bool:
        results = judge(read(turtle), shapes_of(R6, "non-public"))
        return any(each.rule == f"{R6}#dataset-health-category-known" for each in results)

    assert not warned(RELEASE_6)
    assert warned(RELEASE_6.replace(FORMER, "https://example.org/my-categories/"))


def judged(turtle: str, name: str) -> Report:
    return judge_document(
        Document((HEADER + turtle).encode(), "root.ttl", "https://base.example/"), Validator(profile(name))
    )


def test_a_fair_data_point_is_judged_by_its_own_profile_only() -> None:
    assert judged(POINT, "fdp").findings == ()
    without = judged(POINT.replace("dct:license <https://example.org/licence> ;", ""), "fdp")
    (finding,) = without.findings
    assert (finding.focus, finding.path) == ("https://fdp.example.org/", "http://purl.org/dc/terms/license")
    assert finding.message == "The FAIR Data Point has no licence (dct:license)."
    (nothing,) = judged(POINT, "dcat-ap-3.0.1").findings
    assert nothing.component == "NoRecord"
    assert [each for each in ("fdp", "gdi-core") if profile(each).points] == ["fdp"]


def test_a_catalogue_of_a_fair_data_point_must_lead_back_to_it() -> None:
    catalogue = '<https://fdp.example.org/c/1> a dcat:Catalog ; dct:title "C" ; dcat:dataset <https://example.org/d> .'
    found = {each.path for each in judged(catalogue, "fdp").findings if each.severity == "violation"}
    assert {"http://purl.org/dc/terms/isPartOf", "https://w3id.org/fdp/fdp-o#metadataModified"} <= found
