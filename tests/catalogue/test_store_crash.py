"""A write that breaks off anywhere is finished by applying the same batch again, the union of all graphs included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from math import inf
from typing import Any

import pyoxigraph as ox

from catalogue.store.embedded import NamedGraphs, _replace

EX = "http://example.org/"


class Breaks:
    """A store whose process dies at the n-th change; a bulk change is one transaction, as in the engine."""

    def __init__(self) -> None:
        self.store = ox.Store()
        self.left: float = inf

    def _spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt

    def remove(self, quad: ox.Quad) -> None:
        self._spend()
        self.store.remove(quad)

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        self._spend()
        self.store.extend(quads)

    def quads_for_pattern(self, *pattern: Any) -> Iterator[ox.Quad]:
        return self.store.quads_for_pattern(*pattern)


def _graph(*names: str) -> tuple[ox.Triple, ...]:
    return tuple(ox.Triple(ox.NamedNode(EX + n), ox.NamedNode(EX + "p"), ox.Literal(n)) for n in names)


BEFORE: NamedGraphs = {
    ox.NamedNode(EX + "one"): _graph("shared", "old", "moves"),
    ox.NamedNode(EX + "two"): _graph("shared", "kept"),
}
BATCH: NamedGraphs = {
    ox.NamedNode(EX + "one"): _graph("new"),
    ox.NamedNode(EX + "two"): _graph("kept", "moves", "more"),
}


def _union_is_true(store: ox.Store) -> bool:
    union = {quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    return union == {quad.triple for quad in store if not isinstance(quad.graph_name, ox.DefaultGraph)}


def _filled(left: float = inf) -> Breaks:
    """Return a store in the state before the batch, which dies after so many changes."""
    breaks = Breaks()
    _replace(breaks, BEFORE)  # type: ignore[arg-type]
    breaks.left = left
    return breaks


def test_every_moment_of_dying_is_healed_by_applying_again() -> None:
    undisturbed = _filled()
    _replace(undisturbed, BATCH)  # type: ignore[arg-type]
    assert _union_is_true(undisturbed.store)
    for moment in count():
        breaks = _filled(moment)
        try:
            _replace(breaks, BATCH)  # type: ignore[arg-type]
        except KeyboardInterrupt:
            breaks.left = inf
            _replace(breaks, BATCH)  # type: ignore[arg-type]
            assert set(breaks.store) == set(undisturbed.store), moment
        else:
            break
    assert moment > 3
