"""The policy of removing, without a journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.journal.states import Standing
from catalogue.removal import Policy, Removal, plan
from shapes.record import Kind

POLICY = Policy(grace_runs=2, shrink_percent=20, shrink_records=5)


def standing(*names: str, absent: int = 0, kind: Kind = Kind.DATASET) -> list[Standing]:
    return [Standing(name, kind, absent, None) for name in names]


def decide(
    listed: list[Standing],
    delivered: Iterable[str],
    *,
    complete: bool = True,
    policy: Policy = POLICY,
    ages: Sequence[timedelta] = (),
) -> Removal:
    delivered = set(delivered)
    seen = dict.fromkeys(Kind, 0)
    for each in listed:
        seen[each.kind] += each.id in delivered
    return plan(listed, delivered, seen, complete=complete, policy=policy, ages=ages)


def names(number: int) -> list[str]:
    return [f"r{n:03}" for n in range(number)]


def test_the_first_absence_is_only_counted() -> None:
    assert decide(standing("a", "b"), "a") == Removal(absences={"b": 1})


def test_the_second_absence_on_end_withdraws() -> None:
    assert decide([*standing("a"), *standing("b", absent=1)], "a") == Removal(withdraw=("b",))


@pytest.mark.parametrize(
    ("absent", "days", "withdrawn"),
    [(0, [9, 20], ()), (1, [6, 20], ()), (1, [8, 20], ("b",)), (2, [1, 8], ("b",)), (2, [1, 6, 30], ())],
)
def test_days_of_absence_withdraw_before_the_runs_do(absent: int, days: list[int], withdrawn: tuple[str, ...]) -> None:
    policy = Policy(grace_runs=10, grace_days=7, shrink_percent=20, shrink_records=5)
    ages = [timedelta(days=number) for number in days]
    listed = [*standing("a"), *standing("b", absent=absent)]
    assert decide(listed, "a", policy=policy, ages=ages).withdraw == withdrawn


def test_a_record_that_is_back_begins_anew() -> None:
    assert decide([*standing("a"), *standing("b", absent=1)], "ab") == Removal(absences={"b": 0})


def test_a_run_that_saw_everything_changes_nothing() -> None:
    assert decide(standing("a", "b"), "ab") == Removal()


def test_an_incomplete_run_withdraws_nothing_and_counts_no_absence_but_sees_what_is_there() -> None:
    listed = [*standing("a", absent=1), *standing("b", absent=1)]
    assert decide(listed, "a", complete=False) == Removal(absences={"a": 0})


@pytest.mark.parametrize("grace", [0, 1])
def test_without_grace_the_first_absence_withdraws(grace: int) -> None:
    assert decide(standing("a", "b"), "a", policy=Policy(grace, 20, 5)) == Removal(withdraw=("b",))


def test_more_than_the_share_and_more_than_the_number_is_held() -> None:
    listed = standing(*names(30), absent=1)
    removal = decide(listed, names(23))
    assert removal.withdraw == ()
    assert removal.hold == tuple(names(30)[23:])
    assert removal.reason == ("The run would withdraw 7 of 30 dataset records at once, more than 20 % and more than 5.")
    assert removal.absences == dict.fromkeys(names(23), 0) | dict.fromkeys(names(30)[23:], 2)


@pytest.mark.parametrize(("total", "left"), [(30, 24), (6, 1), (100, 80)])
def test_up_to_the_share_or_up_to_the_number_is_withdrawn(total: int, left: int) -> None:
    removal = decide(standing(*names(total), absent=1), names(left))
    assert len(removal.withdraw) == total - left
    assert removal.hold == ()


def test_a_source_that_delivers_no_dataset_at_all_is_never_emptied() -> None:
    listed = [*standing("a", absent=5), *standing("c", kind=Kind.CATALOGUE)]
    removal = decide(listed, "c", policy=Policy(1, 100, 1000))
    assert (removal.withdraw, removal.hold) == ((), ("a",))
    assert removal.absences == {}
    assert removal.reason == "The source delivered no dataset at all; 1 are listed."


def test_an_empty_answer_counts_for_no_record_s_absence() -> None:
    first = decide(standing("a", "b"), "")
    assert (first.hold, first.absences) == (("a", "b"), {})


def test_a_source_of_services_alone_is_judged_by_those() -> None:
    removal = decide(standing("s", "t", kind=Kind.SERVICE), "")
    assert removal.reason == "The source delivered no record at all; 2 are listed."
    assert decide(standing("s", "t", absent=1, kind=Kind.SERVICE), "s").withdraw == ("t",)


def test_a_kind_that_vanishes_in_bulk_is_held_too() -> None:
    listed = [*standing("a"), *standing(*names(6), absent=1, kind=Kind.SERVICE)]
    assert decide(listed, "a").hold == tuple(names(6))


def test_replacing_everything_at_once_is_held() -> None:
    listed = standing(*names(10), absent=1)
    removal = plan(listed, set(), {Kind.DATASET: 10}, complete=True, policy=POLICY)
    assert removal.hold == tuple(names(10))


@given(
    listed=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3)), unique_by=lambda pair: pair[0]),
    delivered=st.sets(st.integers(0, 40)),
    complete=st.booleans(),
)
def test_nothing_delivered_is_ever_withdrawn_or_held(
    *, listed: list[tuple[int, int]], delivered: set[int], complete: bool
) -> None:
    standings = [Standing(str(name), Kind.DATASET, absent, None) for name, absent in listed]
    there = {str(name) for name in delivered}
    removal = decide(standings, there, complete=complete)
    assert not there & {*removal.withdraw, *removal.hold}
    assert not (removal.withdraw and removal.hold)
    assert complete or not (removal.withdraw or removal.hold)
    assert len(removal.withdraw) <= max(POLICY.shrink_records, len(listed) * POLICY.shrink_percent // 100)
