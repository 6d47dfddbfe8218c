"""Our profiles give the verdict of the official files, but for differences that are listed with who is right."""

from __future__ import annotations

from pathlib import Path

import pytest
from profile_comparison import OFFICIAL, OURS, PAGE, PAIRS, Compared, compare, explanations, page, stale, unexplained


@pytest.fixture(scope="module")
def compared(shared_data: Path) -> list[Compared]:
    """Everything, over all examples: half a minute."""
    return [compare(shared_data, pair) for pair in PAIRS]


def test_every_difference_is_explained_and_every_explanation_explains_one(compared: list[Compared]) -> None:
    assert [line for each in compared for line in unexplained(each)] == []
    assert stale(compared) == []


def test_both_sides_find_much_in_common(compared: list[Compared]) -> None:
    assert {each.pair.profile: each.both >= 40 and each.examples >= 25 for each in compared} == {
        pair.profile: True for pair in PAIRS
    }


def test_the_page_is_what_the_comparison_gives(compared: list[Compared]) -> None:
    assert PAGE.read_text("utf-8") == page(compared) + "\n"


def test_an_explanation_names_a_side_who_is_right_and_why() -> None:
    for each in explanations():
        assert each.side in (OURS, OFFICIAL), each
        assert each.right in (OURS, OFFICIAL, "both"), each
        assert each.reason.endswith("."), each
