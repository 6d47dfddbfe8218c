"""RDF as a file: one document or archive on the web, one on this machine, or a folder of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harvester import archive
from harvester.changes import Problem
from harvester.protocols.hydra import Paging
from harvester.protocols.page import Page, Session
from harvester.source import Source
from shapes.content import head_of


def pages(source: Source, session: Session) -> Iterator[Page]:
    """Yield the one page of a dump.

    A folder or an archive is one page as well: its files are read into one graph, because publishers often stand in one
    file and the datasets that name them in another.
    """
    session.members_come = True
    paging = Paging()
    page = session.open() if session.local else _fetched(source, session)
    yield replace(page, watch=paging.see, learner=paging)
    if paging.next_links and not page.several:
        detail = "This document is one page of several (Hydra paging); over http(s), hydra and auto read them all."
        session.note(Problem("unfollowed-paging", detail, source.url))


def _fetched(source: Source, session: Session) -> Page:
    document = session.fetch(source.url)
    if not session.remembers(document) and archive.is_archive(head_of(document.content, archive.MAGIC)):
        return Page(source.url, archive.documents(document.data, document.base, session.largest), several=True)
    return Page(source.url, (document,))
