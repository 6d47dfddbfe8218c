"""What a compiled constraint is: a function that looks at the values of a shape at one focus node."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from shapes.engine.compiled.index import Index
from shapes.engine.compiled.parameters import severity_of
from shapes.engine.result import Hit, Source
from shapes.graph import Node, RecordGraph
from shapes.vocabulary import SH

# Index, focus node, its distinct value nodes, and the list to which what is found is added.
Check: TypeAlias = Callable[[Index, str, Sequence[str], list[Hit]], None]


@dataclass(frozen=True, slots=True)
class Constraint:
    """A check, and whether it has something to say where there is no value at all, and where there is one.

    `alone`: what it says of a value depends on nothing but that value.
    """

    check: Check
    without_values: bool = False
    with_values: bool = True
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A shape while it is compiled: its node, the shapes graph, and its path as text (None for a node shape)."""

    graph: RecordGraph
    shape: Node
    path: str | None

    def source(self, component: str) -> Source:
        """Return what the results of a constraint have in common; `component` is its name without the common ending."""
        iri = SH[f"{component}ConstraintComponent"]
        return Source(iri, self.shape, self.path, severity_of(self.graph, self.shape))


def each(source: Source, allowed: Callable[[Index, str], bool], *, alone: bool = False) -> Constraint:
    """Make a constraint on every value: one result for each that is not allowed."""

    def check(index: Index, focus: str, values: Sequence[str], found: list[Hit]) -> None:
        for value in values:
            if not allowed(index, value):
                found.append(Hit(source, focus, value))  # noqa: PERF401 - nearly all are allowed; extending costs more

    return Constraint(check, alone=alone)


def each_alone(source: Source, allowed: Callable[[str], bool]) -> Constraint:
    """The same where nothing but the value itself matters."""

    def check(_index: Index, focus: str, values: Sequence[str], found: list[Hit]) -> None:
        for value in values:
            if not allowed(value):
                found.append(Hit(source, focus, value))  # noqa: PERF401 - nearly all are allowed; extending costs more

    return Constraint(check, alone=True)
