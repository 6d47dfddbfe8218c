from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from shapes import generate, rules
from shapes.errors import BadShapes
from shapes.graph import RecordGraph
from shapes.rules import Row, effective, headers, rows
from shapes.rules.turtle import constraints, list_shape, path, term
from shapes.vocabulary import RDF, SH

BUNDLES = [(header.id, level) for header in headers().values() for level in header.levels or ("",)]


def row(**cells: str) -> Row:
    """A rule of a made-up profile."""
    words = {"name": "n", "message": "m", "fix": "f", "reference": "r", "example": ""}
    known = {"id": "x", "target": "dcat:Dataset", "path": "", "severity": "violation"} | words
    asked = {key: value for key, value in cells.items() if key not in known}
    taken = known | {key: value for key, value in cells.items() if key in known}
    return Row(profile="p", levels=(), constraints=asked, replaces=(), **taken)


def read(profile: str, level: str) -> RecordGraph:
    text = generate.turtle(headers()[profile], level)
    return RecordGraph(quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))


def test_the_committed_files_are_what_the_tables_give() -> None:
    assert generate.stale() == ()


def test_check_exits_1_and_names_a_file_that_was_edited_by_hand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate.write(tmp_path)
    assert generate.main(["--check"], tmp_path) == 0
    tmp_path.joinpath("gdi-core.ttl").write_text("# edited", "utf-8")
    tmp_path.joinpath("old.ttl").write_text("# of a profile that is gone", "utf-8")
    assert generate.main(["--check"], tmp_path) == 1
    assert capsys.readouterr().out.splitlines() == [
        "gdi-core.ttl is not what shapes/rules gives; run python -m shapes.generate",
        "old.ttl is not what shapes/rules gives; run python -m shapes.generate",
    ]
    assert generate.main([], tmp_path) == 0
    assert generate.stale(tmp_path) == ()
    assert not tmp_path.joinpath("old.ttl").exists()


def test_it_runs_as_a_module() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "shapes.generate", "--check"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize(("profile", "level"), BUNDLES)
def test_every_rule_is_one_shape_with_its_own_iri_severity_name_and_message(profile: str, level: str) -> None:
    graph = read(profile, level)
    for each in effective(profile, level):
        node = ox.NamedNode(each.iri)
        if each.check:
            assert node not in graph
            continue
        assert graph.value(node, SH.message) == ox.Literal(each.message, language="en")
        assert graph.value(node, SH.name) == ox.Literal(each.name, language="en")
        assert graph.value(node, SH.severity) == ox.NamedNode(SH[each.severity.capitalize()])
        assert len(graph.values(node, SH.path)) == (1 if each.path else 0)


@pytest.mark.parametrize(("profile", "level"), BUNDLES)
def test_nothing_but_shacl_core_and_no_property_shape_without_a_path(profile: str, level: str) -> None:
    graph = read(profile, level)
    core = {
        "path", "minCount", "maxCount", "nodeKind", "datatype", "class", "node", "hasValue", "in", "pattern", "flags",
        "or", "not", "lessThanOrEquals", "uniqueLang", "qualifiedValueShape", "qualifiedMinCount", "inversePath",
        "alternativePath", "property", "targetClass", "severity", "name", "message",
    }  # fmt: skip
    used = {predicate for node in graph.nodes() for predicate in graph.predicates(node)}
    assert {each.removeprefix(SH.base) for each in used if each.startswith(SH.base)} <= core
    held = [value for node in graph.nodes() for value in graph.values(node, SH.property)]
    assert held
    for value in held:
        assert not isinstance(value, ox.Literal)
        assert graph.values(value, SH.path)
    for node in graph.nodes():
        for value in graph.values(node, SH.node):
            assert isinstance(value, ox.NamedNode)
            assert value in graph, f"{value} is referred to and not there"


