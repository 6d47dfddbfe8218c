"""The house without the server of its RDF store: pages and search work, SPARQL says so in words, and it comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from nodes.samples import BASE as NODE
from nodes.samples import PREFIXES
from sparql_server import Answer, SparqlServer, sparql_server

from catalogue.assemble import House, open_house
from catalogue.behind import ProjectionsBehind
from catalogue.settings import read_settings
from harvester.source import Source
from ui.app import create_app

WORDS = (
    "The server that holds the graph of this catalogue does not answer now, so that queries are not answered. It is "
    "being tried again. Searching, the pages of datasets and nodes, their RDF and the catalogue for harvesters work."
)
COUNT = "SELECT (COUNT(*) AS ?n) { ?d a dcat:Dataset }"


@pytest.fixture
def server() -> Iterator[SparqlServer]:
    with sparql_server() as made:
        yield made


@pytest.fixture
def house(server: SparqlServer, tmp_path: Path) -> Iterator[House]:
    file = tmp_path / "catalogue.ttl"
    file.write_text(PREFIXES + f'<{NODE}a> a dcat:Dataset ; dct:title "A cohort"@en ; dct:identifier "a" .', "utf-8")
    flags = {"data": tmp_path / "data", "profile": "gdi-core", "store": server.address, "store_timeout": 30.0}
    with open_house(read_settings(environment={}, flags=flags)) as made:
        made.journal.add_source(Source("north", str(file)))
        made.harvest(made.journal.source("north"))
        made.settle()
        yield made


@pytest.fixture
def client(house: House) -> FlaskClient:
    return create_app(house.catalogue, house.settings).test_client()


def counted(client: FlaskClient) -> str:
    answer = client.get("/sparql", query_string={"query": COUNT}, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return str(json.loads(answer.data)["results"]["bindings"][0]["n"]["value"])


def test_it_is_the_same_catalogue(house: House, client: FlaskClient, server: SparqlServer) -> None:
    assert counted(client) == "1"
    assert house.diagnose().consistent
    assert json.loads(client.get("/ready").data)["consistent"] is True
    page = client.get("/sparql", headers={"Accept": "text/html"}).text
    assert "gdix:median" not in page
    assert "Which node said what, in which run?" in page
    assert "extensionAggregate" not in client.get("/sparql", headers={"Accept": "text/turtle"}).text
    server.store.update(f"DROP GRAPH <{house.settings.base_url}/graph/delivered/{house.journal.resolve('a')}>")
    assert house.diagnose().drifts["store"].missing == (house.journal.resolve("a"),)
    assert house.diagnose(repair=True).consistent


def test_without_it_everything_else_works_and_the_world_hears_no_addresses(
    house: House, client: FlaskClient, server: SparqlServer, tmp_path: Path
) -> None:
    server.fault = lambda _: Answer(503, b"internal words")
    record = house.journal.resolve("a")
    for path in (
        "/",
        "/datasets?q=cohort",
        f"/dataset/{record}",
        f"/dataset/{record}.ttl",
        "/node/north",
        "/catalog.ttl",
    ):
        assert client.get(path, headers={"Accept": "text/html"}).status_code == 200, path
    answer = client.get("/sparql", query_string={"query": COUNT}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.headers["Retry-After"], answer.json["detail"]) == (503, "30", WORDS)
    page = client.get("/sparql", query_string={"query": COUNT}, headers={"Accept": "text/html"})
    assert (page.status_code, WORDS in page.text) == (503, True)
    for told in (answer.text, page.text):
        assert server.address not in told
        assert "internal words" not in told

    ready = client.get("/ready")
    (trouble,) = ready.json["troubles"]
    assert (ready.status_code, trouble["part"], trouble["url"]) == (503, "store", server.address)

    file = tmp_path / "catalogue.ttl"
    file.write_text(
        file.read_text("utf-8") + f'<{NODE}b> a dcat:Dataset ; dct:title "B"@en ; dct:identifier "b" .', "utf-8"
    )
    assert house.harvest(house.journal.source("north")).new == 1
    with pytest.raises(ProjectionsBehind) as behind:
        house.settle()
    assert [each.part for each in behind.value.troubles] == ["store"]
    assert client.get("/datasets?q=B", headers={"Accept": "text/html"}).status_code == 200

    server.fault = lambda _: None
    house.settle()
    flags = {"data": house.settings.data, "profile": "gdi-core", "store": server.address}
    with open_house(read_settings(environment={}, flags=flags)) as again:
        assert counted(create_app(again.catalogue, again.settings).test_client()) == "2"
        assert again.diagnose().consistent
