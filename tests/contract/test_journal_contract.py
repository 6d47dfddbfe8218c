"""What a journal promises on every database. PostgreSQL runs where GDI_TEST_POSTGRESQL names a database of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from journal_samples import BASE, SOURCE, START, Clock, delivery, fill, finding, record, report, take_in

from catalogue.backup import restore, write_backup
from catalogue.dac.committee import Committee, Role
from catalogue.identifiers import LENGTH
from catalogue.journal.append import Draft
from catalogue.journal.errors import (
    JournalUnavailable,
    NoSuchRun,
    NoSuchSource,
    NotHeld,
    RunInProgress,
    RunLost,
    SourceExists,
)
from catalogue.journal.journal import Journal, open_journal
from catalogue.journal.run import Counts, Outcome
from catalogue.journal.runs import Ending, Ledger
from catalogue.journal.schema import HEAD, LEASE, METADATA, REVISION_TABLE
from catalogue.journal.soundness import inspect, mend_heads
from catalogue.journal.state import Status
from catalogue.text import Text
from harvester.changes import Problem
from harvester.source import Stage
from shapes.errors import Missing
from shapes.record import Kind
from shapes.report import Report, Verdict

ROOT = Path(__file__).resolve().parents[2]
BACKENDS = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.service)]


@pytest.fixture(params=BACKENDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where an empty journal is to be."""
    if request.param == "sqlite":
        return tmp_path / "journal.sqlite"
    url = os.environ.get("GDI_TEST_POSTGRESQL")
    if url is None:
        pytest.skip("GDI_TEST_POSTGRESQL names no PostgreSQL database")
    _empty(url)
    return url


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(place: Path | str, clock: Clock) -> Iterator[Journal]:
    """A new journal with one source."""
    journal = open_journal(place, clock)
    journal.add_source(SOURCE)
    yield journal
    journal.close()


def _empty(url: str) -> None:
    address = sa.make_url(url)
    driver = "postgresql+psycopg" if address.drivername == "postgresql" else address.drivername
    engine = sa.create_engine(address.set(drivername=driver))
    with engine.begin() as connection:
        METADATA.drop_all(connection)
        REVISION_TABLE.drop(connection, checkfirst=True)
    engine.dispose()


# Records


def test_states_come_back_as_they_were_written(journal: Journal) -> None:
    delivered = record("a", "Ünïcödé \\u0000", identifier="id-a", complete=False)
    (given,) = journal.append("be", [Draft(delivered, report(violations=1, warnings=2))])
    state = journal.current(given)
    assert state is not None
    assert (state.seq, state.id, state.source, state.kind) == (1, given, "be", Kind.DATASET)
    assert (state.subject, state.identifiers) == (BASE + "a", ("id-a",))
    assert (state.body, state.digest, state.complete) == (delivered.body, delivered.digest, False)
    assert state.verdict == Verdict("gdi-core", "1", conforms=False, violation=1, warning=2)
    assert (state.status, state.run) == (Status.LISTED, None)
    assert state.time == state.issued > START


def test_numbers_follow_each_other_without_a_gap(journal: Journal) -> None:
    assert journal.last_seq() == 0
    fill(journal, record("a"), record("b"))
    with pytest.raises(Missing):
        journal.append("be", [Draft(record("c"), None), Draft(record("d"), None, id="nobody")])
    fill(journal, record("e"))
    assert [state.seq for state in journal.since(0)] == [1, 2, 3]
    assert [state.subject for state in journal.since(1, limit=1)] == [BASE + "b"]
    assert journal.since(3) == ()
    assert journal.last_seq() == 3


def test_a_source_cannot_write_into_another_s_record(journal: Journal) -> None:
    (given,) = fill(journal, record("a"))
    journal.add_source(replace(SOURCE, name="nl"))
    with pytest.raises(Missing, match=f"The source nl has no record {given}"):
        journal.append("nl", [Draft(record("a", "Mine now"), None, id=given)])


def test_a_body_delivered_twice_is_kept_once(journal: Journal) -> None:
    first, second = record("a", "One"), record("a", "Two")
    (given,) = fill(journal, first)
    for each in (second, first):
        journal.append("be", [Draft(each, None, id=given)])
    assert [state.body for state in journal.history(given)] == [first.body, second.body, first.body]
    with journal.database.reading() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM graph")) == 2


def test_history_keeps_every_state_and_the_date_of_issue(journal: Journal, clock: Clock) -> None:
    (given,) = fill(journal, record("a", "One"))
    clock.now += timedelta(days=30)
    journal.append("be", [Draft(record("a", "Two"), report(), id=given)])
    first, second = journal.history(given)
    assert (first.seq, second.seq) == (1, 2)
    assert second.issued == first.time
    assert second.time - first.time >= timedelta(days=30)
    assert [state.body for state in journal.history(given, with_body=False)] == [b"", b""]
    assert journal.history("nobody") == ()


