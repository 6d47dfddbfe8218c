"""A shapes graph before any engine sees it: checked, repaired where that is safe, refused where it is not.

Engines disagree about faulty shapes files: some refuse the whole file, some skip the faulty part and say nothing. Here
a fault that leaves the rest meaningful is repaired and *noted*; one that would make the answer untrue is refused:

- refused: shapes that refer to themselves (SHACL 1.0, section 3.4.3 leaves them undefined), SHACL-JS, the parts of
  SHACL Advanced Features that would have to be run and are not (all but SPARQL targets), queries that reach outside
  the graph, a file without any target (it would find every graph valid);
- noted and left out: a property shape without a path, a reference to a property shape that is not there, the claim of
  a shape with a path to be a node shape;
- noted: terms that look like SHACL and are not (`sh:shape`, `sh:extends`), which every engine ignores, and what is
  SHACL and has no effect (see `lint`).

`owl:imports` is never followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from shapes.engine import checks
from shapes.engine.lint import lint
from shapes.errors import BadShapes
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import OWL, RDFS, SH, XSD

# Said of a shape for people; left out of what pySHACL reads, which scans every statement of a shape at every use.
_DESCRIPTIVE: Final = frozenset(
    (
        *(SH.name, SH.description, SH.order, SH.group, SH.defaultValue, SH.severity, SH.target, OWL.imports),
        *(RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy),
    )
)
_TRUE: Final = ox.Literal("true", datatype=ox.NamedNode(XSD.boolean))


@dataclass(frozen=True)
class Bundle:
    """Shapes an engine can use. `notes` says, in whole sentences, what was left out or will be ignored."""

    graph: RecordGraph
    notes: tuple[str, ...]

    def severity(self, shape: Node) -> str:
        """Return the IRI of the severity a shape states; sh:Violation where it states none."""
        stated = self.graph.value(shape, SH.severity)
        return SH.Violation if stated is None else stated.value

    @cached_property
    def querying(self) -> frozenset[Node]:
        """The nodes that hold a SPARQL query: constraints, validators, targets."""
        return frozenset(node for node in self.graph.nodes() if checks.queries(self.graph, node))

    @cached_property
    def labels(self) -> Mapping[Node, str]:
        """Names for the shapes that have none, by their order in the files: the same at every reading."""
        blank = (node for node in self.graph.nodes() if isinstance(node, ox.BlankNode))
        return {node: f"_:shape{number}" for number, node in enumerate(blank)}

    def target_queries(self) -> Iterator[tuple[Node, str]]:
        """Yield each shape with a SPARQL target (SHACL Advanced Features, section 3.1) and its query, with prefixes."""
        for shape in self.graph.nodes():
            for target in self.graph.values(shape, SH.target):
                node = _node(target)
                for query in self.graph.values(node, SH.select):
                    yield shape, "".join(_prefix_lines(self.graph, node)) + query.value

    def bare(self) -> Iterator[ox.Triple]:
        """Yield what pySHACL must read: everything but the descriptions for people, with two of its gaps closed.

        The message of a SPARQL constraint stays, because pySHACL fills in its variables. It does not look for prefixes
        along owl:imports inside the file (section 5.2.1), so they are declared where it looks; and it takes
        `sh:uniqueLang "1"^^xsd:boolean` for true, where section 4.4.5 knows only the literal `true`.
        """
        for triple in self.graph:
            predicate = triple.predicate.value
            if predicate in _DESCRIPTIVE or (predicate == SH.message and triple.subject not in self.querying):
                continue
            if predicate == SH.uniqueLang and triple.object != _TRUE:
                continue
            yield triple
        for node in self.querying:
            for holder in self.graph.values(node, SH.prefixes):
                for declaration in _declared(self.graph, holder):
                    yield ox.Triple(_node(holder), ox.NamedNode(SH.declare), declaration)


def make_bundle(triples: Iterable[ox.Triple]) -> Bundle:
    """Check a shapes graph and return what an engine can use. Raises `BadShapes`, naming the shape, for the rest."""
    graph = RecordGraph(triples)
    checks.refuse_what_would_not_run(graph)
    faults = checks.find_faults(graph)
    usable = RecordGraph(t for t in graph if not faults.spoils(t))
    checks.refuse_circles(usable)
    checks.refuse_without_target(usable)
    return Bundle(usable, (*checks.notes(graph, faults), *dict.fromkeys(lint(graph))))


def _declared(graph: RecordGraph, holder: Term) -> Iterator[Term]:
    """Yield the prefix declarations of a node and of everything it imports, as far as the file holds it."""
    waiting, seen = [_node(holder)], {_node(holder)}
    while waiting:
        node = waiting.pop()
        yield from graph.values(node, SH.declare)
        imported = {_node(value) for value in graph.values(node, OWL.imports)} - seen
        seen |= imported
        waiting.extend(imported)


def _prefix_lines(graph: RecordGraph, query: Node) -> Iterator[str]:
    for holder in graph.values(query, SH.prefixes):
        for declaration in _declared(graph, holder):
            prefix, base = graph.value(_node(declaration), SH.prefix), graph.value(_node(declaration), SH.namespace)
            if prefix is not None and base is not None:
                yield f"PREFIX {prefix.value}: <{base.value}>\n"


def _node(term: Term) -> Node:
    if isinstance(term, ox.Literal):
        raise BadShapes(f"A literal stands where sh:prefixes, sh:declare or sh:target expects a node: {term.value}")
    return term
