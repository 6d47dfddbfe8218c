"""The questions a Beacon is asked: /info, /configuration, /filtering_terms, and its datasets page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from harvester.changes import Problem
from harvester.errors import BadAnswer, HttpStatus
from harvester.foreign_json import Dict, Json
from harvester.protocols.page import Session
from harvester.protocols.telling import inner, items, json_of
from shapes.parse import Document

_JSON: Final = "application/json"
_SIZE: Final = 100  # datasets of a page
_WHO: Final = "a Beacon"
_ENDPOINTS: Final = ("info", "service-info", "configuration", "datasets", "filtering_terms", "map", "entry_types")
_BEYOND: Final = frozenset({400, 404, 416})
_NOT_BY_GET: Final = frozenset({405, 501})


def is_answer(found: Json) -> bool:
    """Whether JSON is an answer of a Beacon (framework: `meta` with beaconId and apiVersion)."""
    return isinstance(inner(found, "meta", "beaconId"), str) and isinstance(inner(found, "meta", "apiVersion"), str)


class Beacon:
    """A Beacon at its root, which is asked first; `info` is what it says of itself."""

    def __init__(self, url: str, session: Session) -> None:
        """Ask the root, else /info. Raises `BadAnswer` where neither answers as a Beacon, and what fetching raises."""
        self.session = session
        self.root = root_of(url)
        self._posts = False
        try:
            self.info = _response(session.fetch(url, accept=_JSON))
        except (BadAnswer, HttpStatus):
            self.info = _response(session.fetch(self.root + "info", accept=_JSON))

    def ask(self, name: str) -> Dict:
        """Return the answer of an informational endpoint. Raises `BadAnswer`, and what fetching raises."""
        return _response(self.session.fetch(self.root + name, accept=_JSON))

    def datasets(self) -> Iterator[tuple[str, list[Dict]]]:
        """Yield the address of each page of datasets, and those on it that no page before had.

        Servers differ in what `skip` counts: pages, as the specification has it, or datasets. Where a page brings
        nothing new and some are missing, the other is tried, once. They may give fewer at a time than they are asked
        for: where none says how many there are, the first page is only known to be all when nothing follows it. Notes
        what keeps the list from being whole.
        """
        seen: set[str] = set()
        total, skip, asked, full, by_items = 0, 0, 0, _SIZE, False
        while True:
            try:
                address, answer = self._page(skip)
            except HttpStatus as error:
                if total or not asked or error.answered not in _BEYOND:
                    raise
                return  # nothing more, in the words of this server
            total = max(total, _announced(answer))
            self.session.expected = total or None
            found = self._listed(address, answer)
            fresh = [each for each in found if each["id"] not in seen]
            seen.update(str(each["id"]) for each in fresh)
            asked += 1
            if fresh:
                yield address, fresh
            stuck = not fresh and (by_items or not total)
            if stuck or (len(seen) >= total if total else asked > 1 and len(found) < full):
                break
            full = min(full, len(found))
            by_items = by_items or len(fresh) < len(found) or not fresh
            skip = len(seen) if by_items else asked
        if len(seen) < total:
            detail = f"{total} datasets were announced (numTotalResults), {len(seen)} came."
            self.session.note(Problem("count-mismatch", detail, self.root))

    def _page(self, skip: int) -> tuple[str, Json]:
        """Ask for a page of datasets: by GET, and for good by POST where the server takes nothing else."""
        address = f"{self.root}datasets"
        asked = f"{address}?{urlencode({'skip': skip, 'limit': _SIZE, 'requestedGranularity': 'record'})}"
        if not self._posts:
            try:
                return asked, _answer(self.session.fetch(asked, accept=_JSON))
            except HttpStatus as error:
                if error.answered not in _NOT_BY_GET:
                    raise
                self._posts = True
        query = {"pagination": {"skip": skip, "limit": _SIZE}, "requestedGranularity": "record"}
        body = json.dumps({"meta": {"apiVersion": "2.0"}, "query": query}).encode()
        return address, _answer(self.session.send(address, body, _JSON))

    def _listed(self, address: str, answer: Json) -> list[Dict]:
        """Return the datasets of a page, each once, with their ids as text."""
        found = _collection(answer)
        if found is None:
            granularity = inner(answer, "meta", "returnedGranularity")
            detail = f"The Beacon does not list its datasets (granularity: {granularity or 'not said'})."
            raise BadAnswer(detail, url=address)
        named = {str(each.get("id") or "").strip(): each for each in found}
        if named.pop("", None) is not None:
            self.session.note(Problem("bad-answer", "The Beacon lists a dataset without an id.", address))
        return [{**each, "id": key} for key, each in named.items()]


def root_of(url: str) -> str:
    """Return a Beacon's root, with a slash at the end, of that address or of one of its endpoints."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    for name in _ENDPOINTS:
        path = path.removesuffix(f"/{name}")
    return urlunsplit((parts.scheme, parts.netloc, f"{path}/", "", ""))


def _announced(answer: Json) -> int:
    number = inner(answer, "responseSummary", "numTotalResults")
    return number if isinstance(number, int) and not isinstance(number, bool) else 0


def _collection(answer: Json) -> list[Dict] | None:
    """The datasets of an answer: a collection, or the results of result sets, as some have it (beacon-v2#123)."""
    collections = inner(answer, "response", "collections")
    if isinstance(collections, list):
        return items(collections)
    sets = inner(answer, "response", "resultSets")
    if isinstance(sets, list):
        return [each for one in items(sets) for each in items(one.get("results"))]
    return None


def _answer(document: Document) -> Json:
    found = json_of(document, _WHO)
    error = inner(found, "error")
    if isinstance(error, dict):
        raise BadAnswer(f"The Beacon says: {error.get('errorMessage') or 'an error'}.", url=document.name)
    if not is_answer(found):
        raise BadAnswer(f"This is JSON, but no answer of {_WHO}: its meta names no beaconId.", url=document.name)
    return found


def _response(document: Document) -> Dict:
    response = inner(_answer(document), "response")
    if not isinstance(response, dict):
        raise BadAnswer("The Beacon's answer has no response.", url=document.name)
    return response
