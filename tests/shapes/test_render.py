"""Reports in every form: what each must carry, and that nothing a stranger wrote can do harm in any of them."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest

from shapes.engine.paths import path_text
from shapes.errors import BadInput
from shapes.graph import Node, RecordGraph
from shapes.render import FORMATS, MEDIA_TYPES, Judged, as_json, as_text, judged_json, merged, render, render_all
from shapes.report import Finding, Report
from shapes.vocabulary import SH, XSD

TITLE = "http://purl.org/dc/terms/title"
DATASET = "https://example.org/dataset/1"
EVIL = "<script>alert(1)</script>\x1b[31m\n=cmd|'/C calc'!A0"


def finding(**changes: object) -> Finding:
    values: dict[str, object] = {
        "severity": "violation",
        "focus": DATASET,
        "path": TITLE,
        "value": None,
        "component": "MinCountConstraintComponent",
        "shape": "https://example.org/shapes#title",
        "message": "The dataset has no title.",
        "fix": "Add one.",
        "reference": "Rule 1",
        "line": 12,
        "record": DATASET,
    }
    return Finding(**(values | changes))  # type: ignore[arg-type]


def report(*findings: Finding, datasets: int = 1) -> Report:
    return Report("a-profile", "1.0", datasets, findings)


NESTED = finding(component="NodeConstraintComponent", value="_:c0", detail=(finding(focus="_:c0", line=None),))
MANY = report(
    finding(),
    finding(focus="https://example.org/dataset/2", record="https://example.org/dataset/2", line=90),
    finding(severity="warning", path=None, shape=None, value='"x"@en', component="SPARQLConstraintComponent", fix=None),
    NESTED,
    datasets=2,
)


def test_every_form_has_a_media_type_and_renders_an_empty_and_a_full_report() -> None:
    assert FORMATS.keys() == MEDIA_TYPES.keys()
    for form in FORMATS:
        assert render(report(), form)
        assert render(MANY, form, name="a.ttl")


def test_an_unknown_form_is_told_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="There is no report format 'pdf'; these are known: text, json, turtle"):
        render(report(), "pdf")


# --- JSON


def test_json_has_the_keys_of_the_contract() -> None:
    body = as_json(MANY)
    assert {"profile", "release", "conforms", "valid", "datasets", "counts", "findings", "groups"} <= body.keys()
    assert body["counts"] == {"violation": 3, "warning": 1, "info": 0}
    assert (body["conforms"], body["valid"], body["datasets"]) == (False, False, 2)
    keys = {"severity", "focus", "path", "value", "component", "shape", "message", "fix", "line"}
    assert all(keys <= found.keys() for found in body["findings"])
    assert {"shape", "path", "count", "records", "message", "fix"} <= body["groups"][0].keys()
    assert (body["groups"][0]["count"], body["groups"][0]["records"]) == (3, 2)
    assert [nested["focus"] for nested in body["findings"][3]["detail"]] == ["_:c0"]


def test_a_warning_alone_is_valid_and_does_not_conform() -> None:
    body = as_json(report(finding(severity="warning")))
    assert (body["valid"], body["conforms"]) == (True, False)


def test_json_of_several_files_sums_up_and_names_each() -> None:
    body = judged_json((Judged("a.ttl", report(finding())), Judged("b.ttl", report())))
    assert body["datasets"] == 2
    assert [(f["file"], f["valid"]) for f in body["files"]] == [("a.ttl", False), ("b.ttl", True)]
    assert [f["file"] for f in body["findings"]] == ["a.ttl"]
    assert json.loads(render_all((Judged("a.ttl", MANY),), "json"))["profile"] == "a-profile"


def test_reports_of_different_levels_keep_both_releases() -> None:
    both = merged((Judged("a", Report("p", "8 public", 1)), Judged("b", Report("p", "8 non-public", 1))))
    assert (both.profile, both.release, both.datasets) == ("p", "8 public, 8 non-public", 2)


# --- Turtle


def graph_of(text: str) -> RecordGraph:
    return RecordGraph(quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))


def results_of(graph: RecordGraph) -> list[Node]:
    [report_node] = graph.subjects("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", ox.NamedNode(SH.ValidationReport))
    return [r for r in graph.values(report_node, SH.result) if not isinstance(r, ox.Literal)]


def test_turtle_is_a_report_graph_of_shacl() -> None:
    graph = graph_of(render(report(finding()), "turtle"))
    [result] = results_of(graph)
    said = {
        name: graph.value(result, SH[name]) for name in ("focusNode", "resultPath", "resultSeverity", "sourceShape")
    }
    assert said == {
        "focusNode": ox.NamedNode(DATASET),
        "resultPath": ox.NamedNode(TITLE),
        "resultSeverity": ox.NamedNode(SH.Violation),
        "sourceShape": ox.NamedNode("https://example.org/shapes#title"),
    }
    assert graph.value(result, SH.sourceConstraintComponent) == ox.NamedNode(SH.MinCountConstraintComponent)
    assert graph.value(result, SH.resultMessage) == ox.Literal("The dataset has no title.")


def test_turtle_says_whether_the_data_conform() -> None:
    for given, word in ((report(), "true"), (report(finding(severity="info")), "false")):
        graph = graph_of(render(given, "turtle"))
        [conforms] = [t.object for t in graph if t.predicate.value == SH.conforms]
        assert conforms == ox.Literal(word, datatype=ox.NamedNode(XSD.boolean))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("https://example.org/x", ox.NamedNode("https://example.org/x")),
        ("mailto:a@example.org", ox.NamedNode("mailto:a@example.org")),
        ('"https://example.org/x"', ox.Literal("https://example.org/x")),
        ("some words: here", ox.Literal("some words: here")),
        ('"chat"@fr', ox.Literal("chat", language="fr")),
        ('"007"^^xsd:integer', ox.Literal("007", datatype=ox.NamedNode(XSD.integer))),
        ('"a "quoted" word"', ox.Literal('a "quoted" word')),
    ],
)
def test_turtle_gives_values_back_as_the_terms_they_were(text: str, term: object) -> None:
    graph = graph_of(render(report(finding(value=text)), "turtle"))
    assert graph.value(results_of(graph)[0], SH.value) == term


def test_turtle_keeps_blank_nodes_of_different_records_apart_and_of_one_record_together() -> None:
    graph = graph_of(
        render(
            report(
                finding(focus="_:c0"), finding(focus="_:c0", path=None), finding(focus="_:c0", record="https://e.org/2")
            ),
            "turtle",
        )
    )
    nodes = [graph.value(result, SH.focusNode) for result in results_of(graph)]
    assert len(set(nodes)) == 2


def test_turtle_nests_results_under_detail() -> None:
    graph = graph_of(render(report(NESTED), "turtle"))
    [result] = results_of(graph)
    detail = graph.value(result, SH.detail)
    assert isinstance(detail, ox.BlankNode)
    assert graph.value(detail, SH.focusNode) == graph.value(result, SH.value)


@pytest.mark.parametrize(
    "path",
    [
        TITLE,
        "^<http://e.org/a>",
        "<http://e.org/a>/<http://e.org/b>/(^<http://e.org/c>)",
        "<http://e.org/a>|(<http://e.org/b>/<http://e.org/c>)|<http://e.org/d>*",
        "(^(<http://e.org/a>|<http://e.org/b>))+",
        "<http://e.org/a>?",
    ],
)
def test_turtle_gives_a_path_back_as_the_structure_it_was(path: str) -> None:
    graph = graph_of(render(report(finding(path=path)), "turtle"))
    node = graph.value(results_of(graph)[0], SH.resultPath)
    assert node is not None
    simplest = path_text(graph, node)
    again = graph_of(render(report(finding(path=simplest)), "turtle"))
    node = again.value(results_of(again)[0], SH.resultPath)
    assert node is not None
    assert path_text(again, node) == simplest
    assert simplest.replace("(", "").replace(")", "") == path.replace("(", "").replace(")", "")


def test_turtle_names_findings_of_ours_in_our_namespace() -> None:
    graph = graph_of(render(report(finding(component="NoRecord", focus="a file.ttl", path=None)), "turtle"))
    [result] = results_of(graph)
    component = graph.value(result, SH.sourceConstraintComponent)
    assert component == ox.NamedNode("https://w3id.org/gdi-catalogue/ns#NoRecord")
    assert graph.value(result, SH.focusNode) == ox.Literal("a file.ttl")


# --- HTML, CSV, text


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_html_stands_alone_and_escapes_what_strangers_wrote() -> None:
    page = render(report(finding(message=EVIL, value=EVIL, focus=EVIL, record=EVIL, fix=EVIL)), "html", name=EVIL)
    tags = Tags()
    tags.feed(page)
    names = {tag for tag, _ in tags.seen}
    assert not names & {"script", "link", "img", "iframe", "object", "a"}
    assert not any(
        name.startswith("on") or name in {"src", "href"} for _, attributes in tags.seen for name in attributes
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_html_tells_the_rule_the_line_and_the_way_to_mend_it() -> None:
    page = render(MANY, "html")
    for words in ("The dataset has no title.", "Add one.", "Rule: Rule 1", "<td>12</td>", "3 times in 2 records"):
        assert words in page


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_defuses_what_a_spreadsheet_would_run(start: str) -> None:
    [_, row] = csv.reader(io.StringIO(render(report(finding(value=start)), "csv"), newline=""))
    assert row[6] == f"'{start}"


def test_csv_has_one_line_per_finding_with_its_file() -> None:
    rows = list(csv.DictReader(io.StringIO(render_all((Judged("a.ttl", MANY), Judged("b.ttl", MANY)), "csv"))))
    assert [row["file"] for row in rows] == ["a.ttl"] * 4 + ["b.ttl"] * 4
    assert rows[0] | {"shape": ""} == {
        "file": "a.ttl",
        "line": "12",
        "record": DATASET,
        "focus": DATASET,
        "place": "",
        "path": TITLE,
        "value": "",
        "severity": "violation",
        "component": "MinCountConstraintComponent",
        "shape": "",
        "message": "The dataset has no title.",
        "fix": "Add one.",
        "reference": "Rule 1",
    }


def test_text_groups_by_what_is_to_be_mended() -> None:
    text = render(MANY, "text", name="a.ttl")
    assert text.startswith("a.ttl\n2 datasets, not valid: 3 violations, 1 warning, 0 notes  by a-profile (1.0)\n")
    assert text.count("The dataset has no title.") == 2  # once per group
    assert "VIOLATION  dct:title  3 times in 2 records" in text
    assert "    line 12: https://example.org/dataset/1" in text


def test_text_shows_a_few_places_and_counts_the_rest() -> None:
    text = render(report(*(finding(focus=f"https://e.org/{n}") for n in range(9))), "text")
    assert text.count("line 12: ") == 3
    assert "and 6 more" in text


def test_what_a_group_does_not_say_is_said_of_each() -> None:
    one, two = finding(message="Line broken: a"), finding(message="Line broken: b", focus="https://e.org/2")
    for form in ("text", "html"):
        shown = render(report(one, two), form)
        assert "Line broken: a" in shown
        assert "Line broken: b" in shown


def test_text_is_safe_for_a_terminal() -> None:
    text = render(report(finding(message=EVIL, value=EVIL, focus=EVIL)), "text", name=EVIL)
    assert "\x1b" not in text
    assert all(c.isprintable() or c == "\n" for c in text)


def test_colours_are_apart_from_the_words() -> None:
    styled = as_text((Judged("a", MANY),))
    assert styled.plain == render(MANY, "text", name="a")
    assert any("red" in str(span.style) for span in styled.spans)


def test_text_says_how_to_get_to_a_blank_node() -> None:
    text = render(report(finding(focus="_:c14n0", place="dcat:distribution / dct:license")), "text")
    assert f"line 12: {DATASET}  (dcat:distribution / dct:license)" in text


# --- SARIF


def sarif(*judged: Judged) -> dict[str, object]:
    [run] = json.loads(render_all(judged, "sarif"))["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_has_what_code_hosts_ask_for() -> None:
    run = json.loads(render(MANY, "sarif", name="a folder/a.ttl"))
    assert run["version"] == "2.1.0"
    [run] = run["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules)) == 2
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        [place] = result["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"] == "a%20folder/a.ttl"
        assert place["physicalLocation"]["region"]["startLine"] >= 1
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning", "error"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 12}


def test_sarif_fingerprints_stay_when_lines_move_and_differ_between_findings() -> None:
    def prints(*findings: Finding) -> list[str]:
        results = json.loads(render(report(*findings), "sarif"))["runs"][0]["results"]
        return [result["partialFingerprints"]["finding/v1"] for result in results]

    assert prints(finding(line=1)) == prints(finding(line=99))
    assert len(set(prints(finding(), finding(focus="https://e.org/2"), finding(value="v")))) == 3


def test_sarif_names_a_nameless_shape_by_what_it_asks() -> None:
    run = sarif(Judged("a.ttl", report(finding(shape="_:b9f"))))
    [result] = run["results"]  # type: ignore[misc,attr-defined]
    assert result["ruleId"] == f"MinCountConstraintComponent {TITLE}"
