from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from sample_shacl import Result, judge, read, shapes_of

from shapes.errors import UnknownProfile
from shapes.graph import RecordGraph
from shapes.profiles import profile, profiles, rule
from shapes.vocabulary import EU, GDI, HDEU

R8 = "healthdcat-ap-r8"
ACCESS = f"{EU.base}access-right/"

# A complete non-public dataset, as small as Release 8 lets it be.
AGENT = '[ a foaf:Agent ; foaf:name "Node"@en ; cv:contactPoint [ a cv:ContactPoint ; cv:email "a@example.org" ] ]'
LEGAL = "dcatap:applicableLegislation <http://data.europa.eu/eli/reg/2025/327/oj>"
COMPLETE = f"""
<https://example.org/d> a dcat:Dataset ; dct:title "T"@en ; dct:description "D"@en ; dct:identifier "1" ; {LEGAL} ;
  dct:accessRights <{ACCESS}NON_PUBLIC> ; dcat:theme <{EU}data-theme/HEAL> ; dcat:keyword "genome"@en ;
  dct:type <{EU}dataset-type/PERSONAL_DATA> ; healthdcatap:healthCategory <{HDEU}healthcategories/HGPD> ;
  healthdcatap:hasStructuredData false ; healthdcatap:hdab {AGENT} ;
  dct:provenance [ a dct:ProvenanceStatement ; rdfs:label "P"@en ] ;
  dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail <mailto:a@example.org> ] ;
  dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://example.org/apply> ; {LEGAL} ] .
"""


IDENTIFIER = 'dct:identifier "1"'
CONTACT = '[ a vcard:Kind ; vcard:fn "N" ; vcard:hasEmail <mailto:a@example.org> ]'
FORMER_HOST = "http://13.81.34.152:1101/resource/authority/"


def violations(results: list[Result]) -> set[str]:
    return {result.rule for result in results if result.severity == "violation"}


def judged(turtle: str, name: str = R8, level: str = "non-public") -> list[Result]:
    return judge(read(turtle), shapes_of(name, level))


def level_of(statements: str, name: str = R8) -> str:
    graph = RecordGraph(read(f"<https://example.org/d> a dcat:Dataset{statements} ."))
    return profile(name).level_of(graph, ox.NamedNode("https://example.org/d"))


def test_the_profiles_there_are() -> None:
    assert {each.id: (each.release, each.levels, each.extends) for each in profiles().values()} == {
        "dcat-ap-2.1.1": ("2.1.1", (), ""),
        "dcat-ap-3.0.1": ("3.0.1", (), ""),
        "healthdcat-ap-r6": ("Release 6", ("public", "restricted", "non-public"), "dcat-ap-3.0.1"),
        "healthdcat-ap-r8": ("Release 8", ("public", "restricted", "non-public"), "dcat-ap-3.0.1"),
        "gdi-core": ("1+MG v1.1", (), ""),
        "fdp": ("1.2", (), ""),
    }


def test_an_unknown_profile_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UnknownProfile, match=r"There is no profile 'dcat'; there are dcat-ap-2.1.1, .*gdi-core, fdp"):
        profile("dcat")


def test_an_unknown_level_is_refused_with_the_levels_there_are() -> None:
    with pytest.raises(
        UnknownProfile, match="The profile healthdcat-ap-r8 has no level 'secret'; it has: public, restricted"
    ):
        profile(R8).shapes("secret")
    with pytest.raises(UnknownProfile, match="The profile gdi-core has no level 'public'; it has: none"):
        profile("gdi-core").shapes("public")


