"""Watching a harvest, and asking it to end before its end.

Whoever asks does not wait. The harvest looks at each page, and every so often within one; what it waits for on the
network is given up at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from shapes.errors import CannotWork

# Told how far a harvest is: records done, of how many where that is known, and what it does (`READING`, `COMPARING`).
Hear: TypeAlias = Callable[[int, int | None, str], None]

READING: Final = "reading"
COMPARING: Final = "comparing"


class Stopped(CannotWork):
    """A harvest was asked to end, and ends. What was accepted stays, nothing is withdrawn."""

    code = "stopped"
    title = "The harvest was stopped"


class Stop:
    """A wish that a harvest end, and why. Safe between threads; once asked it stays asked."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._lock = threading.Lock()
        self._ends: list[Callable[[], None]] = []
        self._reason = ""

    @property
    def asked(self) -> bool:
        """Whether the harvest is to end."""
        return self._asked.is_set()

    def ask(self, reason: str) -> None:
        """Ask the harvest to end. `reason` is a whole sentence for the ledger; the first one counts."""
        with self._lock:
            if self._asked.is_set():
                return
            self._reason = reason
            self._asked.set()
            ends = list(self._ends)
        for end in ends:
            end()

    def check(self) -> None:
        """Raise `Stopped` where the harvest is to end."""
        if self._asked.is_set():
            raise Stopped(self._reason)

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the wish. Raises `Stopped` then."""
        self._asked.wait(seconds)
        self.check()

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """Call a function when the wish comes while the block runs, or at once where it came before."""
        with self._lock:
            self._ends.append(end)
            late = self._asked.is_set()
        if late:
            end()
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)


@dataclass(frozen=True, slots=True)
class Oversight:
    """Who watches a harvest, and may end it.

    `hear` is told of each record read, with how many there will be where the source says so; and once, when all are
    read, how many are to be compared.
    """

    stop: Stop = field(default_factory=Stop)
    hear: Hear | None = None
