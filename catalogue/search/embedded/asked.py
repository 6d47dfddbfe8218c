"""One query at one version of the index: its conditions, its total, its hits and its counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import tantivy

from catalogue.facets import Facet, facet_named
from catalogue.search.answer import Found, Meaning, meaning
from catalogue.search.clauses import Clauses, read_clauses
from catalogue.search.cursor import order_of, read_cursor
from catalogue.search.embedded.asking import all_of, scored
from catalogue.search.embedded.ordering import Window
from catalogue.search.embedded.snapshot import Snapshot
from catalogue.search.query import FacetCounts, Query
from catalogue.search.tally import Tally, facet_counts


@dataclass(frozen=True, slots=True)
class Asked:
    """A query understood. `text` is None where there is no condition on words."""

    snapshot: Snapshot
    query: Query
    meaning: Meaning
    text: tantivy.Query | None
    facets: Mapping[str, tantivy.Query]
    total: int

    def found(self) -> list[Found]:
        """Return the hits of the page asked for, and one more where there is one."""
        query, snapshot = self.query, self.snapshot
        conditions, order = self._conditions(), order_of(query)
        asked = tantivy.Query.all_query() if conditions is None else conditions
        after = read_cursor(query)
        first = min(after.before, self.total) if after else (query.page - 1) * query.size
        window = Window(first, query.size + 1, after)
        if order.key is not None:
            return snapshot.ordered(asked, order, window)
        return snapshot.ranked(scored(asked, snapshot.asker.score(self.meaning.clauses)), window)

    def counted(self, facets: Sequence[Facet], limit: int) -> tuple[FacetCounts, ...]:
        """Return facets counted over the words and the other facets, each whatever is chosen of itself."""
        if self.text is not None or self.facets:
            return self._counted(facets, limit)
        asked = (tuple(facet.name for facet in facets), self.query.languages, limit)
        return self.snapshot.remembered(asked, lambda: self._counted(facets, limit))

    def tally(self, facet: Facet) -> Tally:
        """Return every value of a facet, counted as `counted` does."""
        if facet.name in self.facets:
            return self._chosen(facet)
        return self.snapshot.tally((facet,), self._conditions(), self.total)[facet.name]

    def _counted(self, facets: Sequence[Facet], limit: int) -> tuple[FacetCounts, ...]:
        free = [facet for facet in facets if facet.name not in self.facets]
        tallies = dict(self.snapshot.tally(free, self._conditions(), self.total))
        for facet in facets:
            if facet.name in self.facets:
                tallies[facet.name] = self._chosen(facet)
        return tuple(self._shown(facet, tallies[facet.name], limit) for facet in facets)

    def _shown(self, facet: Facet, tally: Tally, limit: int) -> FacetCounts:
        query, chosen = self.query, self.query.facets.get(facet.name, ())
        names = self.snapshot.names
        return facet_counts(facet, tally, names, chosen=chosen, languages=query.languages, limit=limit)

    def _chosen(self, facet: Facet) -> Tally:
        """Count a facet in which something is chosen, as if nothing were; chosen ranges that are no steps too."""
        conditions = self._conditions(but=facet.name)
        tally = self.snapshot.tally((facet,), conditions)[facet.name]
        if not facet.ranged:
            return tally
        asker, others = self.snapshot.asker, [] if conditions is None else [conditions]
        ranges = [value for value in self.query.facets[facet.name] if value not in tally.counts]
        counts = {value: self.snapshot.count(all_of([*others, asker.facet(facet, (value,))])) for value in ranges}
        return Tally({**tally.counts, **counts}, tally.missing)

    def _conditions(self, but: str | None = None) -> tantivy.Query | None:
        """All conditions, without those of the facet `but`; None where there is none."""
        queries = [] if self.text is None else [self.text]
        queries += [query for name, query in self.facets.items() if name != but]
        return all_of(queries) if queries else None


def ask(snapshot: Snapshot, query: Query) -> Asked:
    """Understand a query. Raises `BadQuery` for an unknown facet, a malformed range or a text no search takes."""
    asker = snapshot.asker
    clauses = read_clauses(query.text)
    facets = {name: asker.facet(facet_named(name), values) for name, values in query.facets.items() if values}

    @cache  # words with typing errors are costly to look for
    def total(understood: Clauses, chosen: tuple[str, ...]) -> int:
        text = asker.text(understood)
        parts = ([] if text is None else [text]) + [facets[name] for name in chosen]
        return snapshot.count(all_of(parts) if parts else None)

    every = tuple(facets)
    meant, count = Meaning(clauses), total(clauses, every)
    if count == 0:
        meant = meaning(clauses, lambda understood: total(understood, ()))
        count = total(meant.clauses, every) if meant.relaxed else 0
    return Asked(snapshot, query, meant, asker.text(meant.clauses), facets, count)
