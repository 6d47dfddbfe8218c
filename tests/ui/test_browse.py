"""Searching by address: filters, pills, sorting, paging, and help where nothing is found."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sample_catalogue import Sample

from catalogue.errors import SearchUnavailable


def get(web: FlaskClient, path: str, browser: dict[str, str]) -> str:
    answer = web.get(path, headers=browser)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_a_form_becomes_the_shortest_address(web: FlaskClient, browser: dict[str, str]) -> None:
    filled = "/datasets?q=&country=NL&individuals.min=10&individuals.max=&records.min=&records.max=&sort=relevance"
    answer = web.get(filled, headers=browser)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/datasets?country=NL&individuals=10..")
    page = get(web, answer.headers["Location"], browser)
    assert 'name="individuals.min" id="individuals-min" value="10"' in page
    assert "10 or more" in page


def test_values_of_a_facet_widen_and_facets_narrow(web: FlaskClient, browser: dict[str, str]) -> None:
    one = get(web, "/datasets?access_rights=PUBLIC", browser)
    two = get(web, "/datasets?access_rights=PUBLIC&access_rights=RESTRICTED", browser)
    none = get(web, "/datasets?access_rights=PUBLIC&country=NL", browser)
    assert [re.search(r"<h1[^>]*>(\d+)", page).group(1) for page in (one, two, none)] == ["1", "2", "0"]  # type: ignore[union-attr]


def test_chosen_filters_can_be_removed_one_by_one(web: FlaskClient, browser: dict[str, str], outline: Any) -> None:
    page = outline(get(web, "/datasets?q=genomes&country=NL&access_rights=NON_PUBLIC", browser))
    pills = [tag.attributes["href"] for tag in page.all("a") if "pill" in tag.attributes.get("class", "")]
    assert pills == ["/datasets?q=genomes&access_rights=NON_PUBLIC", "/datasets?q=genomes&country=NL"]
    checked = [t.attributes["value"] for t in page.all("input") if "checked" in t.attributes]
    assert set(checked) == {"NL", "NON_PUBLIC"}


def test_a_card_says_why_it_is_there_and_who_decides(web: FlaskClient, browser: dict[str, str]) -> None:
    page = get(web, "/datasets?q=rare+disease", browser)
    card = page[page.index('<li class="hit">') :]
    assert "<mark>Rare</mark> <mark>disease</mark> genomes of the north" in card
    assert "On application" in card
    assert 'Decides:</b> <a href="/dac/EGAC00000000001">Data Access Committee North</a>' in card
    assert "(stated by the node)" in card
    assert "<b>4\u202f812</b> individuals" in card


def test_a_stand_in_is_never_shown_as_a_committee(web: FlaskClient, browser: dict[str, str]) -> None:
    page = get(web, "/datasets?q=pathogen", browser)
    assert 'Health Data Access Body <span class="quiet">(stand-in for a committee)</span>' in page


def test_no_deciding_body_is_said_unless_the_data_are_open(web: FlaskClient, browser: dict[str, str]) -> None:
    assert "no deciding body published" in get(web, "/datasets?q=exomes", browser)
    assert "no deciding body published" not in get(web, "/datasets?q=allele", browser)


def test_hostile_titles_are_harmless_words(web: FlaskClient, browser: dict[str, str]) -> None:
    page = get(web, "/datasets?q=broken", browser)
    assert "&#34;<mark>Broken</mark>&#34; &amp;" in page or "<mark>Broken</mark>" in page
    assert "<img src=x" not in page
    assert "bad()" not in page


def test_the_words_of_the_reader_are_escaped(web: FlaskClient, browser: dict[str, str]) -> None:
    page = get(web, '/datasets?q="><script>alert(1)</script>', browser)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_nothing_found_says_which_filter_empties_it(web: FlaskClient, browser: dict[str, str]) -> None:
    page = get(web, "/datasets?q=exomes&country=NL", browser)
    assert "Nothing found" in page
    assert re.search(r"without country of the node “Netherlands”</a>: 1 dataset", page)


def test_sorting_and_paging_keep_the_search(web: FlaskClient, browser: dict[str, str], outline: Any) -> None:
    page = outline(get(web, "/datasets?size=2&sort=title&page=2&country=NL&country=IT", browser))
    pager = [t.attributes["href"] for t in page.all("a") if t.attributes.get("rel") in {"prev", "next"}]
    assert len(pager) == 2
    assert all("sort=title" in link and "country=NL&country=IT" in link and "size=2" in link for link in pager)
    hidden = {
        (t.attributes["name"], t.attributes["value"]) for t in page.all("input") if t.attributes.get("type") == "hidden"
    }
    assert {("country", "NL"), ("country", "IT"), ("sort", "title")} <= hidden


def test_a_page_beyond_the_last_is_refused_in_words(web: FlaskClient, browser: dict[str, str]) -> None:
    answer = web.get("/datasets?page=99", headers=browser)
    assert answer.status_code == 400
    assert "<h1>" in answer.get_data(as_text=True)


def test_without_the_index_the_other_pages_stay(
    web: FlaskClient, sample: Sample, browser: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise SearchUnavailable("The search index is away.")

    monkeypatch.setattr(sample.index, "search", away)
    monkeypatch.setattr(sample.index, "facets", away)
    for path in ("/", "/nodes", "/node/north", f"/dataset/{sample.ids['rare']}", "/about", "/catalog"):
        assert web.get(path, headers=browser).status_code == 200, path
    answer = web.get("/datasets", headers=browser)
    assert answer.status_code == 503
    text = answer.get_data(as_text=True)
    assert "<h1>Search is not available now</h1>" in text
    assert "The search index is away." not in text, "what exactly is down is for those who run it"
    assert answer.headers["Retry-After"] == "30"


def test_a_mistake_of_ours_is_told_with_a_reference_and_nothing_more(
    web: FlaskClient, sample: Sample, browser: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the password is secret")

    monkeypatch.setattr(sample.index, "search", broken)
    answer = web.get("/datasets", headers=browser)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert re.search(r"Reference: [0-9a-f]{12}\.", text)
    assert "secret" not in text
    assert web.get("/api/v1/datasets").json["code"] == "internal-error"
