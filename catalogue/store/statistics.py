"""How much the store holds, by class and property: counted once for each version of it."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import dataclass
from typing import Final, Protocol

from catalogue.store.port import Caller, SparqlAnswer, SparqlQuery
from shapes.errors import Fault

_log = logging.getLogger(__name__)
# As a caller among others, so that a long count keeps no page waiting for the worker of the catalogue's own questions.
_CALLER: Final = Caller("statistics")
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
    """Counts what a store holds, and remembers it until the store changes. Safe for many threads."""

    def __init__(self, store: _Askable) -> None:
        self._store = store
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
                    self._known = (version, Statistics(self._count(_CLASSES), self._count(_PROPERTIES)))
                return self._known[1]
        except Fault as fault:
            _log.info("the statements of the store could not be counted: %s", fault)
            return None

    def _count(self, question: str) -> tuple[Count, ...]:
        answer = self._store.ask(SparqlQuery(question), caller=_CALLER)
        rows = json.loads(answer.body)["results"]["bindings"]
        return tuple(Count(row["term"]["value"], int(row["n"]["value"])) for row in rows if "term" in row)
