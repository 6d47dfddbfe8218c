"""The command line over an empty data folder, with no setting from outside and little patience with nodes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_line import CommandLine, alone
from nodes.fake_node import FakeNode
from nodes.samples import catalogue


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    alone(monkeypatch)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with nothing in it but an empty journal, store and index, made once."""
    folder = tmp_path_factory.mktemp("empty") / "data"
    with pytest.MonkeyPatch.context() as surroundings:
        alone(surroundings)
        CommandLine(folder).done("doctor")
    return folder


@pytest.fixture
def cli(empty: Path, tmp_path: Path) -> CommandLine:
    """The command line over a copy of it."""
    shutil.copytree(empty, tmp_path / "data")
    return CommandLine(tmp_path / "data")


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
