"""FAIR Data Points: what the recorded programs answer is read whole, and what they do not give is not lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from nodes.fake_node import FakeNode, Reply
from nodes.fdp_node import MiniFdpNode, ReferenceFdpNode
from nodes.recorded_node import replay
from nodes.samples import PREFIXES, Ledger, run

from harvester.changes import Failed, New
from harvester.http import Door
from harvester.protocols import fdp
from harvester.protocols.fdp.site import Site
from shapes.parse import Document
from shapes.record import Kind

HEAD = f"{PREFIXES}@prefix fdp-o: <https://w3id.org/fdp/fdp-o#> .\n@prefix ldp: <http://www.w3.org/ns/ldp#> .\n"
DRAFT = Reply(403, b"You are not allow to view this record in state DRAFT")
DATASET_1 = "69fc0b61-4618-4134-8d2a-bf09d7868d8f"
DATASET_2 = "c72bf110-6257-4f8d-921f-be86690a8160"
DATASET_3 = "6283ee84-15fe-4063-88cb-3fcc5f1b42d6"
DATASET_4 = "14962bec-9f95-46bf-83f6-33be6b7dfb64"


def harvest(door: Door, url: str, known: Ledger | None = None) -> Ledger:
    return run(door, url, known.known() if known else (), protocol="fdp")


def body(ledger: Ledger, end: str) -> str:
    (found,) = [e.record for e in ledger.datasets(New) if e.record.subject.endswith(end)]
    return found.body.decode()


# -- the reference implementation, as recorded ----------------------------------------------------------------------


def upto(phase: int) -> Callable[[Mapping[str, Any]], bool]:
    """The exchanges of an anonymous reader from phase 2 to this one (recorded-nodes/NOTES.md)."""

    def choose(exchange: Mapping[str, Any]) -> bool:
        match = re.match(r"phase (\d)\b.*anonymous", exchange["remark"])
        return match is not None and 2 <= int(match[1]) <= phase

    return choose


@pytest.fixture
def recorded(node: FakeNode, shared_data: Path) -> Callable[[int], str]:
    """Lay out the recorded reference implementation as it was in a phase; return its URL."""

    def lay_out(phase: int) -> str:
        node.routes.clear()
        replay(node, shared_data / "recorded-nodes" / "fairdatapoint", upto(phase))
        return node.url("/")

    return lay_out


def names(ledger: Ledger) -> set[str]:
    return {subject.rpartition("/")[2] for subject in ledger.new}


def test_everything_public_is_read_and_the_drafts_are_told(
    node: FakeNode, door: Door, recorded: Callable[[int], str]
) -> None:
    ledger = harvest(door, recorded(2))
    assert names(ledger) == {DATASET_1, DATASET_3, DATASET_4}
    assert (ledger.codes, ledger.complete) == (["draft", "draft"], True)
    assert all(problem.remark for problem in ledger.problems)
    assert len([e for e in ledger.of(New) if e.record.kind is Kind.CATALOGUE]) == 2
    asked = [seen.path for seen in node.requests]
    assert len(asked) == len(set(asked)) == 11


def test_a_distribution_is_part_of_its_dataset(door: Door, recorded: Callable[[int], str]) -> None:
    said = body(harvest(door, recorded(2)), DATASET_1)
    assert "<https://example.org/access/1>" in said
    assert '"VCF files"' in said


def test_a_draft_that_is_published_is_found_although_no_date_says_so(
    door: Door, recorded: Callable[[int], str]
) -> None:
    before = harvest(door, recorded(2))
    after = harvest(door, recorded(4), before)
    assert names(after) == {DATASET_2}


def test_a_deleted_dataset_is_absent_from_a_complete_run(door: Door, recorded: Callable[[int], str]) -> None:
    before = harvest(door, recorded(2))
    after = harvest(door, recorded(3), before)
    assert after.complete
    known = {k.id: k.subject for k in before.known()}
    met = {known[i] for i in after.unchanged} | {e.record.subject for e in after.datasets(New)}
    assert not any(subject.endswith(DATASET_4) for subject in met)
    assert after.of(Failed) == []


def test_its_json_ld_in_named_graphs_says_the_same(node: FakeNode, door: Door, shared_data: Path) -> None:
    folder = shared_data / "recorded-nodes" / "fairdatapoint"
    replay(node, folder, lambda e: e["request"]["path"] == "/" and "phase 2" in e["remark"], "application/ld+json")
    ledger = harvest(door, node.url("/"))
    assert [seen.path.split("/")[1] for seen in node.requests] == ["", "catalog", "catalog"]
    assert ledger.codes == ["no-records", "listed-but-gone", "listed-but-gone"]


# -- the mini node, as recorded -------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["/fairdp", "/fairdp/"])
def test_a_node_that_lists_by_dcat_dataset_only_is_read_whole(
    node: FakeNode, door: Door, shared_data: Path, start: str
) -> None:
    folder = shared_data / "recorded-nodes" / "gdi-mini-node"
    replay(node, folder, lambda e: not e["remark"].startswith("state"))
    ledger = harvest(door, node.url(start))
    assert names(ledger) == {"GDI-DS-20251201001", "GDI-DS-20251202001"}
    assert (ledger.codes, ledger.complete) == ([], True)
    assert "<https://portal.dev.gdi.lu/datasets>" in body(ledger, "GDI-DS-20251201001")


# -- drafts, gone and unreachable records ---------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "code"), [(403, "draft"), (401, "draft"), (404, "listed-but-gone")])
def test_a_known_record_that_is_withheld_is_kept_and_the_run_says_so(door: Door, status: int, code: str) -> None:
    with MiniFdpNode("a", "b", "c") as node:
        before = harvest(door, node.start)
        node.behave("/fairdp/dataset/b", Reply(status, b"no"))
        after = harvest(door, node.start, before)
        (failed,) = after.of(Failed)
        assert (failed.subject, failed.problem.code, failed.problem.remark) == (
            node.url("/fairdp/dataset/b"),
            code,
            False,
        )
        assert failed.id in {k.id for k in before.known()}
        assert (after.complete, len(after.unchanged)) == (True, 2)


def test_a_withheld_catalogue_makes_absence_meaningless(door: Door) -> None:
    with MiniFdpNode("a", "b", "c") as node:
        before = harvest(door, node.start)
        node.behave("/fairdp/catalog/two", DRAFT)
        after = harvest(door, node.start, before)
        assert (after.complete, len(after.unchanged)) == (False, 2)
        assert [(e.kind, e.problem.code) for e in after.of(Failed)] == [(Kind.CATALOGUE, "draft")]


def test_forty_drafts_cost_one_request_each_and_fail_nothing(door: Door, waits: list[float]) -> None:
    with ReferenceFdpNode("a", *(f"d{n}" for n in range(40))) as node:
        for n in range(40):
            node.behave(f"/dataset/d{n}", DRAFT)
        ledger = harvest(door, node.start)
        assert (len(ledger.new), ledger.complete, waits) == (1, True, [])
        assert all(node.asked(f"/dataset/d{n}") == 1 for n in range(40))


def test_a_record_that_cannot_be_read_is_told_with_its_name_and_the_others_go_on(door: Door) -> None:
    with MiniFdpNode("a", "b", "c") as node:
        node.behave("/fairdp/dataset/b", Reply(200, b"<!DOCTYPE html><html></html>", "text/html"))
        ledger = harvest(door, node.start)
        (failed,) = ledger.of(Failed)
        assert (failed.subject, failed.id, failed.problem.code) == (node.url("/fairdp/dataset/b"), None, "not-rdf")
        assert (len(ledger.new), ledger.complete) == (2, False)


def test_a_node_that_stops_answering_is_left_in_peace(door: Door) -> None:
    with MiniFdpNode(*(f"d{n}" for n in range(30))) as node:
        for n in range(30):
            node.behave(f"/fairdp/dataset/d{n}", Reply(502))
        ledger = harvest(door, node.start)
        assert sum(node.asked(f"/fairdp/dataset/d{n}") > 0 for n in range(30)) == 5
        assert ledger.problems[0].detail == "5 addresses in a row gave no answer; the rest was not asked for."
        assert not ledger.complete


def test_a_part_that_its_dataset_names_and_that_fails_leaves_the_dataset_as_it_was(door: Door) -> None:
    with ReferenceFdpNode("a", "b") as node:
        before = harvest(door, node.start)
        node.behave("/distribution/a", Reply(500))
        after = harvest(door, node.start, before)
        assert [(e.subject[-2:], e.problem.code) for e in after.of(Failed)] == [("/a", "incomplete")]
        assert (len(after.unchanged), after.complete) == (1, False)


def test_a_member_on_another_server_is_not_asked_for_and_told(door: Door) -> None:
    with MiniFdpNode("a") as node:
        listed = f"<{node.iri}/dataset/a>, <https://elsewhere.example/dataset/z>"
        node.put("/catalog/one", f'<{node.iri}/catalog/one> a dcat:Catalog ; dct:title "one" ; dcat:dataset {listed} .')
        ledger = harvest(door, node.start)
        assert (len(ledger.new), ledger.codes, ledger.complete) == (1, ["elsewhere"], True)
        assert ledger.problems[0].record == "https://elsewhere.example/dataset/z"


# -- what stands where ----------------------------------------------------------------------------------------------


def test_what_a_catalogue_says_of_its_members_in_passing_does_not_stand_for_them(door: Door) -> None:
    with MiniFdpNode("a") as node:
        iri = f"{node.iri}/dataset/a"
        stub = f'<{iri}> a dcat:Dataset ; dct:title "A short name" .'
        listing = f'<{node.iri}/catalog/one> a dcat:Catalog ; dct:title "one" ; dcat:dataset <{iri}> .'
        node.put("/catalog/one", listing + stub)
        ledger = harvest(door, node.start)
        assert (ledger.new, ledger.codes) == ([iri], [])
        assert "A short name" not in body(ledger, "/a")
        assert '"id-a"' in body(ledger, "/a")


def test_a_dataset_described_where_it_is_listed_is_not_asked_for_again(door: Door) -> None:
    with MiniFdpNode("a") as node:
        iri = f"{node.iri}/dataset/a"
        whole = f'<{iri}> a dcat:Dataset ; dct:title "In full" ; dct:description "All of it." .'
        listing = f'<{node.iri}/catalog/one> a dcat:Catalog ; dct:title "one" ; dcat:dataset <{iri}> .'
        node.put("/catalog/one", listing + whole)
        ledger = harvest(door, node.start)
        assert (ledger.new, node.asked("/fairdp/dataset/a")) == ([iri], 0)


def test_a_service_that_many_distributions_share_is_fetched_once_and_told_in_each(door: Door) -> None:
    with ReferenceFdpNode("a", "b", "c") as node:
        service = f"{node.iri}/dataservice/beacon"
        for name in node.names:
            file = f"{node.iri}/distribution/{name}"
            said = (
                f'<{file}> a dcat:Distribution ; dct:title "Files" ; <http://www.w3.org/ns/adms#sample> <{service}> .'
            )
            node.put(f"/distribution/{name}", said)
        beacon = "<https://beacon.example/>"
        node.put("/dataservice/beacon", f'<{service}> a dcat:DataService ; dct:title "B" ; dcat:endpointURL {beacon} .')
        ledger = harvest(door, node.start)
        assert all(beacon in body(ledger, f"/{name}") for name in node.names)
        assert node.asked("/dataservice/beacon") == 1


def test_parts_beyond_all_measure_are_left_and_told(door: Door) -> None:
    with ReferenceFdpNode("a") as node:
        iri = f"{node.iri}/dataset/a"
        parts = "".join(f" ; dcat:distribution <{node.iri}/distribution/{n}>" for n in range(1001))
        node.put("/dataset/a", f'<{iri}> a dcat:Dataset ; dct:title "Wide"{parts} .')
        for n in range(1001):
            node.put(f"/distribution/{n}", f'<{node.iri}/distribution/{n}> a dcat:Distribution ; dct:title "{n}" .')
        ledger = harvest(door, node.start)
        (event,) = ledger.datasets(New)
        assert (event.record.complete, ledger.complete) == (False, False)
        assert (ledger.problems[0].code, ledger.problems[0].record) == ("too-large", iri)
        assert len(node.requests) < 1010


@pytest.mark.parametrize("name", ["dtl-fdp.ttl", "gda-lumc.ttl"])
def test_older_points_that_contain_their_members_themselves_are_followed(
    node: FakeNode, door: Door, shared_data: Path, name: str
) -> None:
    text = (shared_data / "examples-fdp" / name).read_text("utf-8")
    harvest(door, node.serve("/fdp", text))
    assert len(node.requests) == {"dtl-fdp.ttl": 1 + 3, "gda-lumc.ttl": 1 + 2}[name]


# -- many members by pages ------------------------------------------------------------------------------------------


class Paged(ReferenceFdpNode):
    """The reference implementation with its pages of members (recorded-nodes/fairdatapoint 149-170)."""

    def shares(self, names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        return {"one": names}

    def fill(self, names: tuple[str, ...]) -> str:
        start = super().fill(names)
        for page in range(3):
            self.page(page, names[page * 50 : (page + 1) * 50])
        return start

    def page(self, number: int, held: tuple[str, ...], more: str = "") -> None:
        said = (self.described(name) for name in held)
        self.put(f"/catalog/one/page/dataset?page={number}&size=50", "".join(said) + more)

    def described(self, name: str, parts: str = "") -> str:
        return (
            f'<{self.iri}/dataset/{name}> a dcat:Resource, dcat:Dataset ; dct:title "Dataset {name}" ;'
            f' dct:identifier "id-{name}" ; dct:isPartOf <{self.iri}/catalog/one> ;'
            f" dcat:distribution <{self.iri}/distribution/{name}>{parts} .\n"
        )


MANY = tuple(f"d{n}" for n in range(60))


def singly(node: FakeNode) -> int:
    return sum(seen.path.startswith("/dataset/") and "draft" not in seen.path for seen in node.requests)


def test_many_members_are_read_by_pages_and_say_the_same(door: Door) -> None:
    with Paged(*MANY) as node:
        by_pages = harvest(door, node.start)
        assert (len(by_pages.new), by_pages.complete, singly(node)) == (60, True, 0)
        assert f"<https://node.example/get/{MANY[-1]}>" in body(by_pages, f"/{MANY[-1]}")
        for page in range(3):
            node.behave(f"/catalog/one/page/dataset?page={page}&size=50", Reply(404))
        again = harvest(door, node.start, by_pages)
        assert (len(again.unchanged), again.complete, singly(node)) == (60, True, 60)


def test_what_a_page_leaves_out_is_fetched_singly(door: Door) -> None:
    with Paged(*MANY) as node:
        node.page(0, MANY[3:50])
        ledger = harvest(door, node.start)
        assert (len(ledger.new), ledger.complete, singly(node)) == (60, True, 3)


def test_pages_that_repeat_records_bring_each_once(door: Door) -> None:
    with Paged(*MANY) as node:
        node.page(1, MANY[40:60])
        ledger = harvest(door, node.start)
        assert (len(ledger.new), ledger.codes, ledger.complete) == (60, ["draft"], True)


def test_a_draft_that_a_page_lists_among_the_parts_does_not_get_into_the_record(door: Door) -> None:
    with Paged(*MANY) as node:
        draft = f"{node.iri}/distribution/secret"
        node.behave("/distribution/secret", DRAFT)
        node.page(0, MANY[1:50], node.described("d0", f", <{draft}>"))
        ledger = harvest(door, node.start)
        assert (len(ledger.new), ledger.complete, singly(node)) == (60, True, 1)
        assert draft not in body(ledger, "/d0")
        assert "<https://node.example/get/d0>" in body(ledger, "/d0")


def test_a_broken_page_is_told_and_the_members_are_fetched_singly(door: Door) -> None:
    with Paged(*MANY) as node:
        node.behave("/catalog/one/page/dataset?page=1&size=50", Reply(500))
        ledger = harvest(door, node.start)
        assert (len(ledger.new), ledger.complete, singly(node)) == (60, True, 10)
        (problem,) = [p for p in ledger.problems if p.code == "http-status"]
        assert problem.detail.startswith("A page of members could not be read, so they are fetched singly: ")


# -- addresses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("root", "found", "member", "address"),
    [
        (
            "https://fdp.example",
            "https://fdp.example/",
            "https://fdp.example/catalog/1",
            "https://fdp.example/catalog/1",
        ),
        ("https://w3id.org/x", "https://fdp.example/", "https://w3id.org/x/catalog/1", "https://fdp.example/catalog/1"),
        (
            "http://inner:80/fairdp",
            "https://n.example/fairdp",
            "http://inner:80/fairdp/c",
            "https://n.example/fairdp/c",
        ),
        (
            "https://w3id.org/x/catalog/1",
            "https://n.example/catalog/1",
            "https://w3id.org/x/d/2",
            "https://n.example/d/2",
        ),
        ("https://n.example/fdp", "https://n.example/fdp", "https://n.example/other/d#it", "https://n.example/other/d"),
        ("https://n.example/fdp", "https://n.example/fdp", "https://m.example/fdp/d", None),
        ("https://n.example", "https://n.example", "https://n.example.evil.example/d", None),
        ("https://n.example/fdp", "https://n.example/fdp", "urn:uuid:1", None),
    ],
)
def test_a_record_is_fetched_where_the_node_answers(root: str, found: str, member: str, address: str | None) -> None:
    assert Site.of(root, found).address(member) == address


# -- told apart from other sources ----------------------------------------------------------------------------------


def document(text: str) -> Document:
    return Document(text.encode(), "https://n.example/", "https://n.example/")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (HEAD + "<> a fdp-o:FAIRDataPoint .", True),
        (HEAD + "<c> a dcat:Catalog . <d/> ldp:membershipResource <c> ; ldp:contains <d/1> .", True),
        (HEAD + '<d> a dcat:Dataset ; dct:title "t" ; fdp-o:metadataIssued "2025-01-01" .', False),
        (PREFIXES + "<c> a dcat:Catalog ; dcat:dataset <d> .", False),
        ("<!-- fdp-o# https://w3id.org/fdp/fdp-o# --><html></html>", False),
    ],
)
def test_a_fair_data_point_is_known_by_its_root_or_its_containers(text: str, is_one: bool) -> None:  # noqa: FBT001 - a value
    assert fdp.detects(document(text)) is is_one


def test_a_file_is_no_fair_data_point(tmp_path: Path, door: Door) -> None:
    (tmp_path / "a.ttl").write_text(HEAD)
    ledger = harvest(door, str(tmp_path / "a.ttl"))
    assert ledger.problems[0].detail == (
        "The protocol fdp reads a FAIR Data Point over http(s); a file or folder is read with rdf."
    )
