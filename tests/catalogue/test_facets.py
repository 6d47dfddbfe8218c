"""Facet values are stable tokens; what users write finds them; numbers and dates are spans."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from turtle_records import dataset, entry

from catalogue.facets import (
    FACETS,
    FIELDS,
    LABEL_LANGUAGES,
    SORTS,
    FacetKind,
    Span,
    canonical_value,
    facet_named,
    parse_range,
    sort_named,
    value_labels,
)
from catalogue.facets.ranges import days
from catalogue.text import Text, pick
from harvester.source import Source, Stage
from shapes.errors import BadQuery
from shapes.report import Verdict

NAL = "http://publications.europa.eu/resource/authority/"
HDEU = "https://hdeu-dcat.data.health.europa.eu/resource/authority/"


def values(name: str, statements: str, more: str = "") -> list[str]:
    return [term.value for term in facet_named(name).terms(entry(dataset(statements, more)))]


def spans(name: str, statements: str) -> tuple[Span, ...]:
    return facet_named(name).spans(entry(dataset(statements)))


def test_the_facets_the_contract_names_are_there() -> None:
    assert {"theme", "access_rights", "publisher", "country", "dac", "node"} <= {facet.name for facet in FACETS}


def test_names_are_unique_and_every_label_is_written_in_every_language() -> None:
    for table in (FACETS, FIELDS, SORTS):
        assert max(Counter(row.name for row in table).values()) == 1
        for row in table:
            assert tuple(row.labels) == LABEL_LANGUAGES
            assert all(row.labels.values())


def test_a_record_that_is_no_dataset_has_no_values_of_its_own() -> None:
    catalogue = entry(None)
    said = {facet.name for facet in FACETS if facet.terms(catalogue) or facet.spans(catalogue)}
    assert said == {"country", "node", "stage"}
    assert {field.name for field in FIELDS if field.read(catalogue)} == {"node"}
    assert all(sort.key is None or sort.key(catalogue) is None for sort in SORTS)


def test_values_are_codes_whatever_the_node_wrote() -> None:
    assert values("access_rights", f"dct:accessRights <{NAL.replace('http', 'https')}access-right/NON_PUBLIC>") == [
        "NON_PUBLIC"
    ]
    assert values(
        "health_category", "healthdcatap:healthCategory <http://data.gdi.eu/core/p2/HealthCategoryHumanGenetic>"
    ) == ["HGPD"]
    assert values("theme", "dcat:theme <http://other.example/theme>") == ["http://other.example/theme"]


def test_labels_of_our_lists_win_over_a_nodes_own() -> None:
    heal = f"{NAL}data-theme/HEAL"
    (term,) = facet_named("theme").terms(
        entry(dataset(f"dcat:theme <{heal}>", f'<{heal}> skos:prefLabel "Gezond"@nl .'))
    )
    shown = pick(term.labels, ("nl",))
    assert shown is not None
    assert shown.value == "Gezondheid"


def test_a_place_stands_under_its_continent() -> None:
    (term,) = facet_named("spatial").terms(entry(dataset(f"dct:spatial <{NAL}country/BEL>")))
    assert term.value == "BEL"
    assert term.parents[-1] == "EUROPE"
    assert Text("Europe", "en") in value_labels(facet_named("spatial"), "EUROPE")


def test_a_legal_basis_stands_under_the_broader_ones() -> None:
    (term,) = facet_named("legal_basis").terms(entry(dataset("dpv:hasLegalBasis dpv:ExplicitlyExpressedConsent")))
    assert "Consent" in term.parents


def test_keywords_are_compared_without_case_and_accents_and_without_machine_translations() -> None:
    statements = 'dcat:keyword "Santé  publique"@fr, "SANTE PUBLIQUE", "Volksgezondheid"@nl-t-fr'
    assert values("keyword", statements) == ["sante publique"]
    assert values("keyword", 'dcat:keyword "Volksgezondheid"@nl-t-fr') == ["volksgezondheid"]


def test_the_country_is_the_nodes_and_the_stage_and_node_are_its_registration() -> None:
    source = Source("gr", "https://gr.example/", country="EL", stage=Stage.ONBOARDING)
    made = entry(dataset(""), source)
    found = {name: [t.value for t in facet_named(name).terms(made)] for name in ("country", "stage", "node")}
    assert found == {"country": ["GR"], "stage": ["onboarding"], "node": ["gr"]}
    assert Text("Greece", "en") in facet_named("country").terms(made)[0].labels


@pytest.mark.parametrize(
    ("statements", "beacon"),
    [
        ("dcat:distribution [ dcat:accessService [ dcat:endpointURL <https://n.example/beacon/v2> ] ]", "true"),
        ('dcat:distribution [ dcat:accessService [ dct:title "Aggregated Beacon" ; dct:type :s ] ]', "true"),
        ("dcat:distribution [ dcat:accessService [ dcat:endpointURL <https://beaconsfield.example/> ] ]", "false"),
        ("dct:title 'Beacon'", "false"),
    ],
)
def test_a_beacon_is_told_by_its_service(statements: str, beacon: str) -> None:
    assert values("has_beacon", statements) == [beacon]


def test_flags_say_no_as_well_as_yes() -> None:
    assert values("synthetic", "") == ["false"]
    assert values("synthetic", 'dcat:keyword "synthetic data"') == ["true"]
    assert values("has_variables", "healthdcatap:hasVariables [ csvw:table [ csvw:column [ csvw:name 'a' ] ] ]") == [
        "true"
    ]


@pytest.mark.parametrize(
    ("verdict", "value"),
    [
        (Verdict("p", "1", conforms=True), ["valid"]),
        (Verdict("p", "1", conforms=False, warning=2), ["warnings"]),
        (Verdict("p", "1", conforms=False, violation=1, warning=2), ["violations"]),
        (None, []),
    ],
)
def test_validity_follows_the_verdict(verdict: Verdict | None, value: list[str]) -> None:
    made = entry(dataset(""), verdict=verdict)
    assert [term.value for term in facet_named("validity").terms(made)] == value


def test_formats_fall_back_to_the_media_type_and_licences_are_gathered() -> None:
    statements = (
        f"dct:license <{NAL}licence/CC_BY_4_0> ; dcat:distribution [ dct:format <{NAL}file-type/CSV> ], "
        '[ dcat:mediaType "application/x-vcf" ; dct:license <https://l.example/own> ]'
    )
    assert set(values("format", statements)) == {"CSV", "application/x-vcf"}
    assert set(values("licence", statements)) == {"CC_BY_4_0", "https://l.example/own"}


@pytest.mark.parametrize(
    ("facet", "written", "token"),
    [
        ("access_rights", "non_public", "NON_PUBLIC"),
        ("access_rights", f"{NAL}access-right/NON_PUBLIC", "NON_PUBLIC"),
        ("access_rights", "https://publications.europa.eu/resource/authority/access-right/NON_PUBLIC", "NON_PUBLIC"),
        ("theme", "heal", "HEAL"),
        ("theme", "http://other.example/theme", "http://other.example/theme"),
        ("health_category", "http://13.81.34.152:1101/resource/authority/healthcategories/HGPD", "HGPD"),
        ("health_category", f"{HDEU}healthcategories/HGPD", "HGPD"),
        ("country", "bel", "BE"),
        ("country", f"{NAL}country/BEL", "BE"),
        ("country", "el", "GR"),
        ("language", "en", "ENG"),
        ("language", "nl-BE", "NLD"),
        ("language", f"{NAL}language/FRA", "FRA"),
        ("data_use", "DUO_0000042", "DUO:0000042"),
        ("data_use", "http://purl.obolibrary.org/obo/DUO_0000042", "DUO:0000042"),
        ("publisher", "https://node.example/org", "https://node.example/org"),
        ("publisher", "Institut für Genomik", "institut-fur-genomik"),
        ("keyword", "Santé Publique", "sante publique"),
        ("synthetic", "yes", "true"),
        ("synthetic", "0", "false"),
        ("decider", "Stand-In", "stand-in"),
        ("conforms_to", "http://data.gdi.eu/core/p2/1MGCompliant", "1MGCompliant"),
        ("spatial", "europe", "EUROPE"),
        ("individuals", " 10..20 ", "10..20"),
    ],
)
def test_what_a_user_writes_becomes_the_token_of_the_index(facet: str, written: str, token: str) -> None:
    assert canonical_value(facet_named(facet), written) == token


@given(st.sampled_from([facet for facet in FACETS if not facet.ranged]), st.text(max_size=40))
def test_a_token_made_of_anything_stays_when_it_is_made_again(facet: object, text: str) -> None:
    made = facet_named(facet.name)  # type: ignore[attr-defined]
    once = canonical_value(made, text)
    assert canonical_value(made, once) == once


def test_unknown_facets_and_orders_are_refused_with_the_known_ones() -> None:
    with pytest.raises(BadQuery, match=r"^There is no facet 'colour'\. The facets are: access_rights, age, "):
        facet_named("colour")
    with pytest.raises(BadQuery, match=r"^There is no order 'colour'\. The orders are: relevance, title, "):
        sort_named("colour")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2024", Span(20240101, 20241231)),
        ("2024-02", Span(20240201, 20240229)),
        ("2024-02-29", Span(20240229, 20240229)),
        ("2025-12-01T13:31:27+00:00", Span(20251201, 20251201)),
        ("2024-12-04T13:50:49.668485+00:00", Span(20241204, 20241204)),
        ("2024Z", Span(20240101, 20241231)),
        ("2023-02-29", None),
        ("2023-13-01", None),
        ("0000", None),
        ("20240131", None),
        ("soon", None),
        ("01/02/2024", None),
    ],
)
def test_a_date_covers_its_days(text: str, span: Span | None) -> None:
    assert days(text) == span


@given(st.dates(min_value=dt.date(1, 1, 1)))
def test_every_day_is_itself(day: dt.date) -> None:
    number = day.year * 10_000 + day.month * 100 + day.day
    assert days(day.isoformat()) == Span(number, number)


def test_numbers_ages_and_periods_are_spans() -> None:
    assert spans("individuals", "healthdcatap:numberOfUniqueIndividuals 2504") == (Span(2504, 2504),)
    assert spans("individuals", 'healthdcatap:numberOfUniqueIndividuals "many"') == ()
    assert spans("age", "healthdcatap:minTypicalAge 18 ; healthdcatap:maxTypicalAge 99") == (Span(18, 99),)
    assert spans("age", "healthdcatap:minTypicalAge 18") == (Span(18, None),)
    assert spans("age", "healthdcatap:minTypicalAge 99 ; healthdcatap:maxTypicalAge 18") == ()
    period = '[ dcat:startDate "2020" ; dcat:endDate "2021-06" ]'
    assert spans("temporal", f"dct:temporal {period}, [ dcat:startDate 'once' ]") == (Span(20200101, 20210630),)
    assert spans("temporal", 'dct:temporal [ dcat:startDate "2021" ; dcat:endDate "2020" ]') == ()
    assert spans("modified", 'dct:modified "2024-05"') == (Span(20240501, 20240531),)


@pytest.mark.parametrize(
    ("facet", "text", "span"),
    [
        ("individuals", "10..20", Span(10, 20)),
        ("individuals", "10..", Span(10, None)),
        ("individuals", "..20", Span(None, 20)),
        ("individuals", "10", Span(10, 10)),
        ("issued", "2020..2021-06", Span(20200101, 20210630)),
        ("issued", "2020", Span(20200101, 20201231)),
    ],
)
def test_ranges_are_read(facet: str, text: str, span: Span) -> None:
    assert parse_range(facet_named(facet), text) == span


@pytest.mark.parametrize(
    ("facet", "text", "sentence"),
    [
        (
            "individuals",
            "many",
            "individuals cannot be 'many': write a range such as 10..20; either end may be left out.",
        ),
        ("individuals", "..", "individuals cannot be '..': write a range such as 10..20; either end may be left out."),
        ("individuals", "20..10", "individuals cannot be '20..10': the range ends before it begins."),
        (
            "issued",
            "10..20",
            "issued cannot be '10..20': write a range such as 2020..2021-06; either end may be left out.",
        ),
    ],
)
def test_a_range_that_is_none_is_refused_in_words(facet: str, text: str, sentence: str) -> None:
    with pytest.raises(BadQuery) as refused:
        canonical_value(facet_named(facet), text)
    assert refused.value.detail == sentence


def test_fields_hold_titles_identifiers_and_the_bodies_of_the_decision() -> None:
    made = entry(
        dataset(
            'dct:title "Cohort"@en ; dct:alternative "COH" ; dct:identifier "GDI-1" ; '
            "prov:qualifiedAttribution [ prov:agent :dac ; dcat:hadRole gdix:DataAccessCommittee ]",
            ':dac foaf:name "Committee of X" ; dct:identifier "EGAC00001000001" .',
        )
    )
    read = {field.name: [text.value for text in field.read(made)] for field in FIELDS}
    assert read["title"] == ["Cohort", "COH"]
    assert "GDI-1" in read["identifier"]
    assert read["dac"] == ["Committee of X", "EGAC00001000001"]
    assert read["node"] == ["The Belgian node", "be-node"]


def test_titles_weigh_more_than_descriptions_and_they_more_than_variables() -> None:
    weight = {field.name: field.weight for field in FIELDS}
    assert weight["title"] > weight["keyword"] > weight["description"] > weight["variable"]


def test_orders_read_their_keys() -> None:
    made = entry(dataset('dct:title "Étude"@fr, "Study"@en ; dct:modified "2024" ; healthdcatap:numberOfRecords 5'))
    keys = {sort.name: sort.key(made) for sort in SORTS if sort.key}
    assert keys == {"title": "study", "modified": 20240101, "issued": None, "individuals": None, "records": 5}


def test_every_facet_kind_reads_what_it_should() -> None:
    made = entry(dataset('dct:title "x"'))
    for facet in FACETS:
        read = facet.spans(made) if facet.ranged else facet.terms(made)
        assert (facet.terms(made) if facet.ranged else facet.spans(made)) == ()
        assert facet.kind is not FacetKind.FLAG or len(read) == 1
