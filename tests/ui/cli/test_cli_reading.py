"""`search`, `show`, `sparql`, `dacs`: what is found, how it is written, and every question that cannot be answered."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from command_line import CommandLine, alone
from nodes.samples import BASE, PREFIXES, dataset

ACCESS = "http://publications.europa.eu/resource/authority/access-right/"
DATASETS = (
    ("a", "Rare disease genomes of the", "NON_PUBLIC"),
    ("b", "Rare cancer genomes of the", "RESTRICTED"),
    ("c", "Weather of the", "PUBLIC"),
)
COMMITTEES = """\
[[committee]]
id = "north-dac"
country = "FI"
role = "decides"
level = "national"
email = "dac@north.example"
[committee.name]
en = "Committee of the North"
fi = "Pohjoisen toimikunta"

[[committee]]
id = "central"
role = "recommends"
level = "central"
email = "dac@central.example"
[committee.name]
en = "Central Committee"
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three datasets of one node, and a committee that answers for them."""
    folder = tmp_path_factory.mktemp("prepared")
    text = PREFIXES + "".join(
        dataset(name, title, identifier=f"id-{name}", more=f" ; dct:accessRights <{ACCESS}{right}>")
        for name, title, right in DATASETS
    )
    (folder / "catalogue.ttl").write_text(text, "utf-8")
    (folder / "committees.toml").write_text(COMMITTEES, "utf-8")
    add = ("sources", "add", "north", f"{folder}/catalogue.ttl", "--title", "Node North", "--country", "FI")
    with pytest.MonkeyPatch.context() as surroundings:
        alone(surroundings)
        cli = CommandLine(folder / "data")
        cli.done("dacs", "import", folder / "committees.toml")
        cli.done(*add, "--default-dac", "north-dac")
        cli.done("harvest")
    return folder


@pytest.fixture
def north(prepared: Path, tmp_path: Path) -> CommandLine:
    """The command line over a copy of it."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return CommandLine(tmp_path / "data")


# -- search ----------------------------------------------------------------------------------------------------------


def test_a_hit_tells_what_it_is_who_decides_and_why_it_matched(north: CommandLine) -> None:
    found = north("search", "rare disease", "--json").json
    assert (found["total"], found["page"], found["size"]) == (1, 1, 20)
    (hit,) = found["hits"]
    assert hit["iri"] == f"{BASE}a"
    assert (hit["title"], hit["country"], hit["source"]) == ("Rare disease genomes of the a", "FI", "north")
    assert hit["access_rights"] == "NON_PUBLIC"
    assert [(body["id"], body["role"]) for body in hit["dac"]] == [("north-dac", "decides")]
    assert hit["decider"]["status"] == "rule"
    assert {match["field"] for match in hit["matched"]} == {"title"}
    assert {"theme", "access_rights", "publisher", "country", "dac", "node"} <= found["facets"].keys()


def test_words_and_facets_are_anded_and_a_repeated_facet_is_ored(north: CommandLine) -> None:
    def total(*arguments: str) -> int:
        return int(north("search", *arguments, "--json").json["total"])

    assert total() == 3
    assert total("genomes") == 2
    assert total("rare", "--facet", "access_rights=NON_PUBLIC") == 1
    assert total("rare", "--facet", "access_rights=NON_PUBLIC", "--facet", "access_rights=RESTRICTED") == 2
    assert total("rare", "--facet", "access_rights=PUBLIC") == 0
    assert total("--facet", "node=north", "--facet", "dac=north-dac") == 3


def test_facet_counts_ignore_their_own_choice(north: CommandLine) -> None:
    facet = north("search", "rare", "--facet", "access_rights=NON_PUBLIC", "--json").json["facets"]["access_rights"]
    assert {(v["value"], v["count"], v["selected"]) for v in facet["values"]} == {
        ("NON_PUBLIC", 1, True),
        ("RESTRICTED", 1, False),
    }


def test_pages_follow_each_other_and_hold_every_hit_once(north: CommandLine) -> None:
    pages = [north("search", "--size", "2", "--page", page, "--sort", "title", "--json").json for page in ("1", "2")]
    assert [[hit["title"][:4] for hit in page["hits"]] for page in pages] == [["Rare", "Rare"], ["Weat"]]
    assert [page["total"] for page in pages] == [3, 3]
    after = ("search", "--size", "2", "--sort", "title", "--cursor", pages[0]["next"])
    assert north(*after, "--json").json["hits"] == pages[1]["hits"]
    assert pages[1]["next"] is None
    assert north(*after).lines[2] == "3. Weather of the c"


