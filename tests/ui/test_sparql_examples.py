"""The questions the editor offers, asked of the demonstration network: each has an answer worth its question."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from catalogue.assemble import House, open_house
from catalogue.dac.importing import read_committees
from catalogue.ontology.terms import TERMS
from catalogue.settings import read_settings
from catalogue.store.port import SparqlQuery
from shapes.record import Kind
from shapes.vocabulary import GDIX
from ui.demo.network import network
from ui.demo.plan import committees, read_plans
from ui.examples import EXAMPLES

BASE = "https://catalogue.example.org"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demonstration, harvested; then Estonia's node is taken off, so that something is withdrawn."""
    flags = {"data": tmp_path_factory.mktemp("examples"), "base_url": BASE, "harvest_retries": 0}
    settings = read_settings(environment={}, flags=flags | {"sparql_workers": 1})
    with network(read_plans()) as running, open_house(settings) as opened:
        opened.journal.put_committees(read_committees(committees(), "toml", name="committees.toml").committees, "demo")
        for node in running:
            opened.journal.add_source(node.source)
            opened.harvest(node.source)
        opened.settle()
        yield opened


def _answer(house: House, begin: str) -> list[dict[str, str]]:
    """Ask the example whose question begins so."""
    (example,) = [each for each in EXAMPLES if each.question.startswith(begin)]
    body = house.catalogue.sparql(SparqlQuery(example.query, "csv")).body.decode()
    rows = list(csv.DictReader(io.StringIO(body)))
    return [{name: value.removeprefix(f"{BASE}/") for name, value in row.items()} for row in rows]


def test_every_question_has_an_answer(house: House) -> None:
    silent = [e.question for e in EXAMPLES if "withdrawn" not in e.question and not _answer(house, e.question)]
    assert silent == []
    assert len({e.question for e in EXAMPLES}) == len(EXAMPLES)


def test_datasets_of_finnish_and_estonian_committees_for_research_without_profit(house: House) -> None:
    rows = _answer(house, "Which datasets, whose committee is in Finland or Estonia")
    assert [(row["dataset"].rpartition("/")[2], row["country"]) for row in rows] == [
        (f"{name}", "FI") for name in ("GDI-FI-NUH-1", "GDI-FI-NUH-2", "GDI-FI-NUH-3", "GDI-FI-NUH-6", "GOE-FI-NODE-2")
    ]
    assert set(rows[0]["conditions"].split()) == {"DUO_0000007", "DUO_0000021", "DUO_0000045"}
    assert rows[0]["decider"] == "Genomic Data Access Committee of Finland (synthetic)"


def test_datasets_without_a_deciding_body_by_node(house: House) -> None:
    rows = _answer(house, "How many datasets of each node have no deciding body?")
    counted = {row["node"]: int(row["datasets"]) for row in rows}
    assert counted == {"node/fr": 5, "node/de": 1, "node/es": 1, "node/fi": 1, "node/it": 1, "node/nl": 1}
    statuses = [house.catalogue.entry(s.id).access.decider.status for s in house.journal.heads(Kind.DATASET)]
    assert sum(counted.values()) == sum(status in {"none", "stand-in"} for status in statuses)


def test_the_median_of_people_by_health_category(house: House) -> None:
    rows = _answer(house, "How many people does a dataset of each health category have")
    by_code = {row["category"].rpartition("/")[2]: (int(row["datasets"]), row["median"]) for row in rows}
    assert by_code["HGPD"] == (35, "1480")
    assert by_code["HPML"] == (2, "1282.5")
    assert rows[0]["name"].startswith("Data from population-based health data registries")


def test_which_node_said_what_in_which_run(house: House) -> None:
    rows = _answer(house, "Which node said what, in which run?")
    assert len(rows) == 36
    run = house.journal.runs("ee", limit=1)[0]
    estonian = [row for row in rows if row["node"] == "node/ee"]
    assert {row["run"] for row in estonian} == {f"node/ee#run-{run.id}"}
    said = {row["dataset"]: int(row["statements"]) for row in estonian}
    state = next(state for state in house.journal.heads(source="ee") if state.subject in said)
    assert said[state.subject] == len(list(house.catalogue.delivered(state)))


def test_how_many_datasets_break_their_profile(house: House) -> None:
    rows = _answer(house, "How many datasets does each node list")
    broken = {row["node"].rpartition("/")[2]: int(row["withViolations"]) for row in rows}
    for source in ("fi", "it", "de"):
        found = [s for s in house.journal.heads(source=source) if s.verdict is not None and not s.verdict.valid]
        assert broken[source] == len([state for state in found if state.kind == "dataset"])
    assert broken["it"] > 0


def test_quality_by_node_is_the_average_of_its_page(house: House) -> None:
    rows = _answer(house, "How good are the descriptions of each node")
    assert len(rows) == 7
    for row in rows:
        name = row["node"].rpartition("/")[2]
        mean = {each.scheme: each for each in house.catalogue.averages(name)}["completeness"]
        assert (int(float(row["completeness"])), int(row["datasets"])) == (round(mean.percent), mean.datasets)


def test_what_was_withdrawn_is_told_and_is_no_dataset_any_more(house: House) -> None:
    assert _answer(house, "What was withdrawn since") == []
    gone = {state.id: state.subject for state in house.journal.heads(source="ee") if state.kind == "dataset"}
    house.remove_source("ee")
    house.settle()
    rows = _answer(house, "What was withdrawn since")
    datasets = {row["page"].rpartition("/")[2]: row["topic"] for row in rows if "/dataset/" in f"/{row['page']}"}
    assert datasets == gone
    assert {row["node"] for row in rows} == {"node/ee"}
    listed = house.catalogue.sparql(SparqlQuery("SELECT (COUNT(*) AS ?n) { ?d a dcat:Dataset }", "csv")).body
    assert listed.split() == [b"n", b"32"]


def test_every_term_of_ours_in_the_store_is_in_the_vocabulary(house: House) -> None:
    query = f"""SELECT DISTINCT ?term {{
        GRAPH ?g {{ {{ ?s ?term ?o }} UNION {{ ?s ?p ?term }} }}
        FILTER(STRSTARTS(STR(?term), "{GDIX.base}")) }}"""
    body = house.catalogue.sparql(SparqlQuery(query, "csv")).body.decode()
    found = {iri.removeprefix(GDIX.base) for iri in body.split()[1:]}
    assert len(found) > 30
    assert found - TERMS.keys() == set()
