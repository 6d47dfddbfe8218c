"""A search server that misbehaves: speaks just enough of Elasticsearch's HTTP to be told how to go wrong.

with FakeSearch() as server:
    server.on("POST", "/_bulk", accept, busy)       # in turn; the last one stays
    index = ElasticIndex(Place((server.base,)))
"""

from __future__ import annotations

import json
import re
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, TypeAlias

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived. `lines` are those of a body of several JSON documents."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def lines(self) -> list[Json]:
        return [json.loads(line) for line in self.body.splitlines()]


@dataclass(frozen=True)
class Say:
    """An answer."""

    status: int = 200
    body: Json | str = field(default_factory=dict)
    product: bool = True
    media_type: str = "application/vnd.elasticsearch+json;compatible-with=8"


Turn: TypeAlias = Say | Callable[[Asked], Say]


def failure(status: int, kind: str, reason: str = "the engine's own words") -> Say:
    """An error as the engine words it."""
    error = {"type": kind, "reason": reason}
    return Say(status, {"error": error | {"root_cause": [error]}, "status": status})


def page(status: int = 200) -> Say:
    """A page of some other web server."""
    return Say(status, "<html><title>Welcome to nginx!</title></html>", product=False, media_type="text/html")


def silent(_asked: Asked) -> Say:
    """Takes the request and says nothing for as long as the server lives."""
    raise TimeoutError


def accepted(asked: Asked) -> Say:
    """Take every document of a bulk request."""
    return results(asked, {})


def results(asked: Asked, failures: Mapping[str, tuple[int, str]]) -> Say:
    """Take every document of a bulk request but those named, each with a status and a type of error."""
    items = []
    for line in asked.lines:
        kind = next(iter(line))
        if kind not in {"index", "delete"}:
            continue  # a document itself
        record = line[kind]["_id"]
        status, error = failures.get(record, (201, ""))
        told = {"error": {"type": error, "reason": f"the engine's words about {record}"}} if error else {}
        items.append({kind: {"_id": record, "status": status, **told}})
    return Say(200, {"errors": bool(failures), "items": items})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of: FakeSearch

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.command, self.path, dict(self.headers.items()), body)
        try:
            said = self.server_of.answer(asked)
        except TimeoutError:
            self.server_of.closed.wait(30)
            self.close_connection = True
            return
        data = (said.body if isinstance(said.body, str) else json.dumps(said.body)).encode()
        self.send_response(said.status)
        self.send_header("Content-Type", said.media_type)
        self.send_header("Content-Length", str(len(data)))
        if said.product:
            self.send_header("X-Elastic-Product", "Elasticsearch")
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that leave in the middle are what these tests are about."""


class FakeSearch:
    """The server. It is healthy and of a version we take, and knows nothing else until it is told."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Asked] = []
        self.closed = threading.Event()
        self._turns: dict[tuple[str, str], list[Turn]] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), type("BoundHandler", (_Handler,), {"server_of": self}))
        self._scheme = "https" if tls else "http"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.on("GET", "/_cluster/health", Say(body={"status": "green", "timed_out": False}))
        self.version("8.19.21")

    @property
    def base(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    def version(self, number: str) -> None:
        """Say another version."""
        self.on("GET", "/_nodes", Say(body={"nodes": {"n1": {"version": number}}}))

    def on(self, method: str, path: str, *turns: Turn) -> None:
        """Answer requests whose path matches from its beginning, one turn after the other; the last one stays."""
        self._turns = {(method, path): list(turns)} | {
            key: kept for key, kept in self._turns.items() if key != (method, path)
        }

    def asked(self, method: str, path: str) -> list[Asked]:
        """The requests of one kind, in order."""
        return [each for each in self.requests if each.method == method and re.match(path, each.path)]

    def answer(self, asked: Asked) -> Say:
        """Find what to say."""
        with self._lock:
            self.requests.append(asked)
            for (method, path), turns in self._turns.items():
                if method == asked.method and re.match(path, asked.path):
                    turn = turns.pop(0) if len(turns) > 1 else turns[0]
                    break
            else:
                turn = failure(404, "index_not_found_exception")
        return turn if isinstance(turn, Say) else turn(asked)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