def test_people_see_number_title_and_who_decides(north: CommandLine) -> None:
    lines = north("search", "weather").lines
    assert lines[0] == "1 datasets"
    assert lines[2] == "1. Weather of the c"
    assert lines[3].endswith("FI | PUBLIC | Committee of the North (decides)")
    assert lines[4] == "   title: [[Weather]] of the c"


SEARCH_WRONG = {
    "a facet nobody has": (("--facet", "colour=blue"), "There is no facet or parameter 'colour'. The facets are: "),
    "a facet without value": (("--facet", "country"), "'country' is no facet and value: write NAME=VALUE"),
    "a facet with an empty value": (("--facet", "country="), "'country=' is no facet and value"),
    "a parameter that is no facet": (("--facet", "page=2"), "There is no facet or parameter 'page'."),
    "a range that is none": (("--facet", "individuals=few..many"), "individuals cannot be 'few..many': write a range "),
    "a range the wrong way round": (("--facet", "individuals=20..10"), "individuals cannot be '20..10'"),
    "bytes that are no text": (("\udcff",), "it is not valid Unicode."),
    "a facet of bytes that are no text": (("--facet", "node=\udcff"), "it is not valid Unicode."),
    "a page beyond the end": (("--page", "9"), "There is no page 9: of 3 datasets, 20 to a page, there is only one "),
    "page zero": (("--page", "0"), "page cannot be 0: pages count from 1."),
    "a page of nothing": (("--size", "0"), "size cannot be 0: a page has 1 to 1000 datasets."),
    "a page too large": (("--size", "1001"), "size cannot be 1001: a page has 1 to 1000 datasets."),
    "an unknown order": (("--sort", "colour"), "There is no order 'colour'. The orders are: relevance, title, "),
    "a text too long": (("x" * 2001,), "The search text has 2001 characters; at most 2000 are allowed."),
    "NUL in the text": (("a\x00b",), ""),
}


@pytest.mark.parametrize("case", SEARCH_WRONG)
def test_a_search_that_cannot_be_is_exit_2_with_a_sentence(north: CommandLine, case: str) -> None:
    arguments, sentence = SEARCH_WRONG[case]
    said = north("search", *arguments, "--json")
    assert (said.code, said.json["status"]) == (2, 400)
    assert said.json["code"] in {"bad-query", "usage"}
    assert sentence in said.json["detail"]


@pytest.mark.parametrize("text", ["'", '"', "a OR", "(", "title:", "*", "-", "\\", "🧬", "AND NOT", "[1 TO", "^2", "~"])
def test_any_text_is_only_text(north: CommandLine, text: str) -> None:
    assert north("search", "--json", "--", text).code == 0


def test_an_empty_catalogue_answers_too(cli: CommandLine) -> None:
    assert cli("search", "anything").out.startswith("0 datasets")
    assert cli("sparql", "SELECT ?s { ?s a dcat:Dataset }").out.strip() == "?s"
    assert cli("dacs", "list").out == "No committees yet. Import some: gdi-catalogue dacs import FILE\n"
    assert cli("doctor").code == 0


# -- show ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["{id}", "id-a", f"{BASE}a"])
def test_a_record_is_found_by_any_of_its_names(north: CommandLine, name: str) -> None:
    record = north("search", "disease", "--json").json["hits"][0]["id"]
    shown = north("show", name.format(id=record), "--json").json
    assert (shown["id"], shown["iri"], shown["status"]) == (record, f"{BASE}a", "listed")


def test_people_see_what_matters_of_a_record(north: CommandLine) -> None:
    facts = dict(line.split(None, 1) for line in north("show", "id-a").lines if not line.startswith(("who", "first")))
    assert (facts["title"], facts["node"], facts["iri"]) == ("Rare disease genomes of the a", "north", f"{BASE}a")
    assert "who decides    Committee of the North (decides, by node-default)" in north("show", "id-a").lines


DELIVERED = {
    f'<{BASE}a> <http://purl.org/dc/terms/title> "Rare disease genomes of the a"@en',
    f"<{BASE}a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset>",
    f'<{BASE}a> <http://purl.org/dc/terms/identifier> "id-a"',
    f"<{BASE}a> <http://purl.org/dc/terms/accessRights> <{ACCESS}NON_PUBLIC>",
}
READERS = {
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
}


