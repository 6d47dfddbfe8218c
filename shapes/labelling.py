"""What naming the blank nodes of a graph canonically would cost, found out before it is tried.

RDFC-1.0 gives a blank node a name by what is said of it directly. Nodes of which the same is said are told apart by
walking to their neighbours in every order: factorial in the neighbours, and poison graphs exploit it. Here the same
walks are rehearsed without hashing, and counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import permutations
from math import factorial
from typing import TypeAlias

from shapes.errors import TooComplex

# One unit is one step of a walk times the length of the path it copies; seven million take about a second.
BUDGET = 2_000_000
_MANY = 20

Neighbours: TypeAlias = "dict[str, dict[tuple[str, object], list[str]]]"


def check_work(lines: Iterable[str], budget: int = BUDGET) -> None:
    """Raise TooComplex where canonical labels for these N-Triples lines would cost more than `budget` units of work.

    `lines` are those that hold a blank node as subject or object, each ending with ` .`.
    """
    ambiguous, neighbours = _ambiguous(lines)
    meter = _Meter(budget)
    for group in ambiguous:
        named: set[str] = set()
        for node in group:
            if node in neighbours:
                named |= _walk(node, neighbours, meter)
        for node in named.union(group):
            neighbours.pop(node, None)


class _Meter:
    """Counts work and stops at the budget."""

    __slots__ = ("left",)

    def __init__(self, budget: int) -> None:
        self.left = budget

    def spend(self, units: int) -> None:
        self.left -= units
        if self.left < 0:
            raise TooComplex(
                "The blank nodes of this graph are too alike and too entangled to be named canonically; give them IRIs"
            )


def _ambiguous(lines: Iterable[str]) -> tuple[list[list[str]], Neighbours]:
    """Group the blank nodes of which the same is said; index how those nodes are linked with each other."""
    said: dict[str, list[str]] = defaultdict(list)
    links: list[tuple[str, str, str]] = []
    for line in lines:
        subject, predicate, value = line[:-2].split(" ", 2)
        from_blank, to_blank = subject.startswith("_:"), value.startswith("_:")
        if from_blank:
            itself = "_:a" if value == subject else "_:z" if to_blank else value
            said[subject].append(f"s {predicate} {itself}")
        if to_blank:
            itself = "_:z" if from_blank else subject
            said[value].append(f"o {predicate} {itself}" if value != subject else "")
        if from_blank and to_blank and value != subject:
            links.append((subject, predicate, value))
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for node, statements in said.items():
        alike[tuple(sorted(statements))].append(node)
    groups = [group for group in alike.values() if len(group) > 1]
    kind = {node: number for number, group in enumerate(groups) for node in group}
    neighbours: Neighbours = {node: {} for node in kind}
    for subject, predicate, value in links:
        if subject in kind and value in kind:
            neighbours[subject].setdefault((f"s{predicate}", kind[value]), []).append(value)
            neighbours[value].setdefault((f"o{predicate}", kind[subject]), []).append(subject)
    return groups, neighbours


def _walk(start: str, neighbours: Neighbours, meter: _Meter) -> set[str]:
    """Rehearse the Hash N-Degree Quads algorithm from one node; return the nodes it reached. A stack, no recursion."""
    reached = {start}
    stack: list[Iterator[str]] = [_steps(start, reached, neighbours, meter, 1)]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        else:
            stack.append(_steps(node, reached, neighbours, meter, len(stack) + 1))
    return reached


def _steps(node: str, reached: set[str], neighbours: Neighbours, meter: _Meter, depth: int) -> Iterator[str]:
    """Yield the nodes one call of the algorithm descends to, in the order of every permutation it tries."""
    meter.spend(depth)
    for group in neighbours.get(node, {}).values():
        fresh = [each for each in group if each not in reached]
        before = frozenset(reached)
        meter.spend(factorial(min(len(fresh), _MANY)) * (len(fresh) + 1))
        for order in permutations(fresh):
            reached.intersection_update(before)
            reached.update(order)
            yield from order