@pytest.mark.parametrize(
    ("rights", "level"),
    [
        ([f"{ACCESS}PUBLIC"], "public"),
        ([f"{ACCESS}RESTRICTED"], "restricted"),
        ([f"{ACCESS}NON_PUBLIC"], "non-public"),
        ([f"{ACCESS}SENSITIVE"], "non-public"),
        ([f"{ACCESS}CONFIDENTIAL"], "non-public"),
        (["https://publications.europa.eu/resource/authority/access-right/PUBLIC"], "public"),
        ([f"{ACCESS}public/"], "public"),
        ([f"{ACCESS}PUBLIC", "https://publications.europa.eu/resource/authority/access-right/PUBLIC"], "public"),
        ([f"{ACCESS}PUBLIC", f"{ACCESS}RESTRICTED"], "non-public"),
        (["http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations"], "non-public"),
        ([], "non-public"),
    ],
)
def test_the_access_right_chooses_the_level(rights: list[str], level: str) -> None:
    assert level_of("".join(f" ; dct:accessRights <{each}>" for each in rights)) == level


def test_a_right_given_as_text_or_blank_node_is_the_strictest_case() -> None:
    assert level_of(' ; dct:accessRights "PUBLIC"') == "non-public"
    assert level_of(" ; dct:accessRights [ a dct:RightsStatement ]") == "non-public"


def test_a_profile_without_levels_has_none() -> None:
    assert level_of(f" ; dct:accessRights <{ACCESS}PUBLIC>", "gdi-core") == ""


def test_a_shape_leads_back_to_its_rule_with_words_and_specification() -> None:
    found = rule("https://w3id.org/gdi-catalogue/shapes/dcat-ap-3.0.1#dataset-title-required")
    assert found is not None
    assert (found.severity, found.path) == ("violation", "dct:title")
    assert found.message == "The dataset has no title (dct:title)."
    assert found.fix == 'Add a title. Example: dct:title "Genome of Europe: Dutch reference genomes"@en'
    assert found.reference == "DCAT-AP 3.0.1, Dataset: title"
    assert profile(R8).rule(found.iri) is found
    assert rule("https://w3id.org/gdi-catalogue/shapes/dcat-ap-3.0.1#no-such-rule") is None
    assert rule("https://example.org/shapes#x") is None


def test_a_small_complete_dataset_has_no_violation() -> None:
    assert violations(judged(COMPLETE)) == set()


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ('dcat:keyword "genome"@en ;', "", "dataset-keyword-required"),
        ("data-theme/HEAL>", "data-theme/TECH>", "dataset-theme-health"),
        (f"dcat:theme <{EU}data-theme/HEAL> ;", "", "dataset-theme-health"),
        ("data-theme/HEAL>", "data-theme/HEAL> , <https://example.org/theme>", "dataset-theme-list"),
        ("access-right/NON_PUBLIC>", "access-right/SENSITIVE>", "dataset-access-rights-non-public"),
        (f"dct:accessRights <{ACCESS}NON_PUBLIC> ;", "", "dataset-access-rights-non-public"),
        (
            "access-right/NON_PUBLIC>",
            f"access-right/NON_PUBLIC> , <{ACCESS}PUBLIC>",
            "dcat-ap-3.0.1#dataset-access-rights-single",
        ),
        ("hasStructuredData false", "hasStructuredData true", "dataset-variables-described"),
        ("hasStructuredData false", 'hasStructuredData "no"', "dataset-structured-data-value"),
        (f"hdab {AGENT}", 'hdab [ a foaf:Agent ; foaf:name "N" ]', "dataset-hdab-contact"),
        (f"hdab {AGENT}", f"hdab {AGENT} , {AGENT}", "dataset-hdab-single"),
        ('cv:email "a@example.org"', 'cv:telephone "1"', "contact-point-address-required"),
        ("healthcategories/HGPD>", "healthcategories/HGPX>", "dataset-health-category-list"),
        (f"{HDEU}healthcategories", f"{FORMER_HOST}healthcategories", "dataset-health-category-list"),
    ],
)
def test_one_fault_breaks_one_rule(old: str, new: str, broken: str) -> None:
    assert old in COMPLETE
    assert violations(judged(COMPLETE.replace(old, new))) == {broken if "#" in broken else f"{R8}#{broken}"}


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ('dct:issued "2024"^^xsd:gYear', None),
        ('dct:issued "2024-01-15T09:30:00+01:00"^^xsd:dateTimeStamp', None),
        ('dct:issued "yesterday"^^xsd:date', "dcat-ap-3.0.1#dataset-issued-value"),
        ('dct:issued "2024-01-01"', "dcat-ap-3.0.1#dataset-issued-value"),
        (f"dct:language <{EU}language/QQQ>", None),
        ('dct:language "en"', "dcat-ap-3.0.1#dataset-language-list"),
        (f"dct:conformsTo <{HDEU}standard/NEW>", None),
        (f"dct:conformsTo <{GDI}1MGCompliant>", f"{R8}#dataset-conforms-to-list"),
        ("dpv:hasPersonalData <https://w3id.org/dpv/dpv-pd#Age> , <https://w3id.org/dpv/pd#Age>", None),
        ("dpv:hasPersonalData <https://example.org/Age>", f"{R8}#dataset-personal-data-list"),
        ("dcat:landingPage <https://example.org/page> ; foaf:page <https://example.org/about>", None),
        ("dct:source <https://example.org/a-dataset-described-elsewhere>", None),
        ("dct:source [ a dcat:Distribution ]", "dcat-ap-3.0.1#dataset-source-value"),
        ("dct:spatial <https://sws.geonames.org/2750405/>", None),
    ],
)
def test_what_may_be_added_and_what_not(statement: str, broken: str | None) -> None:
    added = violations(judged(COMPLETE.replace(IDENTIFIER, f"{IDENTIFIER} ; {statement}")))
    assert added - {
        "dcat-ap-3.0.1#distribution-access-url-required",
        f"{R8}#distribution-applicable-legislation-required",
    } == ({broken} if broken else set())


