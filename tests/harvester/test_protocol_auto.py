"""`auto` finds each protocol by what a source answers, in few requests, and never takes one for another."""

from __future__ import annotations

from pathlib import Path

import pytest
from nodes.ckan_node import CkanDcatNode, CkanNode
from nodes.fake_node import FakeNode, Reply
from nodes.faulty_node import FaultyNode
from nodes.fdp_node import MiniFdpNode, ReferenceFdpNode, StandaloneFdpNode
from nodes.hydra_node import HydraNode
from nodes.ldes_node import LdesNode
from nodes.oaipmh_node import OaipmhNode
from nodes.rdf_node import RdfNode
from nodes.recorded_node import replay
from nodes.samples import PREFIXES, catalogue, dataset, run
from nodes.schemaorg_node import SchemaorgNode
from nodes.sparql_node import SparqlNode

from harvester.http import Door

HTML = b"<!DOCTYPE html><html><body>A portal</body></html>"


# What it calls what it found, and the requests that costs.
WORDS = {
    "fdp": ("a FAIR Data Point", 0),
    "ckan": ("a portal of CKAN", 2),
    "oaipmh": ("an OAI-PMH repository", 1),
    "ldes": ("a Linked Data Event Stream", 1),
    "sparql": ("a SPARQL endpoint", 2),
    "schemaorg": ("a site map", 0),
}


@pytest.mark.parametrize(
    "kind",
    [
        RdfNode,
        HydraNode,
        ReferenceFdpNode,
        MiniFdpNode,
        StandaloneFdpNode,
        CkanNode,
        CkanDcatNode,
        OaipmhNode,
        LdesNode,
        SparqlNode,
        SchemaorgNode,
    ],
)
def test_what_it_finds_is_read_as_if_it_had_been_named(door: Door, kind: type[FaultyNode]) -> None:
    with kind("a", "b", "c") as node:
        named = run(door, node.start, protocol=kind.protocol)
        before = len(node.requests)
        found = run(door, node.start)
        assert (found.new, found.complete) == (named.new, True)
        words, cost = WORDS.get(kind.protocol, (None, 0))
        assert found.finished.requests - named.finished.requests <= cost
        assert len(node.requests) - before == found.finished.requests
        told = [problem.detail for problem in found.problems if problem.code == "detected"]
        assert told == ([f"This source is {words}; it was read as {kind.protocol}."] if words else [])
        assert all(problem.remark for problem in found.problems)


@pytest.mark.parametrize("front", [Reply(200, HTML, "text/html"), Reply(406), Reply(404)])
def test_a_portal_is_asked_what_it_is_where_its_front_page_does_not_say(door: Door, front: Reply) -> None:
    with CkanNode("a", "b") as node:
        node.routes["/"] = front
        ledger = run(door, node.start + "/")
        assert (len(ledger.new), ledger.complete) == (2, True)


def test_a_fair_data_point_is_found_from_the_root_of_its_site(node: FakeNode, door: Door, shared_data: Path) -> None:
    folder = shared_data / "recorded-nodes" / "gdi-mini-node"
    replay(node, folder, lambda exchange: not exchange["remark"].startswith("state"))
    ledger = run(door, node.url("/"))
    assert (len(ledger.new), ledger.codes, ledger.complete) == (2, ["detected"], True)
    assert ledger.problems[0].url == node.url("/fairdp")


def test_a_dump_that_is_away_does_not_become_the_portal_it_lies_on(door: Door) -> None:
    with CkanNode("a", "b", "c") as node:
        url = node.serve("/dumps/catalog.ttl", catalogue("x"))
        known = run(door, url).known()
        for answer, code in ((Reply(200, HTML, "text/html"), "not-rdf"), (Reply(404), "http-status")):
            node.behave("/dumps/catalog.ttl", answer)
            ledger = run(door, url, known)
            assert (ledger.new, ledger.codes, ledger.complete) == ([], [code], False)
        assert node.asked("/api/3/action/status_show") == 0


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_a_source_that_is_closed_or_broken_is_asked_nothing_more(door: Door, status: int) -> None:
    with CkanNode("a") as node:
        node.behave("/", Reply(status, headers={"Retry-After": "9999"}))
        ledger = run(door, node.start + "/")
        assert (ledger.codes, ledger.complete) == (["http-status"], False)
        assert node.asked("/api/3/action/status_show") == 0


def test_what_is_nobody_s_is_told_as_what_it_is(node: FakeNode, door: Door) -> None:
    node.behave("/", Reply(200, HTML, "text/html"))
    ledger = run(door, node.url("/"))
    assert (ledger.codes, ledger.complete) == (["not-rdf"], False)
    assert ledger.problems[0].url == node.url("/")
    assert node.asked("/") == 1


def test_a_dump_with_dates_of_a_fair_data_point_is_a_dump(node: FakeNode, door: Door) -> None:
    dated = ' ; <https://w3id.org/fdp/fdp-o#metadataIssued> "2025-01-01"'
    url = node.serve("/dump.ttl", PREFIXES + dataset("a", more=dated) + dataset("b"))
    ledger = run(door, url)
    assert (ledger.new, ledger.problems, len(node.requests)) == (["a", "b"], [], 1)
