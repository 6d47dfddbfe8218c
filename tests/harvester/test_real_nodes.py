"""Real catalogues, as published, and what re-harvesting them must say."""

from __future__ import annotations

from pathlib import Path

import pytest
from nodes.fake_node import FakeNode
from nodes.samples import PREFIXES, run

from harvester.changes import Changed, Failed, New, Unchanged
from harvester.http import Door
from shapes.record import Kind

A = ("node-a-sciensano-2025-02-09.ttl", "node-a-sciensano-2025-04-13.ttl")
B = ("node-b-health-authorities-2025-02-09.rdf", "node-b-health-authorities-2025-04-13.rdf")


@pytest.fixture
def health(shared_data: Path) -> Path:
    return shared_data / "real-be-health"


def reidentified(changes: list[Changed]) -> int:
    return sum(change.reidentified for change in changes if change.record.kind is Kind.DATASET)


def test_two_months_later_every_dataset_of_a_node_is_known_by_its_identifier(
    node: FakeNode, door: Door, health: Path
) -> None:
    url = node.serve("/catalog", (health / A[0]).read_bytes(), "text/turtle")
    first = run(door, url)
    assert (len(first.new), first.complete, first.problems) == (146, True, [])
    node.serve("/catalog", (health / A[1]).read_bytes(), "text/turtle")
    second = run(door, url, first.known())
    assert (len(second.new), len(second.changed), reidentified(second.of(Changed))) == (0, 146, 146)
    assert {change.id for change in second.of(Changed)} == {known.id for known in first.known()}
    assert (second.complete, second.problems) == (True, [])
    third = run(door, url, second.known(first.known()))
    assert (len(third.of(Unchanged)), len(third.events)) == (147, 148)


def test_a_node_that_keeps_some_of_its_iris_keeps_all_its_datasets(door: Door, health: Path) -> None:
    first = run(door, str(health / B[0]))
    second = run(door, str(health / B[1]), first.known())
    assert (len(first.new), len(second.new)) == (76, 0)
    assert (len(second.changed), reidentified(second.of(Changed))) == (76, 60)
    assert second.complete


def test_three_nodes_in_three_syntaxes_are_read_whole(door: Door, health: Path) -> None:
    found = [run(door, str(health / name)) for name in (A[1], B[1], "node-c-other-2025-04-13.jsonld")]
    assert [len(ledger.new) for ledger in found] == [146, 76, 267]
    assert all(ledger.complete and not ledger.problems for ledger in found)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.999])
def test_a_truncated_export_changes_nothing_and_loses_nothing(
    door: Door, health: Path, tmp_path: Path, share: float
) -> None:
    data = (health / A[0]).read_bytes()
    known = run(door, str(health / A[0])).known()
    path = tmp_path / "catalog.ttl"
    path.write_bytes(data[: int(len(data) * share)])
    ledger = run(door, str(path), known)
    assert not ledger.complete
    assert (ledger.new, ledger.of(Changed)) == ([], [])
    assert len(ledger.of(Unchanged)) + len(ledger.of(Failed)) > 0
    assert ledger.codes == ["parse-error"]


# What a file is expected to give: datasets, whether it was read whole, and the code and line of the first problem.
FILES = {
    "mutated/bom-crlf.ttl": (1, True, None, None),
    "mutated/lang-tags.ttl": (1, True, None, None),
    "mutated/empty.ttl": (0, False, "not-rdf", None),
    "mutated/html-error-page.ttl": (0, False, "not-rdf", None),
    "mutated/truncated.ttl": (1, False, "parse-error", 42),
    "ugly-real/be-ugly.nt": (60, True, None, None),
    "real-be-sources/dcat-7692.rdf": (2, False, "parse-error", 73),
    "examples-ckan/dataset.ttl": (1, False, "parse-error", 149),
    "examples-health/FDZ-Gesundheit.ttl": (1, True, None, None),
    "examples-udata/catalog.xml": (4, True, None, None),
    "examples-fdp-harvest/fdp_profile.ttl": (0, False, "no-records", None),
}


@pytest.mark.parametrize("name", FILES)
def test_ugly_files_give_what_can_be_read_and_say_what_cannot(door: Door, shared_data: Path, name: str) -> None:
    datasets, complete, code, line = FILES[name]
    path = shared_data / name
    ledger = run(door, str(path))
    first = ledger.problems[0] if ledger.problems else None
    assert (len(ledger.new), ledger.complete) == (datasets, complete)
    assert (first.code if first else None, first.line if first else None) == (code, line)
    assert all(problem.url for problem in ledger.problems)


def test_one_more_dataset_in_a_real_catalogue_is_the_only_thing_judged(
    door: Door, health: Path, tmp_path: Path
) -> None:
    known = run(door, str(health / A[0])).known()
    path = tmp_path / "catalog.ttl"
    more = PREFIXES + '<http://example.org/one-more> a dcat:Dataset ; dct:title "One more" .'
    path.write_bytes((health / A[0]).read_bytes() + more.encode())
    ledger = run(door, str(path), known)
    assert [event.record.subject for event in ledger.of(New)] == ["http://example.org/one-more"]
    assert (len(ledger.unchanged), ledger.of(Changed)) == (146, [])