def test_an_unknown_code_of_a_list_we_hold_in_part_is_a_warning() -> None:
    results = judged(COMPLETE.replace(IDENTIFIER, f"{IDENTIFIER} ; dct:conformsTo <{HDEU}standard/NEW>"))
    assert [(each.severity, each.value) for each in results if each.rule.endswith("conforms-to-known")] == [
        ("warning", f"{HDEU}standard/NEW")
    ]


@pytest.mark.parametrize(
    ("low", "high", "warned"),
    [
        ("minTypicalAge 9", "maxTypicalAge 10", None),
        ("minTypicalAge 90", "maxTypicalAge 18", "dataset-age-order"),
        ("numberOfUniqueIndividuals 5", "numberOfRecords 5", None),
        ("numberOfUniqueIndividuals 5", "numberOfRecords 4", "dataset-individuals-records"),
    ],
)
def test_numbers_that_contradict_each_other_are_warned_of(low: str, high: str, warned: str | None) -> None:
    said = " ; ".join(
        re.sub(r"(\w+) (\d+)", r'healthdcatap:\1 "\2"^^xsd:nonNegativeInteger', each) for each in (low, high)
    )
    results = judged(COMPLETE.replace(IDENTIFIER, f"{IDENTIFIER} ; {said}"))
    ours = {each.rule for each in results if each.component == "LessThanOrEqualsConstraintComponent"}
    assert ours == ({f"{R8}#{warned}"} if warned else set())
    assert violations(results) == set()


def attributed(agent: str, role: str = "") -> str:
    return f"prov:qualifiedAttribution [ a prov:Attribution ; prov:agent {agent} {role} ]"


@pytest.mark.parametrize(
    ("statements", "level", "warned"),
    [
        ("dct:alternative 'x'", "non-public", "yes"),
        ("dct:alternative 'x'", "restricted", "yes"),
        ("dct:alternative 'x'", "public", "no"),
        ("odrl:hasPolicy [ a odrl:Offer ; odrl:assigner <https://example.org/dac> ]", "non-public", "no"),
        (attributed("<urn:a>", "; dcat:hadRole gdix:DataAccessCommittee"), "non-public", "no"),
        (attributed("<urn:a>", "; dcat:hadRole <https://example.org/role/data-access-committee>"), "restricted", "no"),
        (attributed("<urn:a>", "; dcat:hadRole <https://example.org/role/funder>"), "non-public", "yes"),
        (attributed("[ a foaf:Agent , gdix:DataAccessCommittee ]"), "non-public", "no"),
    ],
)
def test_data_that_is_not_public_should_say_who_decides(statements: str, level: str, warned: str) -> None:
    results = judged(COMPLETE.replace(IDENTIFIER, f"{IDENTIFIER} ; {statements}"), level=level)
    assert (f"{R8}#dataset-deciding-body" in {each.rule for each in results}) is (warned == "yes")


