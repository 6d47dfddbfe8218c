"""A basket over three countries of the demonstration network, opened in its application system."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from catalogue.access.asking import SystemCheck
from catalogue.assemble import House, open_house
from catalogue.dac.importing import read_committees
from catalogue.desk import Desk
from catalogue.settings import read_settings
from ui.app import create_app
from ui.demo.network import network
from ui.demo.plan import committees, read_plans
from ui.demo.rems import application_system, led_to

NODES = ("fi", "nl", "ee")
DATASETS = ("GDI-FI-NUH-1", "GDI-FI-NUH-2", "GDI-FI-NUH-6", "GDI-NL-UMCP-1", "GDI-EE-BB-1", "GDI-EE-BB-2")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = read_settings(
        environment={}, flags={"data": tmp_path_factory.mktemp("demo"), "harvest_retries": 0, "sparql_workers": 1}
    )
    plans = read_plans(NODES)
    with network(plans) as running, application_system(plans) as system, open_house(settings) as house:
        read = read_committees(committees(), "toml", name="committees.toml").committees
        house.journal.put_committees(led_to(read, system), "demo")
        for node in running:
            house.journal.add_source(node.source)
            house.harvest(node.source)
        house.settle()
        desk = Desk(house.catalogue, settings.data)
        assert desk.systems() == (system,)
        SystemCheck(house.door, desk.kept).ask(system, allow_private=True)
        yield house


@pytest.fixture(scope="module")
def web(demonstration: House) -> FlaskClient:
    return create_app(demonstration.catalogue, demonstration.settings).test_client()


def opened(address: str, cookie: str = "") -> tuple[int, str]:
    """Open a link as a browser does that keeps cookies; the last status and text."""
    for _ in range(6):
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.netloc)
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"Cookie": cookie})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        cookie = answer.headers.get("Set-Cookie", cookie).partition(";")[0]
        if answer.status != 302:
            return answer.status, body
        address = f"http://{parts.netloc}{answer.headers['Location']}"
    return 0, "round in a circle"


def test_three_countries_are_three_applications_that_open(web: FlaskClient) -> None:
    said = web.get("/api/v1/basket?" + "&".join(f"d={name}" for name in DATASETS)).get_json()
    groups = said["groups"]
    assert [(g["countries"], g["workflow"], len(g["datasets"])) for g in groups] == [
        (["FI"], "1", 3),
        (["NL"], "2", 1),
        (["EE"], "3", 2),
    ]
    assert [g["bodies"][0]["id"] for g in groups] == ["fi-gdi-dac", "nl-umcp-dac", "ee-biobank-dac"]
    assert [g["bodies"][0]["status"] for g in groups] == ["published", "rule", "rule"]
    for group, titles in zip(groups, (["RYR1", "myasthenic"], ["retinal"], ["genotypes", "genomes"]), strict=True):
        (link,) = group["links"]
        status, body = opened(link["address"])
        assert (status, "Draft application" in body) == (200, True)
        assert [title for title in titles if title not in body] == []


def test_a_closed_form_is_told_and_left_out(web: FlaskClient) -> None:
    said = web.get("/api/v1/basket?d=GDI-FI-NUH-1&d=GDI-FI-NUH-6").get_json()
    (group,) = said["groups"]
    assert [each["check"]["standing"] for each in group["datasets"]] == ["open", "closed"]
    assert "GDI-FI-NUH-6" not in group["links"][0]["address"]
    base = group["system"]
    assert opened(f"{base}/apply-for?resource=GDI-FI-NUH-6") == (404, "Resource not found")


def test_one_link_over_two_committees_would_be_refused(web: FlaskClient) -> None:
    base = web.get("/api/v1/basket?d=GDI-FI-NUH-1").get_json()["groups"][0]["system"]
    answer = opened(f"{base}/apply-for?resource=GDI-FI-NUH-1&resource=GDI-EE-BB-1")
    assert answer == (400, "Unbundlable catalogue items: workflows don't match")


def test_routes_are_asked_in_sparql_as_the_api_gives_them(web: FlaskClient, demonstration: House) -> None:
    query = """
    PREFIX gdix: <https://w3id.org/gdi-catalogue/ns#>
    SELECT ?resource ?kind ?apply WHERE {
      ?dataset gdix:accessRoute ?route . ?route gdix:rank 1 ; gdix:routeKind ?kind ; gdix:applyAt ?apply ;
        gdix:resourceId ?resource .
    }"""
    rows = json.loads(web.get("/sparql", query_string={"query": query}).data)["results"]["bindings"]
    asked = {row["resource"]["value"]: (row["kind"]["value"], row["apply"]["value"]) for row in rows}
    for name in DATASETS:
        key = demonstration.catalogue.resolve(name)
        first = web.get(f"/api/v1/datasets/{key}").get_json()["routes"][0]
        assert asked[name] == (first["kind"], first["address"])


def test_the_login_of_the_demonstration_leads_nowhere_else(web: FlaskClient) -> None:
    base = web.get("/api/v1/basket?d=GDI-FI-NUH-1").get_json()["groups"][0]["system"]
    parts = urlsplit(base)
    for target in ("https://evil.example/", "//evil.example/", "/rems/x%0d%0aX-Evil:%201"):
        connection = http.client.HTTPConnection(parts.netloc)
        connection.request("GET", f"{parts.path}/login?redirect={target}")
        answer = connection.getresponse()
        assert answer.headers["Location"] == "/rems/catalogue"
        assert answer.headers["X-Evil"] is None
        connection.close()
