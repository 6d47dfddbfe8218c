"""The validator under the names that clients of the Interoperability Test Bed use: the same verdict, in their forms."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from sample_catalogue import Sample, empty_sample

from shapes.profiles import profiles
from shapes.vocabulary import SH
from ui.app import create_app
from ui.judging import DESK

PREFIXES = "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix dct: <http://purl.org/dc/terms/> .\n"
BAD = PREFIXES + "<http://example.org/d> a dcat:Dataset ; dct:title 'A <b>title</b> \\u0007'@en .\n"
GOOD = PREFIXES + "<http://example.org/d> a dcat:Dataset ; dct:title 'T'@en ; dct:description 'Words'@en .\n"
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
<urn:x:S> sh:targetClass dcat:Dataset ; sh:property <urn:x:P> .
<urn:x:P> sh:path dcat:version ; sh:minCount 1 .
"""
DCAT_AP = {"validationType": "dcat-ap-3.0.1"}
TR = "{http://www.gitb.com/tr/v1/}"
CORE = "{http://www.gitb.com/core/v1/}"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    made = empty_sample(tmp_path_factory.mktemp("testbed"))
    yield made
    made.index.close()
    made.journal.close()


@pytest.fixture(scope="module")
def client(catalogue: Sample) -> Iterator[FlaskClient]:
    app = create_app(catalogue.catalogue, replace(catalogue.settings, validate_max_bytes=100_000, allow_private=True))
    yield app.test_client()
    app.extensions[DESK].close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server on this machine that answers with a dataset."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.wfile.write(GOOD.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/d.ttl"
    server.shutdown()
    server.server_close()
    thread.join()


def asked(client: FlaskClient, content: str | None, domain: str = "gdi", **fields: Any) -> Any:
    body = {"contentToValidate": content, **(DCAT_AP if domain == "gdi" else {}), **fields}
    return client.post(f"/shacl/{domain}/api/validate", json=body)


def results(answer: Any, form: ox.RdfFormat) -> list[tuple[str, str]]:
    """The severity and component of every result of a SHACL report."""
    named = (SH.resultSeverity, SH.sourceConstraintComponent)
    found: dict[str, dict[str, str]] = {}
    for quad in ox.parse(answer.get_data(), format=form):
        if quad.predicate.value in named:
            found.setdefault(str(quad.subject), {})[quad.predicate.value] = quad.object.value.rpartition("#")[2]
    return sorted((each[SH.resultSeverity], each[SH.sourceConstraintComponent]) for each in found.values())


def test_the_validation_types_are_the_profiles_the_default_first(client: FlaskClient) -> None:
    told = client.get("/shacl/gdi/api/info").json
    assert told["domain"] == "gdi"
    assert told["validationTypes"][0]["type"] == "healthdcat-ap-r8"
    assert {each["type"] for each in told["validationTypes"]} == set(profiles())
    (full,) = (each for each in told["validationTypes"] if each["type"] == "dcat-ap-3.0.1")
    assert full == {"type": "dcat-ap-3.0.1", "description": "DCAT-AP 3.0.1", "aliases": ["v3.0.1.Full"]}
    assert [each["domain"] for each in client.get("/shacl/api/info").json] == ["gdi", "any"]


@pytest.mark.parametrize(
    ("media_type", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    ],
)
def test_the_report_is_shacl_in_every_syntax_and_the_verdict_that_of_the_other_door(
    client: FlaskClient, media_type: str, form: ox.RdfFormat
) -> None:
    answer = asked(client, BAD, contentSyntax="text/turtle", embeddingMethod="STRING", reportSyntax=media_type)
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    ours = client.post("/api/v1/validate?profile=dcat-ap-3.0.1", data=BAD, content_type="text/turtle").json
    expected = [(each["severity"].capitalize(), each["component"]) for each in ours["findings"]]
    assert results(answer, form) == sorted(expected)
    assert ("Violation", "MinCountConstraintComponent") in expected


