"""What a catalogue lists and its document or pages do not describe: it is told, and nothing known is lost for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from nodes.fake_node import FakeNode
from nodes.samples import BASE, Ledger, catalogue, dataset, no_findings, run

from harvester.answers import Answers
from harvester.changes import Failed
from harvester.harvest import harvest
from harvester.http import Door
from harvester.known import KnownRecord
from harvester.recollections import Recollections
from harvester.source import Source

PROTOCOLS = ("auto", "rdf", "hydra")
SAID = f"The catalogue {BASE}catalogue lists it, but nothing here describes it as a dataset or service."


def without(name: str) -> str:
    """A catalogue of "a", "b" and "c" whose export left out the description of one."""
    return catalogue("a", "b", "c").replace(dataset(name, identifier=f"id-{name}"), "")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_known_dataset_that_is_still_listed_is_kept_though_nothing_describes_it(
    node: FakeNode, door: Door, protocol: str
) -> None:
    known = run(door, node.serve("/dump.ttl", catalogue("a", "b", "c")), protocol=protocol).known()
    url = node.serve("/dump.ttl", without("b"))
    ledger = run(door, url, known, protocol=protocol)
    assert [(e.subject, e.problem.code, e.problem.detail, e.problem.url) for e in ledger.of(Failed)] == [
        (BASE + "b", "only-listed", SAID, url)
    ]
    assert ledger.complete  # a dataset that is no longer listed either is absent


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_listed_dataset_without_its_type_is_told(node: FakeNode, door: Door, protocol: str) -> None:
    untyped = catalogue("a", "b").replace(f"<{BASE}b> a dcat:Dataset ;", f"<{BASE}b>")
    ledger = run(door, node.serve("/dump.ttl", untyped), protocol=protocol)
    assert (ledger.new, ledger.complete) == (["a"], True)
    assert [(p.code, p.record, p.remark) for p in ledger.problems] == [("only-listed", BASE + "b", False)]


def test_where_no_dataset_has_its_type_the_ledger_names_what_is_listed(node: FakeNode, door: Door) -> None:
    untyped = catalogue("a", "b").replace(" a dcat:Dataset ;", "")
    ledger = run(door, node.serve("/dump.ttl", untyped))
    assert (ledger.codes, ledger.complete) == (["no-records", "only-listed", "only-listed"], False)


def test_members_of_a_page_that_stand_on_another_are_not_missed(node: FakeNode, door: Door) -> None:
    url = node.serve("/catalog.ttl", without("c") + f"<{BASE}list> hydra:next <catalog.ttl?page=2> .\n")
    node.serve("/catalog.ttl?page=2", catalogue("c"))
    ledger = run(door, url)
    assert (ledger.new, ledger.problems) == (["a", "b", "c"], [])


def test_a_document_that_is_recalled_and_not_read_tells_it_again(node: FakeNode, door: Door, tmp_path: Path) -> None:
    source = Source("node", node.serve("/dump.ttl", catalogue("a", "b", "c")))

    def harvested(known: Sequence[KnownRecord] = ()) -> Ledger:
        recollections = Recollections(tmp_path, "auto", room=1 << 20)
        answers = Answers(tmp_path, room=1 << 20, recollections=recollections)
        return Ledger(list(harvest(source, known, door=door, judge=no_findings, answers=answers)))

    known = harvested().known()
    node.serve("/dump.ttl", without("b"))
    for _ in range(3):
        assert [e.subject for e in harvested(known).of(Failed)] == [BASE + "b"]
