""" "Can I use it?" on the search page, on a dataset's page, in the API and on the command line: one answer."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

USE = "use.purpose=health&use.profit=no&use.commercial=no"


def get(web: FlaskClient, path: str, browser: dict[str, str]) -> str:
    answer = web.get(path, headers=browser)
    assert answer.status_code == 200, path
    return unescape(answer.get_data(as_text=True))


def hits(web: FlaskClient, query: str) -> dict[str, str]:
    answer = web.get(f"/api/v1/datasets?{query}")
    assert answer.status_code == 200
    return {hit["id"]: hit["use"]["answer"] for hit in answer.json["hits"]}


def test_hits_datasets_and_pages_give_one_answer(web: FlaskClient, browser: dict[str, str]) -> None:
    said = hits(web, USE)
    assert set(said.values()) == {"yes", "ask", "no"}
    words = {"yes": "Yes, as stated", "ask": "Ask", "no": "No, as stated"}
    for key, answer in said.items():
        record = web.get(f"/api/v1/datasets/{key}?{USE}").json
        assert record["conditions"]["use"]["answer"] == answer
        page = get(web, f"/dataset/{key}?{USE}", browser)
        panel = page[page.index('class="use-answer"') :]
        assert re.search(r'class="badge[^>]*>([^<]*)<', panel).group(1) == words[answer]  # type: ignore[union-attr]
        assert all(reason["sentence"] in panel for reason in record["conditions"]["use"]["decided"])


def test_the_answers_can_be_chosen_and_are_counted(web: FlaskClient) -> None:
    said = hits(web, USE)
    for answer in ("yes", "ask", "no"):
        chosen = {key for key, each in said.items() if each == answer}
        body = web.get(f"/api/v1/datasets?{USE}&use={answer}").json
        assert {hit["id"] for hit in body["hits"]} == chosen
        counts = {value["value"]: value["count"] for value in body["facets"]["use"]["values"]}
        assert counts.get(answer, 0) == len(chosen)


def test_the_page_shows_the_form_the_pill_and_why(web: FlaskClient, browser: dict[str, str]) -> None:
    page = get(web, f"/datasets?{USE}&use=ask", browser)
    assert 'name="use.purpose"' in page
    assert '<option value="health" selected>' in page
    assert "Can I use it?</span> health, medical or biomedical research; not commercial; no profit" in page
    assert "none is a grant" in page
    assert "The record states no conditions in a form we can read." in page
    without = re.search(r'class="chip pill" href="([^"]*)"><span>Can I use it\?</span> health', page)
    assert without is not None
    assert without.group(1) == "/datasets"


def test_without_a_use_in_mind_nothing_is_answered(web: FlaskClient, browser: dict[str, str]) -> None:
    assert all(hit["use"] is None for hit in web.get("/api/v1/datasets").json["hits"])
    page = get(web, "/datasets", browser)
    assert "use-answer" not in page
    assert 'id="facet-use"' in page


def test_a_form_left_empty_becomes_the_shortest_address(web: FlaskClient, browser: dict[str, str]) -> None:
    answer = web.get("/datasets?use.purpose=health&use.disease=&use.ethics=", headers=browser)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/datasets?use.purpose=health")


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/api/v1/datasets?use=yes", "use chooses by what conditions say to a use: say which, with use.purpose"),
        ("/api/v1/datasets?use.purpose=fun", "use.purpose cannot be 'fun': it is one of disease"),
        ("/api/v1/datasets?use.purpose=health&use=maybe", "use cannot be 'maybe': it is one of yes, ask, no."),
        ("/api/v1/datasets?use.aim=health", "There is no question 'use.aim' about a use."),
    ],
)
def test_what_is_no_question_or_answer_is_refused(web: FlaskClient, path: str, detail: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 400
    assert answer.json["detail"].startswith(detail)


def test_the_api_describes_every_question(web: FlaskClient) -> None:
    described = web.get("/api/v1/openapi.json").json["paths"]["/datasets"]["get"]["parameters"]
    names = {parameter["name"]: parameter for parameter in described}
    assert names["use.purpose"]["schema"]["enum"][0] == "disease"
    assert names["use"]["schema"]["items"]["enum"] == ["yes", "ask", "no"]
    assert {"use.disease", "use.commercial", "use.country", "use.ethics", "use.months"} <= set(names)
    assert "conditions" not in names


def test_an_answer_is_told_to_programs_with_its_rules(web: FlaskClient) -> None:
    (key,) = [key for key, answer in hits(web, "use.purpose=ancestry").items() if answer == "no"][:1]
    use = web.get(f"/api/v1/datasets/{key}?use.purpose=ancestry").json["conditions"]["use"]
    assert use["answer"] == "no"
    assert [reason["rule"] for reason in use["decided"]] == ["DS"]
    assert use["decided"][0]["duo"] == "DUO:0000007"
    assert use["note"].endswith("it is no grant.")
    json.dumps(use)
