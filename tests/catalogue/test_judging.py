"""Judging the records of a harvest: here, or apart where one is very large; and it says the same."""

from __future__ import annotations

import pytest
from journal_samples import record

from catalogue.judging import Bench
from shapes.errors import CannotWork, OverBudget, UnknownProfile
from shapes.workers import Worker

PROFILE = "dcat-ap-3.0.1"


def test_a_large_record_is_judged_apart_in_its_order_and_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [record(f"r{n}", identifier=f"id-{n}") for n in range(3)]
    with Bench(PROFILE) as bench:
        here = bench(records)
        monkeypatch.setattr("catalogue.judging._LARGE", 0)
        apart = bench(records)
    assert apart == here
    assert [report.findings[0].record for report in here] == [each.subject for each in records]


def test_no_process_is_started_for_records_of_common_size(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise AssertionError("a worker was asked")

    monkeypatch.setattr(Worker, "judge_records", refuses)
    with Bench(PROFILE) as bench:
        assert len(bench([record(f"r{n}") for n in range(200)])) == 200


def test_an_unknown_profile_is_told_before_anything_is_judged() -> None:
    with Bench("no-such") as bench, pytest.raises(UnknownProfile):
        bench.prepare()


def test_a_record_the_process_dies_of_does_not_end_the_harvest(monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise CannotWork("The process that validates ended without an answer.")

    monkeypatch.setattr(Worker, "judge_records", dies)
    monkeypatch.setattr("catalogue.judging._LARGE", 0)
    with Bench(PROFILE) as bench, pytest.raises(OverBudget, match="ended without an answer"):
        bench([record("r1")])
