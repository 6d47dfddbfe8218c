"""How much the store holds, by class and property: counted once for each version of it."""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from catalogue.store.port import Caller, SparqlAnswer, SparqlQuery
from shapes.errors import Fault

_log = logging.getLogger(__name__)
# As a caller among others, so that a long count keeps no page waiting for the worker of the catalogue's own questions.
_CALLER: Final = Caller("statistics")
_PAUSE_SECONDS: Final = 300.0
_PROPERTIES: Final = "SELECT ?term (COUNT(*) AS ?n) { ?s ?term ?o } GROUP BY ?term ORDER BY DESC(?n) ?term"
_CLASSES: Final = "SELECT ?term (COUNT(*) AS ?n) { ?s a ?term } GROUP BY ?term ORDER BY DESC(?n) ?term"


@dataclass(frozen=True, slots=True)
class Count:
    """A class or property, and in how many statements of the union it stands (of a class: how many members)."""

    iri: str
    number: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures of the union of all graphs; the most frequent first."""

    classes: tuple[Count, ...]
    properties: tuple[Count, ...]

    @property
    def triples(self) -> int:
        """All statements."""
        return sum(each.number for each in self.properties)


class _Askable(Protocol):
    def ask(
        self, query: SparqlQuery, *, seconds: float | None = None, caller: Caller | None = None
    ) -> SparqlAnswer: ...

    def version(self) -> str: ...


class Counting:
    """Counts what a store holds, and remembers it until the store changes. Safe for many threads.

    A count that could not be made is not tried again for some minutes: it costs its whole budget each time.
    """

    def __init__(self, store: _Askable, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._again = -math.inf  # not before this moment
        self._known: tuple[str, Statistics] | None = None
        self._lock = threading.Lock()

    def look(self) -> Statistics | None:
        """Return the figures; None where they cannot be counted now (over budget, or every worker is busy)."""
        try:
            version = self._store.version()
            known = self._known
            if known is not None and known[0] == version:
                return known[1]
            with self._lock:  # one counts, the others wait for it
                if self._known is None or self._known[0] != version:
                    if self._clock() < self._again:
                        return None
                    self._again = self._clock() + _PAUSE_SECONDS
                    self._known = (version, Statistics(self._count(_CLASSES), self._count(_PROPERTIES)))
                    self._again = -math.inf
                return self._known[1]
        except Fault as fault:
            _log.info("the statements of the store could not be counted: %s", fault)
            return None

    def _count(self, question: str) -> tuple[Count, ...]:
        answer = self._store.ask(SparqlQuery(question), caller=_CALLER)
        rows = json.loads(answer.body)["results"]["bindings"]
        return tuple(Count(row["term"]["value"], int(row["n"]["value"])) for row in rows if "term" in row)
