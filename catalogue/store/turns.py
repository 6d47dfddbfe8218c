"""Whose turn it is: callers share the SPARQL workers fairly, and nobody waits without end.

A caller is whoever asks from one address. Callers take turns, however many questions each has, and none holds the last
free worker. One who has too many questions waiting is told so (429); when too many wait in all, the next is (503).
"""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from catalogue.errors import Abandoned, NoTurn, TooManyQueries
from catalogue.store.port import Caller

WAITING: Final = 64  # questions that may wait in all; `serve` keeps as many threads for them
WAITING_EACH: Final = 16  # and of one caller
LOOK_SECONDS: Final = 0.2  # how often one who waits looks whether its client is still there


@dataclass(eq=False, slots=True)
class _Ticket:
    """One question in the queue."""

    caller: str
    called: threading.Event = field(default_factory=threading.Event)


class Turns:
    """Hands out `size` turns at a time. Safe for many threads."""

    def __init__(self, size: int, *, waiting: int = WAITING, each: int = WAITING_EACH) -> None:
        self._size = size
        self._share = max(1, size - 1)  # one caller leaves a worker to the others
        self._most, self._each = waiting, each
        self._lock = threading.Lock()
        self._queue: OrderedDict[str, deque[_Ticket]] = OrderedDict()  # callers in the order of their turns
        self._running: Counter[str] = Counter()

    @contextmanager
    def turn(self, caller: Caller, seconds: float) -> Iterator[None]:
        """Wait for a turn, at most so many seconds, and hold it for the length of the context.

        Raises `TooManyQueries` (this caller has too many waiting), `NoTurn` (too many wait, or none came in time) and
        `Abandoned` (the caller went away).
        """
        ticket = self._enter(caller.name)
        try:
            self._wait(ticket, caller, seconds)
            yield
        finally:
            self._leave(ticket)

    def _enter(self, name: str) -> _Ticket:
        ticket = _Ticket(name)
        with self._lock:
            own = len(self._queue.get(name, ()))
            if own >= self._each:
                raise TooManyQueries(f"{own} queries from your address are waiting already; send the next after them.")
            if sum(map(len, self._queue.values())) >= self._most:
                raise NoTurn("Every SPARQL worker is busy and the queue is full; try again soon.")
            self._queue.setdefault(name, deque()).append(ticket)
            self._call()
        return ticket

    def _wait(self, ticket: _Ticket, caller: Caller, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not ticket.called.wait(min(LOOK_SECONDS, max(0.0, deadline - time.monotonic()))):
            if caller.gone():
                raise Abandoned("The client went away before its query began.")
            if time.monotonic() >= deadline:
                raise NoTurn(f"Every SPARQL worker was busy for {seconds:g} seconds; try again soon.")

    def _leave(self, ticket: _Ticket) -> None:
        with self._lock:
            if ticket.called.is_set():
                self._running[ticket.caller] -= 1
                self._running += Counter()  # forget those who have nothing running
            else:
                self._queue[ticket.caller].remove(ticket)
                self._tidy(ticket.caller)
            self._call()

    def _call(self) -> None:
        """Give free turns to those who wait, caller after caller."""
        while self._running.total() < self._size:
            name = next((each for each in self._queue if self._running[each] < self._share), None)
            if name is None:
                return
            self._running[name] += 1
            self._queue[name].popleft().called.set()
            self._queue.move_to_end(name)
            self._tidy(name)

    def _tidy(self, name: str) -> None:
        if not self._queue[name]:
            del self._queue[name]
