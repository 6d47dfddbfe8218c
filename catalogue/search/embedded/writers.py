"""The writer of the index, kept open for a moment after a change, so that no change waits for the engine's merging.

A commit is all that readers need; afterwards tantivy may merge parts, which takes seconds once in ten changes. A writer
is therefore let go only when no change has come for a moment: the next one takes it over, whatever is being merged. A
process that ends before has lost nothing but the merging.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Timer
from typing import Final

import tantivy

from catalogue.errors import SearchUnavailable, StoreLocked
from catalogue.search.embedded.engine import engine
from catalogue.search.embedded.folder import Generation
from catalogue.search.embedded.schema import make_schema

_MOMENT: Final = 1.0  # seconds
_PATIENCE: Final = 10.0  # seconds that another process is waited for, which may be merging
_LOOK: Final = 0.05  # seconds between two looks
_log: Final = logging.getLogger(__name__)


class Writers:
    """Opens the writer of a generation and lets it go, for one index object. Safe to share between threads."""

    def __init__(self, pause: Callable[[float], None] = time.sleep) -> None:
        self._pause = pause
        self._lock = Lock()
        self._kept: tuple[Path, tantivy.IndexWriter] | None = None
        self._timer: Timer | None = None

    @contextmanager
    def writing(self, generation: Generation, memory: int) -> Iterator[tantivy.IndexWriter]:
        """Hand out the writer for a block, which commits. What it did not commit is undone where it raises.

        `memory` is for the documents of a writer that is not open yet, in bytes. Raises `StoreLocked` while another
        process writes.
        """
        with self._lock:
            writer = self._taken_over(generation) or self._opened(generation, memory)
            try:
                yield writer
            except BaseException:
                with engine(generation.path):
                    writer.rollback()
                    writer.wait_merging_threads()
                raise
            self._kept = (generation.path, writer)
            self._timer = Timer(_MOMENT, self._let_go_if, (writer,))
            self._timer.daemon = True
            self._timer.start()

    def close(self) -> None:
        """Let the writer go now, when its merging is done. Raises `SearchUnavailable` where that fails."""
        with self._lock:
            self._let_go()

    def _taken_over(self, generation: Generation) -> tantivy.IndexWriter | None:
        if self._timer is not None:
            self._timer.cancel()
        if self._kept is None or self._kept[0] != generation.path:
            self._let_go()
            return None
        (_, writer), self._kept = self._kept, None
        return writer

    def _opened(self, generation: Generation, memory: int) -> tantivy.IndexWriter:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                with engine(generation.path):
                    return tantivy.Index(make_schema(), path=str(generation.path)).writer(memory, 1)
            except StoreLocked:
                if time.monotonic() >= until:
                    raise
                self._pause(_LOOK)

    def _let_go_if(self, writer: tantivy.IndexWriter) -> None:
        """Let a writer go that nobody took over, in a thread of its own."""
        with self._lock:
            if self._kept is not None and self._kept[1] is writer:
                try:
                    self._let_go()
                except SearchUnavailable as error:  # the next change tells, if there is anything left to tell
                    _log.warning("the search index could not merge its parts: %s", error)

    def _let_go(self) -> None:
        if self._kept is not None:
            (path, writer), self._kept = self._kept, None
            with engine(path):
                writer.wait_merging_threads()
