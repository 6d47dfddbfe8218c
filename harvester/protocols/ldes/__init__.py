"""Linked Data Event Streams (LDES 1.0 on TREE; DCAT-AP Feeds): every fragment is read, the latest versions are kept.

A record's parts (dataset, distribution, agent) come as members of their own, on any fragment, so they are put together
only once all of them have been read. A stated deletion is an entity that is not delivered: it is withdrawn as any other
that is absent from a complete run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final
from urllib.parse import urldefrag

from harvester.address import origin_of
from harvester.changes import Problem
from harvester.errors import BadAddress, BadAnswer
from harvester.protocols.hydra import anchored
from harvester.protocols.ldes.fragment import Fragment
from harvester.protocols.ldes.members import Member, Rules, members
from harvester.protocols.ldes.versions import Versions
from harvester.protocols.page import Page, Session
from harvester.source import Source
from shapes.apart import read
from shapes.content import holds
from shapes.errors import BadInput, Fault, TooLarge, Unreachable
from shapes.parse import Document
from shapes.record import Record
from shapes.vocabulary import LDES, RDF, TREE

# Members are told apart by named graphs, so syntaxes that have them come first.
ACCEPT: Final = (
    "application/trig, application/n-quads;q=0.9, application/ld+json;q=0.8, text/turtle;q=0.7, "
    "application/n-triples;q=0.6, application/rdf+xml;q=0.5"
)

# Fragments in a row that could not be read, after which the others are left alone.
_TIRED: Final = 5
_NO_FRAGMENT: Final = "This is no page of an event stream: it has no tree:view, tree:relation or tree:member."
_TYPES: Final = frozenset({LDES.EventStream, TREE.Node, TREE.Collection})


def detects(document: Document) -> bool:
    """Whether a document is a page of an event stream or another TREE collection."""
    if not holds(document.content, TREE.base.encode(), LDES.base.encode()):
        return False
    try:
        return any(
            quad.predicate.value in {TREE.view, TREE.relation, TREE.member}
            or (quad.predicate.value == RDF.type and str(quad.object)[1:-1] in _TYPES)
            for quad in read(document)
        )
    except Fault:
        return False


def pages(source: Source, session: Session) -> Iterator[Page]:
    """Yield one page: the latest version of every entity of a stream.

    The source's URL is that of the stream, or of one of its views. A fragment that cannot be read may hold a later
    version of anything: the run is partial, and no record counts as whole. Noted as partial as well: a way that turns
    back on itself, fewer members than a relation promised, and a retention policy under which entities that still exist
    drop out of the stream.
    """
    session.refuse_local("The protocol ldes follows a stream over http(s); a file is read with rdf.")
    with Versions() as versions:
        walk = _Walk(session, versions)
        walk.go()
        yield Page(source.url, versions.documents(source.url), doubt=walk.doubts)


class _Walk:
    """The way through the fragments of a stream."""

    def __init__(self, session: Session, versions: Versions) -> None:
        self._session = session
        self._versions = versions
        self._rules = Rules()
        self._parents: dict[str, str] = {}
        self._waiting: deque[str] = deque()
        self._origins = {origin_of(session.source.url)}
        self._hurt: set[str] = set()
        self._torn = False
        self._promised = 0
        self._forgets: bool | None = None

    def go(self) -> None:
        """Read every fragment once. Raises a `Fault` where the first cannot be read or is no page of a stream."""
        self._begin(urldefrag(self._session.source.url).url)
        failed, count = 0, 1
        while self._waiting and failed < _TIRED:
            url = self._waiting.popleft()
            count += 1
            if count > self._session.limits.pages:
                detail = f"There are more than the {self._session.limits.pages:,} fragments a run may read."
                raise TooLarge(detail, url=url)
            try:
                fragment = self._fetch(url)
                if not fragment.is_of_a_stream():
                    raise BadAnswer(_NO_FRAGMENT, url=fragment.found)
                self._take(fragment)
                failed = 0
            except (Unreachable, BadInput) as error:
                failed += 1
                self._torn = True
                self._session.blame(error, url)
        if self._waiting:
            left = f"the {len(self._waiting)} that were known to follow were not tried"
            self._note("fragments-left", f"{_TIRED} fragments in a row could not be read; {left}.", self._waiting[0])
        self._check()

    def doubts(self, record: Record) -> bool:
        """Whether something of a record, or a later version of a part of it, may not have been read."""
        if self._torn or not self._hurt:
            return self._torn
        return any(str(node) in self._hurt for node in record.graph().nodes())

    def _begin(self, url: str) -> None:
        """Read what the source's URL gives: the stream's first fragment, or what names it."""
        self._parents[url] = ""
        self._session.drop(url)
        first = self._fetch(url)
        self._origins.add(origin_of(first.found))
        if first.is_node():
            self._take(first)
            return
        views = [view for view in first.views() if self._reach(view, first.found) != first.found]
        if not views and not first.views():
            raise BadAnswer(_NO_FRAGMENT, url=first.found)
        self._take(first)
        if views:
            self._queue(self._reach(views[0], first.found), first.asked)

    def _fetch(self, url: str) -> Fragment:
        return Fragment.of(self._session.fetch(url, accept=ACCEPT), url)

    def _take(self, fragment: Fragment) -> None:
        """Keep the members of a fragment, and the addresses it leads to."""
        for predicate, value in fragment.stated():
            self._rules.learn(predicate, value)
        forgets = fragment.forgets()
        self._forgets = self._forgets if forgets is None else forgets
        hurt = self._account(fragment)
        for member in members(fragment.content, self._rules, len(self._versions)):
            self._versions.take(member)
            if member.name in hurt:
                self._hurt.add(member.entity)
            elif not member.deleted and not member.lines:
                self._torn = True
                self._note(
                    "empty-member", "This member says nothing on the page that lists it.", fragment.found, member
                )
        self._follow(fragment)

    def _account(self, fragment: Fragment) -> frozenset[str]:
        """Note what of a fragment was not read; return the nodes known to have lost a statement."""
        reading = fragment.reading
        for defect in reading.defects:
            self._session.note(Problem("parse-error", defect.detail, fragment.found, line=defect.line))
        hurt = reading.hurt
        if hurt is None or any(node.startswith("_:") for node in hurt):
            self._torn = True
        self._hurt |= hurt or frozenset()
        return hurt or frozenset()

    def _follow(self, fragment: Fragment) -> None:
        names = frozenset({fragment.asked, fragment.found})
        self._parents.setdefault(urldefrag(fragment.found).url, self._parents[fragment.asked])
        for link in fragment.links(names):
            self._promised = max(self._promised, link.promised)
            target = self._reach(link.target, fragment.found)
            if target not in self._parents:
                self._queue(target, fragment.asked)
            elif not link.back and target in self._ancestors(fragment.asked):
                detail = f"This fragment leads back to {target}, which led to it: the way turns in a circle."
                self._note("paging-loop", detail, fragment.found)

    def _queue(self, target: str, parent: str) -> None:
        self._parents[target] = parent
        self._waiting.append(target)

    def _ancestors(self, url: str) -> Iterator[str]:
        """Yield a fragment and those that led to it."""
        while url:
            yield url
            url = self._parents[url]

    def _reach(self, link: str, page: str) -> str:
        """Return a link as a URL: as it is on the stream's own server, else on the origin of the page (a proxy)."""
        try:
            known = origin_of(link) in self._origins
        except BadAddress:
            known = False
        return urldefrag(link).url if known else anchored(link, page)

    def _check(self) -> None:
        """Note what speaks against having seen everything that exists."""
        if self._promised > len(self._versions) and self._session.whole:
            detail = f"{self._promised} members were announced (tree:remainingItems), {len(self._versions)} came."
            self._note("count-mismatch", detail, self._session.source.url)
        if self._versions.deleted:
            detail = f"{self._versions.deleted} entities are stated to be deleted: they count as absent."
            self._session.note(Problem("deleted", detail, self._session.source.url, remark=True), partial=False)
        if self._forgets:
            detail = "The stream's retention policy lets entities drop out that still exist, so absence means nothing."
            self._note("retention", detail, self._session.source.url)

    def _note(self, code: str, detail: str, url: str, member: Member | None = None) -> None:
        record = member.entity.strip("<>") if member else None
        self._session.note(Problem(code, detail, url, record))
