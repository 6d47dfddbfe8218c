"""The desk behind the web's validator: fetches what a stranger names, and judges in processes that can be ended.

Nothing is kept: a document lives as long as its request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Final

from flask import current_app

from catalogue.settings import Settings
from harvester.address import AddressPolicy
from harvester.http import Door, DoorSettings, user_agent
from harvester.patience import Patience
from shapes.errors import OverBudget, TooLarge
from shapes.parse import Document
from shapes.record import Record
from shapes.report import Report
from shapes.scores import Scored
from shapes.validate import Criteria
from shapes.workers import Worker

_WORKERS: Final = 2
_WAIT: Final = 5.0  # seconds until a free worker
_SECONDS: Final = 30.0  # for one judgement
_MEMORY: Final = 2 * 1024 * 1024 * 1024
_FETCH: Final = 30.0  # seconds for a whole document from elsewhere
# Relative addresses in a pasted text are resolved against this; the name can never be registered (RFC 2606).
BASE: Final = "https://pasted.invalid/"
# Under which name the desk lies among the application's extensions.
DESK: Final = "gdi-desk"


class Desk:
    """Judges documents for strangers under budgets of size, time and memory. Processes start on first use."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._workers = tuple(Worker(memory=_MEMORY) for _ in range(_WORKERS + 1))
        self._free: SimpleQueue[Worker] = SimpleQueue()
        # Shapes of strangers may take all the time they get: they never keep our own profiles waiting.
        self._free_for_shapes: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers[1:]:
            self._free.put(worker)
        self._free_for_shapes.put(self._workers[0])

    def judge(self, document: Document, criteria: Criteria) -> Report:
        """Judge a document. Raises what judging raises, `TooLarge`, `OverBudget`."""
        cap = self._settings.validate_max_bytes
        if len(document.data) > cap:
            raise TooLarge(f"The document has {len(document.data):,} bytes; the validator takes {cap:,}.")
        with self._worker(criteria) as worker:
            return worker.judge_document(criteria, document, timeout=_SECONDS)

    def score(self, document: Document, criteria: Criteria, report: Report) -> tuple[Scored, ...]:
        """Score a document's datasets; `report` is what `judge` found in it. Raises `OverBudget`."""
        with self._worker(criteria) as worker:
            return worker.score_document(criteria, document, report, timeout=_SECONDS)

    def judge_records(self, records: Sequence[Record], criteria: Criteria) -> Sequence[Report]:
        """Judge records by a profile; the reports come in the same order. Raises `OverBudget`."""
        with self._worker(criteria) as worker:
            return worker.judge_records(criteria, records, timeout=_SECONDS)

    @contextmanager
    def _worker(self, criteria: Criteria) -> Iterator[Worker]:
        free = self._free_for_shapes if criteria.shapes else self._free
        try:
            worker = free.get(timeout=_WAIT)
        except Empty as error:
            raise OverBudget("Other documents are being validated; try again in a moment.") from error
        try:
            yield worker
        finally:
            free.put(worker)

    def fetch(self, url: str) -> Document:
        """Fetch a document through the guarded door. Raises `AddressBlocked`, `TooLarge`, `Unreachable`."""
        settings = DoorSettings(
            connect=min(5.0, self._settings.harvest_connect_timeout),
            read=min(15.0, self._settings.harvest_read_timeout),
            total=_FETCH,
            max_bytes=self._settings.validate_max_bytes,
            agent=user_agent(self._settings.contact),
        )
        policy = AddressPolicy(anywhere=self._settings.allow_private)
        with Door(settings, policy=policy, patience=Patience(retries=0)) as door:
            answer = door.get(url)
        return Document(answer.data, name=url, base=answer.url, media_type=answer.headers.get("Content-Type"))

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.close()


def current_desk() -> Desk:
    """The desk of the running application."""
    desk = current_app.extensions[DESK]
    if not isinstance(desk, Desk):  # pragma: no cover - a wiring mistake, not an input
        raise TypeError("the validator was not registered")
    return desk
