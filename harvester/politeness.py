"""Good manners towards one host: few requests at once, a pause between them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from harvester.address import Endpoint


class Politeness:
    """Lets at most `at_once` requests run against one host, their starts at least `interval` seconds apart.

    Hosts whose name is this machine's own are not spared the first rule, only the second. Safe between threads.
    """

    def __init__(
        self,
        *,
        at_once: int = 4,
        interval: float = 0.05,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._at_once = at_once
        self._interval = interval
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._places: dict[str, threading.BoundedSemaphore] = {}
        self._next: dict[str, float] = {}

    @contextmanager
    def turn(self, endpoint: Endpoint) -> Iterator[None]:
        """Wait for a place and for the pause to pass, then hold the place."""
        with self._lock:
            place = self._places.setdefault(endpoint.host, threading.BoundedSemaphore(self._at_once))
        with place:
            pause = self._book(endpoint)
            if pause > 0:
                self._sleep(pause)
            yield

    def _book(self, endpoint: Endpoint) -> float:
        """Take the next free moment of a host; return how far off it is."""
        interval = 0.0 if endpoint.loopback else self._interval
        with self._lock:
            now = self._clock()
            start = max(now, self._next.get(endpoint.host, now))
            self._next[endpoint.host] = start + interval
        return start - now
