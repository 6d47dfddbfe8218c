"""What a journal promises of sources, runs and committees, on every database."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from journal_samples import BASE, SOURCE, Clock, delivery, fill, record, take_in

from catalogue.dac.committee import Committee, Role
from catalogue.dac.systems import System, SystemKind
from catalogue.journal.append import Draft
from catalogue.journal.errors import (
    NoSuchRun,
    NoSuchSource,
    NotHeld,
    RunInProgress,
    RunLost,
    SourceExists,
)
from catalogue.journal.journal import Journal
from catalogue.journal.run import Counts, Outcome
from catalogue.journal.runs import Ending, Ledger
from catalogue.journal.schema import LEASE
from catalogue.text import Text
from harvester.changes import Problem
from harvester.source import Stage
from shapes.record import Kind

# Sources


def test_sources_come_back_as_they_were_registered(journal: Journal) -> None:
    whole = replace(
        SOURCE, name="fi", protocol="hydra", profile="gdi-core", stage=Stage.ONBOARDING, every=86_400,
        allow_private=True, default_dac="fi-dac",
    )  # fmt: skip
    journal.add_source(whole)
    assert journal.source("fi") == whole
    assert journal.sources() == (SOURCE, whole)
    journal.set_enabled("fi", enabled=False)
    assert journal.source("fi") == replace(whole, enabled=False)
    with pytest.raises(SourceExists, match="A source named 'fi' is registered already"):
        journal.add_source(whole)


def test_an_unknown_source_is_told_with_the_known_ones(journal: Journal) -> None:
    with pytest.raises(NoSuchSource, match=r"There is no source named 'bee'. Registered: be\."):
        journal.source("bee")
    with pytest.raises(NoSuchSource):
        journal.begin_run("bee")


def test_a_removed_source_keeps_its_name_for_its_records(journal: Journal) -> None:
    fill(journal, record("a"))
    assert journal.remove_source("be", keep=True) == 0
    assert journal.sources() == ()
    assert journal.sources(removed=True) == (SOURCE,)
    assert journal.count() == 1
    with pytest.raises(NoSuchSource):
        journal.remove_source("be")


# Runs


def test_a_run_remembers_its_ledger(journal: Journal) -> None:
    run = journal.begin_run("be")
    assert journal.run(run).outcome is Outcome.RUNNING
    problems = [
        Problem("bad-iri", "Not an \x00IRI \ud800.", "https://x.example/", BASE + "a", 7),
        Problem("late", "Late."),
    ]
    counts = {Kind.DATASET: Counts(new=2, violations=1), Kind.SERIES: Counts(rejected=1)}
    ledger = Ledger(counts, problems, {"bad-iri": 500, "late": 1}, requests=4, bytes=3_000_000_000)
    ended = journal.finish_run(run, ledger, Ending(Outcome.WARNINGS, complete=True))
    assert ended == journal.run(run, "be")
    assert (ended.seen, ended.new, ended.violations, ended.others) == (2, 2, 1, {Kind.SERIES: Counts(rejected=1)})
    assert (ended.requests, ended.bytes, ended.complete) == (4, 3_000_000_000, True)
    assert ended.problems[0] == Problem("bad-iri", "Not an \ufffdIRI ?.", "https://x.example/", BASE + "a", 7)
    assert ended.problem_counts == {"bad-iri": 500, "late": 1}
    assert ended.seconds > 0
    (row,) = journal.runs("be")
    assert row == replace(ended, problems=())


def test_runs_are_listed_newest_first_and_are_their_source_s(journal: Journal) -> None:
    journal.add_source(replace(SOURCE, name="nl"))
    first, second = take_in(journal, delivery()).id, take_in(journal, delivery(), source="nl").id
    assert [run.id for run in journal.runs()] == [second, first]
    assert [run.id for run in journal.runs("be")] == [first]
    assert [run.id for run in journal.runs(limit=1)] == [second]
    with pytest.raises(NoSuchRun, match=f"There is no run {second} of be"):
        journal.run(second, "be")
    for number in (-1, 0, 10**30):
        with pytest.raises(NoSuchRun):
            journal.run(number)


def test_a_source_has_one_run_at_a_time(journal: Journal) -> None:
    run = journal.begin_run("be")
    with pytest.raises(RunInProgress, match=rf"The source be is being harvested by process {os.getpid()} .*run {run}"):
        journal.begin_run("be")
    with pytest.raises(RunInProgress):
        journal.remove_source("be")
    journal.finish_run(run, Ledger(), Ending(Outcome.OK))
    assert journal.begin_run("be") > run


def test_a_run_silent_for_long_on_another_machine_loses_its_source(journal: Journal, clock: Clock) -> None:
    run = journal.begin_run("be")
    with journal.database.writing() as connection:
        connection.execute(sa.update(LEASE).values(machine="elsewhere"))
    clock.now += timedelta(minutes=5)
    with pytest.raises(RunInProgress):
        journal.begin_run("be")
    journal.renew_run(run)
    clock.now += timedelta(minutes=6)
    with pytest.raises(RunInProgress):
        journal.begin_run("be")
    clock.now += timedelta(minutes=6)
    journal.begin_run("be")
    assert journal.run(run).outcome is Outcome.INTERRUPTED
    with pytest.raises(RunLost, match=f"Run {run} was silent for so long"):
        journal.append("be", [Draft(record("a"), None)], run=run)
    assert journal.last_seq() == 0


def test_only_a_held_run_can_be_decided_on_and_only_once(journal: Journal) -> None:
    fine = take_in(journal, delivery(record("a"))).id
    with pytest.raises(NotHeld, match=f"Run {fine} of be holds nothing back: its outcome is ok"):
        journal.approve_run("be", fine)
    held = take_in(journal, delivery()).id
    journal.discard_run("be", held)
    with pytest.raises(NotHeld, match=f"Run {held} of be holds nothing back: it was discarded"):
        journal.approve_run("be", held)


# Committees


COMMITTEE = Committee(
    "be-dac", (Text("Access committee", "en"), Text("Comité d'accès", "fr")), role=Role.MAY_VETO,
    remit=(Text("All of it"),), documents=("Plan",), response_days=30, identifiers=("EGAC1",),
)  # fmt: skip


def test_committees_come_back_and_their_imports_are_told(journal: Journal) -> None:
    other = replace(COMMITTEE, id="a-dac")
    journal.put_committees([COMMITTEE, other], "first.toml")
    changed = replace(COMMITTEE, fee="none")
    done = journal.put_committees([changed, replace(COMMITTEE, id="new")], "second.toml")
    assert (done.added, done.changed, done.unchanged) == (1, 1, 0)
    assert journal.committees() == (other, changed, replace(COMMITTEE, id="new"))
    assert [(i.name, i.added) for i in journal.imports()] == [("second.toml", 1), ("first.toml", 2)]


def test_an_entry_keeps_every_state_it_had_with_time_and_file(journal: Journal) -> None:
    journal.put_committees([COMMITTEE, replace(COMMITTEE, id="a-dac")], "first.toml")
    journal.put_committees([COMMITTEE], "again.toml")
    changed = replace(COMMITTEE, fee="none", systems=(System(SystemKind.REMS, "https://r.example"),))
    journal.put_committees([changed], "second.yaml")
    states = journal.committee_history("be-dac")
    assert [(state.name, state.committee) for state in states] == [("first.toml", COMMITTEE), ("second.yaml", changed)]
    assert states[0].time < states[1].time
    assert len(journal.committee_history("a-dac")) == 1
    assert journal.committee_history("nobody") == ()


def test_the_registry_version_changes_with_what_entries_show(journal: Journal) -> None:
    versions = [journal.registry_version()]
    journal.put_committees([COMMITTEE], "x.toml")
    versions.append(journal.registry_version())
    fill(journal, record("a"))
    journal.update_source(replace(SOURCE, default_dac="be-dac"))
    versions.append(journal.registry_version())
    assert len(set(versions)) == 3
    journal.put_committees([COMMITTEE], "x.toml")
    journal.add_source(replace(SOURCE, name="nl"))
    journal.set_enabled("be", enabled=False)
    assert journal.registry_version() == versions[-1]


def test_activity_changes_with_what_no_state_tells(journal: Journal) -> None:
    told = [journal.activity()]
    for change in (
        lambda: journal.add_source(replace(SOURCE, name="nl")),
        lambda: take_in(journal, delivery()),
        lambda: journal.put_committees([COMMITTEE], "x.toml"),
    ):
        change()
        told.append(journal.activity())
    assert len(set(told)) == 4
    fill(journal, record("a"))
    assert journal.activity() == told[-1]
