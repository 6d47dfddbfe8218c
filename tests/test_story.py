"""The story this catalogue exists for, from real descriptions to every door, on the program as it is run."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import program
import pytest
from command_line import CommandLine, alone
from flask.testing import FlaskClient

from catalogue.assemble import House, open_house
from catalogue.settings import read_settings
from shapes.record import Kind
from ui.app import create_app

COUNT = "SELECT (COUNT(DISTINCT ?d) AS ?n) WHERE {{ ?d a dcat:Dataset {} }}"
THEME = "http://publications.europa.eu/resource/authority/data-theme/"
LANGUAGE = "http://publications.europa.eu/resource/authority/language/"
BELGIF = "https://org.belgif.be/id/CbeRegisteredEntity/"
ACCESS = "http://publications.europa.eu/resource/authority/access-right/"
DAC = "Data Access Committee of UMC X"


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    alone(monkeypatch)
    monkeypatch.delenv("GDI_PROFILE")


@dataclass(frozen=True)
class Belgium:
    """A catalogue that harvested node A of two dates, one after the other, and node B."""

    cli: CommandLine
    first: dict[str, Any]
    second: dict[str, Any]
    before: dict[str, str]


@pytest.fixture(scope="module")
def belgium(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Belgium:
    data = shared_data / "real-be-health"
    cli = CommandLine(tmp_path_factory.mktemp("belgium") / "data")
    with pytest.MonkeyPatch.context() as surroundings:
        alone(surroundings)
        surroundings.delenv("GDI_PROFILE")
        cli.done("sources", "add", "node-a", data / "node-a-sciensano-2025-02-09.ttl", "--country", "BE")
        first = cli.harvest()
        before = pages(cli.data)
        cli.done("sources", "add", "node-a", data / "node-a-sciensano-2025-04-13.ttl")
        second = cli.harvest()
        cli.done("sources", "add", "node-b", data / "node-b-health-authorities-2025-04-13.rdf", "--country", "BE")
        cli.done("harvest", "node-b")
    return Belgium(cli, first, second, before)


@pytest.fixture
def house(belgium: Belgium) -> Iterator[House]:
    with open_house(read_settings(flags={"data": belgium.cli.data})) as opened:
        yield opened


@pytest.fixture
def web(house: House) -> FlaskClient:
    return create_app(house.catalogue, house.settings).test_client()


def pages(data: Path, source: str = "node-a") -> dict[str, str]:
    """The page of every listed dataset of a source, by what its node calls it."""
    with open_house(read_settings(flags={"data": data})) as house:
        heads = house.journal.heads(Kind.DATASET, source=source, with_body=False)
        return {" ".join(state.identifiers): state.id for state in heads}


def digests(data: Path) -> dict[tuple[str, str], str]:
    """The digest of every listed record, by kind and IRI."""
    with open_house(read_settings(flags={"data": data})) as house:
        heads = house.journal.heads(with_body=False)
        return {(state.kind.value, state.subject): state.digest for state in heads}


# -- a node replaces its file: every IRI changes, every page stays ---------------------------------------------------


def test_a_new_export_under_other_iris_keeps_every_page(belgium: Belgium) -> None:
    assert (belgium.first["new"], belgium.first["outcome"]) == (146, "ok")
    figures = ("seen", "new", "changed", "reidentified", "unchanged", "rejected", "failed", "withdrawn", "held")
    assert {name: belgium.second[name] for name in figures} == {
        "seen": 146,
        "new": 0,
        "changed": 146,
        "reidentified": 146,
        "unchanged": 0,
        "rejected": 0,
        "failed": 0,
        "withdrawn": 0,
        "held": 0,
    }
    assert pages(belgium.cli.data) == belgium.before
    assert len(belgium.before) == 146


def test_every_name_a_record_ever_had_still_leads_to_it(belgium: Belgium, house: House, web: FlaskClient) -> None:
    record = next(iter(belgium.before.values()))
    old, new = house.journal.history(record)
    assert old.subject != new.subject
    for name in (record, old.subject, new.subject, *new.identifiers):
        assert house.catalogue.resolve(name) == record
    assert web.get(f"/dataset/{record}", headers={"Accept": "text/html"}).status_code == 200


# -- one question, one answer, at every door -------------------------------------------------------------------------

QUESTIONS: dict[str, tuple[dict[str, str], str | None]] = {
    "everything": ({}, ""),
    "one theme": ({"theme": "HEAL"}, f"; dcat:theme <{THEME}HEAL>"),
    "one publisher": ({"publisher": f"{BELGIF}0206653946"}, f"; dct:publisher <{BELGIF}0206653946>"),
    "one language": ({"language": "NLD"}, f"; dct:language <{LANGUAGE}NLD>"),
    "public": ({"access_rights": "PUBLIC"}, f"; dct:accessRights <{ACCESS}PUBLIC>"),
    "one node": ({"node": "node-b"}, ". ?r foaf:primaryTopic ?d ; gdix:node ?n . ?n dct:identifier 'node-b'"),
    "a word": ({"q": "registry"}, None),
    "a word and a facet": ({"q": "cancer", "node": "node-a"}, None),
    "a word nobody wrote": ({"q": "xylophone"}, None),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_page_api_command_line_and_sparql_give_one_total(belgium: Belgium, web: FlaskClient, question: str) -> None:
    asked, pattern = QUESTIONS[question]
    page = web.get("/datasets", query_string=asked, headers={"Accept": "text/html"}).get_data(as_text=True)
    heading = re.search(r'<h1 id="results-title">([\d\s]+) dataset', page)
    assert heading is not None
    facets = [f"--facet={name}={value}" for name, value in asked.items() if name != "q"]
    totals = {
        "page": int(re.sub(r"\s", "", heading[1])),
        "api": web.get("/api/v1/datasets", query_string=asked).get_json()["total"],
        "command line": belgium.cli("search", asked.get("q", ""), *facets, "--json").json["total"],
    }
    if pattern is not None:
        query = COUNT.format(pattern)
        totals["sparql"] = int(belgium.cli("sparql", query, "--format", "csv").lines[1])
        answer = web.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
        totals["sparql endpoint"] = int(answer.get_data(as_text=True).split()[1])
    assert len(set(totals.values())) == 1, totals
    assert totals["page"] or question == "a word nobody wrote"
    if question == "everything":
        assert totals["page"] == 146 + 76


def test_what_is_listed_stored_indexed_and_queryable_is_one_set(belgium: Belgium, web: FlaskClient) -> None:
    found = belgium.cli("doctor", "--json")
    assert (found.code, found.json["journal"], found.json["store"], found.json["index"]) == (0, 222, 222, 222)
    rows = belgium.cli("sparql", "SELECT DISTINCT ?d { ?d a dcat:Dataset }", "--format", "csv").lines[1:]
    hits = web.get("/api/v1/datasets", query_string={"size": 1000}).get_json()["hits"]
    assert sorted(rows) == sorted(hit["iri"] for hit in hits)


def test_a_second_run_of_the_same_changes_nothing(belgium: Belgium) -> None:
    def standing() -> tuple[int, dict[str, bytes], dict[str, Any]]:
        index = {str(f): f.read_bytes() for f in (belgium.cli.data / "index").rglob("*") if f.is_file()}
        store = json.loads((belgium.cli.data / "store" / "current.json").read_text("utf-8"))
        with open_house(read_settings(flags={"data": belgium.cli.data})) as house:
            # The number of the store's snapshot grows: its registry graph tells the new runs.
            return house.journal.last_seq(), index, {name: store[name] for name in ("generation", "cursor", "stamp")}

    before = standing()
    said = belgium.cli.done("harvest", "--json").json
    assert [(run["unchanged"], run["changed"], run["new"]) for run in said["runs"]] == [(146, 0, 0), (76, 0, 0)]
    assert standing() == before


# -- who decides -----------------------------------------------------------------------------------------------------


def test_the_committee_a_node_names_is_named_at_every_door(shared_data: Path, tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "data")
    cli.done("sources", "add", "nl", shared_data / "examples-dac" / "gdi-dataset-with-dac.ttl", "--country", "NL")
    assert cli.harvest()["new"] == 1
    (hit,) = cli("search", "genome", "--json").json["hits"]
    (decides,) = (body for body in hit["dac"] if body["role"] == "decides")
    assert (decides["name"], decides["method"], hit["decider"]["status"]) == (DAC, "attribution", "published")
    committee = decides["id"]
    with open_house(read_settings(flags={"data": cli.data})) as house:
        web = create_app(house.catalogue, house.settings).test_client()
        for page in (f"/dataset/{hit['id']}", f"/dac/{committee}", "/dacs"):
            assert DAC in web.get(page, headers={"Accept": "text/html"}).get_data(as_text=True), page
        bodies = web.get(f"/api/v1/datasets/{hit['id']}").get_json()["dac"]
        assert [body["names"][0]["value"] for body in bodies if body["role"] == "decides"] == [DAC]
        (listed,) = (c for c in web.get("/api/v1/dacs").get_json()["items"] if c["id"] == committee)
        assert listed["datasets"] == 1
    query = """SELECT DISTINCT ?name { ?d a dcat:Dataset ; prov:qualifiedAttribution [ prov:agent ?dac ;
        dcat:hadRole <https://example.org/gdi-catalogue/role/data-access-committee> ] . ?dac foaf:name ?name }"""
    assert cli("sparql", query, "--format", "csv").lines[1:] == [DAC]
    assert f"{DAC} (decides, by attribution)" in cli("show", "GoE_NL_HRI_1").out
    assert cli("dacs", "show", committee, "--json").json["datasets"] == 1


# -- out and in again ------------------------------------------------------------------------------------------------


def test_an_export_harvested_into_a_fresh_catalogue_gives_the_same_digests(belgium: Belgium, tmp_path: Path) -> None:
    file = tmp_path / "export.nq"
    belgium.cli.done("export", "-o", file)
    fresh = CommandLine(tmp_path / "fresh")
    fresh.done("sources", "add", "all", file)
    assert fresh.harvest()["new"] == 222
    ours, theirs = digests(belgium.cli.data), digests(fresh.data)
    assert theirs.keys() == ours.keys()
    # Both nodes name their catalogue alike; in one document it is one catalogue.
    shared = {key for key in ours if key[0] == "catalogue"}
    assert {key: theirs[key] for key in theirs if key not in shared} == {
        key: ours[key] for key in ours if key not in shared
    }


# -- the process ends in the middle ----------------------------------------------------------------------------------


def states(data: Path) -> int:
    """How many states the journal holds, asked from outside."""
    journal = data / "journal.sqlite"
    if not journal.exists():
        return 0
    with closing(sqlite3.connect(f"{journal.as_uri()}?mode=ro", uri=True)) as connection:
        (found,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'state'").fetchone()
        return int(connection.execute("SELECT count(*) FROM state").fetchone()[0]) if found else 0


def until(true: Callable[[], bool], what: str) -> None:
    """Look again and again until something holds; give up after `program.SECONDS`."""
    waiting = threading.Event()
    for _ in range(program.SECONDS * 50):
        if true():
            return
        waiting.wait(0.02)
    pytest.fail(f"waited in vain for {what}")


def test_a_harvest_killed_in_the_middle_ends_as_an_undisturbed_one(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "real-be-health" / "node-c-other-2025-04-13.jsonld"
    undisturbed, killed = CommandLine(tmp_path / "undisturbed"), CommandLine(tmp_path / "killed")
    for cli in (undisturbed, killed):
        cli.done("sources", "add", "node-c", source, "--country", "BE", "--profile", "gdi-core")
    assert undisturbed.harvest()["new"] == 267
    with program.start(killed.data, "harvest") as process:
        until(lambda: states(killed.data) > 0 or process.poll() is not None, "the first batch")
        process.kill()
        process.communicate()
    found = killed("doctor", "--json")
    assert (found.code, found.json["consistent"]) == (0, True)
    with program.serving(killed.data) as (address, _):
        total = json.loads(program.get(f"{address}/api/v1/datasets")[1])["total"]
    assert total == found.json["journal"]
    run = killed.harvest()
    assert (run["seen"], run["new"] + run["unchanged"], run["withdrawn"]) == (267, 267, 0)
    assert (run["outcome"], run["unchanged"]) == ("ok", total)
    assert digests(killed.data) == digests(undisturbed.data)
    assert killed("search", "--json").json["total"] == 267


# -- several processes at once ---------------------------------------------------------------------------------------


def test_two_servers_see_what_the_command_line_harvests_meanwhile(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "real-be-health" / "node-b-health-authorities-2025-04-13.rdf"
    cli = CommandLine(tmp_path / "data")
    cli.done("sources", "add", "node-b", source, "--country", "BE", "--profile", "gdi-core")
    with ExitStack() as stack:
        servers = [stack.enter_context(program.serving(cli.data))[0] for _ in range(2)]

        def total(address: str) -> int:
            status, body = program.get(f"{address}/api/v1/datasets")
            assert status == 200
            return int(json.loads(body)["total"])

        def counted(address: str) -> str:
            query = "SELECT%20(COUNT(DISTINCT%20?d)%20AS%20?n)%20%7B?d%20a%20dcat:Dataset%7D"
            return program.get(f"{address}/sparql?query={query}", Accept="text/csv")[1].split()[-1]

        assert [total(server) for server in servers] == [0, 0]
        done = program.run(cli.data, "harvest", "--json")
        assert (done.returncode, json.loads(done.stdout)["totals"]["new"]) == (0, 76)
        until(lambda: all(total(s) == 76 and counted(s) == "76" for s in servers), "76 datasets at both")
        cli.done("sources", "remove", "node-b")
        until(lambda: all(total(s) == 0 and counted(s) == "0" for s in servers), "no dataset at both")
    assert cli("doctor").code == 0
