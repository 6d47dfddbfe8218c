"""The judge: a bundle of shapes, compiled; what holds SPARQL goes through pySHACL, and the caller never knows."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TYPE_CHECKING

import pyoxigraph as ox

from shapes.engine.bundle import Bundle
from shapes.engine.compiled.index import Index
from shapes.engine.compiled.plan import Plan
from shapes.engine.delegation import delegated
from shapes.engine.result import Hit, Result, result_of
from shapes.engine.text import term_of
from shapes.errors import BadShapes
from shapes.graph import RecordGraph, Term

if TYPE_CHECKING:
    from shapes.engine.reference import ReferenceEngine


class Engine:
    """A bundle of shapes, ready to judge graphs. Safe to share between threads."""

    def __init__(self, bundle: Bundle) -> None:
        """Compile the shapes. Raises `BadShapes`, naming the shape, for a constraint that cannot be understood."""
        self.bundle = bundle
        try:
            self.delegation = delegated(bundle)
            self._plan = Plan(bundle, self.delegation)
        except RecursionError as error:
            raise BadShapes("The shapes are nested too deeply.") from error
        self._reference: ReferenceEngine | None = None
        if self.delegation or any(bundle.target_queries()):
            # pySHACL and rdflib take half a second to import; shapes without SPARQL never need them.
            from shapes.engine.reference import ReferenceEngine

            self._reference = ReferenceEngine(bundle)

    @property
    def compiled(self) -> bool:
        """Whether all of it is compiled, and nothing goes to pySHACL."""
        return self._reference is None

    def results(
        self, graph: RecordGraph, background: Iterable[ox.Triple] = (), skip: Container[Term] = ()
    ) -> tuple[Result, ...]:
        """Judge a graph and return the top-level results.

        `background` says what is known of values (their classes, their code lists); nothing in it is judged. Nodes in
        `skip` are judged by no shape of their own. Raises `BadShapes` where the shapes turn out to be unusable.
        """
        index = Index.of_triples(graph)
        index.learn_triples(background)
        return tuple(map(result_of, self.hits(index, _Texts(skip))))

    def hits(self, index: Index, skip: Container[str] = ()) -> list[Hit]:
        """Judge what an index holds and return the top-level results. `skip` holds N-Triples text.

        Raises `BadShapes`, and `OverBudget` for a node with so many values that comparing them has no end.
        """
        if self._reference is None:
            return self._plan.run(index, skip, {})[0]
        from shapes.engine.memory import MemoryGraph  # rdflib, as above

        data = MemoryGraph(index.graph())
        asked: dict[str, list[ox.NamedNode | ox.BlankNode]] = {}
        for shape, nodes in self._reference.queried(data, index.delivered()).items():
            for node in nodes:
                asked.setdefault(str(node), []).append(shape)
        found, rest = self._plan.run(index, skip, asked)
        focus = {shape: [term_of(node) for node in nodes] for shape, nodes in rest.items()}
        return found + self._reference.hits(focus, data)


class _Texts(Container[str]):
    """A container of terms, asked with their texts."""

    def __init__(self, terms: Container[Term]) -> None:
        self._terms = terms

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and term_of(text) in self._terms