@pytest.mark.parametrize("form", READERS)
def test_what_was_delivered_comes_back_in_every_syntax(north: CommandLine, form: str) -> None:
    said = north("show", "id-a", "--as", "delivered", "--format", form)
    assert said.code == 0
    assert {str(quad.triple) for quad in ox.parse(said.out, format=READERS[form])} == DELIVERED


@pytest.mark.parametrize("form", READERS)
def test_what_is_published_adds_our_own_record_and_the_committee(north: CommandLine, form: str) -> None:
    said = north("show", "id-a", "--format", form)
    published = {str(quad.triple) for quad in ox.parse(said.out, format=READERS[form])}
    assert published > DELIVERED
    assert any("http://www.w3.org/ns/dcat#CatalogRecord" in triple for triple in published)
    assert any("/dac/north-dac>" in triple for triple in published)


def test_literals_are_the_node_s_own_to_the_letter(cli: CommandLine, published: Callable[..., Path]) -> None:
    number = '"007"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>'
    body = f"<{BASE}n> a dcat:Dataset ; dct:title 'n' ; dct:identifier 'n' ; dct:extent {number} .\n"
    cli.done("sources", "add", "north", published(text=PREFIXES + body))
    cli.done("harvest")
    for view in ("delivered", "published"):
        assert number in cli("show", "n", "--as", view, "--format", "ntriples").out
    assert number in cli("export").out


def test_what_was_delivered_is_a_graph_unless_another_form_is_asked_for(north: CommandLine) -> None:
    said = north("show", "id-a", "--as", "delivered")
    assert {str(quad.triple) for quad in ox.parse(said.out, format=ox.RdfFormat.TURTLE)} == DELIVERED
    as_json = north("show", "id-a", "--as", "delivered", "--json")
    assert {str(quad.triple) for quad in ox.parse(as_json.out, format=ox.RdfFormat.JSON_LD)} == DELIVERED


def test_a_history_is_no_graph(north: CommandLine) -> None:
    said = north("show", "id-a", "--as", "history", "--format", "turtle", "--json")
    assert said.code == 2
    assert said.json["detail"] == "A history is told as text or, with --json, as JSON; turtle writes a description."


def test_an_unknown_record_is_said(north: CommandLine) -> None:
    said = north("show", "id-z", "--json")
    assert (said.code, said.json["status"]) == (2, 404)
    assert said.json["detail"] == "There is no record 'id-z' in this catalogue."
    for odd in ("", "a\x00b", "x" * 5000, "<>", "%"):
        assert north("show", odd).code == 2


# -- sparql ----------------------------------------------------------------------------------------------------------

COUNT = "SELECT (COUNT(DISTINCT ?d) AS ?n) { ?d a dcat:Dataset }"


def test_tables_come_in_every_form(north: CommandLine) -> None:
    assert north("sparql", COUNT).out == "?n\n3\n"
    assert north("sparql", COUNT, "--format", "csv").out.split() == ["n", "3"]
    assert north("sparql", COUNT, "--json").json["results"]["bindings"][0]["n"]["value"] == "3"
    assert north("sparql", COUNT, "--format", "json").json["head"] == {"vars": ["n"]}
    assert "<sparql" in north("sparql", COUNT, "--format", "xml").out


def test_graphs_and_yes_or_no_come_too(north: CommandLine) -> None:
    construct = "CONSTRUCT { ?d dct:title ?t } WHERE { ?d a dcat:Dataset ; dct:title ?t }"
    for form, reader in (("turtle", ox.RdfFormat.TURTLE), ("ntriples", ox.RdfFormat.N_TRIPLES)):
        assert len(list(ox.parse(north("sparql", construct, "--format", form).out, format=reader))) == 3
    assert len(list(ox.parse(north("sparql", construct).out, format=ox.RdfFormat.TURTLE))) == 3
    assert north("sparql", "ASK { ?d a dcat:Dataset }", "--json").json["boolean"] is True


