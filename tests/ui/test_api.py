"""The JSON API: the contract's shapes, the description that matches the routes, errors as problem objects."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sample_catalogue import BASE, Sample

from ui.api import OPERATIONS, ROOT
from ui.schemas import SCHEMAS

KINDS = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict, "array": list}


def conforms(value: Any, schema: dict[str, Any], place: str = "$") -> None:
    """Check a value against the part of JSON Schema that the API's description uses."""
    if "$ref" in schema:
        conforms(value, SCHEMAS[schema["$ref"].rpartition("/")[2]], place)
    elif "anyOf" in schema:
        assert value is None or conforms(value, schema["anyOf"][0], place) is None
    elif "enum" in schema:
        assert value in schema["enum"], place
    else:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        assert any(value is None if n == "null" else isinstance(value, KINDS[n]) for n in names), (place, value)
        parts_conform(value, schema, place)


def parts_conform(value: Any, schema: dict[str, Any], place: str) -> None:
    if isinstance(value, list):
        for number, each in enumerate(value):
            conforms(each, schema["items"], f"{place}[{number}]")
    if not isinstance(value, dict):
        return
    assert set(schema.get("required", ())) <= set(value), (place, set(schema["required"]) - set(value))
    parts = dict(schema.get("properties", {}))
    if isinstance(schema.get("additionalProperties"), dict):
        parts |= dict.fromkeys(value, schema["additionalProperties"])
    for name, part in parts.items():
        conforms(value[name], part, f"{place}.{name}")


@pytest.fixture
def filled(sample: Sample) -> dict[str, str]:
    """A path for every operation that reads."""
    ids = {"dataset": sample.ids["rare"], "report": sample.ids["broken"], "dac": "EGAC00000000001", "run": "1"}
    ids["quality"] = "south"
    return {o.name: ROOT + o.path.replace("{id}", ids.get(o.name, "")) for o in OPERATIONS if o.method == "get"}


