"""What is looked for in a shapes graph before it is used: what must be refused, and what can be left out and told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from shapes.engine.paths import items
from shapes.engine.terms import ADVANCED, KNOWN
from shapes.errors import BadShapes
from shapes.graph import Node, RecordGraph, Term, text_of
from shapes.vocabulary import OWL, RDF, RDFS, SH, shorten

_NODE_SHAPE: Final = ox.NamedNode(SH.NodeShape)
_PROPERTY_SHAPE: Final = ox.NamedNode(SH.PropertyShape)
_TARGETS: Final = (SH.target, SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
_REFERENCES: Final = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_LISTED_REFERENCES: Final = (SH["and"], SH["or"], SH.xone)


def refuse_what_would_not_run(graph: RecordGraph) -> None:
    """Raise `BadShapes` for SHACL-JS, advanced features, and queries that do not parse or reach outside the graph."""
    for node in graph.nodes():
        for predicate in graph.predicates(node):
            if predicate in ADVANCED:
                raise BadShapes(
                    f"Shape {text_of(node)} uses {shorten(predicate)}, which this validator does not run; "
                    "without it the shapes would say less than they mean."
                )
        for target in graph.values(node, SH.target):
            if isinstance(target, ox.Literal) or graph.value(target, SH.select) is None:
                raise BadShapes(f"Shape {text_of(node)} has a sh:target without a sh:select; no other kind is run.")
        if SH.SPARQLFunction in graph.types(node):
            raise BadShapes(f"{text_of(node)} is a SPARQL function, which this validator does not run.")
        for query in queries(graph, node):
            from shapes.engine.sparql import check_query  # rdflib's parser: half a second for shapes with queries only

            check_query(query, text_of(node))


def queries(graph: RecordGraph, node: Node) -> list[str]:
    """Return the SPARQL queries a node holds."""
    return [query.value for name in (SH.select, SH.ask) for query in graph.values(node, name)]


def refuse_without_target(graph: RecordGraph) -> None:
    """Raise `BadShapes` where no shape says what it is about."""
    if any(t.predicate.value in _TARGETS for t in graph):
        return
    if any(graph.types(n) & {RDFS.Class, OWL.Class} for n in graph.subjects(RDF.type, _NODE_SHAPE)):
        return
    raise BadShapes("No shape here says what it is about (by sh:targetClass or the like): nothing would be judged.")


def references(graph: RecordGraph, shape: Node) -> Iterator[Node]:
    """Yield every shape a shape refers to: those a value must fit for the value to fit this one."""
    for predicate in _REFERENCES:
        for value in graph.values(shape, predicate):
            if not isinstance(value, ox.Literal):
                yield value
    for predicate in _LISTED_REFERENCES:
        for head in graph.values(shape, predicate):
            for member in items(graph, head):
                if not isinstance(member, ox.Literal):
                    yield member


def refuse_circles(graph: RecordGraph) -> None:
    """Raise `BadShapes` for shapes that refer to themselves.

    Depth-first without recursion of our own: the open shapes, each with the references still to follow.
    """
    done: set[Node] = set()
    for start in graph.nodes():
        open_shapes: dict[Node, Iterator[Node]] = {start: references(graph, start)}
        while open_shapes:
            shape = next(reversed(open_shapes))
            following = next((r for r in open_shapes[shape] if r not in done), None)
            if following is None:
                del open_shapes[shape]
                done.add(shape)
            elif following in open_shapes:
                path = list(open_shapes)
                circle = " -> ".join(_named(each) for each in (*path[path.index(following) :], following))
                raise BadShapes(f"These shapes refer to themselves, which SHACL leaves undefined: {circle}")
            else:
                open_shapes[following] = references(graph, following)


@dataclass(frozen=True, slots=True)
class Faults:
    """Shapes that are not well formed: used as property shapes without a path, declared so, or declared both kinds."""

    without_path: frozenset[Term]
    declared: frozenset[Term]
    twofold: frozenset[Term]

    def spoils(self, triple: ox.Triple) -> bool:
        """Tell whether a statement must be left out for the rest to be usable."""
        if triple.predicate.value == SH.property:
            return triple.object in self.without_path
        if triple.subject in self.declared:
            return triple.object == _PROPERTY_SHAPE or triple.predicate.value in _TARGETS
        return triple.object == _NODE_SHAPE and triple.subject in self.twofold


def find_faults(graph: RecordGraph) -> Faults:
    """Find the shapes that are not well formed (SHACL 1.0, sections 2.2 and 2.3)."""
    declared = frozenset(n for n in graph.subjects(RDF.type, _PROPERTY_SHAPE) if graph.value(n, SH.path) is None)
    used = frozenset(
        value
        for node in graph.nodes()
        for value in graph.values(node, SH.property)
        if isinstance(value, ox.Literal) or graph.value(value, SH.path) is None
    )
    twofold = frozenset(n for n in graph.subjects(RDF.type, _NODE_SHAPE) if graph.value(n, SH.path) is not None)
    return Faults(declared | used, declared, twofold)


def notes(graph: RecordGraph, faults: Faults) -> Iterator[str]:
    """Yield a sentence for everything that was left out, read otherwise, or will be ignored."""
    for node in sorted(faults.without_path, key=text_of):
        users = [] if isinstance(node, ox.Literal) else graph.subjects(SH.property, node)
        where = f" (used by {', '.join(sorted(map(_named, users)))})" if users else ""
        if isinstance(node, ox.Literal) or node not in graph:
            yield f"Property shape {_named(node)}{where} is not in these files; the reference to it is left out."
        else:
            yield f"Property shape {_named(node)}{where} has no sh:path; it is left out."
    for node in sorted(faults.twofold, key=text_of):
        yield f"Shape {_named(node)} is declared a node shape and has a sh:path; it is read as a property shape."
    unknown = Counter(t.predicate.value for t in graph if t.predicate.value in SH and t.predicate.value not in KNOWN)
    for iri, count in sorted(unknown.items()):
        yield f"{shorten(iri)} is no SHACL term; it is ignored in {count} place{'s' if count > 1 else ''}."


def _named(term: Term) -> str:
    """Return a name for people: the label of a blank node is not in their file."""
    return "without a name" if isinstance(term, ox.BlankNode) else text_of(term)
