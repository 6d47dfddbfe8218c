"""`harvest` and `runs`: the ledger, what a second run does, what is removed and what a person decides."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from nodes.fake_node import FakeNode
from nodes.samples import BASE, catalogue

from catalogue.assemble import open_house
from catalogue.settings import read_settings

LEDGER = (
    *("source", "run", "outcome", "complete", "seen", "new", "changed", "unchanged", "rejected", "failed"),
    *("withdrawn", "restored", "reidentified", "held", "requests", "bytes", "seconds", "conforming", "violations"),
)
TEN = tuple(f"d{n}" for n in range(10))


@pytest.fixture
def north(cli: CommandLine, published: Callable[..., Path]) -> CommandLine:
    """A source with ten datasets, harvested once."""
    cli.done("sources", "add", "north", published(*TEN))
    assert cli.harvest()["new"] == 10
    return cli


@contextmanager
def harvesting(cli: CommandLine, source: str) -> Iterator[None]:
    """Let somebody else be in the middle of a harvest of a source."""
    with open_house(read_settings(environment={}, flags={"data": cli.data})) as house:
        run = house.journal.begin_run(source)
        yield
        house.journal.renew_run(run)


def sums(run: dict[str, Any]) -> bool:
    parts = sum(run[name] for name in ("new", "changed", "unchanged", "rejected", "failed"))
    return bool(run["seen"] == parts and run["seen"] >= run["conforming"] + run["violations"])


def test_the_ledger_has_every_figure_and_its_sums_match(cli: CommandLine, node: FakeNode) -> None:
    url = node.serve("/catalog.ttl", catalogue("a", "b"))
    cli.done("sources", "add", "north", url, "--allow-private")
    said = cli.done("harvest", "--json")
    (run,) = said.json["runs"]
    assert set(LEDGER) <= run.keys()
    assert (run["source"], run["outcome"], run["complete"]) == ("north", "ok", True)
    assert (run["new"], run["requests"], run["bytes"]) == (2, 1, len(catalogue("a", "b")))
    assert run["problems"] == []
    assert sums(run)
    assert all(sums(counts) for counts in run["others"].values())
    assert run["others"]["catalogue"]["new"] == 1
    assert said.json["totals"]["new"] == 2
    assert said.err == ""


def test_all_enabled_sources_are_run_and_each_has_its_ledger(cli: CommandLine, node: FakeNode) -> None:
    for name, datasets in (("north", ("a",)), ("south", ("b", "c"))):
        url = node.serve(f"/{name}.ttl", catalogue(*datasets))
        cli.done("sources", "add", name, url, "--allow-private")
    said = cli.done("harvest", "--json").json
    assert [(run["source"], run["new"]) for run in said["runs"]] == [("north", 1), ("south", 2)]
    assert said["totals"]["seen"] == 3
    assert [run["source"] for run in cli("harvest", "south", "--json").json["runs"]] == ["south"]


def test_the_table_for_people_has_a_row_a_source(north: CommandLine) -> None:
    said = north.done("harvest")
    assert said.lines[0].split()[:4] == ["Source", "Outcome", "Seen", "New"]
    assert said.lines[1].split()[:6] == ["north", "ok", "10", "0", "0", "10"]
    assert north.done("harvest", "--quiet").out == ""


def test_quiet_still_tells_what_went_wrong(north: CommandLine, published: Callable[..., Path]) -> None:
    published(text="")
    said = north("harvest", "--quiet")
    assert (said.code, said.lines[1].split()[:2]) == (1, ["north", "failed"])
    assert said.lines[2].startswith("north: The document is empty")


def test_a_second_run_of_the_same_writes_no_state_and_leaves_the_index_alone(north: CommandLine) -> None:
    def written() -> dict[str, bytes]:
        files = (north.data / "index").rglob("*")
        return {str(file): file.read_bytes() for file in files if file.is_file()}

    def applied() -> list[str]:
        checks = north("doctor", "--json").json["checks"]
        return [check["detail"] for check in checks if check["name"] in {"store", "index"}]

    before, states = written(), applied()
    run = north.harvest()
    assert (run["unchanged"], run["new"], run["changed"], run["outcome"]) == (10, 0, 0, "ok")
    assert written() == before
    assert applied() == states == [f"The {name} has applied all 11 states." for name in ("store", "index")]


def test_reading_writes_nothing(north: CommandLine) -> None:
    def written() -> dict[str, bytes]:
        places = ("index", "store")
        return {str(f): f.read_bytes() for place in places for f in (north.data / place).glob("*") if f.is_file()}

    before = written()
    north.done("search", "dataset")
    north.done("sparql", "ASK { ?s ?p ?o }")
    north.done("dacs", "list")
    north.done("show", "id-d1")
    assert written() == before


def test_what_changed_is_counted_and_shown(north: CommandLine, published: Callable[..., Path]) -> None:
    published(text=catalogue(*TEN, "d10").replace("A dataset d3", "A better dataset d3"))
    run = north.harvest()
    assert (run["new"], run["changed"], run["unchanged"]) == (1, 1, 9)
    assert north("search", "better", "--json").json["total"] == 1
    assert [row["status"] for row in north("show", "id-d3", "--as", "history", "--json").json] == ["listed", "listed"]


def test_a_moved_dataset_keeps_its_page(north: CommandLine, published: Callable[..., Path]) -> None:
    page = north("show", "id-d3", "--json").json["id"]
    published(text=catalogue(*TEN).replace(f"{BASE}d3>", f"{BASE}moved/d3>"))
    run = north.harvest()
    assert (run["changed"], run["reidentified"], run["new"], run["withdrawn"]) == (1, 1, 0, 0)
    for name in ("id-d3", f"{BASE}d3", f"{BASE}moved/d3"):
        assert north("show", name, "--json").json["id"] == page


def test_a_dry_run_tells_and_writes_nothing(north: CommandLine, published: Callable[..., Path]) -> None:
    published(*TEN, "d10")
    said = north.done("harvest", "--dry-run", "--json").json["runs"][0]
    assert (said["new"], said["unchanged"], said["run"]) == (1, 10, 0)
    assert north("search", "--json").json["total"] == 10
    assert len(north("runs", "list", "--json").json) == 1
    assert north.harvest()["new"] == 1


def test_a_dry_run_begins_no_process_that_brings_store_and_index_up_to_date(
    north: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr("catalogue.following.Follower._begin", lambda _: begun.append("one"))
    monkeypatch.setattr("catalogue.projector.Projector.behind", lambda _: 1_000_000)
    north.done("harvest", "--dry-run")
    assert begun == []
    north.done("harvest")
    assert len(begun) == 1


def test_a_dry_run_shows_what_would_change_property_by_property(
    cli: CommandLine, published: Callable[..., Path]
) -> None:
    cli.done("sources", "add", "north", published("a", "b", "c"), "--profile", "dcat-ap-3.0.1")
    cli.harvest()
    published(text=catalogue("a", "b", "new").replace("A dataset b", "A better dataset b"))
    said = cli.done("harvest", "--dry-run")
    assert f"+ new: {BASE}new" in said.out
    assert f"~ changed: {BASE}b" in said.out
    assert '    - dct:title "A dataset b"@en\n    + dct:title "A better dataset b"@en\n' in said.out
    (run,) = cli("harvest", "--dry-run", "--json").json["runs"]
    changes = {each["subject"].removeprefix(BASE): each for each in run["changes"]}
    assert {name: change["change"] for name, change in changes.items()} == {
        "new": "new",
        "b": "changed",
        "catalogue": "changed",
    }
    assert changes["b"]["properties"] == [
        {"property": "dct:title", "removed": ['"A dataset b"@en'], "added": ['"A better dataset b"@en']}
    ]
    assert changes["b"]["violations"] == changes["b"]["violations_before"] > 0
    assert "changes" not in cli("harvest", "--json").json["runs"][0]
    (run,) = cli("harvest", "--dry-run", "--json").json["runs"]
    assert [(each["change"], each["subject"]) for each in run["changes"]] == [("withdrawn", f"{BASE}c")]


def test_an_unchanged_document_is_not_sent_again_unless_everything_is_asked_for(
    cli: CommandLine, node: FakeNode
) -> None:
    url = node.serve("/catalog.ttl", catalogue("a", "b"), ETag='"one"')
    cli.done("sources", "add", "north", url, "--allow-private")
    cli.harvest("--dry-run")
    assert not (cli.data / "answers").exists()
    cli.harvest()
    run = cli.harvest()
    assert (run["requests"], run["bytes"], run["unchanged"], run["outcome"]) == (1, 0, 2, "ok")
    run = cli.harvest("--full")
    assert (run["bytes"], run["unchanged"]) == (len(catalogue("a", "b")), 2)
    cli.done("sources", "remove", "north")
    assert list((cli.data / "answers").iterdir()) == []


def test_full_judges_everything_again_and_writes_no_state_for_an_equal_verdict(north: CommandLine) -> None:
    run = north.harvest("--full")
    assert (run["unchanged"], run["changed"]) == (10, 0)
    assert len(north("show", "id-d1", "--as", "history", "--json").json) == 1


def test_violations_alone_are_exit_1_only_when_strict(north: CommandLine) -> None:
    run = north("harvest", "--json")
    assert run.json["totals"]["violations"] == 10
    assert (run.code, north("harvest", "--strict").code) == (0, 1)


# -- removal: two complete runs, and not too much at once ------------------------------------------------------------


def test_a_record_is_withdrawn_by_its_second_absence_and_leaves_a_tombstone(
    north: CommandLine, published: Callable[..., Path]
) -> None:
    page = north("show", "id-d9", "--json").json["id"]
    published(*TEN[:9])
    assert [north.harvest()["withdrawn"] for _ in range(3)] == [0, 1, 0]
    assert north("search", "--json").json["total"] == 9
    assert north("show", page, "--json").json["status"] == "withdrawn"
    assert "A dataset d9" in north("show", page).out
    history = north("show", page, "--as", "history").lines
    assert [line.split()[1] for line in history] == ["listed", "withdrawn"]
    published(*TEN)
    assert north.harvest()["restored"] == 1
    assert north("show", "id-d9", "--json").json["id"] == page


@pytest.fixture
def held(north: CommandLine, published: Callable[..., Path]) -> tuple[CommandLine, dict[str, Any]]:
    """A run that would withdraw eight of ten datasets, and waits for a person."""
    published(*TEN[:2])
    assert north("harvest").code == 0
    said = north("harvest", "--json")
    assert said.code == 1
    return north, said.json["runs"][0]


def test_a_run_that_would_withdraw_too_much_is_held(held: tuple[CommandLine, dict[str, Any]]) -> None:
    cli, run = held
    assert (run["outcome"], run["held"], run["withdrawn"], run["unchanged"]) == ("held", 8, 0, 2)
    assert run["problems"][0]["code"] == "withdrawal-held"
    assert run["problems"][0]["url"] == cli("sources", "show", "north", "--json").json["url"]
    assert "would withdraw 8 of 10 dataset records at once" in run["problems"][0]["detail"]
    assert cli("search", "--json").json["total"] == 10


def test_approving_withdraws_exactly_what_the_held_run_names(
    held: tuple[CommandLine, dict[str, Any]], published: Callable[..., Path]
) -> None:
    cli, run = held
    published(*TEN[:3])  # one of them came back, in a run after the held one
    cli("harvest")
    said = cli("runs", "approve", "north", str(run["run"]), "--json")
    assert said.json == {"source": "north", "run": run["run"], "decision": "approved", "withdrawn": 7}
    assert cli("search", "--json").json["total"] == 3
    shown = cli("runs", "show", "north", str(run["run"]), "--json").json
    assert (shown["decision"], shown["withdrawn"]) == ("approved", 7)
    again = cli("runs", "approve", "north", str(run["run"]), "--json")
    assert (again.code, again.json["code"]) == (2, "not-held")
    assert again.json["detail"] == f"Run {run['run']} of north holds nothing back: it was approved."


def test_discarding_keeps_everything_and_lets_the_grace_begin_anew(held: tuple[CommandLine, dict[str, Any]]) -> None:
    cli, run = held
    said = cli("runs", "discard", "north", str(run["run"]))
    assert (said.code, said.err) == (0, f"Run {run['run']} of north is discarded; 0 records are withdrawn.\n")
    assert cli("search", "--json").json["total"] == 10
    assert cli.harvest()["outcome"] == "ok"
    assert cli.harvest()["outcome"] == "held"
    assert cli("doctor").code == 0


# -- runs ------------------------------------------------------------------------------------------------------------


def test_runs_are_listed_newest_first_and_shown_whole(north: CommandLine, published: Callable[..., Path]) -> None:
    published(text="")
    north("harvest")
    runs = north("runs", "list", "--json").json
    assert [(run["run"], run["outcome"]) for run in runs] == [(2, "failed"), (1, "ok")]
    assert [run["run"] for run in north("runs", "list", "north", "--limit", "1", "--json").json] == [2]
    assert north("runs", "list").lines[1].split()[:2] == ["2", "north"]
    shown = north("runs", "show", "north", "2")
    assert any(line.split() == ["outcome", "failed"] for line in shown.lines)
    assert shown.lines[-1].startswith("not-rdf: The document is empty file://")


RUNS_WRONG = {
    "no such run": (("show", "north", "99"), "no-such-run", "There is no run 99 of north."),
    "a run of nobody": (("show", "west", "1"), "no-such-run", "There is no run 1 of west."),
    "runs of nobody": (("list", "west"), "no-such-source", "There is no source named 'west'. Registered: north."),
    "approve what is not held": (
        ("approve", "north", "1"),
        "not-held",
        "Run 1 of north holds nothing back: its outcome is ok.",
    ),
    "discard what is not held": (
        ("discard", "north", "1"),
        "not-held",
        "Run 1 of north holds nothing back: its outcome is ok.",
    ),
    "approve no run": (("approve", "north", "99"), "no-such-run", "There is no run 99 of north."),
    "approve another's run": (("approve", "west", "1"), "no-such-run", "There is no run 1 of west."),
}


@pytest.mark.parametrize("case", RUNS_WRONG)
def test_a_run_that_is_not_is_said(north: CommandLine, case: str) -> None:
    arguments, code, sentence = RUNS_WRONG[case]
    said = north("runs", *arguments, "--json")
    assert (said.code, said.json["code"], said.json["detail"]) == (2, code, sentence)


def test_no_runs_yet(cli: CommandLine) -> None:
    assert cli("runs", "list").out == "No runs yet.\n"
    assert cli("runs", "list", "--json").json == []


# -- one source never stops another ----------------------------------------------------------------------------------


def test_a_source_that_is_being_harvested_is_exit_3_and_says_by_whom(north: CommandLine) -> None:
    with harvesting(north, "north"):
        said = north("harvest", "--json")
    assert (said.code, said.json["code"]) == (3, "run-in-progress")
    assert "The source north is being harvested by process" in said.json["detail"]


def test_a_source_that_is_being_harvested_does_not_stop_the_others(north: CommandLine, tmp_path: Path) -> None:
    other = tmp_path / "other.ttl"
    other.write_text(catalogue("x", "y"), "utf-8")
    north.done("sources", "add", "south", other)
    with harvesting(north, "north"):
        said = north("harvest", "--json")
        told = north("harvest")
    assert said.code == 3
    assert [(run["source"], run["new"]) for run in said.json["runs"]] == [("south", 2)]
    assert [problem["code"] for problem in said.json["problems"]] == ["run-in-progress"]
    assert (told.code, told.lines[1].split()[0]) == (3, "south")
    assert told.err.startswith("Error: The source north is being harvested by process")
    assert north("search", "--json").json["total"] == 12


def test_nothing_to_harvest_is_said(cli: CommandLine) -> None:
    said = cli("harvest", "--json")
    assert (said.code, said.json["detail"]) == (
        2,
        "There is no source to harvest. Add one: gdi-catalogue sources add NAME URL",
    )


def test_an_unknown_source_stops_before_anything_is_run(north: CommandLine) -> None:
    said = north("harvest", "north", "west", "--json")
    assert (said.code, said.json["code"]) == (2, "no-such-source")
    assert len(north("runs", "list", "--json").json) == 1


def test_two_processes_that_only_read_do_not_wait_for_one_that_applies(north: CommandLine) -> None:
    """The lock for applying is held by somebody: readers answer from what there is."""
    settings = read_settings(environment={}, flags={"data": north.data})
    locked, free = threading.Event(), threading.Event()

    def apply() -> None:
        with open_house(settings) as house, house.projector.lock.taken():
            locked.set()
            free.wait(60)

    thread = threading.Thread(target=apply)
    thread.start()
    try:
        assert locked.wait(60)
        assert north("search", "dataset", "--json").json["total"] == 10
        assert north("sparql", "ASK { ?s ?p ?o }").out == "true\n"
        assert north("doctor").code == 0
    finally:
        free.set()
        thread.join()
