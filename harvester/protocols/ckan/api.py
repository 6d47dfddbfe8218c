"""CKAN's action API (documentation of CKAN 2.11, "API guide"): questions as URLs, answers as one JSON object each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from harvester.changes import Problem
from harvester.errors import BadAnswer, HttpStatus
from harvester.foreign_json import Dict, Json, read_json
from harvester.protocols.page import Session
from shapes.parse import Document

ROWS: Final = 100
_JSON: Final = "application/json"
_OURS: Final = frozenset({"rows", "start", "sort"})
_SHOWN: Final = 80
_NOT_THERE: Final = frozenset({404, 405, 406, 410})


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal: its address, without a slash at the end, and the part of it that a source asks for (q, fq)."""

    address: str
    choice: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, url: str) -> Portal:
        """Return the portal a URL belongs to: its front page, or any address of its API, with a query or without."""
        parts = urlsplit(url)
        path = parts.path.partition("/api/")[0].rstrip("/").removesuffix("/api").removesuffix("/dataset")
        choice = tuple((name, value) for name, value in parse_qsl(parts.query) if name not in _OURS)
        return cls(urlunsplit((parts.scheme, parts.netloc, path, "", "")), choice)

    def action(self, name: str, *parameters: tuple[str, str]) -> str:
        """Return the URL of an action."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        return f"{self.address}/api/3/action/{name}{query}"

    def dataset(self, package: Dict) -> str:
        """Return where ckanext-dcat serves one dataset as DCAT."""
        return f"{self.address}/dataset/{quote(str(package.get('name') or package.get('id')))}.ttl"

    def catalogue(self) -> str:
        """Return where ckanext-dcat serves the same as DCAT."""
        query = f"?{urlencode(self.choice)}" if self.choice else ""
        return f"{self.address}/catalog.ttl{query}"


@dataclass(frozen=True, slots=True)
class Status:
    """What a portal says of itself. `dcat`: whether it has ckanext-dcat; None where it does not say."""

    title: str | None
    description: str | None
    dcat: bool | None


def result(document: Document) -> Dict:
    """Return what an action answered. Raises `BadAnswer` if it failed, or if this is no answer of an action."""
    answer = read_json(document.data, document.name, "CKAN's API")
    if not isinstance(answer, dict) or "success" not in answer:
        raise BadAnswer("This is JSON, but no answer of CKAN's API: it does not say 'success'.", url=document.name)
    if answer["success"] is not True:
        error = answer.get("error")
        said = error.get("message") if isinstance(error, dict) else error
        raise BadAnswer(f"CKAN says that the action failed: {said or 'it does not say why'}.", url=document.name)
    found = answer.get("result")
    if not isinstance(found, dict):
        raise BadAnswer("CKAN's answer has no result.", url=document.name)
    return found


def status(session: Session, portal: Portal) -> Status:
    """Ask a portal what it is. One whose API does not tell has no title."""
    try:
        found = result(session.fetch(portal.action("status_show"), accept=_JSON))
    except HttpStatus as error:
        if error.answered not in _NOT_THERE:
            raise
        return Status(None, None, None)
    extensions = found.get("extensions")
    names = [str(name) for name in extensions] if isinstance(extensions, list) and extensions else None
    title, description = (_text(found.get(key)) for key in ("site_title", "site_description"))
    return Status(title, description, None if names is None else any(n.startswith("dcat") for n in names))


class Search:
    """All datasets of a portal, page by page, in the order of their ids.

    Each page but the first begins with the last dataset of the page before: if it does not, the list was moved by
    datasets that came or went, or is not in the order asked for, and some may have been passed over.
    """

    def __init__(self, session: Session, portal: Portal) -> None:
        self._session = session
        self._portal = portal
        self._seen: set[str] = set()
        self._last: str | None = None
        self._at = 0  # how far into the list the last dataset was

    def pages(self) -> Iterator[tuple[str, list[Dict]]]:
        """Yield the address of each page, and the datasets on it that no page before had."""
        announced = 0
        while True:
            start = max(0, self._at - 1)
            asked = (("rows", str(ROWS)), ("start", str(start)), ("sort", "id asc"))
            document = self._session.fetch(
                self._portal.action("package_search", *self._portal.choice, *asked), accept=_JSON
            )
            announced, results = _page(document)
            self._session.expected = announced
            packages: list[Dict] = [each for each in results if isinstance(each, dict) and each.get("id")]
            if len(packages) < len(results):
                detail = "CKAN's answer has results that are no datasets with an id: they were passed over."
                self._note("bad-answer", detail, document.name)
            if results and self._last is not None and _id_of(results[0]) != self._last:
                detail = (
                    "The list moved while it was read, or is not in order: some datasets may have been passed over."
                )
                self._note("paging-moved", detail, document.name)
            fresh = [package for package in packages if _id_of(package) not in self._seen]
            end = start + len(results)
            if end <= self._at or (not fresh and len(packages) == len(results)):
                break
            self._seen |= {_id_of(package) for package in fresh}
            self._last, self._at = _id_of(results[-1]), end
            if fresh:
                yield document.name, fresh
            if self._at >= announced:
                break
        if len(self._seen) < announced:
            detail = f"{announced} datasets were announced (count), {len(self._seen)} came."
            self._note("count-mismatch", detail, self._session.source.url)

    def _note(self, code: str, detail: str, url: str) -> None:
        self._session.note(Problem(code, detail, url))


def _page(document: Document) -> tuple[int, list[Json]]:
    found = result(document)
    count, results = found.get("count"), found.get("results")
    if not isinstance(count, int) or not isinstance(results, list):
        raise BadAnswer("CKAN's answer has no count or no results.", url=document.name)
    return count, results


def _id_of(package: Json | Dict) -> str:
    """The id of a dataset, empty where it has none."""
    return str(package.get("id") or "") if isinstance(package, Mapping) else ""


def _text(value: Json) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
