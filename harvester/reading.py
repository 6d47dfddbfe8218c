"""From the pages of a protocol to records: reading, cutting, and saying which records may lack something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from harvester.changes import Problem
from harvester.protocols.page import Page, Session
from harvester.stop import Stopped
from shapes.apart import read
from shapes.cut import cut_texts, uncut
from shapes.errors import Fault
from shapes.graph import RecordGraph
from shapes.grounds import Tracing
from shapes.parse import Document
from shapes.record import Kind, Record, Refusal
from shapes.vocabulary import ADMS, DCAT, DCT, GEODCATAP, HEALTH, ODRL, PROV

# Properties whose value a description has at hand, so that a bare IRI there hints at something unread.
_DESCRIBED: Final = frozenset(
    {
        ADMS.sample,
        DCAT.accessService,
        DCAT.contactPoint,
        DCAT.distribution,
        DCAT.qualifiedRelation,
        DCT.creator,
        DCT.publisher,
        DCT.rightsHolder,
        GEODCATAP.custodian,
        HEALTH.hdab,
        ODRL.hasPolicy,
        PROV.agent,
        PROV.qualifiedAttribution,
    }
)


def records(page: Page, session: Session, trace: Tracing | None = None) -> Iterator[Record | Refusal]:
    """Yield what a page holds. `trace` takes down what the records of its one document rest on.

    Whatever cannot be read is noted in the session, with document and line. A record is marked incomplete when a
    document it came from was not read whole.
    """
    if page.uncut is not None:
        yield from _uncut(page, page.uncut, session)
    elif page.apart:
        for document in page.documents:
            url = document.name if isinstance(document, Document) else page.url
            yield from _together(replace(page, url=url, documents=(document,), apart=False), session)
    else:
        yield from _together(page, session, trace)


def _uncut(page: Page, kind: Kind, session: Session) -> Iterator[Record | Refusal]:
    """Yield the records of a page whose documents are one record each."""
    for document in page.documents:
        if not isinstance(document, Document):
            session.blame(document, page.url)
            continue
        found = uncut(read(document), kind, document.base)
        doubtful = isinstance(found, Record) and page.doubt is not None and page.doubt(found)
        yield replace(found, complete=False) if isinstance(found, Record) and doubtful else found


def _together(page: Page, session: Session, trace: Tracing | None = None) -> Iterator[Record | Refusal]:
    """Yield what the documents of a page hold as one graph."""
    reader = _Reader(page, session, trace)
    for found in cut_texts(reader.texts(), trace):
        if isinstance(found, Record) and found.complete and reader.doubts(found):
            yield replace(found, complete=False)
        else:
            yield found
    if not reader.statements and reader.readable:
        detail = (
            "There is nothing in this document." if reader.readable == 1 else "There is nothing in these documents."
        )
        session.note(Problem("empty-document", detail, page.url))


class _Reader:
    """Reads the documents of one page one after the other and remembers whose word is not whole."""

    def __init__(self, page: Page, session: Session, trace: Tracing | None) -> None:
        self._page = page
        self._trace = trace
        self._session = session
        self._broken: set[str] = set()
        self._faulty = 0
        self.readable = 0
        self.statements = 0

    def texts(self) -> Iterator[Sequence[str]]:
        """Yield the statements of every document as N-Triples text, some at a time."""
        for document in self._page.documents:
            if isinstance(document, Fault):
                self._blame(document, self._page.url)
                continue
            subjects: set[str] = set()
            before = self._faulty
            yield from self._document(document, subjects)
            if self._faulty > before:
                self._broken |= subjects
            else:
                self.readable += 1

    def _document(self, document: Document, subjects: set[str]) -> Iterator[Sequence[str]]:
        watch, several, keep = self._page.watch, self._page.several, self._page.keep
        try:
            reading = read(document, labels=self._trace is not None)
            if self._trace is not None:
                self._trace.lines = reading.lines
            for quads, texts in reading.pieces():
                self._session.stop.check()
                self.statements += len(quads)
                kept = texts
                if keep is not None:
                    kept = [text for quad, text in zip(quads, texts, strict=True) if keep(quad)]
                if several:
                    subjects.update(text.partition(" ")[0] for text in kept)
                if watch is not None:
                    watch(kept)
                yield kept
        except Stopped:
            raise
        except Fault as error:
            self._blame(error, document.name)
            return
        for defect in reading.defects:
            self._session.note(Problem("parse-error", defect.detail, document.name, line=defect.line))
        if not reading.complete:
            self._faulty += 1

    def _blame(self, error: Fault, url: str) -> None:
        self._faulty += 1
        self._session.blame(error, url)

    def doubts(self, record: Record) -> bool:
        """Whether a record may lack something that was not read.

        On a page of one document: whenever that document has a fault. In a folder: when a part of the record came from
        a faulty file, or when it points to a publisher, contact point, distribution or the like that no file describes
        while some file could not be read.
        """
        if self._page.doubt is not None and self._page.doubt(record):
            return True
        if not self._faulty:
            return False
        if not self._page.several or not self.readable or record.subject.startswith("_:"):
            return True
        graph = record.graph()
        return not self._broken.isdisjoint(f"<{node.value}>" for node in graph.nodes()) or _dangles(graph)


def _dangles(graph: RecordGraph) -> bool:
    return any(
        isinstance(value, ox.NamedNode) and value not in graph
        for node in graph.nodes()
        for predicate, values in graph.predicates(node).items()
        if predicate in _DESCRIBED
        for value in values
    )
