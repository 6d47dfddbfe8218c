"""Answers kept as long as the store stays the same, up to a number of bytes; the least recently asked goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final, TypeAlias

from catalogue.store.port import SparqlAnswer, SparqlQuery

Key: TypeAlias = tuple[str, SparqlQuery]  # the snapshot it was answered from, and the question

_SHARE: Final = 4  # an answer larger than this part of the room would push out too many others


class Answers:
    """A bounded memory of whole answers. Safe for many threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._kept: OrderedDict[Key, SparqlAnswer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> SparqlAnswer | None:
        """Return the answer to this question over this snapshot, if it is kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Key, answer: SparqlAnswer) -> None:
        """Keep an answer; those over another snapshot are of no use any more."""
        size = _size(key, answer)
        with self._lock:
            if self._kept and next(reversed(self._kept))[0] != key[0]:
                self._kept.clear()
                self._held = 0
            if key in self._kept or size * _SHARE > self._most:
                return
            self._kept[key] = answer
            self._held += size
            while self._held > self._most:
                self._held -= _size(*self._kept.popitem(last=False))


def _size(key: Key, answer: SparqlAnswer) -> int:
    return len(answer.body) + 4 * len(key[1].text)
