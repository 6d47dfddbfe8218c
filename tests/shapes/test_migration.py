"""What breaks when a node moves: two profiles over the same records, and the same two rule by rule."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shapes.crosswalk import GONE, MANDATORY, NEW_DUTY, NEW_VALUES, Line, crosswalk, main, page
from shapes.migration import migrate
from shapes.profiles import profile
from shapes.render.moving import crosswalk_json, crosswalk_text, migration_json, migration_text
from shapes.report import Finding, Report

PAGE = Path(__file__).resolve().parents[2] / "docs" / "crosswalk-gdi-core-r8.md"


def finding(severity: str, path: str, *, record: str = "https://example.org/d", component: str = "Min") -> Finding:
    message = f"About {path}."
    return Finding(severity, record, path, None, component, f"urn:{path}", message, f"Mend {path}.", record=record)


def report(*findings: Finding, name: str = "old", datasets: int = 2) -> Report:
    return Report(name, "1", datasets, findings)


BEFORE = report(finding("violation", "urn:a"), finding("violation", "urn:b"), finding("warning", "urn:c"))
AFTER = report(
    finding("violation", "urn:b", component="Other"),
    finding("violation", "urn:c"),
    finding("violation", "urn:d"),
    finding("violation", "urn:d", record="https://example.org/e"),
    finding("warning", "urn:e"),
    finding("warning", "urn:a"),
    name="new",
)


def test_what_breaks_stays_is_advised_and_is_eased() -> None:
    found = migrate(BEFORE, AFTER)
    assert [each.path for each in found.breaks] == ["urn:c", "urn:d", "urn:d"]
    assert [each.path for each in found.stays] == ["urn:b"]
    assert [each.path for each in found.asks] == ["urn:e"]
    assert [each.path for each in found.eased] == ["urn:a"]
    assert (found.possible, found.records) == (False, 2)


def test_nothing_breaks_where_the_second_profile_finds_nothing_new() -> None:
    found = migrate(BEFORE, report(finding("violation", "urn:a"), name="new"))
    assert (found.possible, found.records, found.breaks) == (True, 0, ())
    assert migration_text(found).splitlines()[:2] == ["From old (1) to new (1): 2 datasets", "Nothing breaks."]


def test_the_text_says_what_to_do_most_records_first() -> None:
    lines = migration_text(migrate(BEFORE, AFTER)).splitlines()
    assert lines[1] == "3 new violations in 2 records"
    assert lines[3:7] == [
        "What breaks (a violation by the second profile only):",
        "  urn:d  2 times in 2 records",
        "    About urn:d.",
        "    Fix: Mend urn:d.",
    ]
    assert "    Fix: Mend urn:a." not in lines


def test_the_json_holds_the_same() -> None:
    body = json.loads(migration_json(migrate(BEFORE, AFTER)))
    assert body["from"] == {
        "profile": "old", "release": "1", "valid": False, "counts": {"violation": 2, "warning": 1, "info": 0},
    }  # fmt: skip
    assert (body["possible"], body["records"], body["datasets"]) == (False, 2, 2)
    assert [(each["path"], each["records"]) for each in body["breaks"]] == [("urn:d", 2), ("urn:c", 1)]
    assert [each["path"] for each in body["eased"]] == ["urn:a"]


def lines_of(before: str, after: str) -> dict[tuple[str, str], Line]:
    return {(each.target, each.path): each for each in crosswalk(profile(before), profile(after))}


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("healthdcatap:hasStructuredData", NEW_DUTY),
        ("healthdcatap:hdab", NEW_DUTY),
        ("dcat:distribution", NEW_DUTY),
        ("dct:provenance", NEW_DUTY),
        ("dcat:theme", NEW_VALUES),
        ("healthdcatap:healthCategory", NEW_VALUES),
        ("dct:conformsTo", NEW_VALUES),
        ("dct:publisher", NEW_VALUES),
    ],
)
def test_the_known_conflicts_between_gdi_core_and_release_8(path: str, change: str) -> None:
    line = lines_of("gdi-core", "healthdcat-ap-r8")[("dcat:Dataset", path)]
    assert line.change == change
    assert line.rules


def test_an_obligation_may_differ_by_level() -> None:
    line = lines_of("gdi-core", "healthdcat-ap-r8")[("dcat:Dataset", "dcat:keyword")]
    assert dict(line.after.obligation) == {
        "public": "recommended", "restricted": "recommended", "non-public": MANDATORY,
    }  # fmt: skip
    assert [rule.id for rule in line.rules] == ["dataset-keyword-required"]


def test_what_release_6_asked_and_release_8_does_not() -> None:
    found = lines_of("healthdcat-ap-r6", "healthdcat-ap-r8")
    assert found["HealthPublisher", "healthdcatap:trustedDataHolder"].change == GONE
    assert found["csvw:Column", "csvw:title"].change == NEW_DUTY
    assert found["csvw:Column", "csvw:titles"].change == GONE


def test_a_profile_is_the_same_as_itself() -> None:
    assert crosswalk(profile("fdp"), profile("fdp")) == ()


def test_the_committed_page_is_what_the_tables_give() -> None:
    assert PAGE.read_text("utf-8") == page(profile("gdi-core"), profile("healthdcat-ap-r8"))


def test_the_module_writes_the_page_and_refuses_other_than_two_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gdi-core", "healthdcat-ap-r8"]) == 0
    assert capsys.readouterr().out == PAGE.read_text("utf-8")
    assert main(["gdi-core"]) == 2
    assert capsys.readouterr().err.startswith("Name two profiles: python -m shapes.crosswalk")


def test_the_crosswalk_as_text_and_json() -> None:
    before, after = profile("gdi-core"), profile("healthdcat-ap-r8")
    text = crosswalk_text(before, after)
    assert "\nBECOMES MANDATORY\n  dcat:Dataset dcat:contactPoint\n    Add a contact point." in text
    body = json.loads(crosswalk_json(before, after))
    assert body["to"] == {"profile": "healthdcat-ap-r8", "release": "Release 8"}
    (line,) = (each for each in body["lines"] if each["path"] == "healthdcatap:hasStructuredData")
    assert (line["class"], line["change"]) == ("dcat:Dataset", NEW_DUTY)
    assert line["before"]["obligation"] == "not mentioned"
    assert line["after"]["values"] == ["datatype: xsd:boolean", "max: 1"]
    assert line["rules"][0]["fix"].startswith("Write true or false.")
