"""The values at the end of a path, written as in the rule tables: `a`, `a/b` (a, then b), `a|b` (a or b)."""

from __future__ import annotations

import pyoxigraph as ox

from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import expand


def values(graph: RecordGraph, start: Node, path: str) -> tuple[Term, ...]:
    """Return the values, each once. `/` binds closer than `|`."""
    found: dict[Term, None] = {}
    for branch in path.split("|"):
        reached: tuple[Term, ...] = (start,)
        for step in branch.split("/"):
            nodes = (node for node in reached if not isinstance(node, ox.Literal))
            reached = tuple(value for node in nodes for value in graph.values(node, expand(step)))
        found.update(dict.fromkeys(reached))
    return tuple(found)
