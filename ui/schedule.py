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
from zlib import crc32

from cronsim import CronSim

from catalogue.journal.journal import Journal
from catalogue.settings import Settings
from harvester.source import Source
from shapes.errors import CannotWork
from ui.errands import Errands

_log = logging.getLogger(__name__)
_LOOK_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.2
_LONGEST_DELAY: Final = timedelta(minutes=10)
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


def planned(source: Source, started: datetime) -> datetime | None:
    """Return when a source is to be harvested that was last begun at a time; None: by hand only.

    Each source has a delay of its own, up to a twentieth of the time between two harvests and at most ten minutes:
    nodes that are all harvested daily, or at four, do not all begin at one moment.
    """
    if source.cron is not None:
        times = CronSim(source.cron, started)
        when = next(times)
        between = next(times) - when
    elif source.every is not None:
        between = timedelta(seconds=source.every)
        when = started + between
    else:
        return None
    share = crc32(source.name.encode()) / 2**32
    return when + share * min(between / 20, _LONGEST_DELAY)


def due(sources: Mapping[Source, datetime | None], now: datetime) -> list[Source]:
    """Return the enabled sources whose time has come, those that never ran first, then the longest overdue.

    `sources` maps each to when its last run began, None if it never ran.
    """
    never = datetime.min.replace(tzinfo=UTC)
    late: list[tuple[datetime, str, Source]] = []
    for source, started in sources.items():
        if not source.enabled or (source.every is None and source.cron is None):
            continue
        when = never if started is None else planned(source, started)
        if when is not None and when <= now:
            late.append((when, source.name, source))
    return [source for _, _, source in sorted(late, key=lambda item: item[:2])]


def keep_harvested(journal: Journal, run: Runner, stop: threading.Event, *, at_once: int = 4) -> None:
    """Until told to stop, look which sources are due and run them, `at_once` at a time: a slow one delays no other.

    A journal that does not answer now is asked again at the next look.
    """
    with Errands(lambda source: _run_one(source, run, stop), at_once) as errands:
        while not stop.is_set():
            try:
                sources = {source: _last_start(journal, source) for source in journal.sources()}
            except CannotWork as error:
                _log.warning("the schedule waits: %s", error)
                sources = {}
            for source in due(sources, datetime.now(UTC)):
                errands.begin(source)
            stop.wait(_LOOK_SECONDS)


def _run_one(source: Source, run: Runner, stop: threading.Event) -> None:
    if stop.is_set():
        return
    try:
        code = run(source)
    except OSError as error:
        _log.warning("harvesting %s could not begin: %s", source.name, error)
    else:
        _log.log(logging.INFO if code <= 1 else logging.WARNING, "harvesting %s ended with %d", source.name, code)


def _last_start(journal: Journal, source: Source) -> datetime | None:
    runs = journal.runs(source=source.name, limit=1)
    return runs[0].started if runs else None
