"""What belongs to a record of a FAIR Data Point but has documents of its own: distributions, services, samples."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urldefrag

from harvester.changes import Problem
from harvester.errors import BadAnswer, HttpStatus
from harvester.protocols.fdp.site import Site
from harvester.protocols.fdp.survey import Link, Survey, survey
from harvester.protocols.page import Session
from shapes.apart import read
from shapes.errors import Fault, TooLarge
from shapes.parse import Document

PRIVATE: Final = frozenset({401, 403})
ABSENT: Final = frozenset({404, 410})
MOST: Final = 1_000  # parts of one record; of a page of many members, of all of them
_KEPT: Final = 200  # documents at hand: one service gives access to many distributions


@dataclass(frozen=True, slots=True)
class Parts:
    """The documents of parts, an error in place of one that failed. `drafts`: the holders that list one held back."""

    documents: Sequence[Document | Fault]
    drafts: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Part:
    document: Document | Fault
    found: Survey | None


class PartFetcher:
    """Fetches parts; one that several records share is fetched once, as long as it is at hand."""

    def __init__(self, session: Session, fetch: Callable[[str], Document]) -> None:
        self._session = session
        self._fetch = fetch
        self._kept: dict[str, _Part] = {}

    def of(self, document: Document, found: Survey, holders: Collection[str], site: Site, *, strict: bool) -> Parts:
        """Return the parts of the holders, and the parts of those.

        What the document describes itself is not fetched. A part that the node holds back is a draft where only a
        container lists it, and otherwise an error; not `strict`: it is a draft in any case.
        """
        documents: list[Document | Fault] = []
        drafts: set[str] = set()
        done = {plain(document.base)}
        described = set(found.described)
        waiting = deque((link, link.holder) for link in found.links if link.part and link.holder in holders)
        while waiting:
            link, holder = waiting.popleft()
            address = site.address(link.target)
            if link.target in described or address is None or plain(address) in done:
                continue
            if len(documents) >= MOST:
                detail = f"{link.holder} has more than the {MOST:,} parts with documents of their own that are fetched."
                documents.append(TooLarge(detail, url=document.base, record=link.holder))
                break
            done.add(plain(address))
            part = self._part(link.target, address)
            if isinstance(part.document, Fault) and self._is_draft(link, part.document, address, strict=strict):
                drafts.add(holder)
                continue
            documents.append(part.document)
            if part.found is not None:
                described |= part.found.described
                waiting += ((further, holder) for further in part.found.links if further.part)
        return Parts(documents, frozenset(drafts))

    def _part(self, target: str, address: str) -> _Part:
        if address not in self._kept:
            try:
                document = self._fetch(address)
                found = survey(read(document))
                insist(target, document, found)
                part = _Part(document, found)
            except Fault as error:
                error.url = error.url or address
                part = _Part(error, None)
            if len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[address] = part
        return self._kept[address]

    def _is_draft(self, link: Link, error: Fault, address: str, *, strict: bool) -> bool:
        """Whether a part is listed, but held back by the node itself: that takes nothing away."""
        if not isinstance(error, HttpStatus) or error.answered not in PRIVATE | ABSENT or (strict and link.stated):
            return False
        code, what = (
            ("draft", " but not public") if error.answered in PRIVATE else ("listed-but-gone", " but not there")
        )
        detail = f"A part of {link.holder} is listed{what} (the server answered {error.answered})."
        self._session.note(Problem(code, detail, address, link.target, remark=True), partial=False)
        return True


def plain(url: str) -> str:
    """Return a URL by which documents are told apart: without fragment and trailing slash."""
    return urldefrag(url).url.rstrip("/")


def insist(target: str, document: Document, found: Survey) -> None:
    """Raise `BadAnswer` where a document says nothing of the record it was fetched for.

    A server with one answer for every address has not said that a record is gone. Scheme and slash may differ, as they
    do behind a proxy, and a node may name its records by the address it is asked at. A mention in passing is enough
    only where nothing else is described: a list mentions its members.
    """
    asked = {_bare(target), _bare(document.base)}
    told = (found.described or found.mentioned) | {link.holder for link in found.links}
    if asked.isdisjoint(map(_bare, told)):
        raise BadAnswer("This document says nothing of the record that is listed at its address.")


def _bare(iri: str) -> str:
    return plain(iri).partition("://")[2]
