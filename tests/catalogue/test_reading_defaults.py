"""Defaults of a node's software: told as such, and nothing is read from them."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox

from catalogue.dataset import SoftwareDefault
from catalogue.reading import read_dataset
from shapes.graph import RecordGraph

IRI = "https://fdp.example/dataset/1"
CC0 = "http://purl.org/NET/rdflicense/cc-zero1.0"
PREFIXES = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix fdp-o: <https://w3id.org/fdp/fdp-o#> .
"""


def graph(turtle: str) -> RecordGraph:
    return RecordGraph(quad.triple for quad in ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))


def test_the_recorded_reference_implementation_s_defaults_are_no_statement_of_the_holder(shared_data: Path) -> None:
    folder = shared_data / "recorded-nodes" / "fairdatapoint"
    exchange = json.loads((folder / "093.json").read_text())
    subject = exchange["base"] + exchange["request"]["path"]
    read = read_dataset("x", subject, graph((folder / exchange["body_file"]).read_text()))
    assert (read.access_rights, read.licence) == (None, None)
    assert read.software_defaults == (
        SoftwareDefault(subject, "dct:accessRights", "This resource has no access restriction"),
        SoftwareDefault(subject, "dct:license", CC0),
    )


def test_what_a_holder_states_there_is_read(shared_data: Path) -> None:
    folder = shared_data / "recorded-nodes" / "fairdatapoint"
    exchange = json.loads((folder / "086.json").read_text())
    subject = exchange["base"] + exchange["request"]["path"]
    read = read_dataset("x", subject, graph((folder / exchange["body_file"]).read_text()))
    assert read.access_rights is not None
    assert read.licence is not None
    assert (read.access_rights.code, read.licence.code, read.software_defaults) == ("NON_PUBLIC", "CC_BY_4_0", ())


def test_a_distribution_s_default_licence_is_one_as_well() -> None:
    file = "https://fdp.example/distribution/1"
    said = (
        f'<{IRI}> a dcat:Dataset ; dct:title "T" ; dcat:distribution <{file}> . <{file}> a dcat:Distribution ;'
        f' dct:title "F" ; fdp-o:metadataIdentifier <{file}#identifier> ; dct:license <{CC0}> .'
    )
    read = read_dataset("x", IRI, graph(said))
    assert read.distributions[0].licence is None
    assert read.software_defaults == (SoftwareDefault(file, "dct:license", CC0),)


def test_that_licence_elsewhere_is_the_holder_s_own() -> None:
    read = read_dataset("x", IRI, graph(f'<{IRI}> a dcat:Dataset ; dct:title "T" ; dct:license <{CC0}> .'))
    assert read.licence is not None
    assert read.software_defaults == ()


def test_a_rights_statement_of_the_same_words_elsewhere_is_the_holder_s_own() -> None:
    said = f'<{IRI}> dct:title "T" ; dct:accessRights [ dct:description "This resource has no access restriction" ] .'
    assert read_dataset("x", IRI, graph(said)).access_rights is not None
