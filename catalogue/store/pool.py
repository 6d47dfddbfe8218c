"""A pool of SPARQL workers. A query over its time is ended by killing its worker, which is then replaced."""

from __future__ import annotations

import os
import queue
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

from catalogue.store.guard import check
from catalogue.store.port import SparqlAnswer, SparqlQuery
from catalogue.store.worker import receive, send
from shapes.errors import BadQuery, CannotWork, OverBudget
from shapes.vocabulary import PREFIXES

MEDIA_TYPES: Final = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "turtle": "text/turtle; charset=utf-8",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
_START_SECONDS: Final = 30.0


class _Worker:
    """One worker process and its pipes."""

    def __init__(self, memory: int, most: int) -> None:
        command = [sys.executable, "-m", "catalogue.store.worker", str(memory), str(most)]
        # The worker finds this very code and nothing else of our environment.
        root = str(Path(__file__).resolve().parents[2])
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"PYTHONPATH": root}
        )
        if self._exchange(None, time.monotonic() + _START_SECONDS) is None:
            self.kill()
            raise CannotWork("A SPARQL worker could not start; is sparql_max_memory too small?")

    def run(self, request: dict[str, Any], deadline: float) -> tuple[dict[str, Any], bytes] | None:
        """Run one request; None when the worker died (it was out of memory). Raises TimeoutError at the deadline."""
        return self._exchange(request, deadline)

    def kill(self) -> None:
        """End the process and close its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _exchange(self, request: dict[str, Any] | None, deadline: float) -> tuple[dict[str, Any], bytes] | None:
        inward, outward = self._process.stdin, self._process.stdout
        if inward is None or outward is None:
            raise CannotWork("A SPARQL worker has no pipes.")
        try:
            if request is not None:
                send(inward, request)
            _await(outward, deadline)
            head = receive(outward)
            return None if head is None else (head, outward.read(head["bytes"]))
        except BrokenPipeError:
            return None


def _await(pipe: IO[bytes], deadline: float) -> None:
    """Wait until the worker answers. It computes the whole answer first, so its first byte is the end of the work."""
    ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
    if not ready:
        raise TimeoutError


class Pool:
    """A fixed number of workers, started when first needed.

    `snapshot` tells the folder of the newest snapshot; `base` is the base IRI of queries. Budgets: `seconds` of time,
    `memory` bytes of address space, `most` bytes of answer. Safe for use by many threads.
    """

    def __init__(
        self, snapshot: Callable[[], Path], base: str, *, size: int, seconds: float, memory: int, most: int
    ) -> None:
        self._snapshot = snapshot
        self._base = base
        self._seconds = seconds
        self._memory = memory
        self._most = most
        self._free: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        for _ in range(size):
            self._free.put(None)

    def ask(self, query: SparqlQuery, *, seconds: float | None = None) -> SparqlAnswer:
        """Answer a query; see `catalogue.store.port.RdfStore.ask`."""
        check(query.text)
        budget = min(self._seconds, seconds) if seconds is not None else self._seconds
        begun = time.monotonic()
        try:
            worker = self._free.get(timeout=budget)
        except queue.Empty:
            raise CannotWork(f"Every SPARQL worker was busy for {budget:g} seconds; try again soon.") from None
        keep: _Worker | None = None
        try:
            worker = worker or self._start()
            keep = worker
            head, body = self._run(worker, query, budget)
        except BaseException:  # whatever interrupted it, an answer may still be in its pipe: never use it again
            self._drop(worker)
            keep = None
            raise
        finally:
            self._free.put(keep)
        return self._answer(head, body, time.monotonic() - begun)

    def close(self) -> None:
        """Kill every worker."""
        with self._lock:
            workers, self._all = self._all, set()
        for worker in workers:
            worker.kill()

    def _start(self) -> _Worker:
        worker = _Worker(self._memory, self._most)
        with self._lock:
            self._all.add(worker)
        return worker

    def _drop(self, worker: _Worker | None) -> None:
        if worker is not None:
            with self._lock:
                self._all.discard(worker)
            worker.kill()

    def _run(self, worker: _Worker, query: SparqlQuery, budget: float) -> tuple[dict[str, Any], bytes]:
        request = {
            "text": query.text,
            "table_format": query.table_format,
            "graph_format": query.graph_format,
            "default_graphs": query.default_graphs,
            "named_graphs": query.named_graphs,
            "snapshot": os.fspath(self._snapshot()),
            "base": self._base + "/",
            "prefixes": PREFIXES,
        }
        try:
            outcome = worker.run(request, time.monotonic() + budget)
        except TimeoutError:
            raise OverBudget(f"The query was stopped after {budget:g} seconds, its time budget.") from None
        if outcome is None or outcome[0].get("error") == "memory":
            raise OverBudget(f"The query needed more than {self._memory >> 20} MiB, its memory budget.")
        return outcome

    def _answer(self, head: dict[str, Any], body: bytes, seconds: float) -> SparqlAnswer:
        error = head.get("error")
        if error == "bytes":
            raise OverBudget(f"The answer is larger than {self._most >> 20} MiB, its byte budget; ask for less.")
        if error == "syntax":
            raise BadQuery(f"The query does not parse: {head['detail']}", line=head.get("line"))
        if error:
            raise BadQuery(f"The query cannot be answered: {head['detail']}")
        name = str(head["format"])
        return SparqlAnswer(str(head["form"]), name, MEDIA_TYPES[name], body, seconds)
