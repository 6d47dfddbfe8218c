"""One verdict at four doors: command line, page, REST, harvest.

The first three take a file and give one JSON report: the same bytes. A harvest judges record by record and keeps what
it found under the record: the same findings, save the lines of a file it does not keep, and what is about the file
rather than a record of it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from catalogue.assemble import House, open_house
from catalogue.settings import read_settings
from harvester.source import Source
from shapes.record import Kind
from ui.app import create_app
from ui.cli.main import run
from ui.judging import DESK

PROFILE = "healthdcat-ap-r8"
PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# One statement of it cannot be read, a date is none, two datasets share an identifier, nodes have no names.
BROKEN = (
    PREFIXES
    + """<http://example.org/a> a dcat:Dataset ; dct:title "A"@en ; dct:identifier "one" ;
  dct:issued "spring"^^xsd:date ; dcat:distribution [ a dcat:Distribution ; dct:title 5 ] .
<http://example.org/b> a dcat:Dataset ; dct:title "B" ; dct:title "B <b>b</b>"@en ; dct:identifier "one" .
<http://example.org/c> a dcat:Dataset ; dct:title broken here .
<http://example.org/d> a dcat:DatasetSeries ; dct:title "Série"@fr .
"""
)
# What a harvest tells in its ledger: it is about the file, or about several records of it.
OF_THE_FILE = frozenset({"SyntaxError", "NoRecord", "NotJudged", "SharedIdentifier"})
FILES = (
    "broken.ttl",
    "shapes-healthdcat-ap-r8/examples/ARCA.ttl",
    "shapes-healthdcat-ap-r8/examples/example-healthdcat-dataset.ttl",
    "examples-dac/gdi-dataset-with-dac.ttl",
    "examples-health/FDZ-Gesundheit.ttl",
)


@dataclass(frozen=True)
class Doors:
    """A catalogue with its web doors, and a folder from which files are named without their folder."""

    house: House
    web: FlaskClient
    folder: Path

    def command_line(self, name: str, capsys: pytest.CaptureFixture[str]) -> str:
        assert run(["validate", name, "--profile", PROFILE, "--format", "json"]) in (0, 1)
        return capsys.readouterr().out

    def page(self, name: str) -> str:
        return self._sent("/validate", name, profile=PROFILE, format="json")

    def rest(self, name: str) -> str:
        return self._sent(f"/api/v1/validate?profile={PROFILE}", name)

    def _sent(self, address: str, name: str, **fields: str) -> str:
        file = (io.BytesIO((self.folder / name).read_bytes()), name)
        answer = self.web.post(address, data={"file": file, **fields}, content_type="multipart/form-data")
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        return answer.get_data(as_text=True)

    def harvested(self, name: str) -> list[dict[str, Any]]:
        source = Source(name.partition(".")[0].lower(), str(self.folder / name), protocol="rdf", profile=PROFILE)
        self.house.journal.add_source(source)
        self.house.harvest(source)
        found = []
        for state in self.house.journal.heads(None, source=source.name):
            if state.kind in (Kind.DATASET, Kind.SERIES):
                told = self.web.get(f"/dataset/{state.id}/quality.json").get_data(as_text=True)
            else:
                told = self.web.get(f"/api/v1/datasets/{state.id}/report").get_data(as_text=True)
            found += json.loads(told)["findings"]
        return found


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    folder = tmp_path_factory.mktemp("files")
    flags = {"data": tmp_path_factory.mktemp("four") / "data", "validate_max_bytes": 10_000_000}
    with open_house(read_settings(environment={}, flags=flags)) as house:
        app = create_app(house.catalogue, replace(house.settings))
        yield Doors(house, app.test_client(), folder)
        app.extensions[DESK].close()


@pytest.fixture(params=FILES, ids=lambda path: path.rpartition("/")[2])
def name(request: pytest.FixtureRequest, doors: Doors, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file in the folder, by its name."""
    path: str = request.param
    own = doors.folder / path.rpartition("/")[2]
    if path == "broken.ttl":
        own.write_text(BROKEN, "utf-8")
    elif not own.exists():
        shared: Path = request.getfixturevalue("shared_data")
        own.symlink_to(shared / path)
    monkeypatch.chdir(doors.folder)
    return own.name


def plain(findings: list[dict[str, Any]]) -> list[str]:
    """Findings in an order of their own, without what only a file has."""
    kept = [{name: value for name, value in each.items() if name not in ("file", "line")} for each in findings]
    return sorted(json.dumps(each, sort_keys=True) for each in kept if each["component"] not in OF_THE_FILE)


def test_a_file_has_one_report_at_every_door(doors: Doors, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = doors.command_line(name, capsys)
    assert doors.rest(name) == told
    assert doors.page(name) == told
    report = json.loads(told)
    assert report["findings"]
    assert report["files"][0]["file"] == name
    assert plain(doors.harvested(name)) == plain(report["findings"])


def test_the_broken_file_is_told_of_at_every_door(
    doors: Doors, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (doors.folder / "told.ttl").write_text(BROKEN, "utf-8")
    monkeypatch.chdir(doors.folder)
    report = json.loads(doors.command_line("told.ttl", capsys))
    found = {each["component"]: each["line"] for each in report["findings"]}
    assert found["SyntaxError"] == 7
    assert "SharedIdentifier" in found
    assert [each["line"] for each in report["findings"] if "spring" in (each["value"] or "")] == [5]
    doors.harvested("told.ttl")
    (last,) = doors.house.journal.runs("told")
    ledger = doors.house.journal.run(last.id)
    assert 7 in [problem.line for problem in ledger.problems]
