"""One query at one version of the index: what is asked of the server, all at once, and its answer.

Every exchange also brings the version it saw: the progress of the generation in use. So a search knows, without asking
twice, whether the index moved on since this process last looked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from catalogue.facets import INDEXED, Facet, Sort, facet_named
from catalogue.search.analysis import Analyzer
from catalogue.search.answer import Found, Meaning, check_page, meaning
from catalogue.search.clauses import Clauses, Word, read_clauses
from catalogue.search.cursor import Value, order_of, read_cursor
from catalogue.search.elastic.asking import Asker, all_of, scored
from catalogue.search.elastic.counting import (
    FIRST_PARTS,
    MORE_PARTS,
    counting,
    joined_parts,
    missing,
    parts_of,
    tally,
)
from catalogue.search.elastic.faults import IndexGone
from catalogue.search.elastic.generations import Generations, Standing
from catalogue.search.elastic.mapping import PROGRESS, Json
from catalogue.search.elastic.naming import LABELS
from catalogue.search.elastic.reading import View, Whole
from catalogue.search.elastic.server import Server
from catalogue.search.fields import CARD, EXCERPTS, KEY, sort_field
from catalogue.search.query import Query
from catalogue.search.steps import HIGHEST, LOWEST
from catalogue.search.tally import Tally

_DEEP: Final = 10_000  # hits before a page from which on it is first asked whether there is such a page


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted to know of a query: the hits of its page, and some facets. The total always is."""

    query: Query
    facets: tuple[Facet, ...] = ()
    hits: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said. `found` has one hit more than the page where there is one.

    `seen` is the version it saw; None where there is no index. `remembered`: the counts are from an earlier exchange.
    """

    meaning: Meaning
    total: int
    found: tuple[Found, ...] = ()
    tallies: Mapping[str, Tally] | None = None
    seen: Standing | None = None
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class _Group:
    """Facets that are counted over the same conditions."""

    conditions: Sequence[Json]
    facets: Sequence[Facet]


class Question:
    """A query understood. Raises `BadQuery` for an unknown facet, a malformed range or a text no search takes."""

    def __init__(
        self, server: Server, generations: Generations, view: View, analyzer: Analyzer, wanted: Wanted
    ) -> None:
        self._server = server
        self._generations = generations
        self._view = view
        self._wanted = wanted
        self._asker = Asker(view.progress.languages, analyzer)
        self._clauses = read_clauses(wanted.query.text)
        chosen = {name: values for name, values in wanted.query.facets.items() if values}
        self._chosen: Mapping[str, Sequence[str]] = chosen
        self._facets = {name: self._asker.facet(facet_named(name), values) for name, values in chosen.items()}
        self._order = order_of(wanted.query)
        self._seen: Standing | None = None

    @property
    def everything(self) -> bool:
        """Whether there is no condition at all."""
        return not self._clauses and not self._facets

    def answer(self, *, remember: bool) -> Answer:
        """Ask the server; with `remember`, the whole index is not counted again. Raises `BadQuery`, as `check_page`."""
        if self._view.standing is None:
            if self._wanted.hits:
                check_page(self._wanted.query, 0)
            return Answer(Meaning(self._clauses), 0)
        whole = self._view.whole if self.everything and remember else None
        if whole is not None:
            return Answer(
                Meaning(self._clauses),
                whole.total,
                self._page(self._clauses, whole.total),
                whole.tallies,
                self._seen or self._see(),
                remembered=True,
            )
        understood = Meaning(self._clauses)
        total, tallies, found = self._ask(understood.clauses)
        if total == 0:
            understood = self._forgiven()
            if understood.relaxed:
                total, tallies, found = self._ask(understood.clauses)
        if self._wanted.hits:
            check_page(self._wanted.query, total)
            found = self._page(understood.clauses, total) if found is None else found
        if (
            self.everything
            and tallies.keys() >= {facet.name for facet in INDEXED}
            and self._seen == self._view.standing
        ):
            self._view.whole = Whole(total, tallies)
        return Answer(understood, total, found or (), tallies, self._seen)

    def _ask(self, clauses: Clauses) -> tuple[int, Mapping[str, Tally], tuple[Found, ...] | None]:
        """Return total, counts, and the hits of the page unless it is a deep one."""
        words = self._asker.text(clauses)
        groups = list(self._groups(words))
        searches = [self._counted(group) for group in groups]
        long = [(group, facet) for group in groups for facet in group.facets if facet.name in self._view.long]
        in_parts = [self._parts(group, facet, self._view.long[facet.name]) for group, facet in long]
        at_once = self._wanted.hits and not self._deep()
        hits = [self._hits(clauses, words)] if at_once else []
        answers = iter(self._exchange([*searches, *(part for parts in in_parts for part in parts), *hits]))
        counted = [next(answers) for _ in groups]
        parts = {facet.name: [next(answers) for _ in asked] for (_, facet), asked in zip(long, in_parts, strict=True)}
        found = tuple(self._found(hit) for hit in next(answers)["hits"]["hits"]) if at_once else None
        tallies = {
            facet.name: self._tally(group, facet, answer, parts.get(facet.name))
            for group, answer in zip(groups, counted, strict=True)
            for facet in group.facets
        }
        return int(counted[0]["hits"]["total"]["value"]), tallies, found

    def _groups(self, words: Sequence[Json]) -> Iterator[_Group]:
        """The facets without a choice over all conditions; each other one as if nothing were chosen of it."""
        facets = INDEXED if self.everything and self._wanted.facets else self._wanted.facets
        yield _Group([*words, *self._facets.values()], [f for f in facets if f.name not in self._chosen])
        for facet in facets:
            if facet.name in self._chosen:
                others = (condition for name, condition in self._facets.items() if name != facet.name)
                yield _Group([*words, *others], [facet])

    def _counted(self, group: _Group) -> Json:
        body = {"size": 0, "track_total_hits": True, "query": all_of(group.conditions)}
        short = [facet for facet in group.facets if facet.name not in self._view.long]
        return body | {"aggs": counting(short, self._chosen)} if group.facets else body

    def _parts(self, group: _Group, facet: Facet, parts: int) -> list[Json]:
        query = all_of(group.conditions)
        return [{"size": 0, "track_total_hits": False, "query": query, "aggs": a} for a in parts_of(facet, parts)]

    def _tally(self, group: _Group, facet: Facet, answer: Json, parts: Sequence[Json] | None) -> Tally:
        """Read the counts of a facet; of a long one part by part, and in more parts where these do not do."""
        counted = answer["aggregations"]
        if parts is None:
            short = tally(facet, counted, self._chosen.get(facet.name, ()))
            if short is not None:
                return short
            self._view.long[facet.name] = FIRST_PARTS
        while True:
            number = self._view.long[facet.name]
            answers = self._exchange(self._parts(group, facet, number)) if parts is None else parts
            counts = joined_parts(facet, [each["aggregations"] for each in answers])
            if counts is not None:
                return Tally(counts, missing(facet, counted))
            self._view.long[facet.name] = number * MORE_PARTS
            parts = None

    def _forgiven(self) -> Meaning:
        """Return how to understand words of which nothing was found; each word is counted in one exchange."""
        counts: dict[Clauses, int] = {}

        def count(understood: Clauses) -> int:
            if understood not in counts:
                words = (Clauses((clause,)) for clause in understood.required if isinstance(clause, Word))
                asked = [each for each in dict.fromkeys((understood, *words)) if each not in counts]
                bodies = [self._counted(_Group(self._asker.text(each), ())) for each in asked]
                answers = self._exchange(bodies)
                counts.update(zip(asked, (int(a["hits"]["total"]["value"]) for a in answers), strict=True))
            return counts[understood]

        return meaning(self._clauses, count)

    # Hits

    def _deep(self) -> bool:
        query = self._wanted.query
        return not query.cursor and query.page * query.size >= _DEEP

    def _page(self, clauses: Clauses, total: int) -> tuple[Found, ...]:
        """Ask for the hits of the page alone."""
        if not self._wanted.hits:
            return ()
        check_page(self._wanted.query, total)
        (answer,) = self._exchange([self._hits(clauses, self._asker.text(clauses))])
        return tuple(self._found(hit) for hit in answer["hits"]["hits"])

    def _hits(self, clauses: Clauses, words: Sequence[Json]) -> Json:
        query, order, after = self._wanted.query, self._order, read_cursor(self._wanted.query)
        conditions = [*words, *self._facets.values()]
        body: Json = {
            "size": query.size + 1,
            "track_total_hits": False,
            "_source": [CARD, EXCERPTS] if clauses.required else [CARD],
            "query": all_of(conditions),
            "sort": [_sort(order), {KEY: "asc"}],
        }
        if order.key is None:
            body["query"] = scored(conditions, self._asker.scores(clauses, query.languages))
        if after is not None:
            body["search_after"] = [_last(order) if after.value is None else after.value, after.key]
        else:
            body["from"] = (query.page - 1) * query.size
        return body

    def _found(self, hit: Json) -> Found:
        order, source = self._order, hit["_source"]
        value, key = hit["sort"]
        stated: Value = None if order.key is not None and value in {None, _last(order)} else value
        score = float(hit["_score"]) if order.key is None else 0.0
        return Found(hit["_id"], score, stated, key, source[CARD], source.get(EXCERPTS, "{}"))

    # The exchange

    def _exchange(self, bodies: Sequence[Json]) -> list[Json]:
        """Run searches at once, in the generation of the view, and see its version."""
        standing = self._view.standing
        if standing is None:
            raise IndexGone("There is no search index yet.", url=self._server.place.shown)
        # Equal queries go to the same copy of a shard: copies may score a little differently.
        digest = hashlib.sha256(self._wanted.query.text.encode()).hexdigest()[:8]
        head = {"index": standing.generation.datasets, "preference": f"q{digest}"}
        whole = {"allow_partial_search_results": False}  # rather no answer than a wrong one
        searches = [(head | whole | _type(body), body) for body in bodies]
        first, *answers = self._server.search([self._progress(), *searches])
        hits = first["hits"]["hits"]
        if not hits:
            raise IndexGone("The search index has no progress any more.", url=self._server.place.shown)
        self._seen = self._seen or self._generations.read(hits[0])
        return answers

    def _see(self) -> Standing | None:
        self._exchange([])
        return self._seen

    def _progress(self) -> tuple[Json, Json]:
        place = self._server.place
        body = {"size": 1, "query": {"ids": {"values": [PROGRESS]}}, "seq_no_primary_term": True}
        return {"index": f"{place.prefix}{LABELS}", "allow_partial_search_results": False}, body


def _sort(order: Sort) -> Json:
    if order.key is None:
        return {"_score": "desc"}
    return {sort_field(order.name): {"order": "desc" if order.descending else "asc", "missing": "_last"}}


def _last(order: Sort) -> Value:
    """What the server compares hits by that have nothing to compare."""
    if order.text:
        return None
    return LOWEST if order.descending else HIGHEST


def _type(body: Mapping[str, Any]) -> Json:
    """Scores of several shards are made from what all of them hold."""
    return {"search_type": "dfs_query_then_fetch"} if body["size"] else {}
