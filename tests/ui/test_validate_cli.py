"""`gdi-catalogue validate`: inputs of every kind, exit codes, and what stands on standard output and error."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ui.cli.main import run

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
"""
GOOD = PREFIXES + "ex:d a dcat:Dataset ; dct:title 'A title'@en ; dct:description 'Words'@en .\n"
BAD = PREFIXES + "ex:d a dcat:Dataset ; dct:title 'A title'@en .\n"
DCAT_AP = ("--profile", "dcat-ap-3.0.1")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.ttl"
    path.write_text(GOOD, "utf-8")
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.ttl"
    path.write_text(BAD, "utf-8")
    return path


@pytest.fixture
def address() -> Iterator[str]:
    """A server on this machine: /good.ttl is RDF, anything else is missing."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/good"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/turtle; charset=utf-8")
            self.end_headers()
            self.wfile.write(GOOD.encode() if found else b"")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_valid_file_exits_0_and_says_so(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", str(good), *DCAT_AP]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{good}\n1 dataset, valid: 0 violations, ")
    assert err == ""


def test_a_violation_exits_1_with_line_message_and_fix(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", str(bad), *DCAT_AP]) == 1
    out, _ = capsys.readouterr()
    assert "VIOLATION  dct:description  1 time in 1 record" in out
    assert "  The dataset has no description (dct:description)." in out
    assert "  Fix: Add a description" in out
    assert "    line 5: http://example.org/d" in out


def test_the_default_profile_is_healthdcat_ap(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", str(bad), "--json"]) == 1
    body = json.loads(capsys.readouterr().out)
    assert body["profile"] == "healthdcat-ap-r8"
    assert body["release"].endswith("non-public")


def test_json_before_or_after_the_verb_is_the_object_of_the_contract(
    bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["--json", "validate", str(bad)], ["validate", "--json", str(bad)]):
        assert run([*arguments, *DCAT_AP]) == 1
        out, err = capsys.readouterr()
        body = json.loads(out)
        assert (body["valid"], body["datasets"], body["counts"]["violation"]) == (False, 1, 1)
        [violation] = [f for f in body["findings"] if f["severity"] == "violation"]
        assert violation["component"] == "MinCountConstraintComponent"
        assert (violation["line"], violation["file"]) == (5, str(bad))
        assert err == ""


@pytest.mark.parametrize(
    ("form", "start"),
    [("turtle", "@prefix"), ("html", "<!doctype html>"), ("csv", "file,line,record"), ("sarif", "{")],
)
def test_every_format_is_written(bad: Path, form: str, start: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", str(bad), "--format", form, *DCAT_AP]) == 1
    assert capsys.readouterr().out.startswith(start)


def test_several_files_are_each_named_and_the_worst_counts(
    good: Path, bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", str(good), str(bad), *DCAT_AP]) == 1
    out, _ = capsys.readouterr()
    assert f"{good}\n1 dataset, valid" in out
    assert f"{bad}\n1 dataset, not valid" in out


def test_an_unreadable_input_does_not_stop_the_others_and_exits_2(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, missing = tmp_path / "page.ttl", tmp_path / "missing.ttl"
    page.write_text("<!DOCTYPE html><html></html>", "utf-8")
    assert run(["validate", str(page), str(missing), str(good), *DCAT_AP]) == 2
    out, err = capsys.readouterr()
    assert f"{good}\n1 dataset, valid" in out
    assert f"Error: {page}: This is an HTML page, not RDF" in err
    assert f"Error: {missing}: The file cannot be read: No such file or directory." in err


def test_json_of_an_unreadable_input_is_a_problem_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.ttl"
    path.touch()
    for flags in (["--json"], ["--format", "json"]):
        assert run(["validate", str(path), *flags]) == 2
        out, err = capsys.readouterr()
        body = json.loads(out)
        assert (body["code"], body["status"], body["url"]) == ("not-rdf", 400, str(path))
        assert body["detail"].startswith("The document is empty")
        assert err.startswith("Error: ")


def test_json_of_a_mixed_run_carries_report_and_problems(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.ttl"
    assert run(["validate", "--json", str(good), str(missing), *DCAT_AP]) == 2
    body = json.loads(capsys.readouterr().out)
    assert body["valid"] is True
    assert [problem["url"] for problem in body["problems"]] == [str(missing)]


def test_a_syntax_error_is_told_with_its_line_and_never_valid(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "half.ttl"
    path.write_text(GOOD + "ex:e nope:p 1 .\n", "utf-8")
    assert run(["validate", "--json", str(path), *DCAT_AP]) == 1
    body = json.loads(capsys.readouterr().out)
    assert [(f["component"], f["line"]) for f in body["findings"] if f["severity"] == "violation"] == [
        ("SyntaxError", 6)
    ]


def test_an_unknown_profile_exits_2_and_names_the_known_ones(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", str(good), "--profile", "nope"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert (
        "There is no profile 'nope'; there are dcat-ap-2.1.1, dcat-ap-3.0.1, healthdcat-ap-r6, healthdcat-ap-r8" in err
    )
    assert run(["validate", str(good), "--profile", "nope", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["code"] == "unknown-profile"


def test_no_input_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate"]) == 2
    assert "Name a file, a folder, a URL, or - for standard input." in capsys.readouterr().err


def test_profiles_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "--list-profiles"]) == 0
    assert "healthdcat-ap-r8" in capsys.readouterr().out
    assert run(["validate", "--list-profiles", "--json"]) == 0
    listed = {each["id"]: each for each in json.loads(capsys.readouterr().out)}
    assert listed["healthdcat-ap-r8"]["levels"] == ["public", "restricted", "non-public"]


def test_a_folder_is_walked_for_rdf_and_what_is_hidden_is_left(
    good: Path, bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = good.parent
    (folder / ".git").mkdir()
    (folder / ".git" / "hidden.ttl").write_text("no", "utf-8")
    (folder / "notes.txt").write_text("no", "utf-8")
    (folder / "package.json").write_text("{}", "utf-8")
    (folder / "deeper").mkdir()
    (folder / "deeper" / "third.nt").write_text('<http://e.org/x> <http://e.org/p> "y" .\n', "utf-8")
    assert run(["validate", "--json", str(folder), *DCAT_AP]) == 1
    names = [each["file"] for each in json.loads(capsys.readouterr().out)["files"]]
    assert names == [str(bad), str(folder / "deeper" / "third.nt"), str(good)]


def test_a_folder_without_rdf_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", str(tmp_path)]) == 2
    assert f"Error: {tmp_path}: No RDF file was found in this folder." in capsys.readouterr().err


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    assert run(["validate", "-", "--input-format", "turtle", *DCAT_AP]) == 1
    assert capsys.readouterr().out.startswith("-\n1 dataset, not valid")


def test_a_file_may_be_named_by_its_address(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", good.as_uri(), *DCAT_AP]) == 0
    assert capsys.readouterr().out.startswith(f"{good}\n1 dataset, valid: ")
    assert run(["validate", "ftp://x.example/a.ttl", "--json"]) == 2
    assert "Only http, https and file addresses can be read." in capsys.readouterr().err


def test_an_unknown_input_format_is_told(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", str(good), "--input-format", "docx"]) == 2
    assert "There is no RDF syntax 'docx'; try turtle" in capsys.readouterr().err


def test_a_url_on_this_machine_may_be_given_by_the_person_at_the_keyboard(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", f"{address}/good", *DCAT_AP]) == 0
    assert capsys.readouterr().out.startswith(f"{address}/good\n1 dataset, valid")


def test_a_url_that_does_not_answer_with_rdf_exits_2(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", f"{address}/nothing", *DCAT_AP]) == 2
    err = capsys.readouterr().err
    assert f"Error: {address}/nothing: " in err
    assert "404" in err


def test_shapes_alone_judge_by_those_only(bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        PREFIXES + "ex:S sh:targetClass dcat:Dataset ; sh:shape ex:T ;\n"
        " sh:property [ sh:path dct:title ; sh:class ex:Title ; sh:message 'No proper title' ] .",
        "utf-8",
    )
    assert run(["validate", str(bad), "--shapes", str(shapes), "--json"]) == 1
    out, err = capsys.readouterr()
    body = json.loads(out)
    assert [finding["message"] for finding in body["findings"]] == ["No proper title"]
    assert body["profile"] == "shapes.ttl"
    assert "Shapes: sh:shape is no SHACL term; it is ignored in 1 place." in err


def test_shapes_that_cannot_be_used_exit_2_with_file_and_line(
    bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(PREFIXES + "ex:S sh:targetClass nope:Dataset .", "utf-8")
    assert run(["validate", str(bad), "--shapes", str(shapes)]) == 2
    assert f"Error: {shapes} line 5: " in capsys.readouterr().err


def test_what_has_no_effect_in_shapes_is_told_as_warnings(
    bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        f"{PREFIXES}ex:S sh:targetClass dcat:Dataset ; sh:property [ sh:path dct:title ; sh:shape ex:T ] .", "utf-8"
    )
    note = "sh:shape is no SHACL term; it is ignored in 1 place."
    assert run(["validate", str(bad), "--shapes", str(shapes), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["warnings"] == [note]
    assert f"Shapes: {note}" in told.err


@pytest.mark.parametrize(
    "constraint",
    [
        "sh:property [ sh:path dct:title ; sh:pattern '^(a+)+$' ]",
        "sh:sparql [ sh:select 'SELECT $this WHERE { $this ?a ?b . ?c ?d ?e . ?f ?g ?h . ?i ?j ?k FILTER(?k = 1) }' ]",
    ],
    ids=["pattern", "query"],
)
def test_shapes_that_never_end_are_stopped_at_the_budget(
    constraint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(f"{PREFIXES}ex:S sh:targetClass dcat:Dataset ; {constraint} .", "utf-8")
    many = " ".join(f"ex:n{n} ex:p ex:n{n + 1} ." for n in range(400))
    data.write_text(f"{PREFIXES}ex:d a dcat:Dataset ; dct:title '{'a' * 60}!' . {many}", "utf-8")
    assert run(["validate", str(data), "--shapes", str(shapes), "--budget", "2"]) == 2
    assert "The validation was stopped after 2 seconds." in capsys.readouterr().err


def test_shapes_that_eat_memory_are_stopped_at_the_cap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    query = "SELECT $this WHERE { $this ?a ?b . ?c ?d ?e . ?f ?g ?h . ?i ?j ?k } ORDER BY ?k"
    shapes.write_text(f"{PREFIXES}ex:S sh:targetClass dcat:Dataset ; sh:sparql [ sh:select '{query}' ] .", "utf-8")
    many = " ".join(f"ex:n{n} ex:p ex:n{n + 1} ." for n in range(400))
    data.write_text(f"{PREFIXES}ex:d a dcat:Dataset . {many}", "utf-8")
    assert run(["validate", str(data), "--shapes", str(shapes), "--memory", "0.5"]) == 2
    said = "The validation was stopped: it needs more memory than the 0.5 GB it may have."
    assert f"Error: {data}: {said}" in capsys.readouterr().err


def test_a_background_file_is_used_and_not_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, shapes, background = tmp_path / "d.ttl", tmp_path / "s.ttl", tmp_path / "b.ttl"
    data.write_text(PREFIXES + "ex:d a dcat:Dataset ; dct:type ex:kind .", "utf-8")
    shape = "ex:S sh:targetClass dcat:Dataset , ex:K ; sh:property [ sh:path dct:type ; sh:class ex:K ] ."
    shapes.write_text(PREFIXES + shape, "utf-8")
    background.write_text(PREFIXES + "ex:kind a ex:K .", "utf-8")
    assert run(["validate", str(data), "--shapes", str(shapes)]) == 1
    assert run(["validate", str(data), "--shapes", str(shapes), "--background", str(background)]) == 0
    capsys.readouterr()


def test_no_data_folder_is_touched(good: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    environment = {**os.environ, "GDI_DATA": str(folder), "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli.main", "validate", str(good), *DCAT_AP],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not folder.exists()


def test_scores_stand_beside_the_report(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", str(good), *DCAT_AP, "--scores", "--format", "json"]) == 0
    body = json.loads(capsys.readouterr().out)
    (scored,) = body["scores"]
    assert scored["record"] == "http://example.org/d"
    mqa = scored["scores"][0]
    assert (mqa["id"], mqa["points"], mqa["known"], mqa["most"]) == ("mqa", 30, 405, 405)
    assert mqa["lost"][0] == {
        "metric": "access-url-reachable", "dimension": "accessibility", "title": "access address answers",
        "points": 50, "fix": "See that the access address (dcat:accessURL) answers.",
        "reference": "MQA methodology, Accessibility: AccessURL accessibility",
    }  # fmt: skip
    assert run(["validate", str(good), *DCAT_AP, "--scores"]) == 0
    text = capsys.readouterr().out
    assert "Metadata quality of data.europa.eu (MQA): 30 of 405 points (7 %, bad)" in text
    assert "    +30  Add keywords (dcat:keyword)." in text


def test_there_are_no_scores_unless_asked_for(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", str(good), *DCAT_AP, "--format", "json"]) == 0
    assert "scores" not in json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--shapes", "s.ttl"], "--scores goes with one profile, without --compare-with and --as-published."),
        (["--compare-with", "fdp"], "--scores goes with one profile, without --compare-with and --as-published."),
        (["--format", "csv"], "Scores are text or json, not csv."),
    ],
)
def test_scores_need_a_profile_and_a_form_they_fit_in(
    good: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", str(good), "--scores", *arguments]) == 2
    assert message in capsys.readouterr().err