def test_without_a_syntax_the_report_is_what_accept_says_else_rdf_xml(client: FlaskClient) -> None:
    body = {"contentToValidate": GOOD, **DCAT_AP}
    assert client.post("/shacl/gdi/api/validate", json=body).mimetype == "application/rdf+xml"
    accepting = client.post("/shacl/gdi/api/validate", json=body, headers={"Accept": "text/turtle, */*"})
    assert accepting.mimetype == "text/turtle"


def test_the_test_beds_own_report_in_json(client: FlaskClient) -> None:
    answer = asked(client, BAD, reportSyntax="application/json", addInputToReport=True)
    told = answer.json
    assert (told["result"], told["name"]) == ("FAILURE", "SHACL Validation")
    assert told["counters"]["nrOfErrors"] == len(told["reports"]["error"]) == 1
    assert told["counters"]["nrOfWarnings"] == len(told["reports"]["warning"])
    error = told["reports"]["error"][0]
    assert error["description"].startswith("The dataset has no description (dct:description). Add a description")
    assert error["location"] == (
        "[Focus node] - [http://example.org/d] - [Result path] - [http://purl.org/dc/terms/description]"
    )
    assert error["test"] == f"[Shape] - [{error['assertionID']}]"
    assert told["context"]["items"][0]["name"] == "input"
    assert told["context"]["items"][0]["value"] == BAD


def test_the_test_beds_own_report_in_xml_holds_what_xml_can(client: FlaskClient) -> None:
    answer = asked(client, BAD, reportSyntax="text/xml", addRdfReportToReport=True)
    assert answer.mimetype == "text/xml"
    root = ET.fromstring(answer.get_data())  # noqa: S314 - our own answer
    assert root.tag == f"{TR}TestStepReport"
    assert root.get("{http://www.w3.org/2001/XMLSchema-instance}type") == "TAR"
    assert [child.tag for child in root] == [f"{TR}{n}" for n in ("date", "result", "counters", "context", "reports")]
    assert root.findtext(f"{TR}result") == "FAILURE"
    assert root.findtext(f"{TR}counters/{TR}nrOfErrors") == "1"
    report = root.findtext(f"{TR}context/{CORE}item/{CORE}value")
    assert report is not None
    assert report.startswith("<?xml")
    errors = root.findall(f"{TR}reports/{TR}error")
    assert [child.tag for child in errors[0]][:2] == [f"{TR}assertionID", f"{TR}description"]


@pytest.mark.parametrize("stated", [True, False], ids=["stated", "found out"])
def test_a_content_is_text_base64_or_an_address(client: FlaskClient, address: str, *, stated: bool) -> None:
    encoded = base64.b64encode(GOOD.encode()).decode()
    for method, content in (("STRING", GOOD), ("BASE64", encoded), ("URL", address)):
        fields = {"embeddingMethod": method} if stated else {}
        answer = asked(client, content, contentSyntax="text/turtle", reportSyntax="application/json", **fields)
        assert (answer.status_code, answer.json["result"]) == (200, "SUCCESS"), method


def test_shapes_sent_along_are_asked_beside_a_profile_or_alone(client: FlaskClient, address: str) -> None:
    rules = [{"ruleSet": base64.b64encode(SHAPES.encode()).decode(), "embeddingMethod": "BASE64"}]
    alone = asked(client, GOOD, "any", externalRules=rules, reportSyntax="application/json").json
    assert [each["assertionID"] for each in alone["reports"]["error"]] == ["urn:x:P"]
    rules = [{"ruleSet": SHAPES, "ruleSyntax": "text/turtle"}]
    beside = asked(client, BAD, externalRules=rules, reportSyntax="application/json").json
    assert {each["assertionID"] for each in beside["reports"]["error"]} > {"urn:x:P"}
    told = asked(client, GOOD, "any", externalRules=[{"ruleSet": address}]).get_json(force=True)
    assert told["code"] == "bad-shapes"


def test_an_alias_of_the_test_bed_is_a_profile(client: FlaskClient) -> None:
    ours = asked(client, BAD, reportSyntax="text/turtle").text
    assert asked(client, BAD, reportSyntax="text/turtle", validationType="v3.0.1.Full").text == ours


