"""A SPARQL worker as its pool sees it: a process that is asked over pipes, waited for, and killed."""

from __future__ import annotations

import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

from catalogue.errors import Abandoned
from catalogue.store.turns import LOOK_SECONDS
from catalogue.store.worker import receive, send
from shapes.errors import CannotWork

_START_SECONDS: Final = 30.0


class AskedForSocketError(Exception):
    """The worker was ended by the system because its query asked for a socket."""


class WorkerProcess:
    """One worker process and its pipes. `memory`, `most` and `rows` are its budgets."""

    def __init__(self, memory: int, most: int, rows: int) -> None:
        command = [sys.executable, "-m", "catalogue.store.worker", str(memory), str(most), str(rows)]
        # The worker finds this very code and nothing else of our environment. Its threads share two pools of memory:
        # each pool more sets 64 MiB of addresses aside, which would be taken from the query's budget.
        own = {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "MALLOC_ARENA_MAX": "2"}
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=own
        )
        if self._exchange(None, time.monotonic() + _START_SECONDS) is None:
            self.kill()
            raise CannotWork("A SPARQL worker could not start; is sparql_max_memory too small?")

    def run(
        self, request: dict[str, Any], deadline: float, gone: Callable[[], bool]
    ) -> tuple[dict[str, Any], bytes] | None:
        """Run one request; None when the worker died (it was out of memory).

        Raises `TimeoutError` at the deadline, `Abandoned` when the one who asked is gone, and `AskedForSocketError`.
        After any of them the worker is of no use.
        """
        outcome = self._exchange(request, deadline, gone)
        if outcome is None and self._process.wait() == -signal.SIGSYS:
            raise AskedForSocketError
        return outcome

    def kill(self) -> None:
        """End the process and close its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _exchange(
        self, request: dict[str, Any] | None, deadline: float, gone: Callable[[], bool] = lambda: False
    ) -> tuple[dict[str, Any], bytes] | None:
        inward, outward = self._process.stdin, self._process.stdout
        if inward is None or outward is None:
            raise CannotWork("A SPARQL worker has no pipes.")
        try:
            if request is not None:
                send(inward, request)
            _await(outward, deadline, gone)
            head = receive(outward)
            return None if head is None else (head, outward.read(head["bytes"]))
        except BrokenPipeError:
            return None


def _await(pipe: IO[bytes], deadline: float, gone: Callable[[], bool]) -> None:
    """Wait until the worker answers. It computes the whole answer first, so its first byte is the end of the work."""
    while True:
        left = deadline - time.monotonic()
        if select.select([pipe], [], [], max(0.0, min(left, LOOK_SECONDS)))[0]:
            return
        if left <= 0:
            raise TimeoutError
        if gone():
            raise Abandoned("The client went away; its query was stopped.")
