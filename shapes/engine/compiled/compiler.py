"""From a shapes graph to compiled shapes: each shape once, however many refer to it."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from shapes.engine.bundle import Bundle
from shapes.engine.compiled import logic, sets, values
from shapes.engine.compiled.check import Constraint, Draft
from shapes.engine.compiled.following import make_follow
from shapes.engine.compiled.parameters import flag, named, shapes_of, single
from shapes.engine.compiled.shape import MOST_DEPTH, Shape
from shapes.engine.paths import path_text
from shapes.errors import BadShapes
from shapes.graph import Node
from shapes.vocabulary import SH

_OF_VALUES = (
    values.class_constraints,
    values.datatype_constraints,
    values.node_kind_constraints,
    values.in_constraints,
    values.range_constraints,
    values.length_constraints,
    values.pattern_constraints,
    values.language_constraints,
    sets.count_constraints,
    sets.has_value_constraints,
    sets.unique_language_constraints,
    sets.pair_constraints,
    logic.closed_constraints,
)
_OF_SHAPES = (
    logic.node_constraints,
    logic.not_constraints,
    logic.list_constraints,
    logic.qualified_constraints,
)


class Compiler:
    """Compiles the shapes of one bundle. The bundle has no shapes that refer to themselves."""

    def __init__(self, bundle: Bundle) -> None:
        self._graph = bundle.graph
        self._made: dict[Node, Shape] = {}
        self._depth = 0

    def shape(self, node: Node) -> Shape:
        """Return a compiled shape; a node of which the graph says nothing is a shape that anything fits.

        Raises `BadShapes` for a parameter that cannot be used.
        """
        made = self._made.get(node)
        if made is None:
            self._check_depth(self._depth, node)
            self._depth += 1
            made = self._made[node] = self._compiled(node)
            self._depth -= 1
        return made

    def _compiled(self, node: Node) -> Shape:
        graph = self._graph
        path = single(graph, node, SH.path)
        follow = None if path is None else make_follow(graph, path)
        predicate = str(path) if isinstance(path, ox.NamedNode) else None
        number = len(self._made)
        self._made[node] = Shape(number, node, follow, predicate, (), (), 0)  # takes the number
        if flag(graph, node, SH.deactivated):
            return self._made[node]
        below: list[Shape] = []
        draft = Draft(graph, node, None if path is None else path_text(graph, path))
        constraints = tuple(self._constraints(draft, below))
        members = tuple(self.shape(member) for member in shapes_of(graph, node, SH.property))
        depth = 1 + max((shape.depth for shape in (*below, *members)), default=0)
        self._check_depth(depth, node)
        alone = follow is None and not members and all(constraint.alone for constraint in constraints)
        return Shape(number, node, follow, predicate, constraints, members, depth, alone)

    def _constraints(self, draft: Draft, below: list[Shape]) -> Iterator[Constraint]:
        """Yield the constraints of a shape; the shapes they ask are added to `below`."""

        def make(node: Node) -> Shape:
            shape = self.shape(node)
            below.append(shape)
            return shape

        for of_values in _OF_VALUES:
            yield from of_values(draft)
        for of_shapes in _OF_SHAPES:
            yield from of_shapes(draft, make)

    def _check_depth(self, depth: int, node: Node) -> None:
        if depth > MOST_DEPTH:
            raise BadShapes(f"Shape {named(node)}: shapes are nested more than {MOST_DEPTH} deep.")
