"""The recipe for validating in CI does what it says: its commands run, its YAML is YAML, its exit codes are true."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from ui.cli.main import run

PAGE = Path(__file__).resolve().parent.parent / "docs" / "validate-in-ci.md"
PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
"""
VALID = PREFIXES + "<http://example.org/d> a dcat:Dataset ; dct:title 'T'@en ; dct:description 'D'@en .\n"
RULES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
<urn:x:S> sh:targetClass dcat:Dataset ; sh:property <urn:x:P> . <urn:x:P> sh:path dcat:version ; sh:minCount 1 .
"""


def commands() -> list[str]:
    """Every command of the page, without what the shell does with it."""
    found = re.findall(r"gdi-catalogue validate [^\n`]+", PAGE.read_text("utf-8"))
    return sorted({re.split(r"\s+[>#]\s*", command)[0].strip() for command in found})


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of metadata as the recipe supposes it."""
    (tmp_path / "metadata").mkdir()
    (tmp_path / "metadata" / "one.ttl").write_text(VALID, "utf-8")
    (tmp_path / "our-rules.ttl").write_text(RULES, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_has_the_commands_for_both_services() -> None:
    forms = " ".join(commands())
    for word in ("--format sarif", "--format html", "--format csv", "--scores", "--compare-with", "--shapes"):
        assert word in forms


@pytest.mark.parametrize("command", commands())
def test_every_command_of_the_recipe_runs(command: str, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert repository.is_dir()
    assert run(shlex.split(command)[1:]) in (0, 1)
    told = capsys.readouterr()
    assert "Error" not in told.err
    assert told.out


def test_what_code_scanning_is_given_names_file_and_line(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "metadata" / "two.ttl").write_text(
        PREFIXES + "<http://example.org/e> a dcat:Dataset ; dct:title 'T'@en .\n", "utf-8"
    )
    (command,) = (each for each in commands() if "sarif" in each)
    assert run(shlex.split(command)[1:]) == 1
    found = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    places = {
        (place["artifactLocation"]["uri"], place["region"]["startLine"])
        for each in found
        for place in (each["locations"][0]["physicalLocation"],)
    }
    assert ("metadata/two.ttl", 3) in places


def test_the_exit_codes_are_those_of_the_table(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = dict(re.findall(r"^\| (\d) \| (.*?) \|", PAGE.read_text("utf-8"), re.MULTILINE))
    assert sorted(rows) == ["0", "1", "2", "3"]
    assert run(["validate", "metadata/", "--profile", "dcat-ap-3.0.1"]) == 0
    assert run(["validate", "metadata/", "--profile", "healthdcat-ap-r8"]) == 1
    assert run(["validate", "metadata/", "--profile", "klingon"]) == 2
    (repository / "metadata" / "three.ttl").write_text("this is no RDF", "utf-8")
    assert run(["validate", "metadata/", "--profile", "dcat-ap-3.0.1"]) == 2
    capsys.readouterr()


def test_the_pipelines_are_indented_as_yaml_and_call_the_command() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        assert "\t" not in block
        assert all((len(line) - len(line.lstrip(" "))) % 2 == 0 for line in block.splitlines())
        assert "pip install" in block
        assert "gdi-catalogue validate metadata/ --profile healthdcat-ap-r8" in block
