"""The validator on the web: the page without a script, the REST door, and what strangers may not make it do."""

from __future__ import annotations

import csv
import io
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sample_catalogue import Sample, empty_sample
from werkzeug.datastructures import MultiDict

from shapes.errors import OverBudget
from shapes.report import Finding
from shapes.vocabulary import DCAT, DCT, RDF, XSD
from ui.app import create_app
from ui.cli.main import run
from ui.excerpt import excerpt
from ui.judging import DESK, Desk
from ui.schemas import SCHEMAS
from ui.validator import validator

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/> .
"""
GOOD = PREFIXES + "ex:d a dcat:Dataset ; dct:title 'A title'@en ; dct:description 'Words'@en .\n"
BAD = PREFIXES + "ex:d a dcat:Dataset ; dct:title 'A <b>title</b>'@en .\n"
DCAT_AP = "dcat-ap-3.0.1"
JSON_LD = json.dumps({"@id": "urn:x:d", "@type": DCAT.Dataset, DCT.title: "t"})
TURTLE = {"Content-Type": "text/turtle"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def application(sample: Sample, **settings: Any) -> Flask:
    app = create_app(sample.catalogue, replace(sample.settings, **settings))
    if validator.name not in app.blueprints:
        app.register_blueprint(validator)
    return app


def desk_of(app: Flask) -> Desk:
    desk = app.extensions[DESK]
    assert isinstance(desk, Desk)
    return desk


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    made = empty_sample(tmp_path_factory.mktemp("validator"))
    yield made
    made.index.close()
    made.journal.close()


@pytest.fixture(scope="module")
def app(catalogue: Sample) -> Iterator[Flask]:
    made = application(catalogue, validate_max_bytes=100_000)
    yield made
    desk_of(made).close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def address() -> Iterator[str]:
    """A server on this machine that answers with a dataset."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = GOOD.encode() if self.path == "/good" else b"x" * 200_000
            self.send_response(200)
            self.send_header("Content-Type", "text/turtle")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def posted(client: FlaskClient, **fields: Any) -> str:
    answer = client.post("/validate", data={"profile": DCAT_AP, **fields}, headers=BROWSER)
    return answer.get_data(as_text=True)


def asked(client: FlaskClient, data: bytes | str, headers: dict[str, str] = TURTLE, query: str = "") -> Any:
    return client.post(f"/api/v1/validate?profile={DCAT_AP}{query}", data=data, headers=headers)


# --- the page


def test_the_form_offers_text_file_and_address_and_every_profile(client: FlaskClient) -> None:
    page = client.get("/validate", headers=BROWSER).get_data(as_text=True)
    for part in ('name="text"', 'name="file"', 'name="url"', 'enctype="multipart/form-data"', f'value="{DCAT_AP}"'):
        assert part in page
    assert '<option value="healthdcat-ap-r8" selected>' in page
    assert "What you send is not kept." in page


def test_every_field_of_the_form_has_a_label(client: FlaskClient) -> None:
    page = client.get("/validate", headers=BROWSER).get_data(as_text=True)
    form = page[page.index('class="check-form"') :]
    for name in ("text", "file", "url", "profile", "syntax", "format"):
        assert f'<label for="{name}">' in form
        assert f'id="{name}"' in form


def test_the_example_is_a_link_and_has_faults_to_show(client: FlaskClient) -> None:
    assert 'href="/validate?example="' in client.get("/validate").get_data(as_text=True)
    page = client.get("/validate?example=").get_data(as_text=True)
    assert "Whole genomes of a cardiology cohort" in page
    text = page[page.index("@prefix dcat:") : page.index("</textarea>")]
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')
    result = client.post("/validate", data={"text": text, "profile": "healthdcat-ap-r8"}).get_data(as_text=True)
    assert "Not valid: pasted text" in result
    assert "spring 2024" in result


def test_a_pasted_text_is_judged_and_errors_stand_beside_their_lines(client: FlaskClient) -> None:
    page = posted(client, text=BAD)
    assert "Not valid: pasted text" in page
    assert "The dataset has no description (dct:description)." in page
    assert '<p class="fix">Add a description' in page
    line = page[page.index('<li id="line-4"') :]
    assert 'class="line-violation"' in line[:80]
    assert "A &lt;b&gt;title&lt;/b&gt;" in line
    assert '<a href="#line-4">line 4</a>: <span>http://example.org/d</span>' in page


def test_the_text_comes_back_in_the_form_to_be_mended(client: FlaskClient) -> None:
    page = posted(client, text=BAD)
    assert "ex:d a dcat:Dataset" in page[page.index("<textarea") : page.index("</textarea>")]
    assert f'<option value="{DCAT_AP}" selected>' in page


def test_a_valid_text_is_called_valid(client: FlaskClient) -> None:
    page = posted(client, text=GOOD)
    assert "Valid: pasted text" in page
    assert "Not valid" not in page


