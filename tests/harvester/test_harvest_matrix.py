"""The page of the harvest matrix is what the program does: rows of every kind are made anew and looked up in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from fault_trials_page import INTRODUCTION, PAGE
from harvest_deliveries import Case, cases
from harvest_matrix import harvesting

# A few of each kind; `python tests/harvest_matrix.py --check` makes all of them.
CHEAP = (
    "real-ckan",
    "examples-fdp-harvest",
    "real-be-ldes",
    "tests-fdk-harvester",
    "mutated",
    "recorded-nodes",
    "ega-metadata",
)
FAULTS = INTRODUCTION.strip().splitlines()[0]
SUMMED = ("new", "changed", "unchanged", "rejected", "failed")


def written_rows() -> list[list[str]]:
    """The cells of every row of the page's first half."""
    lines = PAGE.read_text("utf-8").partition(FAULTS)[0].splitlines()
    rows = [line.removeprefix("| ").removesuffix(" |").split(" | ") for line in lines if line.startswith("| ")]
    return [row for row in rows if row[0] != "delivered"]


def test_every_source_has_its_rows_in_order(shared_data: Path) -> None:
    expected = [
        ("then " if number else "") + delivery.name
        for case in cases(shared_data)
        for number, delivery in enumerate(case.deliveries)
    ]
    assert [row[0] for row in written_rows()] == expected


@pytest.mark.parametrize("group", CHEAP)
def test_the_rows_of_a_group_are_what_harvesting_it_says(shared_data: Path, group: str) -> None:
    written = PAGE.read_text("utf-8").splitlines()
    chosen: list[Case] = [case for case in cases(shared_data) if case.group == group]
    assert chosen
    with harvesting(shared_data) as harvest:
        made = [row.line() for case in chosen for row in harvest(case)]
    assert [line for line in made if line not in written] == []


def test_every_row_of_the_page_adds_up_and_withdraws_nothing() -> None:
    for row in written_rows():
        figures = dict(zip(("seen", *SUMMED, "withdrawn"), map(int, row[3:10]), strict=True))
        assert figures["seen"] == sum(figures[name] for name in SUMMED), row
        assert figures["withdrawn"] == 0, row
