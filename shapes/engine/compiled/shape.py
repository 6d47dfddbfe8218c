"""A compiled shape: a path and the constraints on what it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from shapes.engine.compiled.check import Check, Constraint
from shapes.engine.compiled.following import Follow
from shapes.engine.compiled.index import Index
from shapes.engine.result import Hit
from shapes.graph import Node


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One shape, ready to look at nodes.

    `number` tells it from the other shapes of its plan. `follow` is None for a node shape, whose value is the focus
    node itself; `predicate` is the N-Triples text of a path that is one predicate. `members` are the shapes of its
    sh:property. `depth` counts the shapes one below another. `alone`: what it finds in a literal depends on nothing but
    that literal; such results are `remembered`, because the same dates and numbers come again in record after record.
    """

    number: int
    node: Node
    follow: Follow | None
    predicate: str | None
    constraints: tuple[Constraint, ...]
    members: tuple[Shape, ...]
    depth: int
    alone: bool = False
    remembered: dict[str, tuple[Hit, ...]] = field(default_factory=dict)

    def judge(self, index: Index, focus: str, found: list[Hit]) -> None:
        """Add every result of validating a focus node against this shape."""
        values: Sequence[str] = (focus,) if self.follow is None else self.follow(index, focus)
        for constraint in self.constraints:
            constraint.check(index, focus, values, found)
        for member in self.members:
            for value in values:
                member.judge(index, value, found)

    def details(self, index: Index, node: str) -> tuple[Hit, ...]:
        """Return the results of a node, asked once for each node."""
        if self.alone and node[0] == '"' and len(node) <= _SHORT:
            return self._remembered(index, node)
        key = (self.number, node)
        known = index.details.get(key)
        if known is None:
            found: list[Hit] = []
            self.judge(index, node, found)
            known = index.details[key] = tuple(found)
        return known

    def conforms(self, index: Index, node: str) -> bool:
        """Whether a node conforms to this shape: the first result ends the search.

        A shape that asks others is asked once for each node; remembering costs more than asking any other again.
        """
        if self.depth == 1:
            return self._conforms(index, node)
        if self.alone and node[0] == '"' and len(node) <= _SHORT:
            return not self._remembered(index, node)
        key = (self.number, node)
        known = index.verdicts.get(key)
        if known is None:
            known = index.verdicts[key] = self._conforms(index, node)
        return known

    def _remembered(self, index: Index, literal: str) -> tuple[Hit, ...]:
        known = self.remembered.get(literal)
        if known is None:
            found: list[Hit] = []
            self.judge(index, literal, found)
            if len(self.remembered) >= _MOST_REMEMBERED:
                self.remembered.clear()
            known = self.remembered[literal] = tuple(found)
        return known

    def _conforms(self, index: Index, node: str) -> bool:
        values: Sequence[str] = (node,) if self.follow is None else self.follow(index, node)
        found: list[Hit] = []
        for constraint in self.constraints:
            constraint.check(index, node, values, found)
            if found:
                return False
        return not self.members or all(member.conforms(index, value) for member in self.members for value in values)

    def checks(self) -> tuple[Check, ...]:
        """What is asked where there is a value."""
        own = tuple(constraint.check for constraint in self.constraints if constraint.with_values)
        return own + tuple(_on_each(member) for member in self.members)

    def checks_without_values(self) -> tuple[Check, ...]:
        """What is asked where there is none."""
        return tuple(constraint.check for constraint in self.constraints if constraint.without_values)


def _on_each(member: Shape) -> Check:
    def check(index: Index, _focus: str, values: Sequence[str], found: list[Hit]) -> None:
        for value in values:
            member.judge(index, value, found)

    return check


_SHORT: Final = 200  # characters of a literal of which results are remembered
_MOST_REMEMBERED: Final = 4000
# Shapes one below another: honest ones have three or four.
MOST_DEPTH: Final = 100
