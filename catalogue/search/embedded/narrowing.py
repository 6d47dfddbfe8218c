"""The rows of the words and of the chosen facets of one query, from which every total and count is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, reduce
from operator import and_

from pyroaring import BitMap

from catalogue.facets import facet_named
from catalogue.search.clauses import Clauses
from catalogue.search.embedded.snapshot import Snapshot
from catalogue.search.fields import facet_field


class Narrowing:
    """What is left of an index by words and facets: all of them, or without one of the facets."""

    def __init__(self, snapshot: Snapshot, clauses: Clauses, chosen: Mapping[str, Sequence[str]]) -> None:
        """Words and facets narrow; `chosen` are the values of each facet."""
        self._snapshot = snapshot
        self._clauses = clauses
        self._words = snapshot.asker.text(clauses)
        self._chosen = chosen

    def rows(self, but: str | None = None) -> BitMap | None:
        """Return the rows of what matches, whatever is chosen of the facet `but`; None is everything."""
        narrowed = [rows for name, rows in self._facets.items() if name != but]
        return reduce(and_, narrowed, self._matching) if narrowed or self._words is not None else None

    def total(self) -> int:
        """Return how many datasets match."""
        rows = self.rows()
        return len(self._snapshot) if rows is None else len(rows)

    def ranges(self, name: str, values: Sequence[str]) -> Mapping[str, int]:
        """Count some values of a ranged facet, whatever else is chosen of it."""
        others = self.rows(but=name)
        found = {value: self._range(name, value) for value in values}
        return {value: len(rows if others is None else rows & others) for value, rows in found.items()}

    def found(self) -> int:
        """Return how many datasets the words find, whatever is chosen."""
        return len(self._matching)

    @cached_property
    def _matching(self) -> BitMap:
        """The rows the words match."""
        return self._snapshot.worded(self._clauses)

    @cached_property
    def _facets(self) -> Mapping[str, BitMap]:
        """The rows of each facet's choice; among them may be rows whose document is gone."""
        return {name: self._any_of(name, values) for name, values in self._chosen.items()}

    def _any_of(self, name: str, values: Sequence[str]) -> BitMap:
        known = self._snapshot.values(facet_field(name))
        if facet_named(name).ranged:
            return BitMap.union(*(known[value] if value in known else self._range(name, value) for value in values))
        return BitMap.union(BitMap(), *(known[value] for value in values if value in known))

    def _range(self, name: str, value: str) -> BitMap:
        """The rows of a range that is no step."""
        return self._snapshot.matching(self._snapshot.asker.facet(facet_named(name), (value,)))
