"""Our profiles give the verdict of the official files, but for differences that are listed with who is right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from profile_comparison import OFFICIAL, OURS, PAGE, PAIRS, Pair, compare, explanations, unexplained

# A cross-section; `python tests/profile_comparison.py` compares everything, which takes minutes.
EXAMPLES = (
    "examples-health/dataset_health.ttl",
    "examples-health/zfkd_healthdcat-ap.ttl",
    "examples-dac/*.ttl",
    "examples-fdp-harvest/fdp_catalog.ttl",
    "examples-dcat-ap-de/*ADVANCED.ttl",
    "shapes-healthdcat-ap-r8/examples/*.ttl",
)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_every_difference_is_explained(shared_data: Path, pair: Pair) -> None:
    compared = compare(shared_data, replace(pair, examples=EXAMPLES))
    assert compared.examples >= 6
    assert compared.both >= 8
    assert unexplained(compared) == []


def test_an_explanation_names_a_side_who_is_right_and_why_and_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    for each in explanations():
        assert each.side in (OURS, OFFICIAL), each
        assert each.right in (OURS, OFFICIAL, "both"), each
        assert each.reason.endswith("."), each
        assert each.reason in page, each
    assert "not explained" not in page


def test_the_page_has_a_part_for_every_profile_that_is_compared() -> None:
    page = PAGE.read_text("utf-8")
    for pair in PAIRS:
        assert f"\n## {pair.profile}\n" in page
        assert f"| {pair.name} |" in page
