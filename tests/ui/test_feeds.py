"""What others harvest and subscribe to: the DCAT-AP catalogue page by page, sitemap, robots, Atom, schema.org."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from sample_catalogue import BASE, GONE, START, Sample, full_sample

from shapes.cut import cut
from shapes.parse import Document, read
from shapes.record import Kind, Record
from ui import feeds
from ui.app import create_app

HYDRA = "http://www.w3.org/ns/hydra/core#"
ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def by_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two datasets."""
    monkeypatch.setattr(feeds, "PAGE", 2)


def tree(answer: bytes) -> ET.Element:
    return ET.fromstring(answer)  # noqa: S314 - what we wrote ourselves


def path_of(address: str) -> str:
    assert address.startswith(BASE)
    return address.removeprefix(BASE)


def pages(web: FlaskClient, start: str, link: str) -> Iterator[bytes]:
    """Follow the controls from page to page, as a harvester does."""
    place: str | None = start
    while place is not None:
        body = web.get(place, headers={"Accept": "text/turtle"}).data
        yield body
        following = re.search(rf"<{re.escape(HYDRA + link)}> <([^>]+)>", flat(body))
        place = path_of(following.group(1)) if following else None


def flat(turtle: bytes) -> str:
    return "\n".join(f"{quad.triple} ." for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE))


@pytest.mark.usefixtures("by_two")
@pytest.mark.parametrize("link", ["next", "nextPage"])
def test_both_spellings_of_hydra_lead_through_every_page(web: FlaskClient, sample: Sample, link: str) -> None:
    read_pages = list(pages(web, "/catalog", link))
    assert len(read_pages) == 3
    listed = {s.subject for s in sample.journal.heads(Kind.DATASET)}
    found = re.findall(r"<http://www.w3.org/ns/dcat#dataset> <([^>]+)>", "".join(map(flat, read_pages)))
    assert sorted(found) == sorted(listed)


@pytest.mark.usefixtures("by_two")
def test_what_we_publish_cuts_into_the_records_we_list(web: FlaskClient, sample: Sample) -> None:
    quads = []
    for number, body in enumerate(pages(web, "/catalog.ttl", "next")):
        quads += read(Document(body, f"page {number}", BASE))
    records = [item for item in cut(quads) if isinstance(item, Record)]
    listed = {s.subject: s.graph() for s in sample.journal.heads(Kind.DATASET)}
    harvested = {record.subject: record.graph() for record in records if record.kind is Kind.DATASET}
    assert set(harvested) == set(listed)
    own = ox.NamedNode("https://node.example.org/rare")
    delivered = listed[own.value].predicates(own)
    assert {name: len(list(values)) for name, values in delivered.items()}.items() <= {
        name: len(list(values)) for name, values in harvested[own.value].predicates(own).items()
    }.items()


def test_the_catalogue_names_itself(web: FlaskClient) -> None:
    lines = flat(web.get("/catalog.ttl").data)
    own = f"<{BASE}/catalog>"
    assert f"{own} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Catalog>" in lines
    assert f'{own} <http://purl.org/dc/terms/title> "Test catalogue"@en' in lines
    assert f"{own} <http://purl.org/dc/terms/publisher> <{BASE}/about#publisher>" in lines


def test_a_page_that_is_not_there_is_said(web: FlaskClient) -> None:
    answer = web.get("/catalog.ttl?page=9")
    assert (answer.status_code, answer.json["detail"]) == (404, "The catalogue has 1 pages, so there is no page 9.")
    assert web.get("/catalog.ttl?page=x").status_code == 400


def test_only_what_changed_and_what_was_withdrawn(web: FlaskClient, sample: Sample) -> None:
    since = (START + timedelta(minutes=12)).isoformat()
    lines = flat(web.get("/catalog.ttl", query_string={"modified_since": since}).data)
    found = set(re.findall(r"<http://www.w3.org/ns/dcat#dataset> <[^>]*/(\w+)>", lines))
    late = {s.subject.rpartition("/")[2] for s in sample.journal.heads(Kind.DATASET) if s.time.isoformat() >= since}
    assert found == late
    assert 0 < len(found) < 5
    everything = flat(web.get("/catalog.ttl?modified_since=2026-01-01").data)
    record = f"<{BASE}/record/{sample.ids['gone']}#record>"
    assert f"{record} <http://www.w3.org/ns/adms#status>" in everything
    assert "Pilot cohort" not in everything
    assert web.get("/catalog.ttl?modified_since=lately").json["detail"].startswith("modified_since must be a date")


