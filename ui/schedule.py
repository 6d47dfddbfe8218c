"""Scheduled harvests while the server runs: each in a process of its own, so that pages stay quick."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from catalogue.journal.journal import Journal
from catalogue.settings import Settings
from harvester.source import Source
from shapes.errors import CannotWork

_log = logging.getLogger(__name__)
_LOOK_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.2
_PARTING_SECONDS: Final = 20.0  # for a harvest to write down what it has read

Runner = Callable[[Source], int]


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which another process of ours reads exactly these settings."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GDI_")}
    for field in fields(settings):
        value = getattr(settings, field.name)
        own[f"GDI_{field.name.upper()}"] = ",".join(value) if isinstance(value, tuple) else str(value)
    return own


def run_in_process(settings: Settings, stop: threading.Event) -> Runner:
    """Return a function that harvests one source in a process of its own and gives its exit code.

    Once told to stop it interrupts the harvest, which keeps what was read so far.
    """
    variables = environment(settings)

    def run(source: Source) -> int:
        command = [sys.executable, "-m", "ui.cli.main", "harvest", source.name, "--quiet"]
        found = {**variables, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
        with subprocess.Popen(command, env=found, stdin=subprocess.DEVNULL) as process:  # noqa: S603 - our own program
            return _outcome(process, stop)

    return run


def _outcome(process: subprocess.Popen[bytes], stop: threading.Event) -> int:
    """Wait for a harvest's end, or bring it about; return its exit code."""
    while process.poll() is None:
        if stop.wait(_POLL_SECONDS):
            process.send_signal(signal.SIGINT)
            try:
                return process.wait(_PARTING_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
    return process.returncode


def due(sources: Mapping[Source, datetime | None], now: datetime) -> list[Source]:
    """Return the enabled sources with an interval whose last run began at least that long ago, longest overdue first.

    `sources` maps each to when its last run began, None if it never ran.
    """
    never = datetime.min.replace(tzinfo=UTC)
    late = [
        (started or never, source.name, source)
        for source, started in sources.items()
        if source.enabled
        and source.every is not None
        and (started is None or now - started >= timedelta(seconds=source.every))
    ]
    return [source for _, _, source in sorted(late, key=lambda item: item[:2])]


def keep_harvested(journal: Journal, run: Runner, stop: threading.Event) -> None:
    """Until told to stop, look which sources are due and run them one after the other.

    A journal that does not answer now is asked again at the next look.
    """
    while not stop.is_set():
        try:
            sources = {source: _last_start(journal, source) for source in journal.sources()}
        except CannotWork as error:
            _log.warning("the schedule waits: %s", error)
            sources = {}
        for source in due(sources, datetime.now(UTC)):
            if stop.is_set():
                return
            code = run(source)
            _log.log(logging.INFO if code <= 1 else logging.WARNING, "harvesting %s ended with %d", source.name, code)
        stop.wait(_LOOK_SECONDS)


def _last_start(journal: Journal, source: Source) -> datetime | None:
    runs = journal.runs(source=source.name, limit=1)
    return runs[0].started if runs else None
