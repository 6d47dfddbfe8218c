from __future__ import annotations

from datetime import UTC, datetime

import pytest

from harvester.address import Endpoint
from harvester.errors import (
    PASSING_STATUS,
    BadRedirect,
    ConnectionFailed,
    HostUnknown,
    HttpStatus,
    OutOfTime,
    TimedOut,
    TlsFailed,
)
from harvester.patience import Patience, retry_after
from harvester.politeness import Politeness
from shapes.errors import AddressBlocked, Unreachable

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_waits_double_up_to_the_longest_and_vary_by_up_to_a_half() -> None:
    patience = Patience(retries=4, first=1.0, longest=5.0)
    error = ConnectionFailed("gone")
    assert [patience.wait(n, error, lambda: 0.0) for n in range(1, 6)] == [1.0, 2.0, 4.0, 5.0, None]
    assert patience.wait(3, error, lambda: 1.0) == 2.0


@pytest.mark.parametrize(
    "error",
    [
        HostUnknown("x"),
        TlsFailed("x"),
        BadRedirect("x"),
        AddressBlocked("x"),
        OutOfTime("x"),
        HttpStatus("x", answered=404),
    ],
)
def test_what_will_not_pass_is_not_asked_again(error: Unreachable) -> None:
    assert Patience().wait(1, error, lambda: 0.0) is None


@pytest.mark.parametrize("status", sorted(PASSING_STATUS))
def test_what_may_pass_is_asked_again(status: int) -> None:
    assert Patience().wait(1, HttpStatus("x", answered=status), lambda: 0.0) == 1.0
    assert Patience().wait(1, TimedOut("x"), lambda: 0.0) == 1.0


def test_a_server_s_own_wait_is_obeyed_or_not_asked_again_at_all() -> None:
    patience = Patience(longest=120.0)
    assert patience.wait(1, HttpStatus("x", answered=503, retry_after=90.0), lambda: 0.5) == 90.0
    assert patience.wait(1, HttpStatus("x", answered=503, retry_after=121.0), lambda: 0.5) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Fri, 20 Nov 2026 12:01:30 GMT", 90.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
        ("Fri, 20 Nov 2026 12:00:10 -0000", 10.0),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


def test_requests_to_one_host_keep_their_distance_and_hosts_do_not_wait_for_each_other() -> None:
    clock = Clock()
    politeness = Politeness(interval=0.5, clock=lambda: clock.now, sleep=clock.sleep)
    for host in ("a.example", "a.example", "b.example", "a.example"):
        with politeness.turn(Endpoint(host, 443)):
            pass
    assert clock.slept == [0.5, 0.5]


def test_this_machine_is_asked_without_a_pause() -> None:
    clock = Clock()
    politeness = Politeness(interval=0.5, clock=lambda: clock.now, sleep=clock.sleep)
    for _ in range(3):
        with politeness.turn(Endpoint("127.0.0.1", 8080)):
            pass
    assert clock.slept == []
