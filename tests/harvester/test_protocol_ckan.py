"""CKAN: what its API says comes out as DCAT, and what has no place there is named."""

from __future__ import annotations

from typing import Any

import pytest
from nodes.ckan_node import CkanDatasetsNode, CkanDcatNode, CkanNode, answer
from nodes.fake_node import Reply
from nodes.samples import Ledger, run

from harvester.changes import Failed, New
from harvester.http import Door
from harvester.protocols import ckan
from harvester.protocols.ckan.api import Portal
from harvester.protocols.ckan.dcat import translate
from shapes.graph import RecordGraph
from shapes.parse import Document
from shapes.record import Kind
from shapes.vocabulary import DCAT, DCT, shorten

PORTAL = "https://portal.example"


def harvest(door: Door, url: str, known: Ledger | None = None) -> Ledger:
    return run(door, url, known.known() if known else (), protocol="ckan")


def said(package: dict[str, Any]) -> set[tuple[str, str]]:
    """What a dataset is translated to: (property, value) of all its nodes, blank nodes left out."""
    package = {"id": "1", **package}
    return {
        (shorten(t.predicate.value), str(t.object))
        for t in translate(package, PORTAL).triples
        if not str(t.object).startswith("_:")
    }


def test_every_dataset_comes_with_its_resources_in_a_catalogue(door: Door) -> None:
    with CkanNode("a", "b", "c", "d", "e") as node:
        ledger = harvest(door, node.start)
        assert [s.rpartition("/")[2] for s in ledger.new] == [f"0000-{name}" for name in "abcde"]
        assert (ledger.complete, ledger.codes) == (True, ["translated"])
        (catalogue,) = [e.record for e in ledger.of(New) if e.record.kind is Kind.CATALOGUE]
        graph, subject = catalogue.graph(), catalogue.subject
        assert subject == f"{node.base}/"
        assert b'"A portal"' in catalogue.body
        assert catalogue.body.count(f"<{DCAT.dataset}>".encode()) == 5
        assert isinstance(graph, RecordGraph)
        first = ledger.datasets(New)[0].record
        assert first.identifiers == ("id-a",)
        assert b"<https://files.example/a.csv>" in first.body
        again = harvest(door, node.start, ledger)
        assert (len(again.unchanged), again.complete) == (5, True)


def test_a_portal_that_serves_dcat_is_read_as_it_says_it_itself(door: Door) -> None:
    with CkanDcatNode("a", "b", "c") as node:
        ledger = harvest(door, node.start)
        assert (ledger.new, ledger.codes, ledger.complete) == (["a", "b", "c"], [], True)
        assert [seen.path for seen in node.requests] == [
            "/api/3/action/status_show",
            "/catalog.ttl",
            "/catalog.ttl?page=2",
        ]


def test_datasets_that_are_served_as_dcat_one_by_one_are_read_so(door: Door) -> None:
    with CkanDatasetsNode("a", "b", "c") as node:
        ledger = harvest(door, node.start)
        assert (len(ledger.new), ledger.codes, ledger.complete) == (3, [], True)
        assert all(b'"In DCAT: ' in event.record.body for event in ledger.datasets(New))
        node.behave("/dataset/dataset-b.ttl", Reply(404))
        after = harvest(door, node.start, ledger)
        (failed,) = after.of(Failed)
        assert (failed.subject, len(after.unchanged), after.complete) == (f"{node.base}/dataset/0000-b", 2, True)


def test_a_portal_without_the_extension_is_not_asked_for_dcat(door: Door) -> None:
    with CkanNode("a") as node:
        harvest(door, node.start)
        assert node.asked("/catalog.ttl") == 0
        node.routes["/api/3/action/status_show"] = answer({"site_title": "A portal"})
        assert harvest(door, node.start).complete
        assert node.asked("/catalog.ttl") == 1


def test_dcat_that_fails_for_a_moment_is_not_replaced_by_a_translation(door: Door) -> None:
    with CkanDcatNode("a", "b", "c") as node:
        before = harvest(door, node.start)
        node.behave("/catalog.ttl", Reply(503, headers={"Retry-After": "9999"}))
        after = harvest(door, node.start, before)
        assert (after.codes, after.complete, after.changed) == (["http-status"], False, [])
        assert node.asked("/api/3/action/package_search") == 0


