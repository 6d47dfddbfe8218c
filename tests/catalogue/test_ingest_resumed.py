"""A run that was cut short is gone on with: what was fetched stands, and the end is that of an undisturbed run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nodes.fake_node import FakeNode, Reply
from nodes.samples import catalogue

from catalogue.ingest import ingest
from catalogue.journal.journal import Journal
from catalogue.journal.opening import open_journal
from catalogue.journal.run import Outcome, Run
from catalogue.settings import read_settings
from harvester.address import AddressPolicy
from harvester.http import Door
from harvester.patience import Patience
from harvester.source import Source
from harvester.stop import READING
from shapes.record import Kind

PAGES = [("a", "b"), ("c", "d"), ("e",)]


class CutShort(BaseException):
    """The process is told to end."""


class Late:
    """The time now, or some hours later."""

    hours = 0

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(hours=self.hours)


@pytest.fixture
def late() -> Late:
    return Late()


@pytest.fixture
def node() -> Iterator[FakeNode]:
    with FakeNode() as node:
        yield node


@pytest.fixture
def journal(tmp_path: Path, late: Late, node: FakeNode) -> Iterator[Journal]:
    """A journal with one source of three pages, none of which has a validator."""
    for number, names in enumerate(PAGES, 1):
        here, onward = node.url(f"/p{number}"), node.url(f"/p{number + 1}")
        link = f" ; hydra:next <{onward}>" if number < len(PAGES) else ""
        node.serve(f"/p{number}", catalogue(*names) + f"<{here}> a hydra:PartialCollectionView{link} .\n")
    journal = open_journal(tmp_path / "journal.sqlite", late)
    journal.add_source(Source("north", node.url("/p1"), allow_private=True))
    yield journal
    journal.close()


@pytest.fixture
def harvested(journal: Journal, tmp_path: Path) -> Callable[..., Run]:
    def harvested(*, full: bool = False, progress: Callable[..., None] | None = None) -> Run:
        settings = read_settings(environment={}, flags={"data": tmp_path, "profile": "dcat-ap-3.0.1"})
        with Door(policy=AddressPolicy(anywhere=True), patience=Patience(retries=0)) as door:
            return ingest(journal, journal.source("north"), door=door, settings=settings, full=full, progress=progress)

    return harvested


def cut_short(node: FakeNode, harvested: Callable[..., Run]) -> None:
    """Harvest, and end it when the last page is asked for."""
    last = node.routes["/p3"]
    node.behave("/p3", Reply(503))

    def stop(_done: int, _total: int | None, doing: str) -> None:
        if doing != READING:
            raise CutShort

    with pytest.raises(CutShort):
        harvested(progress=stop)
    node.routes["/p3"] = last
    node.requests.clear()


def asked(node: FakeNode) -> list[str]:
    return [seen.path for seen in node.requests]


def test_what_was_fetched_before_the_cut_is_not_fetched_again(
    node: FakeNode, journal: Journal, harvested: Callable[..., Run]
) -> None:
    cut_short(node, harvested)
    assert journal.runs()[0].outcome is Outcome.INTERRUPTED
    run = harvested()
    assert asked(node) == ["/p3"]
    assert (run.outcome, run.complete, run.seen) == (Outcome.OK, True, 5)
    assert len(list(journal.heads(Kind.DATASET))) == 5
    node.requests.clear()
    assert harvested().unchanged == 5
    assert asked(node) == ["/p1", "/p2", "/p3"]


def test_what_was_fetched_long_ago_is_fetched_again(node: FakeNode, late: Late, harvested: Callable[..., Run]) -> None:
    cut_short(node, harvested)
    late.hours = 2
    assert harvested().seen == 5
    assert asked(node) == ["/p1", "/p2", "/p3"]


def test_a_run_that_must_read_everything_does(node: FakeNode, harvested: Callable[..., Run]) -> None:
    cut_short(node, harvested)
    assert harvested(full=True).seen == 5
    assert asked(node) == ["/p1", "/p2", "/p3"]


def test_a_run_that_failed_by_itself_is_not_gone_on_with(node: FakeNode, harvested: Callable[..., Run]) -> None:
    last = node.routes["/p3"]
    node.behave("/p3", Reply(503))
    assert not harvested().complete
    node.routes["/p3"] = last
    node.requests.clear()
    assert harvested().complete
    assert asked(node) == ["/p1", "/p2", "/p3"]
