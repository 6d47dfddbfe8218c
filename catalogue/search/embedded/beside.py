"""Work that goes on beside the thread that answers a search: the engine looks for the hits while others are counted.

The engine works without Python's lock, so that two of its calls, or one and some counting, take the time of the longer
one where a processor is free. There is one thread for all searches of a process: where it is busy, or would have no
processor of its own, whoever asks does the work when it needs the result. So many searches at once cost no more than
one after the other.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import TypeVar

Result = TypeVar("Result")


class Beside:
    """One thread, made when it is first needed. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = Lock()
        self._alone = len(os.sched_getaffinity(0)) < 2  # noqa: PLR2004 - one for who asks, one beside
        self._thread: ThreadPoolExecutor | None = None

    def begin(self, work: Callable[[], Result]) -> Callable[[], Result]:
        """Begin some work. Returns what waits for its result, and raises what the work raises; to be called once.

        Nothing is lost where it is never called.
        """
        if self._alone or not self._taken.acquire(blocking=False):
            return work
        begun = Event()

        def beside() -> Result:
            begun.set()
            try:
                return work()
            finally:
                self._taken.release()

        try:
            future = self._executor().submit(beside)
        except RuntimeError:  # the process is about to end: no thread is made any more
            self._taken.release()
            return work
        begun.wait()  # until then it has no chance against whoever goes on here without letting go of Python's lock
        return future.result

    def close(self) -> None:
        """End the thread. The next work makes another."""
        with self._lock:
            if self._thread is not None:
                self._thread.shutdown()
                self._thread = None

    def _executor(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, thread_name_prefix="search-beside")
            return self._thread
