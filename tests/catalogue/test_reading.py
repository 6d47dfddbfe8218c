"""What is read from a record's graph, in every spelling nodes use."""

from __future__ import annotations

from dataclasses import fields

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from turtle_records import DATASET, dataset, graph

from catalogue.dataset import Dataset, Period, Service, Variable
from catalogue.reading import read_catalogue, read_dataset, read_service
from catalogue.reading.datasets import TABLE
from catalogue.reading.terms import dpv, health
from catalogue.text import Text
from shapes.graph import RecordGraph
from shapes.vocabulary import ADMS, CSVW, CV, DCAT, DCT, FOAF, ODRL, OWL, PROV, RDF, VCARD

NAL = "http://publications.europa.eu/resource/authority/"


def test_every_row_of_the_table_reads_a_field_of_the_model_and_each_only_once() -> None:
    names = [row.field for row in TABLE.rows]
    assert len(names) == len(set(names))
    assert set(names) <= {field.name for field in fields(Dataset)}


def test_a_dataset_of_which_nothing_is_said_has_empty_fields_and_no_title() -> None:
    read = read_dataset("abc", DATASET, RecordGraph(()))
    assert (read.id, read.iri, read.titles, read.publisher, read.individuals) == ("abc", DATASET, (), None, None)


def test_a_dataset_named_by_a_blank_node_is_read() -> None:
    triple = ox.Triple(ox.BlankNode("c14n0"), ox.NamedNode(DCT.title), ox.Literal("Cohort"))
    assert read_dataset("abc", "_:c14n0", RecordGraph([triple])).titles == (Text("Cohort"),)


def test_texts_keep_their_markup_and_languages_and_lose_blanks() -> None:
    read = dataset('dct:title "<b>Genome</b>"@EN, "Génome"@fr-t-en, "  "@de')
    assert read.titles == (Text("<b>Genome</b>", "en"), Text("Génome", "fr-t-en"))


@pytest.mark.parametrize(
    ("literal", "number"),
    [
        ('"2504"^^xsd:nonNegativeInteger', 2504),
        ('" 2504 "', 2504),
        ('"2504.0"^^xsd:decimal', 2504),
        ('"1.5e3"^^xsd:double', 1500),
        ('"+7"', 7),
        ('"0"', 0),
        ('"n/a"', None),
        ('"-4"^^xsd:integer', None),
        ('"2.5"', None),
        ('"1,850,000"', None),
        ('"1e99"^^xsd:double', None),
        (f'"{"9" * 5000}"', None),
        ('"٣"', None),
        ("<https://node.example/many>", None),
    ],
)
def test_a_number_that_is_none_is_left_out(literal: str, number: int | None) -> None:
    assert dataset(f"healthdcatap:numberOfUniqueIndividuals {literal}").individuals == number


def test_of_several_numbers_the_first_that_is_one_counts() -> None:
    assert dataset('healthdcatap:numberOfRecords "n/a", "12"').records == 12


@pytest.mark.parametrize(
    "name",
    [
        "healthdcatap:minTypicalAge",
        "healthdcatap:mintypicalage",
        "<http://data.europa.eu/r5r/healthdcatap#minTypicalAge>",
        "<https://healthdcat-ap.github.io/minTypicalAge>",
    ],
)
def test_older_homes_and_lower_case_of_healthdcat_ap_are_read(name: str) -> None:
    assert dataset(f"{name} 18").min_age == 18


@pytest.mark.parametrize("base", ["https://w3id.org/dpv#", "http://www.w3.org/ns/dpv#"])
def test_legal_bases_are_read_from_every_host_of_dpv(base: str) -> None:
    read = dataset(f"<{base}hasLegalBasis> <{base}Consent>")
    assert [each.code for each in read.legal_bases] == ["Consent"]


@pytest.mark.parametrize(
    "written",
    [
        f"<{NAL}access-right/NON_PUBLIC>",
        f"<{NAL.replace('http:', 'https:')}access-right/NON_PUBLIC>",
        '"NON_PUBLIC"',
        '"non_public"',
    ],
)
def test_every_spelling_of_an_access_right_is_one_concept(written: str) -> None:
    right = dataset(f"dct:accessRights {written}").access_rights
    assert right is not None
    assert (right.iri, right.code, right.known) == (f"{NAL}access-right/NON_PUBLIC", "NON_PUBLIC", True)


