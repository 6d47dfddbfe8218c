"""A run from its first event to its ledger, also when it is cut short."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from journal_samples import (
    BASE,
    POLICY,
    PROFILE,
    SOURCE,
    delivery,
    fill,
    judge,
    listed,
    opened,
    raising,
    record,
    report,
    take_in,
)

from catalogue.foresight import Fate, Foresee, Foreseen
from catalogue.ingest import Intake, ingest
from catalogue.journal.journal import Journal
from catalogue.journal.opening import place
from catalogue.journal.run import PROBLEM_CAP, Counts, Outcome
from catalogue.journal.state import Status
from catalogue.settings import Settings, read_settings
from harvester.changes import Event, Failed, Finished, New, Problem, Rejected
from harvester.http import Door
from harvester.known import KnownRecord
from harvester.stop import COMPARING, READING
from shapes.errors import Unreachable
from shapes.record import Kind, Record
from shapes.report import Report

ROOT = Path(__file__).resolve().parents[2]
MANY = [record(f"r{n}", identifier=f"id-{n}") for n in range(30)]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with opened(tmp_path) as journal:
        journal.add_source(SOURCE)
        yield journal


# The ledger


def test_a_first_run_lists_everything_new(journal: Journal) -> None:
    run = take_in(journal, delivery(record("a"), record("c", kind=Kind.CATALOGUE), violations=1))
    assert (run.outcome, run.complete, run.seen, run.new, run.violations, run.conforming) == (
        Outcome.OK, True, 1, 1, 1, 0,
    )  # fmt: skip
    assert run.others == {Kind.CATALOGUE: Counts(new=1, violations=1)}
    assert (run.requests, run.bytes) == (3, 1000)
    assert {state.run for state in journal.heads()} == {run.id}


def test_a_run_that_finds_nothing_changed_appends_nothing(journal: Journal) -> None:
    take_in(journal, delivery(*MANY, violations=1))
    before = journal.last_seq()
    run = take_in(journal, delivery(*MANY))
    assert journal.last_seq() == before
    assert (run.outcome, run.seen, run.unchanged, run.violations, run.conforming) == (Outcome.OK, 30, 30, 30, 0)


def test_a_remark_is_told_and_leaves_a_run_as_good_as_it_was(journal: Journal) -> None:
    remark = Problem("draft", "It is listed but not public.", remark=True)
    run = take_in(journal, delivery(record("a"), also=[remark]))
    assert (run.outcome, run.problem_counts, run.problems[0].detail) == (Outcome.OK, {"draft": 1}, remark.detail)
    run = take_in(journal, delivery(record("a"), also=[remark, Problem("odd", "Something odd.")]))
    assert run.outcome is Outcome.WARNINGS


def test_every_sum_of_the_ledger_holds(journal: Journal) -> None:
    take_in(journal, delivery(record("a", identifier="1"), record("b"), record("c")))
    trouble = [
        Rejected(Kind.DATASET, BASE + "x", Problem("too-complex", "Too complex.")),
        Failed(Kind.DATASET, BASE + "c", Problem("unreachable", "It is away.")),
        Rejected(Kind.SERIES, BASE + "s", Problem("too-complex", "Too complex.")),
        Problem("odd", "Something odd."),
    ]
    moved = record("moved", identifier="1")
    run = take_in(journal, delivery(moved, record("b"), record("d"), also=trouble))
    assert (run.new, run.changed, run.unchanged, run.rejected, run.failed) == (1, 1, 1, 1, 1)
    assert run.seen == 5
    assert (run.reidentified, run.restored) == (1, 0)
    assert run.others[Kind.SERIES].seen == 1
    assert run.outcome is Outcome.PARTIAL
    assert run.problem_counts == {"too-complex": 2, "unreachable": 1, "odd": 1}
    assert journal.resolve(BASE + "a") == journal.resolve(BASE + "moved")
    figures = run.as_json()
    assert figures["seen"] == sum(int(str(figures[n])) for n in ("new", "changed", "unchanged", "rejected", "failed"))


def test_problems_of_one_kind_are_capped_and_counted(journal: Journal) -> None:
    noise = [Problem("bad-iri", f"Number {n}.") for n in range(PROBLEM_CAP + 20)]
    run = take_in(journal, delivery(record("a"), also=noise))
    assert len(run.problems) == PROBLEM_CAP
    assert run.problem_counts == {"bad-iri": PROBLEM_CAP + 20}
    assert run.outcome is Outcome.WARNINGS


def test_a_batch_is_written_as_soon_as_it_is_full(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.ingest.BATCH", 10)
    seen: list[int] = []

    def watched(known: Sequence[KnownRecord]) -> Generator[Event, None, None]:
        for event in delivery(*MANY)(known):
            seen.append(journal.last_seq())
            yield event

    take_in(journal, watched)
    assert seen == [0] * 10 + [10] * 10 + [20] * 10 + [30]


def test_progress_is_told_of_every_event(journal: Journal) -> None:
    told: list[tuple[int, int | None, str]] = []

    def tell(done: int, total: int | None, text: str) -> None:
        told.append((done, total, text))

    Intake(journal, "be", POLICY, judge, PROFILE, tell).run(delivery(record("a"), record("b")))
    assert told == [(1, None, "1 new"), (2, None, "2 new"), (3, None, "2 new")]
    Intake(journal, "be", POLICY, judge, PROFILE, tell).run(delivery(record("a", "New"), record("b")))
    assert told[3:] == [(1, 2, "1 changed"), (2, 2, "1 changed"), (3, 3, "1 changed")]


def test_while_records_are_read_what_was_read_is_counted(journal: Journal) -> None:
    told: list[tuple[int, int | None, str]] = []
    intake = Intake(journal, "be", POLICY, judge, PROFILE, lambda *tick: told.append(tick))

    def events(_: Sequence[KnownRecord]) -> Generator[Event, None, None]:
        intake.hear(64, None, READING)
        yield New(record("a"), report())
        intake.hear(65, None, READING)
        intake.hear(0, 66, COMPARING)
        yield New(record("b"), report())
        yield Finished(complete=True)

    intake.run(events)
    assert told == [(64, None, "reading"), (65, None, "reading, 1 new"), (2, 66, "2 new"), (3, 66, "2 new")]


# Outcomes, and what is never removed


BAD_RUNS = [
    pytest.param(delivery(MANY[0], complete=False), Outcome.PARTIAL, id="partial"),
    pytest.param(delivery(complete=False), Outcome.FAILED, id="nothing read"),
    pytest.param(delivery(), Outcome.HELD, id="empty"),
    pytest.param(raising(Unreachable("It is down.")), Outcome.FAILED, id="down"),
    pytest.param(raising(ValueError("a mistake")), Outcome.FAILED, id="broken"),
    pytest.param(raising(ValueError("a mistake"), New(record("new"), report())), Outcome.PARTIAL, id="breaks off"),
    pytest.param(
        delivery(complete=False, also=[Failed(Kind.DATASET, BASE + "r1", Problem("away", "Away."))]),
        Outcome.FAILED,
        id="every record unreadable",
    ),
]


@pytest.mark.parametrize(("events", "outcome"), BAD_RUNS)
def test_a_bad_run_removes_nothing_however_often_it_comes(
    journal: Journal, events: Callable[[Sequence[KnownRecord]], Generator[Event, None, None]], outcome: Outcome
) -> None:
    take_in(journal, delivery(*MANY))
    everything = listed(journal)
    for _ in range(5):
        run = take_in(journal, events)
        assert (run.outcome, run.withdrawn) == (outcome, 0)
    assert everything <= listed(journal)


def test_a_harvest_that_breaks_is_told_as_a_problem(journal: Journal) -> None:
    run = take_in(journal, raising(Unreachable("It is down.", url="https://x.example/", line=3)))
    assert run.problems == (Problem("unreachable", "It is down.", "https://x.example/", line=3),)
    run = take_in(journal, raising(ValueError("a mistake")))
    assert run.problems[0].detail == "The harvest broke: ValueError: a mistake. This is a mistake of the program."

    def breaks_off(_: Sequence[KnownRecord]) -> Generator[Event, None, None]:
        yield New(record("a"), report())

    run = take_in(journal, breaks_off)
    assert (run.problems[0].code, run.complete, run.outcome) == ("no-end", False, Outcome.PARTIAL)


def test_two_complete_runs_without_it_withdraw_a_record(journal: Journal) -> None:
    take_in(journal, delivery(*MANY))
    first = take_in(journal, delivery(*MANY[1:]))
    assert (first.withdrawn, first.outcome) == (0, Outcome.OK)
    take_in(journal, delivery(MANY[5], complete=False))
    second = take_in(journal, delivery(*MANY[1:]))
    assert (second.withdrawn, second.seen, second.outcome) == (1, 29, Outcome.OK)
    gone = journal.resolve("id-0")
    assert gone is not None
    state = journal.current(gone)
    assert state is not None
    assert (state.status, state.run, state.body) == (Status.WITHDRAWN, second.id, MANY[0].body)


def test_a_record_that_comes_back_in_between_stays(journal: Journal) -> None:
    take_in(journal, delivery(*MANY))
    for records in (MANY[1:], MANY, MANY[1:], MANY[:1], MANY[1:]):
        take_in(journal, delivery(*records, complete=records != MANY[:1]))
    assert len(listed(journal)) == 30


def test_a_withdrawn_record_that_comes_back_has_its_page_again(journal: Journal) -> None:
    take_in(journal, delivery(*MANY))
    page = journal.resolve("id-0")
    for _ in range(2):
        take_in(journal, delivery(*MANY[1:]))
    run = take_in(journal, delivery(*MANY))
    assert (run.changed, run.restored, run.unchanged) == (1, 1, 29)
    assert journal.resolve("id-0") == page
    assert [s.status for s in journal.history(page or "")] == [Status.LISTED, Status.WITHDRAWN, Status.LISTED]


def test_a_rejected_known_record_keeps_its_last_state(journal: Journal) -> None:
    take_in(journal, delivery(*MANY))
    trouble = [Rejected(Kind.DATASET, BASE + "r0", Problem("too-complex", "Too complex."))]
    for _ in range(3):
        run = take_in(journal, delivery(*MANY[1:], also=trouble))
        assert (run.rejected, run.withdrawn, run.outcome) == (1, 0, Outcome.WARNINGS)
    assert len(listed(journal)) == 30


def test_too_much_missing_is_held_until_a_person_approves_exactly_that(journal: Journal) -> None:
    take_in(journal, delivery(*MANY))
    take_in(journal, delivery(*MANY[10:]))
    run = take_in(journal, delivery(*MANY[10:]))
    assert (run.outcome, run.held, run.withdrawn, run.waiting) == (Outcome.HELD, 10, 0, True)
    assert run.problems[-1].detail == (
        "The run would withdraw 10 of 30 dataset records at once, more than 20 % and more than 5. "
        "Nothing is withdrawn until you decide."
    )
    assert len(listed(journal)) == 30
    back = take_in(journal, delivery(*MANY[8:], complete=False))
    assert back.held == 0
    assert len(journal.held(run.id)) == 8
    assert journal.approve_run("be", run.id) == 8
    assert listed(journal) == {f"r{n}" for n in range(8, 30)}
    decided = journal.run(run.id)
    assert (decided.withdrawn, decided.held, decided.decision, decided.waiting) == (8, 10, "approved", False)


def test_a_discarded_run_removes_nothing_and_grace_begins_anew(journal: Journal) -> None:
    take_in(journal, delivery(*MANY))
    take_in(journal, delivery(*MANY[10:]))
    journal.discard_run("be", take_in(journal, delivery(*MANY[10:])).id)
    assert take_in(journal, delivery(*MANY[10:])).outcome is Outcome.OK
    assert take_in(journal, delivery(*MANY[10:])).outcome is Outcome.HELD
    assert len(listed(journal)) == 30


def test_a_later_complete_run_supersedes_a_held_one_which_can_still_be_approved(journal: Journal) -> None:
    take_in(journal, delivery(*MANY))
    held = take_in(journal, delivery()).id
    take_in(journal, delivery(*MANY[3:]))
    assert journal.run(held).decision == "superseded"
    assert journal.approve_run("be", held) == 3
    assert len(listed(journal)) == 27


# Judging again


def test_records_judged_by_another_profile_are_judged_again(journal: Journal) -> None:
    fill(journal, record("a"), record("b"))
    before = journal.last_seq()

    def other(records: Sequence[Record]) -> Sequence[Report]:
        return [report(2 if each.subject == BASE + "a" else 0, profile="other") for each in records]

    run = Intake(journal, "be", POLICY, other, "other").run(delivery(record("a"), record("b")))
    assert (run.unchanged, run.changed, run.violations, run.conforming) == (2, 0, 1, 1)
    assert journal.last_seq() == before + 2
    again = Intake(journal, "be", POLICY, other, "other").run(delivery(record("a"), record("b")))
    assert (again.violations, journal.last_seq()) == (1, before + 2)


def test_a_full_run_judges_everything_and_writes_what_came_out_differently(journal: Journal) -> None:
    fill(journal, record("a"), record("b"))
    before = journal.last_seq()

    def stricter(records: Sequence[Record]) -> Sequence[Report]:
        return [report(1 if each.subject == BASE + "a" else 0) for each in records]

    run = Intake(journal, "be", POLICY, stricter, None).run(delivery(record("a"), record("b")))
    assert (run.unchanged, run.violations, journal.last_seq()) == (2, 1, before + 1)
    state = journal.since(before)[0]
    assert (state.digest, state.verdict) == (record("a").digest, report(1).verdict())


# Dry runs


def test_a_dry_run_says_what_would_be_and_writes_nothing(journal: Journal) -> None:
    take_in(journal, delivery(*MANY))
    take_in(journal, delivery(*MANY[1:]))
    before = (journal.last_seq(), journal.runs(), journal.activity())
    records = [record("new"), record("r1", "Changed", identifier="id-1"), *MANY[2:]]
    noise = [Problem("odd", "Something odd.")]
    foreseen: list[Foreseen] = []
    run = Intake(journal, "be", POLICY, judge, PROFILE).rehearse(delivery(*records, also=noise), foreseen.append)
    assert (run.id, run.outcome, run.complete) == (0, Outcome.WARNINGS, True)
    assert (run.new, run.changed, run.unchanged, run.withdrawn) == (1, 1, 28, 1)
    assert run.problems == (Problem("odd", "Something odd."),)
    assert [(each.fate, each.subject.removeprefix(BASE)) for each in foreseen] == [
        (Fate.NEW, "new"),
        (Fate.CHANGED, "r1"),
        (Fate.WITHDRAWN, "r0"),
    ]
    (change,) = foreseen[1].properties
    assert (change.property, change.removed, change.added) == ("dct:title", ('"A title"@en',), ('"Changed"@en',))
    assert (foreseen[1].violations_before, foreseen[1].violations) == (0, 0)
    assert (journal.last_seq(), journal.runs(), journal.activity()) == before


# The whole way, from a file


def _settings(folder: Path) -> Settings:
    return read_settings(environment={}, flags={"data": folder, "profile": "dcat-ap-3.0.1"})


def _from_file(journal: Journal, folder: Path, file: Path, *, foresee: Foresee | None = None) -> tuple[int, ...]:
    source = replace(SOURCE, url=file.as_uri())
    with Door() as door:
        run = ingest(journal, source, door=door, settings=_settings(folder), foresee=foresee)
    assert run.complete
    assert run.seen == run.new + run.changed + run.unchanged + run.rejected + run.failed
    return (run.new, run.changed, run.unchanged, run.withdrawn, run.reidentified)


def test_real_exports_of_two_dates_are_the_same_datasets(journal: Journal, shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "real-be-health"
    old, new = folder / "node-a-sciensano-2025-02-09.ttl", folder / "node-a-sciensano-2025-04-13.ttl"
    assert _from_file(journal, tmp_path, old, foresee=[].append) == (146, 0, 0, 0, 0)
    assert _from_file(journal, tmp_path, old) == (146, 0, 0, 0, 0)
    pages = {state.id for state in journal.heads(Kind.DATASET)}
    assert _from_file(journal, tmp_path, new) == (0, 146, 0, 0, 146)
    before = journal.last_seq()
    assert _from_file(journal, tmp_path, new) == (0, 0, 146, 0, 0)
    assert {state.id for state in journal.heads(Kind.DATASET)} == pages
    assert journal.last_seq() == before
    state = next(journal.heads(Kind.DATASET))
    assert state.verdict is not None
    assert state.verdict.profile == "dcat-ap-3.0.1"


def test_an_unknown_profile_ends_only_this_run(journal: Journal, tmp_path: Path) -> None:
    settings = replace(_settings(tmp_path), profile="no-such")
    with Door() as door:
        run = ingest(journal, SOURCE, door=door, settings=settings)
    assert (run.outcome, run.problems[0].code) == (Outcome.FAILED, "unknown-profile")


def test_the_journal_s_place_is_a_setting(tmp_path: Path) -> None:
    assert place(_settings(tmp_path)) == tmp_path / "journal.sqlite"
    other = replace(_settings(tmp_path), journal="postgresql://db.example/gdi")
    assert place(other) == "postgresql://db.example/gdi"


def test_a_run_with_nothing_finished_is_still_whole(journal: Journal) -> None:
    def silent(_: Sequence[KnownRecord]) -> Generator[Event, None, None]:
        yield Finished(complete=True)

    run = take_in(journal, silent)
    assert (run.outcome, run.seen, run.complete) == (Outcome.OK, 0, True)
