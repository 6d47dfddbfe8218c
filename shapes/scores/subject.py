"""What a metric looks at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from shapes.graph import Node, RecordGraph, Term
from shapes.scores.paths import beginnings, leads_anywhere, property_of, values

# Whether an address answered, by address; one that is not in it was not tried.
Reachability: TypeAlias = Mapping[str, bool]


class Subject:
    """What a metric looks at: a dataset in its graph, one of its distributions, and what others know of it.

    The schemes ask much the same: what was looked up at the end of a path is kept.
    """

    __slots__ = ("_found", "_said", "compliant", "dataset", "focus", "graph", "reachable")

    def __init__(
        self, graph: RecordGraph, dataset: Node, focus: Node, *, compliant: bool | None, reachable: Reachability
    ) -> None:
        """`focus`: the dataset itself, or the distribution that is looked at."""
        self.graph = graph
        self.dataset = dataset
        self.focus = focus
        self.compliant = compliant
        self.reachable = reachable
        self._said = graph.predicates(focus)
        self._found: dict[str, tuple[Term, ...]] = {}

    def about(self, distribution: Node) -> Subject:
        """Return the same with one of the distributions to look at."""
        return Subject(self.graph, self.dataset, distribution, compliant=self.compliant, reachable=self.reachable)

    def has(self, path: str) -> bool:
        """Return whether there is a value at the end of a path from the focus."""
        name = property_of(path)
        if name is not None:
            return name in self._said
        return self._may_lead(path) and leads_anywhere(self.graph, self.focus, path)

    def values(self, path: str) -> tuple[Term, ...]:
        """Return the values at the end of a path from the focus."""
        name = property_of(path)
        if name is not None:
            return tuple(self._said.get(name, ()))
        found = self._found.get(path)
        if found is None:
            found = self._found[path] = values(self.graph, self.focus, path) if self._may_lead(path) else ()
        return found

    def _may_lead(self, path: str) -> bool:
        """Whether one of the properties a path begins with is stated: most are not, of most datasets."""
        return not self._said.keys().isdisjoint(beginnings(path))