def test_a_concept_keeps_what_the_node_wrote_and_its_own_label_first() -> None:
    heal = f"{NAL.replace('http:', 'https:')}data-theme/HEAL"
    read = dataset(f"dcat:theme <{heal}>", f'<{heal}> skos:prefLabel "Gesundheit und mehr"@de .')
    (theme,) = read.themes
    assert theme.delivered == heal
    assert theme.labels[0] == Text("Gesundheit und mehr", "de")
    assert Text("Health", "en") in theme.labels
    assert Text("Gesundheit", "de") not in theme.labels


def test_an_unknown_concept_is_called_by_the_last_part_of_its_iri() -> None:
    (category,) = dataset("healthdcatap:healthCategory <http://lists.example/x#WholeGenome_Data>").health_categories
    assert (category.labels, category.known) == ((Text("Whole Genome Data"),), False)


def test_a_concept_without_an_iri_goes_by_its_label_and_one_that_says_nothing_is_left_out() -> None:
    read = dataset('dct:type [ skos:prefLabel "Personal Data" ], [ a skos:Concept ], "n/a"')
    assert [each.iri for each in read.types] == ["_:personal-data"]


def test_the_same_category_under_two_hosts_counts_once() -> None:
    read = dataset(
        "healthdcatap:healthCategory <http://data.gdi.eu/core/p2/HealthCategoryHumanGenomic>, "
        "<http://13.81.34.152:1101/resource/authority/healthcategories/HGPD>"
    )
    assert [each.code for each in read.health_categories] == ["HGPD"]


@pytest.mark.parametrize(
    ("temporal", "period"),
    [
        ('[ dcat:startDate "2020-01-01" ; dcat:endDate "2021" ]', Period("2020-01-01", "2021")),
        ('[ schema:startDate "2020" ]', Period("2020", None)),
        ('[ <http://schema.org/endDate> "2020" ]', Period(None, "2020")),
        ('[ time:hasBeginning [ time:inXSDDate "2019-02-01" ] ]', Period("2019-02-01", None)),
        ('"2010/2020-06"', Period("2010", "2020-06")),
    ],
)
def test_periods_are_read_in_old_and_new_terms(temporal: str, period: Period) -> None:
    assert dataset(f"dct:temporal {temporal}").periods == (period,)


def test_a_temporal_statement_without_a_date_is_no_period() -> None:
    assert dataset('dct:temporal "n/a", [ a dct:PeriodOfTime ]').periods == ()


@pytest.mark.parametrize(
    "place", [f"<{NAL}country/BEL>", '"BE"', '"bel"', f"<{NAL.replace('http:', 'https:')}country/BEL>"]
)
def test_a_country_in_any_spelling_is_one_place(place: str) -> None:
    (read,) = dataset(f"dct:spatial {place}").places
    assert read.concept is not None
    assert read.concept.code == "BEL"


def test_a_place_the_node_describes_itself_keeps_name_and_box() -> None:
    (read,) = dataset('dct:spatial [ locn:geographicName "Wallonia"@en ; dcat:bbox "POLYGON((1 2))" ]').places
    assert (read.concept, read.names, read.bbox) == (None, (Text("Wallonia", "en"),), "POLYGON((1 2))")


@pytest.mark.parametrize("name", ["dcat:version", "owl:versionInfo", "dct:hasVersion"])
def test_the_version_is_read_from_old_terms_too(name: str) -> None:
    assert dataset(f'{name} "2.1"').version == "2.1"


def test_versions_that_are_resources_are_links_under_the_current_term() -> None:
    read = dataset('dct:hasVersion :v1, "39" ; dcat:hasVersion :v2', ':v1 dct:title "First" .')
    assert [(link.role, link.iri[-2:], link.titles) for link in read.links] == [
        ("dcat:hasVersion", "v2", ()),
        ("dcat:hasVersion", "v1", (Text("First"),)),
    ]


