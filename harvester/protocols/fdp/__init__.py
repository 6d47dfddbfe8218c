"""FAIR Data Points (specification 1.2): linked records, from the root down, as three kinds of programs serve them.

Read from recorded answers of the reference implementation 1.20.2 and of GDI's mini node 0.9.1, and from the description
of the standalone node, which sends JSON-LD whatever is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from harvester.errors import HttpStatus
from harvester.protocols.fdp.crawl import Crawl
from harvester.protocols.fdp.survey import OLD_FDP, R3D, survey
from harvester.protocols.page import Page, Session
from harvester.source import Source
from shapes.apart import read
from shapes.content import holds, size_of
from shapes.errors import Fault, NotRdf
from shapes.parse import Document
from shapes.vocabulary import FDP, LDP

_MARKS: Final = tuple(space.base.encode() for space in (FDP, OLD_FDP, R3D, LDP))
_NOT_THIS_WAY: Final = frozenset({404, 405, 406, 410, 415})
_LARGEST: Final = 4 * 1024 * 1024  # bytes; roots and catalogues list, they do not hold


def pages(source: Source, session: Session) -> Iterator[Page]:
    """Yield a page for each record of a FAIR Data Point, distributions and their services read with their dataset.

    A listed record that is not public is noted, and kept if it is known; one that could not be read makes the run
    partial, and so does the end of a way that was not gone to its end.
    """
    session.refuse_local("The protocol fdp reads a FAIR Data Point over http(s); a file or folder is read with rdf.")
    yield from Crawl(session).pages(_beginning(source.url, session))


def _beginning(url: str, session: Session) -> str:
    """Return where the FAIR Data Point of a URL begins: there, unless it is that of a site with a page for people."""
    below = question(url)
    if below is None:
        return url
    try:
        document = session.fetch(url)
        session.hand_on(url, document)
        survey(read(document))
    except NotRdf:
        return below if _is_answered(below, session) else url
    except HttpStatus as error:
        if error.answered not in _NOT_THIS_WAY or not _is_answered(below, session):
            raise
        return below
    except Fault:
        pass  # the crawl meets it again, and tells it
    return url


def _is_answered(url: str, session: Session) -> bool:
    """Whether a FAIR Data Point answers; its document is handed on."""
    try:
        document = session.fetch(url)
    except Fault:
        return False
    session.hand_on(url, document)
    return detects(document)


def question(url: str) -> str | None:
    """Return where GDI's mini and standalone nodes have their FAIR Data Point, if a URL is that of a whole site.

    The site's own root is a page for people there.
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/fairdp" if parts.path in {"", "/"} and not parts.query else None


def detects(document: Document) -> bool:
    """Whether a document is the root, or a catalogue, of a FAIR Data Point."""
    if size_of(document.content) > _LARGEST or not holds(document.content, *_MARKS):
        return False
    try:
        found = survey(read(document))
    except Fault:
        return False
    leads = any(not link.part and link.target not in found.described for link in found.links)
    return bool(found.roots) or (leads and bool(found.containers))
