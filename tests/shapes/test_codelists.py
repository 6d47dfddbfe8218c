from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapes.codelists import codelist, codelists, concept, normalise, owner, table
from shapes.codelists.background import background
from shapes.vocabulary import DCT, DPV, ELI, EU, FOAF, GDI, HDEU, IANA, RDF, RDFS, SKOS, VCARD

AGREED = {
    "access-right",
    "data-theme",
    "frequency",
    "language",
    "country",
    "continent",
    "file-type",
    "licence",
    "dataset-type",
    "dataset-status",
    "distribution-status",
    "planned-availability",
    "healthcategories",
    "health-theme",
    "health-activity",
    "publisher-type",
    "coding-system",
    "standard",
    "duo",
    "legal-basis",
    "purpose",
    "personal-data",
    "adms-publishertype",
    "adms-licencetype",
    "ehds-legislation",
}
HGPD = f"{HDEU}healthcategories/HGPD"
ENGLISH = f"{EU}language/ENG"


def said(*iris: str) -> set[tuple[str, str, str]]:
    """What the background says, as plain strings."""
    return {(t.subject.value, t.predicate.value, t.object.value) for t in background(iris)}


def types(iri: str) -> set[str]:
    return {value for _, predicate, value in said(iri) if predicate == RDF.type}


def test_every_agreed_list_is_there_and_every_concept_has_an_english_label() -> None:
    assert codelists().keys() >= AGREED
    for found in codelists().values():
        for each in found.concepts:
            assert each.labels.get("en"), each.iri
            assert each.scheme == found.scheme
            assert ox.NamedNode(each.iri).value == each.iri


def test_no_iri_stands_in_two_lists_and_no_code_twice_in_one() -> None:
    iris = [each.iri for found in codelists().values() for each in found.concepts]
    assert len(iris) == len(set(iris))
    for found in codelists().values():
        codes = [each.code for each in found.concepts]
        assert len(codes) == len(set(codes)), found.name


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("access-right", 7),
        ("continent", 7),
        ("data-theme", 14),
        ("dataset-status", 5),
        ("distribution-status", 4),
        ("duo", 25),
        ("frequency", 33),
        ("health-theme", 20),
        ("healthcategories", 17),
        ("planned-availability", 4),
    ],
)
def test_a_complete_list_has_all_its_codes(name: str, size: int) -> None:
    assert codelist(name).complete
    assert len(codelist(name).concepts) == size


@pytest.mark.parametrize("name", ["language", "publisher-type", "coding-system", "standard", "health-activity"])
def test_a_list_of_which_our_copy_lacks_codes_says_so(name: str) -> None:
    assert not codelist(name).complete


def test_an_unknown_list_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(KeyError, match=r"no code list is named 'colours'; there are access-right, .*standard"):
        codelist("colours")


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (f"{EU}language/ENG", ENGLISH),
        ("https://publications.europa.eu/resource/authority/language/ENG", ENGLISH),
        ("https://publications.europa.eu/resource/authority/language/eng/", ENGLISH),
        (" http://publications.europa.eu/resource/authority/language/ENG\n", ENGLISH),
        ("http://id.loc.gov/vocabulary/iso639-1/en", ENGLISH),
        ("http://lexvo.org/id/iso639-3/eng", ENGLISH),
        ("http://13.81.34.152:1101/resource/authority/healthcategories/HGPD", HGPD),
        ("https://hdeu-dcat.acceptance.data.health.europa.eu/resource/authority/healthcategories/HGPD", HGPD),
        ("http://healthdataportal.eu/resource/authority/healthcategories/HGPD", HGPD),
        (GDI.HealthCategoryHumanGenomic, HGPD),
        (GDI.HealthCategoryHumanGenetic, HGPD),
        (GDI.HealthCategoryHumanEpigenomic, HGPD),
        (
            "http://healthdataportal.eu/resource/authority/publisher-type/ngo",
            f"{HDEU}publisher-type/non-gov-org",
        ),
        ("http://www.w3.org/ns/dpv#Consent", "https://w3id.org/dpv#Consent"),
        ("https://w3id.org/dpv/dpv-pd#Age", "https://w3id.org/dpv/pd#Age"),
        ("https://w3id.org/dpv/dpv-gdpr#A9-2-j", "https://w3id.org/dpv/legal/eu/gdpr#A9-2-j"),
        (
            "https://publications.europa.eu/resource/authority/dataset-type/SYNTHETIC_DATA",
            f"{EU}dataset-type/SYNTHETIC_DATA",
        ),
        ("https://eur-lex.europa.eu/eli/reg/2025/327", "http://data.europa.eu/eli/reg/2025/327/oj"),
        ("http://eur-lex.europa.eu/eli/reg/2025/327/oj", "http://data.europa.eu/eli/reg/2025/327/oj"),
        ("https://eur-lex.europa.eu/eli/reg/2025/327/oj/eng", "http://data.europa.eu/eli/reg/2025/327/oj"),
        ("https://data.europa.eu/eli/reg/2025/327/oj", "http://data.europa.eu/eli/reg/2025/327/oj"),
        ("DUO:0000042", "http://purl.obolibrary.org/obo/DUO_0000042"),
        ("https://creativecommons.org/licenses/by/4.0/", f"{EU}licence/CC_BY_4_0"),
        ("https://www.iana.org/assignments/media-types/text/csv", f"{IANA}text/csv"),
        (GDI["1MGCompliant"], GDI["1MGCompliant"]),
        ("https://example.org/Theme/", "https://example.org/Theme/"),
        ("", ""),
    ],
)
def test_every_spelling_comes_to_one_iri(written: str, canonical: str) -> None:
    assert normalise(written) == canonical


