"""What a journal promises to those who look back over a source's datasets, on every database."""

from __future__ import annotations

import pytest
from journal_samples import record, report

from catalogue.journal import journal as room
from catalogue.journal.append import Draft
from catalogue.journal.happenings import Window
from catalogue.journal.journal import Journal
from catalogue.journal.run import Counts, Outcome
from catalogue.journal.runs import Ending, Ledger
from catalogue.journal.state import Status
from catalogue.journal.states import Span
from harvester.source import Source
from shapes.record import Kind


def withdraw(journal: Journal, key: str) -> None:
    run = journal.begin_run("be")
    ledger = Ledger({Kind.DATASET: Counts(unchanged=1)}, [], {}, requests=1, bytes=1)
    journal.finish_run(run, ledger, Ending(Outcome.OK, complete=True, withdraw=[key]))


def test_the_course_of_a_source_is_what_was_listed_and_withdrawn_in_order(journal: Journal) -> None:
    journal.add_source(Source("nl", "https://nl.example.org/", protocol="rdf"))
    (first,) = journal.append("be", [Draft(record("a"), report(2))])
    (series,) = journal.append("be", [Draft(record("s", kind=Kind.SERIES), report())])
    (other,) = journal.append("nl", [Draft(record("b"), report())])
    withdraw(journal, first)
    course = journal.course("be")
    assert [(state.id, state.status) for state in course] == [(first, Status.LISTED), (first, Status.WITHDRAWN)]
    assert {series, other}.isdisjoint(state.id for state in course)
    assert [state.verdict and state.verdict.violation for state in course] == [2, None]
    assert {state.body for state in course} == {b""}
    (whole,) = journal.with_bodies([course[0].seq])
    assert (whole.seq, whole.body) == (course[0].seq, record("a").body)


def test_what_was_found_comes_with_its_record_page_by_page(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "BATCH", 2)
    drafts = [Draft(record(name), report(number)) for number, name in enumerate("abcde")]
    keys = journal.append("be", [*drafts, Draft(record("f"), None)])
    withdraw(journal, keys[4])
    found = list(journal.judged("be"))
    assert [state.id for state, _ in found] == sorted(keys[:4])
    assert {state.id: len(each.findings) for state, each in found} == dict(zip(keys[:4], range(4), strict=True))
    assert [each for _, each in found] == [journal.report(state.id) for state, _ in found]


def test_the_span_of_a_source_goes_from_its_first_record_to_the_last_thing_that_happened(journal: Journal) -> None:
    journal.add_source(Source("nl", "https://nl.example.org/", protocol="rdf"))
    assert (journal.span(), journal.span("be")) == (None, None)
    (first,) = journal.append("be", [Draft(record("a"), report())])
    journal.append("nl", [Draft(record("b"), report())])
    withdraw(journal, first)
    states = list(journal.since(0))
    own = [state.time for state in states if state.source == "be"]
    assert journal.span("be") == Span(own[0], own[-1])  # a withdrawal is something that happened
    assert journal.span() == Span(states[0].time, states[-1].time)


def test_what_happened_is_told_in_order_and_what_changes_meanwhile_comes_again(journal: Journal) -> None:
    window = Window(frozenset({Kind.DATASET}))
    first, second, _ = journal.append("be", [Draft(record(name), report()) for name in "abc"])
    journal.append("be", [Draft(record("s", kind=Kind.SERIES), report())])
    (begun,) = journal.happened(window, 0, 1)
    assert (begun.id, begun.body) == (first, record("a").body)
    withdraw(journal, first)  # while somebody reads on
    rest = journal.happened(window, begun.seq, 10, with_body=False)
    assert [(state.id, state.status) for state in rest[::2]] == [(second, Status.LISTED), (first, Status.WITHDRAWN)]
    assert (len(rest), {state.body for state in rest}, journal.count_happened(window)) == (3, {b""}, 3)


def test_a_window_is_of_a_source_and_a_time(journal: Journal) -> None:
    journal.add_source(Source("nl", "https://nl.example.org/", protocol="rdf"))
    (ours,) = journal.append("be", [Draft(record("a"), report())])
    (theirs,) = journal.append("nl", [Draft(record("b"), report())])
    late = journal.current(theirs)
    assert late is not None
    kinds = frozenset({Kind.DATASET})
    chosen = {
        Window(kinds, "nl"): [theirs],
        Window(kinds, since=late.time): [theirs],
        Window(kinds, before=late.time): [ours],
        Window(frozenset({Kind.SERVICE})): [],
    }
    for window, expected in chosen.items():
        assert [state.id for state in journal.happened(window, 0, 10)] == expected
        assert journal.count_happened(window) == len(expected)
