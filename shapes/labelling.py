"""The canonical names of the blank nodes of a graph, where they are plain, and else what finding them would cost.

RDFC-1.0 gives a blank node a name by what is said of it directly. Nodes of which the same is said are told apart by
walking to their neighbours in every order: factorial in the neighbours, and poison graphs exploit it. Here the same
walks are rehearsed without hashing, and counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import permutations
from math import factorial
from typing import TypeAlias

from shapes.errors import TooComplex

# One unit is one step of a walk times the length of the path it copies; seven million take about a second.
BUDGET = 2_000_000
_MANY = 20

Link: TypeAlias = tuple[str, str, str]
Neighbours: TypeAlias = "dict[str, dict[tuple[str, object], list[str]]]"


def plain_labels(lines: Iterable[str], budget: int = BUDGET) -> Mapping[str, str] | None:
    """Return the canonical label of each blank node of N-Triples lines, where what is said of it is said of no other.

    That is so in nearly every description. The labels are those of RDFC-1.0, section 4.4.3, steps 3 and 4: they count
    the nodes in the order of their first degree hashes (section 4.6.3). None where nodes must be told apart by their
    neighbours, or where a statement is about a statement (RDF 1.2). Raises TooComplex where that would cost more than
    `budget` units of work. `lines` are those that hold a blank node as subject or object, each ending with ` .`.
    """
    said, links, plain = _said(lines)
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for node, statements in said.items():
        alike[tuple(sorted(statements))].append(node)
    if plain and len(alike) == len(said):
        hashed = sorted((sha256("".join(told).encode()).hexdigest(), node) for told, (node,) in alike.items())
        return {node: f"_:c14n{number}" for number, (_, node) in enumerate(hashed)}
    _check_work([group for group in alike.values() if len(group) > 1], links, budget)
    return None


def _check_work(ambiguous: list[list[str]], links: list[Link], budget: int) -> None:
    """Raise TooComplex where telling nodes apart of which the same is said would cost too much."""
    neighbours = _neighbours(ambiguous, links)
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


def _said(lines: Iterable[str]) -> tuple[Mapping[str, list[str]], list[Link], bool]:
    """Return what is said of each blank node, as its hash takes it; their links; and whether no statement is a term."""
    said: dict[str, list[str]] = defaultdict(list)
    links: list[Link] = []
    plain = True
    for line in lines:
        subject, predicate, value = line[:-2].split(" ", 2)
        from_blank, to_blank = subject.startswith("_:"), value.startswith("_:")
        if from_blank:
            itself = "_:a" if value == subject else "_:z" if to_blank else value
            said[subject].append(f"_:a {predicate} {itself} .\n")
        if to_blank and value != subject:
            said[value].append(f"{'_:z' if from_blank else subject} {predicate} _:a .\n")
            if from_blank:
                links.append((subject, predicate, value))
        plain = plain and not value.startswith("<<(")
    return said, links, plain


def _neighbours(ambiguous: list[list[str]], links: list[Link]) -> Neighbours:
    """Index how nodes of which the same is said are linked with each other."""
    kind = {node: number for number, group in enumerate(ambiguous) for node in group}
    neighbours: Neighbours = {node: {} for node in kind}
    for subject, predicate, value in links:
        if subject in kind and value in kind:
            neighbours[subject].setdefault((f"s{predicate}", kind[value]), []).append(value)
            neighbours[value].setdefault((f"o{predicate}", kind[subject]), []).append(subject)
    return neighbours


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
