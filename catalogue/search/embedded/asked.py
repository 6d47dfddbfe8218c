"""One query at one version of the index: its conditions, its total, its hits and its counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import tantivy

from catalogue.facets import Facet, facet_named
from catalogue.search.answer import Found, Meaning, meaning
from catalogue.search.clauses import Clauses, Phrase, Word, read_clauses
from catalogue.search.cursor import order_of, read_cursor
from catalogue.search.embedded.asking import all_of
from catalogue.search.embedded.beside import Beside
from catalogue.search.embedded.narrowing import Narrowing
from catalogue.search.embedded.ordering import Ordered, Window
from catalogue.search.embedded.snapshot import Snapshot
from catalogue.search.query import FacetCounts, Query
from catalogue.search.tally import Tally, facet_counts


@dataclass(frozen=True, slots=True)
class Asked:
    """A query understood. `conditions` are those of its hits, None where there is none.

    `ordered` gives the hits of its page, which may have been looked for since.
    """

    snapshot: Snapshot
    query: Query
    meaning: Meaning
    conditions: tantivy.Query | None
    narrowing: Narrowing
    total: int
    ordered: Callable[[], list[Ordered]]

    def found(self) -> list[Found]:
        """Return the hits of the page asked for, and one more where there is one."""
        return self.snapshot.kept(self.ordered())

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


def ask(snapshot: Snapshot, query: Query, *, counting: bool = True, beside: Beside | None = None) -> Asked:
    """Understand a query. Raises `BadQuery` for an unknown facet, a malformed range or a text no search takes.

    Without `counting` nothing but the total is counted, which the engine does faster than it tells the rows. With
    `beside` the hits of its page are looked for there at the same time.
    """
    asking = _Asking(snapshot, query, beside, counting=counting)
    clauses = asking.clauses
    if len(clauses.required) > 1 or any(isinstance(clause, Phrase) for clause in clauses.required):
        asking.begin(clauses)  # to tell the rows takes as long
    meant, total = Meaning(clauses), asking.total(clauses)
    if total == 0:
        meant = meaning(clauses, asking.found)
        total = asking.total(meant.clauses) if meant.relaxed else 0
    hits = asking.begin(meant.clauses) if total else list
    narrowing = asking.narrowing(meant.clauses)
    return Asked(snapshot, query, meant, asking.conditions(meant.clauses), narrowing, total, hits)


class _Asking:
    """A query while it is being understood: what its words may mean, each looked at once."""

    def __init__(self, snapshot: Snapshot, query: Query, beside: Beside | None, *, counting: bool) -> None:
        self.clauses = read_clauses(query.text)
        self._snapshot = snapshot
        self._asker = snapshot.asker
        self._beside = beside
        self._counting = counting
        self._chosen = {name: values for name, values in query.facets.items() if values}
        self._choices = [self._asker.facet(facet_named(name), values) for name, values in self._chosen.items()]
        self._order = order_of(query)
        self._window = _window(query, len(snapshot))
        self._narrowed: dict[Clauses, Narrowing] = {}
        self._begun: dict[Clauses, Callable[[], list[Ordered]]] = {}

    def narrowing(self, understood: Clauses) -> Narrowing:
        """The rows of some words and the chosen facets. Words with typing errors are costly to look for."""
        if understood not in self._narrowed:
            self._narrowed[understood] = Narrowing(self._snapshot, understood, self._chosen)
        return self._narrowed[understood]

    def conditions(self, understood: Clauses) -> tantivy.Query | None:
        """The query of some words and the chosen facets; None where there is no condition."""
        text = self._asker.text(understood)
        parts = [*([] if text is None else [text]), *self._choices]
        return all_of(parts) if parts else None

    def found(self, understood: Clauses) -> int:
        """How many datasets some words find, whatever is chosen."""
        if any(isinstance(clause, Word) and clause.slack for clause in understood.required):
            self.begin(understood)
        if self._counting:
            return self.narrowing(understood).found()
        return self._snapshot.count(self._asker.text(understood))

    def total(self, understood: Clauses) -> int:
        """How many datasets some words and the chosen facets find."""
        if self._counting:
            return self.narrowing(understood).total()
        return self._snapshot.count(self.conditions(understood))

    def begin(self, understood: Clauses) -> Callable[[], list[Ordered]]:
        """Begin to look for the hits of the page, unless that has begun. Returns what waits for them."""
        if understood not in self._begun:
            work = partial(self._hits, understood)
            # A page beyond the end is an error that the total tells: nothing is to be looked for there. What stands in
            # an order of its own and has no words is found before another thread begins.
            apart = self._window.first < len(self._snapshot) and bool(understood.required)
            self._begun[understood] = self._beside.begin(work) if self._beside is not None and apart else work
        return self._begun[understood]

    def _hits(self, understood: Clauses) -> list[Ordered]:
        asked = self.conditions(understood) or tantivy.Query.all_query()
        if self._order.key is not None:
            return self._snapshot.ordered(asked, self._order, self._window)
        return self._snapshot.ranked(self._asker.ranked(understood, asked, self._choices), self._window)


def _window(query: Query, most: int) -> Window:
    """The hits of the page of a query, and one more; there are at most so many."""
    after = read_cursor(query)
    first = min(after.before, most) if after else (query.page - 1) * query.size
    return Window(first, query.size + 1, after)
