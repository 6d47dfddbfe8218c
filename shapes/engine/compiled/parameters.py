"""Reading the parameters of a shape: how many there may be, and of which form (SHACL 1.0, section 4).

Everything raises `BadShapes` that names the shape and the parameter: a constraint that cannot be understood is refused
when the shapes are read, never skipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyoxigraph as ox

from shapes.engine.paths import items
from shapes.engine.xsd import well_formed
from shapes.errors import BadShapes
from shapes.graph import Node, RecordGraph, Term, text_of
from shapes.vocabulary import RDF, SH, XSD, shorten

_TRUE: Final = frozenset(("true", "1"))


def named(shape: Term) -> str:
    """Return a name for people: the label of a blank node is not in their file."""
    return "without a name" if isinstance(shape, ox.BlankNode) else text_of(shape)


def fault(shape: Node, predicate: str, must: str) -> BadShapes:
    """Return the refusal of a parameter: what it must be."""
    return BadShapes(f"Shape {named(shape)}: {shorten(predicate)} must {must}.")


def single(graph: RecordGraph, shape: Node, predicate: str) -> Term | None:
    """Return the one value of a parameter of which SHACL allows one; None where there is none."""
    values = graph.values(shape, predicate)
    if len(values) > 1:
        raise fault(shape, predicate, f"have one value and has {len(values)}; shapes of several files may share a name")
    return values[0] if values else None


def text_parameter(graph: RecordGraph, shape: Node, predicate: str) -> Sequence[str]:
    """Return the values of a parameter that must be literals, as their lexical forms."""
    values = graph.values(shape, predicate)
    if not all(isinstance(value, ox.Literal) for value in values):
        raise fault(shape, predicate, "be a literal")
    return [text_of(value) for value in values]


def count(graph: RecordGraph, shape: Node, predicate: str) -> int | None:
    """Return a parameter that must be an integer of zero or more; None where there is none."""
    value = single(graph, shape, predicate)
    if value is None:
        return None
    if (
        not isinstance(value, ox.Literal)
        or value.datatype.value != XSD.integer
        or not well_formed(value.value, XSD.integer)
        or int(value.value) < 0
    ):
        raise fault(shape, predicate, f"be an xsd:integer of 0 or more, not {value}")
    return int(value.value)


def flag(graph: RecordGraph, shape: Node, predicate: str) -> bool:
    """Return a parameter that must be true or false; False where there is none."""
    value = single(graph, shape, predicate)
    if value is None:
        return False
    if (
        not isinstance(value, ox.Literal)
        or value.datatype.value != XSD.boolean
        or not well_formed(value.value, XSD.boolean)
    ):
        raise fault(shape, predicate, f"be true or false, not {value}")
    return value.value.strip() in _TRUE


def listed(graph: RecordGraph, shape: Node, predicate: str, head: Term) -> tuple[Term, ...]:
    """Return the members of a list that a parameter names; the list must be whole."""
    node, seen = head, set[Term]()
    while node != _NIL:
        rest = () if isinstance(node, ox.Literal) or node in seen else graph.values(node, RDF.rest)
        if isinstance(node, ox.Literal) or len(rest) != 1 or len(graph.values(node, RDF.first)) != 1:
            raise fault(shape, predicate, "have a whole RDF list as its value")
        seen.add(node)
        node = rest[0]
    return tuple(items(graph, head))


def shapes_of(graph: RecordGraph, shape: Node, predicate: str) -> Sequence[Node]:
    """Return the shapes a parameter names; a literal is none."""
    return [as_shape(shape, predicate, value) for value in graph.values(shape, predicate)]


def as_shape(shape: Node, predicate: str, value: Term) -> Node:
    """Return a value as the shape it must be."""
    if isinstance(value, ox.Literal):
        raise fault(shape, predicate, f"name a shape, not the literal {value}")
    return value


def severity_of(graph: RecordGraph, shape: Node) -> str:
    """Return the severity a shape states; sh:Violation where it states none."""
    stated = single(graph, shape, SH.severity)
    if isinstance(stated, ox.NamedNode):
        return stated.value
    if stated is not None:
        raise fault(shape, SH.severity, f"be an IRI, not {stated}")
    return SH.Violation


_NIL: Final = ox.NamedNode(RDF.nil)
