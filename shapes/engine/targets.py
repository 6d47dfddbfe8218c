"""Which nodes of a data graph a shape is about (SHACL 1.0, section 2.1.3).

Targets are looked up in the graph being judged only. The background takes part in two ways: its types count where a
constraint asks for the class of a *value*, and its `rdfs:subClassOf` statements count here. A concept that is typed in
the background alone is nobody's focus: code lists are not on trial.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from shapes.engine.bundle import Bundle
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import OWL, RDFS, SH

_CLASSES: Final = (RDFS.Class, OWL.Class)


class Targets:
    """The target declarations of a bundle, indexed by what they name."""

    def __init__(self, bundle: Bundle) -> None:
        graph = bundle.graph
        self._queried = tuple(dict.fromkeys(shape for shape, _ in bundle.target_queries()))
        self.by_node: Mapping[Term, Sequence[Node]] = _by_value(graph, SH.targetNode)
        self.by_subject: Mapping[Term, Sequence[Node]] = _by_value(graph, SH.targetSubjectsOf)
        self.by_object: Mapping[Term, Sequence[Node]] = _by_value(graph, SH.targetObjectsOf)
        classes = _by_value(graph, SH.targetClass)
        for shape in graph.nodes():
            kinds = _with_supers(graph.types(shape), (graph,))
            if kinds & set(_CLASSES) and kinds & {SH.NodeShape, SH.PropertyShape}:
                classes[shape].append(shape)  # implicit class target, section 2.1.3.3
        self.by_class: Mapping[Term, Sequence[Node]] = classes

    def shapes(self) -> Sequence[Node]:
        """Return every shape that says what it is about, once."""
        by_value = (self.by_class, self.by_node, self.by_subject, self.by_object)
        named = (shape for declared in by_value for shapes in declared.values() for shape in shapes)
        return tuple(dict.fromkeys((*named, *self._queried)))

    def focus_nodes(
        self, graph: RecordGraph, background: RecordGraph, skip: Container[Term] = ()
    ) -> dict[Node, list[Term]]:
        """Return shape -> focus nodes, in the order of the data; nodes in `skip` are nobody's focus."""
        found: dict[Node, dict[Term, None]] = defaultdict(dict)
        for shape, node in self._pairs(graph, background):
            if node not in skip:
                found[shape][node] = None
        return {shape: list(nodes) for shape, nodes in found.items()}

    def _pairs(self, graph: RecordGraph, background: RecordGraph) -> Iterator[tuple[Node, Term]]:
        for node, shapes in self.by_node.items():
            yield from ((shape, node) for shape in shapes)
        supers: dict[frozenset[str], frozenset[str]] = {}
        for node in graph.nodes():
            types = graph.types(node)
            if types not in supers:
                supers[types] = _with_supers(types, (graph, background))
            for kind in supers[types]:
                yield from ((shape, node) for shape in self.by_class.get(ox.NamedNode(kind), ()))
        for triple in graph:
            yield from ((shape, _plain(triple.subject)) for shape in self.by_subject.get(triple.predicate, ()))
            yield from ((shape, _plain(triple.object)) for shape in self.by_object.get(triple.predicate, ()))


def _plain(term: ox.Triple | Term) -> Term:
    if isinstance(term, ox.Triple):
        raise TypeError("a RecordGraph holds no triple terms")
    return term


def _by_value(graph: RecordGraph, predicate: str) -> dict[Term, list[Node]]:
    found: dict[Term, list[Node]] = defaultdict(list)
    for shape in graph.nodes():
        for value in graph.values(shape, predicate):
            found[value].append(shape)
    return found


def _with_supers(classes: frozenset[str], graphs: Sequence[RecordGraph]) -> frozenset[str]:
    """Add every superclass the graphs state, however far up."""
    found = set(classes)
    waiting = list(classes)
    while waiting:
        node = ox.NamedNode(waiting.pop())
        for graph in graphs:
            for above in graph.values(node, RDFS.subClassOf):
                if above.value not in found and isinstance(above, ox.NamedNode):
                    found.add(above.value)
                    waiting.append(above.value)
    return frozenset(found)
