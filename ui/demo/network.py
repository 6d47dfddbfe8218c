"""The demonstration's nodes as real servers on loopback, each on a port of its own."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from harvester.source import Source, Stage
from ui.demo.dialects import DIALECTS
from ui.demo.fairdatapoint import Resource, Site
from ui.demo.plan import Plan

_NOTHING: Final = Resource("text/plain; charset=utf-8", b"There is nothing here.\n", HTTPStatus.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class Running:
    """A node that serves: its plan, the source a catalogue registers for it, and how it serves, in words."""

    plan: Plan
    source: Source
    serves: str


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the site of its server, with ETag and 304."""

    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes; without this each answer waits for the client

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        resource = self.server.site.get(self.path, _NOTHING)
        etag = f'"{hashlib.sha256(resource.body).hexdigest()[:20]}"'
        if resource.status is HTTPStatus.OK and self.headers.get("If-None-Match") == etag:
            resource = Resource(resource.media_type, b"", HTTPStatus.NOT_MODIFIED)
        self.send_response(resource.status)
        self.send_header("Content-Type", resource.media_type)
        self.send_header("Content-Length", str(len(resource.body)))
        self.send_header("ETag", etag)
        self.end_headers()
        if with_body:
            self.wfile.write(resource.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's signature
        """Say nothing: the demonstration's terminal belongs to its progress."""


class _Server(ThreadingHTTPServer):
    """One node's server; `site` is what it answers, set once its port is known."""

    daemon_threads = True
    site: Site

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def network(plans: Sequence[Plan]) -> Iterator[tuple[Running, ...]]:
    """Serve the plans until the context ends; give each node with the source to register."""
    servers: list[_Server] = []
    running: list[Running] = []
    try:
        for plan in plans:
            dialect = DIALECTS[plan.node.dialect]
            if plan.node.dialect == "down":
                address = f"http://127.0.0.1:{_closed_port()}"
            else:
                server = _Server(("127.0.0.1", 0), _Handler)
                servers.append(server)
                address = server.address
                server.site = dialect.serve(plan, address)
                threading.Thread(target=server.serve_forever, name=f"node-{plan.node.name}", daemon=True).start()
            running.append(Running(plan, _source(plan, address + dialect.start), dialect.title))
        yield tuple(running)
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _source(plan: Plan, url: str) -> Source:
    node = plan.node
    return Source(
        name=node.name,
        url=url,
        title=node.title,
        country=node.country,
        stage=Stage(node.stage),
        allow_private=True,  # loopback, and only this node's own port
        default_dac=node.default_dac,
    )


def _closed_port() -> int:
    """Return a port nobody listens on: it was free a moment ago."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
