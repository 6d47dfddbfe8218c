"""Judging many records on several cores says what judging each here says."""

from __future__ import annotations

import pytest
from journal_samples import record

from catalogue.judging import Bench
from shapes.errors import CannotWork, OverBudget, UnknownProfile
from shapes.workers import WORTH_A_CREW, Worker

PROFILE = "dcat-ap-3.0.1"


def test_many_records_are_judged_apart_in_their_order_and_alike() -> None:
    records = [record(f"r{n}", identifier=f"id-{n}") for n in range(WORTH_A_CREW)]
    with Bench(PROFILE, workers=2) as bench:
        few = [bench(records[n : n + 1])[0] for n in range(3)]
        many = bench(records)
        assert [report.findings[0].record for report in many] == [each.subject for each in records]
        assert list(many[:3]) == few
        assert list(bench(records[:1])) == few[:1]


def test_an_unknown_profile_is_told_before_anything_is_judged() -> None:
    with Bench("no-such", workers=1) as bench, pytest.raises(UnknownProfile):
        bench.prepare()


def test_a_record_the_process_dies_of_does_not_end_the_harvest(monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise CannotWork("The process that validates ended without an answer.")

    monkeypatch.setattr(Worker, "judge_records", dies)
    records = [record(f"r{n}") for n in range(WORTH_A_CREW)]
    with Bench(PROFILE, workers=1) as bench, pytest.raises(OverBudget, match="ended without an answer"):
        bench(records)