def test_what_a_level_asks_more_is_not_asked_below() -> None:
    bare = re.sub(
        r'dcat:keyword "genome"@en ;|dct:provenance \[.*?\] ;|dcat:contactPoint \[.*?\] ;|dct:type <[^>]*> ;',
        "",
        COMPLETE,
    )
    for right, level in (("PUBLIC", "public"), ("RESTRICTED", "restricted")):
        assert violations(judged(bare.replace("NON_PUBLIC", right), level=level)) == set()
    assert violations(judged(bare)) == {
        f"{R8}#dataset-{each}-required" for each in ("keyword", "provenance", "contact-point", "type")
    }


def test_a_gdi_dataset_is_told_what_release_8_asks_more() -> None:
    gdi = f"""
    <https://example.org/d> a dcat:Dataset ; dct:title "T"@en ; dct:description "D"@en ; {LEGAL} ;
      dct:identifier "GDI-NL-HRI-1" ; dct:accessRights <{ACCESS}NON_PUBLIC> ; dcat:theme <{EU}data-theme/HEAL> ;
      healthdcatap:healthCategory gdi:HealthCategoryHumanGenomic ; dct:conformsTo <{GDI}1MGCohort> ;
      dct:creator [ a foaf:Agent ; foaf:name "N"@en ] ;
      dct:publisher [ a foaf:Agent ; foaf:name "N"@en ; dcat:contactPoint {CONTACT} ] .
    """
    assert violations(judged(gdi, "gdi-core", "")) == set()
    assert violations(judged(gdi)) == {
        f"{R8}#dataset-{each}"
        for each in (
            "conforms-to-list", "contact-point-required", "distribution-required", "hdab-required",
            "health-category-list", "keyword-required", "provenance-required", "publisher-contact",
            "structured-data-required", "type-required",
        )
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ("NON_PUBLIC", "SENSITIVE", {"dataset-access-rights-value"}),
        ("HGPD", "EHRS", {"dataset-health-category-value"}),
        ('"T"@en', '"T"@en , "U"@en', {"dataset-title-unique-language"}),
        ("<mailto:a@example.org>", "<https://example.org/mail>", {"contact-email-value"}),
        ('dct:identifier "GDI-NL-HRI-1"', 'dct:identifier "GDI-NL-HRI-1"@en', {"dataset-identifier-value"}),
        ('dct:identifier "GDI-NL-HRI-1"', 'dct:identifier "EGAD1"', set()),
    ],
)
def test_gdi_core(old: str, new: str, broken: set[str]) -> None:
    who = f'[ a foaf:Agent ; foaf:name "N"@en ; dcat:contactPoint {CONTACT} ]'
    dataset = f"""
    <https://example.org/d> a dcat:Dataset ; dct:title "T"@en ; dct:description "D"@en ; {LEGAL} ;
      dct:identifier "GDI-NL-HRI-1" ; dct:accessRights <{ACCESS}NON_PUBLIC> ; dcat:theme <{EU}data-theme/HEAL> ;
      dct:type <https://publications.europa.eu/resource/authority/dataset-type/SYNTHETIC_DATA> ;
      healthdcatap:healthCategory <{HDEU}healthcategories/HGPD> ; dct:creator {who} ; dct:publisher {who} .
    """
    assert old in dataset
    assert violations(judged(dataset, "gdi-core", "")) == set()
    found = judged(dataset.replace(old, new), "gdi-core", "")
    assert violations(found) == {f"gdi-core#{each}" for each in broken}
