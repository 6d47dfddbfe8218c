"""What the benchmarks share: rows of a Markdown table, the program as a command, memory as Linux counts it."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOOK = 0.25  # seconds between two looks at the memory; each costs the measured program some time
HEAD = "| figure | measured | asked for |\n|---|---|---|"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; `limit` is what was asked for, where something was."""

    name: str
    value: str
    limit: str = ""

    def __str__(self) -> str:
        return f"| {self.name} | {self.value} | {self.limit and f'under {self.limit}'} |"


def program(*arguments: str) -> list[str]:
    """Return the command that runs a verb of this checkout."""
    return [sys.executable, "-m", "ui.cli.main", *arguments]


def quiet_environment() -> dict[str, str]:
    """Return the environment without settings of the person who measures."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GDI_")}
    return own | {"PYTHONPATH": str(ROOT)}


def memory(pid: int) -> tuple[float, float]:
    """Return the megabytes a process holds, and those of it and its descendants together.

    The first is resident memory (VmRSS). In the second, pages that processes share count once (Pss).
    """
    status = _read(Path(f"/proc/{pid}/status"))
    own = re.search(r"VmRSS:\s+(\d+) kB", status)
    rollups = (_read(Path(f"/proc/{each}/smaps_rollup")) for each in family(pid))
    shared = [re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE) for rollup in rollups]
    return (int(own[1]) if own else 0) / 1024, sum(int(found[1]) for found in shared if found) / 1024


@dataclass(frozen=True, slots=True)
class Resident:
    """Megabytes a process holds: now, at most so far, and now without the files it has mapped."""

    now: float
    peak: float
    own: float


def resident(pid: int | None = None) -> Resident:
    """Return what a process holds (None: this one); zeros where it is gone."""
    status = _read(Path(f"/proc/{pid or 'self'}/status"))

    def megabytes(name: str) -> float:
        found = re.search(rf"{name}:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0

    return Resident(megabytes("VmRSS"), megabytes("VmHWM"), megabytes("RssAnon"))


def family(pid: int) -> list[int]:
    """Return a process and its descendants."""
    children = _read(Path(f"/proc/{pid}/task/{pid}/children")).split()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        children += _read(task).split()
    return [pid, *dict.fromkeys(each for child in children for each in family(int(child)))]


@dataclass(frozen=True, slots=True)
class Timed:
    """One run of the program: seconds, the highest memory of its processes together (MB), what it printed.

    `cpu`: seconds of processor time of all its processes, which other work on the machine adds less to.
    """

    seconds: float
    peak: float
    output: str
    cpu: float


def timed(*arguments: str) -> Timed:
    """Run a verb to its end. Raises `CalledProcessError` where it fails."""
    begun, before = time.perf_counter(), _spent()
    command = program(*arguments)
    peak, over = [0.0], threading.Event()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=quiet_environment()) as process:

        def watch() -> None:
            while not over.wait(LOOK):
                peak[0] = max(peak[0], memory(process.pid)[1])

        watcher = threading.Thread(target=watch)
        watcher.start()
        output = process.communicate()[0]
        seconds = time.perf_counter() - begun
        over.set()
        watcher.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Timed(seconds, peak[0], output, _spent() - before)


def _spent() -> float:
    """Seconds of processor time of all processes that were begun here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def on_disk(folder: Path) -> float:
    """Return the megabytes of a folder's files; a file under several names (a hard link) counts once."""
    files = {(found.st_dev, found.st_ino): found.st_blocks for found in (path.lstat() for path in folder.rglob("*"))}
    return sum(files.values()) * 512 / 1e6


def _read(path: Path) -> str:
    """Read a file of /proc; "" where its process is gone."""
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return ""
