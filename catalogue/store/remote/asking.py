"""Queries of users, sent on to the server: read at our door, watched while they run, and answered whole or not at all.

The server is asked for one form of table and one of graph, which is parsed as it comes and written again by the engine
of the embedded store: so answers have the same forms on every server, rows and bytes are counted as they are there, and
what was cut short is noticed.
"""

from __future__ import annotations

import io
import logging
import math
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from catalogue.errors import Abandoned, NoTurn, QueryFailed, StoreUnavailable
from catalogue.store.answers import Answers
from catalogue.store.formats import GRAPHS, MEDIA_TYPES, TABLES, XML, in_xml
from catalogue.store.guard import Outline, outline
from catalogue.store.named import chosen_graphs
from catalogue.store.parsed import Parser
from catalogue.store.pool import Budgets, over_time
from catalogue.store.port import Caller, SparqlAnswer, SparqlQuery
from catalogue.store.remote.faults import not_taken, refusal, unreachable
from catalogue.store.remote.server import JSON, NTRIPLES, Body, Server, let_go
from catalogue.store.sink import OverBytes, OverRows, Sink
from catalogue.store.turns import LOOK_SECONDS, Turns
from harvester.errors import OutOfTime
from harvester.own_service import Reply
from harvester.stop import Stop
from shapes.errors import BadQuery
from shapes.vocabulary import PREFIXES

_HOUSE: Final = Caller("")  # the catalogue's own questions
_READ: Final = 4096  # bytes of an error's text that are looked at
_TIMED_OUT: Final = re.compile(rb"time(?:d)?[ -]?out", re.IGNORECASE)
_UNFINISHED: Final = re.compile(rb"^##? .*", re.MULTILINE)  # how servers say at the end that they gave up
_NAMES: Final = re.compile(r"([A-Za-z][\w.\-]*|):")
_log = logging.getLogger(__name__)


class Asking:
    """Sends `size` queries at once to a server, and one of the catalogue's own. Safe for many threads."""

    def __init__(self, server: Server, base: str, *, size: int, budgets: Budgets, kept: int) -> None:
        self._server = server
        self._base = base
        self._budgets = budgets
        self._answers = Answers(kept)
        self._public, self._house = Turns(size), Turns(1)
        self._parser = Parser(base, budgets.memory)

    def ask(
        self, query: SparqlQuery, version: Callable[[], str], *, seconds: float | None, caller: Caller | None
    ) -> SparqlAnswer:
        """Answer a query; see `catalogue.store.port.RdfStore.ask`. `version` tells what answers stand for now."""
        read = outline(query.text)
        self._check_graphs(query)
        most = self._budgets.seconds
        budget = most if seconds is None else min(most, seconds)
        begun = time.monotonic()
        key = (version(), query)
        if kept := self._answers.get(key):
            return replace(kept, seconds=time.monotonic() - begun)
        asker = caller or _HOUSE
        with (self._house if caller is None else self._public).turn(asker, budget):
            started = time.monotonic()
            self._parser.check(query.text, asker.gone)
            key = (version(), query)
            answer = _Question(self._server, self._budgets, self._form(query), read, query, budget, started).run(asker)
        answer = replace(answer, seconds=time.monotonic() - begun)
        if read.steady:
            self._answers.put(key, answer)
        return answer

    def close(self) -> None:
        """Stop the processes that parse."""
        self._parser.close()

    def _check_graphs(self, query: SparqlQuery) -> None:
        """Raise `BadQuery` for a graph that is none of ours: a server may have others, or load from the address."""
        ours = f"{self._base}/graph/"
        chosen = chosen_graphs(query.text, f"{self._base}/", PREFIXES)
        for graph in (*query.default_graphs, *query.named_graphs, *chosen):
            if not graph.startswith(ours) or ".." in graph:
                raise BadQuery(f"There is no graph {graph!r} here: the graphs of this catalogue begin with {ours}")

    def _form(self, query: SparqlQuery) -> dict[str, object]:
        """Return the parameters of the protocol, with the base and the prefixes that a query need not declare."""
        used = sorted(set(_NAMES.findall(query.text)) & PREFIXES.keys())
        declared = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in used)
        return {
            "query": f"BASE <{self._base}/> {declared}\n{query.text}",
            "default-graph-uri": query.default_graphs,
            "named-graph-uri": query.named_graphs,
        }


