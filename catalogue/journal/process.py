"""Which process does something, and whether it still lives: how a lease knows that its holder is gone."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """A process. `machine` names the host, its boot and its process namespace: only within one is `pid` comparable.

    `born` tells it from a later process of the same number ("" where the system does not say).
    """

    machine: str
    pid: int
    born: str


def this_process() -> Process:
    """Return the process that runs this."""
    pid = os.getpid()
    return Process(_machine(), pid, _born(pid) or "")


def alive(process: Process) -> bool | None:
    """Return whether a process still runs; None when that cannot be seen from here (another machine or container)."""
    if process.machine != _machine():
        return None
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it runs, and belongs to somebody else
    born = _born(process.pid)
    return born is None or not process.born or born == process.born


def _machine() -> str:
    parts = [socket.gethostname(), _read("/proc/sys/kernel/random/boot_id")]
    try:
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    except OSError:
        parts.append("")
    return "/".join(parts)


def _born(pid: int) -> str | None:
    """Return when a process started, in clock ticks since boot (proc(5), field 22); None where that is not told.

    A zombie counts as gone: its work has ended, only its parent has not looked yet.
    """
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    if not fields:
        return None
    return "gone" if fields[0] == "Z" else fields[19]


def _read(path: str) -> str:
    try:
        return Path(path).read_text("ascii", "replace").strip()
    except OSError:
        return ""
