"""What is described is handed to several projections at once, each in a thread of its own.

Everything is described once. No more waits than a little ahead of the slowest, so that a batch may have thousands of
records while a few hundred are in memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Condition
from typing import Final

from catalogue.entry import Entry

_AHEAD: Final = 2  # pieces that wait for a reader


@dataclass(frozen=True, slots=True)
class Piece:
    """The entries of some states in order, up to one number; `again` are others that what these say is told with."""

    upto: int
    entries: Sequence[Entry]
    again: Sequence[Entry] = ()

    def after(self, seq: int) -> Iterator[Entry]:
        """Yield what a projection lacks that has applied the states up to a number."""
        yield from (entry for entry in self.entries if entry.state.seq > seq)
        yield from self.again


class Lane:
    """The way to one reader. One thread puts pieces in, another takes them out."""

    def __init__(self) -> None:
        self._waiting: deque[Piece] = deque()
        self._changed = Condition()
        self._gone = self._ended = False
        self._error: BaseException | None = None

    def put(self, piece: Piece) -> None:
        """Hand a piece over, as soon as there is room. Nothing is kept for a reader that has gone."""
        with self._changed:
            self._changed.wait_for(lambda: self._gone or len(self._waiting) < _AHEAD)
            if not self._gone:
                self._waiting.append(piece)
                self._changed.notify_all()

    def end(self, error: BaseException | None = None) -> None:
        """Say that no more comes; with `error`, because it could not be read: the reader is told, and has no whole."""
        with self._changed:
            self._ended, self._error = True, error
            self._changed.notify_all()

    def leave(self) -> None:
        """Take nothing more, whatever comes."""
        with self._changed:
            self._gone = True
            self._waiting.clear()
            self._changed.notify_all()

    def __iter__(self) -> Iterator[Piece]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._ended)
                if not self._waiting:
                    if self._error is not None:
                        raise self._error
                    return
                piece = self._waiting.popleft()
                self._changed.notify_all()
            yield piece
