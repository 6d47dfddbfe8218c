"""The command line run in this process, over a data folder of its own: what it says and its exit code."""

from __future__ import annotations

import json
import os
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from ui.cli.main import run


@dataclass(frozen=True)
class Said:
    """What one command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON value that must be on it."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every setting of the surroundings away; little patience with nodes, and the smallest profile."""
    for name in [name for name in os.environ if name.startswith("GDI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GDI_HARVEST_RETRIES", "0")
    monkeypatch.setenv("GDI_PROFILE", "gdi-core")


class CommandLine:
    """Runs verbs over one data folder: `cli("search", "rare")`."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *arguments: str | Path) -> Said:
        return self.bare("--data", self.data, *arguments)

    def bare(self, *arguments: str | Path) -> Said:
        """Run without naming the data folder."""
        out, err = (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in range(2))
        with redirect_stdout(out), redirect_stderr(err):
            code = run([str(argument) for argument in arguments])
        return Said(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))

    def done(self, *arguments: str | Path) -> Said:
        """Run what is only a step on the way, and must succeed."""
        said = self(*arguments)
        assert said.code == 0, said
        return said

    def harvest(self, *arguments: str) -> dict[str, Any]:
        """Harvest and return the last run of the ledger, whatever its outcome."""
        run_of_last: dict[str, Any] = self("harvest", *arguments, "--json").json["runs"][-1]
        return run_of_last

    def beside(self, data: Path) -> CommandLine:
        """The same over another data folder."""
        return CommandLine(data)
