"""The port of the RDF store: a projection that can be asked SPARQL 1.1 queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from catalogue.projection import Projection

# What a caller may ask for, by the kind of query; the first is the default.
TABLE_FORMATS = ("json", "xml", "csv", "tsv")
GRAPH_FORMATS = ("turtle", "ntriples", "rdfxml", "jsonld")


@dataclass(frozen=True, slots=True)
class SparqlQuery:
    """A SPARQL query as the protocol hands it over (SPARQL 1.1 Protocol, section 2.1).

    `table_format` and `graph_format` say how SELECT/ASK and CONSTRUCT/DESCRIBE results are written. Without
    `default_graphs` and `named_graphs` the default graph is the union of all graphs.
    """

    text: str
    table_format: str = "json"
    graph_format: str = "turtle"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SparqlAnswer:
    """A whole answer; a partial one is never handed out. `form` is select, ask or graph; `seconds` the time taken."""

    form: str
    format: str
    media_type: str
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a name to share the workers by (an address), and whether they are gone since.

    `gone` is asked from the thread that waits for the answer, several times a second.
    """

    name: str
    gone: Callable[[], bool] = lambda: False


class AskedStore(Protocol):
    """The store as those see it who ask it."""

    @property
    def aggregates(self) -> frozenset[str]:
        """The IRIs of the aggregates it has beside SPARQL's own."""
        ...

    def cursor(self) -> int:
        """The sequence number of the last state applied; 0 when empty."""
        ...

    def ask(self, query: SparqlQuery, *, seconds: float | None = None, caller: Caller | None = None) -> SparqlAnswer:
        """Answer a query.

        `seconds` shortens the time budget of the settings, never lengthens it. Callers share the workers; the
        catalogue's own questions (None) have one to themselves. Raises `BadQuery` for a query that does not parse,
        updates or asks for SERVICE, `QueryOverBudget` for one stopped at its time, memory, row or byte budget,
        `NoTurn` or `TooManyQueries` when no worker is free in time, `Abandoned` when the caller is gone, and where the
        store is a server, `StoreUnavailable` and `QueryFailed`.
        """
        ...

    def version(self) -> str:
        """What answers stand for: the same as long as every query is answered the same, over restarts too."""
        ...


class RdfStore(Projection, AskedStore, Protocol):
    """The store as the catalogue sees it."""

    def refresh(self, activity: str) -> None:
        """Write what changes without a record changing, nodes for one (see `catalogue.projector.Refreshed`)."""
        ...