def test_a_choice_of_the_portal_is_asked_for_on_every_page(door: Door) -> None:
    with CkanNode("a", "b", "c") as node:
        harvest(door, f"{node.base}/api/3/action/package_search?fq=organization:x&rows=7&start=3")
        asked = [seen.path for seen in node.requests if "package_search" in seen.path]
        assert asked == [
            "/api/3/action/package_search?fq=organization%3Ax&rows=100&start=0&sort=id+asc",
            "/api/3/action/package_search?fq=organization%3Ax&rows=100&start=1&sort=id+asc",
        ]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://p.example", "https://p.example"),
        ("https://p.example/", "https://p.example"),
        ("https://p.example/data/api/3/action/package_search?q=x", "https://p.example/data"),
        ("https://p.example/api/3", "https://p.example"),
        ("https://p.example/api", "https://p.example"),
        ("https://p.example/ckan/dataset?q=x", "https://p.example/ckan"),
    ],
)
def test_the_portal_is_found_from_any_of_its_addresses(url: str, address: str) -> None:
    assert Portal.of(url).address == address


def test_an_error_that_calls_itself_a_success_is_told_in_its_own_words(door: Door) -> None:
    with CkanNode("a") as node:
        node.fail("success-false")
        ledger = harvest(door, node.start)
        assert ledger.problems[-1].detail == "CKAN says that the action failed: Solr is down."
        assert ledger.problems[-1].url == f"{node.base}/api/3/action/package_search?rows=100&start=0&sort=id+asc"


def test_a_list_that_moves_is_noticed(door: Door) -> None:
    with CkanNode("a", "b", "c", "d") as node:
        node.fail("moved-list")
        ledger = harvest(door, node.start)
        assert "paging-moved" in ledger.codes
        assert not ledger.complete


# -- the translation ------------------------------------------------------------------------------------------------


def test_what_ckan_has_of_its_own_becomes_dcat() -> None:
    found = said(
        {
            "title": "A title",
            "notes": "A description",
            "url": "https://example.org/a page",
            "metadata_modified": "2025-03-01T10:00:00.5",
            "organization": {"id": "o1", "name": "uni", "title": "The University"},
            "maintainer": "Jo Data",
            "maintainer_email": "data@example.org",
            "license_id": "cc-by",
            "resources": [{"id": "r", "url": "https://e.org/f.csv", "format": "text/csv", "size": 12, "hash": "ab12"}],
        }
    )
    assert {
        ("dct:title", '"A title"'),
        ("dct:description", '"A description"'),
        ("dct:identifier", '"1"'),
        ("dcat:landingPage", "<https://example.org/a%20page>"),
        ("dct:modified", '"2025-03-01T10:00:00.5"^^<http://www.w3.org/2001/XMLSchema#dateTime>'),
        ("dct:publisher", "<https://portal.example/organization/o1>"),
        ("foaf:name", '"The University"'),
        ("vcard:fn", '"Jo Data"'),
        ("vcard:hasEmail", "<mailto:data@example.org>"),
        ("dcat:distribution", "<https://portal.example/dataset/1/resource/r>"),
        ("dcat:accessURL", "<https://e.org/f.csv>"),
        ("dcat:mediaType", '"text/csv"'),
        ("dcat:byteSize", '"12"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>'),
        ("spdx:checksumValue", '"ab12"'),
        ("dct:license", '"cc-by"'),
    } <= found
    assert not any(name == "dct:format" for name, _ in found)


