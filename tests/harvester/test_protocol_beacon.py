"""Beacons: the recorded one of GDI's mini node, lists in the ways servers differ, and what is not told of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nodes.beacon_node import ROOT, BeaconNode
from nodes.fake_node import FakeNode, Made, Reply, Seen
from nodes.recorded_node import replay_api
from nodes.samples import Ledger, run

from harvester.changes import Failed, New
from harvester.http import Door
from harvester.protocols import beacon
from harvester.protocols.beacon.api import root_of
from shapes.parse import Document
from shapes.record import Kind, Record

NAMES = ("a", "b", "c", "d", "e")


def told(ledger: Ledger) -> dict[str, Record]:
    return {e.record.identifiers[0]: e.record for e in ledger.of(New) if e.record.kind is Kind.ENRICHMENT}


def harvest(door: Door, url: str, known: Ledger | None = None, protocol: str = "beacon") -> Ledger:
    return run(door, url, known.known() if known else (), protocol=protocol)


@pytest.fixture
def recorded(node: FakeNode, shared_data: Path) -> str:
    """The recorded Beacon of the mini node, which takes its datasets' question by POST alone; its URL."""
    replay_api(node, shared_data / "recorded-nodes" / "gdi-mini-node", "/beacon/aggregated")
    return node.url("/beacon/aggregated/v2/")


def test_the_recorded_beacon_says_which_dataset_it_answers_for(node: FakeNode, door: Door, recorded: str) -> None:
    ledger = harvest(door, recorded)
    assert (ledger.codes, ledger.complete, list(told(ledger))) == ([], True, ["GDI-DS-20251201001"])
    said = told(ledger)["GDI-DS-20251201001"].body.decode()
    for part in ('"GDI Aggregated Beacon API"', '"PUBLIC"', '"DEV"', '"GDI Example Organisation"'):
        assert part in said
    assert json.loads(node.forms[0])["query"]["pagination"] == {"skip": 0, "limit": 100}


def test_auto_finds_the_recorded_beacon_in_its_first_answer(node: FakeNode, door: Door, recorded: str) -> None:
    ledger = harvest(door, recorded, protocol="auto")
    assert ledger.problems[0].detail == "This source is a Beacon; it was read as beacon."
    assert len(told(ledger)) == 1
    assert node.asked("/beacon/aggregated/v2/") == 1


def test_it_lists_no_dataset_and_no_service(door: Door) -> None:
    with BeaconNode(*NAMES) as beacon_node:
        ledger = harvest(door, beacon_node.start)
    assert {e.record.kind for e in ledger.of(New)} == {Kind.ENRICHMENT}


def test_conditions_of_use_become_terms_of_duo(door: Door, shared_data: Path) -> None:
    """CINECA's file holds two codes in one text, as real ones do."""
    real = json.loads((shared_data / "beacon-v2/CINECA_synthetic_cohort_EUROPE_UK1/datasets.json").read_bytes())
    with BeaconNode("a") as beacon_node:
        beacon_node.datasets[:] = real
        said = told(harvest(door, beacon_node.start))["CINECA_synthetic_cohort_EUROPE_UK1"].body.decode()
    assert "obo/DUO_0000019>" in said
    assert "<https://ega-archive.org/datasets/EGAD00001006673/>" in said


def page(beacon_node: BeaconNode, seen: Seen, start: int, size: int, total: int | None) -> Reply:
    assert "limit" in seen.path
    return beacon_node.page(beacon_node.datasets[start : start + size], total)


def test_a_server_whose_skip_counts_datasets_is_read_to_its_end(door: Door) -> None:
    """beacon-v2#99: older servers skip datasets, not pages."""
    with BeaconNode(*NAMES) as beacon_node:
        answer = Made(lambda seen: page(beacon_node, seen, beacon_node.skip(seen), 2, 5))
        beacon_node.behave(f"{ROOT}datasets", answer)
        ledger = harvest(door, beacon_node.start)
    assert (sorted(told(ledger)), ledger.codes) == ([f"id-{name}" for name in NAMES], [])


