"""Every page: it answers, reads well by keyboard and screen reader, runs no script of strangers, works with no data."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from flask.testing import FlaskClient
from sample_catalogue import Sample

PLAIN_PAGES = (
    "/",
    "/datasets",
    "/datasets?q=genomes",
    "/datasets?q=genomes&country=NL&access_rights=NON_PUBLIC",
    "/datasets?individuals=100..5000",
    "/datasets?q=nothing-has-this-word&country=NL",
    "/about",
    "/datasets?use.purpose=health&use.profit=no&use=ask",
    "/dacs",
    "/dacs?country=EU&role=recommends",
    "/worklist",
    "/nodes",
    "/catalog",
    "/fdp",
    "/sparql",
)
SAMPLE_PAGES = (
    "/dac/EGAC00000000001",
    "/dac/central",
    "/node/north",
    "/node/south",
    "/worklist/south",
    "/worklist/north",
    "/dataset/{rare}?use.purpose=disease&use.disease=MONDO:0018940",
    "/dataset/{rare}",
    "/dataset/{cancer}",
    "/dataset/{goe}",
    "/dataset/{inf}",
    "/dataset/{broken}",
    "/dataset/{series}",
    "/dataset/{gone}",
    "/dataset/{cancer}/variables",
    "/dataset/{cancer}/variables?q=Variable+17&page=1",
    "/dataset/{broken}/history",
    "/record/{service}",
    "/no/such/page",
)


def visit(web: FlaskClient, sample: Sample, path: str, browser: dict[str, str]) -> str:
    answer = web.get(path.format(**sample.ids), headers=browser)
    assert answer.mimetype == "text/html", path
    assert answer.status_code < 500, path
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("path", PLAIN_PAGES + SAMPLE_PAGES)
def test_every_page_is_well_made(
    web: FlaskClient, sample: Sample, path: str, browser: dict[str, str], outline: Any
) -> None:
    page = outline(visit(web, sample, path, browser))
    assert len(page.all("h1")) == 1
    assert page.all("html")[0].attributes["lang"] == "en"
    assert page.all("title")[0].text.strip()
    levels = [int(tag.name[1]) for tag in page.all("h1", "h2", "h3", "h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels[levels.index(1) :]))
    ids = page.ids()
    assert len(ids) == len(set(ids))
    for tag in page.tags:
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(tag.attributes.get(name, "").split()) <= set(ids)
        assert tag.name != "img" or "alt" in tag.attributes


@pytest.mark.parametrize("path", PLAIN_PAGES + SAMPLE_PAGES)
def test_every_field_has_a_label(
    web: FlaskClient, sample: Sample, path: str, browser: dict[str, str], outline: Any
) -> None:
    page = visit(web, sample, path, browser)
    parsed = outline(page)
    labelled = {tag.attributes.get("for") for tag in parsed.all("label")}
    wrapped = set(re.findall(r"<label>[^<]*<input[^>]*\bid=\"([^\"]+)\"", page))
    for tag in parsed.all("input", "select", "textarea"):
        if tag.attributes.get("type") != "hidden":
            assert tag.attributes.get("id") in labelled | wrapped, tag


@pytest.mark.parametrize("path", PLAIN_PAGES + SAMPLE_PAGES)
def test_no_page_needs_an_exception_from_its_policy(
    web: FlaskClient, sample: Sample, path: str, browser: dict[str, str], outline: Any
) -> None:
    page = outline(visit(web, sample, path, browser))
    for tag in page.tags:
        assert "style" not in tag.attributes
        assert not any(name.startswith("on") for name in tag.attributes)
        assert not tag.attributes.get("href", "").lower().startswith("javascript:")
    for script in page.all("script"):
        data = script.attributes.get("type") == "application/ld+json"
        assert data or script.attributes["src"].startswith("/static/")
    assert not page.all("style", "iframe", "object")


@pytest.mark.parametrize("path", PLAIN_PAGES)
def test_an_empty_catalogue_has_every_page(bare: FlaskClient, path: str, browser: dict[str, str], outline: Any) -> None:
    answer = bare.get(path, headers=browser)
    assert answer.status_code == 200
    assert len(outline(answer.get_data(as_text=True)).all("h1")) == 1


def test_links_between_pages_lead_somewhere(
    web: FlaskClient, sample: Sample, browser: dict[str, str], outline: Any
) -> None:
    tried = set()
    for path in PLAIN_PAGES + SAMPLE_PAGES:
        for tag in outline(visit(web, sample, path, browser)).all("a", "link", "form"):
            place = tag.attributes.get("href") or tag.attributes.get("action") or ""
            if place.startswith("/") and place not in tried:
                tried.add(place)
                status = web.get(place, headers=browser).status_code
                assert status in {200, 303, 410}, f"{path} leads to {place}: {status}"
    assert len(tried) > 60


def test_home_answers_what_there_is(web: FlaskClient, browser: dict[str, str]) -> None:
    page = web.get("/", headers=browser).get_data(as_text=True)
    assert "<strong>5</strong>datasets" in page
    assert "<strong>2</strong>nodes" in page
    assert "<strong>125\u202f157</strong>individuals stated" in page
    assert "Node South" in page
    assert "Onboarding" in page
    assert "What does Italy publish?" in page


def test_home_says_how_to_begin(bare: FlaskClient, browser: dict[str, str]) -> None:
    page = bare.get("/", headers=browser).get_data(as_text=True)
    assert "No node is registered yet" in page
    assert "<strong>0</strong>datasets" in page


def test_the_language_of_the_reader_is_followed(web: FlaskClient, sample: Sample) -> None:
    dutch = web.get(f"/dataset/{sample.ids['rare']}", headers={"Accept": "text/html", "Accept-Language": "nl,en;q=0.5"})
    text = dutch.get_data(as_text=True)
    assert '<h1><span lang="nl">Zeldzame ziekten: genomen van het noorden</span></h1>' in text
    assert "Accept-Language" in dutch.headers["Vary"]
    for path in ("/", "/datasets", "/nodes", "/dacs"):
        assert "Accept-Language" in web.get(path).headers["Vary"], path
    chosen = web.get(f"/dataset/{sample.ids['rare']}?lang=fr", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert '<span lang="fr">Génomes de maladies rares du nord</span>' in chosen
    assert '<span class="machine">machine translated from Nederlands</span>' in chosen
    assert "/dacs?lang=fr" in chosen


def test_static_files_with_their_digest_are_kept_for_ever(web: FlaskClient, browser: dict[str, str]) -> None:
    page = web.get("/", headers=browser).get_data(as_text=True)
    for place in re.findall(r'"(/static/[^"]+)"', page):
        kept = web.get(place)
        assert kept.status_code == 200
        assert "immutable" in kept.headers["Cache-Control"]
    assert "immutable" not in web.get("/static/base.css").headers["Cache-Control"]
    assert web.get("/static/../app.py").status_code == 404


def test_security_headers_are_on_every_answer(web: FlaskClient, browser: dict[str, str]) -> None:
    for path in ("/", "/nope", "/api/v1/nodes", "/catalog.ttl", "/static/site.js"):
        headers = web.get(path, headers=browser).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in web.get("/", headers=browser).headers
    assert web.get("/api/v1/nodes").headers["Access-Control-Allow-Origin"] == "*"