@pytest.mark.parametrize(("profile", "level"), BUNDLES)
def test_no_rule_is_generated_twice(profile: str, level: str) -> None:
    iris = [each.iri for each in effective(profile, level)]
    assert len(iris) == len(set(iris))
    graph = read(profile, level)
    targets = [value for node in graph.nodes() for value in graph.values(node, SH.targetClass)]
    assert targets
    assert all(
        graph.types(node) <= {SH.NodeShape, SH.PropertyShape}
        for node in graph.nodes()
        if RDF.type in graph.predicates(node)
    )


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("dct:title", "dct:title"),
        ("dct:publisher/dct:type", "( dct:publisher dct:type )"),
        ("cv:email|cv:contactPage", "[ sh:alternativePath ( cv:email cv:contactPage ) ]"),
        ("^dcat:inSeries", "[ sh:inversePath dcat:inSeries ]"),
        ("a|b", None),
    ],
)
def test_paths(cell: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(BadShapes, match="'a' is neither an IRI nor a name with one of our prefixes"):
            path(cell)
    else:
        assert path(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("true", "true"),
        ("3", "3"),
        ("dct:title", "dct:title"),
        ("gdi:1MGCohort", "<http://data.gdi.eu/core/p2/1MGCohort>"),
        ("https://example.org/x", "<https://example.org/x>"),
    ],
)
def test_terms(cell: str, expected: str) -> None:
    assert term(cell) == expected


EITHER = (
    "sh:or ( [ sh:not [ sh:property [ sh:path dct:a ; sh:hasValue true ] ] ]"
    " [ sh:property [ sh:path dct:b ; sh:minCount 1 ] ]"
    ' [ sh:property [ sh:path ( dct:c dct:d ) ; sh:qualifiedValueShape [ sh:pattern "x$" ; sh:flags "i" ] ;'
    " sh:qualifiedMinCount 1 ] ] [ sh:property [ sh:path dct:e ; sh:hasValue dct:f ] ] )"
)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"path": "dct:title", "min": "1", "kind": "Literal"}, ("sh:minCount 1", "sh:nodeKind sh:Literal")),
        (
            {"path": "dct:a", "datatype": "xsd:date xsd:gYear"},
            ("sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] )",),
        ),
        (
            {"path": "dct:source", "class": "?dcat:Dataset"},
            ("sh:or ( [ sh:class dcat:Dataset ] [ sh:property [ sh:path rdf:type ; sh:maxCount 0 ] ] )",),
        ),
        (
            {"either": "dct:a!=true ; dct:b ; dct:c/dct:d~x$ ; dct:e=dct:f"},
            (EITHER,),
        ),
        (
            {"either": "dct:a!~x"},
            (
                (
                    'sh:or ( [ sh:not [ sh:property [ sh:path dct:a ; sh:qualifiedValueShape [ sh:pattern "x" ;'
                    ' sh:flags "i" ] ; sh:qualifiedMinCount 1 ] ] ] )'
                ),
            ),
        ),
        ({"path": "dct:a", "pattern": '^a\\.b"'}, ('sh:pattern "^a\\\\.b\\""',)),
        ({"path": "dct:a", "node": "@Agent", "list": "?language"}, ("sh:node p:Agent", "sh:node lists:known-language")),
        (
            {"path": "dct:a", "not_more_than": "dct:b", "unique_lang": "true"},
            ("sh:lessThanOrEquals dct:b", "sh:uniqueLang true"),
        ),
    ],
)
def test_what_a_row_asks_becomes_shacl(cells: dict[str, str], expected: tuple[str, ...]) -> None:
    assert constraints(row(**cells)) == expected


def test_a_cell_nobody_can_read_names_the_table_and_the_rule() -> None:
    with pytest.raises(
        BadShapes, match=r"p\.tsv: Rule 'x': 'Title' is neither an IRI nor a name with one of our prefixes"
    ):
        constraints(row(path="dct:title", value="Title"))


