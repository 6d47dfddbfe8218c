"""The values at the end of a path, written as in the rule tables: `a`, `a/b` (a, then b), `a|b` (a or b)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import expand

_LITERAL: Final = ox.Literal


def values(graph: RecordGraph, start: Node, path: str) -> tuple[Term, ...]:
    """Return the values, each once. `/` binds closer than `|`."""
    found: dict[Term, None] = {}
    for first, *others in _branches(path):
        reached = graph.values(start, first)
        for step in others:
            nodes = [node for node in reached if not isinstance(node, _LITERAL)]
            reached = [value for node in nodes for value in graph.values(node, step)]
        if reached:
            found.update(dict.fromkeys(reached))
    return tuple(found)


def leads_anywhere(graph: RecordGraph, start: Node, path: str) -> bool:
    """Return whether there is a value at the end of a path."""
    return any(_leads(graph, start, branch) for branch in _branches(path))


def _leads(graph: RecordGraph, start: Node, steps: tuple[str, ...]) -> bool:
    reached = graph.values(start, steps[0])
    if not reached or len(steps) == 1:
        return bool(reached)
    return any(_leads(graph, node, steps[1:]) for node in reached if not isinstance(node, _LITERAL))


@lru_cache(maxsize=1024)
def property_of(path: str) -> str | None:
    """Return the IRI of the property that a path is, as most are; None for a longer one, or one with branches."""
    branches = _branches(path)
    return branches[0][0] if len(branches) == 1 and len(branches[0]) == 1 else None


@lru_cache(maxsize=1024)
def beginnings(path: str) -> frozenset[str]:
    """Return the IRIs of the properties a path begins with: from where none is stated it leads nowhere."""
    return frozenset(branch[0] for branch in _branches(path))


@lru_cache(maxsize=1024)
def _branches(path: str) -> tuple[tuple[str, ...], ...]:
    """The branches of a path as the IRIs of their steps. Paths come from tables of ours: there are some hundred."""
    return tuple(tuple(expand(step) for step in branch.split("/")) for branch in path.split("|"))