def test_a_distribution_is_read_with_its_service_even_when_the_endpoint_is_misspelt() -> None:
    read = dataset(
        "dcat:distribution :dist",
        ':dist dcat:accessURL <https://a.example/> ; dcat:byteSize "9045"^^xsd:decimal ; dct:format "csv" ; '
        "dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> ; dcat:accessService :beacon . "
        ':beacon dct:title "Beacon" ; dcat:endPointURL <https://b.example/api> .',
    )
    (distribution,) = read.distributions
    service = Service("https://node.example/beacon", (Text("Beacon"),), ("https://b.example/api",))
    assert (distribution.byte_size, distribution.media_type, distribution.access_urls) == (
        9045,
        "text/csv",
        ("https://a.example/",),
    )
    assert distribution.format is not None
    assert distribution.format.code == "CSV"
    assert distribution.services == read.services == (service,)


def test_a_distribution_stated_twice_is_one_and_two_that_differ_are_two() -> None:
    nameless = "[ dcat:accessURL <https://a.example/> ]"
    read = dataset(
        f"dcat:distribution {nameless}, {nameless}, :d1, :d2 ; <http://healthdataportal.eu/ns/health#analytics> :d1 ; "
        "<http://data.europa.eu/r5r/healthdcatap#analytics> :d1",
        ':d1 dct:title "Same" . :d2 dct:title "Same" .',
    )
    assert sorted(each.iri or "" for each in read.distributions) == [
        "",
        "https://node.example/d1",
        "https://node.example/d2",
    ]
    assert [each.iri for each in read.analytics] == ["https://node.example/d1"]


def test_a_concept_is_called_what_this_record_calls_it_whatever_another_said() -> None:
    theme = "dcat:theme <https://themes.example/rare-diseases>"
    label = '<https://themes.example/rare-diseases> skos:prefLabel "Orphan diseases"@en .'
    said = [dataset(theme, more).themes[0].labels for more in ("", label, "")]
    unsaid = (Text("rare-diseases"),)
    assert said == [unsaid, (Text("Orphan diseases", "en"),), unsaid]


def test_a_service_that_says_it_serves_the_dataset_is_one_of_its_services() -> None:
    read = dataset("", f':s a dcat:DataService ; dct:title "S" ; dcat:servesDataset <{DATASET}> .')
    assert [service.iri for service in read.services] == ["https://node.example/s"]


def test_variables_are_read_from_the_dataset_and_from_tables_of_distributions() -> None:
    read = dataset(
        "healthdcatap:hasVariables [ csvw:table :t ] ; dcat:distribution :dist",
        ':t dct:title "People" ; csvw:column ( :a [ csvw:name "b" ; csvw:titles "B"@en ; csvw:datatype xsd:date ] ) . '
        ':a csvw:name "a" ; csvw:title "A"@en ; dct:description "The a"@en ; csvw:datatype "string" . '
        ':dist csvw:table [ csvw:url "t.csv" ; csvw:tableSchema [ csvw:column [ csvw:name "c" ] ] ] .',
    )
    assert read.variables == (
        Variable("a", (Text("A", "en"),), (Text("The a", "en"),), "string", "People"),
        Variable("b", (Text("B", "en"),), (), "date", "People"),
        Variable("c", (), (), None, "t.csv"),
    )


def test_code_values_are_read_as_literals_and_as_concepts() -> None:
    read = dataset('healthdcatap:hasCodeValues "U07.1", :c, <https://icd.example/X>', ':c skos:notation "Y59.0" .')
    assert set(read.code_values) == {"U07.1", "Y59.0", "https://icd.example/X"}


def test_other_identifiers_are_the_notations_of_adms_identifiers() -> None:
    read = dataset('dct:identifier "a" ; adms:identifier [ skos:notation "EGAD00000000001" ], <https://doi.org/10.1/x>')
    assert (read.identifiers, set(read.other_identifiers)) == (("a",), {"EGAD00000000001", "https://doi.org/10.1/x"})


@pytest.mark.parametrize(
    ("statements", "synthetic"),
    [
        (f"dct:type <{NAL}dataset-type/SYNTHETIC_DATA>", True),
        (f"dct:type <{NAL.replace('http:', 'https:')}dataset-type/SYNTHETIC_DATA>", True),
        ('dcat:keyword "Synthetic Data"@en', True),
        ('dcat:keyword "Données synthétiques"@fr', True),
        ('dct:title "Cohort with a synthetic sample"', False),
        ('dcat:keyword "synthetic biology"', False),
    ],
)
def test_only_the_type_or_a_keyword_that_says_so_makes_data_synthetic(statements: str, *, synthetic: bool) -> None:
    assert dataset(statements).synthetic is synthetic


