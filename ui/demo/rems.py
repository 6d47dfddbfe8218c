"""An application system for the demonstration: what REMS shows the public, and drafts that go nowhere.

It answers as REMS does where a catalogue or a link of one meets it: `/api/config`, `/api/catalogue`, `/apply-for` with
its three refusals, the login before a draft. Nothing that is written there is kept.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

from catalogue.dac.committee import Committee
from ui.demo.plan import DatasetPlan, Plan

ROOT: Final = "/rems"
_COOKIE: Final = "rems-demonstration=visitor"
# The committee that handles a node's applications, by the node: each is a workflow of its own.
HANDLERS: Final[Mapping[str, str]] = {"fi": "fi-gdi-dac", "nl": "nl-umcp-dac", "ee": "ee-biobank-dac"}
_CLOSED: Final = frozenset({"GDI-FI-NUH-6"})  # a form that takes nothing now, as forms sometimes do


@dataclass(frozen=True, slots=True)
class Item:
    """One catalogue item: a dataset, the workflow that handles it, and what it is called."""

    id: int
    resource: str
    workflow: int
    organisation: str
    title: str
    enabled: bool

    def as_json(self) -> dict[str, Any]:
        """The item as `/api/catalogue` lists it."""
        return {
            "id": self.id,
            "wfid": self.workflow,
            "formid": 1,
            "resid": self.resource,
            "resource-id": self.id,
            "organization": {"organization/id": self.organisation, "organization/name": {"en": self.organisation}},
            "start": "2026-01-01T00:00:00.000Z",
            "end": None,
            "enabled": self.enabled,
            "archived": False,
            "expired": False,
            "localizations": {"en": {"id": self.id, "langcode": "en", "title": self.title, "infourl": None}},
        }


def items_of(plans: Sequence[Plan]) -> tuple[Item, ...]:
    """The items of every dataset of those nodes that is asked for."""
    found: list[Item] = []
    for plan in plans:
        handler = HANDLERS.get(plan.node.name)
        for dataset in plan.datasets if handler else ():
            if dataset.access != "PUBLIC":
                found.append(_item(len(found) + 1, dataset, str(handler)))
    return tuple(found)


def _item(number: int, dataset: DatasetPlan, handler: str) -> Item:
    workflow = list(HANDLERS.values()).index(handler) + 1
    return Item(number, dataset.id, workflow, handler, dataset.title.get("en", dataset.id), dataset.id not in _CLOSED)


def led_to(committees: Sequence[Committee], address: str) -> tuple[Committee, ...]:
    """The committees, with the application system as the place where those that use it take applications."""
    place = f"{address}/catalogue"
    return tuple(replace(each, apply_url=place) if each.id in HANDLERS.values() else each for each in committees)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET from the items of its server."""

    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = parse_qs(parts.query)
        path = parts.path.removeprefix(ROOT)
        if path == "/api/config":
            self._json({"catalogue-is-public": True, "enable-cart": True, "enable-duo": False, "languages": ["en"]})
        elif path == "/api/catalogue":
            self._json([item.as_json() for item in self.server.items])
        elif path == "/login":
            self._login(next(iter(asked.get("redirect", ())), ""))
        elif path in {"", "/", "/catalogue"}:
            named = "".join(
                f"<li>{escape(item.title)} <code>{escape(item.resource)}</code></li>" for item in self._open()
            )
            self._page("Catalogue", f"<ul>{named}</ul>")
        elif path not in {"/apply-for", "/application"}:
            self._say(HTTPStatus.NOT_FOUND, "text/plain", b"Page not found")
        elif _COOKIE not in self.headers.get("Cookie", ""):
            self._redirect(f"{ROOT}/login?redirect={quote(self.path)}")
        elif path == "/apply-for":
            self._apply(asked.get("resource", []))
        else:
            self._draft(next(iter(asked.get("items", ())), ""))

    def _open(self) -> list[Item]:
        return [item for item in self.server.items if item.enabled]

    def _apply(self, resources: Sequence[str]) -> None:
        """REMS's own order of refusals: unknown, not unique, workflows that do not match."""
        found = [[item for item in self._open() if item.resource == name] for name in resources]
        if not found or not all(found):
            self._say(HTTPStatus.NOT_FOUND, "text/plain", b"Resource not found")
        elif any(len(items) > 1 for items in found):
            self._say(HTTPStatus.BAD_REQUEST, "text/plain", b"Catalogue item is not unique")
        elif len({items[0].workflow for items in found}) > 1:
            said = b"Unbundlable catalogue items: workflows don't match"
            self._say(HTTPStatus.BAD_REQUEST, "text/plain", said)
        else:
            self._redirect(f"{ROOT}/application?items={','.join(str(items[0].id) for items in found)}")

    def _draft(self, numbers: str) -> None:
        wanted = {int(number) for number in numbers.split(",") if number.isascii() and number.isdigit()}
        named = "".join(
            f"<li>{escape(item.title)} <code>{escape(item.resource)}</code></li>"
            for item in self._open()
            if item.id in wanted
        )
        told = "<p>A draft in the demonstration's application system. Nothing is kept and nobody reads it.</p>"
        self._page("Draft application", f"{told}<ul>{named}</ul>")

    def _login(self, target: str) -> None:
        """One visitor for everybody, let in at once; only back to this very place."""
        own = target if target.startswith(f"{ROOT}/") and target.isprintable() else f"{ROOT}/catalogue"
        self._redirect(own, {"Set-Cookie": f"{_COOKIE}; Path={ROOT}; HttpOnly; SameSite=Lax"})

    def _json(self, value: object) -> None:
        self._say(HTTPStatus.OK, "application/json; charset=utf-8", json.dumps(value).encode())

    def _page(self, title: str, body: str) -> None:
        text = f'<!doctype html><html lang="en"><title>{title}</title><h1>{title}</h1>{body}</html>'
        self._say(HTTPStatus.OK, "text/html; charset=utf-8", text.encode())

    def _redirect(self, target: str, headers: Mapping[str, str] | None = None) -> None:
        self._say(HTTPStatus.FOUND, "text/plain", b"", {"Location": target, **(headers or {})})

    def _say(self, status: HTTPStatus, media_type: str, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": media_type, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's signature
        """Say nothing: the demonstration's terminal belongs to its progress."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    items: tuple[Item, ...] = ()


@contextmanager
def application_system(plans: Sequence[Plan]) -> Iterator[str]:
    """Serve the application system on loopback until the context ends; give its address."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.items = items_of(plans)
    threading.Thread(target=server.serve_forever, name="rems", daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{ROOT}"
    finally:
        server.shutdown()
        server.server_close()