def test_several_documents_come_back_each_with_its_report(client: FlaskClient) -> None:
    inputs = [
        {"contentToValidate": GOOD, "reportSyntax": "text/turtle", **DCAT_AP},
        {"contentToValidate": BAD, "reportSyntax": "application/json", **DCAT_AP},
    ]
    first, second = client.post("/shacl/gdi/api/validateMultiple", json=inputs).json
    assert first["reportSyntax"] == "text/turtle"
    assert "sh:ValidationReport" in base64.b64decode(first["report"]).decode()
    assert second["reportSyntax"] == "application/xml"
    assert b"<result>FAILURE</result>" in base64.b64decode(second["report"])
    many = client.post("/shacl/gdi/api/validateMultiple", json=inputs * 11)
    assert many.get_json(force=True)["message"] == "22 documents are more than the 20 that can be validated at once."


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"contentToValidate": ""}, "contentToValidate is missing or empty."),
        ({"contentToValidate": 5}, "contentToValidate must be a text."),
        ({"embeddingMethod": "CARRIER_PIGEON"}, "embeddingMethod must be one of STRING, URL, BASE64, not "),
        ({"contentToValidate": "%%%", "embeddingMethod": "BASE64"}, "contentToValidate is not base64: "),
        ({"contentSyntax": "text/klingon"}, "contentSyntax 'text/klingon' is not a media type of RDF that is known"),
        ({"reportSyntax": "text/klingon"}, "reportSyntax 'text/klingon' is not a media type of RDF that is known"),
        ({"validationType": "no-such"}, "There is no profile 'no-such'"),
        ({"loadImports": True}, "loadImports cannot be used: owl:imports are never followed here."),
        ({"contentQuery": "CONSTRUCT"}, "contentQuery cannot be used: a SPARQL endpoint is not asked here"),
        ({"externalRules": "x"}, "externalRules must be a list of objects with ruleSet."),
        ({"externalRules": [{}]}, "externalRules[0].ruleSet is missing or empty."),
        ({"addInputToReport": "yes", "reportSyntax": "text/xml"}, "addInputToReport must be true or false."),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(client: FlaskClient, fields: dict[str, Any], message: str) -> None:
    answer = client.post("/shacl/gdi/api/validate", json={"contentToValidate": GOOD, **DCAT_AP, **fields})
    assert (400 <= answer.status_code < 500, answer.mimetype) == (True, "application/problem+json")
    assert answer.get_json(force=True)["message"].startswith(message)


def test_other_domains_bodies_and_addresses_are_refused(client: FlaskClient, catalogue: Sample) -> None:
    assert asked(client, GOOD, "dcat").get_json(force=True)["message"] == (
        "There is no domain 'dcat'; there are gdi and any."
    )
    assert asked(client, GOOD, "any").get_json(force=True)["message"].startswith("The domain any judges by the shapes")
    for path, body in (("validate", "[]"), ("validate", "{"), ("validateMultiple", "{}")):
        answer = client.post(f"/shacl/gdi/api/{path}", data=body, content_type="application/json")
        assert answer.status_code == 400
    large = asked(client, GOOD + "#" * 100_000, embeddingMethod="STRING")
    assert (large.status_code, large.get_json(force=True)["code"]) == (413, "too-large")
    strict = create_app(catalogue.catalogue, catalogue.settings)
    private = asked(strict.test_client(), "http://127.0.0.1:9/", embeddingMethod="URL")
    assert (private.status_code, json.loads(private.text)["code"]) == (400, "address-blocked")
    strict.extensions[DESK].close()


def test_the_documentation_names_every_field(client: FlaskClient) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "validation.md").read_text("utf-8")
    fields = (
        "contentToValidate",
        "embeddingMethod",
        "contentSyntax",
        "validationType",
        "reportSyntax",
        "externalRules",
    )
    assert [name for name in (*fields, "ruleSet", "/shacl/gdi/api/validate") if name not in page] == []
    assert client.get("/shacl/gdi/api/nothing").status_code == 404
