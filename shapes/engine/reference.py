"""pySHACL behind a face of ours: the oracle of the compiled engine, and the judge of what that cannot express.

Nothing else imports pySHACL.

pySHACL's own `validate()` reads the shapes anew, asks every shape for its targets and writes an English report and a
report graph on every call: 52 ms for a record of 200 statements against 570 shapes. Here the shapes are read once, the
targets are found by us (`targets`), the graphs are ours (`memory`), and its results are taken as they come: 13 ms for
the same record and the same results. What is used of it: `ShapesGraph`, `Shape.validate`, `SHACLExecutor`; nothing in
it is changed. The suite of the W3C runs through this face, so a change in pySHACL that matters is seen.

pySHACL keeps its state in the shapes graph, so one engine judges one graph at a time; a lock sees to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from threading import Lock
from typing import Any, Final

import pyoxigraph as ox
import rdflib
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph

from shapes.engine.bundle import Bundle
from shapes.engine.memory import MemoryGraph, from_rdflib, to_rdflib
from shapes.engine.paths import path_text
from shapes.engine.result import Hit, Result, Source, result_of
from shapes.engine.targets import Targets
from shapes.errors import BadShapes
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import RDF, SH

# Shapes that refer to themselves are refused when they are read; this only bounds honest nesting.
_MAX_DEPTH: Final = 100
_READ_ONCE: Final = tuple(rdflib.URIRef(iri) for iri in (SH.path, RDF.type, SH.targetClass))
_THIS: Final = rdflib.Variable("this")
# SHACL Core's components say what they found in the shape's words or ours; those written in SPARQL fill in their own.
_SPARQL: Final = SH.SPARQLConstraintComponent


class ReferenceEngine:
    """A bundle of shapes, ready to judge graphs with pySHACL. Safe to share between threads, which then take turns."""

    def __init__(self, bundle: Bundle) -> None:
        """Load the shapes. Raises `BadShapes` where pySHACL cannot use them."""
        self.bundle = bundle
        self._targets = Targets(bundle)
        self._target_queries = tuple(bundle.target_queries())
        self._lock = Lock()
        graph = MemoryGraph(bundle.bare())
        try:
            self._shapes = ShapesGraph(graph)
            self._known = {shape.node for shape in self._shapes.shapes}
        except MemoryError:  # no fault of the shapes as they are written; whoever set the limit says so
            raise
        except Exception as error:
            raise _unusable(error) from error
        if not bundle.querying:
            # pySHACL compares each statement of a shape with a list of 35 terms at every use. It has read these when it
            # loaded the shape and, without SPARQL, never asks for them again: a fifth of the time.
            for node in self._known:
                for predicate in _READ_ONCE:
                    graph.forget(node, predicate)

    def results(
        self, graph: RecordGraph, background: Iterable[ox.Triple] = (), skip: Container[Term] = ()
    ) -> tuple[Result, ...]:
        """Judge a graph and return the top-level results.

        `background` says what is known of values (their classes, their code lists); nothing in it is judged. Nodes in
        `skip` are judged by no shape of their own. Raises `BadShapes` where the shapes turn out to be unusable.
        """
        known = RecordGraph(background)
        focus = self._targets.focus_nodes(graph, known, skip)
        if not focus and not self._target_queries:
            return ()
        data = MemoryGraph((*graph, *known))
        for shape, nodes in self.queried(data, graph).items():
            own = focus.setdefault(shape, [])
            own.extend(node for node in nodes if node not in skip and node not in own)
        return tuple(result_of(hit) for hit in self.hits(focus, data))

    def queried(self, data: MemoryGraph, graph: RecordGraph) -> dict[Node, list[Node]]:
        """Return shape -> the nodes its SPARQL targets name, as far as `graph` describes them. Raises `BadShapes`."""
        found: dict[Node, list[Node]] = {}
        for shape, query in self._target_queries:
            try:
                bindings = data.query(query).bindings
            except MemoryError:
                raise
            except Exception as error:
                raise _unusable(error) from error
            for binding in bindings:
                node = from_rdflib(binding[_THIS]) if _THIS in binding else None
                if node is not None and not isinstance(node, ox.Literal) and node in graph:
                    found.setdefault(shape, []).append(node)
        return found

    def hits(self, focus: Mapping[Node, Sequence[Term]], data: MemoryGraph) -> list[Hit]:
        """Return the results of judging nodes, each by the shapes it is given for. Raises `BadShapes`."""
        found: list[Hit] = []
        with self._lock:
            for shape, nodes in focus.items():
                found.extend(self._judge(shape, nodes, data))
        return found

    def _judge(self, shape: Node, nodes: Sequence[Term], data: MemoryGraph) -> Iterable[Hit]:
        node = to_rdflib(shape)
        if node not in self._known:
            return ()  # a target without any constraint
        executor = SHACLExecutor(max_validation_depth=_MAX_DEPTH)
        try:
            judge = self._shapes.lookup_shape_from_node(node)
            _, raw = judge.validate(executor, data, focus=[to_rdflib(n) for n in nodes])
        except MemoryError:
            raise
        except Exception as error:
            raise _unusable(error) from error
        return tuple(self._read(result, triples) for _, result, triples in raw)

    def _read(self, node: rdflib.BNode, triples: Iterable[tuple[Any, Any, Any]]) -> Hit:
        """Read one result and those nested in it from the triples pySHACL would put in its report graph."""
        said: dict[Any, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in triples:
            said[subject][str(predicate)].append(value[1] if isinstance(value, tuple) else value)
        return self._hit(node, said)

    def _hit(self, node: rdflib.BNode, said: dict[Any, dict[str, list[Any]]]) -> Hit:
        own = said[node]
        shape = from_rdflib(own[SH.sourceShape][0])
        if isinstance(shape, ox.Literal):
            raise BadShapes(f"A literal stands where a shape is expected: {shape.value}")
        component = str(own[SH.sourceConstraintComponent][0])
        paths = [path_text(self.bundle.graph, from_rdflib(path)) for path in own[SH.resultPath]]
        values = [str(from_rdflib(value)) for value in own[SH.value]]
        in_sparql = component == _SPARQL or component not in SH
        messages = [from_rdflib(message) for message in own[SH.resultMessage]] if in_sparql else []
        return Hit(
            Source(component, shape, paths[0] if paths else None, self.bundle.severity(shape)),
            str(from_rdflib(own[SH.focusNode][0])),
            values[0] if values else None,
            tuple(self._hit(nested, said) for nested in own[SH.detail]),
            tuple(m for m in messages if isinstance(m, ox.Literal)),
        )


def _unusable(error: Exception) -> BadShapes:
    """Return what pySHACL raised as a fault of the shapes: it raises a dozen kinds, and its failures are among them."""
    if isinstance(error, BadShapes):
        return error
    text = " ".join(str(error).split()) or type(error).__name__
    return BadShapes(f"The shapes cannot be used: {text}")
