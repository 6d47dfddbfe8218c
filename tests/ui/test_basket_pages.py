"""The basket as people and programs meet it: in the address, on cards and pages, as files to take away."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from sample_catalogue import BASE, Sample

from catalogue.access.basket import MOST
from catalogue.access.kept import KeptReadings
from catalogue.access.reading import Reading
from catalogue.pack.application import HEADINGS
from harvester.rems import RemsAnswer, RemsItem
from ui.app import create_app
from ui.openapi import document
from ui.schemas import SCHEMAS

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
GDIX = "https://w3id.org/gdi-catalogue/ns#"


def asked(sample: Sample, *names: str) -> str:
    return "&".join(f"d={sample.ids.get(name, name)}" for name in names)


def page(web: FlaskClient, path: str, browser: dict[str, str], status: int = 200) -> str:
    answer = web.get(path, headers=browser)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


# Putting in and taking out ----------------------------------------------------------------------------------------


def test_a_card_puts_its_dataset_into_what_the_address_holds(
    web: FlaskClient, sample: Sample, browser: dict[str, str]
) -> None:
    rare, cancer = sample.ids["rare"], sample.ids["cancer"]
    text = page(web, f"/datasets?q=cancer&d={rare}", browser)
    assert f'href="/basket?d={rare}&amp;d={cancer}" data-basket-toggle="{cancer}"' in text
    assert "d was not understood" not in words(text)


def test_every_link_and_form_of_a_page_carries_the_basket(
    web: FlaskClient, sample: Sample, browser: dict[str, str]
) -> None:
    rare = sample.ids["rare"]
    text = page(web, f"/datasets?d={rare}", browser)
    assert f'href="/nodes?d={rare}"' in text
    assert f'href="/dataset/{sample.ids["cancer"]}?d={rare}"' in text
    forms = re.findall(r"<form.*?</form>", text, re.DOTALL)
    assert forms
    assert [f'name="d" value="{rare}"' in form for form in forms] == [True] * len(forms)
    assert f'href="/static/base.css?d={rare}' not in text


def test_a_dataset_that_is_in_can_be_taken_out_where_it_was_put_in(
    web: FlaskClient, sample: Sample, browser: dict[str, str]
) -> None:
    rare, cancer = sample.ids["rare"], sample.ids["cancer"]
    text = page(web, f"/dataset/{rare}?d={rare}&d={cancer}", browser)
    assert f'href="/basket?d={cancer}" data-basket-toggle="{rare}"' in text
    assert "Remove from basket" in words(text)


def test_a_series_cannot_be_put_in(web: FlaskClient, sample: Sample, browser: dict[str, str]) -> None:
    assert "data-basket-toggle" not in page(web, f"/dataset/{sample.ids['series']}", browser)


def test_the_form_without_anything_in_it_leads_back_to_the_basket(web: FlaskClient, browser: dict[str, str]) -> None:
    answer = web.get("/basket?d=a&d=&d=b", headers=browser)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/basket?d=a&d=b")


def test_an_empty_basket_says_how_to_fill_it(web: FlaskClient, browser: dict[str, str]) -> None:
    assert "Nothing is in it." in words(page(web, "/basket", browser))


def test_more_than_fits_is_refused_with_the_bound(web: FlaskClient, browser: dict[str, str]) -> None:
    path = "/basket?" + "&".join(f"d=x{number}" for number in range(MOST + 3))
    assert "A basket holds at most 50 datasets; this one has 53." in page(web, path, browser, 400)
    answer = web.get(path.replace("/basket", "/api/v1/basket"))
    assert (answer.status_code, answer.get_json()["code"]) == (400, "basket-full")


# The page -----------------------------------------------------------------------------------------------------------


def test_groups_say_who_decides_and_how_that_is_known(
    web: FlaskClient, sample: Sample, browser: dict[str, str]
) -> None:
    text = words(page(web, f"/basket?{asked(sample, 'rare', 'inf', 'cancer', 'goe')}", browser))
    assert "4 datasets of Italy, Netherlands. There are 4 things to do." in text
    assert "Data Access Committee North Stated by the node" in text
    assert "Health Data Access Body Stand-in Only a Health Data Access Body is named" in text
    assert "No deciding body published by Node South" in text
    assert "How to apply is not published by Node North" in text
    assert "Open data: get them here" in text


def test_what_is_withdrawn_or_unknown_is_said_and_can_be_removed(
    web: FlaskClient, sample: Sample, browser: dict[str, str]
) -> None:
    rare = sample.ids["rare"]
    text = page(web, f"/basket?{asked(sample, 'rare', 'gone', 'no-such-thing')}", browser)
    assert "Pilot cohort, now closed : This dataset was withdrawn." in words(text)
    assert "no-such-thing : There is no record of this name in this catalogue." in words(text)
    assert f'href="/basket?d={rare}&amp;d={sample.ids["gone"]}" data-basket-remove="no-such-thing"' in text


def test_a_name_of_the_node_leads_to_the_same_dataset_once(
    web: FlaskClient, sample: Sample, browser: dict[str, str]
) -> None:
    text = words(page(web, f"/basket?d=RD-001&{asked(sample, 'rare')}", browser))
    assert "1 dataset of Netherlands" in text


def test_titles_of_strangers_do_no_harm(web: FlaskClient, sample: Sample, browser: dict[str, str]) -> None:
    for path in ("/basket", "/basket/pack"):
        text = page(web, f"{path}?{asked(sample, 'broken')}&d=%3Cscript%3Ealert(9)%3C/script%3E", browser)
        assert "alert(9)</script>" not in text.replace("&lt;/script", "")
        assert "<script>bad()" not in text
        assert "onerror=alert(1)>" not in text
        assert 'href="javascript:' not in text


def test_a_page_of_a_dataset_says_how_one_applies(web: FlaskClient, sample: Sample, browser: dict[str, str]) -> None:
    text = words(page(web, f"/dataset/{sample.ids['rare']}", browser))
    assert "Apply by European Genome-phenome Archive (EGA) at ega-archive.org" in text
    assert "(by rule: an identifier of the dataset)" in text


@pytest.fixture
def checked(sample: Sample, tmp_path: Path) -> FlaskClient:
    """The application over a data folder of its own, in which a REMS has told something."""
    settings = type(sample.settings)(
        **{name: getattr(sample.settings, name) for name in sample.settings.__slots__} | {"data": tmp_path}
    )
    return create_app(sample.catalogue, settings).test_client()


def test_a_closed_form_is_said_on_the_page_of_its_dataset(
    checked: FlaskClient, sample: Sample, tmp_path: Path, browser: dict[str, str]
) -> None:
    system = "https://rems.north.example"
    key = sample.add("north", sample.catalogue.state(sample.ids["rare"]).kind, APPLIED.format(system))
    items = (RemsItem(4, "R-4", workflow=2, form=1, enabled=False, archived=False, expired=False),)
    answer = RemsAnswer(system, cart=True, duo=False, languages=("en",), items=items)
    KeptReadings(tmp_path / "access").keep(Reading(system, NOW, answer, NOW))
    text = words(page(checked, f"/dataset/{key}", browser))
    assert "Form closed The application form is closed. asked 1 May 2026, 03:00 UTC" in text
    said = checked.get(f"/api/v1/datasets/{key}").get_json()
    assert (said["check"]["standing"], said["routes"][0]["resources"][0]) == ("closed", "R-4")
    basket = words(page(checked, f"/basket?d={key}", browser))
    assert "None of them takes an application now. Ask the body named above." in basket


APPLIED = """
n:applied a dcat:Dataset ; dct:title "Behind an application system"@en ; dct:identifier "AP-1" ;
  dct:accessRights ar:NON_PUBLIC ;
  prov:qualifiedAttribution [ prov:agent n:dac ; dcat:hadRole gdix:DataAccessCommittee ] ;
  dcat:distribution [ a dcat:Distribution ; dcat:accessURL <{0}/apply-for?resource=R-4> ] .
