"""The endpoint by the letter of SPARQL 1.1 Protocol; each test names the section it holds us to.

The names of the tests of the protocol's own suite (bad_query_method, query_post_form ...) stand beside them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from nodes.samples import catalogue

from catalogue.assemble import House, open_house
from catalogue.settings import read_settings
from harvester.source import Source
from ui.app import create_app

BASE = "https://catalogue.example.org"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
TITLES = "SELECT ?t { ?d a dcat:Dataset ; dct:title ?t } ORDER BY ?t"
READERS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("protocol")
    (folder / "node.ttl").write_text(catalogue("a", "b"), "utf-8")
    flags = {"data": folder / "data", "base_url": BASE, "profile": "gdi-core", "sparql_max_rows": 20_000}
    with open_house(read_settings(environment={}, flags=flags)) as opened:
        source = Source("north", (folder / "node.ttl").as_uri(), country="FI")
        opened.journal.add_source(source)
        opened.harvest(source)
        opened.settle()
        yield opened


@pytest.fixture(scope="module")
def client(house: House) -> FlaskClient:
    return create_app(house.catalogue, house.settings).test_client()


def _rows(body: str) -> list[str]:
    return [row["t"]["value"] for row in json.loads(body)["results"]["bindings"]]


# -- asking (section 2.1) --------------------------------------------------------------------------------------------


def test_a_query_by_get_by_form_and_as_the_body(client: FlaskClient) -> None:
    """Sections 2.1.1 to 2.1.3; query_get, query_post_form, query_post_direct."""
    answers = [
        client.get("/sparql", query_string={"query": TITLES}),
        client.post("/sparql", data={"query": TITLES}),
        client.post("/sparql", data=TITLES, content_type=DIRECT),
        client.post("/sparql", data=TITLES, content_type=f"{DIRECT}; charset=UTF-8"),
    ]
    assert [each.status_code for each in answers] == [200] * 4
    assert [each.mimetype for each in answers] == ["application/sparql-results+json"] * 4
    assert [_rows(each.text) for each in answers] == [["A dataset a", "A dataset b"]] * 4


DATASET: dict[str, tuple[list[tuple[str, str]], str, list[str]]] = {
    "query_dataset_default_graph": ([("default-graph-uri", "{a}")], "{ ?d dct:title ?t }", ["A dataset a"]),
    "query_dataset_default_graphs": (
        [("default-graph-uri", "{a}"), ("default-graph-uri", "{b}")],
        "{ ?d dct:title ?t }",
        ["A dataset a", "A dataset b"],
    ),
    "query_dataset_named_graphs": (
        [("named-graph-uri", "{a}")],
        "{ GRAPH ?g { ?d dct:title ?t } }",
        ["A dataset a"],
    ),
    "no default graph beside named ones": ([("named-graph-uri", "{a}")], "{ ?d dct:title ?t }", []),
    "query_dataset_full": (
        [("default-graph-uri", "{a}"), ("named-graph-uri", "{b}")],
        "{ { ?d dct:title ?t } UNION { GRAPH ?g { ?d dct:title ?t } } }",
        ["A dataset a", "A dataset b"],
    ),
    "query_multiple_dataset: that of the request wins": (
        [("default-graph-uri", "{a}")],
        "FROM <{b}> { ?d dct:title ?t }",
        ["A dataset a"],
    ),
    "a graph nobody has": ([("default-graph-uri", "http://127.0.0.1:9/x")], "{ ?d dct:title ?t }", []),
    "a file is a graph nobody has": ([("default-graph-uri", "file:///etc/passwd")], "{ ?s ?p ?t }", []),
}


@pytest.mark.parametrize("case", DATASET)
@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_the_graphs_of_a_request(house: House, client: FlaskClient, case: str, way: str) -> None:
    """Section 2.1.4."""
    graphs, where, expected = DATASET[case]
    names = {name: f"{BASE}/graph/delivered/{house.catalogue.resolve(f'id-{name}')}" for name in "ab"}
    for name, graph in names.items():
        graphs = [(parameter, iri.replace(f"{{{name}}}", graph)) for parameter, iri in graphs]
        where = where.replace(f"{{{name}}}", graph)
    query = f"SELECT ?t {where} ORDER BY ?t"
    if way == "get":
        answer = client.get("/sparql", query_string=urlencode([("query", query), *graphs]))
    elif way == "form":
        answer = client.post("/sparql", data=urlencode([("query", query), *graphs]), content_type=FORM)
    else:
        answer = client.post("/sparql", query_string=urlencode(graphs), data=query, content_type=DIRECT)
    assert (answer.status_code, _rows(answer.text)) == (200, expected)


# -- what is refused (sections 2.1 and 2.1.6) ------------------------------------------------------------------------

REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "bad_query_method": ({"method": "PUT", "query_string": {"query": "ASK {}"}}, 405, "cannot be asked with PUT"),
    "bad_multiple_queries": (
        {"query_string": "query=ASK+%7B%7D&query=SELECT+*+%7B%7D"}, 400,
        "The request has 2 `query` parameters; one query is allowed.",
    ),
    "two in a form": (
        {"method": "POST", "data": "query=ASK+%7B%7D&query=ASK+%7B%7D", "content_type": FORM}, 400,
        "2 `query` parameters",
    ),
    "in the body and in the address": (
        {"method": "POST", "query_string": "query=ASK+%7B%7D", "data": "ASK {}", "content_type": DIRECT}, 400,
        "the address cannot have another",
    ),
    "a form with parameters in the address": (
        {"method": "POST", "query_string": "default-graph-uri=x:a", "data": "query=ASK+%7B%7D", "content_type": FORM},
        400, "With a form, default-graph-uri belongs in the body",
    ),
    "bad_query_wrong_media_type": (
        {"method": "POST", "data": "ASK {}", "content_type": "text/plain"}, 415, "this came as text/plain",
    ),
    "bad_query_missing_form_type": ({"method": "POST", "data": b"query=ASK+%7B%7D"}, 415, "without a Content-Type"),
    "a form in parts": (
        {"method": "POST", "data": {"query": "ASK {}"}, "content_type": "multipart/form-data"}, 415,
        "this came as multipart/form-data",
    ),
    "bad_query_non_utf8": (
        {"method": "POST", "data": "ASK {}".encode("utf-16"), "content_type": DIRECT}, 400, "is not UTF-8",
    ),
    "an address that is not UTF-8": ({"query_string": "query=ASK+%7B%7D+%23%FF"}, 400, "The address is not UTF-8."),
    "a form that is not UTF-8": (
        {"method": "POST", "data": "query=%FF", "content_type": FORM}, 400, "The form is not UTF-8.",
    ),
    "bad_query_syntax": (
        {"query_string": {"query": "SELECT *\n{ ?s ?p }"}}, 400, "The query does not parse at line 2, column 10",
    ),
    "no query in a POST": ({"method": "POST", "data": "", "content_type": FORM}, 400, "A POST must carry a query"),
    "graphs and no query": ({"query_string": {"default-graph-uri": "x:a"}}, 400, "has no `query`"),
    "an update": (
        {"method": "POST", "data": "DROP ALL", "content_type": "application/sparql-update"}, 400, "read only",
    ),
    "an update in a form": ({"method": "POST", "data": {"update": "DROP ALL"}}, 400, "read only"),
    "an update as a query": ({"query_string": {"query": "INSERT DATA { <a:a> <a:b> 1 }"}}, 400, "read only"),
    "LOAD": ({"query_string": {"query": "LOAD <http://127.0.0.1:9/>"}}, 400, "read only"),
    "SERVICE": ({"query_string": {"query": "ASK { SERVICE <http://127.0.0.1:9/> {} }"}}, 400, "SERVICE is not allowed"),
    "a format nobody has": ({"query_string": {"query": "ASK {}", "format": "xls"}}, 400, "There is no format 'xls'"),
    "a table as Turtle": (
        {"query_string": {"query": TITLES, "format": "turtle"}}, 400, "SELECT gives a table, which turtle cannot hold.",
    ),
    "no query, by who takes tables only": (
        {"query_string": {"query": "SELCT ?x { }"}, "headers": {"Accept": "application/sparql-results+json"}}, 400,
        "The query does not parse at line 1",
    ),
    "a graph with a relative name": (
        {"query_string": {"query": "ASK {}", "named-graph-uri": "history"}}, 400,
        "named-graph-uri must be an absolute IRI, not 'history': No scheme found in an absolute IRI.",
    ),
    "an endless time budget": (
        {"query_string": {"query": "ASK {}", "timeout": "inf"}}, 400, "seconds above 0, not 'inf'",
    ),
    "a table for who takes graphs only": (
        {"query_string": {"query": TITLES}, "headers": {"Accept": "text/turtle"}}, 406, "no form of this answer",
    ),
    "a graph for who takes images": (
        {"query_string": {"query": "CONSTRUCT WHERE { ?s ?p ?o }"}, "headers": {"Accept": "image/png"}}, 406,
        "It has: text/turtle",
    ),
    "too many rows": (
        {"query_string": {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"}}, 503, "more than 20000 rows, its row budget",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_says_why(client: FlaskClient, case: str) -> None:
    request, status, sentence = REFUSED[case]
    answer = client.open("/sparql", **({"method": "GET"} | request))
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json is not None
    assert sentence in answer.json["detail"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_a_problem_names_line_column_and_budget(client: FlaskClient) -> None:
    syntax = client.get("/sparql", query_string={"query": "SELECT *\n{ ?s ?p }"}).json
    over = client.get("/sparql", query_string={"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"}).json
    assert syntax is not None
    assert over is not None
    assert (syntax["line"], syntax["column"], syntax["code"]) == (2, 10, "bad-query")
    assert (over["budget"], over["limit"], over["code"]) == ("rows", 20000, "over-budget")


# -- what is answered (sections 2.1.5 to 2.1.7) ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/xml;q=0.5, text/csv;q=0.4", "application/sparql-results+xml"),
        ("text/csv; charset=utf-8", "text/csv"),
        ("text/tab-separated-values;q=0.9, */*;q=0.1", "text/tab-separated-values"),
    ],
)
def test_a_table_comes_in_the_form_liked_best(client: FlaskClient, accept: str, media: str) -> None:
    """query_content_type_select, query_content_type_ask."""
    headers = {"Accept": accept} if accept else {}
    for query, said in ((TITLES, b"A dataset a"), ("ASK { ?d a dcat:Dataset }", b"true")):
        answer = client.get("/sparql", query_string={"query": query}, headers=headers)
        assert (answer.mimetype, said in answer.data, answer.headers["Vary"]) == (media, True, "Accept")


@pytest.mark.parametrize("media", READERS)
@pytest.mark.parametrize("form", ["CONSTRUCT { ?d dct:title ?t } WHERE", "DESCRIBE ?d"])
def test_a_graph_comes_in_every_form(client: FlaskClient, media: str, form: str) -> None:
    """query_content_type_construct, query_content_type_describe."""
    query = f"{form} {{ ?d a dcat:Dataset ; dct:title ?t }}"
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": f"{media}, */*;q=0.1"})
    titles = {
        quad.object.value
        for quad in ox.parse(answer.data, format=READERS[media])
        if quad.predicate.value == "http://purl.org/dc/terms/title"
    }
    assert (answer.mimetype, titles) == (media, {"A dataset a", "A dataset b"})


def test_a_format_by_name_wins_over_accept(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": TITLES, "format": "csv"}, headers={"Accept": "text/html"})
    assert answer.text.split() == ["t", "A", "dataset", "a", "A", "dataset", "b"]


def test_an_answer_is_asked_for_again_only_when_the_store_changed(house: House, client: FlaskClient) -> None:
    """RFC 9110, section 13: the entity tag is that of query, form and store."""
    first = client.get("/sparql", query_string={"query": TITLES})
    tag = first.headers["ETag"]
    again = client.get("/sparql", query_string={"query": TITLES}, headers={"If-None-Match": tag})
    other = client.get("/sparql", query_string={"query": TITLES}, headers={"If-None-Match": tag, "Accept": "text/csv"})
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert other.status_code == 200
    version = house.catalogue.store_version()
    house.journal.add_source(Source("south", "https://south.example/", country="IT"))
    house.settle()
    assert house.catalogue.store_version() != version
    assert client.get("/sparql", query_string={"query": TITLES}, headers={"If-None-Match": tag}).status_code == 200


def test_an_answer_of_the_clock_is_never_kept(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": "SELECT (NOW() AS ?now) {}"})
    assert (answer.headers["Cache-Control"], "ETag" in answer.headers) == ("no-store", False)


def test_a_head_says_what_a_get_would(client: FlaskClient) -> None:
    answer = client.head("/sparql", query_string={"query": TITLES})
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"", "application/sparql-results+json")
    assert int(answer.headers["Content-Length"]) > 0


def test_a_page_of_another_site_may_ask(client: FlaskClient) -> None:
    """Fetch, section 3.2: the preflight of a POST with a query as its body."""
    asked = {"Origin": "https://other.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/sparql", headers=asked | {"Access-Control-Request-Headers": "content-type"})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"GET", "POST"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Max-Age"] == "86400"


# -- what the service says of itself ---------------------------------------------------------------------------------


def _described(client: FlaskClient, path: str, media: str) -> ox.Store:
    answer = client.get(path, headers={"Accept": media})
    assert (answer.status_code, answer.mimetype) == (200, media)
    store = ox.Store()
    store.extend(ox.parse(answer.data, format=READERS[media]))
    return store


@pytest.mark.parametrize("media", READERS)
def test_the_service_describes_itself(client: FlaskClient, media: str) -> None:
    """Service Description, sections 2 and 3."""
    store = _described(client, "/sparql", media)
    query = """PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
        PREFIX gdix: <https://w3id.org/gdi-catalogue/ns#>
        SELECT (COUNT(DISTINCT ?format) AS ?formats) (GROUP_CONCAT(DISTINCT STR(?name)) AS ?names) ?rows ?time {
          ?service a sd:Service ; sd:endpoint ?service ; sd:feature sd:UnionDefaultGraph ; sd:resultFormat ?format ;
            sd:supportedLanguage sd:SPARQL11Query ; sd:extensionAggregate gdix:median ;
            sd:defaultEntailmentRegime <http://www.w3.org/ns/entailment/Simple> ;
            gdix:rowBudget ?rows ; gdix:timeBudget ?time ; gdix:memoryBudget ?memory ; gdix:byteBudget ?bytes ;
            sd:defaultDataset/sd:namedGraph/sd:name ?name .
        } GROUP BY ?rows ?time"""
    (row,) = list(store.query(query))  # type: ignore[arg-type]
    assert (row["formats"].value, row["rows"].value, row["time"].value) == ("8", "20000", "PT30S")
    names = {name.removeprefix(f"{BASE}/graph/") for name in row["names"].value.split()}
    assert names == {"registry", "access", "labels", "history"}


def test_the_dataset_is_described_with_its_counts(house: House, client: FlaskClient) -> None:
    """VoID, sections 3, 4 and 7.2; the counts are those a query gives."""
    store = _described(client, "/.well-known/void", "text/turtle")
    query = """PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcat: <http://www.w3.org/ns/dcat#>
        SELECT ?triples ?datasets ?example { ?d a void:Dataset ; void:triples ?triples ; void:exampleResource ?example ;
          void:sparqlEndpoint <https://catalogue.example.org/sparql> ;
          void:classPartition [ void:class dcat:Dataset ; void:entities ?datasets ] }"""
    (row,) = list(store.query(query))  # type: ignore[arg-type]
    counted = client.get("/sparql", query_string={"query": "SELECT (COUNT(*) AS ?t) { ?s ?p ?o }"})
    assert [row["triples"].value] == _rows(counted.text)
    assert row["datasets"].value == "2"
    assert row["example"].value.rpartition("/")[2] in {house.catalogue.resolve(f"id-{name}") for name in "ab"}


def test_who_takes_only_tables_is_told_that_there_is_no_query(client: FlaskClient) -> None:
    answer = client.get("/sparql", headers={"Accept": "application/sparql-results+xml"})
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")


@pytest.mark.parametrize(("name", "held"), [("registry", "/node/north>"), ("labels", "access-right/PUBLIC>")])
def test_the_name_of_a_graph_leads_to_what_it_holds(client: FlaskClient, name: str, held: str) -> None:
    answer = client.get(f"/graph/{name}", headers={"Accept": "application/n-triples"}, follow_redirects=True)
    assert (answer.status_code, answer.mimetype, held in answer.text) == (200, "application/n-triples", True)


def test_the_editor_completes_what_the_store_has(client: FlaskClient) -> None:
    terms = client.get("/sparql/terms.json").json
    assert terms is not None
    assert "http://www.w3.org/ns/dcat#Dataset" in terms["classes"]
    assert "http://purl.org/dc/terms/title" in terms["properties"]


# -- the page --------------------------------------------------------------------------------------------------------


def test_a_person_gets_a_table_with_bars_and_a_link_to_keep(client: FlaskClient, browser: dict[str, str]) -> None:
    query = "SELECT ?t (STRLEN(?t) * 2 AS ?n) { ?d a dcat:Dataset ; dct:title ?t } ORDER BY ?t"
    page = client.get("/sparql", query_string={"query": query}, headers=browser)
    assert page.mimetype == "text/html"
    assert '<h2 id="result">2 rows</h2>' in page.text
    assert "<figcaption>n by t</figcaption>" in page.text
    assert page.text.count('<rect width="100.0"') == 2
    assert "Link to this result" in page.text


def test_a_person_reads_what_is_wrong_on_the_page(client: FlaskClient, browser: dict[str, str]) -> None:
    page = client.get("/sparql", query_string={"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"}, headers=browser)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
    assert "more than 20000 rows, its row budget" in page.text
