"""Constraints that ask other shapes (SHACL 1.0, sections 4.6 and 4.7), and closed shapes (section 4.8.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

import pyoxigraph as ox

from shapes.engine.compiled.check import Check, Constraint, Draft, each
from shapes.engine.compiled.index import Index
from shapes.engine.compiled.parameters import count, fault, flag, listed, shapes_of
from shapes.engine.compiled.shape import Shape
from shapes.engine.result import Hit, Source
from shapes.graph import Node
from shapes.vocabulary import SH

Make: TypeAlias = Callable[[Node], Shape]


def node_constraints(draft: Draft, make: Make) -> Iterator[Constraint]:
    """sh:node (section 4.7.1): the results of the other shape are the detail of ours."""
    for other in shapes_of(draft.graph, draft.shape, SH.node):
        shape = make(other)
        if shape.follow is not None:
            raise fault(draft.shape, SH.node, f"name a node shape, and {other} has a sh:path")
        yield Constraint(_node(draft.source("Node"), shape), alone=shape.alone)


def _node(source: Source, shape: Shape) -> Check:
    def check(index: Index, focus: str, values: Sequence[str], found: list[Hit]) -> None:
        for value in values:
            details = shape.details(index, value)
            if details:
                found.append(Hit(source, focus, value, details))

    return check


def not_constraints(draft: Draft, make: Make) -> Iterator[Constraint]:
    """sh:not (section 4.6.1)."""
    for other in shapes_of(draft.graph, draft.shape, SH["not"]):
        shape = make(other)
        yield each(draft.source("Not"), _none_of(shape), alone=shape.alone)


def _none_of(shape: Shape) -> Callable[[Index, str], bool]:
    return lambda index, value: not shape.conforms(index, value)


def list_constraints(draft: Draft, make: Make) -> Iterator[Constraint]:
    """sh:and, sh:or and sh:xone (sections 4.6.2 to 4.6.4)."""
    for name, hold in _LISTS.items():
        for head in draft.graph.values(draft.shape, SH[name]):
            members = listed(draft.graph, draft.shape, SH[name], head)
            if not members:
                raise fault(draft.shape, SH[name], "have a list with members")
            others = []
            for member in members:
                if isinstance(member, ox.Literal):
                    raise fault(draft.shape, SH[name], f"list shapes, not the literal {member}")
                others.append(make(member))
            alone = all(shape.alone for shape in others)
            yield each(draft.source(name.capitalize()), hold(tuple(others)), alone=alone)


def _all_of(shapes: tuple[Shape, ...]) -> Callable[[Index, str], bool]:
    return lambda index, value: all(shape.conforms(index, value) for shape in shapes)


def _any_of(shapes: tuple[Shape, ...]) -> Callable[[Index, str], bool]:
    return lambda index, value: any(shape.conforms(index, value) for shape in shapes)


def _one_of(shapes: tuple[Shape, ...]) -> Callable[[Index, str], bool]:
    return lambda index, value: sum(shape.conforms(index, value) for shape in shapes) == 1


_LISTS: Final[dict[str, Callable[[tuple[Shape, ...]], Callable[[Index, str], bool]]]] = {
    "and": _all_of,
    "or": _any_of,
    "xone": _one_of,
}


def qualified_constraints(draft: Draft, make: Make) -> Iterator[Constraint]:
    """sh:qualifiedValueShape with its counts (section 4.7.3); on a node shape it says nothing."""
    least, most = (count(draft.graph, draft.shape, name) for name in (SH.qualifiedMinCount, SH.qualifiedMaxCount))
    disjoint = flag(draft.graph, draft.shape, SH.qualifiedValueShapesDisjoint)
    if draft.path is None or (least is None and most is None):
        return
    for other in shapes_of(draft.graph, draft.shape, SH.qualifiedValueShape):
        siblings = tuple(make(each) for each in _siblings(draft, other)) if disjoint else ()
        counted = _counted(make(other), siblings)
        if least:
            yield Constraint(_fewer(draft.source("QualifiedMinCount"), least, counted), without_values=True)
        if most is not None:
            yield Constraint(_more(draft.source("QualifiedMaxCount"), most, counted))


def _siblings(draft: Draft, own: Node) -> Iterator[Node]:
    """Yield the qualified value shapes beside one's own, under the same parents."""
    graph = draft.graph
    for parent in graph.subjects(SH.property, draft.shape):
        for member in shapes_of(graph, parent, SH.property):
            for shape in shapes_of(graph, member, SH.qualifiedValueShape):
                if shape != own:
                    yield shape


def _counted(shape: Shape, siblings: tuple[Shape, ...]) -> Callable[[Index, Sequence[str]], int]:
    def counted(index: Index, values: Sequence[str]) -> int:
        fitting = [value for value in values if shape.conforms(index, value)]
        return sum(not any(sibling.conforms(index, value) for sibling in siblings) for value in fitting)

    return counted


def _fewer(source: Source, least: int, counted: Callable[[Index, Sequence[str]], int]) -> Check:
    def check(index: Index, focus: str, values: Sequence[str], found: list[Hit]) -> None:
        if counted(index, values) < least:
            found.append(Hit(source, focus))

    return check


def _more(source: Source, most: int, counted: Callable[[Index, Sequence[str]], int]) -> Check:
    def check(index: Index, focus: str, values: Sequence[str], found: list[Hit]) -> None:
        if len(values) > most and counted(index, values) > most:
            found.append(Hit(source, focus))

    return check


def closed_constraints(draft: Draft) -> Iterator[Constraint]:
    """sh:closed with sh:ignoredProperties (section 4.8.1): the path of a result is the property that is too much."""
    graph, shape = draft.graph, draft.shape
    if not flag(graph, shape, SH.closed):
        return
    allowed = {
        str(path)
        for member in shapes_of(graph, shape, SH.property)
        for path in graph.values(member, SH.path)
        if isinstance(path, ox.NamedNode)
    }
    for head in graph.values(shape, SH.ignoredProperties):
        allowed.update(map(str, listed(graph, shape, SH.ignoredProperties, head)))
    yield Constraint(_closed(draft.source("Closed"), frozenset(allowed)))


def _closed(own: Source, allowed: frozenset[str]) -> Check:
    def check(index: Index, focus: str, values: Sequence[str], found: list[Hit]) -> None:
        for value in values:
            for predicate, objects in index.all.get(value, {}).items():
                if predicate not in allowed:
                    source = Source(own.component, own.shape, predicate[1:-1], own.severity)
                    found.extend(Hit(source, focus, each) for each in objects)

    return check