def test_heads_yield_current_states_by_kind_status_source_and_time(journal: Journal, clock: Clock) -> None:
    journal.add_source(replace(SOURCE, name="nl"))
    fill(journal, record("a"), record("b"), record("c", kind=Kind.CATALOGUE))
    later = clock.now + timedelta(seconds=1)
    (foreign,) = fill(journal, record("d"), source="nl")
    journal.remove_source("nl")
    assert {s.subject for s in journal.heads()} == {BASE + n for n in "abc"}
    assert {s.subject for s in journal.heads(Kind.DATASET)} == {BASE + "a", BASE + "b"}
    assert [s.id for s in journal.heads(status=Status.WITHDRAWN)] == [foreign]
    assert [s.id for s in journal.heads(status=None, source="nl")] == [foreign]
    assert [s.id for s in journal.heads(status=None, since=later)] == [foreign]
    assert journal.count(Kind.DATASET) == 2
    assert journal.count(status=None, since=later) == 1


def test_heads_are_paged_in_the_order_of_their_identifiers(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.journal.journal.BATCH", 3)
    given = sorted(fill(journal, *(record(f"r{n}") for n in range(10))))
    assert [s.id for s in journal.heads()] == given
    assert [s.id for s in journal.heads(offset=4, limit=5)] == given[4:9]
    assert [s.id for s in journal.heads(offset=9, limit=5)] == given[9:]
    assert [s.body for s in journal.heads(limit=1, with_body=False)] == [b""]


def test_a_held_state_leaves_what_was_listed(journal: Journal) -> None:
    (given,) = fill(journal, record("a", "Good"))
    journal.append("be", [Draft(record("a", "Bad"), report(3), id=given, status=Status.HELD)])
    current = journal.current(given)
    assert current is not None
    assert (current.status, current.seq) == (Status.LISTED, 1)
    assert [s.status for s in journal.history(given)] == [Status.LISTED, Status.HELD]


def test_a_record_first_held_is_issued_when_it_is_listed(journal: Journal) -> None:
    (given,) = journal.append("be", [Draft(record("a", "Bad"), report(3), status=Status.HELD)])
    assert list(journal.heads()) == []
    journal.append("be", [Draft(record("a", "Good"), report(), id=given)])
    (state,) = journal.heads()
    assert state.issued == state.time


def test_findings_are_kept_whole(journal: Journal) -> None:
    found = Report("gdi-core", "1", 1, (finding("violation"), finding("http://example.org/severe")))
    (given,) = journal.append("be", [Draft(record("a"), found)])
    assert journal.report(given) == found
    journal.append("be", [Draft(record("a", "Two"), report(), id=given)])
    assert journal.report(given) == report()
    assert journal.report("nobody") is None


def test_a_tombstone_keeps_the_last_body_and_the_last_findings(journal: Journal) -> None:
    delivered = record("a", identifier="id-a")
    (given,) = journal.append("be", [Draft(delivered, report(1))])
    assert journal.remove_source("be") == 1
    state = journal.current(given)
    assert state is not None
    assert (state.status, state.seq, state.body) == (Status.WITHDRAWN, 2, delivered.body)
    assert state.verdict is None
    assert journal.report(given) == report(1)
    assert journal.resolve("id-a") == given


# Identifiers and names


def test_an_identifier_of_ours_is_short_safe_and_stays(journal: Journal) -> None:
    (given,) = fill(journal, record("a", identifier="id-a"))
    assert len(given) == LENGTH
    assert set(given) <= set("abcdefghijklmnopqrstuvwxyz234567")
    journal.append("be", [Draft(record("moved", identifier="id-a"), None, id=given)])
    assert journal.resolve(BASE + "moved") == given
    assert journal.resolve(BASE + "a") == given


def test_records_that_share_their_identifier_get_pages_of_their_own(journal: Journal) -> None:
    given = fill(journal, *(record(name, identifier="unknown") for name in "abc"))
    again = fill(journal, record("d", identifier="unknown"), record("_:x", "One"), record("_:x", "Two"))
    assert len({*given, *again}) == 6
    assert {len(i) for i in (*given, *again)} == {LENGTH}


def test_an_identifier_once_given_is_never_given_again(journal: Journal) -> None:
    (first,) = fill(journal, record("a"))
    journal.remove_source("be")
    journal.add_source(SOURCE)
    (second,) = fill(journal, record("a"))
    assert second != first
    assert second.startswith(first) or len(second) == LENGTH


def test_a_record_is_found_by_everything_it_was_ever_called(journal: Journal) -> None:
    (given,) = fill(journal, record("a", identifier="id-a", notation="EGAD00001"))
    journal.append("be", [Draft(record("b", identifier="id-b", notation="EGAD00002"), None, id=given)])
    names = (given, BASE + "a", BASE + "b", "id-a", "id-b", "EGAD00001", "EGAD00002")
    assert {journal.resolve(name) for name in names} == {given}
    assert journal.resolve("EGAD00003") is None
    assert journal.resolve("") is None


def test_a_name_too_long_or_too_strange_for_an_index_resolves_too(journal: Journal) -> None:
    long = "x" * 5000
    given = fill(journal, record("a", identifier=long), replace(record("b"), identifiers=("a\x00b",)))
    assert (journal.resolve(long), journal.resolve("a\x00b")) == given
    state = journal.current(given[1])
    assert state is not None
    assert state.identifiers == ("a\x00b",)


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "../etc", "x" * 100_000, "' OR 1=1"])
def test_a_stranger_s_text_names_nothing_and_breaks_nothing(journal: Journal, text: str) -> None:
    fill(journal, record("a"))
    assert journal.resolve(text) is None
    assert journal.current(text) is None
    assert journal.report(text) is None
    assert journal.history(text) == journal.routes(text) == journal.runs(text) == ()
    with pytest.raises(NoSuchSource):
        journal.source(text)


