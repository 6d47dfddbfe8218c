"""`gdi-catalogue validate` with two profiles, with folders of shapes, and with official files as published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ui.cli.main import run

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ex: <http://example.org/> .
"""
# Valid by DCAT-AP 2.1.1 and 3.0.1; a violation of Release 8.
DATASET = PREFIXES + (
    "ex:d a dcat:Dataset ; dct:title 'A title'@en ; dct:description 'Words'@en ;\n"
    "  dct:language <http://publications.europa.eu/resource/authority/language/ENG> .\n"
)
TITLED = PREFIXES + "ex:T sh:targetClass dcat:Dataset ; sh:property [ sh:path dct:title ; sh:minCount 1 ] .\n"
NAMED = PREFIXES + "ex:N sh:targetClass dcat:Dataset ; sh:property [ sh:path ex:name ; sh:minCount 1 ] .\n"
LISTED = PREFIXES + (
    "ex:L sh:targetClass dcat:Dataset ; sh:property [ sh:path ( dct:language skos:inScheme ) ;\n"
    "  sh:hasValue <http://publications.europa.eu/resource/authority/language> ] .\n"
)


@pytest.fixture
def data(tmp_path: Path) -> str:
    path = tmp_path / "data.ttl"
    path.write_text(DATASET, "utf-8")
    return str(path)


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    """A folder of SHACL files, one of them deeper down, with something beside them that is no RDF."""
    folder = tmp_path / "shapes"
    (folder / "deeper").mkdir(parents=True)
    (folder / "titled.ttl").write_text(TITLED, "utf-8")
    (folder / "deeper" / "named.ttl").write_text(NAMED, "utf-8")
    (folder / "README.md").write_text("Read me.", "utf-8")
    return folder


def test_moving_where_nothing_breaks(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", data, "--profile", "dcat-ap-2.1.1", "--compare-with", "dcat-ap-3.0.1"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "From dcat-ap-2.1.1 to dcat-ap-3.0.1: 1 dataset",
        "Nothing breaks.",
    ]


def test_moving_where_something_breaks(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["validate", data, "--profile", "dcat-ap-3.0.1", "--compare-with", "healthdcat-ap-r8"]
    assert run([*arguments, "--format", "json"]) == 1
    body = json.loads(capsys.readouterr().out)
    assert (body["possible"], body["records"], body["from"]["valid"], body["to"]["valid"]) == (False, 1, True, False)
    assert "http://healthdataportal.eu/ns/health#hdab" in {each["path"] for each in body["breaks"]}
    assert all(each["fix"] for each in body["breaks"])


def test_two_profiles_rule_by_rule_without_any_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--json", "validate", "--profile", "gdi-core", "--compare-with", "healthdcat-ap-r8"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["from"]["profile"] == "gdi-core"
    assert body["lines"][0]["change"] == "becomes mandatory"


def test_a_file_that_cannot_be_read_is_no_comparison(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.ttl"
    page.write_text("<html><body>Not found</body></html>", "utf-8")
    assert run(["validate", str(page), "--compare-with", "dcat-ap-3.0.1"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert str(page) in err


def test_an_unknown_profile_to_compare_with(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", data, "--compare-with", "healthdcat-ap-r9"]) == 2
    assert "There is no profile 'healthdcat-ap-r9'; there are dcat-ap-2.1.1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--as-published"], "--as-published needs the files to judge by: --shapes FILE or FOLDER."),
        (["--as-published", "--shapes", "s.ttl", "--profile", "fdp"],
         "--as-published judges by --shapes alone, not by a --profile too."),
        (["--compare-with", "fdp", "--shapes", "s.ttl"],
         "--compare-with compares two profiles; it goes without --shapes."),
        (["--compare-with", "fdp", "--format", "csv"], "A comparison is text or json, not csv."),
    ],
)  # fmt: skip
def test_options_that_contradict_each_other(
    data: str, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", data, *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_folder_of_shapes_is_one_shapes_graph(data: str, shapes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", data, "--as-published", "--shapes", str(shapes), "--format", "json"]) == 1
    body = json.loads(capsys.readouterr().out)
    assert body["profile"] == "named.ttl, titled.ttl"
    assert [each["path"] for each in body["findings"]] == ["http://example.org/name"]


def test_a_folder_full_of_shapes_is_named_in_short(data: str, shapes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(6):
        (shapes / f"x{number}.ttl").write_text(TITLED.replace("ex:T", f"ex:T{number}"), "utf-8")
    run(["validate", data, "--shapes", str(shapes), "--format", "json"])
    assert json.loads(capsys.readouterr().out)["profile"] == "named.ttl, titled.ttl, x0.ttl, x1.ttl, 4 more"


def test_a_file_of_a_folder_that_does_not_parse_is_named_with_its_line(
    data: str, shapes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shapes / "broken.ttl").write_text(PREFIXES + "ex:T sh:path foaf:name .\n", "utf-8")
    assert run(["validate", data, "--shapes", str(shapes)]) == 2
    err = capsys.readouterr().err
    assert f"{shapes / 'broken.ttl'} line 6" in err
    assert "foaf" in err


def test_a_folder_without_rdf_is_refused(data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert run(["validate", data, "--shapes", str(tmp_path / "empty")]) == 2
    assert "No RDF file was found in this folder." in capsys.readouterr().err


def test_shapes_that_ask_for_a_code_list_need_it_as_background(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "listed.ttl"
    listed.write_text(LISTED, "utf-8")
    own = tmp_path / "vocabulary"
    own.mkdir()
    (own / "languages.ttl").write_text(
        PREFIXES + "<http://publications.europa.eu/resource/authority/language/ENG> skos:inScheme\n"
        "  <http://publications.europa.eu/resource/authority/language> .\n",
        "utf-8",
    )
    asked = ["validate", data, "--as-published", "--shapes", str(listed)]
    assert run(asked) == 1
    assert run([*asked, "--vocabularies"]) == 0
    assert run([*asked, "--background", str(own)]) == 0
    capsys.readouterr()


def test_official_files_as_published_find_nothing_in_their_own_example_with_the_vocabularies(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    release = shared_data / "shapes-healthdcat-ap-r8"
    files = [release / "shapes" / "non-public-shapes.ttl", release / "controlled-vocabularies"]
    shapes = [part for file in files for part in ("--shapes", str(file))]
    example = str(release / "examples" / "example-healthdcat-dataset.ttl")
    assert run(["validate", example, "--as-published", *shapes, "--vocabularies", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["counts"]["violation"] == 0
    assert "has no sh:path; it is left out." in err
    assert run(["validate", example, "--as-published", *shapes, "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["counts"]["violation"] > 10
