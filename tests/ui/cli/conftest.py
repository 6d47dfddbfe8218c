"""The command line over an empty data folder, with no setting from outside and little patience with nodes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_line import CommandLine
from nodes.fake_node import FakeNode
from nodes.samples import catalogue


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GDI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GDI_HARVEST_RETRIES", "0")
    monkeypatch.setenv("GDI_PROFILE", "gdi-core")  # the smallest profile: these tests are not about validation


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path / "data", capsys)


@pytest.fixture
def node() -> Iterator[FakeNode]:
    with FakeNode() as running:
        yield running


@pytest.fixture
def published(tmp_path: Path) -> Callable[..., Path]:
    """Write a catalogue of these datasets to a file, over the one before; return its path."""
    file = tmp_path / "catalogue.ttl"

    def write(*names: str, text: str | None = None) -> Path:
        file.write_text(catalogue(*names) if text is None else text, "utf-8")
        return file

    return write