class _Question:
    """One query on its way: asked in a thread of its own, so that whoever waits can give up."""

    def __init__(
        self,
        server: Server,
        budgets: Budgets,
        form: dict[str, object],
        read: Outline,
        query: SparqlQuery,
        budget: float,
        started: float,
    ) -> None:
        self._server, self._budgets, self._form, self._query = server, budgets, form, query
        self._graph = read.form in {"construct", "describe"}
        table = query.table_format if read.form == "select" else None
        self._sink = Sink(budgets.most, budgets.rows, table)
        self._budget, self._end = budget, started + budget
        self._stop = Stop()
        self._outcome: SparqlAnswer | BaseException | None = None

    def run(self, caller: Caller) -> SparqlAnswer:
        """Ask, and wait for the answer as long as the caller does. Raises what `Asking.ask` raises."""
        thread = threading.Thread(target=self._work, name="sparql", daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(LOOK_SECONDS)
                if thread.is_alive() and caller.gone():
                    raise Abandoned("The client went away; its query was stopped.")
        finally:
            self._stop.ask("Nobody waits for the answer any more.")
        if isinstance(self._outcome, SparqlAnswer):
            return self._outcome
        raise self._outcome or AssertionError("a question has an outcome")

    def _work(self) -> None:
        try:
            self._outcome = self._answer()
        except BaseException as error:  # noqa: BLE001 - it is raised where the question was asked
            let_go(error)
            self._outcome = error

    def _answer(self) -> SparqlAnswer:
        left = self._end - time.monotonic()
        if left <= 0:
            raise over_time(self._budget)
        # Not of the standard; some servers (Fuseki, RDF4J) then stop a query whose asker has gone.
        form = self._form | {"timeout": max(1, math.ceil(left))}
        try:
            with self._server.sent(form, NTRIPLES if self._graph else JSON, left, self._stop) as reply:
                if reply.status != 200:  # noqa: PLR2004 - the status of an answer
                    raise self._refusal(reply)
                return self._read(reply)
        except StoreUnavailable:
            if time.monotonic() >= self._end:
                raise over_time(self._budget) from None
            raise

    def _refusal(self, reply: Reply) -> Exception:
        """Return what a status other than success means. The server's words go to the log alone."""
        told = _beginning(reply)
        place = self._server.place
        _log.info("the SPARQL server answered %d to a query: %s", reply.status, told.decode("utf-8", "replace"))
        if reply.status in {408, 500, 503, 504} and _TIMED_OUT.search(told):
            return over_time(self._budget)
        if not_taken(reply.status):
            return BadQuery("The query parses, but the SPARQL server behind this catalogue does not take it.")
        if reply.status == 429:  # noqa: PLR2004 - too many requests
            return NoTurn("The SPARQL server behind this catalogue is busy; try again soon.")
        if reply.status >= 500:  # noqa: PLR2004 - the server's own failures
            return QueryFailed(f"The SPARQL server behind this catalogue failed at this query ({reply.status}).")
        return refusal(place, place.query, reply.status)

    def _read(self, reply: Reply) -> SparqlAnswer:
        """Write the answer anew as it comes. Raises `QueryOverBudget`, and `QueryFailed` for one that is not whole."""
        body = Body(reply)
        try:
            form, name = self._rewritten(body)
        except (OverBytes, OverRows, SyntaxError, ValueError, OSError) as error:
            if self._sink.broken is not None:
                over = self._sink.broken is OverRows
                raise (self._budgets.over_rows() if over else self._budgets.over_bytes()) from None
            if _TIMED_OUT.search(body.tail):
                raise over_time(self._budget) from None
            if isinstance(body.broken, OutOfTime):
                raise unreachable(self._server.place, self._server.place.query, body.broken, self._budget) from error
            raise _cut_short() from error
        # A graph cut between two lines is a graph, too.
        if self._graph and (not reply.ends or _UNFINISHED.search(body.tail)):
            raise over_time(self._budget) if _TIMED_OUT.search(body.tail) else _cut_short()
        written = self._sink.getvalue()
        return SparqlAnswer(form, name, MEDIA_TYPES[name], in_xml(written) if name in XML else written, 0.0)

    def _rewritten(self, body: Body) -> tuple[str, str]:
        """Write what the server answers into the sink; return the kind of the answer and its format."""
        if self._graph:
            name = self._query.graph_format
            triples = (quad.triple for quad in ox.parse(io.BufferedReader(body), format=ox.RdfFormat.N_TRIPLES))
            ox.serialize(self._sink.counted(_each_once(triples)), self._sink, GRAPHS[name])
            return "graph", name
        name = self._query.table_format
        found = ox.parse_query_results(io.BufferedReader(body), ox.QueryResultsFormat.JSON)
        found.serialize(self._sink, TABLES[name])
        return "ask" if isinstance(found, ox.QueryBoolean) else "select", name


def _each_once(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield the triples of a graph, which is a set; a server that writes as it finds may repeat some."""
    seen: set[ox.Triple] = set()
    for triple in triples:
        if triple not in seen:
            seen.add(triple)
            yield triple


def _cut_short() -> QueryFailed:
    return QueryFailed("The SPARQL server behind this catalogue gave no whole answer; nothing of it is shown.")


def _beginning(reply: Reply) -> bytes:
    told = b""
    for piece in reply.pieces():
        told += piece
        if len(told) >= _READ:
            break
    return told[:_READ]
