"""The catalogue as a FAIR Data Point: what its readers find, and that our own harvester reads every dataset from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from nodes.samples import Ledger
from sample_catalogue import BASE, Sample, full_sample

from catalogue.settings import read_settings
from harvester.changes import New
from shapes.documents import judge_document
from shapes.graph import RecordGraph
from shapes.media import TURTLE
from shapes.parse import Document
from shapes.profiles import profile
from shapes.record import Kind
from shapes.validate import Validator
from shapes.vocabulary import DCAT, DCT, FDP, LDP, OWL, RDF
from ui.app import create_app
from ui.dcat import apart

ROOT = f"{BASE}/fdp"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def graph(web: FlaskClient, address: str, status: int = 200) -> RecordGraph:
    """Fetch an address of ours as a program does that takes anything, and read the Turtle."""
    answer = web.get(address.removeprefix(BASE), headers={"Accept": "*/*"})
    assert (answer.status_code, answer.content_type) == (status, "text/turtle; charset=utf-8")
    return RecordGraph(ox.parse(answer.data, format=ox.RdfFormat.TURTLE))


def links(said: RecordGraph, subject: str, predicate: str) -> list[str]:
    return sorted(str(value.value) for value in said.values(ox.NamedNode(subject), predicate))


def contained(said: RecordGraph, holder: str) -> dict[str, list[str]]:
    """What the containers of a record list, by the relation they stand for."""
    containers = said.subjects(LDP.membershipResource, ox.NamedNode(holder))
    return {links(said, c.value, LDP.hasMemberRelation)[0]: links(said, c.value, LDP.contains) for c in containers}


def address(sample: Sample, name: str, layer: str = "dataset") -> str:
    return f"{ROOT}/{layer}/{sample.ids[name]}"


# -- from the root down ------------------------------------------------------------------------------------------------


def test_the_root_leads_to_a_catalogue_of_each_node_in_both_ways(web: FlaskClient) -> None:
    root = graph(web, ROOT)
    catalogues = [f"{ROOT}/catalog/north", f"{ROOT}/catalog/south"]
    assert {FDP.FAIRDataPoint, FDP.MetadataService, DCAT.DataService} <= root.types(ox.NamedNode(ROOT))
    assert links(root, ROOT, FDP.metadataCatalog) == catalogues
    assert contained(root, ROOT) == {FDP.metadataCatalog: catalogues}


def test_a_catalogue_lists_what_its_node_lists_now(web: FlaskClient, sample: Sample) -> None:
    north = f"{ROOT}/catalog/north"
    said = graph(web, north)
    datasets = sorted(address(sample, name) for name in ("rare", "inf"))
    assert links(said, north, DCAT.dataset) == datasets  # and not the withdrawn one
    assert contained(said, north) == {
        DCAT.dataset: datasets,
        DCT.hasPart: [address(sample, "series", "series")],
        DCAT.service: [address(sample, "service", "service")],
    }
    assert links(said, north, DCT.isPartOf) == [ROOT]


def test_no_two_records_share_a_container(web: FlaskClient) -> None:
    containers = []
    for holder in (ROOT, f"{ROOT}/catalog/north", f"{ROOT}/catalog/south"):
        containers += [c.value for c in graph(web, holder).subjects(LDP.membershipResource, ox.NamedNode(holder))]
    assert len(set(containers)) == len(containers) == 5
    for container in containers:  # and each leads to the record that describes it
        answer = web.get(container.removeprefix(BASE))
        assert container.startswith(f"{BASE}{answer.headers['Location']}")


@pytest.mark.parametrize("record", [ROOT, f"{ROOT}/catalog/north"])
def test_root_and_catalogues_are_valid(web: FlaskClient, record: str) -> None:
    body = web.get(record.removeprefix(BASE)).data
    report = judge_document(Document(body, record, record, TURTLE), Validator(profile("fdp")))
    assert [finding.message for finding in report.findings if finding.severity == "violation"] == []


def test_dates_follow_what_happened_to_the_records(web: FlaskClient, sample: Sample) -> None:
    states = [s for s in sample.journal.since(0) if s.source == "north"]
    said = graph(web, f"{ROOT}/catalog/north")
    assert links(said, f"{ROOT}/catalog/north", FDP.metadataIssued) == [min(s.time for s in states).isoformat()]
    assert links(said, f"{ROOT}/catalog/north", FDP.metadataModified) == [max(s.time for s in states).isoformat()]
    assert links(graph(web, ROOT), ROOT, FDP.metadataModified) == [
        max(s.time for s in sample.journal.since(0)).isoformat()
    ]


# -- records -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["rare", "goe", "broken"])
def test_a_record_says_all_the_node_said_under_the_address_asked_for(
    web: FlaskClient, sample: Sample, name: str
) -> None:
    here, state = address(sample, name), sample.journal.current(sample.ids[name])
    assert state is not None
    said = graph(web, here)
    node = ox.NamedNode(here)
    assert DCAT.Dataset in said.types(node)
    assert links(said, here, OWL.sameAs) == [state.subject]
    delivered = state.graph().predicates(ox.NamedNode(state.subject))
    for predicate, values in delivered.items():
        found = list(said.values(node, predicate))
        if predicate not in {DCAT.distribution, DCAT.inSeries}:  # these have addresses here
            assert {str(v) for v in values if not isinstance(v, ox.BlankNode)} <= {str(v) for v in found}
        assert len(found) >= len(list(values))


def test_a_record_has_the_metadata_of_a_record_once(web: FlaskClient, sample: Sample) -> None:
    here = address(sample, "rare")
    said = graph(web, here)
    assert links(said, here, DCT.isPartOf) == [f"{ROOT}/catalog/north"]
    assert links(said, here, FDP.metadataIdentifier) == [f"{here}#identifier"]
    assert links(said, f"{here}#identifier", DCT.identifier) == [here]
    for dated in (FDP.metadataIssued, FDP.metadataModified):
        assert len(links(said, here, dated)) == 1


def test_a_relation_between_records_leads_to_the_other_record_here(web: FlaskClient, sample: Sample) -> None:
    assert links(graph(web, address(sample, "rare")), address(sample, "rare"), DCAT.inSeries) == [
        address(sample, "series", "series")
    ]


@pytest.mark.parametrize(("name", "title"), [("rare", "On request"), ("goe", "Table")])
def test_a_distribution_has_an_address_of_its_own(web: FlaskClient, sample: Sample, name: str, title: str) -> None:
    dataset = address(sample, name)
    (part,) = links(graph(web, dataset), dataset, DCAT.distribution)
    said = graph(web, part)
    assert links(said, part, DCT.title) == [title]
    assert links(said, part, DCT.isPartOf) == [dataset]
    assert ox.NamedNode(dataset) not in said  # what is said of the dataset is said there
    assert contained(graph(web, dataset), dataset) == {DCAT.distribution: [part]}


def test_what_a_distribution_leads_to_comes_with_it(web: FlaskClient, sample: Sample) -> None:
    dataset = address(sample, "goe")
    (part,) = links(graph(web, dataset), dataset, DCAT.distribution)
    (service,) = links(graph(web, part), part, DCAT.accessService)
    assert links(graph(web, part), service, DCAT.endpointURL) == ["https://goe.example.org/beacon"]


def test_a_withdrawn_record_is_gone_with_its_last_description(web: FlaskClient, sample: Sample) -> None:
    here = address(sample, "gone")
    assert links(graph(web, here, 410), here, DCT.isPartOf) == [f"{ROOT}/catalog/north"]
    path = here.removeprefix(BASE)
    again = web.get(path, headers={"If-None-Match": web.get(path).headers["ETag"]})
    assert (again.status_code, again.data) == (410, web.get(path).data)  # it is not "unchanged"


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/fdp/catalog/nowhere", 404, "There is no source named 'nowhere'. Registered: north, south."),
        ("/fdp/dataset/nothing", 404, "There is no record 'nothing' in this catalogue."),
        ("/fdp/distribution/nothing", 404, "There is no record 'nothing' in this catalogue."),
        ("/fdp/dataset/{series}", 404, "There is no dataset '{series}': it is a series."),
        ("/fdp/distribution/{rare}-abc", 404, "The record '{rare}' has no distribution 'abc' now."),
        ("/fdp?format=xml", 400, "format must be one of ttl, n3, jsonld, rdf, nt, not 'xml'."),
        ("/fdp/page/catalog?page=-1", 400, "page must be a whole number from 0, not '-1'."),
        ("/fdp/page/catalog?page=" + "9" * 5000, 400, "page must be a whole number from 0, not '" + "9" * 40 + "'."),
        ("/fdp/catalog/north/page/dataset?size=101", 400, "size must be a whole number from 1 to 100, not '101'."),
    ],
)
def test_a_program_is_told_what_is_wrong(web: FlaskClient, sample: Sample, path: str, status: int, detail: str) -> None:
    answer = web.get(path.format(**sample.ids), headers={"Accept": "*/*"})
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.get_json()["detail"] == detail.format(**sample.ids)


# -- forms -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "accept", "given"),
    [
        ("/fdp", "text/turtle, application/ld+json;q=0.8", "text/turtle; charset=utf-8"),
        ("/fdp", "application/ld+json, text/turtle;q=0.9", "application/ld+json"),
        ("/fdp?format=rdf", "text/turtle", "application/rdf+xml"),
        ("/fdp?format=n3", "*/*", "text/turtle; charset=utf-8"),
        ("/fdp", BROWSER["Accept"], "text/html; charset=utf-8"),
    ],
)
def test_the_form_is_what_is_asked_for(web: FlaskClient, asked: str, accept: str, given: str) -> None:
    answer = web.get(asked, headers={"Accept": accept})
    assert (answer.status_code, answer.content_type) == (200, given)
    assert "Accept" in answer.headers["Vary"]


def test_a_form_there_is_not_is_refused(web: FlaskClient) -> None:
    answer = web.get("/fdp", headers={"Accept": "image/png"})
    assert (answer.status_code, answer.get_json()["code"]) == (406, "not-acceptable")


def test_people_are_led_to_the_pages(web: FlaskClient, sample: Sample) -> None:
    rare = sample.ids["rare"]
    pages = {f"/fdp/dataset/{rare}": f"{BASE}/dataset/{rare}", "/fdp/catalog/north": "/node/north"}
    for path, page in pages.items():
        answer = web.get(path, headers=BROWSER)
        assert (answer.status_code, answer.headers["Location"]) == (303, page)


def test_the_start_page_leads_programs_that_want_rdf_to_the_root(web: FlaskClient) -> None:
    answer = web.get("/", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/fdp")
    for accept in ("*/*", BROWSER["Accept"], "application/json"):
        assert web.get("/", headers={"Accept": accept}).mimetype == "text/html"


def test_what_did_not_change_is_not_sent_again(web: FlaskClient, sample: Sample) -> None:
    for path in ("/fdp", "/fdp/catalog/north", f"/fdp/dataset/{sample.ids['rare']}", "/fdp/spec"):
        answer = web.get(path)
        again = web.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        if "Last-Modified" in answer.headers:
            later = web.get(path, headers={"If-Modified-Since": answer.headers["Last-Modified"]})
            assert (later.status_code, later.data) == (304, b"")
        else:
            assert path == "/fdp/spec"


# -- pages -------------------------------------------------------------------------------------------------------------


def test_pages_bring_every_member_in_full_and_end(web: FlaskClient, sample: Sample) -> None:
    place: str | None = "/fdp/catalog/south/page/dataset?page=0&size=2"
    said: set[ox.Triple] = set()
    numbers = []
    while place is not None:
        answer = web.get(place)
        said |= {quad.triple for quad in ox.parse(answer.data, format=ox.RdfFormat.TURTLE)}
        numbers.append(place.rpartition("?")[2])
        following = re.search(r'<([^>]+)>; rel="next"', answer.headers["Link"])
        place = following[1].removeprefix(BASE) if following else None
    assert numbers == ["page=0&size=2", "page=1&size=2"]
    assert 'page=1&size=2>; rel="last"' in answer.headers["Link"]
    for name in ("cancer", "goe", "broken"):
        alone = graph(web, address(sample, name))
        assert {apart(t, sample.ids[name]) for t in alone if _named(t)} <= said


def _named(triple: ox.Triple) -> bool:
    """Whether it has no blank node: their labels are the document's own."""
    return not isinstance(triple.subject, ox.BlankNode) and not isinstance(triple.object, ox.BlankNode)


