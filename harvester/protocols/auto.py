"""Finds out which protocol a source speaks from what it sends first."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.protocols import hydra, rdf
from harvester.protocols.page import Page, Session
from harvester.source import Source


def pages(source: Source, session: Session) -> Iterator[Page]:
    """Yield the pages of a source.

    A local source is a dump. On the web the first document decides: links to further pages are followed as Hydra's; a
    document without such links is a dump of one page.
    """
    return rdf.pages(source, session) if session.local else hydra.pages(source, session)
