"""The values at the end of a path, written as in the rule tables: `a`, `a/b` (a, then b), `a|b` (a or b)."""

from __future__ import annotations

from functools import lru_cache

import pyoxigraph as ox

from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import expand


def values(graph: RecordGraph, start: Node, path: str) -> tuple[Term, ...]:
    """Return the values, each once. `/` binds closer than `|`."""
    branches = _branches(path)
    if len(branches) == 1 and len(branches[0]) == 1:  # most are a single property, and its values are distinct
        return tuple(graph.values(start, branches[0][0]))
    found: dict[Term, None] = {}
    for branch in branches:
        reached: list[Term] = [start]
        for step in branch:
            nodes = [node for node in reached if not isinstance(node, ox.Literal)]
            reached = [value for node in nodes for value in graph.values(node, step)]
            if not reached:
                break
        found.update(dict.fromkeys(reached))
    return tuple(found)


@lru_cache(maxsize=1024)
def _branches(path: str) -> tuple[tuple[str, ...], ...]:
    """The branches of a path as the IRIs of their steps. Paths come from tables of ours: there are some hundred."""
    return tuple(tuple(expand(step) for step in branch.split("/")) for branch in path.split("|"))
