"""A SPARQL 1.1 endpoint: a real engine (pyoxigraph) behind the protocol, and the ways public endpoints mislead.

Requests and results follow SPARQL 1.1 Protocol and SPARQL 1.1 Query Results JSON Format. The silent row limit, the
`X-SQL-State: S1TAT` header of a result that was cut short by an "anytime" timeout, and the HTML form for a request
without a query are Virtuoso's (README.ANYTIME.md; `ResultSetMaxRows`, 10,000 by default).
"""

from __future__ import annotations

import json
import re
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
from nodes.fake_node import Made, Reply, Seen
from nodes.faulty_node import FaultyNode
from nodes.samples import catalogue

JSON = "application/sparql-results+json"
FORM = b"<!DOCTYPE html><html><head><title>Virtuoso SPARQL Query Editor</title></head><body></body></html>"


class SparqlNode(FaultyNode):
    """Holds a catalogue in its default graph. `cap`: rows of an answer, silently."""

    protocol: ClassVar[str] = "sparql"
    tricks: ClassVar[tuple[str, ...]] = (
        "lying-count",
        "same-page-again",
        "unordered",
        "partial-result",
        "nothing-said",
        "unnamed",
        "no-numbers",
    )
    # A description that cannot be had for a batch is asked for in smaller ones.
    survives: ClassVar[frozenset[str]] = frozenset({"500", "503", "403", "timeout"})

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.store = ox.Store()
        self.cap: int | None = None
        self.twist = ""

    def fill(self, names: tuple[str, ...]) -> str:
        self.cap, self.twist = None, ""
        self.hold(catalogue(*names))
        self.behave("/sparql", Made(self._answer))
        return self.url("/sparql")

    def hold(self, turtle: str, graph: ox.NamedNode | None = None) -> None:
        """Hold this catalogue and nothing else."""
        self.store = ox.Store()
        self.store.load(turtle.encode(), format=ox.RdfFormat.TURTLE, to_graph=graph)

    def _answer(self, seen: Seen) -> Reply:
        arguments = parse_qs(urlsplit(seen.path).query)
        if "query" not in arguments:
            return Reply(200, FORM, "text/html")
        query = arguments["query"][0]
        if self.twist == "same-page-again":
            query = re.sub(r"FILTER\(STR\(\?d\) >= [^)]*\)", "", query)
        graphs = [ox.NamedNode(name) for name in arguments.get("default-graph-uri", ())]
        try:
            found = self.store.query(query, default_graph=graphs) if graphs else self.store.query(query)
        except (SyntaxError, ValueError) as error:
            return Reply(400, str(error).encode(), "text/plain")
        if isinstance(found, ox.QueryTriples):
            return Reply(200, b"\n".join(f"{triple} .".encode() for triple in found), "application/n-triples")
        assert isinstance(found, ox.QuerySolutions)
        data = found.serialize(format=ox.QueryResultsFormat.JSON)
        assert data is not None
        return self._twisted(query, json.loads(data))

    def _twisted(self, query: str, result: dict[str, dict[str, list[dict[str, dict[str, str]]]]]) -> Reply:
        rows = result["results"]["bindings"]
        headers = {}
        if self.twist == "lying-count" and "COUNT" in query and "isBlank" not in query:
            rows[0]["n"]["value"] = "12"
        if self.twist == "no-numbers" and "COUNT" in query:
            rows[0]["n"]["value"] = "many"
        if self.twist == "unordered" and "ORDER BY" in query:
            rows.reverse()
        if self.twist == "nothing-said" and "?p5" in query:
            rows[:] = [row for row in rows if not row["n"]["value"].endswith("/a")]
        if self.twist == "partial-result" and "?p5" in query:
            headers = {"X-SQL-State": "S1TAT", "X-SQL-Message": "RC...: Returning incomplete results"}
            rows[:] = rows[: len(rows) // 2]
        if self.cap is not None:
            del rows[self.cap :]
        return Reply(200, json.dumps(result).encode(), JSON, headers)

    def lying_count(self) -> None:
        """More datasets are counted than can be listed."""
        self.twist = "lying-count"

    def same_page_again(self) -> None:
        """The comparison is left out of account: every list is the first one over again, two rows long."""
        self.twist, self.cap = "same-page-again", 2

    def unordered(self) -> None:
        """Lists are cut to two rows and come in no order that helps."""
        self.twist, self.cap = "unordered", 2

    def partial_result(self) -> None:
        """The time ran out, and half of the result comes with a status of 200."""
        self.twist = "partial-result"

    def nothing_said(self) -> None:
        """One of the listed resources has no statements when it is asked for."""
        self.twist = "nothing-said"

    def unnamed(self) -> None:
        """One of the datasets lost its IRI."""
        self.hold(catalogue(*self.names[1:], more='[] a dcat:Dataset ; dct:title "unnamed" .'))

    def no_numbers(self) -> None:
        """What should be a count is none."""
        self.twist = "no-numbers"
