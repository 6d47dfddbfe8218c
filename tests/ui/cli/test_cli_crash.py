"""kill -9 at every step of a harvest: the next command finds a consistent catalogue, the next harvest ends whole."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from command_line import CommandLine
from nodes.samples import catalogue
from program import ROOT, SECONDS

NAMES = tuple(f"d{n:02}" for n in range(30))
# Where the process is killed: what is replaced, and whether it does its work first.
STEPS = {
    "in the middle of a transaction": ("catalogue.journal.journal:append", "after"),
    "after the first batch": ("catalogue.journal.journal:Journal.append", "after"),
    "before the run is ended": ("catalogue.journal.journal:Journal.finish_run", "before"),
    "after the run is ended": ("catalogue.journal.journal:Journal.finish_run", "after"),
    "before the store is written": ("catalogue.store.embedded:EmbeddedStore.apply", "before"),
    "when a part is in the store and nothing tells of it": ("catalogue.store.loading:_load", "after"),
    "when the store is written and its pointer is not": ("catalogue.store.embedded:EmbeddedStore._publish", "before"),
    "when the store is done and the index is not begun": (
        "catalogue.search.embedded.index:EmbeddedIndex.apply",
        "before",
    ),
    "when both are done": ("catalogue.search.embedded.index:EmbeddedIndex.apply", "after"),
}
KILLER = """\
import importlib, os, signal, sys
import catalogue.ingest
from catalogue.assemble import House
from ui.cli.main import main

place, when, *arguments = sys.argv[1:]
catalogue.ingest.BATCH = 10
module, _, path = place.partition(":")
owner = importlib.import_module(module)
*parents, name = path.split(".")
for parent in parents:
    owner = getattr(owner, parent)
real = getattr(owner, name)

def fatal(*given, **named):
    if when == "after":
        real(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)

def arm(house, *given, **named):
    setattr(owner, name, fatal)  # only now: what is done before the harvest is not meant
    return harvest(house, *given, **named)

harvest, House.harvest = House.harvest, arm
main(arguments)
"""


def kill(cli: CommandLine, step: str) -> None:
    """Harvest in a process that is killed at a step."""
    place, when = STEPS[step]
    command = [sys.executable, "-c", KILLER, place, when, "harvest", "--data", str(cli.data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def digests(cli: CommandLine) -> set[str]:
    query = "SELECT ?d { ?r a dcat:CatalogRecord ; gdix:datasetDigest ?d }"
    return set(cli.done("sparql", query, "--format", "csv").lines[1:])


@pytest.fixture
def undisturbed(cli: CommandLine, published: Callable[..., Path]) -> set[str]:
    """What a harvest gives that nobody kills."""
    other = cli.beside(cli.data.with_name("undisturbed"))
    other.done("sources", "add", "north", published(*NAMES))
    assert other.harvest()["new"] == len(NAMES)
    return digests(other)


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_harvest_leaves_nothing_amiss(cli: CommandLine, undisturbed: set[str], step: str) -> None:
    cli.done("sources", "add", "north", cli.data.with_name("catalogue.ttl"))
    kill(cli, step)
    found = cli("doctor", "--json")
    assert (found.code, found.json["consistent"]) == (0, True)
    assert found.json["store"] == found.json["index"] == found.json["journal"]
    assert cli("search", "--json").json["total"] == found.json["journal"]
    run = cli.harvest()
    assert (run["outcome"], run["seen"], run["withdrawn"]) == ("ok", len(NAMES), 0)
    assert run["new"] + run["unchanged"] == len(NAMES)
    assert run["unchanged"] == found.json["journal"]
    assert digests(cli) == undisturbed
    assert cli("doctor").code == 0
    assert all(len(cli("show", f"id-{name}", "--as", "history", "--json").json) == 1 for name in (NAMES[0], NAMES[-1]))


def test_a_killed_harvest_is_told_in_the_ledger_and_does_not_hold_its_source(
    cli: CommandLine, undisturbed: set[str]
) -> None:
    cli.done("sources", "add", "north", cli.data.with_name("catalogue.ttl"))
    kill(cli, "after the first batch")
    (run,) = cli("runs", "list", "--json").json
    assert (run["outcome"], run["complete"], run["withdrawn"]) == ("interrupted", False, 0)
    for _ in range(2):
        kill(cli, "before the run is ended")
    assert cli.harvest()["unchanged"] == len(NAMES)
    assert [run["outcome"] for run in cli("runs", "list", "--json").json] == ["ok", *["interrupted"] * 3]
    assert digests(cli) == undisturbed


@pytest.mark.parametrize(
    "step",
    [
        "before the store is written",
        "when a part is in the store and nothing tells of it",
        "when the store is written and its pointer is not",
    ],
)
def test_a_killed_rebuild_leaves_the_old_store_in_use(cli: CommandLine, undisturbed: set[str], step: str) -> None:
    cli.done("sources", "add", "north", cli.data.with_name("catalogue.ttl"))
    cli.done("harvest")
    script = KILLER.replace("main(arguments)", "setattr(owner, name, fatal); main(arguments)")
    place, when = STEPS[step]
    place = place.replace("embedded:EmbeddedStore.apply", "loading:Loader.load")
    command = [sys.executable, "-c", script, place, when, "reindex", "--data", str(cli.data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert digests(cli) == undisturbed
    assert cli("doctor").code == 0
    assert cli("reindex").code == 0
    assert digests(cli) == undisturbed


AMENDED_STEPS = {
    "when it is known what changed and nothing is remembered": ("harvester.recollections:Recollections.keep", "before"),
    "when what was found is remembered and not what it rests on": ("harvester.room:Room.put", "after"),
    "when all is remembered and nothing is written": ("harvester.recollections:Recollections.keep", "after"),
    "after the run is ended": ("catalogue.journal.journal:Journal.finish_run", "after"),
}


def dump(cli: CommandLine, *names: str) -> Path:
    """Publish a catalogue as N-Triples, over the one before."""
    file = cli.data.with_name("catalogue.nt")
    turtle = ox.parse(catalogue(*names), format=ox.RdfFormat.TURTLE)
    file.write_text("".join(f"{quad.triple} .\n" for quad in turtle), "utf-8")
    return file


@pytest.mark.parametrize("step", AMENDED_STEPS)
def test_a_killed_harvest_of_a_changed_dump_is_made_good_by_the_next(
    cli: CommandLine, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = (*NAMES[2:], *(f"e{number:02}" for number in range(12)))
    other = cli.beside(cli.data.with_name("undisturbed"))
    for each in (cli, other):
        each.done("sources", "add", "north", dump(cli, *NAMES))
        assert each.harvest()["new"] == len(NAMES)
    dump(cli, *changed)
    whole = other.harvest()
    assert (whole["new"], whole["unchanged"]) == (12, len(NAMES) - 2)
    monkeypatch.setitem(STEPS, step, AMENDED_STEPS[step])
    kill(cli, step)
    run = cli.harvest()
    assert (run["outcome"], run["seen"], run["new"] + run["unchanged"]) == ("ok", len(changed), len(changed))
    assert run["withdrawn"] + cli.harvest()["withdrawn"] == other.harvest()["withdrawn"] == 2
    assert digests(cli) == digests(other)
    assert cli("doctor").code == 0
