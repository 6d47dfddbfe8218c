"""What a server says has not changed is not sent again, and nothing is ever missing for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from nodes.fake_node import FakeNode, Reply
from nodes.samples import Ledger, catalogue, no_findings

from harvester.answers import Answers
from harvester.harvest import harvest
from harvester.http import Door
from harvester.known import KnownRecord
from harvester.source import Source

ROOM = 1 << 20
DATED = "Sun, 01 Nov 2026 00:00:00 GMT"

Again = Callable[..., Ledger]


@pytest.fixture
def again(door: Door, node: FakeNode, tmp_path: Path) -> Again:
    """Harvest /catalog.ttl with the answers kept in one folder, however often."""

    def run(known: Sequence[KnownRecord] = (), *, room: int = ROOM, ask: bool = True) -> Ledger:
        answers = Answers(tmp_path / "answers", room=room, ask=ask)
        source = Source("node", node.url("/catalog.ttl"))
        return Ledger(list(harvest(source, known, door=door, judge=no_findings, answers=answers)))

    return run


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "answers").glob("*"))


def conditions(node: FakeNode) -> list[tuple[str | None, str | None]]:
    return [(seen.headers.get("If-None-Match"), seen.headers.get("If-Modified-Since")) for seen in node.requests]


def test_an_unchanged_document_costs_one_request_without_a_body(node: FakeNode, again: Again) -> None:
    node.serve("/catalog.ttl", catalogue("a", "b"), ETag='"one"')
    known = again().known()
    ledger = again(known)
    assert (ledger.finished.requests, ledger.finished.bytes) == (1, 0)
    assert (len(ledger.unchanged), ledger.new, ledger.changed) == (2, [], [])
    assert (ledger.complete, ledger.problems) == (True, [])
    assert conditions(node) == [(None, None), ('"one"', None)]


def test_a_date_alone_is_a_validator_too(node: FakeNode, again: Again) -> None:
    first = Reply(200, catalogue("a").encode(), headers={"Last-Modified": DATED})
    node.behave("/catalog.ttl", first, Reply(304))
    ledger = again(again().known())
    assert (len(ledger.unchanged), ledger.complete) == (1, True)
    assert conditions(node)[1] == (None, DATED)


def test_a_changed_document_is_read_and_takes_the_place_of_the_one_kept(node: FakeNode, again: Again) -> None:
    node.serve("/catalog.ttl", catalogue("a", "b"), ETag='"one"')
    known = again().known()
    node.serve("/catalog.ttl", catalogue("a", "b", "c"), ETag='"two"')
    ledger = again(known)
    assert (ledger.new, len(ledger.unchanged)) == (["c"], 2)
    assert len(again(ledger.known(known)).unchanged) == 3
    assert [etag for etag, _ in conditions(node)] == [None, '"one"', '"two"']


def test_each_page_of_several_is_asked_for_on_its_own_condition(node: FakeNode, again: Again) -> None:
    def page(number: int, name: str, following: int | None) -> str:
        onward = f" ; hydra:next <{node.url(f'/catalog.ttl?page={following}')}>" if following else ""
        here = node.url(f"/catalog.ttl?page={number}")
        return catalogue(name) + f"<{here}> a hydra:PartialCollectionView{onward} .\n"

    node.serve("/catalog.ttl", page(1, "a", 2), ETag='"p1"')
    node.serve("/catalog.ttl?page=2", page(2, "b", None), ETag='"p2"')
    known = again().known()
    node.serve("/catalog.ttl?page=2", page(2, "c", None), ETag='"p2-later"')
    ledger = again(known)
    assert (ledger.new, len(ledger.unchanged), ledger.complete) == (["c"], 1, True)
    assert [etag for etag, _ in conditions(node)] == [None, None, '"p1"', '"p2"']


def test_a_document_kept_from_an_answer_in_another_place_keeps_its_base(node: FakeNode, again: Again) -> None:
    node.behave("/catalog.ttl", Reply(302, headers={"Location": "/v2/catalog.ttl"}))
    relative = '<#d> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "Relative" .'
    node.serve("/v2/catalog.ttl", relative, ETag='"one"')
    known = again().known()
    assert [record.subject for record in known] == [node.url("/v2/catalog.ttl#d")]
    assert len(again(known).unchanged) == 1


@pytest.mark.parametrize("damage", ["cut", "changed", "not ours"])
def test_a_kept_answer_that_is_damaged_is_fetched_anew(
    node: FakeNode, again: Again, tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    node.serve("/catalog.ttl", catalogue("a", "b"), ETag='"one"')
    known = again().known()
    (file,) = kept(tmp_path)
    data = file.read_bytes()
    line, _, body = data.partition(b"\n")
    damaged = {
        "cut": data[:-20],
        "changed": line.replace(b'"digest": "', b'"digest": "0') + b"\n" + body,
        "not ours": b"\x00garbage\n",
    }
    file.write_bytes(damaged[damage])
    ledger = again(known)
    assert (len(ledger.unchanged), ledger.complete, ledger.problems) == (2, True, [])
    assert conditions(node)[-1] == (None, None)
    assert file.read_bytes().partition(b"\n")[2] == body
    assert ("cannot be read" in caplog.text or "is damaged" in caplog.text) == (damage != "not ours")


def test_a_run_that_must_read_everything_asks_without_condition_and_renews_what_is_kept(
    node: FakeNode, again: Again
) -> None:
    node.serve("/catalog.ttl", catalogue("a"), ETag='"one"')
    known = again().known()
    assert again(known, ask=False).finished.bytes > 0
    assert again(known).finished.bytes == 0
    assert [etag for etag, _ in conditions(node)] == [None, None, '"one"']


def test_an_answer_without_validators_does_not_outlive_its_run_and_ends_what_was_kept(
    node: FakeNode, again: Again, tmp_path: Path
) -> None:
    node.serve("/catalog.ttl", catalogue("a"), ETag='"one"')
    again()
    assert len(kept(tmp_path)) == 1
    node.serve("/catalog.ttl", catalogue("a", "b"))
    assert again().new == ["a", "b"]
    assert kept(tmp_path) == []
    node.behave("/catalog.ttl", Reply(200, b"<a> <b> ."))
    assert not again().complete
    assert kept(tmp_path) == []


@pytest.mark.parametrize("room", [0, 100])
def test_what_does_not_fit_is_not_kept_and_the_run_is_whole(
    node: FakeNode, again: Again, tmp_path: Path, room: int
) -> None:
    node.serve("/catalog.ttl", catalogue("a", "b"), ETag='"one"')
    assert again(room=room).complete
    assert kept(tmp_path) == []


def test_a_folder_that_cannot_be_written_costs_nothing_but_speed(
    node: FakeNode, again: Again, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "answers").write_text("in the way")
    node.serve("/catalog.ttl", catalogue("a"), ETag='"one"')
    assert again().new == ["a"]
    assert "cannot be kept" in caplog.text


def test_only_a_whole_run_forgets_pages_that_are_gone(node: FakeNode, again: Again, tmp_path: Path) -> None:
    onward = f"<{node.url('/catalog.ttl')}> a hydra:PartialCollectionView ; hydra:next <{node.url('/p2')}> .\n"
    node.serve("/catalog.ttl", catalogue("a") + onward, ETag='"p1"')
    node.serve("/p2", catalogue("b") + f"<{node.url('/p2')}> a hydra:PartialCollectionView .\n", ETag='"p2"')
    known = again().known()
    node.behave("/p2", Reply(404))
    assert not again(known).complete
    assert len(kept(tmp_path)) == 2
    node.serve("/catalog.ttl", catalogue("a"), ETag='"alone"')
    (tmp_path / "answers" / "tmp-of-a-killed-run").touch()
    assert again(known).complete
    assert len(kept(tmp_path)) == 1
