"""SHACL property paths (SHACL 1.0, section 2.3.1) made into functions: from a node to the values at the path's end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import pyoxigraph as ox

from shapes.engine.compiled.index import Index
from shapes.engine.paths import items, path_text
from shapes.errors import BadShapes
from shapes.graph import RecordGraph, Term
from shapes.vocabulary import RDF, SH

Follow: TypeAlias = Callable[[Index, str], Sequence[str]]


def make_follow(graph: RecordGraph, path: Term) -> Follow:
    """Return what follows a path to distinct values. Raises `BadShapes` for something that is no path."""
    path_text(graph, path)  # refuses what is no path
    return _made(graph, path, backwards=False)


def _made(graph: RecordGraph, path: Term, *, backwards: bool) -> Follow:
    if isinstance(path, ox.NamedNode):
        return _backwards(f"<{path.value}>") if backwards else _forwards(f"<{path.value}>")
    if isinstance(path, ox.Literal):
        raise BadShapes("A sh:path holds a literal; it must be a property path.")
    if graph.value(path, RDF.first) is not None:
        steps = [_made(graph, part, backwards=backwards) for part in items(graph, path)]
        return _sequence(tuple(reversed(steps)) if backwards else tuple(steps))
    inverse = graph.value(path, SH.inversePath)
    if inverse is not None:
        return _made(graph, inverse, backwards=not backwards)
    alternatives = graph.value(path, SH.alternativePath)
    if alternatives is not None:
        return _alternatives(tuple(_made(graph, part, backwards=backwards) for part in items(graph, alternatives)))
    for predicate, make in _REPEATED.items():
        repeated = graph.value(path, predicate)
        if repeated is not None:
            return make(_made(graph, repeated, backwards=backwards))
    raise BadShapes("A sh:path is neither an IRI nor any of the forms of SHACL 1.0, section 2.3.1.")


def _forwards(predicate: str) -> Follow:
    def follow(index: Index, node: str) -> Sequence[str]:
        said = index.all.get(node)
        return said.get(predicate, ()) if said else ()

    return follow


def _backwards(predicate: str) -> Follow:
    def follow(index: Index, node: str) -> Sequence[str]:
        return index.subjects(predicate, node)

    return follow


def _sequence(steps: tuple[Follow, ...]) -> Follow:
    def follow(index: Index, node: str) -> Sequence[str]:
        reached: Sequence[str] = (node,)
        for step in steps:
            reached = tuple(dict.fromkeys(value for each in reached for value in step(index, each)))
        return reached

    return follow


def _alternatives(ways: tuple[Follow, ...]) -> Follow:
    def follow(index: Index, node: str) -> Sequence[str]:
        return tuple(dict.fromkeys(value for way in ways for value in way(index, node)))

    return follow


def _reached(index: Index, start: Sequence[str], step: Follow) -> Sequence[str]:
    """Everything that repeated steps lead to, the start included."""
    found = dict.fromkeys(start)
    waiting = list(start)
    while waiting:
        for value in step(index, waiting.pop()):
            if value not in found:
                found[value] = None
                waiting.append(value)
    return tuple(found)


def _zero_or_more(step: Follow) -> Follow:
    return lambda index, node: _reached(index, (node,), step)


def _one_or_more(step: Follow) -> Follow:
    return lambda index, node: _reached(index, step(index, node), step)


def _zero_or_one(step: Follow) -> Follow:
    return lambda index, node: tuple(dict.fromkeys((node, *step(index, node))))


_REPEATED: Final[dict[str, Callable[[Follow], Follow]]] = {
    SH.zeroOrMorePath: _zero_or_more,
    SH.oneOrMorePath: _one_or_more,
    SH.zeroOrOnePath: _zero_or_one,
}
