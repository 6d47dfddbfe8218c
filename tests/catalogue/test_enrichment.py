"""What other services say of a dataset: joined by its identifier, kept apart, and seen wherever the dataset is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from nodes.beacon_node import BeaconNode
from nodes.ega_node import EgaNode, accession
from nodes.samples import PREFIXES

from catalogue.assemble import House, open_house
from catalogue.dac.committee import DeciderStatus, Method
from catalogue.enrich.join import names_of
from catalogue.entry import Entry
from catalogue.journal.run import Outcome, Run
from catalogue.search.query import Query
from catalogue.settings import read_settings
from catalogue.store.port import SparqlQuery
from harvester.source import Source
from shapes.record import Kind
from ui.app import create_app
from ui.cli.harvest import print_runs
from ui.cli.main import run

COMMITTEE = accession("C", "committee")
IRI = "https://node.example/"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(read_settings(environment={}, flags={"data": tmp_path / "data", "allow_private": True})) as house:
        yield house


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """The file of a node; a test writes datasets into it."""
    return tmp_path / "catalog.ttl"


@pytest.fixture
def beacon() -> Iterator[BeaconNode]:
    with BeaconNode("a", "b") as node:
        yield node


@pytest.fixture
def ega() -> Iterator[EgaNode]:
    with EgaNode("a", "b") as node:
        yield node


def dataset(name: str, identifier: str, more: str = "") -> str:
    return f'<{IRI}{name}> a dcat:Dataset ; dct:title "Dataset {name}"@en ; dct:identifier "{identifier}"{more} .\n'


def harvest(house: House, name: str, url: str, protocol: str = "auto", title: str | None = None) -> Run:
    """Harvest a source, registered when it is met first, and let store and index follow."""
    if name not in {source.name for source in house.journal.sources()}:
        house.journal.add_source(Source(name, url, title=title, protocol=protocol))
    ran = house.harvest(house.journal.source(name))
    house.settle()
    return house.journal.run(ran.id)


def node(house: House, dump: Path, *datasets: str) -> Run:
    dump.write_text(PREFIXES + "".join(datasets))
    return harvest(house, "north", str(dump))


def entry(house: House, name: str) -> Entry:
    found = house.catalogue.resolve(f"{IRI}{name}")
    assert found is not None
    return house.catalogue.entry(found)


def governed(house: House) -> int:
    return house.catalogue.search(Query(facets={"dac": (COMMITTEE,)}, with_facets=False)).total


def titles(house: House, query: str) -> list[str]:
    answer = json.loads(house.catalogue.sparql(SparqlQuery(query)).body)
    return sorted(row["x"]["value"] for row in answer["results"]["bindings"])


def test_a_beacon_says_something_of_the_dataset_whose_identifier_it_names_and_of_no_other(
    house: House, dump: Path, beacon: BeaconNode
) -> None:
    node(house, dump, dataset("a", "id-a"), dataset("c", "id-c"))
    before = entry(house, "a").state
    ran = harvest(house, "beacon", beacon.start)
    (told,) = entry(house, "a").enrichments
    assert (told.source, told.about, told.title) == ("beacon", "id-a", "Dataset a in the Beacon")
    assert told.beacon is not None
    assert (told.beacon.name, told.beacon.levels, told.beacon.granularity) == (
        "A Beacon",
        ("PUBLIC", "REGISTERED"),
        "boolean",
    )
    assert told.beacon.filters == ("NCIT:C16576", "age")
    assert [use.code for use in told.data_uses] == ["DUO:0000042"]
    assert entry(house, "c").enrichments == ()
    assert entry(house, "a").state == before
    assert (ran.outcome, ran.seen, ran.others[Kind.ENRICHMENT].new) == (Outcome.OK, 0, 2)


def test_what_is_said_of_a_dataset_nobody_lists_is_counted_and_waits_for_it(
    house: House, dump: Path, beacon: BeaconNode
) -> None:
    node(house, dump, dataset("a", "id-a"))
    ran = harvest(house, "beacon", beacon.start)
    assert [p.detail for p in ran.problems if p.code == "unmatched"] == [
        "No node lists 1 of the 2 datasets that are told of: id-b."
    ]
    node(house, dump, dataset("a", "id-a"), dataset("b", "id-b"))
    assert [each.about for each in entry(house, "b").enrichments] == ["id-b"]
    again = harvest(house, "beacon", beacon.start)
    assert "unmatched" not in again.problem_counts
    assert again.others[Kind.ENRICHMENT].unchanged == 2


def test_the_committee_the_ega_names_decides_by_rule_and_the_evidence_says_who_said_so(
    house: House, dump: Path, ega: EgaNode
) -> None:
    node(house, dump, dataset("a", accession("D", "a")), dataset("c", "id-c"))
    assert entry(house, "a").access.decider.status is DeciderStatus.NONE
    assert governed(house) == 0
    harvest(house, "ega", ega.start, "ega", title="The EGA")
    decider = entry(house, "a").access.decider
    assert (decider.status, decider.method) == (DeciderStatus.RULE, Method.IDENTIFIER)
    assert decider.evidence == (
        f"The EGA says that {accession('D', 'a')} is under the policy {accession('P', 'odd')}, which is decided on by"
        ' "The institute\'s committee".'
    )
    assert entry(house, "c").access.decider.status is DeciderStatus.NONE
    assert governed(house) == 1


def test_a_dataset_that_writes_its_accession_as_an_address_is_found_too(house: House, dump: Path, ega: EgaNode) -> None:
    address = f"https://ega-archive.org/datasets/{accession('D', 'a')}"
    node(
        house,
        dump,
        dataset("a", "1", f" ; dct:relation <{IRI}x>"),
        f'<{address}> a dcat:Dataset ; dct:title "A"@en .\n',
    )
    harvest(house, "ega", ega.start, "ega")
    found = house.catalogue.resolve(address)
    assert found is not None
    assert [each.about for each in house.catalogue.entry(found).enrichments] == [accession("D", "a")]
    assert governed(house) == 1


def test_the_nodes_own_word_comes_first_and_the_registrys_before_the_egas(
    house: House, dump: Path, ega: EgaNode
) -> None:
    own = (
        " ; <http://www.w3.org/ns/odrl/2/hasPolicy> [ <http://www.w3.org/ns/odrl/2/assigner>"
        ' [ a foaf:Agent ; foaf:name "The node\'s committee"@en ] ]'
    )
    node(house, dump, dataset("a", accession("D", "a"), own))
    harvest(house, "ega", ega.start, "ega")
    assert entry(house, "a").access.decider.method is Method.POLICY
    assert COMMITTEE not in {link.committee.id for link in entry(house, "a").access.links}


def test_a_change_of_what_is_said_reaches_store_and_index_and_so_does_its_end(
    house: House, dump: Path, ega: EgaNode
) -> None:
    node(house, dump, dataset("a", accession("D", "a")))
    harvest(house, "ega", ega.start, "ega")
    query = "SELECT ?x WHERE { ?x <https://w3id.org/gdi-catalogue/ns#enrichedBy> ?said }"
    assert titles(house, query) == [f"{IRI}a"]
    for each in ega.datasets:
        each["policy_accession_id"] = None
    ran = harvest(house, "ega", ega.start)
    assert ran.others[Kind.ENRICHMENT].changed == 2
    assert governed(house) == 0
    assert len(entry(house, "a").enrichments) == 1
    house.remove_source("ega")
    house.settle()
    assert entry(house, "a").enrichments == ()
    assert titles(house, query) == []
    assert house.diagnose().consistent


def test_datasets_are_listed_by_nodes_alone(house: House, dump: Path, beacon: BeaconNode) -> None:
    node(house, dump, dataset("a", "id-a"))
    harvest(house, "beacon", beacon.start)
    assert titles(house, "SELECT ?x WHERE { ?x a <http://www.w3.org/ns/dcat#Dataset> }") == [f"{IRI}a"]
    assert house.catalogue.count(Kind.DATASET) == 1
    assert house.catalogue.search(Query()).total == 1
    named = house.catalogue.sparql(SparqlQuery(f"SELECT ?g ?x WHERE {{ GRAPH ?g {{ <{IRI}a> ?p ?x }} }}"))
    rows = json.loads(named.body)["results"]["bindings"]
    assert not [row for row in rows if "delivered" in row["g"]["value"] and "Beacon" in row["x"]["value"]]


def test_no_node_can_give_out_its_own_words_as_the_egas(house: House, dump: Path) -> None:
    forged = (
        f'<{IRI}forged> a <https://w3id.org/gdi-catalogue/ns#Enrichment> ; dct:identifier "{accession("D", "a")}" ;'
        f" <http://www.w3.org/ns/odrl/2/hasPolicy> [ <http://www.w3.org/ns/odrl/2/assigner> <{IRI}dac> ] .\n"
    )
    ran = node(house, dump, dataset("a", accession("D", "a")), forged)
    assert (ran.seen, dict(ran.others)) == (1, {})
    assert entry(house, "a").enrichments == ()


def test_the_page_and_the_api_show_it_apart_with_its_source(house: House, dump: Path, beacon: BeaconNode) -> None:
    node(house, dump, dataset("a", "id-a"), dataset("c", "id-c"))
    harvest(house, "beacon", beacon.start)
    web = create_app(house.catalogue, house.settings).test_client()
    record = entry(house, "a").state.id
    page = web.get(f"/dataset/{record}", headers={"Accept": "text/html"}).text
    assert "A Beacon answers questions about this dataset:" in page
    assert 'href="https://beacon.example/"' in page
    assert "everyone; people who are signed in" in page
    assert 'href="/node/beacon"' in page
    (told,) = web.get(f"/api/v1/datasets/{record}").json["enrichments"]  # type: ignore[index]
    assert (told["source"], told["beacon"]["name"], told["about"]) == ("beacon", "A Beacon", "id-a")
    statement = web.get(f"/record/{told['record']}", headers={"Accept": "text/html"})
    assert statement.status_code == 200
    assert "A Beacon" in statement.text
    other = web.get(f"/dataset/{entry(house, 'c').state.id}", headers={"Accept": "text/html"}).text
    assert "What other services say" not in other


def test_an_accession_stands_for_its_addresses_and_other_names_for_themselves() -> None:
    assert names_of(" id-a ") == ("id-a",)
    assert names_of("EGAD00000000001") == (
        "EGAD00000000001",
        "https://ega-archive.org/datasets/EGAD00000000001",
        "https://www.ega-archive.org/datasets/EGAD00000000001",
        "https://identifiers.org/ega.dataset:EGAD00000000001",
        "http://identifiers.org/ega.dataset:EGAD00000000001",
    )
    assert names_of("see EGAD00000000001") == ("see EGAD00000000001",)


def test_the_command_line_tells_what_others_say(
    house: House, dump: Path, beacon: BeaconNode, ega: EgaNode, capsys: pytest.CaptureFixture[str]
) -> None:
    node(house, dump, dataset("a", "id-a", f' , "{accession("D", "a")}"'))
    runs = [harvest(house, "beacon", beacon.start), harvest(house, "ega", ega.start, "ega")]
    print_runs(runs, verbose=False)
    told = [line for line in capsys.readouterr().out.splitlines() if "others list" in line]
    assert told == [
        "beacon: says something of 2 datasets that others list, or may list: 2 new.",
        "ega: says something of 2 datasets that others list, or may list: 2 new.",
    ]
    data = str(house.settings.data)
    assert run(["--data", data, "show", "id-a"]) == 0
    shown = [line for line in capsys.readouterr().out.splitlines() if line.startswith("others say")]
    assert shown == [
        f"others say     the Beacon 'A Beacon' answers questions about it (beacon; {beacon.start})",
        f"others say     the EGA has it as {accession('D', 'a')} under the policy {accession('P', 'odd')} (ega)",
    ]
