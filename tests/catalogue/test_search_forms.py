"""The forms of a word that make a match, and those that give it its score."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.analysis import Analyzer
from catalogue.search.clauses import loosened, read_clauses
from catalogue.search.forms import matching, scored_as_matched, scoring
from shapes.errors import BadQuery

LANGUAGES = ("de", "en", "fr")
ANALYZER = Analyzer()


@given(st.text(st.sampled_from('aeglmnstu1590-.:*" '), max_size=20))
def test_what_is_said_to_be_scored_as_it_matches_has_the_same_forms(text: str) -> None:
    try:
        clauses = read_clauses(text).required
    except BadQuery:
        return
    for clause in clauses:
        if scored_as_matched(clause):
            scored = {form for form, _ in scoring(clause, LANGUAGES, ANALYZER)}
            assert scored == set(matching(clause, LANGUAGES, ANALYZER))


@pytest.mark.parametrize(
    ("text", "same"),
    [("lung", True), ("lun*", True), ("covid19", True), ("590", False), ("covid-19", False), ('"lung"', False)],
)
def test_a_number_a_compound_and_a_phrase_match_otherwise_than_they_score(text: str, *, same: bool) -> None:
    (clause,) = read_clauses(text).required
    assert scored_as_matched(clause) is same


def test_a_word_with_typing_errors_is_scored_as_it_matches() -> None:
    (word,) = read_clauses("melanomma").required
    assert scored_as_matched(loosened(word))  # type: ignore[arg-type] - one word
