"""Handing in documents, many at a time and never more than the server takes.

A request is bounded by number and by bytes. What the server is too busy for is handed in again, and only that, after
pauses that grow. What it refuses for good is one document's fault: the log says so, and the others go on.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from catalogue.search.elastic.faults import Busy, TooBig, error_types, refusal
from catalogue.search.elastic.mapping import Json
from catalogue.search.elastic.naming import WRITE
from catalogue.search.elastic.server import Server

MOST: Final = 500  # documents of one request
MOST_BYTES: Final = 8 * 1024 * 1024  # of one request; a document larger than that goes alone
PAUSES: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # seconds before each further try

_log = logging.getLogger(__name__)
_CONFLICT, _BUSY, _UNAVAILABLE = 409, 429, 503
_REASON_CHARACTERS: Final = 300


@dataclass(frozen=True, slots=True)
class Action:
    """One document to be written or deleted, as the two lines of a request. `what` names it in messages."""

    what: str
    lines: tuple[bytes, ...]

    def __len__(self) -> int:
        return sum(len(line) + 1 for line in self.lines)


def written(index: str, record: str, document: Json, *, what: str, version: int | None = None) -> Action:
    """Return the action that writes a document; with a version, unless the index has a later one.

    Raises `ValueError` for a document that is no JSON.
    """
    return Action(what, (_head("index", index, record, version), _line(document)))


def deleted(index: str, record: str, *, what: str, version: int) -> Action:
    """Return the action that deletes a document, unless the index has a later version."""
    return Action(what, (_head("delete", index, record, version),))


class Bulk:
    """Hands in actions. `pause` waits for seconds."""

    def __init__(self, server: Server, pause: Callable[[float], None] = time.sleep) -> None:
        self._server = server
        self._pause = pause

    def send(self, actions: Iterable[Action]) -> None:
        """Hand in everything, in order; while the server works on one request the next one is made.

        Documents it refuses are logged. Raises leaves of `SearchUnavailable` when it cannot work, or stays too busy.
        """
        with ThreadPoolExecutor(1, "search-bulk") as sender:
            flying: Future[None] | None = None
            for chunk in chunks(actions):
                if flying is not None:
                    flying.result()
                flying = sender.submit(self._send, chunk)
            if flying is not None:
                flying.result()

    def _send(self, chunk: Sequence[Action]) -> None:
        try:
            left = self._once(chunk)
            for seconds in PAUSES:
                if not left:
                    return
                self._pause(seconds)
                left = self._once(left)
        except TooBig:
            if len(chunk) == 1:
                _log.error("the search index cannot take %s: it is too large for the search server", chunk[0].what)
                return
            for half in (chunk[: len(chunk) // 2], chunk[len(chunk) // 2 :]):
                self._send(half)
            return
        if left:
            raise Busy(
                f"The search server stayed too busy to take documents, for {sum(PAUSES):g} seconds.",
                url=self._server.place.shown,
            )

    def _once(self, chunk: Sequence[Action]) -> Sequence[Action]:
        """Hand in a request and return what is to be handed in again."""
        try:
            results = self._server.bulk([line for action in chunk for line in action.lines])
        except Busy:
            return chunk
        left = []
        for action, result in zip(chunk, results, strict=True):
            if "error" in result and self._again(action, result):
                left.append(action)
        return left

    def _again(self, action: Action, result: Json) -> bool:
        """Whether an action that failed is to be tried again. Raises where the others would fail too."""
        status, kinds = result["status"], error_types(result)
        blocked = "cluster_block_exception" in kinds
        if status == _CONFLICT:
            return False  # a later version is there already
        if status in {_BUSY, _UNAVAILABLE} and not blocked:
            return True
        if blocked or status in {401, 403, 404} or status >= 500:  # noqa: PLR2004 - HTTP
            raise refusal(self._server.place, status, result)
        reason = str(result["error"].get("reason", ""))[:_REASON_CHARACTERS]
        _log.error("the search index cannot take %s: %s (%s)", action.what, reason, ", ".join(sorted(kinds)))
        return False


def chunks(actions: Iterable[Action]) -> Iterator[list[Action]]:
    """Yield the actions as requests of at most `MOST` documents and about `MOST_BYTES` bytes, in order."""
    chunk: list[Action] = []
    size = 0
    for action in actions:
        if chunk and (len(chunk) == MOST or size + len(action) > MOST_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(action)
        size += len(action)
    if chunk:
        yield chunk


def _head(kind: str, index: str, record: str, version: int | None) -> bytes:
    where: Json = {"_index": f"{index}{WRITE}", "_id": record}
    if version is not None:
        where |= {"version": version, "version_type": "external_gte"}
    return _line({kind: where})


def _line(document: Json) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
