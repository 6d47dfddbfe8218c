"""The shapes that apply to one kind of node, fused: one walk over what is said of a node asks all of them.

Most shapes of a profile are about one property of one class, and most of them about a property that a given node does
not have. Their constraints are grouped by that property, so that only those are asked that have something to look at.
Which those are depends on nothing but the properties a node has, and nodes of one kind nearly all have the same ones:
that is found out once for each such layout.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from shapes.engine.compiled.check import Check
from shapes.engine.compiled.index import Index
from shapes.engine.compiled.shape import Shape
from shapes.engine.result import Hit

# Honest catalogues have some hundred layouts; a stranger's may have one for every node.
_MOST_LAYOUTS: Final = 2000


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is asked of the nodes that have certain properties: of those they lack, and of those they have."""

    absent: tuple[Check, ...]
    present: tuple[tuple[str, tuple[Check, ...]], ...]


@dataclass(frozen=True, slots=True)
class Fused:
    """What is asked of a node.

    `of_node` looks at the node itself, `present` at the values of a property it has, `absent` at those it lacks, and
    `others` are shapes whose path is more than one property. `_layouts` is what was found out so far.
    """

    of_node: tuple[Check, ...]
    present: dict[str, tuple[Check, ...]]
    absent: tuple[tuple[str, tuple[Check, ...]], ...]
    others: tuple[Shape, ...]
    _layouts: dict[tuple[str, ...], _Layout] = field(default_factory=dict)

    def judge(self, index: Index, focus: str, found: list[Hit]) -> None:
        """Add every result of validating a focus node."""
        said = index.all.get(focus)
        if said is None:
            said = {}
        layout = self._layouts.get(tuple(said)) or self._laid_out(tuple(said))
        for check in layout.absent:
            check(index, focus, (), found)
        for predicate, checks in layout.present:
            values = said[predicate]
            for check in checks:
                check(index, focus, values, found)
        itself = (focus,)
        for check in self.of_node:
            check(index, focus, itself, found)
        for shape in self.others:
            shape.judge(index, focus, found)

    def _laid_out(self, predicates: tuple[str, ...]) -> _Layout:
        present = self.present
        layout = _Layout(
            tuple(check for predicate, checks in self.absent if predicate not in predicates for check in checks),
            tuple((predicate, present[predicate]) for predicate in predicates if predicate in present),
        )
        if len(self._layouts) >= _MOST_LAYOUTS:
            self._layouts.clear()
        self._layouts[predicates] = layout
        return layout


def fuse(shapes: Iterable[Shape]) -> Fused:
    """Fuse the shapes that apply to a node; a shape that stands in two of them is asked twice, as SHACL has it."""
    of_node: list[Check] = []
    present: dict[str, list[Check]] = defaultdict(list)
    absent: dict[str, list[Check]] = defaultdict(list)
    others: list[Shape] = []
    for shape in shapes:
        if shape.follow is None:
            of_node.extend(constraint.check for constraint in shape.constraints)
        for unit in shape.members if shape.follow is None else (shape,):
            if unit.predicate is None:
                others.append(unit)
            else:
                present[unit.predicate].extend(unit.checks())
                absent[unit.predicate].extend(unit.checks_without_values())
    return Fused(
        tuple(of_node),
        {predicate: tuple(checks) for predicate, checks in present.items() if checks},
        tuple((predicate, tuple(checks)) for predicate, checks in absent.items() if checks),
        tuple(others),
    )
