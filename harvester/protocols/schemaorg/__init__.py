"""Datasets in web pages: schema.org's JSON-LD, found through robots.txt and site maps, translated to DCAT.

The last resort for a node that has nothing else. A page must carry its markup as it is served: what a script of the
page would add in a browser is not seen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urldefrag, urljoin, urlsplit

import pyoxigraph as ox

from harvester.address import origin_of
from harvester.changes import Problem
from harvester.errors import BadAddress, HttpStatus
from harvester.protocols.page import Page, Session
from harvester.protocols.schemaorg.embedded import data_blocks
from harvester.protocols.schemaorg.sitemap import Sitemap, is_sitemap, read_sitemap
from harvester.protocols.schemaorg.translation import translate
from harvester.robots import Robots, read_robots
from harvester.source import Source
from shapes.apart import read
from shapes.errors import BadInput, Fault, TooLarge, Unreachable
from shapes.media import NTRIPLES
from shapes.parse import Document

ACCEPT_PAGES: Final = "text/html, application/xhtml+xml;q=0.9, application/ld+json;q=0.8"
ACCEPT_MAPS: Final = "application/xml, text/xml;q=0.9, text/plain;q=0.5"
# What a robots.txt calls us (RFC 9309 section 2.2.1).
AGENT: Final = "gdi-catalogue"

_MISSING: Final = 404
_GONE: Final = 410
# Pages in a row that could not be fetched, after which the site is left alone.
_TIRED: Final = 5
_MAP_ENDINGS: Final = (".xml", ".xml.gz", ".txt", ".txt.gz")


def detects(document: Document) -> bool:
    """Whether a document is a site map.

    A web page with datasets is no sign: what a server sends when a dump is away must not turn the source into a site.
    """
    return is_sitemap(document)


def pages(source: Source, session: Session) -> Iterator[Page]:  # noqa: ARG001 - every protocol is called so
    """Yield a page for every site map, of a document for each web page it lists that has datasets.

    The source's URL is that of a site map, or of a site: then its robots.txt names the maps, and only pages under that
    URL are read. Pages the site closes to crawlers are not fetched, and the run is partial: nobody knows what they
    hold. It is partial as well when a page has no dataset: it may be one that had (a login page, an error with status
    200). A page that answers 410, or is no longer listed, has none any more.
    """
    session.refuse_local("The protocol schemaorg reads a web site.")
    yield from _Site(session).pages()


class _Site:
    """One site on its way from robots.txt to its pages."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._start = urldefrag(session.source.url).url
        self._is_map = urlsplit(self._start).path.lower().endswith(_MAP_ENDINGS)
        self._robots = Robots()
        self._met: set[str] = set()
        self._closed = 0
        self._elsewhere = 0
        self._without = 0
        self._failed = 0

    def pages(self) -> Iterator[Page]:
        """Yield a page for every site map. Raises a `Fault` where robots.txt or the first map cannot be read."""
        self._robots = self._read_robots()
        waiting = deque(self._maps())
        first = True
        while waiting:
            url = waiting.popleft()
            found = self._map(url, needed=first)
            first = False
            waiting.extend(self._fresh(found.maps, url))
            addresses = [each for each in self._fresh(found.pages, url) if self._wanted(each)]
            if addresses:
                yield Page(url, self._documents(addresses), apart=True, several=True)
        self._tell()

    def _read_robots(self) -> Robots:
        """Read the site's robots.txt. None there: all is open; not to be had: all is closed (RFC 9309, 2.3.1)."""
        url = urljoin(self._start, "/robots.txt")
        try:
            return read_robots(self._session.fetch(url, accept="text/plain").data, AGENT)
        except HttpStatus as error:
            if 400 <= error.answered < 500 and error.answered != 429:  # noqa: PLR2004 - the client errors of HTTP
                return Robots()
            raise

    def _maps(self) -> Sequence[str]:
        if self._is_map:
            maps: Sequence[str] = [self._start]
        else:
            maps = self._robots.sitemaps or [urljoin(self._start, "/sitemap.xml")]
        return self._fresh(maps, self._start)

    def _map(self, url: str, *, needed: bool) -> Sitemap:
        if len(self._met) > self._session.limits.records:
            raise TooLarge(f"The site maps list more than {self._session.limits.records:,} addresses.", url=url)
        try:
            return read_sitemap(self._session.fetch(url, accept=ACCEPT_MAPS))
        except (Unreachable, BadInput) as error:
            if needed:
                raise
            self._session.blame(error, url)
            return Sitemap()

    def _fresh(self, links: Sequence[str], base: str) -> list[str]:
        """Return the addresses of this site that were not met before. Others are none of a site map's business."""
        found: list[str] = []
        for link in links:
            url = urldefrag(urljoin(base, link)).url
            try:
                here = origin_of(url)[1].host == origin_of(self._start)[1].host
            except BadAddress:
                here = False
            self._elsewhere += not here
            if here and url not in self._met:
                self._met.add(url)
                found.append(url)
        return found

    def _wanted(self, url: str) -> bool:
        if not self._is_map and not url.startswith(self._start):
            return False
        allowed = self._robots.allows(url)
        self._closed += not allowed
        return allowed

    def _documents(self, addresses: Sequence[str]) -> Iterator[Document | Fault]:
        """Yield the translation of every page that has a dataset, or what is wrong with it."""
        for url in addresses:
            try:
                page = self._session.fetch(url, accept=ACCEPT_PAGES)
                self._failed = 0
            except HttpStatus as error:
                if error.answered == _GONE:
                    self._note("gone", "A site map lists this page, but the site says it is gone.", url, partial=False)
                elif error.answered == _MISSING:
                    yield error  # a map that is behind its site, not a site that fails
                else:
                    yield self._failure(error)
            except (Unreachable, BadInput) as error:
                yield self._failure(error)
            else:
                yield from self._translated(page)

    def _failure(self, error: Fault) -> Fault:
        self._failed += 1
        if self._failed >= _TIRED:
            raise error
        return error

    def _translated(self, page: Document) -> Iterator[Document | Fault]:
        quads: list[ox.Quad] = []
        for block in data_blocks(page):
            if isinstance(block, Fault):
                yield block
            elif b"Dataset" in block.data:
                try:
                    reading = read(block)
                    quads.extend(reading)
                except Fault as error:
                    yield error
                    continue
                for defect in reading.defects:
                    self._note("parse-error", defect.detail, page.name, partial=True)
        lines = translate(quads, page.name)
        self._without += not lines
        if lines:
            yield Document("".join(f"{line}\n" for line in lines).encode(), page.name, page.base, NTRIPLES)

    def _tell(self) -> None:
        """Say that this is a translation, and what was left out on purpose."""
        detail = "The datasets are translated from the schema.org markup of web pages."
        self._note("translated", detail, self._start, partial=False)
        if self._closed:
            detail = (
                f"{self._closed} pages of the site maps are closed to crawlers by robots.txt; they were not fetched."
            )
            self._note("robots", detail, self._start, partial=True)
        if self._without:
            detail = (
                f"{self._without} pages of the site maps hold no dataset and may have held one: absence means nothing. "
                "A site map or folder of nothing but dataset pages, given as the source, makes a run whole."
            )
            self._note("no-dataset", detail, self._start, partial=True)
        if self._elsewhere:
            detail = f"{self._elsewhere} addresses in the site maps are not of this site; they were not fetched."
            self._note("off-site", detail, self._start, partial=False)

    def _note(self, code: str, detail: str, url: str, *, partial: bool) -> None:
        """Write a line into the ledger; what makes the run no less whole is a remark."""
        self._session.note(Problem(code, detail, url, remark=not partial), partial=partial)