def test_every_answer_is_of_the_shape_its_description_says(web: FlaskClient, filled: dict[str, str]) -> None:
    for operation in OPERATIONS:
        if operation.method == "get":
            answer = web.get(filled[operation.name])
            assert (answer.status_code, answer.mimetype) == (200, "application/json"), operation.name
            conforms(answer.json, SCHEMAS[operation.answer], operation.name)
            assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_description_and_the_routes_are_one(web: FlaskClient) -> None:
    document = web.get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": f"{BASE}/api/v1"}]
    described = {
        (method.upper(), re.sub(r"\{\w+\}", "*", ROOT + path))
        for path, methods in document["paths"].items()
        for method in methods
    }
    routes = {
        (method, re.sub(r"<[^>]+>", "*", rule.rule))
        for rule in web.application.url_map.iter_rules()
        if rule.rule.startswith(ROOT)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routes
    text = str(document)
    for reference in re.findall(r"#/components/schemas/(\w+)", text):
        assert reference in document["components"]["schemas"]


def test_every_facet_is_a_described_parameter(web: FlaskClient) -> None:
    document = web.get("/api/v1/openapi.json").json
    named = {parameter["name"] for parameter in document["paths"]["/datasets"]["get"]["parameters"]}
    facets = set(web.get("/api/v1/facets").json["facets"])
    assert {"theme", "access_rights", "publisher", "country", "dac", "node"} <= facets <= named


def test_a_search_answers_as_the_page_does(web: FlaskClient, sample: Sample) -> None:
    found = web.get("/api/v1/datasets?q=genomes&country=NL&access_rights=NON_PUBLIC&sort=title").json
    assert found["total"] == 2
    assert [hit["title"] for hit in found["hits"]] == [
        "Pathogen genomes of hospital infections",
        "Rare disease genomes of the north",
    ]
    rare = found["hits"][1]
    assert rare["id"] == sample.ids["rare"]
    assert rare["decider"]["status"] == "published"
    assert [body["name"] for body in rare["dac"] if body["role"] == "decides"] == ["Data Access Committee North"]
    chosen = {v["value"] for v in found["facets"]["country"]["values"] if v["selected"]}
    assert chosen == {"NL"}
    page = web.get(
        "/datasets?q=genomes&country=NL&access_rights=NON_PUBLIC&sort=title", headers={"Accept": "text/html"}
    )
    assert "2 datasets" in page.get_data(as_text=True)


def test_an_answer_is_walked_by_its_cursor_and_by_its_link(web: FlaskClient) -> None:
    whole = [hit["id"] for hit in web.get("/api/v1/datasets?q=genomes&sort=title").json["hits"]]
    seen, address = [], "/api/v1/datasets?q=genomes&sort=title&size=2&lang=fr"
    while True:
        answer = web.get(address)
        seen += [hit["id"] for hit in answer.json["hits"]]
        if answer.json["next"] is None:
            assert "Link" not in answer.headers
            break
        following = f"{BASE}/api/v1/datasets?q=genomes&sort=title&size=2&cursor={answer.json['next']}&lang=fr"
        assert answer.headers["Link"] == f'<{following}>; rel="next"'
        address = following.removeprefix(BASE)
    assert seen == whole
    assert len(whole) > 2
    said = web.get("/api/v1/datasets?cursor=x").json["detail"]
    assert said == "The cursor is malformed: use the text that came as `next` with a page, as it is."


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("size=0", "size cannot be 0: a page has 1 to 1000 datasets."),
        ("size=1001", "size cannot be 1001: a page has 1 to 1000 datasets."),
        ("page=x", "page cannot be 'x': it is a whole number from 1."),
        ("individuals=many", "individuals cannot be 'many': write a range such as 10..20; either end may be left out."),
    ],
)
def test_what_cannot_be_asked_is_400_and_says_why(web: FlaskClient, query: str, sentence: str) -> None:
    answer = web.get(f"/api/v1/datasets?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json["detail"] == sentence
    assert answer.json["status"] == 400
    page = web.get(f"/datasets?{query}", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (400, "text/html")


def test_a_typing_error_in_a_parameter_does_not_widen_the_answer(web: FlaskClient) -> None:
    answer = web.get("/api/v1/datasets?contry=NL")
    assert answer.status_code == 400
    assert answer.json["detail"].startswith("There is no facet or parameter 'contry'.")
    page = web.get("/datasets?contry=NL", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<code>contry</code>" in page.get_data(as_text=True)


def test_a_record_says_what_it_is_and_what_its_node_states(web: FlaskClient, sample: Sample) -> None:
    found = web.get(f"/api/v1/datasets/{sample.ids['rare']}").json
    assert found["page"] == f"{BASE}/dataset/{sample.ids['rare']}"
    assert found["iri"] == "https://node.example.org/rare"
    assert found["dataset"]["individuals"] == 4812
    assert "frequency" not in found["dataset"]
    assert found["verdict"]["counts"] == {"violation": 0, "warning": 1, "info": 0}
    assert found["decider"]["method"] == "attribution"


def test_records_are_found_by_what_they_are_known_by(web: FlaskClient, sample: Sample) -> None:
    answer = web.get("/api/v1/datasets/EGAD00000000001")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/api/v1/datasets/{sample.ids['rare']}")


def test_what_is_not_there_is_404_and_what_is_gone_410(web: FlaskClient, sample: Sample) -> None:
    for path, status, code in (
        ("/api/v1/datasets/nowhere", 404, "not-found"),
        (f"/api/v1/datasets/{sample.ids['gone']}", 410, "withdrawn"),
        ("/api/v1/dacs/nobody", 404, "not-found"),
        ("/api/v1/runs/99", 404, None),
        ("/api/v1/runs?source=nobody", 404, None),
        ("/api/v1/runs?limit=0", 400, "bad-input"),
        ("/api/v1/nothing", 404, "not-found"),
    ):
        # A browser that follows a link into the API reads a problem object, too.
        answer = web.get(path, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), path
        assert answer.json["instance"] == path
        assert code is None or answer.json["code"] == code


def test_a_run_has_its_problems_and_its_sums_match(web: FlaskClient) -> None:
    (listed,) = web.get("/api/v1/runs?source=north").json["items"]
    assert listed["problems"] == []
    run = web.get(f"/api/v1/runs/{listed['run']}").json
    assert run["outcome"] == "partial"
    assert run["seen"] == run["new"] + run["changed"] + run["unchanged"] + run["rejected"] + run["failed"] == 4
    (problem,) = run["problems"]
    assert problem == {
        "code": "not-rdf",
        "url": "https://north.example.org/fdp/x",
        "record": "n:x",
        "line": 12,
        "detail": "The page is HTML.",
    }


def test_a_report_can_be_had(web: FlaskClient, sample: Sample) -> None:
    report = web.get(f"/api/v1/datasets/{sample.ids['broken']}/report").json
    assert report["valid"] is False
    assert report["groups"][0]["fix"] == "Add dct:publisher with the body that publishes it."


def test_unchanged_answers_are_not_sent_again(web: FlaskClient) -> None:
    first = web.get("/api/v1/nodes")
    assert web.get("/api/v1/nodes", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_scripts_of_other_sites_may_ask(web: FlaskClient) -> None:
    answer = web.options("/api/v1/datasets", headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]


def test_the_catalogue_says_how_it_is(web: FlaskClient, sample: Sample) -> None:
    assert web.get("/health").json["status"] == "alive"
    ready = web.get("/ready")
    seq = sample.journal.last_seq()
    assert ready.json == {
        "ready": True,
        "consistent": True,
        "journal": seq,
        "store": seq,
        "index": seq,
        "listed": 5,
        "indexed": 5,
        "troubles": [],
    }
    metrics = web.get("/metrics").get_data(as_text=True)
    assert "gdi_catalogue_datasets 5\n" in metrics
    assert re.search(r'last_run_timestamp_seconds\{source="north",outcome="partial"\} \d+\n', metrics)
