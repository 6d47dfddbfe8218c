"""A SPARQL 1.1 server in this process, over an engine in memory, that misbehaves when it is told to."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pyoxigraph as ox

JSON = "application/sparql-results+json"
_KINDS = {
    "application/x-www-form-urlencoded": "query",
    "application/sparql-update": "update",
    "application/n-quads": "data",
}


@dataclass
class Answer:
    """What is sent. `length`: the one announced, if not the true one; `None`: none at all, the connection closes."""

    status: int = 200
    body: bytes = b""
    media_type: str = JSON
    length: int | None = -1
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    """One request: `kind` is query, update or data."""

    kind: str
    text: str
    headers: dict[str, str]


class SparqlServer:
    """One dataset, empty. `fault` is asked before each request is worked on: what it returns is sent in its place.

    `after` is asked once the work is done, so that the work is there and its answer is not. `union`: the default graph
    shows every graph, as some servers have it. `naive`: escapes of code points are read before anything else, as the
    specification has it (SPARQL 1.1 Query, section 19.2).
    """

    def __init__(self) -> None:
        self.store = ox.Store()
        self.fault: Callable[[Asked], Answer | None] = lambda _: None
        self.after: Callable[[Asked], Answer | None] = lambda _: None
        self.union = self.naive = False
        self.asked: list[Asked] = []
        self.address = ""

    def work(self, asked: Asked) -> Answer:
        """Do what is asked."""
        self.asked.append(asked)
        return self.fault(asked) or self._done(asked)

    def _done(self, asked: Asked) -> Answer:
        text = _read_escapes(asked.text) if self.naive and asked.kind != "data" else asked.text
        try:
            answer = getattr(self, f"_{asked.kind}")(text, asked.headers.get("Accept", ""))
        except SyntaxError as error:
            return Answer(400, str(error).encode(), "text/plain")
        return self.after(asked) or answer

    def _data(self, text: str, _accept: str) -> Answer:
        self.store.bulk_extend(ox.parse(text, format=ox.RdfFormat.N_QUADS))
        return Answer(204)

    def _update(self, text: str, _accept: str) -> Answer:
        self.store.update(text)
        return Answer(204)

    def _query(self, text: str, accept: str) -> Answer:
        form = parse_qs(text)
        default = [ox.NamedNode(iri) for iri in form.get("default-graph-uri", ())]
        named = [ox.NamedNode(iri) for iri in form.get("named-graph-uri", ())]
        found = self.store.query(
            form["query"][0],
            default_graph=default if default or named else None,
            named_graphs=named if default or named else None,
            use_default_graph_as_union=self.union,
        )
        written = io.BytesIO()
        if isinstance(found, ox.QueryTriples):
            found.serialize(written, ox.RdfFormat.N_TRIPLES)
        else:
            found.serialize(written, ox.QueryResultsFormat.JSON)
        return Answer(200, written.getvalue(), accept)


def _read_escapes(text: str) -> str:
    return re.sub(r"\\u([0-9A-Fa-f]{4})", lambda found: chr(int(found[1], 16)), text)


@contextmanager
def sparql_server() -> Iterator[SparqlServer]:
    """Serve an empty dataset on a free port for a block."""
    server = SparqlServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer goes out at once, not in two packets of which the second waits

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            kind = _KINDS[self.headers["Content-Type"].partition(";")[0]]
            answer = server.work(Asked(kind, text, dict(self.headers)))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", answer.media_type)
            if answer.length is not None and answer.status != 204:
                self.send_header("Content-Length", str(len(answer.body) if answer.length < 0 else answer.length))
            self.end_headers()
            self.wfile.write(answer.body)
            if answer.length is None or answer.length >= 0:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Listener(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Say nothing of clients that hang up."""

    with Listener(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        server.address = f"http://127.0.0.1:{http.server_address[1]}/ds"
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