def test_a_catalogue_that_did_not_change_is_304(web: FlaskClient) -> None:
    first = web.get("/catalog.ttl")
    assert web.get("/catalog.ttl", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_an_empty_catalogue_is_a_catalogue(bare: FlaskClient) -> None:
    answer = bare.get("/catalog.ttl")
    assert answer.status_code == 200
    assert "http://www.w3.org/ns/dcat#Catalog" in flat(answer.data)
    assert tree(bare.get("/feed.atom").data).findall(f"{ATOM}entry") == []


def test_the_sitemap_has_every_dataset(web: FlaskClient, sample: Sample) -> None:
    found = tree(web.get("/sitemap.xml").data)
    places = [place.text for place in found.iter(f"{SITE}loc")]
    for state in sample.journal.heads(Kind.DATASET):
        assert f"{BASE}/dataset/{state.id}" in places
    assert f"{BASE}/dataset/{sample.ids['gone']}" not in places
    assert "Sitemap: https://catalogue.example.org/sitemap.xml" in web.get("/robots.txt").get_data(as_text=True)


def test_a_large_sitemap_is_split(web: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {e.text for e in tree(web.get("/sitemap.xml").data).iter(f"{SITE}loc")}
    monkeypatch.setattr(feeds, "SITEMAP", 12)
    monkeypatch.setattr(feeds, "_OWN_PAGES", ("/", *(f"/p{n}" for n in range(8))))
    index = tree(web.get("/sitemap.xml").data)
    parts = [path_of(str(place.text)) for place in index.iter(f"{SITE}loc")]
    assert len(parts) == 2
    split = [e.text for part in parts for e in tree(web.get(part).data).iter(f"{SITE}loc")]
    assert {place for place in whole if "/dataset/" in str(place)} <= set(split)
    assert len(split) == len(set(split))
    assert web.get("/sitemap.xml?part=3").status_code == 404


def test_a_search_is_a_feed(web: FlaskClient, sample: Sample) -> None:
    answer = web.get("/feed.atom?q=genomes&country=NL")
    assert answer.mimetype == "application/atom+xml"
    feed = tree(answer.data)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 2
    assert f"{BASE}/dataset/{sample.ids['rare']}" in {e.findtext(f"{ATOM}id") for e in entries}
    self_link = next(e for e in feed.findall(f"{ATOM}link") if e.get("rel") == "self")
    assert self_link.get("href") == f"{BASE}/feed.atom?q=genomes&country=NL"
    assert feed.findtext(f"{ATOM}title") == "Test catalogue: genomes; country: NL"


def block(page: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    data = json.loads(found)
    assert isinstance(data, dict)
    return data


def test_search_engines_read_schema_org(web: FlaskClient, sample: Sample, browser: dict[str, str]) -> None:
    page = web.get(f"/dataset/{sample.ids['goe']}", headers=browser).get_data(as_text=True)
    said = block(page)
    assert said["@type"] == "Dataset"
    assert said["name"] == "Genome of Europe: allele frequencies"
    assert said["url"] == f"{BASE}/dataset/{sample.ids['goe']}"
    assert said["license"] == "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"
    assert said["isAccessibleForFree"] is True
    assert said["distribution"]["contentSize"] == "52.4 MB"
    assert said["publisher"]["name"] == "Genome of Europe office"
    rare = block(web.get(f"/dataset/{sample.ids['rare']}", headers=browser).get_data(as_text=True))
    assert rare["temporalCoverage"] == "2015-01-01/2022-12-31"
    assert rare["conditionsOfAccess"].endswith("Decides on access: Data Access Committee North.")
    assert "alert" not in rare["description"]


def test_no_literal_ends_the_data_block(web: FlaskClient, sample: Sample, browser: dict[str, str]) -> None:
    page = web.get(f"/dataset/{sample.ids['broken']}", headers=browser).get_data(as_text=True)
    assert "<" not in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0]
    assert block(page)["name"] == '"Broken" &'


def test_a_restored_record_is_listed_again(tmp_path: Path) -> None:
    sample = full_sample(tmp_path)
    web = create_app(sample.catalogue, sample.settings).test_client()
    key = sample.ids["gone"]
    assert web.get(f"/dataset/{key}").status_code == 410
    sample.add("north", Kind.DATASET, GONE.replace("last words", "new words"))
    sample.settle()
    assert web.get(f"/dataset/{key}").status_code == 200
    told = web.get(f"/dataset/{key}/history").get_data(as_text=True)
    assert told.count('<li class="panel">') == 3
    assert "The new words about it." in told
    sample.index.close()
    sample.journal.close()
