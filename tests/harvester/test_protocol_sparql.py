from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from nodes.fake_node import FakeNode, Made, Reply, Seen
from nodes.samples import BASE, PREFIXES, Ledger, catalogue, dataset, run
from nodes.sparql_node import FORM, JSON, SparqlNode

from harvester.changes import Failed, New
from harvester.http import Door
from harvester.protocols import sparql
from harvester.protocols.sparql.endpoint import LONGEST
from shapes.parse import Document
from shapes.record import Kind, Record

NAMES = ("a", "b", "c", "d", "e")
MORE = """\
@prefix odrl: <http://www.w3.org/ns/odrl/2/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.fixture
def endpoint() -> Iterator[SparqlNode]:
    with SparqlNode(*NAMES) as node:
        yield node


def harvested(door: Door, url: str, known: Ledger | None = None) -> Ledger:
    return run(door, url, known.known() if known else (), protocol="sparql")


def records(ledger: Ledger) -> dict[str, Record]:
    return {e.record.subject.removeprefix(BASE): e.record for e in ledger.of(New)}


def queries(node: FakeNode) -> list[str]:
    return [parse_qs(urlsplit(seen.path).query)["query"][0] for seen in node.requests]


def hold(endpoint: SparqlNode, text: str) -> str:
    endpoint.hold(PREFIXES + MORE + text)
    return endpoint.start


def test_an_endpoint_s_datasets_are_those_of_its_dump(endpoint: SparqlNode, node: FakeNode, door: Door) -> None:
    ledger = harvested(door, endpoint.start)
    assert (ledger.new, ledger.complete, ledger.problems) == (list(NAMES), True, [])
    dump = run(door, node.serve("/dump", catalogue(*NAMES)), protocol="rdf")
    assert {n: r.digest for n, r in records(ledger).items()} == {n: r.digest for n, r in records(dump).items()}
    again = harvested(door, endpoint.start, ledger)
    assert (len(again.unchanged), again.of(New), again.complete) == (5, [], True)


DESCRIPTION = f"""\
<{BASE}a> a dcat:Dataset ; dct:title "Génomes\\n\\"A\\" \\\\ B"@fr, "1 genome" ; dcat:distribution <{BASE}file> ;
  dct:issued "2026-11-20"^^xsd:date ; dct:relation <{BASE}b> ; dct:publisher <{BASE}institute> ;
  dcat:theme <{BASE}theme> ; dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail <mailto:a@node.example> ;
  vcard:hasAddress [ vcard:locality "Riga" ; vcard:geo [ vcard:note "three deep" ] ] ] .