def test_the_first_owner_keeps_a_contested_name_and_a_dataset_comes_before_other_kinds(journal: Journal) -> None:
    series, first, _ = fill(
        journal,
        record("s", identifier="1", kind=Kind.SERIES),
        record("a", identifier="1"),
        record("b", identifier="1"),
    )
    assert journal.resolve("1") == first
    assert journal.resolve(BASE + "s") == series


def test_the_same_dataset_by_two_routes_is_known_to_be_the_same(journal: Journal) -> None:
    journal.add_source(replace(SOURCE, name="nl"))
    one, numbered = fill(journal, record("a", identifier="1"), record("b", identifier="1", notation="EGAD1"))
    two, noted = fill(journal, record("a", identifier="2"), record("c", notation="EGAD1"), source="nl")
    assert journal.routes(one) == (two,)
    assert journal.routes(two) == (one,)
    assert journal.routes(numbered) == (noted,)


def test_known_has_what_comparing_needs_of_withdrawn_records_too(journal: Journal) -> None:
    (given,) = fill(journal, record("a", identifier="id-a"))
    journal.remove_source("be")
    journal.add_source(SOURCE)
    (known,) = journal.known("be")
    assert (known.id, known.kind, known.subject, known.identifiers) == (given, Kind.DATASET, BASE + "a", ("id-a",))
    assert (known.digest, known.listed, known.complete) == (record("a", identifier="id-a").digest, False, True)


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


# Several processes, and other places


APPENDER = """
import sys
from pathlib import Path
from journal_samples import Clock, fill, record
from catalogue.journal.journal import open_journal
where, name = sys.argv[1:]
journal = open_journal(where if "://" in where else Path(where), Clock())
for n in range(20):
    fill(journal, *(record(f"{name}-{n}-{m}") for m in range(5)), source=name)
journal.close()
"""


def test_processes_that_append_at_once_lose_nothing_and_readers_miss_nothing(
    journal: Journal, place: Path | str
) -> None:
    journal.add_source(replace(SOURCE, name="nl"))
    paths = [str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", APPENDER, str(place), name], cwd=ROOT, env={"PYTHONPATH": os.pathsep.join(paths)}
        )
        for name in ("be", "nl")
    ]
    followed: list[int] = []
    while any(child.poll() is None for child in running):
        followed += [state.seq for state in journal.since(followed[-1] if followed else 0, with_body=False)]
    followed += [state.seq for state in journal.since(followed[-1] if followed else 0, with_body=False)]
    assert [child.returncode for child in running] == [0, 0]
    assert followed == list(range(1, 201))
    assert journal.count(source="be") == journal.count(source="nl") == 100
    assert all(check.ok for check in inspect(journal.database))


def test_a_head_that_points_wrong_is_found_and_mended(journal: Journal) -> None:
    given, _ = fill(journal, record("a"), record("b"))
    journal.remove_source("be")
    with journal.database.writing() as connection:
        connection.execute(sa.update(HEAD).where(HEAD.c.id == given).values(current=1, status=Status.LISTED))
    (check,) = [check for check in inspect(journal.database) if not check.ok]
    assert (check.name, check.detail) == ("heads", f"1 records point at a wrong state: {given}")
    assert mend_heads(journal.database) == 1
    assert list(journal.heads()) == []
    assert all(check.ok for check in inspect(journal.database))


def test_a_backup_is_the_way_from_one_database_to_another(journal: Journal, place: Path | str, tmp_path: Path) -> None:
    take_in(journal, delivery(record("a", "Ünïcödé"), record("b"), violations=1))
    journal.put_committees([COMMITTEE], "x.toml")
    file = tmp_path / "catalogue.backup"
    write_backup(journal, file)
    before = (journal.since(0), journal.runs(), journal.sources(), journal.committees(), journal.imports())
    if isinstance(place, str):
        with pytest.raises(JournalUnavailable, match="The journal is not empty: nothing was restored"):
            restore(file, tmp_path / "again", place)
        journal.close()
        _empty(place)
    target = place if isinstance(place, str) else tmp_path / "again" / "journal.sqlite"
    restore(file, tmp_path / "again", target)
    restored = open_journal(target, Clock())
    assert (
        restored.since(0), restored.runs(), restored.sources(), restored.committees(), restored.imports(),
    ) == before  # fmt: skip
    assert take_in(restored, delivery(record("a", "Ünïcödé"), record("c"))).id > before[1][0].id
    restored.close()
