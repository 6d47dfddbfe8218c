"""Application systems asked once a day while the server runs."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from nodes.rems_node import Item, RemsNode

from catalogue.access.asking import SystemCheck
from catalogue.access.kept import KeptReadings
from catalogue.desk import Desk
from catalogue.errors import StoreLocked
from harvester.address import AddressPolicy
from harvester.http import Door
from harvester.patience import Patience
from ui.checking import keep_checked, look

NOW = datetime(2026, 5, 1, tzinfo=UTC)


class Known:
    """A desk that knows these systems."""

    def __init__(self, systems: Sequence[str], fault: Exception | None = None) -> None:
        self._systems, self._fault = systems, fault

    def systems(self) -> tuple[str, ...]:
        if self._fault is not None:
            raise self._fault
        return tuple(self._systems)


@pytest.fixture
def kept(tmp_path: Path) -> KeptReadings:
    return KeptReadings(tmp_path)


@pytest.fixture
def check(kept: KeptReadings) -> SystemCheck:
    door = Door(policy=AddressPolicy(anywhere=True), patience=Patience(retries=0))
    return SystemCheck(door, kept, lambda: NOW)


def test_each_system_is_asked_once_a_day_and_a_dead_one_stops_no_other(check: SystemCheck, kept: KeptReadings) -> None:
    with RemsNode(Item(1, "A")) as one, RemsNode() as dead:
        gone = dead.address
        dead._server.server_close()
        desk = cast("Desk", Known([gone, one.address]))
        look(desk, check, threading.Event())
        look(desk, check, threading.Event())
        assert [seen.path for seen in one.requests] == ["/api/config", "/api/catalogue"]
        first, second = kept.of(gone), kept.of(one.address)
        assert first is not None
        assert first.failure is not None
        assert second is not None
        assert second.failure is None


def test_nobody_is_asked_once_the_server_ends(check: SystemCheck, kept: KeptReadings) -> None:
    stop = threading.Event()
    stop.set()
    look(cast("Desk", Known(["https://rems.example"])), check, stop)
    keep_checked(cast("Desk", Known(["https://rems.example"])), check, stop)
    assert kept.all() == ()


def test_a_store_that_is_away_is_logged_and_waited_for(check: SystemCheck, caplog: pytest.LogCaptureFixture) -> None:
    look(cast("Desk", Known((), StoreLocked("The store is busy."))), check, threading.Event())
    assert "application systems wait: The store is busy." in caplog.text
