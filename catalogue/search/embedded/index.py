"""The embedded search index: tantivy in a folder. One process writes at a time, any number read."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from catalogue.entry import Entry
from catalogue.errors import SearchUnavailable
from catalogue.facets import FACETS, facet_named
from catalogue.search.analysis import Analyzer
from catalogue.search.answer import check_page, check_query, hits, next_cursor, to_count
from catalogue.search.embedded.asked import ask
from catalogue.search.embedded.beside import Beside
from catalogue.search.embedded.folder import Folder, Progress
from catalogue.search.embedded.reading import Reader
from catalogue.search.embedded.schema import layout
from catalogue.search.embedded.writers import Writers
from catalogue.search.embedded.writing import write_generation
from catalogue.search.query import FacetCounts, Page, Query
from catalogue.search.tally import MAX_VALUES, SHOWN_VALUES
from shapes.collecting import seldom


class EmbeddedIndex:
    """The search index of one data folder, a `SearchIndex`. Searches are safe to share between threads.

    The folder is made when something is first written; before that, the index is empty.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = Folder(folder)
        self._analyzer = Analyzer()
        self._reader = Reader(self._folder, self._analyzer)
        self._writers = Writers()
        self._beside = Beside()

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
        """Apply states in order and remember `upto`.

        Raises `StoreLocked` while another process writes, `SearchUnavailable` when the index must be made anew first.
        """
        generation = self._folder.current()
        if generation is None:
            self._make(entries, Progress(upto, "", layout()))
            return
        progress = generation.progress()
        if progress.layout != layout():
            raise SearchUnavailable("The search index was made by another version of this program; make it anew.")
        progress = replace(progress, cursor=upto)
        write_generation(generation, entries, self._analyzer, progress, self._writers, fresh=False)

    def rebuild(self, entries: Iterable[Entry], upto: int, stamp: str) -> None:
        """Make the index anew beside the old one, then swap it in. A failure leaves the old one as it is."""
        self._make(entries, Progress(upto, stamp, layout()))

    def digests(self) -> Mapping[str, str]:
        """Identifier and digest of every dataset it holds."""
        return self._reader.snapshot().digests()

    def close(self) -> None:
        """Release the files. Waits for the engine where it is merging parts."""
        self._writers.close()
        self._reader.close()
        self._beside.close()

    # Answers

    def count(self) -> int:
        """How many datasets it holds."""
        return len(self._reader.snapshot())

    def facets(self, languages: Sequence[str] = ("en",)) -> tuple[FacetCounts, ...]:
        """Every facet, counted over the whole index, with up to `MAX_VALUES` values each."""
        everything = ask(self._reader.snapshot(), Query(languages=tuple(languages)))
        return everything.counted(FACETS, MAX_VALUES)

    def values(self, query: Query, name: str) -> FacetCounts:
        """One facet over a query, with up to `MAX_VALUES` values (see `SearchIndex`)."""
        facet = facet_named(name)
        with seldom():
            return ask(self._reader.snapshot(), query).counted((facet,), MAX_VALUES)[0]

    def tallied(self, query: Query, name: str) -> Mapping[str, int]:
        """Every value of a facet over a query (see `SearchIndex`)."""
        return ask(self._reader.snapshot(), query).tally(facet_named(name)).counts

    def search(self, query: Query) -> Page:
        """Answer a query (see `SearchIndex`)."""
        started = time.perf_counter()
        check_query(query)
        counted = to_count(query)
        with seldom():  # rows and hits by the thousand make no circles, and a look at all that lives takes 0.1 s
            asked = ask(self._reader.snapshot(), query, counting=bool(counted), beside=self._beside)
            check_page(query, asked.total)
            facets = asked.counted(counted, SHOWN_VALUES)
            found = asked.found()
            near = asked.snapshot.asker.near
            shown = hits(found[: query.size], asked.meaning.clauses, query, self._analyzer, near)
        took, following = (time.perf_counter() - started) * 1000, next_cursor(found, query)
        return Page(
            asked.total, query.page, query.size, round(took, 2), shown, facets, asked.meaning.relaxed, following
        )

    def _progress(self) -> Progress:
        generation = self._folder.current()
        progress = generation.progress() if generation else Progress()
        return progress if progress.layout == layout() else Progress()

    def _make(self, entries: Iterable[Entry], progress: Progress) -> None:
        self._writers.close()  # the folder it writes to is about to go
        generation = self._folder.begin()
        try:
            write_generation(generation, entries, self._analyzer, progress, self._writers, fresh=True)
        except BaseException:
            self._folder.discard(generation)
            raise
        self._folder.swap(generation)
