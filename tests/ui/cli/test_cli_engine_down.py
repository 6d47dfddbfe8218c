"""Verbs while the search engine is down: what is done is told, what is behind is told, and it catches up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from engine_down import WHERE, WHY, engine_down

from catalogue.assemble import House
from catalogue.journal.run import Run
from harvester.source import Source

BEHIND = f"The index is behind: {WHERE}: {WHY} The journal has everything; what is behind catches up by itself."
DATASETS = "SELECT (COUNT(DISTINCT ?d) AS ?n) { ?d a dcat:Dataset }"
COMMITTEES = '[[committee]]\nid = "central"\nname = { en = "Central committee" }\n'


@pytest.fixture
def north(cli: CommandLine, published: Callable[..., Path]) -> CommandLine:
    cli.done("sources", "add", "north", published("a", "b"))
    cli.done("harvest")
    published("a", "b", "c")
    return cli


def test_a_harvest_goes_into_journal_and_store_and_says_what_is_behind(north: CommandLine) -> None:
    with engine_down():
        said = north("harvest")
    assert said.code == 3
    assert "north" in said.out
    assert said.err.splitlines()[-1] == f"Error: {BEHIND}"
    assert north("sparql", DATASETS).out == "?n\n3\n"
    assert north("search", "--json").json["total"] == 3
    assert north("doctor").code == 0


def test_the_machine_form_of_a_harvest_has_both_the_ledger_and_the_problem(north: CommandLine) -> None:
    with engine_down():
        said = north("harvest", "--json")
    assert said.code == 3
    assert (said.json["totals"]["new"], [run["outcome"] for run in said.json["runs"]]) == (1, ["ok"])
    (problem,) = said.json["problems"]
    assert (problem["code"], problem["status"], problem["detail"]) == ("projections-behind", 503, BEHIND)


def test_an_engine_lost_in_the_middle_of_a_harvest_loses_nothing(
    north: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    harvest = House.harvest
    with ExitStack() as stack, monkeypatch.context() as patch:

        def lost(house: House, source: Source, **options: Any) -> Run:
            stack.enter_context(engine_down())
            return harvest(house, source, **options)

        patch.setattr(House, "harvest", lost)
        said = north("harvest", "--json")
    assert (said.code, said.json["totals"]["new"], said.json["problems"][0]["detail"]) == (3, 1, BEHIND)
    assert north("search", "--json").json["total"] == 3


def test_a_search_says_which_engine_does_not_answer(north: CommandLine) -> None:
    with engine_down():
        said = north("search", "dataset", "--json")
    assert (said.code, said.json["code"], said.json["detail"], said.json["url"]) == (
        3, "search-unavailable", WHY, WHERE,
    )  # fmt: skip


def test_what_needs_no_search_is_not_held_up(north: CommandLine, tmp_path: Path) -> None:
    with engine_down() as calls:
        assert north("sparql", DATASETS).out == "?n\n2\n"
        assert north("show", "https://node.example/a").code in {0, 2}
        assert north("export", "-o", tmp_path / "all.nq").code == 0
        assert north("backup", tmp_path / "backup.tar").code == 0
        assert north("sources", "list").code == 0
        assert north("runs", "list", "north").code == 0
        assert calls == []


def test_every_verb_that_changes_the_journal_tells_what_it_did(north: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "committees.toml"
    file.write_text(COMMITTEES, "utf-8")
    with engine_down():
        imported = north("dacs", "import", file)
        assert imported.code == 3
        assert "1 committees added, 0 changed, 0 unchanged." in imported.err
        assert imported.err.splitlines()[-1] == f"Error: {BEHIND}"
        north("backup", tmp_path / "backup.tar")
        restored = north.beside(tmp_path / "other")("restore", tmp_path / "backup.tar")
        assert restored.code == 3
        assert "Restored 2 datasets" in restored.err
        removed = north("sources", "remove", "north", "--json")
        assert removed.code == 3
        assert (removed.json["withdrawn"], removed.json["problems"][0]["detail"]) == (3, BEHIND)
    assert north("search", "--json").json["total"] == 0
    assert north("doctor").code == 0


def test_the_doctor_names_the_engine_and_still_judges_the_rest(north: CommandLine) -> None:
    with engine_down():
        said = north("doctor")
        assert said.code == 1
        assert f"BAD index: The index does not answer: {WHERE}: {WHY}" in said.lines
        assert said.lines[-1] == "Not consistent; gdi-catalogue doctor --repair mends what can be reached."
        repaired = north("doctor", "--repair", "--json")
        assert (repaired.code, repaired.json["store"], repaired.json["index"]) == (1, 2, None)
    assert north("doctor").code == 0


def test_making_the_index_anew_without_its_engine_leaves_the_old_one(north: CommandLine) -> None:
    with engine_down():
        said = north("reindex", "--index")
    assert (said.code, said.err.splitlines()[-1]) == (3, f"Error: {BEHIND}")
    assert north("search", "--json").json["total"] == 2
