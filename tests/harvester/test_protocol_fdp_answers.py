"""FAIR Data Points that answer 200 with a document of something else: that says nothing of the record asked for."""

from __future__ import annotations

import pytest
from nodes.fake_node import FakeNode, Reply
from nodes.fdp_node import FdpNode, MiniFdpNode, ReferenceFdpNode
from nodes.samples import run

from harvester.changes import Failed
from harvester.http import Door

NAMES = ("a", "b", "c", "d")
OTHER = Reply(200, b'<https://elsewhere.example/x> <http://purl.org/dc/terms/title> "Something else" .')
SAID = "This document says nothing of the record that is listed at its address."


@pytest.mark.parametrize("kind", [ReferenceFdpNode, MiniFdpNode])
def test_a_catalogue_that_answers_with_another_document_takes_no_dataset_away(door: Door, kind: type[FdpNode]) -> None:
    with kind(*NAMES) as node:
        known = run(door, node.start, protocol="fdp").known()
        address = node.base + node.root + "/catalog/one"
        node.routes[node.root + "/catalog/one"] = OTHER
        ledger = run(door, node.start, known, protocol="fdp")
    assert not ledger.complete
    failed = [e.problem for e in ledger.of(Failed)]
    assert [(p.code, p.detail, p.url) for p in failed] == [("bad-answer", SAID, address)]


@pytest.mark.parametrize("kind", [ReferenceFdpNode, MiniFdpNode])
def test_a_dataset_whose_address_answers_with_the_root_is_kept(door: Door, kind: type[FdpNode]) -> None:
    with kind(*NAMES) as node:
        known = run(door, node.start, protocol="fdp").known()
        root = node.root or "/"
        node.routes[node.root + "/dataset/a"] = node.routes[root]
        ledger = run(door, node.start, known, protocol="fdp")
    assert not ledger.complete
    assert [(e.kind, e.problem.detail) for e in ledger.of(Failed)] == [("dataset", SAID)]


def test_a_distribution_that_answers_with_another_document_leaves_its_dataset_as_it_was(door: Door) -> None:
    with ReferenceFdpNode(*NAMES) as node:
        known = run(door, node.start, protocol="fdp").known()
        node.routes["/distribution/a"] = OTHER
        ledger = run(door, node.start, known, protocol="fdp")
    assert (ledger.changed, [e.problem.code for e in ledger.of(Failed)]) == ([], ["incomplete"])
    assert ("bad-answer", SAID) in [(p.code, p.detail) for p in ledger.problems]


@pytest.mark.parametrize(
    "root", [Reply(200, b"A node", "text/plain"), Reply(404, b"nothing here", "text/plain"), Reply(406, b"", None)]
)
def test_the_address_of_a_site_leads_to_its_fair_data_point(door: Door, root: Reply) -> None:
    with MiniFdpNode(*NAMES) as node:
        node.routes["/"] = root
        ledger = run(door, node.url("/"), protocol="fdp")
    assert ([name[-1] for name in sorted(ledger.new)], ledger.complete) == (list(NAMES), True)


@pytest.mark.parametrize(
    ("root", "code"), [(Reply(200, b"A node", "text/plain"), "not-rdf"), (Reply(404), "http-status")]
)
def test_a_site_without_a_fair_data_point_is_told_by_its_own_answer(
    node: FakeNode, door: Door, root: Reply, code: str
) -> None:
    node.routes["/"] = root
    ledger = run(door, node.url("/"), protocol="fdp")
    assert [(p.code, p.url) for p in ledger.problems] == [(code, node.url("/"))]