@given(
    st.sampled_from([row["written"] for row in table("aliases")]), st.sampled_from(["", "ENG", "eng/", "Age", "x y"])
)
def test_normalising_twice_changes_nothing_more(written: str, rest: str) -> None:
    once = normalise(written + rest)
    assert normalise(once) == once


def test_every_exact_alias_leads_to_a_concept_we_have() -> None:
    lost = [row["written"] for row in table("aliases") if row["kind"] == "exact" and concept(row["written"]) is None]
    assert lost == []


def test_a_country_stands_below_the_union_and_its_continent() -> None:
    seen = []
    each = concept(f"{EU}country/NLD")
    while each is not None:
        seen.append(each.labels["nl"])
        each = concept(each.broader) if each.broader else None
    assert seen == ["Nederland", "Europese Unie", "Europa"]


def test_every_broader_concept_is_one_of_ours_and_no_chain_is_a_circle() -> None:
    for found in codelists().values():
        for each in found.concepts:
            seen = {each.iri}
            broader = each.broader
            while broader is not None:
                assert broader not in seen, each.iri
                seen.add(broader)
                above = concept(broader)
                assert above is not None, (each.iri, broader)
                broader = above.broader


def test_duo_tells_permissions_from_modifiers_in_plain_words() -> None:
    disease = concept("http://purl.obolibrary.org/obo/DUO_0000007")
    assert disease is not None
    assert (disease.code, disease.short, disease.kind) == ("DUO:0000007", "DS", "permission")
    assert disease.note == "Only research on the disease named is allowed."
    assert disease.broader == "http://purl.obolibrary.org/obo/DUO_0000006"
    kinds = {each.kind for each in codelist("duo").concepts}
    assert kinds == {"permission", "modifier"}
    assert all(each.note for each in codelist("duo").concepts)


def test_the_background_of_a_listed_iri_is_its_classes_its_list_and_a_label() -> None:
    assert said(ENGLISH) == {
        (ENGLISH, RDF.type, SKOS.Concept),
        (ENGLISH, RDF.type, DCT.LinguisticSystem),
        (ENGLISH, SKOS.inScheme, f"{EU}language"),
        (ENGLISH, SKOS.prefLabel, "English"),
    }


def test_another_spelling_has_the_classes_but_does_not_count_as_the_listed_iri() -> None:
    written = "https://publications.europa.eu/resource/authority/language/ENG"
    assert types(written) == {SKOS.Concept, DCT.LinguisticSystem}
    assert (written, SKOS.exactMatch, ENGLISH) in said(written)
    assert not any(predicate == SKOS.inScheme for _, predicate, _ in said(written))


def test_an_unknown_code_in_a_lists_namespace_has_the_classes_and_its_code_as_label() -> None:
    unknown = f"{HDEU}standard/NEW-ONE"
    assert types(unknown) == {SKOS.Concept, DCT.Standard}
    assert (unknown, SKOS.prefLabel, "NEW-ONE") in said(unknown)
    assert owner(unknown) is codelist("standard")
    assert owner("https://w3id.org/dpv#Anything") is None


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        (f"{IANA}text/csv", {DCT.MediaType, DCT.MediaTypeOrExtent}),
        ("https://sws.geonames.org/2750405/", {DCT.Location}),
        (f"{EU}place/NLD_AMS", {DCT.Location}),
        ("http://data.europa.eu/eli/reg/2016/1/oj", {ELI.LegalResource, DCT.Standard}),
        ("https://opendatacommons.org/licenses/by/9.9/", {DCT.LicenseDocument}),
        (f"{EU}corporate-body/SANTE", {FOAF.Agent}),
        (f"{EU}data-theme", {SKOS.ConceptScheme}),
        ("https://w3id.org/dpv/dpv-pd#Age", {SKOS.Concept, DPV.PersonalData}),
        ("https://example.org/anything", set()),
    ],
)
def test_registers_known_by_the_beginning_of_their_iris_are_typed(iri: str, expected: set[str]) -> None:
    assert types(iri) == expected


def test_a_narrower_class_is_said_to_be_one_of_the_class_a_range_asks_for() -> None:
    assert said(VCARD.Organization) == {(VCARD.Organization, RDFS.subClassOf, VCARD.Kind)}
    file_format = {(s, o) for s, _, o in said(DCT.FileFormat)}
    assert file_format == {(DCT.FileFormat, DCT.MediaType), (DCT.MediaType, DCT.MediaTypeOrExtent)}


def test_what_is_no_iri_has_no_background_and_stops_nothing() -> None:
    assert list(background(["not an iri", "", "http://example.org/a b", ENGLISH, ENGLISH])) == list(
        background([ENGLISH])
    )


def test_the_background_meets_the_profiles_itself() -> None:
    """A vocabulary term must never be a finding: every concept has a label, every place and licence a list."""
    for found in codelists().values():
        for each in found.concepts:
            statements = said(each.iri)
            if SKOS.Concept in {value for _, predicate, value in statements if predicate == RDF.type}:
                assert any(predicate == SKOS.prefLabel for _, predicate, _ in statements)
            assert any(predicate == SKOS.inScheme for _, predicate, _ in statements)
