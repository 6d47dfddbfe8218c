"""Judging records and documents: the unit, the background, what may never be called valid, and where findings point."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapes.cut import cut
from shapes.documents import judge_document
from shapes.errors import BadShapes, NotRdf, OverBudget, UnknownProfile
from shapes.lines import LineIndex
from shapes.media import JSONLD, RDFXML, TURTLE
from shapes.parse import Document, read
from shapes.profiles import profile
from shapes.record import Kind, Record
from shapes.report import Finding, Report
from shapes.validate import Criteria, GraphValidator, Validator, make_validator, read_shapes
from shapes.workers import Worker, judge_many

R8 = "healthdcat-ap-r8"
PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
ACCESS = "http://publications.europa.eu/resource/authority/access-right/"
THEME = "http://publications.europa.eu/resource/authority/data-theme/"


@pytest.fixture(scope="module")
def dcat_ap() -> Validator:
    return Validator(profile("dcat-ap-3.0.1"))


@pytest.fixture(scope="module")
def r8() -> Validator:
    return Validator(profile(R8))


def document(turtle: str, name: str = "a.ttl") -> Document:
    return Document((PREFIXES + turtle).encode(), name, "http://example.org/")


def records(turtle: str) -> list[Record]:
    return [part for part in cut(read(document(turtle))) if isinstance(part, Record)]


def about(report: Report, path: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.path == path]


def judged(turtle: str, validator: Validator | GraphValidator) -> Report:
    return judge_document(document(turtle), validator)


# --- official and real files


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("shapes-healthdcat-ap-r8/examples/example-healthdcat-dataset.ttl", "non-public"),
        ("shapes-healthdcat-ap-r8/examples/ARCA.ttl", "public"),
        ("examples-dac/gdi-dataset-with-dac.ttl", "non-public"),
    ],
)
def test_official_examples_have_no_violation(shared_data: Path, r8: Validator, name: str, level: str) -> None:
    path = shared_data / name
    report = judge_document(Document(path.read_bytes(), name, path.as_uri()), r8)
    assert [f for f in report.findings if f.severity == "violation"] == []
    assert report.datasets == 1
    assert report.release == f"{r8.profile.release} {level}"


def test_the_same_findings_whether_judged_here_or_by_workers(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shapes.workers.WORTH_A_CREW", 20)
    path = shared_data / "real-be-health" / "node-a-sciensano-2025-04-13.ttl"
    found = [part for part in cut(read(Document(path.read_bytes(), "a", ""))) if isinstance(part, Record)]
    some = found[:45]
    validator = Validator(profile("dcat-ap-3.0.1"))
    assert list(judge_many(some, Criteria("dcat-ap-3.0.1"), workers=2)) == [validator.judge(r) for r in some]


# --- the unit is the record


def test_a_value_of_a_code_list_is_known_without_being_sent(dcat_ap: Validator) -> None:
    listed = judged(f"ex:d a dcat:Dataset ; dct:title 't' ; dcat:theme <{THEME}HEAL> .", dcat_ap)
    unlisted = judged("ex:d a dcat:Dataset ; dct:title 't' ; dcat:theme ex:mine .", dcat_ap)
    assert [f for f in about(listed, "http://www.w3.org/ns/dcat#theme") if f.value] == []
    assert {f.value for f in about(unlisted, "http://www.w3.org/ns/dcat#theme")} == {"http://example.org/mine"}


def test_another_record_is_judged_in_its_own_graph_only(dcat_ap: Validator) -> None:
    turtle = "ex:d a dcat:Dataset ; dct:title 't' ; dct:description 'd' ; dcat:inSeries ex:s . "
    turtle += "ex:s a dcat:DatasetSeries ; dct:title 's' ."
    by_record = {r.subject: dcat_ap.judge(r) for r in records(turtle)}
    assert not [f for f in by_record["http://example.org/d"].findings if f.focus == "http://example.org/s"]
    series = by_record["http://example.org/s"]
    assert [f.focus for f in about(series, "http://purl.org/dc/terms/description")] == ["http://example.org/s"]
    assert series.datasets == 0


def test_the_level_is_chosen_per_dataset_and_told(r8: Validator) -> None:
    levels = {}
    turtle = "".join(
        f"ex:{name} a dcat:Dataset ; dct:title '{name}' ; {rights} ."
        for name, rights in {
            "open": f"dct:accessRights <{ACCESS}PUBLIC>",
            "shut": f"dct:accessRights <{ACCESS}NON_PUBLIC>",
            "none": "dct:identifier 'n'",
        }.items()
    )
    for record in records(turtle):
        levels[record.subject.rpartition("/")[2]] = r8.judge(record).release.removeprefix(f"{r8.profile.release} ")
    assert levels == {"open": "public", "shut": "non-public", "none": "non-public"}


def test_a_finding_says_what_is_wrong_how_to_mend_it_and_by_which_rule(dcat_ap: Validator) -> None:
    [finding] = about(judged("ex:d a dcat:Dataset ; dct:title 't' .", dcat_ap), "http://purl.org/dc/terms/description")
    assert finding.severity == "violation"
    assert finding.component == "MinCountConstraintComponent"
    assert finding.message == "The dataset has no description (dct:description)."
    assert finding.fix is not None
    assert finding.fix.startswith("Add a description")
    assert finding.reference == "DCAT-AP 3.0.1, Dataset: description"
    assert finding.record == finding.focus == "http://example.org/d"
    assert finding.place is None


def test_a_finding_deep_in_a_record_says_how_to_get_there_and_the_record_s_line(dcat_ap: Validator) -> None:
    turtle = "ex:d a dcat:Dataset ; dct:title 't' ; dct:description 'd' ;\n dcat:distribution [ a dcat:Distribution ] ."
    [finding] = about(judged(turtle, dcat_ap), "http://www.w3.org/ns/dcat#accessURL")
    assert finding.focus.startswith("_:")
    assert finding.place == "dcat:distribution"
    assert finding.line == 7


def test_an_ill_typed_date_is_found_and_shown_as_delivered(dcat_ap: Validator) -> None:
    turtle = "ex:d a dcat:Dataset ; dct:title 't' ; dct:issued '2024-13-45'^^xsd:date ."
    values = {f.value for f in about(judged(turtle, dcat_ap), "http://purl.org/dc/terms/issued")}
    assert values == {'"2024-13-45"^^xsd:date'}


def test_a_literal_rdflib_would_rewrite_is_judged_as_delivered(r8: Validator) -> None:
    health = "http://healthdataportal.eu/ns/health#numberOfRecords"
    good = f"ex:d a dcat:Dataset ; dct:title 't' ; <{health}> '5'^^xsd:nonNegativeInteger ."
    bad = f"ex:d a dcat:Dataset ; dct:title 't' ; <{health}> '5'^^xsd:integer ."
    assert [f for f in about(judged(good, r8), health) if f.value] == []
    assert {f.value for f in about(judged(bad, r8), health)} == {'"5"^^xsd:integer'}


def test_findings_come_in_the_same_order_every_time(shared_data: Path, r8: Validator) -> None:
    path = shared_data / "examples-health" / "FDZ-Gesundheit.ttl"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    first, second = (
        judge_document(Document(path.read_bytes(), "f", ""), by).findings for by in (r8, Validator(profile(R8)))
    )
    assert first == second
    ranks = [("violation", "warning", "info").index(f.severity) for f in first]
    assert ranks == sorted(ranks)


# --- nothing is called valid for want of something to judge


def test_a_document_without_any_record_is_a_violation(dcat_ap: Validator) -> None:
    report = judged("ex:x foaf:name 'somebody' .", dcat_ap)
    [finding] = report.findings
    assert not report.valid
    assert finding.component == "NoRecord"
    assert finding.message == (
        "This document describes no dcat:Dataset, dcat:DatasetSeries, dcat:DataService or dcat:Catalog."
    )
    assert finding.focus == "a.ttl"


def test_an_empty_catalogue_is_a_violation(dcat_ap: Validator) -> None:
    report = judged("ex:c a dcat:Catalog ; dct:title 'c' .", dcat_ap)
    assert [f.message for f in report.findings if f.component == "NoRecord"] == [
        "This document describes a catalogue without any dataset."
    ]


def test_a_catalogue_that_lists_datasets_described_elsewhere_is_not_empty(dcat_ap: Validator) -> None:
    report = judged("ex:c a dcat:Catalog ; dct:title 'c' ; dcat:dataset ex:d .", dcat_ap)
    assert not [f for f in report.findings if f.component == "NoRecord"]


def test_an_unread_statement_is_a_violation_with_its_line(dcat_ap: Validator) -> None:
    report = judged(
        "ex:d a dcat:Dataset ;\n dct:title 't' .\nex:e nope:p 1 .\nex:f a dcat:Dataset ; dct:title 'f' .", dcat_ap
    )
    [finding] = [f for f in report.findings if f.component == "SyntaxError"]
    assert finding.severity == "violation"
    assert finding.line == 9
    assert finding.message.startswith("A statement could not be read: ")
    assert report.datasets == 2


def test_a_truncated_document_is_never_valid(dcat_ap: Validator) -> None:
    report = judged("ex:d a dcat:Dataset ; dct:title 't' ; dct:description 'd", dcat_ap)
    assert any(f.component == "SyntaxError" for f in report.findings)
    assert not report.valid


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The document is empty"),
        (b"<!DOCTYPE html><html><body>Sorry</body></html>", "This is an HTML page, not RDF"),
        (b"just words", "it begins with 'just words'"),
    ],
)
def test_what_is_no_rdf_is_refused(dcat_ap: Validator, data: bytes, message: str) -> None:
    with pytest.raises(NotRdf) as caught:
        judge_document(Document(data, "page", ""), dcat_ap)
    assert message in caught.value.detail
    assert caught.value.url == "page"


def test_xml_that_cannot_be_read_at_all_is_refused_with_its_line(dcat_ap: Validator) -> None:
    data = b'<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<rdf:oops'
    with pytest.raises(NotRdf, match="Nothing in it could be read") as caught:
        judge_document(Document(data, "a.rdf", ""), dcat_ap)
    assert caught.value.line is not None


# --- shapes of others

OWN_SHAPES = """ex:S a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property ex:owner .
ex:owner sh:path ex:owner ; sh:minCount 1 ; sh:severity sh:Warning ."""


def test_shapes_alone_judge_the_whole_graph_without_cutting_it() -> None:
    validator = make_validator(Criteria(shapes=(document(OWN_SHAPES, "own.ttl"),)))
    report = judged("ex:d a dcat:Dataset . ex:e a dcat:Dataset ; ex:owner ex:o .", validator)
    assert (report.profile, report.release, report.datasets) == ("own.ttl", "", 2)
    [finding] = report.findings
    assert (finding.severity, finding.focus, finding.line) == ("warning", "http://example.org/d", 7)
    assert finding.message == "http://example.org/owner is missing."
    assert report.valid
    assert not report.conforms


def test_shapes_beside_a_profile_are_asked_of_every_record() -> None:
    validator = make_validator(Criteria("dcat-ap-3.0.1", shapes=(document(OWN_SHAPES, "own.ttl"),)))
    report = judged("ex:d a dcat:Dataset ; dct:title 't' .", validator)
    assert {f.path for f in report.findings} >= {"http://example.org/owner", "http://purl.org/dc/terms/description"}


def test_a_message_of_the_shapes_is_taken_in_english_first() -> None:
    shapes = OWN_SHAPES + ' ex:owner sh:message "Besitzer fehlt"@de , "Say who owns it"@en .'
    [finding] = judged("ex:d a dcat:Dataset .", make_validator(Criteria(shapes=(document(shapes),)))).findings
    assert finding.message == "Say who owns it"


@pytest.mark.parametrize(
    ("constraint", "value", "message"),
    [
        ("sh:maxCount 1", "1 , 2", "ex:p may have one value only."),
        ("sh:datatype xsd:date", "'x'", "A value of ex:p must be a literal of the datatype xsd:date, well written."),
        ("sh:nodeKind sh:IRI", "'x'", "A value of ex:p must be an IRI."),
        ("sh:in ( 1 2 )", "3", 'A value of ex:p must be one of: "1"^^xsd:integer, "2"^^xsd:integer.'),
        ("sh:pattern '^a'", "'b'", "A value of ex:p must match the pattern ^a."),
        ("sh:class foaf:Agent", "ex:x", "A value of ex:p must be of the class foaf:Agent."),
        ("sh:hasValue ex:y", "ex:x", "ex:p must have the value http://example.org/y."),
        ("sh:lessThan dct:issued", "3", "A value of ex:p must be less than dct:issued."),
        ("sh:languageIn ( 'en' 'nl' )", "'x'@de", "A value of ex:p must be a text in one of these languages: en, nl."),
        ("sh:or ( [ sh:nodeKind sh:IRI ] )", "'x'", "A value of ex:p fits none of the alternatives allowed."),
    ],
)
def test_a_shape_without_a_message_gets_one_in_plain_words(constraint: str, value: str, message: str) -> None:
    shapes = f"ex:S sh:targetClass dcat:Dataset ; sh:property ex:ps . ex:ps sh:path ex:p ; {constraint} ."
    data = f"ex:d a dcat:Dataset ; ex:p {value} ; dct:issued 2 ."
    [finding] = judged(data, make_validator(Criteria(shapes=(document(shapes),)))).findings
    assert (
        finding.message.replace("http://example.org/p ", "ex:p ").replace("http://example.org/p.", "ex:p.") == message
    )


def test_another_severity_keeps_its_name() -> None:
    shapes = OWN_SHAPES.replace("sh:Warning", "ex:Grave")
    report = judged("ex:d a dcat:Dataset .", make_validator(Criteria(shapes=(document(shapes),))))
    assert report.findings[0].severity == "http://example.org/Grave"
    assert report.counts() == {"violation": 0, "warning": 0, "info": 0, "http://example.org/Grave": 1}


def test_a_background_file_says_what_values_are() -> None:
    shapes = OWN_SHAPES + " ex:owner sh:class foaf:Agent ."
    criteria = Criteria(shapes=(document(shapes),), background=(document("ex:o a foaf:Agent .", "bg.ttl"),))
    assert judged("ex:d a dcat:Dataset ; ex:owner ex:o .", make_validator(criteria)).findings == ()


def test_a_shapes_file_that_does_not_parse_is_named_with_its_line() -> None:
    with pytest.raises(BadShapes) as caught:
        read_shapes([document("ex:S sh:targetClass nope:Dataset .", "own.ttl")])
    assert (caught.value.url, caught.value.line) == ("own.ttl", 7)


def test_shapes_that_cannot_be_used_are_named_with_their_file() -> None:
    with pytest.raises(BadShapes) as caught:
        read_shapes([document("ex:S sh:targetClass ex:C ; sh:node ex:S .", "own.ttl")])
    assert caught.value.url == "own.ttl"


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(UnknownProfile, match=f"There is no profile 'nope'; there are .*{R8}"):
        make_validator(Criteria("nope"))


def test_nameless_shapes_and_nodes_are_named_alike_at_every_reading() -> None:
    shapes = "ex:S sh:targetClass dcat:Dataset ; sh:property [ sh:path ex:p ; sh:class ex:C ] ."
    first, second = (
        judged(
            "ex:d a dcat:Dataset ; ex:p [ ex:q 1 ] , [ ex:q 2 ] .", make_validator(Criteria(shapes=(document(shapes),)))
        )
        for _ in range(2)
    )
    assert first == second
    assert [(f.shape, f.value) for f in first.findings] == [("_:shape0", "_:n0"), ("_:shape0", "_:n1")]


def test_unread_statements_and_missing_records_are_told_apart(dcat_ap: Validator) -> None:
    groups = judged("ex:x nope:p 1 .\nex:y nope:q 2 .\nex:z foaf:name 'z' .", dcat_ap).groups()
    assert [(g.shape, g.count) for g in groups] == [
        ("https://w3id.org/gdi-catalogue/ns#SyntaxError", 2),
        ("https://w3id.org/gdi-catalogue/ns#NoRecord", 1),
    ]


# --- lines


@pytest.mark.parametrize(
    ("text", "syntax", "iri", "line"),
    [
        ("@prefix ex: <http://e/> .\n\nex:a ex:p ex:b .\nex:b a ex:C .", TURTLE, "http://e/b", 4),
        ("PREFIX ex: <http://e/>\nex:a ex:p\n  ex:b ,\n  ex:c ;\n  a ex:D .\nex:c a ex:D .", TURTLE, "http://e/c", 6),
        ("<http://e/a> <http://e/p> 1 .\n<http://e/b> <http://e/p> 1 .", TURTLE, "http://e/b", 2),
        ("@base <http://e/> .\n<a> <p> 1 . <b> <p> 2 .", TURTLE, "http://e/b", 2),
        ("@prefix ex: <http://e/> .\nex:a\\,b a ex:C .", TURTLE, "http://e/a,b", 2),
        ("@prefix ex: <http://e/> .\nex:a ex:p ex:b .", TURTLE, "http://e/b", None),
        (
            "PREFIX ex: <http://e/>\n# about b\nex:a a ex:C . # and now\n\n  # this\nex:b a ex:C .",
            TURTLE,
            "http://e/b",
            6,
        ),
        ("@prefix ex: <http://e/> .\nex:a\n  ex:p ex:x ;\n  ex:q ex:y .\nex:q a ex:P .", TURTLE, "http://e/q", 5),
        ("<rdf:RDF>\n<a rdf:about='http://e/a?x=1&amp;y=2'/>", RDFXML, "http://e/a?x=1&y=2", 2),
        ('{\n"@id": "http://e/a"}', JSONLD, "http://e/a", None),
    ],
)
def test_the_line_of_a_subject(text: str, syntax: object, iri: str, line: int | None) -> None:
    assert LineIndex(text.encode(), syntax, "http://e/").line(iri) == line  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("http://example.org/one", 3),
        ("http://example.org/two", 4),
        ('"drie"@nl', 5),
        ('"4"^^xsd:integer', 6),
        ("five", 7),
        ("not there", 2),
        ("six", 2),
    ],
)
def test_the_line_of_a_value_is_that_within_its_subject(value: str, line: int) -> None:
    text = "@prefix ex: <http://example.org/> .\nex:a ex:p 0 ;\n ex:p ex:one ;\n ex:p <http://example.org/two> ;\n"
    text += " ex:p 'drie'@nl ;\n ex:p \"4\"^^ex:i ;\n ex:p \"five\" .\nex:b ex:p 'six' ."
    assert LineIndex(text.encode(), TURTLE).line("http://example.org/a", value) == line


# --- workers


def test_a_judgement_that_takes_too_long_is_ended_and_the_next_one_works() -> None:
    worker = Worker()
    slow = "ex:d a dcat:Dataset ; dct:title 't' ; dcat:distribution " + ", ".join(f"ex:x{n}" for n in range(4000))
    slow += " . " + " ".join(f"ex:x{n} a dcat:Distribution ." for n in range(4000))
    try:
        with pytest.raises(OverBudget, match=r"The validation was stopped after 0\.2 seconds\."):
            worker.judge_document(Criteria("dcat-ap-3.0.1"), document(slow), timeout=0.2)
        report = worker.judge_document(Criteria("dcat-ap-3.0.1"), document("ex:d a dcat:Dataset ; dct:title 't' ."))
        assert report.datasets == 1
    finally:
        worker.close()


def test_a_worker_hands_a_fault_on_as_it_is() -> None:
    worker = Worker()
    try:
        with pytest.raises(NotRdf) as caught:
            worker.judge_document(Criteria("dcat-ap-3.0.1"), Document(b"<html></html>", "p", ""))
        assert (caught.value.detail, caught.value.url) == ("This is an HTML page, not RDF", "p")
    finally:
        worker.close()


def test_a_few_records_are_judged_without_any_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shapes.workers.Worker", None)
    found = records("ex:d a dcat:Dataset ; dct:title 't' . ex:e a dcat:Dataset ; dct:title 'e' .")
    reports = list(judge_many(found, Criteria("dcat-ap-3.0.1"), workers=2))
    assert [r.findings[0].record for r in reports] == [r.subject for r in found]
    assert {r.kind for r in found} == {Kind.DATASET}
