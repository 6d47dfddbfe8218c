"""Several sources at a time, and ending what goes on: Ctrl-C, SIGTERM, `runs cancel`."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from subprocess import Popen

import pytest
from command_line import CommandLine
from nodes.fake_node import FakeNode, Handler, Reply
from nodes.samples import catalogue
from program import SECONDS, start


@dataclass(frozen=True)
class Held:
    """Says that it was asked, and answers when it may."""

    body: str
    may: threading.Event
    asked: threading.Event = field(default_factory=threading.Event)

    def answer(self, handler: Handler) -> None:
        self.asked.set()
        self.may.wait(SECONDS)
        with suppress(OSError):  # the client has left
            Reply(200, self.body.encode()).answer(handler)


@dataclass(frozen=True)
class Telling:
    """Answers, and says so."""

    body: str
    told: threading.Event

    def answer(self, handler: Handler) -> None:
        Reply(200, self.body.encode()).answer(handler)
        self.told.set()


@contextmanager
def in_the_middle(cli: CommandLine, node: FakeNode) -> Iterator[Popen[str]]:
    """Give a process that has harvested one of two sources and waits for the other."""
    may = threading.Event()
    held = Held(catalogue("c"), may)
    cli.done("sources", "add", "north", node.serve("/north.ttl", catalogue("a", "b")), "--allow-private")
    cli.done("sources", "add", "south", node.behave("/south.ttl", held), "--allow-private")
    with start(cli.data, "harvest", "--json", harvest_retries="0", profile="gdi-core", harvest_at_once="1") as process:
        try:
            assert held.asked.wait(SECONDS)
            yield process
        finally:
            may.set()
            process.kill()


def test_a_slow_node_delays_no_other_and_the_results_keep_their_order(cli: CommandLine, node: FakeNode) -> None:
    south_done = threading.Event()
    slow = Held(catalogue("a"), may=south_done)  # answers only once the other node has
    cli.done("sources", "add", "north", node.behave("/north.ttl", slow), "--allow-private")
    quick = node.behave("/south.ttl", Telling(catalogue("b", "c"), south_done))
    cli.done("sources", "add", "south", quick, "--allow-private")
    runs = cli.done("harvest", "--json").json["runs"]
    assert [(run["source"], run["outcome"], run["new"]) for run in runs] == [("north", "ok", 1), ("south", "ok", 2)]


def test_one_at_a_time_where_the_setting_says_so(
    cli: CommandLine, node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GDI_HARVEST_AT_ONCE", "1")
    for name in ("north", "south"):
        cli.done("sources", "add", name, node.serve(f"/{name}.ttl", catalogue(name)), "--allow-private")
    assert [run["new"] for run in cli.done("harvest", "--json").json["runs"]] == [1, 1]
    assert [seen.path for seen in node.requests] == ["/north.ttl", "/south.ttl"]
    monkeypatch.setenv("GDI_HARVEST_AT_ONCE", "0")
    assert "harvest_at_once cannot be used" in cli("harvest").err


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_every_run_and_keeps_what_was_accepted(
    cli: CommandLine, node: FakeNode, how: signal.Signals
) -> None:
    with in_the_middle(cli, node) as process:
        process.send_signal(how)
        out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, err) == (130, "Interrupted.\n")
    assert '"outcome": "interrupted"' in out
    (south,) = cli("runs", "list", "south", "--json").json
    assert (south["outcome"], south["complete"], south["withdrawn"]) == ("interrupted", False, 0)
    problems = cli("runs", "show", "south", str(south["run"]), "--json").json["problems"]
    assert [problem["code"] for problem in problems] == ["stopped"]
    assert problems[0]["detail"].startswith("This run was interrupted. What it had read is kept;")
    node.serve("/south.ttl", catalogue("c"))
    assert cli("search", "--json").json["total"] == 2
    assert cli.harvest("south")["new"] == 1


def test_a_run_of_another_process_is_ended_by_name(cli: CommandLine, node: FakeNode) -> None:
    with in_the_middle(cli, node) as process:
        said = cli("runs", "cancel", "south", "--json")
        out, _ = process.communicate(timeout=SECONDS)
    asked = said.json
    assert (said.code, asked["source"], asked["asked"]) == (0, "south", "to end")
    assert process.returncode == 1
    assert '"outcome": "interrupted"' in out
    shown = cli("runs", "show", "south", str(asked["run"]), "--json").json
    assert (shown["outcome"], [problem["code"] for problem in shown["problems"]]) == ("interrupted", ["stopped"])
    assert [run["outcome"] for run in cli("runs", "list", "north", "--json").json] == ["ok"]
    assert cli("search", "--json").json["total"] == 2


def test_ending_what_does_not_run_is_an_error_that_says_so(cli: CommandLine, node: FakeNode) -> None:
    cli.done("sources", "add", "north", node.serve("/north.ttl", catalogue("a")), "--allow-private")
    said = cli("runs", "cancel", "north", "--json")
    assert (said.code, said.json["code"]) == (2, "nothing-runs")
    assert said.json["detail"] == "The source north is not being harvested now: there is no run to end."
    assert cli("runs", "cancel", "nobody", "--json").json["code"] == "no-such-source"
