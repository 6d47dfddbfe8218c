"""What in a shapes graph is SHACL and yet says nothing: told to whoever wrote it, and otherwise ignored.

Engines skip these silently, and a file full of them finds everything valid.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from shapes.engine.checks import references
from shapes.graph import Node, RecordGraph, Term, text_of
from shapes.vocabulary import OWL, RDF, RDFS, SH, XSD, shorten

_TARGETS: Final = (SH.target, SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
# A parameter, and those of which one must stand beside it.
_COMPANIONS: Final = {
    SH.flags: (SH.pattern,),
    SH.ignoredProperties: (SH.closed,),
    SH.qualifiedValueShape: (SH.qualifiedMinCount, SH.qualifiedMaxCount),
    SH.qualifiedMinCount: (SH.qualifiedValueShape,),
    SH.qualifiedMaxCount: (SH.qualifiedValueShape,),
    SH.qualifiedValueShapesDisjoint: (SH.qualifiedValueShape,),
}
_BOOLEANS: Final = (
    ox.Literal("true", datatype=ox.NamedNode(XSD.boolean)),
    ox.Literal("false", datatype=ox.NamedNode(XSD.boolean)),
)
_CLASSES: Final = frozenset((OWL.Class, RDFS.Class))
_DECLARED: Final = (ox.NamedNode(SH.NodeShape), ox.NamedNode(SH.PropertyShape))


def lint(graph: RecordGraph) -> Iterator[str]:
    """Yield a sentence for everything that will have no effect, in the order of the shapes' names."""
    for node in graph.nodes():
        for value in graph.values(node, OWL.imports):
            yield f"owl:imports of {text_of(value)} is not followed; give that file too if its shapes are needed."
    yield from sorted(_of_shapes(graph))


def _of_shapes(graph: RecordGraph) -> Iterator[str]:
    asked = {each for node in graph.nodes() for each in references(graph, node)}
    for node in graph.nodes():
        yield from _alone(graph, node)
        yield from _unread(graph, node)
        yield from _dangling(graph, node)
        if node not in asked and _is_declared(graph, node) and not _has_target(graph, node):
            yield f"Shape {_named(node)} has no target and no other shape refers to it; it is never asked."


def _alone(graph: RecordGraph, node: Node) -> Iterator[str]:
    """Parameters without the others they need, and qualified ones on a node shape."""
    for name, companions in _COMPANIONS.items():
        if graph.values(node, name) and not any(graph.values(node, each) for each in companions):
            needed = " or ".join(map(shorten, companions))
            yield f"Shape {_named(node)} has {shorten(name)} without {needed}; it is ignored."
    if graph.values(node, SH.qualifiedValueShape) and graph.value(node, SH.path) is None:
        yield f"Shape {_named(node)} has sh:qualifiedValueShape without sh:path; it is ignored."


def _unread(graph: RecordGraph, node: Node) -> Iterator[str]:
    """Values that are not of the form that has an effect."""
    for value in graph.values(node, SH.uniqueLang):
        if value not in _BOOLEANS:
            yield f"Shape {_named(node)}: sh:uniqueLang {value} is not the literal true; it is ignored."
    for value in graph.values(node, SH.targetClass):
        if isinstance(value, ox.Literal):
            yield f"Shape {_named(node)}: sh:targetClass {value} is no IRI; nothing has that class."


def _dangling(graph: RecordGraph, node: Node) -> Iterator[str]:
    """Shapes that others refer to and that these files do not hold."""
    members = set(graph.values(node, SH.property))  # told of when the shapes are checked
    for other in references(graph, node):
        if other not in graph and other not in members:
            yield f"Shape {_named(other)} (used by {_named(node)}) is not in these files; anything fits it."


def _is_declared(graph: RecordGraph, node: Node) -> bool:
    return any(kind in graph.values(node, RDF.type) for kind in _DECLARED)


def _has_target(graph: RecordGraph, node: Node) -> bool:
    return any(graph.values(node, name) for name in _TARGETS) or not _CLASSES.isdisjoint(graph.types(node))


def _named(term: Term) -> str:
    """Return a name for people: the label of a blank node is not in their file."""
    return "without a name" if isinstance(term, ox.BlankNode) else text_of(term)
