"""Official and real descriptions, read whole."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from turtle_records import datasets_in, entry

from catalogue.facets import FACETS, FIELDS, canonical_value, facet_named
from catalogue.reading import read_dataset
from shapes.graph import RecordGraph
from shapes.vocabulary import CSVW, DCT, HEALTH, RDF

BELGIAN = [
    ("node-a-sciensano-2025-04-13.ttl", 146),
    ("node-b-health-authorities-2025-04-13.rdf", 76),
    ("node-c-other-2025-04-13.jsonld", 267),
]


@pytest.mark.parametrize(("file", "count"), BELGIAN)
def test_every_belgian_health_dataset_is_read_with_title_rights_and_identifier(
    shared_data: Path, file: str, count: int
) -> None:
    read = list(datasets_in(shared_data / "real-be-health" / file))
    assert len(read) == count
    assert all(each.titles and each.identifiers and each.publisher for each in read)
    assert {each.access_rights.code for each in read if each.access_rights} <= {"PUBLIC", "RESTRICTED", "NON_PUBLIC"}


@pytest.mark.parametrize(("file", "count"), BELGIAN)
def test_every_facet_value_of_a_real_dataset_is_found_again_by_itself(shared_data: Path, file: str, count: int) -> None:
    entries = [entry(read) for read in datasets_in(shared_data / "real-be-health" / file)]
    values = {(facet.name, term) for each in entries for facet in FACETS for term in facet.terms(each)}
    lost = [(name, t.value) for name, t in values if canonical_value(facet_named(name), t.value) != t.value]
    assert (len(entries), lost) == (count, [])
    assert all(term.labels for _, term in values)


def test_the_keys_of_publishers_stay_when_every_iri_of_the_export_changes(shared_data: Path) -> None:
    folder = shared_data / "real-be-health"
    old, new = (
        {each.identifiers[0]: each.publisher.key for each in datasets_in(folder / name) if each.publisher}
        for name in ("node-a-sciensano-2025-02-09.ttl", "node-a-sciensano-2025-04-13.ttl")
    )
    assert len(old) == 146
    assert old == new


def test_the_official_example_of_release_8_is_read_whole(shared_data: Path) -> None:
    (read,) = datasets_in(shared_data / "shapes-healthdcat-ap-r8" / "examples" / "example-healthdcat-dataset.ttl")
    assert (read.individuals, read.records, read.min_age, read.max_age) == (412_000, 1_850_000, 18, 99)
    assert read.hdab is not None
    assert read.custodian is not None
    assert read.hdab_coordinator is not None
    assert read.custodian.contacts[0].telephone == "+32 2 555 0103"
    assert {variable.name for variable in read.variables} == {
        "patientId",
        "encounterDate",
        "primaryDiagnosisCode",
        "tumourStage",
        "vitalStatus",
    }
    assert [each.code for each in read.conforms_to] == ["DICOM", "FHIR"]
    assert read.purposes[0].labels[0].value.startswith("Secondary-use analysis")
    assert (len(read.distributions), len(read.samples), len(read.analytics)) == (2, 1, 1)
    assert read.has_structured_data is True


def test_a_health_dcat_draft_of_ckan_is_read(shared_data: Path) -> None:
    read = next(each for each in datasets_in(shared_data / "examples-health" / "dataset_health.ttl") if each.hdab)
    assert (read.records, read.individuals) == (123_456_789, 7_654_321)
    assert [each.code for each in read.personal_data] == ["Age", "Gender", "HealthRecord"]
    assert read.retention is not None
    assert (read.retention.start, read.retention.end) == ("2020-03-01", "2034-12-31")


@pytest.mark.parametrize("file", ["FDZ-Gesundheit.ttl", "zfkd_healthdcat-ap.ttl"])
def test_descriptions_in_wrong_namespaces_are_read_as_far_as_they_go(shared_data: Path, file: str) -> None:
    (read,) = datasets_in(shared_data / "examples-health" / file)
    assert read.titles
    assert read.places[0].concept is not None
    assert read.places[0].concept.code == "DEU"
    assert read.individuals is None


def test_the_mini_node_of_gdi_is_read_and_its_hard_coded_trust_is_no_fact_of_ours(shared_data: Path) -> None:
    (read,) = datasets_in(shared_data / "recorded-nodes" / "gdi-mini-node" / "055.body.ttl")
    assert [each.code for each in read.health_categories] == ["HGPD"]
    assert [each.code for each in read.conforms_to] == ["1MGCompliant"]
    assert read.publisher is not None
    assert read.publisher.types == ()


def test_a_data_dictionary_of_6154_variables_is_read_and_indexed_whole() -> None:
    node, table = ox.NamedNode("https://n.example/d"), ox.NamedNode("https://n.example/t")
    triples = [
        ox.Triple(node, ox.NamedNode(HEALTH.hasVariables), ox.NamedNode("https://n.example/g")),
        ox.Triple(ox.NamedNode("https://n.example/g"), ox.NamedNode(CSVW.table), table),
    ]
    for number in range(6154):
        column = ox.NamedNode(f"https://n.example/c{number}")
        triples += [
            ox.Triple(table, ox.NamedNode(CSVW.column), column),
            ox.Triple(column, ox.NamedNode(RDF.type), ox.NamedNode(CSVW.Column)),
            ox.Triple(column, ox.NamedNode(CSVW.name), ox.Literal(f"v{number}")),
            ox.Triple(column, ox.NamedNode(DCT.description), ox.Literal(f"Variable {number}", language="en")),
        ]
    read = read_dataset("abc", node.value, RecordGraph(triples))
    assert len(read.variables) == 6154
    assert read.variables[-1].name == "v6153"


def test_facets_and_fields_of_a_real_dataset(shared_data: Path) -> None:
    (read,) = datasets_in(shared_data / "examples-dac" / "gdi-dataset-with-dac.ttl")
    made = entry(read)
    values = {facet.name: [term.value for term in facet.terms(made)] for facet in FACETS}
    assert values["access_rights"] == ["NON_PUBLIC"]
    assert values["dac"] == ["EGAC00000000001", values["dac"][1]]
    assert values["decider"] == ["published"]
    assert values["data_use"] == ["DUO:0000042", "DUO:0000021"]
    assert values["synthetic"] == ["true"]
    assert values["health_category"] == ["HGPD"]
    assert facet_named("data_use").terms(made)[1].parents == ("DUO:0000017",)
    assert all(isinstance(field.read(made), tuple) for field in FIELDS)
