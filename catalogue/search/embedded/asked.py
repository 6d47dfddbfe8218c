"""One query at one version of the index: its conditions, its total, its hits and its counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import tantivy

from catalogue.facets import Facet, facet_named
from catalogue.search.answer import Found, Meaning, meaning
from catalogue.search.clauses import Clauses, read_clauses
from catalogue.search.cursor import order_of, read_cursor
from catalogue.search.embedded.asking import all_of
from catalogue.search.embedded.narrowing import Narrowing
from catalogue.search.embedded.ordering import Window
from catalogue.search.embedded.snapshot import Snapshot
from catalogue.search.query import FacetCounts, Query
from catalogue.search.tally import Tally, facet_counts


@dataclass(frozen=True, slots=True)
class Asked:
    """A query understood. `conditions` are those of its hits, None where there is none; `choices`, of its facets."""

    snapshot: Snapshot
    query: Query
    meaning: Meaning
    conditions: tantivy.Query | None
    choices: Sequence[tantivy.Query]
    narrowing: Narrowing
    total: int

    def found(self) -> list[Found]:
        """Return the hits of the page asked for, and one more where there is one."""
        query, snapshot = self.query, self.snapshot
        order = order_of(query)
        asked = tantivy.Query.all_query() if self.conditions is None else self.conditions
        after = read_cursor(query)
        first = min(after.before, self.total) if after else (query.page - 1) * query.size
        window = Window(first, query.size + 1, after)
        if order.key is not None:
            return snapshot.ordered(asked, order, window)
        return snapshot.ranked(snapshot.asker.ranked(self.meaning.clauses, asked, self.choices), window)

    def counted(self, facets: Sequence[Facet], limit: int) -> tuple[FacetCounts, ...]:
        """Return facets counted over the words and the other facets, each whatever is chosen of itself."""
        if self.conditions is not None:
            return self._counted(facets, limit)
        asked = (tuple(facet.name for facet in facets), self.query.languages, limit)
        return self.snapshot.remembered(asked, lambda: self._counted(facets, limit))

    def tally(self, facet: Facet) -> Tally:
        """Return every value of a facet, counted as `counted` does."""
        if self.query.facets.get(facet.name):
            return self._chosen(facet)
        return self.snapshot.tally((facet,), self.narrowing.rows())[facet.name]

    def _counted(self, facets: Sequence[Facet], limit: int) -> tuple[FacetCounts, ...]:
        free = [facet for facet in facets if not self.query.facets.get(facet.name)]
        tallies = dict(self.snapshot.tally(free, self.narrowing.rows()))
        tallies |= {facet.name: self._chosen(facet) for facet in facets if facet not in free}
        return tuple(self._shown(facet, tallies[facet.name], limit) for facet in facets)

    def _shown(self, facet: Facet, tally: Tally, limit: int) -> FacetCounts:
        query, chosen = self.query, self.query.facets.get(facet.name, ())
        names = self.snapshot.names
        return facet_counts(facet, tally, names, chosen=chosen, languages=query.languages, limit=limit)

    def _chosen(self, facet: Facet) -> Tally:
        """Count a facet in which something is chosen, as if nothing were; chosen ranges that are no steps too."""
        tally = self.snapshot.tally((facet,), self.narrowing.rows(but=facet.name))[facet.name]
        if not facet.ranged:
            return tally
        others = [value for value in self.query.facets[facet.name] if value not in tally.counts]
        return Tally({**tally.counts, **self.narrowing.ranges(facet.name, others)}, tally.missing)


def ask(snapshot: Snapshot, query: Query, *, counting: bool = True) -> Asked:
    """Understand a query. Raises `BadQuery` for an unknown facet, a malformed range or a text no search takes.

    Without `counting` nothing but the total is counted, which the engine does faster than it tells the rows.
    """
    asker = snapshot.asker
    clauses = read_clauses(query.text)
    chosen = {name: values for name, values in query.facets.items() if values}
    choices = [asker.facet(facet_named(name), values) for name, values in chosen.items()]

    @cache  # words with typing errors are costly to look for
    def narrowed(understood: Clauses) -> Narrowing:
        return Narrowing(snapshot, understood, chosen)

    def conditions(understood: Clauses) -> tantivy.Query | None:
        text = asker.text(understood)
        parts = [*([] if text is None else [text]), *choices]
        return all_of(parts) if parts else None

    def found(understood: Clauses) -> int:
        return narrowed(understood).found() if counting else snapshot.count(asker.text(understood))

    def total(understood: Clauses) -> int:
        return narrowed(understood).total() if counting else snapshot.count(conditions(understood))

    meant, count = Meaning(clauses), total(clauses)
    if count == 0:
        meant = meaning(clauses, found)
        count = total(meant.clauses) if meant.relaxed else 0
    return Asked(snapshot, query, meant, conditions(meant.clauses), choices, narrowed(meant.clauses), count)
