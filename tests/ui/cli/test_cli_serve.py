"""`serve`: it says where it is, ends when told, and harvests by the clock in processes of their own."""

from __future__ import annotations

import json
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_line import CommandLine
from nodes.fake_node import FakeNode, Stall
from nodes.samples import catalogue
from program import SECONDS, get, serving, start

from catalogue.assemble import House, open_house
from catalogue.journal.run import Outcome
from catalogue.settings import Value, read_settings
from harvester.source import Source
from shapes.errors import CannotWork
from ui.schedule import keep_harvested, run_in_process


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_the_site_is_where_it_says_until_it_is_told_to_end(cli: CommandLine, end: signal.Signals) -> None:
    cli.done("sources", "add", "north", "https://north.example/")
    with serving(cli.data, "--quiet") as (address, process):
        assert get(f"{address}/health")[0] == 200
        assert json.loads(get(f"{address}/api/v1/nodes")[1])["total"] == 1
        process.send_signal(end)
        out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out, err) == (0, "", "")
    assert get(f"{address}/health")[0] == 0


def test_the_machine_form_tells_the_address_alone(cli: CommandLine) -> None:
    with start(cli.data, "serve", "--port", "0", "--json", "--quiet", title="Catalogue of tests") as process:
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(4))
        address = json.loads(said)["address"]
        assert json.loads(said)["title"] == "Catalogue of tests"
        assert get(f"{address}health")[0] == 200
        process.terminate()
        assert process.communicate(timeout=SECONDS) == ("", "")


@pytest.mark.parametrize(("settings", "told"), [({}, True), ({"base_url": "https://catalogue.example"}, False)])
def test_a_site_elsewhere_than_its_links_say_is_told(cli: CommandLine, settings: dict[str, str], *, told: bool) -> None:
    with serving(cli.data, **settings) as (_, process):
        process.send_signal(signal.SIGTERM)
        err = process.communicate(timeout=SECONDS)[1]
    assert ("Links and identifiers begin with http://127.0.0.1:8080" in err) is told


