"""What a journal promises of records and their names, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from journal_samples import BASE, SOURCE, START, Clock, fill, finding, record, report

from catalogue.identifiers import LENGTH
from catalogue.journal.append import Draft
from catalogue.journal.errors import (
    NoSuchSource,
)
from catalogue.journal.journal import Journal
from catalogue.journal.state import Status
from shapes.errors import Missing
from shapes.record import Kind
from shapes.report import Report, Verdict

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
