"""A pool of SPARQL workers. A query over its time is ended by killing its worker, which is then replaced."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from catalogue.errors import QueryOverBudget, StoreUnavailable
from catalogue.store.answers import Answers
from catalogue.store.formats import MEDIA_TYPES
from catalogue.store.guard import Outline, outline
from catalogue.store.parsed import not_parsed
from catalogue.store.port import Caller, SparqlAnswer, SparqlQuery
from catalogue.store.turns import Turns
from catalogue.store.workers import Outcome, Workers
from shapes.errors import BadQuery
from shapes.vocabulary import PREFIXES

_HOUSE: Final = Caller("")  # the catalogue's own questions
_DAMAGED: Final = "The RDF store cannot be read; `gdi-catalogue reindex --store` makes it anew from the journal."
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Budgets:
    """What one query may use: seconds, bytes of address space, bytes and rows (or triples) of its answer."""

    seconds: float = 30.0
    memory: int = 2 << 30
    most: int = 64 << 20
    rows: int = 1_000_000

    def over_bytes(self) -> QueryOverBudget:
        """Return the error of an answer with too many bytes."""
        detail = f"The answer is larger than {self.most >> 20} MiB, its byte budget; ask for less."
        return QueryOverBudget(detail, "bytes", self.most)

    def over_rows(self) -> QueryOverBudget:
        """Return the error of an answer with too many rows."""
        detail = f"The answer has more than {self.rows} rows, its row budget; ask for less, with LIMIT for one."
        return QueryOverBudget(detail, "rows", self.rows)


def over_time(seconds: float) -> QueryOverBudget:
    """Return the error of a query that took too long."""
    return QueryOverBudget(f"The query was stopped after {seconds:g} seconds, its time budget.", "time", seconds)


@dataclass(frozen=True, slots=True)
class _Lane:
    """Workers, and whose turn it is to have one."""

    turns: Turns
    workers: Workers


class Pool:
    """`size` workers for those who ask and one for the catalogue itself, started when first needed.

    `snapshot` tells the folder of the newest snapshot; `base` is the base IRI of queries; `kept` bytes of answers are
    remembered as long as the snapshot is the same. Safe for use by many threads.
    """

    def __init__(
        self, snapshot: Callable[[], Path], base: str, *, size: int, budgets: Budgets | None = None, kept: int = 0
    ) -> None:
        self._snapshot = snapshot
        self._base = base
        self._budgets = budgets or Budgets()
        self._answers = Answers(kept)
        limits = (self._budgets.memory, self._budgets.most, self._budgets.rows)
        self._public = _Lane(Turns(size), Workers(*limits))
        self._house = _Lane(Turns(1), Workers(*limits))

    def ask(self, query: SparqlQuery, *, seconds: float | None = None, caller: Caller | None = None) -> SparqlAnswer:
        """Answer a query; see `catalogue.store.port.RdfStore.ask`."""
        read = outline(query.text)
        most = self._budgets.seconds
        budget = most if seconds is None else min(most, seconds)
        begun = time.monotonic()
        snapshot = os.fspath(self._snapshot())
        if kept := self._answers.get((snapshot, query)):
            return replace(kept, seconds=time.monotonic() - begun)
        lane = self._house if caller is None else self._public
        with lane.turns.turn(caller or _HOUSE, budget):
            # What was published while this one waited is what it is answered from.
            snapshot = os.fspath(self._snapshot())
            head, body = self._run(lane, self._request(query, read, snapshot), budget, caller or _HOUSE)
        answer = self._answer(query, head, body, time.monotonic() - begun)
        if read.steady:
            self._answers.put((snapshot, query), answer)
        return answer

    def close(self) -> None:
        """Kill every worker."""
        self._public.workers.close()
        self._house.workers.close()

    def _run(self, lane: _Lane, request: dict[str, Any], budget: float, caller: Caller) -> Outcome:
        """Run a request on a worker of the lane. Raises `QueryOverBudget`, and what `Workers.run` does."""
        try:
            outcome = lane.workers.run(request, budget, caller.gone)
        except TimeoutError:
            raise over_time(budget) from None
        if outcome is None:
            memory = self._budgets.memory
            raise QueryOverBudget(
                f"The query needed more than {memory >> 20} MiB, its memory budget.", "memory", memory
            )
        return outcome

    def _request(self, query: SparqlQuery, read: Outline, snapshot: str) -> dict[str, Any]:
        return {
            "text": query.text,
            "form": read.form,
            "table_format": query.table_format,
            "graph_format": query.graph_format,
            "default_graphs": query.default_graphs,
            "named_graphs": query.named_graphs,
            "snapshot": snapshot,
            "base": self._base + "/",
            "prefixes": PREFIXES,
        }

    def _answer(self, query: SparqlQuery, head: dict[str, Any], body: bytes, seconds: float) -> SparqlAnswer:
        error, budgets = head.get("error"), self._budgets
        if error == "bytes":
            raise budgets.over_bytes()
        if error == "rows":
            raise budgets.over_rows()
        if error == "syntax":
            raise not_parsed(str(head["detail"]), query.text)
        if error == "store":
            _log.error("the RDF store cannot be read: %s", head["detail"])
            raise StoreUnavailable(_DAMAGED)
        if error:
            raise BadQuery(f"The query cannot be answered: {head['detail']}")
        name = str(head["format"])
        return SparqlAnswer(str(head["form"]), name, MEDIA_TYPES[name], body, seconds)
