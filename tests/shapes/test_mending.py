"""What to mend first: findings of many records put together, what mending them frees and wins."""

from __future__ import annotations

from shapes.mending import mends
from shapes.report import Finding, Report
from shapes.vocabulary import DCAT, DCT

MISSING = "MinCountConstraintComponent"
SHAPE = "https://w3id.org/gdi-catalogue/shapes#"


def finding(record: str, path: str | None, severity: str = "violation", **more: str) -> Finding:
    said = {"component": MISSING, "shape": f"urn:x:{path}", "message": f"{path} is missing."} | more
    return Finding(
        severity=severity,
        focus=record,
        path=path,
        value=more.pop("value", None),
        record=record,
        **{name: text for name, text in said.items() if name != "value"},
    )


def report(*findings: Finding, profile: str = "dcat-ap-3.0.1") -> Report:
    return Report(profile, "", len({each.record for each in findings}), findings)


def test_what_must_be_comes_first_then_what_touches_most_records() -> None:
    found = mends(
        report(
            finding("a", DCAT.theme, "warning"), finding("b", DCAT.theme, "warning"),
            finding("a", DCT.title), finding("a", DCT.description), finding("b", DCT.description),
        )
    )  # fmt: skip
    assert [(each.path, each.group.records) for each in found] == [
        ("dct:description", 2), ("dct:title", 1), ("dcat:theme", 2),
    ]  # fmt: skip
    assert found[0].records == ("a", "b")


def test_a_record_is_freed_by_what_all_its_violations_are() -> None:
    found = mends(
        report(
            finding("a", DCT.title), finding("a", DCT.description),
            finding("b", DCT.title), finding("c", DCT.title), finding("c", DCAT.theme, "warning"),
        )
    )  # fmt: skip
    assert {each.path: each.freed for each in found} == {"dct:title": 2, "dct:description": 0, "dcat:theme": 0}


def test_points_are_those_of_the_metric_that_asks_for_the_very_property() -> None:
    at_distribution = {"place": "dcat:distribution"}
    found = mends(
        report(
            finding("a", DCAT.keyword, "warning"), finding("b", DCAT.keyword, "warning"),
            finding("a", DCAT.mediaType, "warning", **at_distribution),
            finding("a", DCAT.mediaType, "warning", **at_distribution),
            finding("a", DCT.spatial, "warning", component="ClassConstraintComponent"),
            finding("a", DCT.license, "warning", **at_distribution),
            profile="fdp",
        )
    )  # fmt: skip
    assert {each.path: each.points for each in found} == {
        "dcat:keyword": 60, "dcat:mediaType": 10, "dct:spatial": 0, "dct:license": 0,
    }  # fmt: skip


def test_who_is_freed_wins_the_points_for_compliance_where_the_profile_speaks_of_it() -> None:
    found = finding("a", DCT.publisher)
    assert [each.points for each in mends(report(found))] == [40]
    assert [each.points for each in mends(report(found, profile="healthdcat-ap-r8"))] == [40]
    assert [each.points for each in mends(report(found, profile="fdp"))] == [10]
    assert [each.points for each in mends(report(found, profile=""))] == [10]


def test_by_points_what_wins_most_comes_first_whatever_its_severity() -> None:
    one = finding("a", DCT.title, component="NodeKindConstraintComponent")
    other = finding("a", DCAT.keyword, "warning")
    assert [each.path for each in mends(report(one, other, profile=""))] == ["dct:title", "dcat:keyword"]
    assert [each.path for each in mends(report(one, other, profile=""), by_points=True)] == [
        "dcat:keyword",
        "dct:title",
    ]


def test_values_found_are_told_the_commonest_first_and_five_at_most() -> None:
    values = ["x", "y", "y", *map(str, range(9))]
    (found,) = mends(report(*(finding(f"r{n}", DCT.issued, value=value) for n, value in enumerate(values))))
    assert found.values[:2] == ("y", "x")
    assert len(found.values) == 5


def test_nothing_found_is_nothing_to_mend() -> None:
    assert mends(report()) == ()