def test_a_file_is_judged_under_its_own_name(client: FlaskClient) -> None:
    page = posted(client, file=(io.BytesIO(BAD.encode()), "../data/my set.ttl"))
    assert "Not valid: my set.ttl" in page


def test_what_cannot_be_read_is_told_on_the_page_and_the_text_stays(client: FlaskClient) -> None:
    answer = client.post("/validate", data={"text": "<html><b>Sorry</b></html>", "profile": DCAT_AP}, headers=BROWSER)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "This is an HTML page, not RDF" in page
    assert "&lt;b&gt;Sorry" in page


def test_an_empty_form_says_what_to_do(client: FlaskClient) -> None:
    answer = client.post("/validate", data={"text": " ", "url": "", "profile": DCAT_AP}, headers=BROWSER)
    assert answer.status_code == 400
    assert "There is nothing to check: paste a text, choose a file, or give an address." in answer.text


@pytest.mark.parametrize(
    ("form", "kind", "name"), [("csv", "text/csv", "report.csv"), ("turtle", "text/turtle", "report.ttl")]
)
def test_the_form_gives_the_report_as_a_file(client: FlaskClient, form: str, kind: str, name: str) -> None:
    answer = client.post("/validate", data={"text": BAD, "profile": DCAT_AP, "format": form})
    assert answer.mimetype == kind
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_an_unknown_profile_is_told_on_the_page(client: FlaskClient) -> None:
    answer = client.post("/validate", data={"text": GOOD, "profile": "nope"}, headers=BROWSER)
    assert answer.status_code == 400
    assert "There is no profile &#39;nope&#39;" in answer.text


def test_what_strangers_write_is_text_everywhere(client: FlaskClient) -> None:
    evil = "<script>alert(1)</script>"
    text = PREFIXES + f'ex:d a dcat:Dataset ; dct:title "{evil}" ; dct:issued "{evil}"^^<{XSD.date}> .'
    assert evil not in posted(client, text=text)
    report = asked(client, text, {**TURTLE, "Accept": "text/html"})
    assert evil not in report.text
    assert "style-src 'unsafe-inline'; sandbox" in report.headers["Content-Security-Policy"]


# --- the REST door


def test_a_body_of_rdf_is_answered_in_the_contract_s_shape(client: FlaskClient) -> None:
    answer = asked(client, BAD)
    body = answer.get_json()
    assert answer.mimetype == "application/json"
    assert (answer.status_code, body["valid"], body["datasets"], body["profile"]) == (200, False, 1, DCAT_AP)
    [violation] = [f for f in body["findings"] if f["severity"] == "violation"]
    assert (violation["line"], violation["focus"]) == (4, "http://example.org/d")


def test_the_verdict_is_that_of_the_command_line(
    client: FlaskClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from ui.cli.main import run

    path = tmp_path / "bad.ttl"
    path.write_text(BAD, "utf-8")
    run(["validate", "--json", str(path), "--profile", DCAT_AP])
    told = json.loads(capsys.readouterr().out)
    served = asked(client, BAD).get_json()
    for body in (told, served):
        body.pop("files")
        for finding in body["findings"]:
            finding.pop("file")
    assert told == served


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/turtle", "text/turtle"),
        ("text/html", "text/html"),
        ("text/csv", "text/csv"),
        ("application/sarif+json", "application/sarif+json"),
        ("text/plain", "text/plain"),
        ("application/json, text/csv;q=0.5", "application/json"),
        ("*/*", "application/json"),
    ],
)
def test_accept_chooses_the_form(client: FlaskClient, accept: str, kind: str) -> None:
    answer = asked(client, BAD, {**TURTLE, "Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, kind)
    if kind == "text/csv":
        assert next(csv.reader(io.StringIO(answer.text)))[0] == "file"
    if kind == "text/turtle":
        assert list(ox.parse(answer.data, format=ox.RdfFormat.TURTLE))


def test_a_form_nobody_has_is_406(client: FlaskClient) -> None:
    answer = asked(client, BAD, {**TURTLE, "Accept": "application/pdf"})
    assert (answer.status_code, answer.get_json()["code"]) == (406, "not-acceptable")
    described = client.get("/api/v1/openapi.json").get_json()["paths"]["/validate"]["post"]["responses"]
    assert described["406"]["description"] == "No such form"
    assert described["502"]["description"] == "The source could not be read"


def test_format_in_the_address_wins(client: FlaskClient) -> None:
    assert asked(client, BAD, {**TURTLE, "Accept": "text/html"}, "&format=csv").mimetype == "text/csv"
    assert asked(client, BAD, TURTLE, "&format=pdf").status_code == 400


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("application/ld+json", JSON_LD),
        ("application/json", JSON_LD),
        ("application/n-triples", f'<urn:x:d> <{RDF.type}> <{DCAT.Dataset}> .\n<urn:x:d> <{DCT.title}> "t" .'),
        ("text/plain", GOOD),
        ("application/octet-stream", GOOD),
    ],
)
def test_every_syntax_is_taken_and_an_unspoken_one_is_found_out(client: FlaskClient, kind: str, data: str) -> None:
    answer = asked(client, data, {"Content-Type": kind})
    assert (answer.status_code, answer.get_json()["datasets"]) == (200, 1)


