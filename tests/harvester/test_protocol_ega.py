"""The EGA: its API's chain of dataset, policy and committee, and the objects of its metadata schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from nodes.ega_node import EgaNode, accession
from nodes.fake_node import Made, Reply
from nodes.samples import Ledger, run

from harvester.changes import Failed, New
from harvester.http import Door
from shapes.record import Kind, Record

NAMES = ("a", "b", "c")
COMMITTEE = accession("C", "committee")


def told(ledger: Ledger) -> dict[str, Record]:
    return {e.record.identifiers[0]: e.record for e in ledger.of(New) if e.record.kind is Kind.ENRICHMENT}


def harvest(door: Door, url: str, known: Ledger | None = None) -> Ledger:
    return run(door, url, known.known() if known else (), protocol="ega")


def test_each_released_dataset_comes_with_its_policy_and_committee_asked_for_once(door: Door) -> None:
    with EgaNode(*NAMES) as node:
        ledger = harvest(door, node.start)
        asked = [seen.path.partition("?")[0] for seen in node.requests]
    assert (sorted(told(ledger)), ledger.codes, ledger.complete) == ([accession("D", n) for n in NAMES], [], True)
    assert sorted(asked) == [
        "/dacs/" + COMMITTEE,
        "/datasets",
        "/datasets",
        *sorted("/policies/" + accession("P", p) for p in ("even", "odd")),
    ]
    said = told(ledger)[accession("D", "a")].body.decode()
    assert f"<https://ega-archive.org/dacs/{COMMITTEE}>" in said
    assert "<mailto:dac@institute.example>" in said
    assert '"Ask the committee."' in said


def test_a_list_of_several_pages_is_read_to_its_end_and_says_the_same_whatever_the_page(door: Door) -> None:
    names = [f"{chr(0x4E00 + n)}" for n in range(150)]
    with EgaNode(*names) as node:
        before = harvest(door, node.start)
        node.datasets.reverse()
        after = harvest(door, node.start, before)
    assert (len(told(before)), len(after.of(New))) == (150, 0)
    assert {e.kind for e in after.events if hasattr(e, "kind")} == {Kind.ENRICHMENT}
    assert len([e for e in after.events if type(e).__name__ == "Unchanged"]) == 150


@pytest.mark.parametrize("most", [1, 2, 3, 4, 7])
def test_a_server_that_gives_fewer_at_a_time_than_asked_for_is_read_to_its_end(
    door: Door, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(EgaNode, "most", most)
    with EgaNode("a", "b", "c", "d", "e", "f") as node:
        ledger = harvest(door, node.start)
    assert (len(told(ledger)), ledger.codes, ledger.complete) == (6, [], True)


def test_a_server_that_has_nothing_beyond_its_end_ends_the_list(door: Door) -> None:
    with EgaNode(*NAMES) as node:
        honest = node.listed
        beyond = Reply(416, b"out of range", "text/plain")
        node.behave("/datasets", Made(lambda seen: beyond if "offset=4" in seen.path else honest(seen)))
        ledger = harvest(door, node.start)
    assert (len(told(ledger)), ledger.codes, ledger.complete) == (3, [], True)


@pytest.mark.parametrize("path", ["/datasets/EGAD00000000097", "/dacs/x/datasets"])
def test_other_addresses_of_the_api_give_their_datasets(door: Door, path: str) -> None:
    with EgaNode(*NAMES) as node:
        node.put(path, node.datasets[0] if "EGAD" in path else [node.datasets[0]])
        ledger = harvest(door, node.url(path))
    assert list(told(ledger)) == [accession("D", "a")]


def test_a_policy_that_does_not_come_keeps_what_is_known(door: Door) -> None:
    with EgaNode(*NAMES) as node:
        before = harvest(door, node.start)
        node.behave(f"/policies/{accession('P', 'odd')}", Reply(500, b"no", "text/plain"))
        after = harvest(door, node.start, before)
    failed = after.of(Failed)
    assert [each.subject[-15:] for each in failed] == [accession("D", "a"), accession("D", "c")]
    assert {each.problem.code for each in failed} == {"http-status"}
    assert not after.complete


def ega_object(kind: str, own: str | None, title: str, **more: Any) -> dict[str, Any]:
    name = {} if own is None else {"egaAccession": own}
    return {"data": {"schemaDescriptor": {"objectType": kind}, "objectId": name, "objectTitle": title, **more}}


def refers(name: str, kind: str) -> dict[str, Any]:
    return {"rType": "referencedBy", "rTarget": {"objectId": {"egaAccession": name}, "objectType": kind}}


def test_objects_of_the_schema_are_joined_through_their_relationships(door: Door, tmp_path: Path) -> None:
    policy = ega_object(
        "policy",
        None,
        "A policy",
        duoCodes=[{"termId": "DUO:0000046"}],
        policyRelationships=[refers("EGAD00000000001", "dataset")],
    )
    policy["data"]["objectId"] = {"egaAccession": "EGAP00000000001"}
    contact = {"mainContact": {"emailAddress": "office@institute.example"}}
    dac = ega_object(
        "DAC",
        "EGAC00000000001",
        "A committee",
        dacContacts=contact,
        dacRelationships=[refers("EGAP00000000001", "policy")],
    )
    dataset = ega_object("dataset", "EGAD00000000001", "A dataset")
    (tmp_path / "ega.json").write_text(json.dumps([policy, dac, dataset]))
    ledger = harvest(door, str(tmp_path / "ega.json"))
    said = told(ledger)["EGAD00000000001"].body.decode()
    for part in ("EGAP00000000001", "EGAC00000000001", "DUO_0000046", '"A dataset"', "mailto:office@institute.example"):
        assert part in said
    assert (ledger.codes, ledger.complete) == ([], True)


def test_the_schemas_own_examples_are_read(door: Door, shared_data: Path) -> None:
    """Their policy has no accession yet, and nothing leads from it to the committee: its terms are told."""
    ledger = harvest(door, str(shared_data / "ega-metadata" / "examples" / "json_validation_tests"))
    assert sorted(told(ledger)) == ["EGAD00002043982", "EGAD00004543981"]
    said = told(ledger)["EGAD00002043982"].body.decode()
    assert "DUO_0000028" in said
    assert "EGAC" not in said


def test_a_broken_file_of_a_folder_stops_no_other(door: Door, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{")
    policy = ega_object(
        "policy", "EGAP00000000001", "A policy", policyRelationships=[refers("EGAD00000000001", "dataset")]
    )
    (tmp_path / "b.json").write_text(json.dumps(policy))
    ledger = harvest(door, str(tmp_path))
    assert list(told(ledger)) == ["EGAD00000000001"]
    assert [p.detail for p in ledger.problems] == ["This is no answer of the EGA: it begins with '{'."]
    assert not ledger.complete


def test_what_names_no_dataset_of_the_ega_is_told(door: Door, tmp_path: Path) -> None:
    (tmp_path / "ega.json").write_text("[]")
    ledger = harvest(door, str(tmp_path / "ega.json"))
    assert ledger.codes == ["no-dataset", "no-records"]
