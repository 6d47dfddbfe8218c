"""The plan made of a bundle: which nodes each shape is about, and what is asked of them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace

from shapes.engine.bundle import Bundle
from shapes.engine.compiled.compiler import Compiler
from shapes.engine.compiled.fused import Fused, fuse
from shapes.engine.compiled.index import TYPE, Index
from shapes.engine.compiled.shape import Shape
from shapes.engine.delegation import Delegation
from shapes.engine.result import Hit
from shapes.engine.targets import Targets
from shapes.graph import Node, Term

# Node -> the shapes that are to look at it beside those chosen by its class.
Asked = Mapping[str, Sequence[Node]]


class Plan:
    """What is left of a bundle once it is compiled. Holds no state of a run; threads may share it.

    The shapes that `delegation` names are not compiled: `run` says on which nodes they are to be asked.
    """

    def __init__(self, bundle: Bundle, delegation: Delegation) -> None:
        """Compile. Raises `BadShapes` for a constraint that cannot be understood."""
        targets = Targets(bundle)
        self._delegation = delegation
        compiler = Compiler(bundle)
        self._roots: dict[Node, Shape] = {
            node: _without(compiler.shape(node), delegation)
            for node in targets.shapes()
            if node not in delegation.whole
        }
        self._by_class = _named(targets.by_class)
        self._by_node = _named(targets.by_node)
        self._by_subject = _named(targets.by_subject)
        self._by_object = _named(targets.by_object)
        self._only_classes = not (self._by_node or self._by_subject or self._by_object)
        self._fused: dict[tuple[Node, ...], Fused] = {}

    def run(self, index: Index, skip: Container[str], asked: Asked) -> tuple[list[Hit], dict[Node, list[str]]]:
        """Return what was found, and the nodes on which each delegated shape is to be asked.

        Nodes in `skip` are judged by no shape of their own. `asked` names nodes for shapes with other targets.
        """
        found: list[Hit] = []
        delegated: dict[Node, list[str]] = {}
        for node, shapes in self._focus_nodes(index, asked):
            if node in skip:
                continue
            self._fused_of(shapes).judge(index, node, found)
            if self._delegation:
                for shape in self._delegation.asked_by(shapes):
                    delegated.setdefault(shape, []).append(node)
        return found, delegated

    def _fused_of(self, shapes: tuple[Node, ...]) -> Fused:
        fused = self._fused.get(shapes)
        if fused is None:
            fused = self._fused[shapes] = fuse(self._roots[shape] for shape in shapes if shape in self._roots)
        return fused

    def _focus_nodes(self, index: Index, asked: Asked) -> Iterator[tuple[str, tuple[Node, ...]]]:
        """Yield every node that is looked at, once, with the shapes that look at it."""
        if self._only_classes and not asked:
            yield from self._of_classes(index)
            return
        found: dict[str, dict[Node, None]] = {}
        for node, shapes in (*self._of_classes(index), *self._of_others(index), *asked.items()):
            found.setdefault(node, {}).update(dict.fromkeys(shapes))
        yield from ((node, tuple(shapes)) for node, shapes in found.items())

    def _of_classes(self, index: Index) -> Iterator[tuple[str, tuple[Node, ...]]]:
        """Yield the nodes chosen by the classes that were delivered with them (section 2.1.3.2)."""
        chosen: dict[tuple[str, ...], tuple[Node, ...]] = {}
        for node, said in index.own.items():
            types = said.get(TYPE)
            if types is None:
                continue
            key = tuple(types)
            shapes = chosen.get(key)
            if shapes is None:
                kinds = sorted({above for each in types for above in index.supers(each)})
                shapes = tuple(dict.fromkeys(shape for kind in kinds for shape in self._by_class.get(kind, ())))
                chosen[key] = shapes
            if shapes:
                yield node, shapes

    def _of_others(self, index: Index) -> Iterator[tuple[str, Sequence[Node]]]:
        yield from self._by_node.items()
        for node, said in index.own.items():
            for predicate, values in said.items():
                if predicate in self._by_subject:
                    yield node, self._by_subject[predicate]
                if predicate in self._by_object:
                    for value in values:
                        yield value, self._by_object[predicate]


def _named(declared: Mapping[Term, Sequence[Node]]) -> dict[str, tuple[Node, ...]]:
    return {str(term): tuple(shapes) for term, shapes in declared.items() if shapes}


def _without(shape: Shape, delegation: Delegation) -> Shape:
    """Return a target's shape without those of its property shapes that are delegated."""
    members = tuple(member for member in shape.members if member.node not in delegation.members)
    return shape if len(members) == len(shape.members) else replace(shape, members=members)