def test_a_form_with_a_file_is_taken(client: FlaskClient) -> None:
    data = {"file": (io.BytesIO(BAD.encode()), "b.ttl"), "profile": DCAT_AP}
    body = client.post("/api/v1/validate", data=data).get_json()
    assert (body["profile"], body["files"][0]["file"]) == (DCAT_AP, "b.ttl")


def test_a_file_is_taken_whatever_its_field_is_called_and_two_are_refused(client: FlaskClient) -> None:
    body = client.post("/api/v1/validate", data={"data": (io.BytesIO(BAD.encode()), "b.ttl")}).get_json()
    assert body["files"][0]["file"] == "b.ttl"
    for names in (("file", "file"), ("file", "other")):
        two = MultiDict([(name, (io.BytesIO(BAD.encode()), "b.ttl")) for name in names])
        answer = client.post("/api/v1/validate", data=two)
        assert (answer.status_code, answer.get_json(force=True)["detail"]) == (
            400,
            "The form has several files; one is checked at a time.",
        )


def test_a_program_is_told_how_rdf_is_sent(client: FlaskClient) -> None:
    as_curl_does = client.post("/api/v1/validate", data=GOOD, content_type="application/x-www-form-urlencoded")
    assert as_curl_does.status_code == 400
    assert as_curl_does.get_json(force=True)["detail"] == (
        "The form has no file, and no field `text` or `url`. RDF as it is goes in a body with its own Content-Type, "
        "such as text/turtle."
    )
    more = client.post("/api/v1/validate", json={"url": "https://x.example/", "profile": DCAT_AP})
    assert more.get_json(force=True)["detail"].startswith("Beside `url` the JSON object has profile;")


@pytest.mark.parametrize(
    ("data", "code", "status"),
    [
        ("", "bad-input", 400),
        ("<html></html>", "not-rdf", 400),
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>', "hostile-input", 400),
        ("x" * 100_001, "too-large", 413),
    ],
)
def test_bad_bodies_are_problems(client: FlaskClient, data: str, code: str, status: int) -> None:
    kind = "application/rdf+xml" if data.startswith("<?xml") else "text/turtle"
    answer = asked(client, data, {"Content-Type": kind})
    assert answer.mimetype == "application/problem+json"
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (status, code)


def test_an_unknown_profile_is_a_problem(client: FlaskClient) -> None:
    answer = client.post("/api/v1/validate?profile=nope", data=GOOD, headers=TURTLE)
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (400, "unknown-profile")


def test_an_unread_statement_is_never_valid(client: FlaskClient) -> None:
    body = asked(client, GOOD + "ex:e nope:p 1 .").get_json()
    assert not body["valid"]
    violations = [(f["component"], f["line"]) for f in body["findings"] if f["severity"] == "violation"]
    assert violations == [("SyntaxError", 5)]


# --- addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/x",
        "http://localhost/x",
        "http://10.0.0.1/x",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/x",
        "http://2130706433/x",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "gopher://example.org/x",
        "example.org/x",
    ],
)
def test_private_and_other_addresses_are_refused_at_both_doors(client: FlaskClient, url: str) -> None:
    answer = client.post("/api/v1/validate", json={"url": url})
    assert 400 <= answer.status_code < 500
    assert answer.mimetype == "application/problem+json"
    page = client.post("/validate", data={"url": url, "profile": DCAT_AP}, headers=BROWSER)
    assert 400 <= page.status_code < 500
    assert "root:" not in page.text


def test_a_url_that_is_no_text_is_told(client: FlaskClient) -> None:
    answer = client.post("/api/v1/validate", json={"url": 5})
    assert answer.get_json(force=True)["detail"] == "`url` must be a text."


def test_an_address_that_may_be_reached_is_fetched_and_judged(catalogue: Sample, address: str) -> None:
    app = application(catalogue, allow_private=True, validate_max_bytes=100_000)
    try:
        client = app.test_client()
        body = client.post(f"/api/v1/validate?profile={DCAT_AP}", json={"url": f"{address}/good"}).get_json()
        assert (body["valid"], body["files"][0]["file"]) == (True, f"{address}/good")
        large = client.post("/api/v1/validate", json={"url": f"{address}/large"})
        assert (large.status_code, large.get_json(force=True)["code"]) == (413, "too-large")
    finally:
        desk_of(app).close()


