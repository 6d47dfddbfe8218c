"""A harvest is asked to end: it does at the next page, and what it waits for on the network is given up at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from nodes.fake_node import FakeNode, Handler, Reply
from nodes.samples import catalogue, no_findings

from harvester.changes import Event
from harvester.harvest import harvest
from harvester.http import Door
from harvester.source import Source
from harvester.stop import COMPARING, READING, Hear, Oversight, Stop, Stopped

WHY = "A person asked for it."


@dataclass(frozen=True)
class Asking:
    """Asks the harvest to end, then keeps it waiting."""

    stop: Stop

    def answer(self, handler: Handler) -> None:
        self.stop.ask(WHY)
        handler.wait()
        handler.close_connection = True


def paged(node: FakeNode, total: int | None = None) -> str:
    """Serve a catalogue of two pages; return the address of the first."""
    first, second = node.url("/p1"), node.url("/p2")
    count = f" ; hydra:totalItems {total}" if total else ""
    node.serve("/p1", catalogue("a", "b") + f"<{first}> a hydra:PartialCollectionView ; hydra:next <{second}>{count} .")
    node.serve("/p2", catalogue("c") + f"<{second}> a hydra:PartialCollectionView .")
    return first


def harvested(door: Door, url: str, stop: Stop, hear: Hear | None = None) -> list[Event]:
    source = Source("north", url, allow_private=True)
    return list(harvest(source, (), door=door, judge=no_findings, oversight=Oversight(stop, hear)))


def test_the_first_reason_counts_and_whoever_comes_late_is_called_at_once() -> None:
    stop, called = Stop(), []
    with stop.ending(lambda: called.append("early")):
        stop.ask(WHY)
        stop.ask("Another asked as well.")
    with stop.ending(lambda: called.append("late")):
        pass
    assert called == ["early", "late"]
    with pytest.raises(Stopped, match="A person asked for it"):
        stop.check()
    with pytest.raises(Stopped, match="A person asked for it"):
        stop.pause(60)


def test_it_ends_before_the_next_page_is_asked_for(node: FakeNode, door: Door) -> None:
    stop = Stop()
    with pytest.raises(Stopped, match=WHY):
        harvested(door, paged(node), stop, lambda *_: stop.ask(WHY))
    assert (node.asked("/p1"), node.asked("/p2")) == (1, 0)


def test_an_answer_that_does_not_come_is_given_up_at_once(node: FakeNode, door: Door) -> None:
    stop = Stop()
    url = node.behave("/catalog.ttl", Asking(stop))
    with pytest.raises(Stopped, match=WHY):
        harvested(door, url, stop)
    assert node.asked("/catalog.ttl") == 1


def test_a_wait_before_another_try_is_cut_short(node: FakeNode) -> None:
    stop = Stop()

    class Busy:
        def answer(self, handler: Handler) -> None:
            stop.ask(WHY)
            Reply(503, headers={"Retry-After": "100"}).answer(handler)

    url = node.behave("/catalog.ttl", Busy())
    with Door() as door, pytest.raises(Stopped, match=WHY):
        harvested(door, url, stop)


@pytest.mark.parametrize(("announced", "expected"), [(None, None), (7, 7)])
def test_it_tells_how_far_reading_is_and_how_many_are_compared(
    node: FakeNode, make_door: Callable[..., Door], announced: int | None, expected: int | None
) -> None:
    told: list[tuple[int, int | None, str]] = []
    url = paged(node, announced)
    harvested(make_door(), url, Stop(), lambda *heard: told.append(heard))
    *read, compared = told
    assert compared == (0, 4, COMPARING)
    # Three datasets and their catalogue, which stands on both pages. What is announced is known once a page was read.
    assert [(done, doing) for done, _, doing in read] == [(n, READING) for n in (1, 2, 3, 4, 4)]
    assert {total for _, total, _ in read[3:]} == {expected}
