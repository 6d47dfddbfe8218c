"""A search index that cannot hold up everything else, however slow or dead its engine is.

The first readers to meet a dead engine wait for its time limit; the others are told at once, until one of them may try
again. And however many want to search, so many at once may, so that a server keeps threads for pages that need no
search.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar

from catalogue.entry import Entry
from catalogue.errors import SearchUnavailable
from catalogue.search.port import SearchIndex
from catalogue.search.query import FacetCounts, Page, Query
from catalogue.trouble import Trouble, Troubles

AT_ONCE: Final = 4  # readers who may wait for the engine at the same time; a server has 8 threads unless told otherwise
_PATIENCE: Final = 2.0  # seconds a reader waits for one of those places
_LONGEST: Final = 5.0  # seconds after which a reader notices that the engine is back, where it refuses at once
_Answer = TypeVar("_Answer")


class WatchedIndex:
    """A search index as readers use it: every method as the port says, and `troubles` beside. Safe for threads."""

    def __init__(
        self,
        index: SearchIndex,
        *,
        patience: float = _PATIENCE,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._index = index
        self._clock = clock
        self._patience = patience
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._troubles = Troubles(
            "the search {} does not answer", "the search {} answers again", longest=_LONGEST, clock=clock, now=now
        )

    @property
    def name(self) -> str:
        """See `catalogue.projection.Projection`."""
        return self._index.name

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """Why it did not answer when it was last asked; empty where it did."""
        return self._troubles.all()

    def search(self, query: Query) -> Page:
        """See `catalogue.search.port.SearchIndex`."""
        return self._ask(lambda: self._index.search(query))

    def facets(self, languages: Sequence[str] = ("en",)) -> tuple[FacetCounts, ...]:
        """See `catalogue.search.port.SearchIndex`."""
        return self._ask(lambda: self._index.facets(languages))

    def values(self, query: Query, name: str) -> FacetCounts:
        """See `catalogue.search.port.SearchIndex`."""
        return self._ask(lambda: self._index.values(query, name))

    def tallied(self, query: Query, name: str) -> Mapping[str, int]:
        """See `catalogue.search.port.SearchIndex`."""
        return self._ask(lambda: self._index.tallied(query, name))

    def count(self) -> int:
        """See `catalogue.search.port.SearchIndex`."""
        return self._ask(self._index.count)

    def cursor(self) -> int:
        """See `catalogue.projection.Projection`."""
        return self._ask(self._index.cursor)

    def stamp(self) -> str:
        """See `catalogue.projection.Projection`."""
        return self._ask(self._index.stamp)

    def digests(self) -> Mapping[str, str]:
        """See `catalogue.projection.Projection`."""
        return self._ask(self._index.digests)

    def apply(self, entries: Iterable[Entry], upto: int) -> None:
        """See `catalogue.projection.Projection`."""
        self._ask(lambda: self._index.apply(entries, upto))

    def rebuild(self, entries: Iterable[Entry], upto: int, stamp: str) -> None:
        """See `catalogue.projection.Projection`."""
        self._ask(lambda: self._index.rebuild(entries, upto, stamp))

    def close(self) -> None:
        """See `catalogue.projection.Projection`."""
        self._index.close()

    def _ask(self, ask: Callable[[], _Answer]) -> _Answer:
        """Ask the engine, unless it was silent a moment ago. Raises what it raises; `SearchUnavailable` is noted."""
        _tell(self._troubles.pausing(self.name))
        if not self._room.acquire(timeout=self._patience):
            raise SearchUnavailable(f"The search engine is busy: {AT_ONCE} searches wait for it already.")
        try:
            _tell(self._troubles.trying(self.name))
            return self._asked(ask)
        finally:
            self._room.release()

    def _asked(self, ask: Callable[[], _Answer]) -> _Answer:
        began = self._clock()
        try:
            answer = ask()
        except SearchUnavailable as fault:
            self._troubles.lost(self.name, fault, self._clock() - began)
            raise
        self._troubles.well(self.name)
        return answer


def _tell(known: Trouble | None) -> None:
    """Raise what was met a moment ago."""
    if known is not None:
        raise SearchUnavailable(known.detail, url=known.url)
