"""What is in trouble is left alone for growing pauses, and the log hears of it once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hand_clock import Hand

from catalogue.errors import SearchUnavailable
from catalogue.trouble import Troubles

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def troubles(hand: Hand) -> Troubles:
    return Troubles("the {} is lost", "the {} is back", longest=30, clock=hand, now=lambda: NOON)


def pause(troubles: Troubles, hand: Hand) -> float:
    """How long the index is left alone from now on."""
    began = hand.seconds
    while troubles.pausing("index"):
        hand.seconds += 0.5
    return hand.seconds - began


def test_pauses_grow_to_the_longest(troubles: Troubles, hand: Hand) -> None:
    found = []
    for _ in range(7):
        troubles.lost("index", OSError("away"), took=0.01)
        found.append(pause(troubles, hand))
    assert found == [1, 2, 4, 8, 16, 30, 30]


def test_no_pause_is_shorter_than_the_try_was(troubles: Troubles, hand: Hand) -> None:
    troubles.lost("index", OSError("disk full"), took=600)
    assert pause(troubles, hand) == 600


def test_what_is_well_again_starts_anew(troubles: Troubles, hand: Hand) -> None:
    for _ in range(5):
        troubles.lost("index", OSError("away"), took=0)
    troubles.well("index")
    assert troubles.all() == ()
    assert "index" not in troubles
    troubles.lost("index", OSError("away"), took=0)
    assert pause(troubles, hand) == 1


def test_the_log_hears_of_the_beginning_of_another_reason_and_of_the_end(
    troubles: Troubles, hand: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    troubles.well("store")
    for reason in ("refused", "refused", "no credentials", "no credentials"):
        troubles.lost("index", SearchUnavailable(reason, url="http://es:9200"), took=0)
        hand.seconds += 10
    troubles.well("index")
    troubles.well("index")
    assert caplog.messages == [
        "the index is lost: http://es:9200: refused",
        "the index is lost: http://es:9200: no credentials",
        "the index is back, after 40 seconds",
    ]


def test_a_trouble_says_what_it_is_about_and_since_when(troubles: Troubles) -> None:
    troubles.lost("index", SearchUnavailable("No answer.", url="http://es:9200"), took=0)
    troubles.lost("store", OSError("disk on fire"), took=0)
    assert [trouble.as_json() for trouble in troubles.all()] == [
        {
            "part": "index",
            "answers": False,
            "since": "2026-05-01T12:00:00+00:00",
            "code": "search-unavailable",
            "detail": "No answer.",
            "url": "http://es:9200",
        },
        {
            "part": "store",
            "answers": False,
            "since": "2026-05-01T12:00:00+00:00",
            "code": "internal-error",
            "detail": "disk on fire",
        },
    ]


def test_of_many_who_ask_after_the_pause_one_tries(troubles: Troubles, hand: Hand) -> None:
    assert troubles.trying("index") is None
    troubles.lost("index", OSError("away"), took=0)
    assert troubles.trying("index") is not None
    hand.seconds += 2
    assert troubles.trying("index") is None
    assert troubles.trying("index") is not None
    hand.seconds += 30
    assert troubles.trying("index") is None, "the one who tried never came back"