def test_the_query_may_come_from_a_file_or_standard_input(
    north: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "count.rq"
    file.write_text(COUNT, "utf-8")
    assert north("sparql", "-f", file).out == "?n\n3\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(COUNT))
    assert north("sparql", "-f", "-").out == "?n\n3\n"


SPARQL_WRONG = {
    "no query": (("SELEC ?s",), "The query does not parse at line 1, column "),
    "an update": (("INSERT DATA { <a:b> <a:b> <a:b> }",), "This endpoint is read only: updates are not allowed."),
    "a deletion": (("DELETE WHERE { ?s ?p ?o }",), "This endpoint is read only: updates are not allowed."),
    "loading": (("LOAD <https://elsewhere.example/>",), "This endpoint is read only: updates are not allowed."),
    "asking elsewhere": (
        ("SELECT * { SERVICE <https://elsewhere.example/> { ?s ?p ?o } }",),
        "SERVICE is not allowed: this endpoint answers from its own catalogue only.",
    ),
    "an unknown prefix": (
        ("SELECT * { ?s nope:nope ?o }",),
        'The query does not parse at line 1, column 24, near "?o }": a prefix is not declared.',
    ),
    "no time at all": (("ASK {}", "--timeout", "0"), "Invalid value for '--timeout': 0.0 is not in the range x>0."),
    "a table as a graph": ((COUNT, "--format", "turtle"), "SELECT gives a table, which turtle cannot hold."),
    "a graph as a table": (
        ("CONSTRUCT WHERE { ?s ?p ?o }", "--format", "csv"),
        "CONSTRUCT gives a graph, which csv cannot hold.",
    ),
    "no such file": (("-f", "none.rq"), "The query file cannot be read: No such file or directory."),
}


@pytest.mark.parametrize("case", SPARQL_WRONG)
def test_a_query_that_cannot_be_is_exit_2_with_a_sentence(north: CommandLine, case: str) -> None:
    arguments, sentence = SPARQL_WRONG[case]
    said = north("sparql", *arguments, "--json")
    assert (said.code, said.json["status"]) == (2, 400)
    assert said.json["detail"].startswith(sentence)
    assert north("sparql", COUNT).out == "?n\n3\n"


def test_a_query_file_that_is_no_text_is_said(north: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "count.rq"
    file.write_bytes(b"\xff\xfe\x00")
    assert north("sparql", "-f", file).err == f"Error: {file}: The query file cannot be read: it is not UTF-8 text.\n"


def test_a_query_over_its_time_is_stopped_and_says_so(north: CommandLine) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    said = north("sparql", endless, "--timeout", "0.2", "--json")
    assert (said.code, said.json["code"]) == (2, "over-budget")
    assert said.json["detail"] == "The query was stopped after 0.2 seconds, its time budget."


# -- dacs ------------------------------------------------------------------------------------------------------------


def test_committees_are_listed_with_the_datasets_each_governs(north: CommandLine) -> None:
    found = north("dacs", "list", "--json").json
    assert [(each["id"], each["datasets"]) for each in found] == [("central", 0), ("north-dac", 3)]
    assert [each["id"] for each in north("dacs", "list", "--country", "fi", "--json").json] == ["north-dac"]
    assert north("dacs", "list").lines[2].split()[:2] == ["north-dac", "Committee"]
    assert north("dacs", "list", "--country", "se").out == "No committee of SE.\n"


def test_a_committee_is_shown_with_its_names(north: CommandLine) -> None:
    shown = north("dacs", "show", "north-dac", "--json").json
    assert {name["language"]: name["value"] for name in shown["names"]} == {
        "en": "Committee of the North",
        "fi": "Pohjoisen toimikunta",
    }
    assert (shown["role"], shown["email"], shown["datasets"]) == ("decides", "dac@north.example", 3)
    assert any(line.split() == ["email", "dac@north.example"] for line in north("dacs", "show", "north-dac").lines)


def test_importing_again_says_what_is_new_and_reaches_store_and_index(north: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "committees.toml"
    assert north("dacs", "import", file, "--json").json["unchanged"] == 2
    file.write_text(COMMITTEES.replace("Committee of the North", "Access Body of the North"), "utf-8")
    said = north.done("dacs", "import", file)
    assert said.err == "0 committees added, 1 changed, 1 unchanged.\n"
    assert north("search", "disease", "--json").json["hits"][0]["dac"][0]["name"] == "Access Body of the North"
    assert north("doctor").code == 0


def test_an_entry_tells_what_changed_and_whether_it_is_due(north: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "committees.toml"
    file.write_text(COMMITTEES.replace("Committee of the North", "Access Body of the North"), "utf-8")
    north.done("dacs", "import", file)
    told = north("dacs", "show", "north-dac", "--history").lines
    assert [line.split("  ")[1] for line in told] == ["committees.toml: names", "committees.toml: entered"]
    due = [each["id"] for each in north("dacs", "list", "--due", "--json").json]
    assert "north-dac" in due
    assert north("dacs", "show", "central", "--history", "--json").json["history"][0]["first"] is True


def test_the_worklist_counts_what_has_no_deciding_body_by_node(north: CommandLine, tmp_path: Path) -> None:
    north.done("sources", "add", "south", str(tmp_path / "catalogue.ttl"), "--country", "NL")
    north.done("harvest", "south")
    works = {work["node"]: work for work in north("dacs", "worklist", "--json").json}
    assert works["north"]["undecided"] == 0
    assert works["south"]["undecided"] == works["south"]["datasets"] - works["south"]["open"] > 0
    listed = north("dacs", "worklist", "south", "--json").json
    assert len(listed) == works["south"]["undecided"]
    assert {each["decider"]["status"] for each in listed} == {"none"}
    assert any(line.split()[:2] == ["south", "NL"] for line in north("dacs", "worklist").lines)
    assert north("dacs", "worklist", "nobody").code == 2


def test_a_use_in_mind_is_answered_for_every_hit(north: CommandLine) -> None:
    found = north("search", "--use", "purpose=health", "--json").json
    assert {hit["use"]["answer"] for hit in found["hits"]} <= {"yes", "ask", "no"}
    chosen = north("search", "--use", "purpose=health", "--use", "answer=ask", "--json").json
    assert chosen["total"] == sum(hit["use"]["answer"] == "ask" for hit in found["hits"])
    assert "it is no grant" in north("search", "--use", "purpose=health").out
    wrong = north("search", "--use", "purpose")
    assert wrong.code == 2
    assert "'purpose' is no question and answer: write QUESTION=ANSWER" in wrong.err


def test_an_export_of_rems_is_imported_with_its_address(north: CommandLine, tmp_path: Path) -> None:
    owner = {"organization/id": "se", "organization/name": {"en": "GDI Sweden"}}
    item = {"id": 1, "resid": "id-1", "wfid": 2, "enabled": True, "organization": owner}
    file = tmp_path / "catalogue.json"
    file.write_text(json.dumps([item]), "utf-8")
    north.done("dacs", "import", file, "--system", "https://rems.example")
    shown = north("dacs", "show", "rems-se", "--json").json
    assert shown["systems"][0]["bindings"] == [{"dataset": "id-1", "resource": "id-1", "item": 1, "workflow": 2}]
    assert north("dacs", "import", file, "--system", "rems").code == 2


DACS_WRONG = {
    "no TOML": ("committees.toml", "[[committee]\n"),
    "no committee in it": ("committees.toml", 'title = "x"\n'),
    "no name": ("committees.toml", '[[committee]]\nid = "x"\n'),
    "an unknown role": ("committees.toml", COMMITTEES.replace('"decides"', '"reigns"')),
    "an unknown field": ("committees.toml", COMMITTEES.replace("email =", "emial =")),
    "no JSON": ("committees.json", "{"),
    "no RDF": ("committees.ttl", "<a"),
}


@pytest.mark.parametrize("case", DACS_WRONG)
def test_a_broken_committees_file_is_named_and_changes_nothing(north: CommandLine, tmp_path: Path, case: str) -> None:
    name, text = DACS_WRONG[case]
    file = tmp_path / name
    file.write_text(text, "utf-8")
    before = north("dacs", "list", "--json").json
    said = north("dacs", "import", file, "--json")
    assert (said.code, said.json["status"]) == (2, 400)
    assert file.name in said.err
    assert len(said.json["detail"]) > 10
    assert north("dacs", "list", "--json").json == before


def test_an_unknown_committee_or_file_is_said(north: CommandLine) -> None:
    assert north("dacs", "show", "\udcff").code == 2
    assert north("dacs", "show", "west-dac", "--json").json["detail"] == (
        "There is no committee 'west-dac' in this catalogue."
    )
    said = north("dacs", "import", "none.toml")
    assert (said.code, said.err) == (2, "Error: none.toml: The file cannot be read: No such file or directory.\n")


def test_the_machine_form_is_utf_8_and_readable(north: CommandLine) -> None:
    said = north("dacs", "show", "north-dac", "--json")
    assert json.loads(said.out)["id"] == "north-dac"
    assert "\\u" not in said.out