<{BASE}file> a dcat:Distribution ; dcat:accessURL <{BASE}data> ; dcat:accessService <{BASE}service> .
<{BASE}data> dct:title "not a part of the description" .
<{BASE}service> a dcat:DataService ; dct:title "Beacon" ; dcat:servesDataset <{BASE}a>, <{BASE}b>, <{BASE}other> .
<{BASE}institute> a foaf:Agent ; foaf:name "The institute" ; foaf:member [ foaf:name "Anna" ] .
<{BASE}theme> a skos:Concept ; skos:prefLabel "Genomes" ; skos:broader <{BASE}broader> .
<{BASE}broader> a skos:Concept ; skos:prefLabel "Health" .
<{BASE}record> a dcat:CatalogRecord ; foaf:primaryTopic <{BASE}a> ; dct:modified "2026-11-20"^^xsd:date .
<{BASE}policy> a odrl:Set ; odrl:permission [ odrl:target <{BASE}a> ; odrl:action odrl:use ] .
[ a <http://www.w3.org/ns/dqv#QualityMeasurement> ; <http://www.w3.org/ns/dqv#computedOn> <{BASE}a> ;
  <http://www.w3.org/ns/dqv#value> 7 ] .
<{BASE}catalogue> a dcat:Catalog ; dct:title "All" ; dcat:dataset <{BASE}a>, <{BASE}b>, <{BASE}other> ;
  dcat:service <{BASE}service> ;
  dcat:record <{BASE}record> ; dct:publisher <{BASE}institute> .
"""


def test_a_description_is_gathered_whole_however_it_is_spread(endpoint: SparqlNode, node: FakeNode, door: Door) -> None:
    both = DESCRIPTION + dataset("b")
    ledger = harvested(door, hold(endpoint, both))
    assert (sorted(ledger.new), ledger.complete, ledger.problems) == (["a", "b"], True, [])
    dump = records(run(door, node.serve("/dump", PREFIXES + MORE + both), protocol="rdf"))
    found = records(ledger)
    assert {name: record.digest for name, record in found.items() if name not in {"a", "b"}} == {
        name: record.digest for name, record in dump.items() if name not in {"a", "b"}
    }
    # Left out: more than the class of another dataset, what is said of an address where the data is, and what the
    # service serves besides: that stands in the service's own record.
    others = (f"<{BASE}b>", f"<{BASE}data>")
    lines = {
        line for line in dump["a"].body.decode().splitlines() if not line.startswith(others) and "other>" not in line
    }
    held = set(found["a"].body.decode().splitlines())
    assert held - lines == {
        f"<{BASE}b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> ."
    }
    assert lines <= held
    assert "three deep" in found["a"].body.decode()
    assert "not a part" not in found["a"].body.decode()


def test_a_record_does_not_hang_on_what_else_the_endpoint_holds(endpoint: SparqlNode, door: Door) -> None:
    pointing = dataset("a", more=f" ; dct:relation <{BASE}b>")
    many = "".join(dataset(f"more{n}" + "x" * 90) for n in range(80))
    few = records(harvested(door, hold(endpoint, pointing + dataset("b"))))
    lots = records(harvested(door, hold(endpoint, pointing + dataset("b", "Another title") + many)))
    assert few["a"].digest == lots["a"].digest
    assert max(len(endpoint.base + seen.path) for seen in endpoint.requests) <= LONGEST


def test_a_catalogue_is_put_together_from_its_members(endpoint: SparqlNode, door: Door) -> None:
    names = [f"n{n}" + "x" * 90 for n in range(150)]
    ledger = harvested(door, hold(endpoint, catalogue(*names).removeprefix(PREFIXES)))
    (whole,) = [e.record for e in ledger.of(New) if e.record.kind is Kind.CATALOGUE]
    assert (len(ledger.new), whole.body.decode().count("ns/dcat#dataset>"), ledger.problems) == (150, 150, [])
    assert not any("OFFSET" in query for query in queries(endpoint))
    assert all("dcat#dataset>" not in query or "NOT IN" in query or "?c ?m ?n" in query for query in queries(endpoint))


# -- endpoints that hold something back -------------------------------------------------------------------------------


@pytest.mark.parametrize("cap", [5, 7, 40])
def test_a_silent_cap_on_rows_costs_requests_and_no_statement(endpoint: SparqlNode, door: Door, cap: int) -> None:
    keywords = ", ".join(f'"word {n}"@en, "word {n}"@de' for n in range(30))
    text = DESCRIPTION + "".join(dataset(f"n{n}", more=f" ; dcat:keyword {keywords}") for n in range(9))
    whole = harvested(door, hold(endpoint, text))
    endpoint.cap = cap
    cut = harvested(door, endpoint.start)
    assert (cut.complete, cut.problems) == (True, [])
    assert {n: r.digest for n, r in records(cut).items()} == {n: r.digest for n, r in records(whole).items()}


def test_what_is_held_back_for_good_makes_the_record_doubtful(endpoint: SparqlNode, door: Door) -> None:
    blanks = ", ".join(f'[ dct:title "part {n}" ]' for n in range(12))
    url = hold(endpoint, dataset("a", more=f" ; dct:hasPart {blanks}") + "".join(dataset(n) for n in "bcdefghi"))
    endpoint.cap = 8
    ledger = harvested(door, url)
    assert (len(ledger.new), ledger.codes, ledger.complete) == (9, ["bad-answer"], False)
    assert (
        ledger.problems[0].detail == "The endpoint holds back some of the values of http://purl.org/dc/terms/hasPart."
    )
    assert ledger.problems[0].record == f"{BASE}a"
    assert [name for name, record in records(ledger).items() if not record.complete] == ["a"]


def test_a_description_nested_too_deep_is_told_and_doubted(endpoint: SparqlNode, door: Door) -> None:
    nest = "[ dct:hasPart " * 7 + '"the end"' + " ]" * 7
    ledger = harvested(door, hold(endpoint, dataset("a", more=f" ; dct:hasPart {nest}") + dataset("b")))
    assert (ledger.codes, ledger.complete) == (["bad-answer"], False)
    assert ledger.problems[0].detail == "The description is nested more than 6 blank nodes deep."
    assert {name: record.complete for name, record in records(ledger).items()} == {"a": False, "b": True}


@pytest.mark.parametrize(
    ("trick", "code", "detail"),
    [
        (
            "lying-count",
            "count-mismatch",
            "12 resources were counted, 6 were listed (each once for every class it has).",
        ),
        (
            "same-page-again",
            "count-mismatch",
            "6 resources were counted, 2 were listed (each once for every class it has).",
        ),
        (
            "partial-result",
            "bad-answer",
            "The endpoint gave a part of the result only (X-SQL-State S1TAT: RC...: Returning incomplete results).",
        ),
        ("unnamed", "unnamed-resources", "1 resources have no IRI: over SPARQL they cannot be asked for."),
        ("no-numbers", "bad-answer", "The endpoint did not answer a count with a number."),
    ],
)
def test_what_misleads_is_named(endpoint: SparqlNode, door: Door, trick: str, code: str, detail: str) -> None:
    endpoint.fail(trick)
    ledger = harvested(door, endpoint.start)
    assert (ledger.codes, ledger.complete) == ([code], False)
    assert ledger.problems[0].detail == detail


def test_a_resource_of_which_nothing_is_said_failed(endpoint: SparqlNode, door: Door) -> None:
    known = harvested(door, endpoint.start)
    endpoint.fail("nothing-said")
    for before in (None, known):
        ledger = harvested(door, endpoint.start, before)
        assert (ledger.failed, ledger.complete) == (["a"], False)
        assert [e.problem.detail for e in ledger.of(Failed)] == ["It was listed, but nothing is said of it."]


# -- answers that are none --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "detail"),
    [
        (Reply(200, FORM, "text/html"), "The endpoint answered with an HTML page, where JSON was asked for."),
        (Reply(200, b"", JSON), "The endpoint did not answer in JSON, or not to the end: it is empty."),
        (
            Reply(200, b"{'results': []", JSON),
            "The endpoint did not answer in JSON, or not to the end: it begins with \"{'results': []\".",
        ),
        (
            Reply(200, b'{"boolean": true}', JSON),
            "This is JSON, but no SPARQL result: it has no results with bindings.",
        ),
        (
            Reply(200, b'{"results": {"bindings": [{"n": {"type": "number", "value": 4}}]}}', JSON),
            "The result holds a value that is no RDF term.",
        ),
    ],
)
def test_an_answer_that_is_no_result_says_what_it_is(node: FakeNode, door: Door, reply: Reply, detail: str) -> None:
    node.behave("/sparql", reply)
    ledger = harvested(door, node.url("/sparql"))
    assert (ledger.codes, ledger.complete) == (["bad-answer"], False)
    assert ledger.problems[0].detail == detail


def test_data_in_named_graphs_is_found_when_the_source_names_them(endpoint: SparqlNode, door: Door) -> None:
    endpoint.hold(catalogue("a"), ox.NamedNode("http://example.org/g"))
    ledger = harvested(door, endpoint.start)
    assert (ledger.new, ledger.codes) == ([], ["bad-answer"])
    assert ledger.problems[0].detail == (
        "The endpoint's default graph describes no dataset, but named graphs do: add default-graph-uri=<graph> to the "
        "source's address, once for each graph to be read, for example http://example.org/g."
    )
    ledger = harvested(door, f"{endpoint.start}?default-graph-uri=http://example.org/g&query=left+out")
    assert (ledger.new, ledger.complete, ledger.problems) == (["a"], True, [])


def test_an_iri_that_could_change_a_query_is_never_put_into_one(node: FakeNode, door: Door) -> None:
    hostile = f"{BASE}a> <p> <o> }} SERVICE <http://169.254.169.254/> {{ ?n ?p ?o "

    def answer(seen: Seen) -> Reply:
        query = parse_qs(urlsplit(seen.path).query)["query"][0]
        assert "169.254" not in query.replace(f'"{hostile}"', "")
        term = {"type": "literal", "value": "1" if "COUNT(*)" in query else "0"}
        row: dict[str, object] = {"n": term}
        if "ORDER BY" in query:
            row = {
                "d": {"type": "uri", "value": hostile},
                "t": {"type": "uri", "value": "http://www.w3.org/ns/dcat#Dataset"},
            }
        rows = [row] if "COUNT" in query or "ORDER BY" in query else []
        return Reply(200, json.dumps({"results": {"bindings": rows}}).encode(), JSON)

    node.behave("/sparql", Made(answer))
    ledger = harvested(door, node.url("/sparql"))
    assert (ledger.new, ledger.codes, ledger.complete) == ([], ["bad-iri"], False)


def test_terms_that_are_none_are_told_by_the_reader(endpoint: SparqlNode, door: Door) -> None:
    bad = dataset("a", more=" ; dcat:landingPage <http://example.org/of-a>")
    url = hold(endpoint, bad + dataset("b"))
    honest = endpoint.routes["/sparql"]
    assert isinstance(honest, Made)

    def spoilt(seen: Seen) -> Reply:
        reply = honest.make(seen)
        return Reply(200, reply.body.replace(b"http://example.org/of-a", b"not an IRI"), JSON)

    endpoint.behave("/sparql", Made(spoilt))
    ledger = harvested(door, url)
    assert (sorted(ledger.new), ledger.codes, ledger.complete) == (["a", "b"], ["parse-error"], False)
    assert {name: record.complete for name, record in records(ledger).items()} == {"a": False, "b": True}


# -- endpoints that cannot answer -------------------------------------------------------------------------------------


def refusing(endpoint: SparqlNode, *names: str) -> None:
    """Let the endpoint fail at every description that one of these is asked for in."""
    honest = endpoint.routes["/sparql"]
    assert isinstance(honest, Made)

    def answer(seen: Seen) -> Reply:
        query = parse_qs(urlsplit(seen.path).query)["query"][0]
        hurt = "?p5" in query and any(f"<{BASE}{name}>" in query for name in names)
        return Reply(500, b"Virtuoso 42000 Error", "text/plain") if hurt else honest.make(seen)

    endpoint.behave("/sparql", Made(answer))


def test_one_resource_an_endpoint_chokes_on_is_no_other_s_loss(endpoint: SparqlNode, door: Door) -> None:
    known = harvested(door, endpoint.start)
    refusing(endpoint, "c")
    ledger = harvested(door, endpoint.start, known)
    assert (len(ledger.unchanged), ledger.failed, ledger.complete) == (4, ["c"], False)
    assert [(e.problem.code, e.problem.record) for e in ledger.of(Failed)] == [("http-status", f"{BASE}c")]


def test_an_endpoint_that_chokes_on_everything_is_left_alone(endpoint: SparqlNode, door: Door) -> None:
    names = [f"n{n}" for n in range(20)]
    url = hold(endpoint, "".join(dataset(name) for name in names))
    refusing(endpoint, *names)
    ledger = harvested(door, url)
    assert (ledger.new, ledger.complete) == ([], False)
    assert set(ledger.codes) == {"http-status"}
    assert sum("?p5" in query for query in queries(endpoint)) < 60


def test_a_folder_is_no_endpoint(door: Door, tmp_path: Path) -> None:
    ledger = harvested(door, str(tmp_path))
    assert ledger.problems[0].detail == "The protocol sparql asks an endpoint over http(s)."


def test_a_service_description_gives_the_protocol_away() -> None:
    text = "@prefix sd: <http://www.w3.org/ns/sparql-service-description#> . <> a sd:Service ; sd:endpoint <> ."

    def detected(text: str) -> bool:
        return sparql.detects(Document(text.encode(), "http://x/", "http://x/", media_type="text/turtle"))

    assert detected(text)
    assert not detected(text.replace("sd:Service", "sd:Graph"))
    assert not detected(PREFIXES + dataset("a"))


@pytest.mark.parametrize("cap", [None, 1000])
def test_a_real_catalogue_comes_out_of_an_endpoint_as_it_went_in(
    endpoint: SparqlNode, door: Door, shared_data: Path, cap: int | None
) -> None:
    path = shared_data / "real-be-health" / "node-a-sciensano-2025-04-13.ttl"
    endpoint.hold(path.read_text("utf-8"))
    endpoint.cap = cap
    ledger = harvested(door, endpoint.start)
    dump = run(door, str(path), protocol="rdf")
    assert (len(ledger.new), ledger.complete, ledger.problems) == (146, True, [])
    assert {n: r.digest for n, r in records(ledger).items()} == {n: r.digest for n, r in records(dump).items()}
