"""A misbehaving node, and doors that never really wait."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from nodes.fake_node import FakeNode

from harvester import recalling
from harvester.address import AddressPolicy
from harvester.http import Door, DoorSettings, Outside
from harvester.patience import Patience
from harvester.protocols.page import Page


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate of 127.0.0.1, its key in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed: no certificate to test TLS with")
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "both.pem"
    command = (
        f"{openssl} req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=fake-node -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run(
        [*command.split(), "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True
    )
    made.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return made


@pytest.fixture
def node() -> Iterator[FakeNode]:
    with FakeNode() as node:
        yield node


@pytest.fixture
def waits() -> list[float]:
    """The seconds a door would have slept."""
    return []


@pytest.fixture
def make_door(waits: list[float]) -> Iterator[Callable[..., Door]]:
    """Make doors that may go to loopback; keyword arguments are those of `DoorSettings`."""
    doors: list[Door] = []

    def make(
        *, retries: int = 3, policy: AddressPolicy | None = None, outside: Outside | None = None, **settings: float
    ) -> Door:
        outside = replace(outside or Outside(), sleep=waits.append, random=lambda: 0.0)
        door = Door(
            DoorSettings(**settings),  # type: ignore[arg-type]
            policy=policy or AddressPolicy(anywhere=True),
            patience=Patience(retries=retries),
            outside=outside,
        )
        doors.append(door)
        return door

    yield make
    for door in doors:
        door.close()


@pytest.fixture
def door(make_door: Callable[..., Door]) -> Door:
    """A door with everything at its default, open to loopback."""
    return make_door()


@pytest.fixture
def pages_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of the pages that were read as a whole, and not recalled, in the latest run."""
    read: list[str] = []
    reading = recalling.records

    def watched(page: Page, session: object, trace: object = None) -> object:
        read.append(page.url)
        return reading(page, session, trace)  # type: ignore[arg-type]

    monkeypatch.setattr(recalling, "records", watched)
    return read
