"""Processes of the embedded engine that wait for the next question, started when first needed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeAlias

from catalogue.store.guard import refuse_service
from catalogue.store.process import AskedForSocketError, WorkerProcess

# The head and the body of an answer (`catalogue.store.worker`).
Outcome: TypeAlias = tuple[dict[str, Any], bytes]


class Workers:
    """Processes with the same budgets: bytes of address space, bytes and rows of an answer. Safe for many threads."""

    def __init__(self, memory: int, most: int, rows: int) -> None:
        self._budgets = (memory, most, rows)
        self._free: list[WorkerProcess] = []
        self._all: set[WorkerProcess] = set()
        self._lock = threading.Lock()

    def run(self, request: dict[str, Any], seconds: float, gone: Callable[[], bool]) -> Outcome | None:
        """Run a request on a free process, or a new one; it comes back only with its answer read whole.

        Returns None where its memory was not enough. Raises `TimeoutError` after `seconds`, what `refuse_service` makes
        for a query that asked for a socket, and `Abandoned` when whoever asked is gone.
        """
        with self._lock:
            worker = self._free.pop() if self._free else None
        worker = worker or self._start()
        try:
            outcome = worker.run(request, time.monotonic() + seconds, gone)
        except BaseException as error:
            self._drop(worker)  # an answer may still be in its pipe: it is never used again
            if isinstance(error, AskedForSocketError):
                raise refuse_service() from None
            raise
        if outcome is None or outcome[0].get("error") == "memory":
            self._drop(worker)  # what is left of its memory is not known
            return None
        with self._lock:
            if worker in self._all:
                self._free.append(worker)
        return outcome

    def close(self) -> None:
        """Kill every process."""
        with self._lock:
            workers, self._all = self._all, set()
            self._free.clear()
        for worker in workers:
            worker.kill()

    def _start(self) -> WorkerProcess:
        worker = WorkerProcess(*self._budgets)
        with self._lock:
            self._all.add(worker)
        return worker

    def _drop(self, worker: WorkerProcess) -> None:
        with self._lock:
            self._all.discard(worker)
        worker.kill()
