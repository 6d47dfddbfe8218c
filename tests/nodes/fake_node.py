"""A node that misbehaves: a real HTTP server on loopback whose every path can be told how to go wrong.

with FakeNode() as node:
    node.serve("/catalog.ttl", b"...", media_type="text/turtle")
    node.behave("/slow", Stall())
    node.behave("/flaky", Sequence(Reply(503), Reply(200, b"...")))
"""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Protocol, Self


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived: path with query, and headers."""

    path: str
    headers: Mapping[str, str]


class Behaviour(Protocol):
    """What a path does with a request."""

    def answer(self, handler: Handler) -> None: ...


@dataclass(frozen=True)
class Reply:
    """A plain answer. With an ETag, a matching If-None-Match gets 304."""

    status: int = 200
    body: bytes = b""
    media_type: str | None = "text/turtle"
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None

    def answer(self, handler: Handler) -> None:
        headers = {"Content-Type": self.media_type} if self.media_type else {}
        headers |= {"Content-Length": str(len(self.body) if self.length is None else self.length)}
        headers |= dict(self.headers)
        etag = headers.get("ETag")
        if etag and handler.headers.get("If-None-Match") == etag:
            handler.start(304, {"ETag": etag})
            return
        handler.start(self.status, headers)
        handler.wfile.write(self.body)
        if self.length is not None:
            handler.close_connection = True


@dataclass
class InTurn:
    """One behaviour after the other; the last one stays."""

    turns: tuple[Behaviour, ...]
    asked: int = 0

    def answer(self, handler: Handler) -> None:
        turn = self.turns[min(self.asked, len(self.turns) - 1)]
        self.asked += 1
        turn.answer(handler)


@dataclass(frozen=True)
class Silent:
    """Takes the request and never says a word."""

    def answer(self, handler: Handler) -> None:
        handler.wait()
        handler.close_connection = True


@dataclass(frozen=True)
class Stall:
    """Begins a body and stops in the middle of it, holding the line."""

    begun: bytes = b"<http://example.org/s> "

    def answer(self, handler: Handler) -> None:
        handler.start(200, {"Content-Type": "text/turtle", "Content-Length": "1000000"})
        handler.wfile.write(self.begun)
        handler.wait()
        handler.close_connection = True


@dataclass(frozen=True)
class Drip:
    """Sends one byte after the other, never quite slowly enough for a read timeout; `headers`: not even a status."""

    headers: bool = False
    pause: float = 0.01

    def answer(self, handler: Handler) -> None:
        if not self.headers:
            handler.start(200, {"Content-Type": "text/turtle", "Content-Length": "1000000"})
        try:
            while not handler.wait(self.pause):
                handler.wfile.write(b"#")
        except OSError:
            pass  # the client has left
        handler.close_connection = True


@dataclass(frozen=True)
class HangUp:
    """Closes the line without an answer."""

    def answer(self, handler: Handler) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True


@dataclass(frozen=True)
class CutOff:
    """Sends a part of what it announced, then closes the line."""

    body: bytes
    after: int
    chunked: bool = False

    def answer(self, handler: Handler) -> None:
        if self.chunked:
            handler.start(200, {"Content-Type": "text/turtle", "Transfer-Encoding": "chunked"})
            handler.wfile.write(b"%x\r\n%s\r\n" % (self.after, self.body[: self.after]))
        else:
            handler.start(200, {"Content-Type": "text/turtle", "Content-Length": str(len(self.body))})
            handler.wfile.write(self.body[: self.after])
        handler.close_connection = True


@dataclass(frozen=True)
class Endless:
    """Sends a body that has no end, and announces none; `status` and `headers` for an endless redirect."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self, handler: Handler) -> None:
        handler.start(self.status, {"Content-Type": "text/turtle", "Transfer-Encoding": "chunked", **self.headers})
        piece = b"# and on and on\n" * 4096
        try:
            while not handler.node.closed.is_set():
                handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        except OSError:
            pass  # the client has had enough
        handler.close_connection = True


@dataclass(frozen=True)
class Garbage:
    """Answers something that is not HTTP."""

    def answer(self, handler: Handler) -> None:
        handler.wfile.write(b"\x00\xff 220 mail.example.org ESMTP\r\n")
        handler.close_connection = True


@dataclass(frozen=True)
class Made:
    """Makes its reply from the request: paging that loops, or never ends."""

    make: Callable[[Seen], Reply]

    def answer(self, handler: Handler) -> None:
        self.make(handler.seen()).answer(handler)


def bomb(size: int) -> Reply:
    """Return a reply of a few kilobytes that unfolds into `size` bytes."""
    body = gzip.compress(b"#" * size)
    return Reply(200, body, headers={"Content-Encoding": "gzip"})


def redirect(target: str, status: int = 302) -> Reply:
    """Return a redirect."""
    return Reply(status, headers={"Location": target})


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the behaviour the node has for it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = (
        True  # head and body are two writes: without this each answer waits for an acknowledgement
    )
    node: FakeNode

    def do_GET(self) -> None:
        seen = self.seen()
        self.node.requests.append(seen)
        self.node.choose(seen).answer(self)

    def seen(self) -> Seen:
        return Seen(self.path, dict(self.headers.items()))

    def start(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def wait(self, seconds: float = 30.0) -> bool:
        """Wait until the node closes, or for so long; whether it closed."""
        return self.node.closed.wait(seconds)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that leave in the middle are what these tests are about."""


class FakeNode:
    """The server, over TLS if a context is given. `requests` is everything that was asked, in order."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Behaviour] = {}
        self.requests: list[Seen] = []
        self.closed = threading.Event()
        handler = type("BoundHandler", (Handler,), {"node": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._scheme = "https" if tls else "http"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def base(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return self.base + path

    def behave(self, path: str, *turns: Behaviour) -> str:
        """Give a path its behaviour, or several in turn; return its URL."""
        self.routes[path] = turns[0] if len(turns) == 1 else InTurn(turns)
        return self.url(path)

    def serve(self, path: str, body: bytes | str, media_type: str | None = "text/turtle", **headers: str) -> str:
        """Let a path answer with a document; return its URL."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.behave(path, Reply(200, data, media_type, named))

    def choose(self, seen: Seen) -> Behaviour:
        """Return what to do with a request: the behaviour of its path with the query, else of the path alone."""
        found = self.routes.get(seen.path) or self.routes.get(seen.path.partition("?")[0])
        return found or Reply(404, b"not here", "text/plain")

    def asked(self, path: str) -> int:
        """How often a path (without its query) was asked for."""
        return sum(seen.path.partition("?")[0] == path for seen in self.requests)

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
