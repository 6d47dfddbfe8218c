"""Harvests side by side: so many at a time, never two of one source, and a slow one delays no other.

The command line and the schedule of the server both run theirs this way; what one errand is, they say themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, Self, TypeVar

from harvester.source import Source

T = TypeVar("T")


class Errands(Generic[T]):
    """Runs one errand per source in a thread of its own. A context manager: leaving it waits for all that were begun.

    Used by one thread.
    """

    def __init__(self, run: Callable[[Source], T], at_once: int) -> None:
        """`run` does the errand of a source; `at_once`: how many go on at a time, the others wait their turn."""
        self._run = run
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="harvest")
        self._going: dict[str, Future[T]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def begin(self, source: Source) -> Future[T]:
        """Begin the errand of a source, or return the one that goes on or waits."""
        going = self._going.get(source.name)
        if going is None or going.done():
            going = self._going[source.name] = self._pool.submit(self._run, source)
        return going

    def forget_waiting(self) -> None:
        """Let those that have not begun never begin; their futures are cancelled."""
        self._pool.shutdown(wait=False, cancel_futures=True)
