"""Which shapes go to pySHACL: those that hold SPARQL, or a constraint component written in it, themselves or below.

A shape with a target is delegated whole where its own constraints need it; where only some of its property shapes do,
those are, and the rest is compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from shapes.engine.bundle import Bundle
from shapes.engine.checks import references
from shapes.engine.targets import Targets
from shapes.engine.terms import KNOWN
from shapes.graph import Node, RecordGraph
from shapes.vocabulary import SH


@dataclass(frozen=True, slots=True)
class Delegation:
    """`whole`: shapes with a target that are delegated. `members`: property shapes that are; `below` says of which."""

    whole: frozenset[Node] = frozenset()
    members: frozenset[Node] = frozenset()
    below: dict[Node, tuple[Node, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.whole or self.members)

    def asked_by(self, shapes: Iterable[Node]) -> Iterator[Node]:
        """Yield the shapes to delegate where these look at a node."""
        for shape in shapes:
            if shape in self.whole:
                yield shape
            else:
                yield from self.below.get(shape, ())


def delegated(bundle: Bundle) -> Delegation:
    """Find what must be delegated. Empty for shapes of SHACL Core."""
    graph = bundle.graph
    needs = _Needs(graph)
    if not needs.any:
        return Delegation()
    whole: set[Node] = set()
    below: dict[Node, tuple[Node, ...]] = {}
    for shape in Targets(bundle).shapes():
        if _is_off(graph, shape):
            continue
        members = set() if graph.value(shape, SH.path) else set(graph.values(shape, SH.property))
        if needs.at(shape) or any(needs.below(each) for each in references(graph, shape) if each not in members):
            whole.add(shape)
            continue
        asking = tuple(each for each in references(graph, shape) if each in members and needs.below(each))
        if asking:
            below[shape] = asking
    return Delegation(frozenset(whole), frozenset(each for asking in below.values() for each in asking), below)


def _is_off(graph: RecordGraph, shape: Node) -> bool:
    return any(value.value in ("true", "1") for value in graph.values(shape, SH.deactivated))


class _Needs:
    """Which shapes need SPARQL."""

    def __init__(self, graph: RecordGraph) -> None:
        self._graph = graph
        declared = (
            path.value
            for component in graph.nodes()
            for parameter in graph.values(component, SH.parameter)
            if not isinstance(parameter, ox.Literal)
            for path in graph.values(parameter, SH.path)
        )
        # The vocabulary of SHACL declares its own components like this; they are compiled.
        self._parameters = frozenset(declared) - KNOWN | {SH.sparql}
        self.any = any(name in self._parameters for node in graph.nodes() for name in graph.predicates(node))
        self._below: dict[Node, bool] = {}

    def at(self, shape: Node) -> bool:
        """Whether a shape has such a constraint itself."""
        return any(name in self._parameters for name in self._graph.predicates(shape))

    def below(self, shape: Node) -> bool:
        """Whether a shape, or one it refers to, has such a constraint."""
        known = self._below.get(shape)
        if known is None:
            self._below[shape] = False
            known = self._below[shape] = self.at(shape) or any(map(self.below, references(self._graph, shape)))
        return known
