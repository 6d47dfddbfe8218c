"""Scores: what each metric asks, what cannot be known, and that every lost point says how to win it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_shacl import read

from shapes.cut import cut
from shapes.graph import RecordGraph, node_of
from shapes.parse import Document
from shapes.parse import read as read_document
from shapes.profiles import profile
from shapes.record import Record
from shapes.report import Verdict
from shapes.scores import Score, metrics, score_document, score_record, scores
from shapes.scores.conditions import CONDITIONS
from shapes.scores.subject import Subject
from shapes.validate import Validator

EU = "http://publications.europa.eu/resource/authority/"
D = "https://example.org/d"
VALID = Verdict("dcat-ap-3.0.1", "3.0.1", conforms=True)
INVALID = Verdict("healthdcat-ap-r8", "Release 8 public", conforms=False, violation=1)


def scored(
    statements: str, verdict: Verdict | None = None, reachable: dict[str, bool] | None = None
) -> dict[str, Score]:
    graph = RecordGraph(read(f"<{D}> a dcat:Dataset {statements} ."))
    return {each.scheme: each for each in scores(graph, node_of(D), verdict, reachable or {})}


def won(metric: str, statements: str, scheme: str = "mqa", **more: object) -> bool | None:
    found = scored(statements, **more)[scheme]  # type: ignore[arg-type]
    return next(each.won for each in found.outcomes if each.metric.id == metric)


def on(statements: str) -> str:
    return f"; dcat:distribution [ a dcat:Distribution {statements} ]"


def test_the_mqa_has_23_metrics_and_405_points_in_five_dimensions() -> None:
    by_dimension: dict[str, int] = {}
    for each in metrics("mqa"):
        by_dimension[each.dimension] = by_dimension.get(each.dimension, 0) + each.points
    assert len(metrics("mqa")) == 23
    assert by_dimension == {
        "findability": 100, "accessibility": 100, "interoperability": 110, "reusability": 75, "contextuality": 20,
    }  # fmt: skip


def test_every_metric_has_a_condition_there_is_and_a_fix() -> None:
    for each in (*metrics("mqa"), *metrics("fair")):
        assert each.fix.endswith("."), each.id
        assert each.reference, each.id
        assert not each.test.startswith("@") or each.test[1:] in CONDITIONS, each.id
    named = {each.test[1:] for scheme in ("mqa", "fair") for each in metrics(scheme) if each.test.startswith("@")}
    assert named == set(CONDITIONS)


def test_a_bare_dataset_wins_nothing_and_hears_how_to_win() -> None:
    found = scored("")["mqa"]
    assert (found.points, found.known, found.most, found.percent) == (0, 375, 405, 0)
    assert [each.metric.id for each in found.unknown] == ["compliance"]
    assert found.lost[0].metric.id == "access-url-reachable"
    assert found.rating == "bad"


@pytest.mark.parametrize(
    ("metric", "statements", "expected"),
    [
        ("keywords", '; dcat:keyword "genome"', True),
        ("geo-search", f"; dct:spatial <{EU}country/NLD>", True),
        ("time-search", "; dct:temporal [ a dct:PeriodOfTime ]", True),
        ("format-listed", on(f"; dct:format <{EU}file-type/CSV>"), True),
        ("format-listed", on('; dct:format "CSV"'), False),
        ("format-listed", on(f"; dct:format <{EU}file-type/CSV> ; dcat:mediaType 'text/csv'"), False),
        ("format-listed", on(""), False),
        ("machine-readable", on(f"; dct:format <{EU}file-type/CSV>"), True),
        ("machine-readable", on(f"; dct:format <{EU}file-type/PDF>"), False),
        ("machine-readable", on('; dct:format "xlsx"'), True),
        ("machine-readable", on(f"; dct:format <{EU}file-type/LAZ>"), None),
        ("non-proprietary", on(f"; dct:format <{EU}file-type/XLSX>"), False),
        ("non-proprietary", on("; dcat:mediaType <http://www.iana.org/assignments/media-types/text/csv>"), True),
        ("licence-listed", on(f"; dct:license <{EU}licence/CC_BY_4_0>"), True),
        ("licence-listed", on("; dct:license <https://creativecommons.org/licenses/by/4.0/>"), True),
        ("licence-listed", on("; dct:license <https://example.org/terms>"), False),
        ("access-rights-listed", f"; dct:accessRights <{EU}access-right/NON_PUBLIC>", True),
        ("access-rights-listed", "; dct:accessRights <https://example.org/secret>", False),
        ("issued", "; dct:issued '2024'", True),
        ("issued", on("; dct:issued '2024'"), True),
    ],
)
def test_what_a_metric_asks(metric: str, statements: str, *, expected: bool | None) -> None:
    assert won(metric, statements) is expected


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (VALID, True),
        (INVALID, False),
        (None, None),
        (Verdict("gdi-core", "1+MG v1.1", conforms=True), None),
        (Verdict("s.ttl", "", conforms=True), None),
    ],
)
def test_compliance_is_what_a_profile_with_the_rules_of_dcat_ap_says(
    verdict: Verdict | None, *, expected: bool | None
) -> None:
    assert won("compliance", "", verdict=verdict) is expected


@pytest.mark.parametrize(
    ("reachable", "expected"),
    [({}, None), ({"https://a.example/": True}, True), ({"https://a.example/": False}, False)],
)
def test_whether_an_address_answers_is_passed_in(reachable: dict[str, bool], *, expected: bool | None) -> None:
    statements = on("; dcat:accessURL <https://a.example/>")
    assert won("access-url-reachable", statements, reachable=reachable) is expected


def test_the_distribution_with_most_points_counts() -> None:
    statements = on('; dct:format "CSV"') + on(f"; dct:format <{EU}file-type/CSV> ; dcat:byteSize 5")
    assert won("byte-size", statements) is True
    assert won("format-listed", statements) is True


def test_data_that_is_not_public_has_a_score_without_what_cannot_apply() -> None:
    assert "mqa-controlled" not in scored(f"; dct:accessRights <{EU}access-right/PUBLIC>")
    found = scored(f"; dct:accessRights <{EU}access-right/RESTRICTED>")["mqa-controlled"]
    assert found.most == 325
    assert {each.id for each in metrics("mqa")} - {each.metric.id for each in found.outcomes} == {
        "download-url", "download-url-reachable", "licence", "licence-listed",
    }  # fmt: skip
    assert found.rating == ""


def test_a_rating_is_given_only_where_the_unknown_cannot_change_it() -> None:
    everything = f"""; dcat:keyword "k" ; dcat:theme <{EU}data-theme/HEAL> ; dct:spatial <{EU}country/NLD> ;
      dct:temporal [] ; dct:accessRights <{EU}access-right/PUBLIC> ; dcat:contactPoint [] ; dct:publisher [] ;
      dct:issued '2024' ; dct:modified '2024' """ + on(
        f"""; dcat:accessURL <https://a.example/> ; dcat:downloadURL <https://a.example/f> ;
        dct:format <{EU}file-type/CSV> ; dcat:mediaType <http://www.iana.org/assignments/media-types/text/csv> ;
        dct:license <{EU}licence/CC0> ; dct:rights [] ; dcat:byteSize 5"""
    )
    unsure = scored(everything)["mqa"]
    assert (unsure.points, unsure.percent, unsure.rating) == (295, 100, "")
    tried = {"https://a.example/": True, "https://a.example/f": True}
    sure = scored(everything, VALID, tried)["mqa"]
    assert (sure.points, sure.most, sure.rating, sure.lost) == (405, 405, "excellent", ())


def test_completeness_follows_the_rules_of_release_8_at_the_level_of_the_dataset() -> None:
    found = scored(f"; dct:accessRights <{EU}access-right/PUBLIC> ; dct:title 'T'")["completeness"]
    strict = scored(f"; dct:accessRights <{EU}access-right/NON_PUBLIC> ; dct:title 'T'")["completeness"]
    assert found.points == 4  # two duties, two points each
    keyword = {each.metric.title: each.metric for each in found.outcomes}["dcat:keyword"]
    assert (keyword.points, keyword.dimension) == (1, "recommended")
    duty = {each.metric.title: each.metric for each in strict.outcomes}["dcat:keyword"]
    assert (duty.points, duty.dimension, duty.fix) == (2, "mandatory", "Add a keyword.")
    assert strict.most > found.most


@pytest.mark.parametrize(
    ("metric", "statements", "expected"),
    [
        ("RDA-F1-01M", "", False),
        ("RDA-F1-02M", "", True),
        ("RDA-F1-01D", '; dct:identifier "EGAD00001000001"', True),
        ("RDA-F1-01D", '; dct:identifier "https://doi.org/10.5281/zenodo.1"', True),
        ("RDA-F1-01D", '; dct:identifier "12"', False),
        ("RDA-F1-02D", '; adms:identifier [ skos:notation "12" ; adms:schemaAgency "EGA" ]', True),
        ("RDA-F3-01M", '; dct:identifier "12"', True),
        ("RDA-I2-01M", f"; dcat:theme <{EU}data-theme/HEAL> ; dct:language <{EU}language/ENG>", False),
        ("RDA-I2-01M", (f"; dcat:theme <{EU}data-theme/HEAL> ; dct:language <{EU}language/ENG> ;"
         f" dct:accessRights <{EU}access-right/PUBLIC>"), True),
        ("RDA-R1.1-02M", ("; odrl:hasPolicy [ odrl:permission [ odrl:constraint [ odrl:rightOperand"
         " obo:DUO_0000042 ] ] ]"), True),
        ("RDA-R1.1-03M", "; odrl:hasPolicy []", True),
        ("RDA-R1.1-03M", on("; dct:license 'CC BY'"), False),
    ],
)  # fmt: skip
def test_fair_indicators(metric: str, statements: str, *, expected: bool) -> None:
    assert won(metric, statements, "fair") is expected


def test_a_skolem_name_is_no_identifier() -> None:
    node = "https://example.org/.well-known/genid/1"
    graph = RecordGraph(read(f"<{node}> a dcat:Dataset ."))
    (fair,) = (each for each in scores(graph, node_of(node)) if each.scheme == "fair")
    assert next(each.won for each in fair.outcomes if each.metric.id == "RDA-F1-02M") is False


def test_a_document_is_scored_dataset_by_dataset(shared_data: Path) -> None:
    path = shared_data / "shapes-healthdcat-ap-r8" / "examples" / "example-healthdcat-dataset.ttl"
    document = Document(path.read_bytes(), path.name, "https://example.org/")
    (record,) = (each for each in cut(read_document(document)) if isinstance(each, Record) and each.kind == "dataset")
    report = Validator(profile("healthdcat-ap-r8")).judge(record)
    (found,) = score_document(document, report)
    assert found.record == record.subject
    assert [(each.scheme, each.points, each.known) for each in found.scores] == [
        ("mqa", 315, 325),
        ("mqa-controlled", 275, 275),
        ("completeness", 55, 56),
        ("fair", 14, 18),
    ]
    assert score_record(record, report.verdict()) == found.scores


def test_what_is_no_dataset_has_no_scores() -> None:
    document = Document(b"<https://example.org/c> a <http://www.w3.org/ns/dcat#Catalog> ;"
                        b" <http://purl.org/dc/terms/title> 'C' .", "c.ttl", "https://example.org/")  # fmt: skip
    (record,) = (each for each in cut(read_document(document)) if isinstance(each, Record))
    assert score_record(record) == ()


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("dct:title", 1),
        ("dct:issued", 0),
        ("dct:issued|dcat:distribution/dct:issued", 2),
        ("dcat:distribution/dct:license|dct:title", 1),
        ("dct:title/dct:issued", 0),
        ("adms:identifier/skos:notation", 0),
    ],
)
def test_a_path_is_met_where_it_has_values(path: str, values: int) -> None:
    said = on('; dct:issued "2024", "2025"') + "; dcat:distribution [ a dcat:Distribution ]; dct:title 'T'"
    graph = RecordGraph(read(f"<{D}> a dcat:Dataset {said} ."))
    subject = Subject(graph, node_of(D), node_of(D), compliant=None, reachable={})
    assert subject.has(path) is (values > 0)
    assert len(subject.values(path)) == values
    assert subject.values(path) == subject.values(path)


def test_datasets_described_alike_have_one_score_at_each_level() -> None:
    public = f"; dct:accessRights <{EU}access-right/PUBLIC>; dct:title 'T'"
    first, second = scored(public)["completeness"], scored(public)["completeness"]
    strict = scored("; dct:accessRights <urn:x>; dct:title 'T'")["completeness"]
    assert first is second
    assert first.percent == first.points * 100 // first.known
    assert len(strict.outcomes) > len(first.outcomes)