def test_a_port_that_is_taken_is_said_before_anything_starts(cli: CommandLine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        nowhere = cli.beside(cli.data / "new")
        said = nowhere("serve", "--port", str(port), "--json")
    assert (said.code, said.json["code"]) == (2, "bad-input")
    assert said.json["detail"].startswith(f"Port {port} of 127.0.0.1 cannot be used: ")
    assert said.json["detail"].endswith("Choose another with --port.")
    assert not nowhere.data.exists()


def test_a_host_that_is_not_ours_is_said(cli: CommandLine) -> None:
    said = cli("serve", "--host", "192.0.2.7", "--port", "0")
    assert (said.code, said.out) == (2, "")
    nobody = cli("serve", "--host", "nobody.invalid", "--port", "0", "--json")
    assert nobody.code == 2
    assert nobody.json["detail"].startswith("The host 'nobody.invalid' is not known here: ")
    assert said.err.startswith("Error: Port 0 of 192.0.2.7 cannot be used: ")
    assert cli("serve", "--port", "99999").code == 2


# -- the schedule ----------------------------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    flags: dict[str, Value] = {"data": tmp_path / "data", "profile": "gdi-core", "harvest_retries": 0}
    with open_house(read_settings(environment={}, flags=flags)) as opened:
        yield opened


def test_what_is_due_is_harvested_and_nothing_else(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.schedule._LOOK_SECONDS", 0.0)
    house.journal.add_source(Source("by-hand", "https://a.example/"))
    house.journal.add_source(Source("due", "https://b.example/", every=3600))
    house.journal.add_source(Source("off", "https://c.example/", every=3600, enabled=False))
    stop, asked = threading.Event(), list[str]()

    def run(source: Source) -> int:
        asked.append(source.name)
        stop.set()
        return 0

    keep_harvested(house.journal, run, stop)
    assert asked == ["due"]


def test_a_source_that_is_slow_delays_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.schedule._LOOK_SECONDS", 0.0)
    house.journal.add_source(Source("a-slow", "https://a.example/", every=3600))
    house.journal.add_source(Source("b-quick", "https://b.example/", every=3600))
    stop, slow, asked = threading.Event(), threading.Event(), list[str]()

    def run(source: Source) -> int:
        asked.append(source.name)
        if source.name == "a-slow":
            assert slow.wait(SECONDS)
        else:
            stop.set()
            slow.set()
        return 0

    keep_harvested(house.journal, run, stop)
    assert sorted(set(asked)) == ["a-slow", "b-quick"]
    assert asked.count("a-slow") == 1


def test_the_schedule_outlives_a_journal_that_does_not_answer(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("ui.schedule._LOOK_SECONDS", 0.0)
    house.journal.add_source(Source("due", "https://b.example/", every=3600))
    stop, answers = threading.Event(), iter([CannotWork("The disk is full.")])
    real = house.journal.sources

    def sources() -> tuple[Source, ...]:
        for error in answers:
            raise error
        return real()

    monkeypatch.setattr(house.journal, "sources", sources)

    def run(_: Source) -> int:
        stop.set()
        return 3

    keep_harvested(house.journal, run, stop)
    assert [record.getMessage() for record in caplog.records] == [
        "the schedule waits: The disk is full.",
        "harvesting due ended with 3",
    ]


def test_a_scheduled_harvest_runs_beside_the_server_with_its_settings(
    house: House, published: Callable[..., Path]
) -> None:
    house.journal.add_source(Source("north", published("a", "b").as_uri(), every=3600))
    assert run_in_process(house.settings, threading.Event())(house.journal.source("north")) == 0
    (run,) = house.journal.runs("north")
    assert (run.new, run.outcome) == (2, Outcome.OK)
    assert house.diagnose().consistent


def test_a_scheduled_harvest_is_interrupted_when_the_server_ends(house: House, node: FakeNode) -> None:
    url = node.behave("/catalog.ttl", Stall(catalogue("a").encode()))
    house.journal.add_source(Source("north", url, every=3600, allow_private=True))
    stop, codes = threading.Event(), list[int]()
    harvest = run_in_process(house.settings, stop)
    thread = threading.Thread(target=lambda: codes.append(harvest(house.journal.source("north"))))
    thread.start()
    begun = threading.Event()
    while not node.requests:
        assert thread.is_alive()
        begun.wait(0.02)
    stop.set()
    thread.join(SECONDS)
    assert codes == [130]
    (run,) = house.journal.runs("north")
    assert (run.outcome, run.withdrawn) == (Outcome.INTERRUPTED, 0)


def test_a_harvest_by_hand_that_is_interrupted_says_so_and_leaves_the_source_free(
    cli: CommandLine, node: FakeNode
) -> None:
    cli.done("sources", "add", "north", node.behave("/catalog.ttl", Stall()), "--allow-private")
    begun = threading.Event()
    with start(cli.data, "harvest") as process:
        while not node.requests:
            assert process.poll() is None
            begun.wait(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, err.strip()) == (130, "Interrupted.")
    assert "interrupted" in out  # the ledger tells it, too
    node.serve("/catalog.ttl", catalogue("a"))
    assert [run["outcome"] for run in cli("runs", "list", "--json").json] == ["interrupted"]
    assert cli.harvest()["new"] == 1


def test_the_server_runs_what_is_due_while_it_serves(cli: CommandLine, published: Callable[..., Path]) -> None:
    """The whole chain: schedule, harvest process, store and index, API."""
    cli.done("sources", "add", "north", published("a", "b"), "--every", "1h")
    cli.done("sources", "add", "south", published("a", "b"))
    waited = threading.Event()
    with serving(cli.data, profile="gdi-core") as (address, _):
        for _ in range(SECONDS * 10):
            if json.loads(get(f"{address}/api/v1/datasets")[1])["total"] == 2:
                break
            waited.wait(0.1)
    assert [(run["source"], run["new"]) for run in cli("runs", "list", "--json").json] == [("north", 2)]
    assert cli("doctor").code == 0
