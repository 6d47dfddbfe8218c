"""An RDF store that cannot hold up everything else, however slow or dead its server is.

As with the search engine (`catalogue.search.watched`): the first readers to meet a dead server wait for its time limit,
the others are told at once, until one of them may try again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

from catalogue.errors import StoreBeingFilled, StoreUnavailable
from catalogue.store.port import Caller, RdfStore, SparqlAnswer, SparqlQuery
from catalogue.trouble import Trouble, Troubles

_LONGEST: Final = 5.0  # seconds after which a reader notices that the server is back
_Answer = TypeVar("_Answer")


class WatchedStore:
    """An RDF store as readers use it, and `troubles` beside. Safe for threads when the store is."""

    def __init__(self, store: RdfStore, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._troubles = Troubles(
            "the RDF {} does not answer", "the RDF {} answers again", longest=_LONGEST, clock=clock
        )

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """Why it did not answer when it was last asked; empty where it did."""
        return self._troubles.all()

    @property
    def aggregates(self) -> frozenset[str]:
        """See `catalogue.store.port.AskedStore`."""
        return self._store.aggregates

    def cursor(self) -> int:
        """See `catalogue.projection.Projection`."""
        return self._ask(self._store.cursor)

    def version(self) -> str:
        """See `catalogue.store.port.AskedStore`."""
        return self._ask(self._store.version)

    def ask(self, query: SparqlQuery, *, seconds: float | None = None, caller: Caller | None = None) -> SparqlAnswer:
        """See `catalogue.store.port.AskedStore`."""
        return self._ask(lambda: self._store.ask(query, seconds=seconds, caller=caller))

    def _ask(self, ask: Callable[[], _Answer]) -> _Answer:
        """Ask the store, unless it was silent a moment ago. Raises what it raises; `StoreUnavailable` is noted."""
        known = self._troubles.trying(self._store.name)
        if known is not None:
            raise StoreUnavailable(known.detail, url=known.url)
        began = self._clock()
        try:
            answer = ask()
        except StoreBeingFilled:
            raise  # it answers that at once
        except StoreUnavailable as fault:
            self._troubles.lost(self._store.name, fault, self._clock() - began)
            raise
        self._troubles.well(self._store.name)
        return answer
