"""A portal of CKAN 2.11: its action API as the API guide has it, one object with help, success and result."""

from __future__ import annotations

import json
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from nodes.fake_node import Made, Reply, Seen
from nodes.faulty_node import FaultyNode
from nodes.hydra_node import HydraNode
from nodes.samples import PREFIXES

_MOST_ROWS = 2  # ckan.search.rows_max: a portal may give fewer rows than asked for


def answer(result: object) -> Reply:
    body = {"help": "https://portal.example/api/3/action/help_show?name=x", "success": True, "result": result}
    return Reply(200, json.dumps(body).encode(), "application/json;charset=utf-8")


class CkanNode(FaultyNode):
    """A portal without ckanext-dcat. `packages` may be changed before the node starts or while it serves."""

    protocol: ClassVar[str] = "ckan"
    tricks: ClassVar[tuple[str, ...]] = (
        "lying-count",
        "repeated-page",
        "reordered-page",
        "moved-list",
        "success-false",
        "other-json",
        "nameless",
    )

    def fill(self, names: tuple[str, ...]) -> str:
        self.packages: list[dict[str, Any]] = [self.package(name) for name in names]
        status = {"ckan_version": "2.11.5", "site_title": "A portal", "extensions": ["activity", "harvest"]}
        self.routes["/api/3/action/status_show"] = answer(status)
        self.behave("/api/3/action/package_search", Made(self.search))
        return self.base

    def package(self, name: str) -> dict[str, Any]:
        return {
            "id": f"0000-{name}",
            "name": f"dataset-{name}",
            "title": f"Dataset {name}",
            "notes": "What it is about.",
            "type": "dataset",
            "state": "active",
            "private": False,
            "metadata_created": "2025-01-01T10:00:00.123456",
            "tags": [{"name": "genomics", "display_name": "genomics"}],
            "extras": [{"key": "identifier", "value": f"id-{name}"}],
            "resources": [{"id": f"r-{name}", "url": f"https://files.example/{name}.csv", "format": "CSV"}],
        }

    def search(self, seen: Seen) -> Reply:
        query = parse_qs(urlsplit(seen.path).query)
        assert query["sort"] == ["id asc"], "without an order the pages of Solr may overlap"
        rows, start = min(int(query["rows"][0]), _MOST_ROWS), int(query["start"][0])
        return self.page(sorted(self.packages, key=lambda p: str(p["id"])), start, rows)

    def page(self, packages: list[dict[str, Any]], start: int, rows: int, count: int | None = None) -> Reply:
        found = packages[start : start + rows]
        return answer({"count": len(packages) if count is None else count, "facets": {}, "results": found})

    def _instead(self, search: Made) -> None:
        self.routes["/api/3/action/package_search"] = search

    def lying_count(self) -> None:
        """The count is larger than what there is, as magda#1621 met it."""
        self._instead(Made(lambda seen: self.page(self.packages[:3], self._start(seen), _MOST_ROWS, 9)))

    def repeated_page(self) -> None:
        """Whatever is asked for, the first page comes."""
        self._instead(Made(lambda _: self.page(self.packages, 0, _MOST_ROWS)))

    def reordered_page(self) -> None:
        """The order is another one each time."""
        self._instead(
            Made(
                lambda seen: self.page(
                    self.packages[::-1] if self._start(seen) else self.packages, self._start(seen), _MOST_ROWS
                )
            )
        )

    def moved_list(self) -> None:
        """A dataset goes between two pages, and the next is passed over."""
        self._instead(
            Made(lambda seen: self.page(self.packages[bool(self._start(seen)) :], self._start(seen), _MOST_ROWS))
        )

    def success_false(self) -> None:
        """An error with status 200."""
        body = {"success": False, "error": {"__type": "Search Error", "message": "Solr is down"}}
        self.routes["/api/3/action/package_search"] = Reply(200, json.dumps(body).encode(), "application/json")

    def other_json(self) -> None:
        """JSON of something else."""
        self.routes["/api/3/action/package_search"] = Reply(200, b'{"message": "hello"}', "application/json")

    def nameless(self) -> None:
        """One dataset of each page has lost its id; the others are what they were."""
        nameless = {key: value for key, value in self.packages[0].items() if key != "id"}
        odd = [nameless, *self.packages[1:3], nameless, *self.packages[3:]]
        self._instead(Made(lambda seen: self.page(odd, self._start(seen), _MOST_ROWS)))

    def _start(self, seen: Seen) -> int:
        return int(parse_qs(urlsplit(seen.path).query)["start"][0])


class CkanDatasetsNode(CkanNode):
    """A portal with ckanext-dcat whose catalogue is at an address of its own choice; its datasets are not."""

    def fill(self, names: tuple[str, ...]) -> str:
        start = super().fill(names)
        self.routes["/api/3/action/status_show"] = answer({"site_title": "A portal", "extensions": ["dcat"]})
        for name in names:
            iri = f"{start}/dataset/0000-{name}"
            said = f'<{iri}> a dcat:Dataset ; dct:title "In DCAT: {name}" ; dct:identifier "id-{name}" .'
            self.serve(f"/dataset/dataset-{name}.ttl", PREFIXES + said)
        return start


class CkanDcatNode(HydraNode):
    """A portal with ckanext-dcat, which serves everything as DCAT at /catalog.ttl."""

    protocol: ClassVar[str] = "ckan"

    def fill(self, names: tuple[str, ...]) -> str:
        super().fill(names)
        self.routes["/api/3/action/status_show"] = answer({"site_title": "A portal", "extensions": ["dcat", "harvest"]})
        return self.base