n:dac foaf:name "Data Access Committee North"@en .
"""


# For programs -------------------------------------------------------------------------------------------------------


def test_the_api_gives_groups_links_and_what_is_missing(web: FlaskClient, sample: Sample) -> None:
    said = web.get(f"/api/v1/basket?{asked(sample, 'rare', 'goe', 'nothing')}").get_json()
    rare, goe = sample.ids["rare"], sample.ids["goe"]
    assert (said["total"], said["countries"]) == (2, ["IT", "NL"])
    assert said["address"] == f"{BASE}/basket?d={rare}&d={goe}&d=nothing"
    (ega, opened) = said["groups"]
    assert (ega["task"], ega["kind"], ega["bodies"][0]["status"]) == ("apply", "ega", "published")
    assert [link["act"] for link in ega["links"]] == ["dataset-page", "committee-page"]
    assert [each["code"] for each in ega["conditions"]["common"]] == ["DUO:0000007", "DUO:0000021"]
    assert (opened["task"], opened["bodies"], opened["links"][0]["address"]) == (
        "download",
        [],
        "https://goe.example.org/af.tsv.gz",
    )
    assert said["absent"] == [{"id": "nothing", "why": "unknown", "titles": []}]


def test_the_answer_has_what_its_description_promises(web: FlaskClient, sample: Sample) -> None:
    said = web.get(f"/api/v1/basket?{asked(sample, 'rare')}").get_json()
    promised = SCHEMAS["Basket"]
    assert set(promised["required"]) <= said.keys()
    assert set(promised["properties"]["groups"]["items"]["required"]) <= said["groups"][0].keys()
    route = web.get(f"/api/v1/datasets/{sample.ids['rare']}").get_json()["routes"][0]
    assert set(SCHEMAS["Route"]["required"]) <= route.keys()
    described = web.get("/api/v1/openapi.json").get_json()["paths"]["/basket"]["get"]
    assert described["parameters"][0]["explode"] is True
    assert document is not None


def test_linked_data_name_every_dataset_with_what_a_request_needs(web: FlaskClient, sample: Sample) -> None:
    answer = web.get(f"/basket.jsonld?{asked(sample, 'rare', 'inf')}")
    assert answer.mimetype == "application/ld+json"
    said = json.loads(answer.data)
    assert said["@type"] == "gdix:Basket"
    quads = list(ox.parse(answer.data, format=ox.RdfFormat.JSON_LD))
    node = ox.NamedNode("https://node.example.org/rare")
    about = {q.predicate.value.rpartition("/")[2]: q.object for q in quads if q.subject == node}
    assert about["identifier"] == ox.Literal("RD-001")
    assert {"title", "health#hdab", "dcat#distribution", "spatial"} <= about.keys()
    applications = {q.subject for q in quads if q.object == ox.NamedNode(f"{GDIX}Application")}
    assert len(applications) == 2
    deciding = {q.object.value for q in quads if q.predicate.value == f"{GDIX}decidedBy"}
    standing = {q.object.value for q in quads if q.predicate.value == f"{GDIX}accessBody"}
    assert deciding == {f"{BASE}/dac/EGAC00000000001"}
    assert len(standing) == 1
    assert not deciding & standing


# The pack -----------------------------------------------------------------------------------------------------------


def test_the_pack_has_every_heading_of_the_law_and_the_data_filled_in(
    web: FlaskClient, sample: Sample, browser: dict[str, str]
) -> None:
    text = page(web, f"/basket/pack?{asked(sample, 'rare', 'gone')}", browser)
    said = words(text)
    assert [f"({heading.point}) {heading.title}" in said for heading in HEADINGS] == [True] * 11
    assert "".join(heading.point for heading in HEADINGS) == "abcdefghijk"
    assert text.count("<textarea") == 10
    assert "applies from 26 March 2029 , to genomic data (Article 51(1), point (f)) from 26 March 2031 ." in said
    assert "RD-001, EGAD00000000001" in said
    assert "1 January 2015 to 31 December 2022" in said
    assert "University Medical Centre North" in said
    assert "Netherlands; Children and their parents, referred between 2015 and 2022." in said
    assert "4 812 individuals" in said.replace("\u202f", " ")
    assert "Not in this document: Pilot cohort, now closed (This dataset was withdrawn." in said


def test_the_pack_needs_nothing_but_its_own_style(web: FlaskClient, sample: Sample, browser: dict[str, str]) -> None:
    text = page(web, f"/basket/pack?{asked(sample, 'rare')}", browser)
    assert re.findall(r'(?:src|href)="/static/([\w.]+)', text) == ["pack.css"]
    assert "<style" not in text
    assert "<script" not in text


@pytest.fixture
def crate(web: FlaskClient, sample: Sample) -> zipfile.ZipFile:
    answer = web.get(f"/basket/ro-crate.zip?{asked(sample, 'rare', 'inf', 'goe')}")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_a_crate_holds_its_metadata_and_the_files_it_names(crate: zipfile.ZipFile) -> None:
    assert crate.namelist() == ["ro-crate-metadata.json", "application.html", "basket.json", "basket.jsonld"]
    graph = {each["@id"]: each for each in json.loads(crate.read("ro-crate-metadata.json"))["@graph"]}
    for name in crate.namelist()[1:]:
        assert graph[name]["contentSize"] == str(len(crate.read(name)))
    html = crate.read("application.html").decode()
    assert "<style>" in html
    assert "/static/" not in html


def test_a_crate_meets_what_the_specification_asks(crate: zipfile.ZipFile, sample: Sample) -> None:
    """RO-Crate 1.1: the metadata file descriptor, the root data entity, one flat graph that describes all it names."""
    document = json.loads(crate.read("ro-crate-metadata.json"))
    assert document["@context"] == "https://w3id.org/ro/crate/1.1/context"
    listed = [each["@id"] for each in document["@graph"]]
    assert len(listed) == len(set(listed))
    graph = {each["@id"]: each for each in document["@graph"]}
    assert all("@type" in each for each in graph.values())
    descriptor = graph["ro-crate-metadata.json"]
    assert descriptor == {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    root = graph["./"]
    assert root["@type"] == "Dataset"
    assert {"name", "description", "datePublished", "license"} <= root.keys()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", root["datePublished"])
    parts = {part["@id"] for part in root["hasPart"]}
    entities = {key for key, each in graph.items() if each["@type"] in {"File", "Dataset"} and key != "./"}
    assert parts == entities
    assert referred(document["@graph"]) - graph.keys() == {"https://w3id.org/ro/crate/1.1"}
    assert graph["https://node.example.org/rare"]["identifier"] == ["RD-001", "EGAD00000000001"]
    assert graph["#application-1"]["actionStatus"] == {"@id": "http://schema.org/PotentialActionStatus"}
    assert sample.ids["rare"] in json.dumps(document)


def referred(value: object) -> set[str]:
    """Every identifier something refers to (an object that holds nothing but an @id)."""
    if isinstance(value, list):
        return set().union(*(referred(each) for each in value))
    if isinstance(value, dict):
        if value.keys() == {"@id"}:
            return {str(value["@id"])}
        return set().union(*(referred(each) for each in value.values()))
    return set()


def test_the_same_basket_gives_the_same_crate(web: FlaskClient, sample: Sample) -> None:
    path = f"/basket/ro-crate.zip?{asked(sample, 'rare')}"
    assert web.get(path).data == web.get(path).data


def test_robots_are_kept_out_of_baskets(web: FlaskClient, browser: dict[str, str]) -> None:
    assert "Disallow: /basket" in web.get("/robots.txt").get_data(as_text=True)
    assert '<meta name="robots" content="noindex">' in page(web, "/basket", browser)
