"""A FAIR Data Point's dates: what they vouch for is not fetched, and what they do not know of is found all the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from nodes.fake_node import FakeNode, Reply
from nodes.fdp_node import MiniFdpNode, ReferenceFdpNode
from nodes.recorded_node import replay
from nodes.samples import Ledger, no_findings

from harvester.answers import Answers
from harvester.dates import Dates
from harvester.harvest import harvest
from harvester.http import Door
from harvester.source import Source

HOUR = 3600.0
LATER = "2026-11-21T09:00:00Z"


class Clock:
    """Seconds since 1970, moved by hand."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Crawls:
    """Crawls of one source, one after the other, with what is remembered between them."""

    def __init__(self, door: Door, folder: Path, hours: float) -> None:
        self._door = door
        self._folder = folder
        self._hours = hours
        self.clock = Clock()
        self._known: list[Any] = []

    def run(self, node: FakeNode, url: str, *, full: bool = False) -> tuple[Ledger, list[str]]:
        """Return what a crawl said, and the paths it asked for."""
        asked = len(node.requests)
        dates = Dates(self._folder, self._hours * HOUR, ask=not full, clock=self.clock)
        source = Source("node", url, protocol="fdp")
        answers = Answers(self._folder / "answers", room=0, dates=dates)
        ledger = Ledger(list(harvest(source, self._known, door=self._door, judge=no_findings, answers=answers)))
        self._known = ledger.known(self._known)
        return ledger, [seen.path for seen in node.requests[asked:]]


@pytest.fixture
def crawls(door: Door, tmp_path: Path) -> Callable[..., Crawls]:
    def make(hours: float = 24) -> Crawls:
        return Crawls(door, tmp_path, hours)

    return make


def datasets(paths: list[str]) -> list[str]:
    return sorted(path for path in paths if path.startswith("/dataset/") and "draft" not in path)


def test_only_what_is_below_a_changed_date_is_fetched_and_the_rest_counts_as_unchanged(
    crawls: Callable[..., Crawls],
) -> None:
    again = crawls()
    with ReferenceFdpNode("a", "b", "c") as node:
        again.run(node, node.start)
        quiet, asked = again.run(node, node.start)
        assert (datasets(asked), len(quiet.unchanged), quiet.complete) == ([], 3, True)
        node.stored = {"two": LATER}
        node.fill(node.names)
        changed, asked = again.run(node, node.start)
    assert datasets(asked) == ["/dataset/b"]
    assert (len(changed.unchanged), changed.codes, changed.complete) == (3, ["draft", "draft"], True)


def test_a_draft_that_is_published_is_found_although_no_date_says_so(crawls: Callable[..., Crawls]) -> None:
    again = crawls()
    with ReferenceFdpNode("a", "b", "c") as node:
        again.run(node, node.start)
        node.serve(
            "/dataset/draft-of-one",
            f"<{node.iri}/dataset/draft-of-one> a <http://www.w3.org/ns/dcat#Dataset> ;"
            ' <http://purl.org/dc/terms/title> "Published" .',
        )
        ledger, asked = again.run(node, node.start)
    assert [name.rpartition("/")[2] for name in ledger.new] == ["draft-of-one"]
    assert (datasets(asked), len(ledger.unchanged)) == ([], 3)


def test_what_no_date_tells_is_found_by_the_next_full_crawl(crawls: Callable[..., Crawls]) -> None:
    """A distribution that is published in a known dataset bumps no date either."""
    again = crawls(hours=24)
    with ReferenceFdpNode("a") as node:
        again.run(node, node.start)
        node.serve("/distribution/a", f"<{node.iri}/distribution/a> a <http://www.w3.org/ns/dcat#Distribution> .")
        again.clock.now += 23 * HOUR
        assert again.run(node, node.start)[0].changed == []
        again.clock.now += 2 * HOUR
        full, asked = again.run(node, node.start)
        assert (datasets(asked), len(full.changed)) == (["/dataset/a"], 1)
        again.clock.now += 23 * HOUR
        assert datasets(again.run(node, node.start)[1]) == []