def test_lists_are_named_by_what_is_in_them() -> None:
    assert list_shape("country http://publications.europa.eu/resource/authority/place").endswith(
        "lists#country-or-place"
    )


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of rule tables of our own, read instead of the committed ones."""
    monkeypatch.setattr(rules, "files", lambda _name: tmp_path)
    head = "id\ttitle\trelease\tpublished\tlevels\textends\treference\tnote\n"
    tmp_path.joinpath("profiles.tsv").write_text(f"{head}p\tP\t1\t\tlow high\t\thttps://example.org/\t\n", "utf-8")
    rules.headers.cache_clear()
    rules.rows.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    rules.headers.cache_clear()
    rules.rows.cache_clear()


COLUMNS = [
    "id",
    "levels",
    "target",
    "path",
    "min",
    "max",
    "kind",
    "datatype",
    "class",
    "list",
    "value",
    "in",
    "pattern",
    "node",
    "either",
    "not_more_than",
    "unique_lang",
    "check",
    "severity",
    "name",
    "message",
    "fix",
    "example",
    "reference",
    "replaces",
]
GOOD = {
    "id": "a", "target": "dcat:Dataset", "path": "dct:title", "min": "1", "severity": "warning", "name": "n",
    "message": "m", "fix": "f", "reference": "r",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"severity": "grave"}, "its severity 'grave' is none of violation, warning, info."),
        ({"min": ""}, "it asks for nothing: all its constraint columns are empty."),
        ({"message": "", "fix": ""}, "it lacks message, fix."),
        ({"path": ""}, "min needs a path."),
        ({"either": "dct:a"}, "either is about the whole node and goes without a path."),
        ({"kind": "Text"}, "its kind 'Text' is none of IRI, Literal, "),
        ({"levels": "middle"}, "the profile has no level middle."),
        ({"id": ""}, "it has no id or no target."),
        ({"min": "", "check": "Guess"}, "there is no check 'Guess'; there are ContradictedLabel, PersonalMailbox, "),
        ({"check": "PersonalMailbox"}, "a check stands alone: what else the row asks would not be asked."),
    ],
)
def test_a_faulty_row_is_refused_with_table_line_and_fault(table: Path, change: dict[str, str], fault: str) -> None:
    lines = [
        COLUMNS,
        [GOOD.get(each, "") for each in COLUMNS],
        [(GOOD | {"id": "b"} | change).get(each, "") for each in COLUMNS],
    ]
    table.joinpath("p.tsv").write_text("".join("\t".join(line) + "\n" for line in lines), "utf-8")
    with pytest.raises(BadShapes) as caught:
        rows("p")
    assert str(caught.value).startswith("p.tsv line 3: Rule ")
    assert fault in caught.value.detail


def test_a_row_with_a_cell_too_few_and_an_id_twice_are_refused(table: Path) -> None:
    good = "\t".join(GOOD.get(each, "") for each in COLUMNS)
    table.joinpath("p.tsv").write_text("\t".join(COLUMNS) + f"\n{good[:-1]}\n", "utf-8")
    with pytest.raises(BadShapes, match="The row has fewer cells than the table has columns"):
        rows("p")
    table.joinpath("p.tsv").write_text("\t".join(COLUMNS) + f"\n{good}\n{good}\n", "utf-8")
    with pytest.raises(BadShapes, match="The rule id 'a' stands twice"):
        rows("p")


def test_a_rule_that_replaces_one_that_is_not_there_is_refused(table: Path) -> None:
    head = "id\ttitle\trelease\tpublished\tlevels\textends\treference\tnote\n"
    table.joinpath("profiles.tsv").write_text(f"{head}p\tP\t1\t\t\t\t\t\nq\tQ\t1\t\t\tp\t\t\n", "utf-8")
    good = "\t".join(GOOD.get(each, "") for each in COLUMNS)
    stray = "\t".join((GOOD | {"replaces": "gone"}).get(each, "") for each in COLUMNS)
    table.joinpath("p.tsv").write_text("\t".join(COLUMNS) + f"\n{good}\n", "utf-8")
    table.joinpath("q.tsv").write_text("\t".join(COLUMNS) + f"\n{stray}\n", "utf-8")
    with pytest.raises(BadShapes, match="p has no rule gone to replace"):
        effective("q", "")