def test_a_page_past_the_end_is_empty(web: FlaskClient) -> None:
    answer = web.get("/fdp/catalog/south/page/dataset?page=7&size=2")
    assert answer.status_code == 200
    assert list(ox.parse(answer.data, format=ox.RdfFormat.TURTLE)) == []
    assert 'rel="next"' not in answer.headers["Link"]


# -- as a whole --------------------------------------------------------------------------------------------------------


def test_our_harvester_reads_every_dataset_from_it(harvested: Callable[[str, str], Ledger], sample: Sample) -> None:
    found = harvested("/fdp", "fdp")
    listed = {address(sample, s.subject.rpartition("/")[2]) for s in sample.journal.heads(Kind.DATASET)}
    assert {event.record.subject for event in found.datasets(New)} == listed
    assert (found.complete, [p for p in found.problems if not p.remark]) == (True, [])
    others = {e.record.subject for e in found.of(New) if e.record.kind is Kind.SERVICE}
    assert address(sample, "service", "service") in others


def test_an_empty_catalogue_is_a_data_point_without_catalogues(bare: FlaskClient) -> None:
    root = graph(bare, ROOT)
    assert FDP.FAIRDataPoint in root.types(ox.NamedNode(ROOT))
    assert contained(root, ROOT) == {FDP.metadataCatalog: []}
    assert links(root, ROOT, FDP.metadataModified) == []  # nothing happened yet
    assert bare.get("/fdp/page/catalog").status_code == 200


def test_the_licence_is_the_one_that_was_set_or_none_is_claimed(web: FlaskClient, tmp_path: Path) -> None:
    (unsaid,) = links(graph(web, ROOT), ROOT, DCT.license)
    assert links(graph(web, ROOT), unsaid, RDF.type) == [DCT.LicenseDocument]
    licence = "http://publications.europa.eu/resource/authority/licence/CC0"
    made = full_sample(tmp_path)
    settings = read_settings(environment={}, flags={"data": tmp_path, "base_url": BASE, "licence": licence})
    other = create_app(made.catalogue, settings).test_client()
    for path, subject in (
        ("/fdp", ROOT),
        ("/fdp/catalog/north", f"{ROOT}/catalog/north"),
        ("/catalog", f"{BASE}/catalog"),
    ):
        assert links(graph(other, path), subject, DCT.license) == [licence]
    made.index.close()
    made.journal.close()
