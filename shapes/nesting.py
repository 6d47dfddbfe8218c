"""A graph as expanded JSON-LD, nested from its root: each node written once, where it is nearest to the root.

PyLD's own framing is not used for this step: it leaves out what the root does not lead to (a catalogue record points at
its dataset, not the other way), cannot start at a blank node, and takes minutes for a dataset of six thousand
variables.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from typing import TypeAlias

import pyoxigraph as ox

from shapes.graph import Node, RecordGraph, Term, node_of, text_of
from shapes.vocabulary import RDF, XSD

Json: TypeAlias = "dict[str, Json] | list[Json] | str"
# Deeper nodes stand beside the root and are referred to: readers of JSON have limits of their own.
_DEEPEST = 40


def nested(graph: RecordGraph, root: str | None) -> list[dict[str, Json]]:
    """Return expanded JSON-LD: the root's object first, then one for each part the root does not lead to.

    `root` is an IRI or `_:label`; None starts at the nodes nothing refers to.
    """
    return _Tree(graph, root).trunks


def from_root(graph: RecordGraph, root: str | None) -> Iterator[ox.Triple]:
    """Yield the triples in the order people read: the root first, then what it leads to, nearest first; types first."""
    for node in _Tree(graph, root).written:
        predicates = graph.predicates(node)
        for predicate in sorted(predicates, key=lambda name: name != RDF.type):
            for value in predicates[predicate]:
                yield ox.Triple(node, ox.NamedNode(predicate), value)


class _Tree:
    """The objects of a graph, each written once. `written` has the nodes in the order they were met."""

    __slots__ = ("below", "graph", "references", "trunks", "written")

    def __init__(self, graph: RecordGraph, root: str | None) -> None:
        self.graph = graph
        self.references: Counter[object] = Counter(triple.object for triple in graph)
        self.below = {triple.object for triple in graph if triple.object != triple.subject}
        self.trunks: list[dict[str, Json]] = []
        self.written: dict[Node, None] = {}
        if root is not None and node_of(root) in graph:
            self.grow(node_of(root))
        for node in graph.nodes():
            if node not in self.below:
                self.grow(node)
        for node in graph.nodes():
            self.grow(node)

    def grow(self, start: Node) -> None:
        """Write a node at the top, and everything it leads to that is not written yet, nearest first."""
        if start in self.written:
            return
        trunk: dict[str, Json] = {"@id": text_of(start)}
        self.trunks.append(trunk)
        self.written[start] = None
        waiting = deque([(start, trunk, 0)])
        while waiting:
            node, written, depth = waiting.popleft()
            for child, branch in self.write(node, written, depth < _DEEPEST):
                waiting.append((child, branch, depth + 1))

    def write(self, node: Node, written: dict[str, Json], deeper: bool) -> Iterator[tuple[Node, dict[str, Json]]]:  # noqa: FBT001 - one caller
        """Write a node's statements into its object; yield the nodes to write inside it, each with its object."""
        for predicate, values in self.graph.predicates(node).items():
            if predicate == RDF.type and not any(isinstance(value, ox.Literal) for value in values):
                written["@type"] = [text_of(value) for value in values]
                continue
            items: list[Json] = []
            written[predicate] = items
            for value in values:
                branch = _object(value)
                items.append(branch)
                if not deeper or isinstance(value, ox.Literal) or value not in self.graph or value in self.written:
                    continue
                self.written[value] = None
                if isinstance(value, ox.BlankNode) and self.references[value] == 1:
                    del branch["@id"]
                yield value, branch


def _object(term: Term) -> dict[str, Json]:
    if not isinstance(term, ox.Literal):
        return {"@id": text_of(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == XSD.string:
        return {"@value": term.value}
    return {"@value": term.value, "@type": term.datatype.value}