def test_pages_given_as_documents_of_their_own_are_followed() -> None:
    read = dataset(
        "foaf:page [ foaf:homepage <https://p.example/> ], <https://q.example/> ; foaf:Page <https://r.example/>"
    )
    assert set(read.pages) == {"https://p.example/", "https://q.example/", "https://r.example/"}


def test_structured_data_is_said_denied_or_not_said() -> None:
    said = [dataset(f"healthdcatap:hasStructuredData {v}").has_structured_data for v in ("true", '"0"', '"perhaps"')]
    assert said == [True, False, None]


def test_a_catalogue_and_a_service_are_read() -> None:
    made = graph(
        ':c dct:title "Catalogue"@en ; dct:publisher [ foaf:name "P" ] ; foaf:homepage <https://c.example/> . '
        ':s dct:title "Beacon"@en ; dcat:endpointURL <https://b.example/> ; dcat:servesDataset :d .'
    )
    catalogue = read_catalogue("x", "https://node.example/c", made)
    service = read_service("y", "https://node.example/s", made)
    assert (catalogue.titles, catalogue.homepage) == ((Text("Catalogue", "en"),), "https://c.example/")
    assert (service.endpoints, service.serves) == (("https://b.example/",), ("https://node.example/d",))


# Any graph at all is read without an error. ----------------------------------------------------------------------

_NODES = [
    ox.NamedNode(DATASET),
    *(ox.NamedNode(f"https://n.example/{i}") for i in range(3)),
    ox.BlankNode("a"),
    ox.BlankNode("b"),
]
_PROPERTIES = sorted(
    {name for row in TABLE.rows for name in row.properties}
    | {*health("hasVariables"), *dpv("hasPurpose"), DCT.publisher, DCT.hasVersion, OWL.versionInfo}
    | {ODRL.hasPolicy, ODRL.permission, ODRL.constraint, ODRL.rightOperand, ODRL.assigner, ODRL.duty}
    | {
        PROV.agent,
        DCAT.hadRole,
        VCARD.fn,
        VCARD.hasEmail,
        VCARD.hasValue,
        CV.email,
        CV.contactPoint,
        FOAF.name,
        FOAF.mbox,
    }
    | {CSVW.table, CSVW.column, CSVW.name, CSVW.tableSchema, CSVW.datatype, RDF.first, RDF.rest, RDF.type}
    | {DCAT.accessService, DCAT.servesDataset, DCAT.endpointURL, DCAT.byteSize, DCT.format, DCAT.mediaType, DCT.license}
    | {DCAT.startDate, DCAT.qualifiedRelation, DCT.relation, DCAT.inSeries, ADMS.identifier}
)
_IRIS = ["mailto:", "http://purl.obolibrary.org/obo/DUO_0000042", f"{NAL}country/BEL", "urn:x", "x:y#"]
_ODD = ["12", "-1", "NaN", "INF", "1e400", "2020-13-45", "en", "DUO:0000042", "mailto:a@b.c"]
_VALUES = st.one_of(
    st.sampled_from(_NODES),
    st.sampled_from(_IRIS).map(ox.NamedNode),
    st.text(max_size=20).map(ox.Literal),
    st.sampled_from(_ODD).map(ox.Literal),
    st.sampled_from(["x", "é"]).map(lambda text: ox.Literal(text, language="fr-t-en")),
)


@given(st.lists(st.tuples(st.sampled_from(_NODES), st.sampled_from(_PROPERTIES), _VALUES), max_size=40))
def test_no_graph_makes_reading_fail(triples: list[tuple[ox.NamedNode | ox.BlankNode, str, ox.NamedNode]]) -> None:
    made = RecordGraph(ox.Triple(s, ox.NamedNode(p), o) for s, p, o in triples)
    for subject in (DATASET, "_:a"):
        read = read_dataset("abc", subject, made)
        assert isinstance(hash(read), int)
