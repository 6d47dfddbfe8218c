"""What the store holds is counted once for each state of it, and not over and over where it cannot be."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from catalogue.errors import QueryOverBudget
from catalogue.store.port import Caller, SparqlAnswer, SparqlQuery
from catalogue.store.statistics import Count, Counting


@dataclass
class Store:
    """Counts one class and two properties, or is too slow for it."""

    state: str = "1"
    slow: bool = False
    asked: list[str] = field(default_factory=list)

    def version(self) -> str:
        return self.state

    def ask(self, query: SparqlQuery, *, seconds: float | None = None, caller: Caller | None = None) -> SparqlAnswer:
        assert seconds is None
        assert caller is not None  # never the worker of the catalogue's own questions
        self.asked.append(query.text)
        if self.slow:
            raise QueryOverBudget("It took too long.", "time", 30)
        found = {"x:Dataset": 3} if " a ?term" in query.text else {"x:title": 5, "x:date": 2}
        rows = [{"term": {"value": iri}, "n": {"value": str(number)}} for iri, number in found.items()]
        return SparqlAnswer("select", "json", "", json.dumps({"results": {"bindings": rows}}).encode(), 0.1)


def test_a_state_is_counted_once() -> None:
    store = Store()
    counting = Counting(store)
    first = counting.look()
    assert first is not None
    assert (first.triples, first.classes) == (7, (Count("x:Dataset", 3),))
    assert counting.look() is first
    assert len(store.asked) == 2
    store.state = "2"
    assert counting.look() is not first
    assert len(store.asked) == 4


def test_what_cannot_be_counted_is_not_tried_again_at_once() -> None:
    now = [0.0]
    store = Store(slow=True)
    counting = Counting(store, lambda: now[0])
    assert (counting.look(), counting.look()) == (None, None)
    assert len(store.asked) == 1
    store.slow = False
    now[0] = 299
    assert counting.look() is None
    now[0] = 300
    assert counting.look() is not None