def test_a_dataset_that_is_no_longer_listed_is_absent_although_nothing_was_fetched(
    crawls: Callable[..., Crawls],
) -> None:
    again = crawls()
    with ReferenceFdpNode("a", "b", "c") as node:
        again.run(node, node.start)
        node._catalogue("one", ("a",))
        ledger, asked = again.run(node, node.start)
    assert (datasets(asked), len(ledger.unchanged), ledger.complete) == ([], 2, True)


@pytest.mark.parametrize("hours", [0, 24])
def test_a_run_that_must_be_full_believes_no_date(crawls: Callable[..., Crawls], hours: float) -> None:
    again = crawls(hours)
    with ReferenceFdpNode("a", "b") as node:
        again.run(node, node.start)
        asked = again.run(node, node.start, full=hours > 0)[1]
    assert datasets(asked) == ["/dataset/a", "/dataset/b"]


def test_a_crawl_that_was_not_whole_leaves_the_dates_as_they_were(crawls: Callable[..., Crawls]) -> None:
    again = crawls()
    with ReferenceFdpNode("a", "b", "c") as node:
        again.run(node, node.start)
        node.stored = {"two": LATER}
        node.fill(node.names)
        node.behave("/dataset/b", Reply(404, b"not now", "text/plain"))
        node.behave("/catalog/one", Reply(404, b"not now", "text/plain"))
        again.run(node, node.start)
        node.fill(node.names)
        healed, asked = again.run(node, node.start)
    assert datasets(asked) == ["/dataset/b"]
    assert len(healed.unchanged) == 3


def test_a_dataset_through_which_others_are_found_is_read_every_time(crawls: Callable[..., Crawls]) -> None:
    again = crawls()
    with ReferenceFdpNode("a", "b") as node:
        node.serve(
            "/dataset/a",
            f"<{node.iri}/dataset/a> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "
            f'"A" ; <http://purl.org/dc/terms/hasPart> <{node.iri}/dataset/part> .',
        )
        node.serve(
            "/dataset/part",
            f'<{node.iri}/dataset/part> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "P" .',
        )
        first, _ = again.run(node, node.start)
        second, asked = again.run(node, node.start)
    assert len(first.new) == 3
    assert datasets(asked) == ["/dataset/a", "/dataset/part"]
    assert (len(second.unchanged), second.complete) == (3, True)


def test_programs_whose_dates_mean_less_are_read_whole(crawls: Callable[..., Crawls]) -> None:
    again = crawls()
    with MiniFdpNode("a", "b") as node:
        again.run(node, node.start)
        asked = again.run(node, node.start)[1]
    assert {"/fairdp/dataset/a", "/fairdp/dataset/b"} <= set(asked)


def test_the_recorded_program_bumps_dates_when_it_stores_and_not_when_it_publishes(
    node: FakeNode, crawls: Callable[..., Crawls], shared_data: Path
) -> None:
    def upto(phase: int) -> Callable[[Mapping[str, Any]], bool]:
        def choose(exchange: Mapping[str, Any]) -> bool:
            match = re.match(r"phase (\d)\b.*anonymous", exchange["remark"])
            return match is not None and 2 <= int(match[1]) <= phase

        return choose

    again = crawls()
    fetched = []
    for phase in (2, 2, 3, 4):
        node.routes.clear()
        replay(node, shared_data / "recorded-nodes" / "fairdatapoint", upto(phase))
        ledger, asked = again.run(node, node.url("/"))
        assert ledger.complete
        fetched.append((len(ledger.new), len(ledger.changed), sum(path.startswith("/dataset/") for path in asked)))
    # Phase 2: three datasets and a draft. Again: the draft alone. 3: one stored, one deleted. 4: the draft is public.
    assert fetched == [(3, 0, 4), (0, 0, 1), (0, 1, 3), (1, 0, 1)]


def test_what_cannot_be_read_of_the_dates_costs_a_full_crawl_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "dates.json").write_text('{"dates": ["torn"')
    dates = Dates(tmp_path, 24 * HOUR, clock=Clock())
    assert not dates.unchanged("x", LATER)
    dates.settle(complete=True)
    again = Dates(tmp_path, 24 * HOUR, clock=Clock())
    assert again.unchanged("x", LATER)
    assert not again.unchanged("x", None)
