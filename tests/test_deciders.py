"""Of every dataset, who decides and how that is known: the same on its page, in the API and in SPARQL.

Over the demonstration network and over the real Belgian catalogues, of whose records none names a committee.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from catalogue.assemble import House, open_house
from catalogue.dac.importing import read_committees
from catalogue.settings import read_settings
from catalogue.store.port import SparqlQuery
from harvester.source import Source
from ui.app import create_app
from ui.demo.network import network
from ui.demo.plan import committees, read_plans

ANSWERS = """
SELECT ?dataset ?status ?method ?evidence ?confidence WHERE {
  ?dataset a dcat:Dataset ; gdix:decisionStatus ?status ; gdix:decisionMethod ?method ;
    gdix:decisionEvidence ?evidence ; gdix:decisionConfidence ?confidence . }"""
FIELDS = ("status", "method", "evidence")
BELGIAN = ("node-a-sciensano-2025-04-13.ttl", "node-b-health-authorities-2025-04-13.rdf")


def opened(folder: Path) -> Iterator[House]:
    flags = {"data": folder, "harvest_retries": 0, "sparql_workers": 1}
    with open_house(read_settings(environment={}, flags=flags)) as house:
        yield house


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    for house in opened(tmp_path_factory.mktemp("demonstration")):
        house.journal.put_committees(read_committees(committees(), "toml").committees, "demo")
        with network(read_plans()) as running:
            for node in running:
                house.journal.add_source(node.source)
                house.harvest(node.source)
        house.settle()
        yield house


@pytest.fixture(scope="module")
def belgium(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    for house in opened(tmp_path_factory.mktemp("belgium")):
        for name in BELGIAN:
            file = shared_data / "real-be-health" / name
            house.journal.add_source(Source(name[:6], file.as_uri(), country="BE"))
            house.harvest(house.journal.source(name[:6]))
        house.settle()
        yield house


def in_sparql(house: House) -> dict[str, dict[str, str]]:
    body = house.catalogue.sparql(SparqlQuery(ANSWERS)).body
    rows = json.loads(body)["results"]["bindings"]
    return {row["dataset"]["value"]: {name: row[name]["value"] for name in FIELDS} for row in rows}


def in_api(web: FlaskClient) -> dict[str, dict[str, str]]:
    hits = web.get("/api/v1/datasets?size=1000").json["hits"]
    return {hit["iri"]: {name: hit["decider"][name] for name in FIELDS} for hit in hits}


def browser(house: House) -> FlaskClient:
    return create_app(house.catalogue, house.settings).test_client()


def check_pages(web: FlaskClient, most: int) -> None:
    for hit in web.get(f"/api/v1/datasets?size={most}").json["hits"]:
        page = unescape(web.get(f"/dataset/{hit['id']}", headers={"Accept": "text/html"}).get_data(as_text=True))
        assert hit["decider"]["evidence"] in page, hit["id"]
        record = web.get(f"/api/v1/datasets/{hit['id']}").json
        assert {name: record["decider"][name] for name in FIELDS} == hit["decider"]


def test_in_the_demonstration_every_door_gives_one_answer(demonstration: House) -> None:
    web = browser(demonstration)
    said = in_api(web)
    assert len(said) == 36
    assert in_sparql(demonstration) == said
    assert {answer["status"] for answer in said.values()} == {"published", "rule", "stand-in", "none"}
    assert all(answer["evidence"] for answer in said.values())
    check_pages(web, 36)


def test_what_no_body_decides_on_is_the_same_in_worklist_search_and_sparql(demonstration: House) -> None:
    web = browser(demonstration)
    said = Counter(answer["method"] for answer in in_api(web).values())
    works = web.get("/api/v1/worklist").json
    assert works["total"] == said["none"] + said["hdab-stand-in"]
    assert sum(work["open"] for work in works["items"]) == said["open-data"] > 0
    assert web.get("/api/v1/datasets?decider=none&decider=stand-in").json["total"] == works["total"]
    assert web.get("/api/v1/datasets?decider=open").json["total"] == said["open-data"]


def test_of_the_real_catalogues_nothing_is_published_and_every_door_says_so(belgium: House) -> None:
    web = browser(belgium)
    said = in_api(web)
    assert in_sparql(belgium) == said
    assert "published" not in {answer["status"] for answer in said.values()}
    check_pages(web, 15)


def test_a_new_entry_of_the_registry_changes_the_datasets_it_governs_and_no_others(belgium: House) -> None:
    web = browser(belgium)
    before = in_api(web)
    hit = next(hit for hit in web.get("/api/v1/datasets?size=50&sort=title").json["hits"])
    (identifier, *_) = web.get(f"/api/v1/datasets/{hit['id']}").json["identifiers"]
    entry = json.dumps([{"id": "new-dac", "name": "New DAC", "country": "BE", "governs": [identifier]}])
    belgium.journal.put_committees(read_committees(entry.encode(), "json").committees, "new.json")
    belgium.settle()
    after = in_api(web)
    assert {iri for iri in after if after[iri] != before[iri]} == {hit["iri"]}
    assert after[hit["iri"]]["method"] == "identifier"
    assert in_sparql(belgium) == after
    assert web.get("/api/v1/dacs/new-dac").json["datasets"] == 1
    assert [each["id"] for each in web.get("/api/v1/datasets?dac=new-dac").json["hits"]] == [hit["id"]]
    page = unescape(web.get(f"/dataset/{hit['id']}", headers={"Accept": "text/html"}).get_data(as_text=True))
    assert "New DAC" in page
