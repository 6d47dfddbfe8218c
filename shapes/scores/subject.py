"""What a metric looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from shapes.graph import Node, RecordGraph, Term
from shapes.scores.paths import values

# Whether an address answered, by address; one that is not in it was not tried.
Reachability: TypeAlias = Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a metric looks at: a dataset in its graph, one of its distributions, and what others know of it."""

    graph: RecordGraph
    dataset: Node
    focus: Node
    compliant: bool | None = None
    reachable: Reachability = field(default_factory=dict)

    def values(self, path: str) -> tuple[Term, ...]:
        """Return the values at the end of a path from the focus."""
        return values(self.graph, self.focus, path)
