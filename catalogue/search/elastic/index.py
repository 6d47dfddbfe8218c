"""The search index on an Elasticsearch cluster. One process writes at a time, any number read, on any machine."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from catalogue.entry import Entry
from catalogue.errors import SearchUnavailable
from catalogue.facets import FACETS, Facet, facet_named
from catalogue.search.analysis import Analyzer
from catalogue.search.answer import check_query, hits, next_cursor, to_count
from catalogue.search.elastic.bulk import Bulk
from catalogue.search.elastic.faults import IndexGone
from catalogue.search.elastic.generations import Generations, Progress
from catalogue.search.elastic.mapping import DIGEST, elastic_layout
from catalogue.search.elastic.place import Place
from catalogue.search.elastic.question import Answer, Question, Wanted
from catalogue.search.elastic.reading import Reader, View
from catalogue.search.elastic.server import Server
from catalogue.search.elastic.writing import Writer
from catalogue.search.fields import KEY
from catalogue.search.query import FacetCounts, Page, Query
from catalogue.search.tally import MAX_VALUES, SHOWN_VALUES, Tally, facet_counts

_log = logging.getLogger(__name__)
_TRIES: Final = 4  # the index may be replaced or written while a search runs; that often in a row hardly ever
_AT_ONCE: Final = 10_000  # digests read in one request


class ElasticIndex:
    """The search index of one prefix on one cluster, a `SearchIndex`. Safe to share between threads.

    Nothing is asked of the server before something is wanted. `pause` waits for seconds while the server is busy.
    """

    def __init__(self, place: Place, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._server = Server(place)
        self._analyzer = Analyzer()
        self._generations = Generations(self._server)
        self._reader = Reader(self._server, self._generations)
        self._writer = Writer(self._server, self._generations, self._analyzer, Bulk(self._server, pause))

    @property
    def name(self) -> str:
        """What the projection is called."""
        return "index"

    # A projection of the journal

    def cursor(self) -> int:
        """The sequence number of the last state applied; 0 when empty, or when its fields are not today's."""
        return self._progress().cursor

    def stamp(self) -> str:
        """The stamp its content was made with; empty when new, or when its fields are not today's."""
        return self._progress().stamp

    def apply(self, entries: Iterable[Entry], upto: int) -> None:
        """Apply states in order and remember `upto`; on return, searches of every process see them."""
        standing = self._generations.standing()
        if standing is None:
            self._make(entries, Progress(upto, "", elastic_layout()))
            return
        if standing.progress.layout != elastic_layout():
            raise SearchUnavailable("The search index was made by another version of this program; make it anew.")
        self._writer.apply(standing, entries, upto)

    def rebuild(self, entries: Iterable[Entry], upto: int, stamp: str) -> None:
        """Make the index anew beside the old one, then swap it in. A failure leaves the old one as it is."""
        self._make(entries, Progress(upto, stamp, elastic_layout()))

    def digests(self) -> Mapping[str, str]:
        """Identifier and digest of every dataset it holds."""
        standing = self._generations.standing()
        if standing is None:
            return {}
        digests: dict[str, str] = {}
        body = {
            "size": _AT_ONCE,
            "track_total_hits": False,
            "_source": False,
            "docvalue_fields": [DIGEST],
            "sort": [KEY],
        }
        header = {"index": standing.generation.datasets, "allow_partial_search_results": False}
        after: list[int] = []
        while True:
            (answer,) = self._server.search([(header, body | ({"search_after": after} if after else {}))])
            found = answer["hits"]["hits"]
            digests |= {hit["_id"]: hit["fields"][DIGEST][0] for hit in found}
            if len(found) < _AT_ONCE:
                return digests
            after = found[-1]["sort"]

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    # Answers

    def count(self) -> int:
        """How many datasets it holds."""
        return self._ask(Wanted(Query()))[1].total

    def facets(self, languages: Sequence[str] = ("en",)) -> tuple[FacetCounts, ...]:
        """Every facet, counted over the whole index, with up to `MAX_VALUES` values each."""
        return self._counted(Wanted(Query(languages=tuple(languages)), FACETS), MAX_VALUES)

    def values(self, query: Query, name: str) -> FacetCounts:
        """One facet over a query, with up to `MAX_VALUES` values (see `SearchIndex`)."""
        return self._counted(Wanted(query, (facet_named(name),)), MAX_VALUES)[0]

    def tallied(self, query: Query, name: str) -> Mapping[str, int]:
        """Every value of a facet over a query (see `SearchIndex`)."""
        answer = self._ask(Wanted(query, (facet_named(name),)))[1]
        return answer.tallies[name].counts if answer.tallies else {}

    def search(self, query: Query) -> Page:
        """Answer a query (see `SearchIndex`)."""
        started = time.perf_counter()
        check_query(query)
        wanted = Wanted(query, to_count(query), hits=True)
        view, answer = self._ask(wanted)
        facets = self._shown(view, answer, wanted, SHOWN_VALUES)
        found = answer.found
        shown = hits(found[: query.size], answer.meaning.clauses, query, self._analyzer)
        took, following = (time.perf_counter() - started) * 1000, next_cursor(found, query)
        return Page(
            answer.total, query.page, query.size, round(took, 2), shown, facets, answer.meaning.relaxed, following
        )

    def _counted(self, wanted: Wanted, limit: int) -> tuple[FacetCounts, ...]:
        view, answer = self._ask(wanted)
        return self._shown(view, answer, wanted, limit)

    def _ask(self, wanted: Wanted) -> tuple[View, Answer]:
        """Return the answer, with the view of the version it is about."""
        for attempt in range(_TRIES):
            view = self._reader.view()
            question = Question(self._server, self._generations, view, self._analyzer, wanted)
            try:
                answer = question.answer(remember=attempt == 0)
            except IndexGone as error:
                self._reader.forget()
                if attempt == _TRIES - 1:
                    raise
                _log.info("asking again: %s", error)
                continue
            if answer.seen is None or answer.seen == view.standing:
                return view, answer
            newer = self._reader.saw(answer.seen)
            if not answer.remembered and _reaches(view, newer):
                return newer, answer
        raise SearchUnavailable(
            "The search index is being replaced at this moment; search again.", url=self._server.place.shown
        )

    def _shown(self, view: View, answer: Answer, wanted: Wanted, limit: int) -> tuple[FacetCounts, ...]:
        """Return counts as a reader sees them; those of the whole index are kept as they were shown."""
        query, tallies = wanted.query, answer.tallies or {}
        whole = view.whole if view.whole is not None and view.whole.tallies is tallies else None
        asked = (tuple(facet.name for facet in wanted.facets), query.languages, limit)
        if whole is not None and asked in whole.shown:
            return whole.shown[asked]
        some = {facet.name: tallies.get(facet.name, Tally({})) for facet in wanted.facets}
        view.known.labels.learn(_named(wanted.facets, some, query, limit))
        counts = tuple(
            facet_counts(
                facet,
                some[facet.name],
                view.known.names,
                chosen=query.facets.get(facet.name, ()),
                languages=query.languages,
                limit=limit,
            )
            for facet in wanted.facets
        )
        if whole is not None:
            whole.keep(asked, counts)
        return counts

    def _progress(self) -> Progress:
        standing = self._generations.standing()
        if standing is None or standing.progress.layout != elastic_layout():
            return Progress()
        return standing.progress

    def _make(self, entries: Iterable[Entry], progress: Progress) -> None:
        generation = self._generations.begin()
        try:
            self._writer.fill(generation, entries, progress)
            self._generations.finish(generation)
        except BaseException:
            self._generations.discard(generation)
            raise
        self._generations.swap(generation)


def _reaches(view: View, newer: View) -> bool:
    """Whether what was asked of one version is the right question for a newer one: same place, no new language."""
    if view.standing is None or newer.standing is None or view.standing.generation != newer.standing.generation:
        return False
    return set(newer.progress.languages) <= set(view.progress.languages)


def _named(
    facets: Sequence[Facet], tallies: Mapping[str, Tally], query: Query, limit: int
) -> Iterable[tuple[str, str]]:
    """Yield the values whose labels are needed, of all facets, so that they are read at once."""
    for facet in facets:
        if not facet.ranged:
            chosen = query.facets.get(facet.name, ())
            yield from ((facet.name, value) for value in tallies[facet.name].top(limit, chosen))
