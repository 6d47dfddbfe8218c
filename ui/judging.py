"""The desk behind the web's validator: fetches what a stranger names, and judges in processes that can be ended.

Nothing is kept: a document lives as long as its request.
"""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import Final

from catalogue.settings import Settings
from harvester.address import AddressPolicy
from harvester.http import Door, DoorSettings, user_agent
from harvester.patience import Patience
from shapes.errors import OverBudget, TooLarge
from shapes.parse import Document
from shapes.report import Report
from shapes.validate import Criteria
from shapes.workers import Worker

_WORKERS: Final = 2
_WAIT: Final = 5.0  # seconds until a free worker
_SECONDS: Final = 30.0  # for one judgement
_MEMORY: Final = 2 * 1024 * 1024 * 1024
_FETCH: Final = 30.0  # seconds for a whole document from elsewhere
# Relative addresses in a pasted text are resolved against this; the name can never be registered (RFC 2606).
BASE: Final = "https://pasted.invalid/"


class Desk:
    """Judges documents for strangers under budgets of size, time and memory. Processes start on first use."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._workers = tuple(Worker(memory=_MEMORY) for _ in range(_WORKERS))
        self._free: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)

    def judge(self, document: Document, profile: str) -> Report:
        """Judge a document by a profile. Raises what judging raises, `TooLarge`, `OverBudget`."""
        cap = self._settings.validate_max_bytes
        if len(document.data) > cap:
            raise TooLarge(f"The document has {len(document.data):,} bytes; the validator takes {cap:,}.")
        try:
            worker = self._free.get(timeout=_WAIT)
        except Empty as error:
            raise OverBudget("Other documents are being validated; try again in a moment.") from error
        try:
            return worker.judge_document(Criteria(profile), document, timeout=_SECONDS)
        finally:
            self._free.put(worker)

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
