"""Finds out which protocol a source speaks, in as few requests as may be, and says so.

The first answer decides: each protocol knows its own documents. Where it tells nothing (a web page, no such page), the
protocols that have a question of their own ask it, once. A document that is nobody's is read as RDF, with Hydra's links
to further pages if it has any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from harvester.archive import MAGIC, is_archive
from harvester.changes import Problem
from harvester.errors import HttpStatus
from harvester.protocols import beacon, ckan, fdp, hydra, ldes, oaipmh, rdf, schemaorg, sparql
from harvester.protocols.page import Page, Pages, Session
from harvester.source import Source
from shapes.apart import read
from shapes.content import head_of
from shapes.errors import Fault, NotRdf
from shapes.parse import Document

# The statuses of a server that is there, but has nothing at that address for a request like this one.
_NOT_THIS_WAY: Final = frozenset({400, 404, 405, 406, 410, 415, 422})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A protocol that can be told from a document.

    `detects`: whether a document is one of its own. `question`: the address at which a server of a source's URL would
    answer with such a document; None where that URL cannot be such a server's. `begins_there`: what is read then begins
    at the address of the question, not at the source's.
    """

    name: str
    title: str
    pages: Pages
    detects: Callable[[Document], bool]
    question: Callable[[str], str | None] | None = None
    begins_there: bool = False


CANDIDATES: Final[tuple[Candidate, ...]] = (
    Candidate("fdp", "a FAIR Data Point", fdp.pages, fdp.detects, fdp.question, begins_there=True),
    Candidate("ckan", "a portal of CKAN", ckan.pages, ckan.detects, ckan.question),
    Candidate("oaipmh", "an OAI-PMH repository", oaipmh.pages, oaipmh.detects, oaipmh.question),
    Candidate("ldes", "a Linked Data Event Stream", ldes.pages, ldes.detects),
    Candidate("sparql", "a SPARQL endpoint", sparql.pages, sparql.detects, sparql.question),
    Candidate("beacon", "a Beacon", beacon.pages, beacon.detects),
    Candidate("schemaorg", "a site map", schemaorg.pages, schemaorg.detects),
)


def pages(source: Source, session: Session) -> Iterator[Page]:
    """Yield the pages of a source.

    A local source is a dump. What the first answer is, is noted where it is more than a document or pages of them.
    Raises what fetching the source's URL raises, where no question is answered either.
    """
    if session.local:
        yield from rdf.pages(source, session)
        return
    document, refused = _first(source, session)
    if document is not None and session.remembers(document):
        session.hand_on(source.url, document)
        yield from hydra.pages(source, session)  # documents of others are not remembered
        return
    if document is not None and is_archive(head_of(document.content, MAGIC)):
        session.hand_on(source.url, document)
        yield from rdf.pages(source, session)
        return
    candidate, start = _detected(source.url, document, session) or _asked(source, document, session) or (None, "")
    if candidate is not None:
        detail = f"This source is {candidate.title}; it was read as {candidate.name}."
        session.note(Problem("detected", detail, start, remark=True), partial=False)
        yield from candidate.pages(replace(source, url=start), session)
        return
    if refused is not None:
        raise refused
    yield from hydra.pages(source, session)


def _first(source: Source, session: Session) -> tuple[Document | None, HttpStatus | None]:
    """Fetch the source's URL; return the document, or the refusal of a server that may be asked otherwise."""
    try:
        return session.fetch(source.url), None
    except HttpStatus as error:
        if error.answered not in _NOT_THIS_WAY:
            raise
        return None, error


def _detected(url: str, document: Document | None, session: Session) -> tuple[Candidate, str] | None:
    """Return the protocol whose document this is, and the URL it begins at; the next who reads that gets it."""
    if document is None:
        return None
    session.hand_on(url, document)
    return next(((candidate, url) for candidate in CANDIDATES if candidate.detects(document)), None)


def _asked(source: Source, document: Document | None, session: Session) -> tuple[Candidate, str] | None:
    """Return the protocol that answers a question of its own, where the document at hand is no RDF; and its start."""
    if document is not None and _is_rdf(document):
        return None
    for candidate in CANDIDATES:
        address = candidate.question(source.url) if candidate.question else None
        if address is None:
            continue
        try:
            answer = session.fetch(address)
        except Fault:
            continue  # that was no answer of this protocol; what the source itself answered is told in the end
        if candidate.detects(answer):
            session.hand_on(address, answer)
            return candidate, address if candidate.begins_there else source.url
    return None


def _is_rdf(document: Document) -> bool:
    """Whether a document can be read as RDF, or is refused for another reason than not being any."""
    try:
        read(document)
    except NotRdf:
        return False
    except Fault:
        return True
    return True