def test_when_every_worker_is_busy_the_answer_is_503(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.judging._WAIT", 0.01)
    desk = desk_of(app)
    taken = [desk._free.get() for _ in desk._workers[1:]]
    try:
        answer = asked(client, GOOD)
        assert (answer.status_code, answer.get_json(force=True)["code"]) == (503, OverBudget.code)
        assert answer.headers["Retry-After"]
    finally:
        for worker in taken:
            desk._free.put(worker)
    assert asked(client, GOOD).status_code == 200


# --- scores, as the command line gives them


def test_scores_are_told_on_demand_and_are_those_of_the_command_line(
    client: FlaskClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "dataset.ttl"
    path.write_text(GOOD, "utf-8")
    run(["validate", str(path), "--profile", DCAT_AP, "--scores", "--format", "json"])
    told = json.loads(capsys.readouterr().out)["scores"]
    assert asked(client, GOOD, query="&scores=true").get_json()["scores"] == told
    assert [score["id"] for score in told[0]["scores"]] == ["mqa", "mqa-controlled", "completeness", "fair"]
    assert set(told[0]) == set(SCHEMAS["ScoredReport"]["allOf"][1]["properties"]["scores"]["items"]["required"])
    assert "scores" not in asked(client, GOOD, query="&scores=false").get_json()


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("&scores=yes", "scores must be true or false, not 'yes'."),
        ("&scores=true&format=csv", "Scores are told in JSON, not in csv."),
        ("&syntax=klingon", "There is no RDF syntax 'klingon'; there are "),
    ],
)
def test_a_parameter_that_cannot_be_meant_is_refused(client: FlaskClient, query: str, detail: str) -> None:
    answer = asked(client, GOOD, query=query)
    assert answer.status_code == 400
    assert answer.get_json(force=True)["detail"].startswith(detail)


# --- a link to a check


def test_a_link_with_an_address_fills_the_form_and_checks_only_when_it_says_so(catalogue: Sample, address: str) -> None:
    app = application(catalogue, allow_private=True, validate_max_bytes=100_000)
    try:
        client = app.test_client()
        link = f"/validate?url={address}/good&profile={DCAT_AP}"
        filled = client.get(link, headers=BROWSER).get_data(as_text=True)
        assert f'value="{address}/good"' in filled
        assert f"Valid: {address}/good" not in filled
        done = client.get(f"{link}&check", headers=BROWSER)
        assert f"Valid: {address}/good" in done.text
        shared = re.search(r'A link to this check: <a href="([^"]+)"', done.text)
        assert shared
        assert f"Valid: {address}/good" in client.get(shared[1].replace("&amp;", "&"), headers=BROWSER).text
        alone = client.get(f"{link}&check&format=report", headers=BROWSER)
        assert alone.headers["Content-Disposition"] == 'attachment; filename="report.html"'
        assert alone.text.startswith("<!doctype html>")
        picture = client.get(f"{link}&check", headers=BROWSER | {"Sec-Fetch-Dest": "image"})
        assert f"Valid: {address}/good" not in picture.text
    finally:
        desk_of(app).close()


def test_no_link_leads_to_a_text_that_was_pasted(client: FlaskClient) -> None:
    assert "A link to this check" not in posted(client, text=BAD)


def test_a_report_that_stands_alone_can_be_kept(client: FlaskClient) -> None:
    answer = client.post("/validate", data={"profile": DCAT_AP, "text": BAD, "format": "report"}, headers=BROWSER)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="report.html"'
    assert "The dataset has no description (dct:description)." in answer.text


# --- lines


def found(line: int | None, severity: str = "violation", message: str = "wrong") -> Finding:
    return Finding(severity, "f", None, None, "c", None, message, line=line)


def test_an_excerpt_shows_lines_with_findings_and_two_around() -> None:
    text = "\n".join(f"line {n}" for n in range(1, 31))
    lines = excerpt(text, [found(10), found(10), found(25, "warning"), found(None), found(10, "info", "fyi")])
    assert [line.number for line in lines] == [8, 9, 10, 11, 12, 23, 24, 25, 26, 27]
    assert [line.number for line in lines if line.gap] == [8, 23]
    assert [(n.severity, n.message, n.count) for n in lines[2].notes] == [("violation", "wrong", 2), ("info", "fyi", 1)]
    assert (lines[2].severity, lines[7].severity, lines[0].severity) == ("violation", "warning", None)


def test_an_excerpt_stays_small() -> None:
    text = "\n".join("x" * 1000 for _ in range(5000))
    lines = excerpt(text, [found(n, message=f"m{k}") for n in range(1, 5001) for k in range(8)])
    assert len(lines) == 400
    assert len(lines[0].text) == 301
    assert (len(lines[0].notes), lines[0].more) == (6, 2)
