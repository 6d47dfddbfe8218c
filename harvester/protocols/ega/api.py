"""EGA's public metadata API: bare JSON lists by limit and offset, policies and committees by accession."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from harvester.changes import Problem
from harvester.errors import BadAnswer, HttpStatus
from harvester.foreign_json import Dict, Json
from harvester.protocols.ega.chain import NAMES, Chain, accession, duo_iris
from harvester.protocols.page import Missing, Session
from harvester.protocols.telling import Telling, inner, items, json_of
from shapes.errors import Fault
from shapes.parse import Document
from shapes.record import Kind

_JSON: Final = "application/json"
_SIZE: Final = 100
_WITHHELD: Final = frozenset({401, 403, 404, 410})
_BEYOND: Final = frozenset({404, 416})
_NO_LIST: Final = "This is JSON, but no list of datasets of the EGA."
_WHO: Final = "the EGA"
_COLLECTIONS: Final = ("datasets", "dacs", "studies", "policies")


class Api:
    """The API at an address: the datasets that the address gives, and the policies and committees beside them."""

    def __init__(self, url: str, session: Session) -> None:
        self._session = session
        self._url = url
        parts = urlsplit(url)
        segments = parts.path.rstrip("/").split("/")
        cut = next((n for n, each in enumerate(segments) if each in _COLLECTIONS), len(segments))
        self._root = urlunsplit((parts.scheme, parts.netloc, "/".join(segments[:cut]), "", ""))
        self._lists = segments[-1] == "datasets"
        self._kept: dict[str, Dict] = {}

    def documents(self) -> Iterator[Document]:
        """Yield the pages of a list of datasets, or the one document that the address gives."""
        if not self._lists:
            yield self._session.fetch(self._url, accept=_JSON)
            return
        parts = urlsplit(self._url)
        choice = [(name, value) for name, value in parse_qsl(parts.query) if name not in {"limit", "offset"}]
        seen: set[str] = set()
        offset, full = 0, _SIZE
        while True:
            query = urlencode([*choice, ("limit", _SIZE), ("offset", offset)])
            document = self._listed(urlunsplit(parts._replace(query=query)), first=not offset)
            told: Json = [] if document is None else json_of(document, _WHO)
            if offset and not isinstance(told, list):
                raise BadAnswer(_NO_LIST, url=document.name if document else self._url)
            found = items(told)
            fresh = {str(each.get("accession_id")) for each in found} - seen
            if found and not fresh:
                detail = "This page brings nothing that no page before brought; the list was not read to its end."
                self._session.note(Problem("paging-loop", detail, document.name if document else self._url))
                return
            if document is not None and (found or not offset):
                yield document
            if len(found) < full and (offset or not found):
                return
            full = min(full, len(found))
            seen |= fresh
            offset += len(found)

    def _listed(self, url: str, *, first: bool) -> Document | None:
        """Fetch a part of the list; None: the server has nothing beyond what it gave.

        A server may give fewer at a time than it is asked for, so a first part that is not full may not be all of it.
        """
        try:
            return self._session.fetch(url, accept=_JSON, in_parts=True)
        except HttpStatus as error:
            if first or error.answered not in _BEYOND:
                raise
            return None

    def tell(self, datasets: Iterable[Dict]) -> Iterator[Telling]:
        """Yield what is said of each dataset; one whose policy or committee cannot be had now is taken down."""
        for dataset in datasets:
            chain = self._chain(dataset)
            if chain is not None:
                yield chain.tell(f"{self._root}/datasets/{dataset['accession_id']}")

    def _chain(self, dataset: Dict) -> Chain | None:
        key = str(dataset["accession_id"])
        try:
            policy = self._linked(dataset, "policy_accession_id", "P", "policies")
            committee = self._linked(policy, "dac_accession_id", "C", "dacs")
        except Fault as error:
            problem = Problem(error.code, error.detail, error.url, NAMES["D"] + key, error.line)
            withheld = isinstance(error, HttpStatus) and error.answered in _WITHHELD
            self._session.miss(Missing(Kind.ENRICHMENT, NAMES["D"] + key, problem, withheld=withheld))
            return None
        about = {"accession": key, "title": dataset.get("title"), "access": dataset.get("access_type")}
        return Chain(about, _policy(policy), _committee(committee))

    def _linked(self, of: Dict, key: str, kind: str, collection: str) -> Dict:
        """Return what an object names by accession, asked for once a run; nothing where it names none."""
        name = accession(of.get(key), kind)
        if name is None:
            return {}
        if name not in self._kept:
            found = json_of(self._session.fetch(f"{self._root}/{collection}/{name}", accept=_JSON), _WHO)
            one = (found[0] if found else None) if isinstance(found, list) else found
            if accession(inner(one, "accession_id"), kind) != name:
                raise BadAnswer(f"This is no description of {name}.", url=f"{self._root}/{collection}/{name}")
            self._kept[name] = one if isinstance(one, dict) else {}
        return self._kept[name]


def datasets_of(document: Document, entries: Sequence[Json]) -> Iterator[Dict]:
    """Yield the datasets of an answer that are released. Raises `BadAnswer` where it holds anything else."""
    for each in entries:
        if accession(inner(each, "accession_id"), "D") is None or not isinstance(each, dict):
            raise BadAnswer(_NO_LIST, url=document.name)
        if each.get("is_released") is not False:
            yield each


def _policy(found: Dict) -> Dict:
    codes = found.get("duo_codes")
    return {
        "accession": found.get("accession_id"),
        "title": found.get("title"),
        "description": found.get("content") or found.get("description"),
        "page": found.get("url"),
        "duo": duo_iris(codes if isinstance(codes, list) else ()),
    }


def _committee(found: Dict) -> Dict:
    contacts = items(found.get("contacts"))
    email = next((each.get("email") for each in contacts if each.get("email")), None)
    kept = {"title": found.get("title"), "description": found.get("description"), "email": email}
    return {"accession": found.get("accession_id"), **kept}
