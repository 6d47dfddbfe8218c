"""Runs over a document that did not change, or in places: the journal sees what reading all of it would show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from nodes.fake_node import FakeNode
from nodes.samples import catalogue

from catalogue.answers import answers_folder
from catalogue.ingest import ingest
from catalogue.journal.journal import Journal
from catalogue.journal.opening import open_journal
from catalogue.journal.run import Counts, Outcome, Run
from catalogue.settings import read_settings
from harvester import recalling
from harvester.address import AddressPolicy
from harvester.http import Door
from harvester.source import Source
from shapes.record import Kind

NAMES = tuple("abcdefgh")


@pytest.fixture
def node() -> Iterator[FakeNode]:
    with FakeNode() as node:
        node.serve("/catalog.ttl", catalogue(*NAMES))
        yield node


@pytest.fixture
def journal(tmp_path: Path, node: FakeNode) -> Iterator[Journal]:
    journal = open_journal(tmp_path / "journal.sqlite")
    journal.add_source(Source("north", node.url("/catalog.ttl"), allow_private=True))
    yield journal
    journal.close()


@pytest.fixture
def harvested(journal: Journal, tmp_path: Path) -> Callable[..., Run]:
    def harvested(profile: str = "dcat-ap-3.0.1", kept: int = 1 << 20, *, full: bool = False) -> Run:
        flags = {"data": tmp_path, "profile": profile, "harvest_kept_bytes": kept}
        settings = read_settings(environment={}, flags=flags)
        with Door(policy=AddressPolicy(anywhere=True)) as door:
            return ingest(journal, journal.source("north"), door=door, settings=settings, full=full)

    return harvested


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on reading a document is an error."""

    def unread() -> None:
        monkeypatch.delattr(recalling, "records")

    return unread


def test_the_run_counts_what_a_reading_counts(
    journal: Journal, harvested: Callable[..., Run], unread: Callable[[], None]
) -> None:
    first = harvested()
    read, before = harvested(full=True), journal.last_seq()
    unread()
    recalled = harvested()
    times = {"id": 0, "started": read.started, "finished": read.finished}
    assert replace(recalled, **times) == replace(read, **times)  # type: ignore[arg-type]
    assert (recalled.outcome, recalled.complete, recalled.seen, recalled.unchanged) == (Outcome.OK, True, 8, 8)
    assert (recalled.violations, recalled.conforming) == (first.violations, first.conforming)
    assert recalled.others == {Kind.CATALOGUE: Counts(unchanged=1, violations=1)}
    assert (recalled.requests, recalled.bytes, journal.last_seq()) == (1, first.bytes, before)


def test_unread_records_count_as_delivered_and_as_absent(
    node: FakeNode, journal: Journal, harvested: Callable[..., Run], unread: Callable[[], None]
) -> None:
    harvested()
    node.serve("/catalog.ttl", catalogue(*NAMES[:-1]))
    assert harvested().withdrawn == 0
    unread()
    run = harvested()
    assert (run.unchanged, run.withdrawn) == (7, 1)
    assert {standing.absent for standing in journal.standing("north")} == {0}
    assert harvested().unchanged == 7


def test_a_withdrawn_record_that_returns_is_read_and_restored(node: FakeNode, harvested: Callable[..., Run]) -> None:
    whole = node.routes["/catalog.ttl"]
    harvested()
    node.serve("/catalog.ttl", catalogue(*NAMES[:-1]))
    assert [harvested().withdrawn for _ in range(2)] == [0, 1]
    node.routes["/catalog.ttl"] = whole
    assert (harvested().restored, harvested().unchanged) == (1, 8)


def test_another_profile_judges_what_was_not_read(harvested: Callable[..., Run], unread: Callable[[], None]) -> None:
    harvested()
    unread()
    run = harvested("healthdcat-ap-r8")
    assert (run.seen, run.unchanged, run.violations) == (8, 8, 8)


def test_nothing_is_remembered_where_no_answers_are_kept(
    tmp_path: Path, node: FakeNode, harvested: Callable[..., Run]
) -> None:
    node.serve("/catalog.ttl", catalogue("a"), ETag='"one"')
    assert (harvested(kept=0).new, harvested(kept=0).unchanged) == (1, 1)
    folder = answers_folder(read_settings(environment={}, flags={"data": tmp_path}), "north")
    assert list(folder.glob("*")) == []


def dump(node: FakeNode, *names: str, more: str = "") -> None:
    """Serve a catalogue as N-Triples."""
    turtle = ox.parse(catalogue(*names, more=more), format=ox.RdfFormat.TURTLE)
    node.serve("/catalog.ttl", "".join(f"{quad.triple} .\n" for quad in turtle), "application/n-triples")


def test_a_changed_dump_is_not_read_as_a_whole_and_absence_profiles_and_returns_count_as_ever(
    node: FakeNode, journal: Journal, harvested: Callable[..., Run], unread: Callable[[], None]
) -> None:
    dump(node, *NAMES)
    assert harvested().new == 8
    unread()
    dump(node, *NAMES[:-1])
    assert [(run.unchanged, run.withdrawn) for run in (harvested(), harvested())] == [(7, 0), (7, 1)]
    dump(node, *NAMES, "i")
    run = harvested()
    assert (run.unchanged, run.restored, run.new, run.withdrawn) == (7, 1, 1, 0)
    dump(node, *NAMES, "i", more="<urn:x-nobody:s> <urn:p> 1 .\n")
    other = harvested("healthdcat-ap-r8")
    assert (other.seen, other.unchanged, other.violations) == (9, 9, 9)
    assert {standing.absent for standing in journal.standing("north")} == {0}
