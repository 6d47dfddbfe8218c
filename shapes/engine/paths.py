"""SHACL property paths (SHACL 1.0, section 2.3.1) as text, in the syntax of SPARQL property paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from shapes.errors import BadShapes
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import RDF, SH

_MAX_DEPTH: Final = 32
_REPEATED: Final = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


def path_text(graph: RecordGraph, path: Term) -> str:
    """Return a path as text: the plain IRI of a predicate path, a SPARQL path with IRIs in brackets for any other.

    Raises `BadShapes` for something that is no path.
    """
    return path.value if isinstance(path, ox.NamedNode) else _text(graph, path, 0)


def _text(graph: RecordGraph, path: Term, depth: int) -> str:
    if isinstance(path, ox.NamedNode):
        return f"<{path.value}>"
    if isinstance(path, ox.Literal) or depth > _MAX_DEPTH:
        raise BadShapes("A sh:path holds a literal or goes around in a circle; it must be a property path.")
    if graph.value(path, RDF.first) is not None:
        return "/".join(_grouped(graph, part, depth) for part in items(graph, path))
    inverse = graph.value(path, SH.inversePath)
    if inverse is not None:
        return "^" + _grouped(graph, inverse, depth)
    alternatives = graph.value(path, SH.alternativePath)
    if alternatives is not None:
        return "|".join(_grouped(graph, part, depth) for part in items(graph, alternatives))
    for predicate, mark in _REPEATED.items():
        repeated = graph.value(path, predicate)
        if repeated is not None:
            return _grouped(graph, repeated, depth) + mark
    raise BadShapes("A sh:path is neither an IRI nor any of the forms of SHACL 1.0, section 2.3.1.")


def _grouped(graph: RecordGraph, path: Term, depth: int) -> str:
    text = _text(graph, path, depth + 1)
    return text if isinstance(path, ox.NamedNode) else f"({text})"


def items(graph: RecordGraph, head: Term) -> Iterator[Term]:
    """Yield the members of an RDF list; ends where the list is broken or comes back to itself."""
    seen: set[Node] = set()
    while not isinstance(head, ox.Literal) and head.value != RDF.nil and head not in seen:
        seen.add(head)
        first, rest = graph.value(head, RDF.first), graph.value(head, RDF.rest)
        if first is not None:
            yield first
        if rest is None:
            return
        head = rest
