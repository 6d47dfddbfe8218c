"""The way through a FAIR Data Point: from its root to catalogues, to records, to what belongs to each record."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

import pyoxigraph as ox

from harvester.changes import Problem
from harvester.errors import HttpStatus
from harvester.protocols.fdp.parts import ABSENT, PRIVATE, PartFetcher, Parts, insist, plain
from harvester.protocols.fdp.site import Site
from harvester.protocols.fdp.survey import Link, Survey, survey
from harvester.protocols.page import Missing, Page, Session
from shapes.apart import read
from shapes.errors import Fault, Unreachable
from shapes.parse import Document
from shapes.record import Kind
from shapes.vocabulary import RDF

# A catalogue of the reference implementation with at least so many members is read by pages of so many.
PAGED_FROM: Final = 20
PAGE_SIZE: Final = 50  # so that a page has room for 20 parts of each
# Addresses in a row without an answer after which the node is left in peace.
_TIRED: Final = 5
_REFERENCE: Final = "FDP:"
_NO_PAGES: Final = frozenset({400, 404, 405, 406, 410, 422})


class Crawl:
    """One walk over a node. Every address is fetched once, however many records lead to it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._visited: set[str] = set()
        self._parts = PartFetcher(session, self._fetch)
        self._waiting: deque[Link] = deque()
        self._site = Site("", "")
        self._paged = False
        self._unanswered = 0

    def pages(self, start: str) -> Iterator[Page]:
        """Yield a page for each record that is no part of another. Raises what keeps the first from being read."""
        document, asked = self._first(start)
        found = survey(read(document))
        root = found.roots[0] if found.roots else next((link.holder for link in found.links), asked)
        self._site = Site.of(root, document.base)
        self._paged = (found.software or "").startswith(_REFERENCE)
        self._visited |= {plain(asked), plain(document.base)}
        yield from self._record(document, found, lists=True)
        while self._waiting:
            link = self._waiting.popleft()
            address = self._address(link)
            if address is not None:
                yield from self._member(link, address)

    def _first(self, start: str) -> tuple[Document, str]:
        """Fetch the root; servers differ in whether its address ends with a slash."""
        try:
            return self._session.fetch(start), start
        except HttpStatus as error:
            bare = start.rstrip("/")
            if error.answered not in ABSENT or bare == start:
                raise
            return self._session.fetch(bare), bare

    def _address(self, link: Link) -> str | None:
        """Return where a member is still to be fetched, None where nothing is to be done."""
        address = self._site.address(link.target)
        if address is None:
            detail = "It is listed, but is on another server than the FAIR Data Point; it was not fetched."
            problem = Problem("elsewhere", detail, self._session.source.url, link.target)
            self._session.miss(Missing(Kind.DATASET, link.target, problem, withheld=True, leads_on=link.leads_on))
            return None
        if plain(address) in self._visited:
            return None
        self._visited.add(plain(address))
        return address

    def _member(self, link: Link, address: str) -> Iterator[Page]:
        try:
            document = self._fetch(address)
            found = survey(read(document))
            insist(link.target, document, found)
        except Fault as error:
            self._miss(link, error, address)
            return
        yield from self._record(document, found, lists=link.leads_on)

    def _fetch(self, address: str) -> Document:
        """Fetch a document. Raises what the session raises, for good when too many in a row did not answer."""
        try:
            document = self._session.fetch(address)
        except HttpStatus as error:
            self._unanswered = self._unanswered + 1 if error.answered >= 500 else 0  # noqa: PLR2004 - RFC 9110, 15.6
            raise
        except Unreachable:
            self._unanswered += 1
            raise
        self._unanswered = 0
        return document

    def _miss(self, link: Link, error: Fault, address: str) -> None:
        """Take down why a listed record did not come."""
        kind = Kind.CATALOGUE if link.leads_on else Kind.DATASET
        status = error.answered if isinstance(error, HttpStatus) else None
        if status in PRIVATE:
            detail = f"It is listed but not public (the server answered {status}): a draft, most likely."
            problem = Problem("draft", detail, address, link.target, remark=True)
            self._session.miss(Missing(kind, link.target, problem, withheld=True, leads_on=link.leads_on))
        elif status in ABSENT:
            problem = Problem(
                "listed-but-gone", f"It is listed, but the server answered {status}.", address, link.target
            )
            self._session.miss(Missing(kind, link.target, problem, withheld=True, leads_on=link.leads_on))
        else:
            problem = Problem(error.code, error.detail, error.url or address, link.target, error.line)
            self._session.miss(Missing(kind, link.target, problem, leads_on=link.leads_on))
        if self._unanswered >= _TIRED:
            raise Unreachable(f"{_TIRED} addresses in a row gave no answer; the rest was not asked for.", url=address)

    # -- one record, with what belongs to it ------------------------------------------------------------------------

    def _record(self, document: Document, found: Survey, *, lists: bool) -> Iterator[Page]:
        """Yield the page of a record, and take down where it leads. `lists`: it is a catalogue, or the root."""
        holders = {link.holder for link in found.links}
        parts = self._parts.of(document, found, holders, self._site, strict=True)
        members = [link for link in found.links if not link.part and link.target not in found.described]
        in_passing = {link.target for link in members} & found.mentioned
        yield _page(document, parts, {iri for iri in in_passing if self._site.address(iri) is not None})
        for holder in dict.fromkeys(link.holder for link in members):
            own = [link for link in members if link.holder == holder]
            own = self._to_fetch(holder, own, found) if lists else self._led(own)
            if self._paged and len(own) >= PAGED_FROM and holder in found.containers:
                yield from self._by_pages(holder, found.containers[holder], {link.target for link in own})
            self._waiting += own

    def _to_fetch(self, holder: str, members: list[Link], found: Survey) -> list[Link]:
        """Return the members of a record that are to be fetched: all, unless its date vouches for those that are known.

        In the reference implementation a date changes with anything that is stored below its record, but not when a
        draft is published: what is not known yet is therefore fetched in any case.
        """
        dates = self._session.dates
        if dates is None or not self._paged:
            return members
        if not dates.unchanged(holder, found.modified.get(holder)):
            return members
        return [link for link in members if link.leads_on or not self._stands(link.target)]

    def _led(self, members: list[Link]) -> list[Link]:
        """Return members that are found through a record that is no catalogue: it cannot be passed over next time."""
        if self._session.dates is not None:
            for link in members:
                self._session.dates.lead_on(link.holder)
        return members

    def _stands(self, member: str) -> bool:
        """Whether a member is known whole and nothing is found through it, so that it need not be fetched."""
        dates, address = self._session.dates, self._site.address(member)
        if dates is None or address is None or dates.leads_on(member) or not self._session.stand(member):
            return False
        self._visited.add(plain(address))
        return True

    # -- many members at once ---------------------------------------------------------------------------------------

    def _by_pages(self, holder: str, kind: str, members: AbstractSet[str]) -> Iterator[Page]:
        """Yield members by pages, as the reference implementation offers them: `{record}/page/{kind}?page=N&size=M`.

        What the pages do not bring is fetched singly afterwards, and so are the records of which a page lists parts
        that are held back: there, unlike in the record's own document, drafts are listed as well.
        """
        base, wanted = self._site.address(holder), set(members)
        for number in range(len(members) // PAGE_SIZE + 1):
            address = f"{base}/page/{kind}?page={number}&size={PAGE_SIZE}"
            try:
                document = self._fetch(address)
                found = survey(read(document))
            except Fault as error:
                self._do_without_pages(error, address)
                return
            brought = wanted & found.described
            if not brought:
                return
            wanted -= brought
            yield self._page_of(document, found, brought, members)

    def _do_without_pages(self, error: Fault, address: str) -> None:
        self._paged = False
        if not (isinstance(error, HttpStatus) and error.answered in _NO_PAGES):
            detail = f"A page of members could not be read, so they are fetched singly: {error.detail}"
            self._session.note(Problem(error.code, detail, error.url or address), partial=False)

    def _page_of(self, document: Document, found: Survey, brought: AbstractSet[str], members: AbstractSet[str]) -> Page:
        """Return a page of several members; those with a draft among their parts are left to be fetched singly."""
        parts = self._parts.of(document, found, brought, self._site, strict=False)
        sure = brought - parts.drafts
        self._visited |= {plain(address) for address in map(self._site.address, sure) if address is not None}
        self._waiting += self._led([link for link in found.links if not link.part and link.holder in sure])
        return _page(document, parts, members - sure)


def _page(document: Document, parts: Parts, elsewhere: AbstractSet[str]) -> Page:
    """Return a page without what it says in passing of records that come from elsewhere."""

    def keep(quad: ox.Quad) -> bool:
        named = isinstance(quad.subject, ox.NamedNode) and quad.subject.value in elsewhere
        return not named or quad.predicate.value == RDF.type

    documents = (document, *parts.documents)
    return Page(document.name, iter(documents), several=len(documents) > 1, keep=keep if elsewhere else None)