def test_extras_of_the_dcat_extension_become_what_they_were() -> None:
    extras = {
        "uri": "https://node.example/d/1",
        "identifier": "GDI-1",
        "theme": '["http://publications.europa.eu/resource/authority/data-theme/HEAL"]',
        "language": "en, fr",
        "access_rights": "On request only.",
        "publisher_uri": "https://node.example/org",
        "publisher_name": "The Node",
        "contact_email": "mailto:a@example.org",
        "temporal_start": "2020",
        "spatial_uri": "http://publications.europa.eu/resource/authority/country/BEL",
        "number_of_records": "0",
        "alternate_identifier": "EGAD1",
    }
    package = {"id": "1", "extras": [{"key": key, "value": value} for key, value in extras.items()]}
    assert translate(package, PORTAL).subject.value == "https://node.example/d/1"
    assert {
        ("dct:identifier", '"GDI-1"'),
        ("dcat:theme", "<http://publications.europa.eu/resource/authority/data-theme/HEAL>"),
        ("dct:language", '"en"'),
        ("dct:language", '"fr"'),
        ("rdfs:label", '"On request only."'),
        ("dct:publisher", "<https://node.example/org>"),
        ("foaf:name", '"The Node"'),
        ("vcard:hasEmail", "<mailto:a@example.org>"),
        ("dcat:startDate", '"2020"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        ("dct:spatial", "<http://publications.europa.eu/resource/authority/country/BEL>"),
        ("healthdcatap:numberOfRecords", '"0"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>'),
        ("skos:notation", '"EGAD1"'),
    } <= said(package)


def test_translated_texts_keep_their_languages_and_labelled_choices_their_iris() -> None:
    """Fluent's `_translated` fields, and the choices with a label that GDI's portal sends."""
    found = said(
        {
            "title": "ignored",
            "title_translated": {"en": "Title", "pt_BR": "Título", "fr": ""},
            "tags_translated": {"en": ["one", "two"]},
            "access_rights": {"name": "https://node.example/rights", "display_name": "Access Rights"},
            "conforms_to": [{"display_name": "Profile", "name": "https://node.example/profile"}],
            "hdab": [{"name": "The Body", "email": "body@example.org"}],
        }
    )
    assert {
        ("dct:title", '"Title"@en'),
        ("dct:title", '"Título"@pt-br'),
        ("dcat:keyword", '"one"@en'),
        ("dct:accessRights", "<https://node.example/rights>"),
        ("dct:conformsTo", "<https://node.example/profile>"),
        ("foaf:name", '"The Body"'),
    } <= found
    assert ("dct:title", '"ignored"') not in found


def test_fields_without_a_place_are_named_once(door: Door) -> None:
    with CkanNode("a", "b") as node:
        for package in node.packages:
            package["sample_storage"] = "-80"
            package["resources"][0]["schema_version"] = "3"
        ledger = harvest(door, node.start)
        assert [p.detail for p in ledger.problems if p.code == "left-out"] == [
            "These fields of CKAN have no place in DCAT and were left out: resources.schema_version, sample_storage."
        ]
        assert all(problem.remark for problem in ledger.problems)


@pytest.mark.parametrize(
    "odd",
    [
        {"tags": None, "resources": None, "extras": None, "organization": None},
        {"tags": ["x"], "resources": ["x"], "extras": ["x"], "organization": "x"},
        {"extras": [{"key": 1, "value": 2}, {"value": 3}], "resources": [{"id": None, "url": "not a url"}]},
        {"theme": "[broken", "spatial": "{broken", "temporal_coverage": "[1, 2]", "uri": "http://"},
        {"title_translated": {"not a tag": "x"}, "title": "T", "url": "http://[broken"},
        {"spatial": {"type": "Point", "coordinates": [1, 2]}, "language": {"deep": {"er": ["x"]}}},
    ],
)
def test_odd_shapes_are_no_crash(odd: dict[str, Any]) -> None:
    assert (DCT.identifier, "1") in {
        (t.predicate.value, getattr(t.object, "value", "")) for t in translate({"id": "1", **odd}, PORTAL).triples
    }


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        (b'{"help": "x", "success": true, "result": {"ckan_version": "2.11.0"}}', True),
        (b'{"success": false, "error": {}}', False),
        (b'{"@context": {}, "success": true}', False),
        (b"<html></html>", False),
        (b"[" * 100_000, False),
    ],
)
def test_a_portal_is_known_by_its_answer(body: bytes, is_one: bool) -> None:  # noqa: FBT001 - a value
    assert ckan.detects(Document(body, "https://p.example/", "https://p.example/")) is is_one


@pytest.mark.parametrize("url", ["https://p.example/", "https://p.example/dataset?q=x", "https://p.example/api/3/"])
def test_a_whole_portal_can_be_asked_what_it_is(url: str) -> None:
    assert ckan.question(url) == "https://p.example/api/3/action/status_show"


@pytest.mark.parametrize("url", ["https://p.example/catalog.ttl", "https://p.example/dataset/1", "https://p.example/x"])
def test_a_document_of_a_portal_cannot(url: str) -> None:
    assert ckan.question(url) is None


def test_a_dataset_without_an_id_stops_no_other(door: Door) -> None:
    with CkanNode("a", "b", "c", "d", "e") as node:
        node.nameless()
        ledger = run(door, node.start, protocol="ckan")
    assert len(ledger.new) == 4
    assert not ledger.complete
    told = [p.detail for p in ledger.problems if p.code == "bad-answer"]
    assert set(told) == {"CKAN's answer has results that are no datasets with an id: they were passed over."}
