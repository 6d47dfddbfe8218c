"""What every RDF store of the catalogue promises. The fixture gives each backend in turn."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from sparql_dataset import emptied
from sparql_server import sparql_server
from store_entries import BASE, LAYOUT, body, entry

from catalogue.entry import Entry
from catalogue.journal.state import Status
from catalogue.quality import averages
from catalogue.store import embedded
from catalogue.store.embedded import EmbeddedStore
from catalogue.store.graphs import Graphs
from catalogue.store.history import history_graph
from catalogue.store.pool import Budgets, Pool
from catalogue.store.port import SparqlQuery
from catalogue.store.remote import Place, RemoteStore, writing
from shapes.vocabulary import XSD

Store = EmbeddedStore | RemoteStore
OpenStore = Callable[[], Store]
BUDGETS = Budgets(seconds=20, most=1 << 22)


def _registry() -> dict[ox.NamedNode, tuple[ox.Triple, ...]]:
    title = ox.NamedNode("http://purl.org/dc/terms/title")
    return {LAYOUT.registry: (ox.Triple(ox.NamedNode(LAYOUT.node("fi")), title, ox.Literal("Finland")),)}


def _embedded(folder: Path) -> Store:
    def pool(snapshot: Callable[[], Path]) -> Pool:
        return Pool(snapshot, BASE, size=1, budgets=BUDGETS)

    return EmbeddedStore(folder / "store", Graphs(LAYOUT), _registry, pool)


def _on_server(address: str) -> Store:
    return RemoteStore(Place(address, address, address), Graphs(LAYOUT), _registry, size=1, budgets=BUDGETS)


@pytest.fixture(params=["embedded", "protocol", pytest.param("server", marks=pytest.mark.service)])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenStore]:
    """Open the same empty store as often as wanted.

    `protocol` is a server in this process; `server` has the dataset of TEST_SPARQL, which is emptied.
    """
    with ExitStack() as opened:
        address = ""
        if request.param == "protocol":
            address = opened.enter_context(sparql_server()).address
        elif request.param == "server":
            if not (address := os.environ.get("TEST_SPARQL", "")):
                pytest.skip("TEST_SPARQL names no dataset: scripts/services run --only fuseki -- ...")
            emptied(address)

        def open_() -> Store:
            store = _on_server(address) if address else _embedded(tmp_path)
            opened.callback(store.close)
            return store

        yield open_


def _rows(store: Store, query: str) -> list[Sequence[str]]:
    answer = json.loads(store.ask(SparqlQuery(query)).body)
    names = answer["head"]["vars"]
    return [[row[name]["value"] for name in names if name in row] for row in answer["results"]["bindings"]]


# Numbers and times in every spelling: stores keep many of them by value.
SPELLED = {
    "decimal": "100 100.0 10.50 1.5 .5 -0.0 0 0.00 1. +1.5 -007.070 12345678901234567890.123 . abc",
    "integer": "7 007 +5 -0 99999999999999999999999 abc",
    "nonNegativeInteger": "5 005",
    "long": "05",
    "boolean": "1 true 0",
    "double": "1e3 1.0E3 1000 0.1 INF 1e400 4.9E-324 3.141592653589793238 0E0 -0.0E0",
    "float": "1.50 NaN",
    "dateTime": "2024-01-01T00:00:00.000Z 2024-01-01T00:00:00.500Z 2024-01-01T00:00:00+00:00 2024-01-01T24:00:00",
    "dateTimeStamp": "2024-01-01T00:00:00Z",
    "date": "2024-01-01Z 2024-01-01+00:00 2024-01-01 -0044-03-15",
    "gYear": "2024 2024Z",
    "duration": "P12M P1Y",
}

DATASETS = "SELECT ?d { ?d a dcat:Dataset } ORDER BY ?d"


def test_an_empty_catalogue_answers_queries(open_store: OpenStore) -> None:
    assert _rows(open_store(), DATASETS) == []


def test_subjects_typed_dataset_are_exactly_the_listed_datasets(open_store: OpenStore) -> None:
    store = open_store()
    stub = body("https://fi.example/other").decode().splitlines()[0]
    store.apply([entry("a", stub, seq=1), entry("b", seq=2)], 2)
    assert _rows(store, DATASETS) == [["https://fi.example/a"], ["https://fi.example/b"]]
    store.apply([entry("a", seq=3, status=Status.WITHDRAWN)], 3)
    assert _rows(store, DATASETS) == [["https://fi.example/b"]]
    assert store.digests() == {"b": "digest-2"}


def test_a_statement_in_many_records_is_answered_once_and_stays_while_one_holds_it(open_store: OpenStore) -> None:
    store = open_store()
    store.apply([entry("a", seq=1), entry("b", seq=2)], 2)
    by_publisher = "SELECT ?d ?n { ?d dct:publisher ?p . ?p foaf:name ?n }"
    assert len(_rows(store, by_publisher)) == 2
    store.apply([entry("a", seq=3, status=Status.WITHDRAWN)], 3)
    assert _rows(store, by_publisher) == [["https://fi.example/b", "Node of Finland"]]
    store.apply([entry("b", seq=4, status=Status.WITHDRAWN)], 4)
    assert _rows(store, "SELECT ?n { <https://fi.example/org> foaf:name ?n }") == []


def test_a_changed_record_leaves_nothing_of_its_old_description(open_store: OpenStore) -> None:
    store = open_store()
    title = '<https://fi.example/a> <http://purl.org/dc/terms/title> "{}" .'
    store.apply([entry("a", title.format("Old"), seq=1)], 1)
    store.apply([entry("a", title.format("New"), seq=2)], 2)
    assert _rows(store, "SELECT ?t { <https://fi.example/a> dct:title ?t }") == [["New"]]


def test_a_literal_in_whatever_spelling_goes_when_its_record_does(open_store: OpenStore) -> None:
    store = open_store()
    spelled = [f'"{form}"^^<{XSD[name]}>' for name, forms in SPELLED.items() for form in forms.split()]
    lines = [f"<https://fi.example/a> <https://fi.example/p{n}> {value} ." for n, value in enumerate(spelled)]
    union = 'SELECT ?p ?o { ?s ?p ?o FILTER(STRSTARTS(STR(?p), "https://fi.example/p")) }'
    graph = union.replace("{ ?s ?p ?o", f"{{ GRAPH <{BASE}/graph/delivered/a> {{ ?s ?p ?o }}")
    title = '<https://fi.example/a> <http://purl.org/dc/terms/title> "{}" .'
    for number in (1, 2, 3):
        store.apply([entry("a", *lines, title.format(number), seq=number)], number)
        assert len(_rows(store, graph)) == len(spelled)
        assert sorted(_rows(store, union)) == sorted(_rows(store, graph))
    store.apply([entry("a", seq=4)], 4)
    assert (_rows(store, graph), _rows(store, union)) == ([], [])


def test_the_dataset_is_linked_to_its_committee_with_the_rule_that_found_it(open_store: OpenStore) -> None:
    store = open_store()
    store.apply([entry("a")], 1)
    query = """SELECT ?dac ?name ?method { ?d gdix:decidedBy ?dac . ?dac foaf:name ?name .
               ?link gdix:dataset ?d ; gdix:body ?dac ; gdix:method ?method }"""
    assert _rows(store, query) == [[f"{BASE}/dac/fi-dac", "Committee of Finland", "attribution"]]


def test_the_catalogue_record_says_where_from_and_how_good(open_store: OpenStore) -> None:
    store = open_store()
    store.apply([entry("a")], 1)
    query = """SELECT ?node ?run ?bad { ?r a dcat:CatalogRecord ; foaf:primaryTopic <https://fi.example/a> ;
               gdix:node ?node ; prov:wasGeneratedBy ?run ;
               dqv:hasQualityMeasurement [ dqv:isMeasurementOf gdix:violations ; dqv:value ?bad ] }"""
    assert _rows(store, query) == [[f"{BASE}/node/fi", f"{BASE}/node/fi#run-7", "2"]]


def test_a_dataset_has_its_scores_in_percent_and_a_node_their_average(open_store: OpenStore) -> None:
    store = open_store()
    keyword = '<https://fi.example/{}> <http://www.w3.org/ns/dcat#keyword> "genome" .'
    store.apply([entry("a", keyword.format("a"), seq=1), entry("b", seq=2)], 2)
    query = """SELECT ?d ?v { ?r foaf:primaryTopic ?d ; dqv:hasQualityMeasurement [
               dqv:isMeasurementOf gdix:mqaScore ; dqv:value ?v ] } ORDER BY ?d"""
    # Of 405 points a publisher is worth 10 and a keyword 30; percentages are rounded down.
    assert _rows(store, query) == [["https://fi.example/a", "9"], ["https://fi.example/b", "2"]]
    mean = {each.scheme: each for each in averages(store, f"{BASE}/node/fi")}
    assert list(mean) == ["mqa", "mqa-controlled", "completeness", "fair"]
    assert (mean["mqa"].percent, mean["mqa"].datasets) == (5.5, 2)
    assert averages(store, f"{BASE}/node/nobody") == ()


def test_delivered_and_derived_are_told_apart_by_graph(open_store: OpenStore) -> None:
    store = open_store()
    store.apply([entry("a")], 1)
    query = f"SELECT ?p {{ GRAPH <{BASE}/graph/delivered/a> {{ <https://fi.example/a> ?p ?o }} }}"
    assert sorted(row[0].rpartition("/")[2] for row in _rows(store, query)) == ["22-rdf-syntax-ns#type", "publisher"]


def test_a_delivered_graph_says_which_node_delivered_it_and_in_which_run(open_store: OpenStore) -> None:
    store = open_store()
    store.apply([entry("a")], 1)
    query = """SELECT ?d ?node ?run { GRAPH ?said { ?d a dcat:Dataset }
               ?said prov:wasAttributedTo ?node ; prov:wasGeneratedBy ?run }"""
    assert _rows(store, query) == [["https://fi.example/a", f"{BASE}/node/fi", f"{BASE}/node/fi#run-7"]]


def test_withdrawn_records_are_in_the_history_and_nowhere_else(open_store: OpenStore) -> None:
    store = open_store()
    store.apply([entry("a", seq=1), entry("b", seq=2)], 2)
    gone = entry("a", seq=3, status=Status.WITHDRAWN)
    store.apply([gone], 3)
    store._registry = lambda: history_graph(LAYOUT, [gone.state])
    store.refresh("later")
    about = "?r foaf:primaryTopic ?d ; prov:invalidatedAtTime ?when ; prov:wasInvalidatedBy ?run"
    ((dataset, when, run),) = _rows(store, f"SELECT ?d ?when ?run {{ GRAPH <{BASE}/graph/history> {{ {about} }} }}")
    assert (dataset, run) == ("https://fi.example/a", f"{BASE}/node/fi#run-7")
    assert datetime.fromisoformat(when) == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)  # some write Z, some +00:00
    assert _rows(store, f"SELECT ?d ?when ?run {{ {about} }}") == []
    assert _rows(store, "SELECT ?d { ?r a dcat:CatalogRecord ; foaf:primaryTopic ?d }") == [["https://fi.example/b"]]
    store.apply([entry("a", seq=4)], 4)
    store._registry = lambda: history_graph(LAYOUT, [])
    store.refresh("later")
    assert _rows(store, "SELECT ?d { ?r a dcat:CatalogRecord ; foaf:primaryTopic ?d } ORDER BY ?d") == [
        ["https://fi.example/a"],
        ["https://fi.example/b"],
    ]


def test_the_version_changes_when_answers_may(open_store: OpenStore) -> None:
    store = open_store()
    store.apply([entry("a")], 1)
    first = store.version()
    assert (store.version(), open_store().version()) == (first, first)
    store.refresh("later")
    store.apply([entry("a", '<https://fi.example/a> <http://purl.org/dc/terms/title> "New" .', seq=2)], 2)
    assert store.version() != first


def test_blank_nodes_of_two_records_stay_apart(open_store: OpenStore) -> None:
    store = open_store()
    contact = "<https://fi.example/{0}> <http://www.w3.org/ns/dcat#contactPoint> _:c14n0 .\n"
    named = '_:c14n0 <http://www.w3.org/2006/vcard/ns#fn> "Office {0}" .'
    store.apply([entry(r, (contact + named).format(r), seq=n) for n, r in enumerate("ab", 1)], 2)
    found = _rows(store, "SELECT ?d ?n { ?d dcat:contactPoint ?c . ?c vcard:fn ?n } ORDER BY ?d")
    assert found == [["https://fi.example/a", "Office a"], ["https://fi.example/b", "Office b"]]


def test_applying_a_batch_twice_does_no_harm(open_store: OpenStore) -> None:
    store = open_store()
    for _ in range(2):
        store.apply([entry("a")], 1)
    assert _rows(store, "SELECT (COUNT(*) AS ?n) { ?d a dcat:Dataset }") == [["1"]]
    assert store.cursor() == 1


def test_a_second_process_sees_what_the_first_published(open_store: OpenStore) -> None:
    first, second = open_store(), open_store()
    first.apply([entry("a")], 5)
    assert second.cursor() == 5
    assert _rows(second, DATASETS) == [["https://fi.example/a"]]


def test_a_rebuild_replaces_everything_and_a_failed_one_nothing(open_store: OpenStore) -> None:
    store = open_store()
    store.apply([entry("a")], 1)

    def broken() -> Iterator[Entry]:
        yield entry("b", seq=2)
        raise OSError("the journal went away")

    with pytest.raises(OSError, match="went away"):
        store.rebuild(broken(), 2, "new")
    assert (_rows(store, DATASETS), store.cursor(), store.stamp()) == ([["https://fi.example/a"]], 1, "")
    store.rebuild(iter([entry("b", seq=2)]), 2, "new")
    assert (_rows(store, DATASETS), store.cursor(), store.stamp()) == ([["https://fi.example/b"]], 2, "new")
    assert _rows(store, f"SELECT ?t {{ <{BASE}/node/fi> dct:title ?t }}") == [["Finland"]]


def test_code_lists_have_labels_in_several_languages(open_store: OpenStore) -> None:
    store = open_store()
    store.rebuild(iter(()), 0, "s")
    public = "<http://publications.europa.eu/resource/authority/access-right/PUBLIC>"
    languages = _rows(store, f"SELECT (LANG(?l) AS ?t) {{ {public} skos:prefLabel ?l }}")
    assert ["en"] in languages
    assert len(languages) > 1


def test_a_batch_taken_in_parts_gives_what_it_gives_at_once(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store()
    title = '<https://fi.example/{0}> <http://purl.org/dc/terms/title> "{0} {1}" .'
    batch = [entry(r, title.format(r, 1), seq=n) for n, r in enumerate("abcd", 1)]
    store.rebuild(iter(batch), 4, "s")
    labels = f"<{LAYOUT.labels.value}>"
    everything = f"""SELECT ?g ?s ?p ?o {{
        {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != {labels} && STRSTARTS(STR(?g), "{BASE}/graph/")) }}
        UNION {{ ?s ?p ?o FILTER NOT EXISTS {{ GRAPH {labels} {{ ?s ?p ?o }} }} }} }} ORDER BY ?g ?s ?p ?o"""
    whole = _rows(store, everything)
    monkeypatch.setattr(embedded, "_AT_ONCE", 1)
    monkeypatch.setattr(writing, "_AT_ONCE", 1)
    store.rebuild(iter(batch), 4, "s")
    assert _rows(store, everything) == whole
    changed = [
        entry("a", title.format("a", 2), seq=5),
        entry("b", seq=6, status=Status.WITHDRAWN),
        entry("e", seq=7),
    ]
    store.apply(changed, 7)
    titles = _rows(store, "SELECT ?t { ?d dct:title ?t ; a dcat:Dataset } ORDER BY ?t")
    assert titles == [["a 2"], ["c 1"], ["d 1"]]
    assert store.digests() == {"a": "digest-5", "c": "digest-3", "d": "digest-4", "e": "digest-7"}


def test_a_record_that_comes_again_in_the_next_part_of_a_batch_is_as_it_was_last(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_AT_ONCE", 1)
    monkeypatch.setattr(writing, "_AT_ONCE", 1)
    store = open_store()
    title = '<https://fi.example/a> <http://purl.org/dc/terms/title> "{}" .'
    store.apply([entry("a", title.format(n), seq=n) for n in range(1, 6)], 5)
    assert _rows(store, "SELECT ?t { ?d dct:title ?t ; a dcat:Dataset }") == [["5"]]
    assert store.digests() == {"a": "digest-5"}
