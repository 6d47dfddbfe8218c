"""DCAT over several pages, linked by Hydra (W3C Hydra Core Vocabulary, section 5.4; CKAN and udata send it).

Two spellings are in use, the links as IRIs or as strings, and behind a proxy they often bear a host or scheme that only
the inner server knows: every link is followed on the origin the page itself came from.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Any, Final
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit, urlunsplit

from harvester.changes import Problem
from harvester.protocols.page import Page, Session
from harvester.source import Source
from shapes.content import digest_of
from shapes.engine.text import term_of
from shapes.graph import text_of
from shapes.parse import Document
from shapes.vocabulary import DCAT, HYDRA, RDF

_TYPE: Final = f"<{RDF.type}>"
_BASE: Final = HYDRA.base
_NEXT: Final = frozenset({HYDRA.next, HYDRA.nextPage})
_LAST: Final = frozenset({HYDRA.last, HYDRA.lastPage})
_FIRST: Final = frozenset({HYDRA.first, HYDRA.firstPage})
_ABOUT_PAGES: Final = _NEXT | _LAST | _FIRST | {HYDRA.previous, HYDRA.previousPage}
_VIEWS: Final = frozenset({HYDRA.PartialCollectionView, HYDRA.PagedCollection})
# Pages in a row without a new record after which a further one is no longer believed.
_STALE: Final = 3
_LISTED: Final = frozenset({DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService})


class Paging:
    """What one page says of the others, gathered while it is read.

    `marked`: it says more of itself than where the next page is. `own_names`: what it calls itself.
    """

    def __init__(self) -> None:
        self.next_links: list[str] = []
        self.last_links: list[str] = []
        self.first_links: list[str] = []
        self.own_names: set[str] = set()
        self.listed: set[str] = set()
        self.total: int | None = None
        self.marked = False

    def see(self, statements: Sequence[str]) -> None:
        """Look at statements, each as N-Triples text."""
        for statement in statements:
            if _BASE in statement or _TYPE in statement:
                subject, predicate, value = statement.split(" ", 2)
                if predicate == _TYPE and value[0] == "<":
                    self._see_type(subject, value[1:-1])
                elif predicate.startswith(f"<{_BASE}") and value[0] in '<"':
                    self._see_statement(subject, predicate[1:-1], text_of(term_of(value)).strip())

    def learned(self) -> Mapping[str, Any]:
        """Return all of it as JSON has it."""
        return {name: sorted(value) if isinstance(value, set) else copy(value) for name, value in vars(self).items()}

    @property
    def leads_on(self) -> bool:
        """Whether it says anything but which records it has."""
        links = (*self.next_links, *self.last_links, *self.first_links, *self.own_names)
        return bool(links) or self.total is not None or self.marked

    def recall(self, learned: Mapping[str, Any]) -> None:
        """Know it again."""
        for name, value in vars(self).items():
            setattr(self, name, type(value)(learned[name]) if isinstance(value, set) else learned[name])

    def _see_type(self, subject: str, kind: str) -> None:
        if kind in _LISTED:
            self.listed.add(subject)
        self.marked = self.marked or kind in _VIEWS

    def _see_statement(self, subject: str, predicate: str, target: str) -> None:
        self.marked = self.marked or predicate not in _NEXT
        if predicate == HYDRA.totalItems:
            self.total = int(target) if target.isascii() and target.isdigit() else self.total
        if predicate in _NEXT:
            self.next_links.append(target)
        elif predicate in _LAST:
            self.last_links.append(target)
        elif predicate in _FIRST:
            self.first_links.append(target)
        if predicate in _ABOUT_PAGES and subject[0] == "<":
            self.own_names.add(subject[1:-1])


def pages(source: Source, session: Session) -> Iterator[Page]:
    """Yield page after page, from the source's URL on.

    The way ends at a page without a next one. It is noted as partial when it turns back on itself, when a page that
    should say where it stands says nothing, when it ends before the page named as last, when fewer records came than
    were announced, or when what came twice says that the list moved while it was read.
    """
    session.refuse_local("The protocol hydra reads pages over http(s); a file or folder is read with rdf.")
    session.members_come = True
    trail, waiting = _Trail(session), deque([source.url])
    while waiting:
        url = waiting.popleft()
        if trail.passed(url):
            continue  # two pages led to it
        paging = Paging()
        page = trail.page(session.fetch(url), url, paging)
        if page is None:
            return
        yield page
        waiting += trail.onward(paging, url, page.url)
    trail.check_whole()


class _Trail:
    """The pages behind us, and what they promised."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._visited: set[str] = set()
        self._contents: dict[str, str] = {}
        self._listed: set[str] = set()
        self._total: int | None = None
        self._stale = 0
        self._again = 0
        self._repeated: tuple[str, ...] = ()
        self._highest = 0
        self._marked = False

    def passed(self, url: str) -> bool:
        """Whether a page was read already."""
        return _plain(url) in self._visited

    def page(self, document: Document, asked: str, paging: Paging) -> Page | None:
        """Return a document as a page, or None if it is, byte for byte, one that came before: that is noted."""
        before = self._contents.setdefault(digest_of(document.content), asked)
        if before != asked:
            self._note("paging-loop", f"This page is the same as {before}: the paging turns in a circle.", asked)
            return None
        return Page(document.name, (document,), paging.see, learner=paging)

    def onward(self, paging: Paging, asked: str, found: str) -> Sequence[str]:
        """Return the URLs of the next pages: one, as a rule; none at the end (or where the way is lost: noted)."""
        names = [*paging.own_names, *(paging.first_links if not self._visited else ())]
        here = {_plain(asked), _plain(found)} | {_plain(anchored(name, found)) for name in names}
        self._visited |= here
        self._stale = 0 if paging.listed - self._listed else self._stale + 1
        self._repeated += (found,) if self._stale and self._session.came_again > self._again else ()
        self._again = self._session.came_again
        self._listed |= paging.listed
        if paging.total is not None:
            self._total = paging.total
            self._highest = max(self._highest, paging.total)
        self._session.expected = self._total
        links = [anchored(link, found) for link in paging.next_links]
        fresh = [link for link in links if not self.passed(link)]
        if fresh and self._stale < _STALE:
            self._marked = self._marked or paging.marked
            return fresh
        at_last = any(_plain(anchored(link, found)) in here for link in paging.last_links)
        if fresh:
            self._note(
                "paging-loop", f"{_STALE} pages in a row brought no new record, and there is yet another.", found
            )
        elif not at_last:
            self._check_end(paging, links, found)
        return ()

    def _check_end(self, paging: Paging, links: Sequence[str], found: str) -> None:
        """Note what speaks against a page being the last."""
        if links:
            detail = f"The next page is one already read ({links[0]}): the paging turns in a circle."
            self._note("paging-loop", detail, found)
        elif paging.last_links:
            detail = f"There is no next page, but the last one should be {paging.last_links[0]}."
            self._note("paging-lost", detail, found)
        elif self._marked and not paging.marked and self._session.whole:
            self._note("paging-lost", "This page says nothing of the others, as the ones before did.", found)

    def check_whole(self) -> None:
        """Note what says, at the end of the way, that a record may have been left out.

        Fewer came than were announced; more is no loss: pages repeat and mix kinds. A page of nothing but what came
        before, whose own datasets may never come. Signs that the list moved while it was read, so that a record may
        have gone to a page behind us: a total that shrank, without that as many came as it was at first; where there
        are no totals, a dataset on two pages.
        """
        if not self._session.whole:
            return
        url = self._session.source.url
        if self._total is not None and len(self._listed) < self._total:
            detail = f"{self._total} records were announced (hydra:totalItems), {len(self._listed)} came."
            self._note("count-mismatch", detail, url)
        elif self._repeated:
            detail = "Every dataset of this page had come before: its own may have been left out."
            self._note("repeated-page", detail, self._repeated[0])
        elif self._total is not None and len(self._listed) < self._highest:
            detail = f"The list moved while it was read: hydra:totalItems went from {self._highest} to {self._total}."
            self._note("paging-moved", detail, url)
        elif self._total is None and self._again:
            detail = f"The list moved while it was read, or overlaps: datasets on two pages: {self._again}."
            self._note("paging-moved", detail, url)

    def _note(self, code: str, detail: str, url: str) -> None:
        self._session.note(Problem(code, detail, url))


def anchored(link: str, page: str) -> str:
    """Return a link of a page as a URL on the page's own origin.

    Where the link bears another host or scheme (an inner server behind a proxy) and its path is the end of the page's
    own path (the proxy serves it under a prefix), the page's path is used.
    """
    try:
        target, here = urlsplit(urldefrag(urljoin(page, link)).url), urlsplit(page)
    except ValueError:
        return page
    if (target.scheme, target.netloc) == (here.scheme, here.netloc):
        return target.geturl()
    path = here.path if here.path.endswith(target.path) else target.path
    return urlunsplit((here.scheme, here.netloc, path, target.query, ""))


def _plain(url: str) -> str:
    """Return a URL with the parts of its query in order: the same page, however its link is written."""
    parts = urlsplit(url)
    query = "&".join(f"{name}={value}" for name, value in sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))
