"""A Resource Entitlement Management System: its catalogue, its configuration, and what its links to applications do.

After REMS 2.38 (handler.clj, routes of `apply-for`; api/catalogue.clj): a link without a login leads to the login and
back; an unknown resource, two enabled items of one resource and items of two workflows are refused in plain text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from nodes.fake_node import FakeNode, Made, Reply, Seen, redirect

SESSION = "rems-session=alice"


@dataclass(frozen=True)
class Item:
    id: int
    resource: str
    workflow: int = 1
    form: int = 1
    enabled: bool = True
    archived: bool = False
    expired: bool = False
    title: str = "A dataset"
    organisation: str = "nbn"

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "wfid": self.workflow,
            "formid": self.form,
            "resid": self.resource,
            "resource-id": self.id + 100,
            "organization": {
                "organization/id": self.organisation,
                "organization/short-name": {"en": self.organisation.upper()},
                "organization/name": {"fi": "Toimikunta", "en": "Committee of the north"},
            },
            "start": "2026-01-01T00:00:00.000Z",
            "end": None,
            "enabled": self.enabled,
            "archived": self.archived,
            "expired": self.expired,
            "localizations": {
                "en": {"id": self.id, "langcode": "en", "title": self.title, "infourl": "https://node.example/d"}
            },
        }


def text(status: int, words: str) -> Reply:
    return Reply(status, words.encode(), "text/plain")


@dataclass
class Options:
    """How the installation is set up. `older`: a release that lists disabled items to anybody."""

    public: bool = True
    cart: bool = True
    older: bool = False
    languages: tuple[str, ...] = ("en", "fi")
    extra: list[Any] = field(default_factory=list)


class RemsNode(FakeNode):
    """Serves `items` below a path of its own; both may be changed while it serves."""

    def __init__(self, *items: Item, options: Options | None = None, path: str = "") -> None:
        super().__init__()
        self.items = list(items)
        self.options = options or Options()
        self.drafts: list[tuple[int, ...]] = []
        self.root = path
        for route, make in (
            ("/api/config", self.config),
            ("/api/catalogue", self.catalogue),
            ("/apply-for", self.apply_for),
            ("/application", self.application),
            ("/login", lambda _seen: Reply(200, b"<h1>Login</h1>", "text/html")),
        ):
            self.behave(path + route, Made(make))

    @property
    def address(self) -> str:
        return self.base + self.root

    def config(self, _seen: Seen) -> Reply:
        said = {
            "catalogue-is-public": self.options.public,
            "enable-cart": self.options.cart,
            "enable-duo": False,
            "languages": list(self.options.languages),
            "default-language": "en",
            "authentication": "oidc",
        }
        return Reply(200, json.dumps(said).encode(), "application/json; charset=utf-8")

    def catalogue(self, seen: Seen) -> Reply:
        if not self.options.public and not self.knows(seen):
            return text(401, "unauthorized")
        shown = [item for item in self.items if not item.archived and (item.enabled or self.options.older)]
        body = [item.as_json() for item in shown] + self.options.extra
        return Reply(200, json.dumps(body).encode(), "application/json; charset=utf-8")

    def knows(self, seen: Seen) -> bool:
        return SESSION in seen.headers.get("Cookie", "")

    def apply_for(self, seen: Seen) -> Reply:
        """The order of the answers is REMS's own: unknown, then not unique, then not to be bundled."""
        if not self.knows(seen):
            return redirect(f"{self.root}/login?redirect={quote(seen.path)}")
        asked = parse_qs(urlsplit(seen.path).query).get("resource", [])
        found = [[i for i in self.items if i.resource == name and i.enabled and not i.archived] for name in asked]
        if not found or any(not items for items in found):
            return text(404, "Resource not found")
        if any(len(items) > 1 for items in found):
            return text(400, "Catalogue item is not unique")
        items = [items[0] for items in found]
        if len({item.workflow for item in items}) > 1:
            return text(400, "Unbundlable catalogue items: workflows don't match")
        return redirect(f"{self.root}/application?items={','.join(str(item.id) for item in items)}")

    def application(self, seen: Seen) -> Reply:
        if not self.knows(seen):
            return redirect(f"{self.root}/login?redirect={quote(seen.path)}")
        numbers = tuple(int(n) for n in parse_qs(urlsplit(seen.path).query)["items"][0].split(","))
        self.drafts.append(numbers)
        return Reply(200, b"<h1>Draft application</h1>", "text/html")
