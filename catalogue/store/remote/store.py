"""The RDF store on a SPARQL 1.1 server: the same graphs as the embedded one, the same answers.

The dataset is this catalogue's alone. Its default graph is the union of our graphs but that of withdrawn records, kept
by us as in the embedded store, since servers differ in what they would make of it. How far it has followed the journal
stands in the dataset itself (`progress`), and is written in the request that changes what it speaks of.

A server has one dataset for us, so nothing is made beside it. A rebuild replaces record after record, each in one
request, and takes out what is no longer listed: readers meet every record as it was or as it is. Only a dataset that
was never whole answers nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import pyoxigraph as ox

from catalogue.entry import Entry
from catalogue.errors import StoreBeingFilled, StoreUnavailable
from catalogue.journal.state import Status
from catalogue.store.graphs import Graphs
from catalogue.store.pool import Budgets
from catalogue.store.port import Caller, SparqlAnswer, SparqlQuery
from catalogue.store.remote.asking import Asking
from catalogue.store.remote.place import Place
from catalogue.store.remote.progress import LAYOUT, QUESTION, Progress, read
from catalogue.store.remote.server import Server
from catalogue.store.remote.writing import Writer, in_parts
from shapes.vocabulary import GDIX

NamedGraphs: TypeAlias = Mapping[ox.NamedNode, Sequence[ox.Triple]]

_ANYTHING: Final = "SELECT ?s { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } LIMIT 1"


class RemoteStore:
    """The projection of the journal as RDF; see `catalogue.store.port.RdfStore` for its promises.

    `registry` gives the statements that change without a record changing. `size` queries at once are sent to the
    server; `kept` bytes of answers are remembered as long as nothing changes. Memory is the server's own affair.
    """

    def __init__(
        self,
        place: Place,
        graphs: Graphs,
        registry: Callable[[], NamedGraphs],
        *,
        size: int,
        budgets: Budgets | None = None,
        kept: int = 0,
    ) -> None:
        self._graphs = graphs
        self._registry = registry
        self._owner = graphs.layout.base
        self._server = Server(place)
        self._writer = Writer(self._server, graphs.layout)
        self._asking = Asking(self._server, self._owner, size=size, budgets=budgets or Budgets(), kept=kept)

    @property
    def name(self) -> str:
        """`store`."""
        return "store"

    @property
    def aggregates(self) -> frozenset[str]:
        """See `catalogue.store.port.AskedStore`: servers have their own, if any, and none has ours."""
        return frozenset()

    def cursor(self) -> int:
        """See `catalogue.projection.Projection`. Raises `StoreBeingFilled` until everything was there once."""
        return self._answering().cursor

    def stamp(self) -> str:
        """See `catalogue.projection.Projection`."""
        progress = self._read()
        return progress.stamp if progress.layout == LAYOUT else ""

    def apply(self, entries: Iterable[Entry], upto: int) -> None:
        """See `catalogue.projection.Projection`."""
        progress = self._standing() or self._claim(whole=True)
        for some in in_parts(self._texts(entries)):
            if some:
                progress = self._writer.write(some, progress)
        self._writer.say(replace(progress, cursor=upto).moved())

    def refreshed(self) -> str:
        """See `catalogue.projector.Refreshed`."""
        return self._read().refreshed

    def refresh(self, activity: str) -> None:
        """See `catalogue.projector.Refreshed`. Graphs that are as they were are not written again."""
        progress = self._standing() or self._claim(whole=True)
        texts = _texts_of(self._registry())
        changed = {name: text for name, text in texts.items() if progress.common.get(name) != _digest(text)}
        if changed:
            progress = self._writer.write(changed, progress)
        common = dict(progress.common) | {name: _digest(text) for name, text in changed.items()}
        self._writer.say(replace(progress, refreshed=activity, common=common))

    def rebuild(self, entries: Iterable[Entry], upto: int, stamp: str) -> None:
        """See `catalogue.projection.Projection`; but there is one dataset, in which record after record is replaced.

        A failure leaves some records as they were and some as they shall be, and no stamp: so it is done again.
        """
        before = self._standing()
        empty = before is None
        progress = before or self._claim(whole=False)
        progress = replace(progress, stamp="", refreshed="", common={}, layout=LAYOUT)
        kept: set[str] = set()
        for some in in_parts(self._texts(entries)):
            progress = self._writer.write(some, progress, empty=empty)
            kept.update(some)
        common = _texts_of({**self._registry(), **self._graphs.labels()})
        progress = self._writer.write(common, progress, empty=empty)
        if not empty:
            gone = ((name, b"") for name in self._writer.names() if name not in kept and name not in common)
            for some in in_parts(gone):
                progress = self._writer.write(some, progress)
            self._writer.sweep()
        digests = {name: _digest(text) for name, text in common.items()}
        self._writer.say(replace(progress, cursor=upto, stamp=stamp, whole=True, common=digests).moved())

    def digests(self) -> Mapping[str, str]:
        """The id and digest of every dataset whose graphs the server really holds."""
        if self._standing() is None:
            return {}
        derived = self._graphs.layout.derived("").value
        delivered = self._graphs.layout.delivered("").value
        question = f"""SELECT ?record ?digest WHERE {{
            GRAPH ?derived {{ ?about <{GDIX.datasetDigest}> ?digest }}
            FILTER(STRSTARTS(STR(?derived), "{derived}"))
            BIND(STRAFTER(STR(?derived), "{derived}") AS ?record)
            BIND(IRI(CONCAT("{delivered}", ?record)) AS ?said)
            FILTER EXISTS {{ GRAPH ?said {{ ?s ?p ?o }} }} }}"""
        return {row[0]: row[1] for row in self._server.rows(question, long=True)}

    def ask(self, query: SparqlQuery, *, seconds: float | None = None, caller: Caller | None = None) -> SparqlAnswer:
        """See `catalogue.store.port.RdfStore`. Raises `StoreUnavailable` as well."""
        return self._asking.ask(query, lambda: self._answering().token, seconds=seconds, caller=caller)

    def version(self) -> str:
        """See `catalogue.store.port.RdfStore`. Raises `StoreUnavailable`."""
        return self._answering().token

    def close(self) -> None:
        """Close the connections, and stop the processes that read queries."""
        self._asking.close()
        self._server.close()

    def _texts(self, entries: Iterable[Entry]) -> Iterator[tuple[str, bytes]]:
        """Yield the graphs of entries; those of one that is not listed are empty."""
        for entry in entries:
            for name, text in self._graphs.of(entry, listed=entry.state.status is Status.LISTED).items():
                yield name.value, text

    def _read(self) -> Progress:
        return self._standing() or Progress(self._owner)

    def _answering(self) -> Progress:
        """Return how the dataset stands, if it may answer queries."""
        progress = self._standing()
        if progress is None:
            self._check_empty()
            return Progress(self._owner)
        if not progress.whole:
            raise StoreBeingFilled(
                "The RDF store is being filled for the first time; queries are answered once everything is in it."
            )
        return progress

    def _standing(self) -> Progress | None:
        """Return how the dataset stands; None for one that was never written to. Raises `StoreUnavailable`."""
        rows = self._server.rows(QUESTION)
        if not rows:
            return None
        said, seen = rows[0]
        place = self._server.place
        progress = read(said, place.query)
        if progress.owner != self._owner:
            raise StoreUnavailable(
                f"The dataset belongs to the catalogue {progress.owner}, and is left alone: this one needs a dataset "
                "of its own. If that is a former address of this catalogue, empty the dataset.",
                url=place.query,
            )
        if seen:
            raise StoreUnavailable(
                "The server shows the statements of every graph in its default graph, withdrawn records included: "
                "switch that off for this dataset (unionDefaultGraph on Fuseki).",
                url=place.query,
            )
        return progress

    def _check_empty(self) -> None:
        if self._server.rows(_ANYTHING):
            raise StoreUnavailable(
                "The dataset holds statements that no catalogue wrote, and is left alone: this one needs an empty "
                "dataset of its own.",
                url=self._server.place.query,
            )

    def _claim(self, *, whole: bool) -> Progress:
        """Make an empty dataset ours. Raises `StoreUnavailable` for one that is not empty."""
        self._check_empty()
        self._writer.say(Progress(self._owner, whole=whole).moved())
        claimed = self._standing()
        if claimed is None:
            raise StoreUnavailable(
                "What was written to the server cannot be read there: `store` and `store_update` name different "
                "datasets.",
                url=self._server.place.update,
            )
        return claimed


def _texts_of(graphs: NamedGraphs) -> dict[str, bytes]:
    """Return graphs as N-Triples, always in the same order."""
    return {
        name.value: "".join(sorted({f"{triple} .\n" for triple in triples})).encode()
        for name, triples in graphs.items()
    }


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