def test_a_server_that_does_not_say_how_many_there_are_is_read_until_a_page_is_not_full(door: Door) -> None:
    with BeaconNode(*(f"n{n}" for n in range(230))) as beacon_node:
        answer = Made(lambda seen: page(beacon_node, seen, beacon_node.skip(seen) * 100, 100, None))
        beacon_node.behave(f"{ROOT}datasets", answer)
        ledger = harvest(door, beacon_node.start)
        assert beacon_node.asked(f"{ROOT}datasets") == 3
    assert (len(told(ledger)), ledger.complete) == (230, True)


@pytest.mark.parametrize("most", [1, 2, 10])
@pytest.mark.parametrize("by_items", [True, False])
def test_a_server_that_gives_fewer_than_asked_for_and_says_no_total_is_read_to_its_end(
    door: Door, most: int, *, by_items: bool
) -> None:
    """The default limit of the specification is 10, and some servers have no other."""
    names = [f"n{n}" for n in range(23)]
    with BeaconNode(*names) as beacon_node:

        def answer(seen: Seen) -> Reply:
            start = beacon_node.skip(seen) * (1 if by_items else most)
            beyond = start >= len(names) and by_items
            return Reply(404, b"nothing there", "text/plain") if beyond else page(beacon_node, seen, start, most, None)

        beacon_node.behave(f"{ROOT}datasets", Made(answer))
        ledger = harvest(door, beacon_node.start)
    assert (len(told(ledger)), ledger.codes, ledger.complete) == (23, [], True)


@pytest.mark.parametrize(
    ("status", "code", "complete", "kept"),
    [(404, "left-out", True, 0), (403, "http-status", False, 5), (500, "http-status", False, 5)],
)
def test_what_a_beacon_does_not_say_of_itself_replaces_nothing_unless_it_has_none_of_it(
    door: Door, status: int, code: str, *, complete: bool, kept: int
) -> None:
    with BeaconNode(*NAMES) as beacon_node:
        before = harvest(door, beacon_node.start)
        beacon_node.behave(f"{ROOT}configuration", Reply(status, b"no", "text/plain"))
        after = harvest(door, beacon_node.start, before)
    assert (after.problems[0].code, after.complete, len(after.of(Failed))) == (code, complete, kept)
    assert after.problems[0].detail.startswith("The Beacon's /configuration is not told of: The server answered")


def test_a_beacon_that_counts_only_is_told_so(door: Door) -> None:
    with BeaconNode(*NAMES) as beacon_node:
        beacon_node.fail("counts-only")
        ledger = harvest(door, beacon_node.start)
    assert [p.detail for p in ledger.problems] == ["The Beacon does not list its datasets (granularity: not said)."]


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("https://b.example/beacon/v2", "https://b.example/beacon/v2/"),
        ("https://b.example/beacon/v2/info?x=1", "https://b.example/beacon/v2/"),
        ("https://b.example/api/datasets/", "https://b.example/api/"),
        ("https://b.example", "https://b.example/"),
    ],
)
def test_the_root_is_found_from_any_of_its_addresses(url: str, root: str) -> None:
    assert root_of(url) == root


@pytest.mark.parametrize("data", [b'{"meta": {"beaconId": "x"}}', b'"beaconId"', b'<html>"beaconId"</html>', b"[]"])
def test_what_only_looks_like_a_beacon_is_none(data: bytes) -> None:
    assert not beacon.detects(Document(data, name="x", base="x"))


def test_a_file_is_refused_in_words(door: Door, tmp_path: Path) -> None:
    (tmp_path / "datasets.json").write_text("[]")
    ledger = harvest(door, str(tmp_path / "datasets.json"))
    assert [p.detail for p in ledger.problems] == ["The protocol beacon asks a Beacon over http(s)."]
