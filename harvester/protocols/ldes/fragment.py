"""One fragment of a stream: its members, and where it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from harvester.protocols.ldes.members import Content, Term
from shapes.apart import read
from shapes.parse import Document, Reading
from shapes.vocabulary import LDES, RDF, TREE

_BACK: Final = frozenset({TREE.LessThanRelation, TREE.LessThanOrEqualToRelation})
_LATEST: Final = frozenset({LDES.versionAmount, LDES.amount})
_WINDOWS: Final = frozenset({LDES.versionDuration, LDES.startingFrom})


@dataclass(frozen=True, slots=True)
class Link:
    """Where a relation leads. `back`: only to earlier members. `promised`: how many members at least are there."""

    target: str
    back: bool
    promised: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """A page that was read. `asked` and `found` are its URL before and after redirects."""

    asked: str
    found: str
    content: Content
    reading: Reading

    @classmethod
    def of(cls, document: Document, asked: str) -> Fragment:
        """Read a document. Raises `NotRdf`, `Hostile` or `TooLarge`."""
        content, reading = Content(), read(document)
        for quad in reading:
            content.add(quad)
        return cls(asked, document.name, content, reading)

    def is_node(self) -> bool:
        """Whether it is a node of a search tree rather than something that only tells of one."""
        said = self.content.default.values()
        return bool(self.content.members) or any(p.value == TREE.relation for each in said for p, _ in each)

    def is_of_a_stream(self) -> bool:
        """Whether it says anything at all in the terms of TREE and LDES, as an empty fragment does as well."""
        spaces = (TREE.base, LDES.base)
        said = (pair for each in self.content.default.values() for pair in each)
        return bool(self.content.members) or any(
            predicate.value.startswith(spaces) or (predicate.value == RDF.type and str(value)[1:].startswith(spaces))
            for predicate, value in said
        )

    def views(self) -> list[str]:
        """Return the views of the collections it tells of."""
        found = (value for each in self.content.default.values() for p, value in each if p.value == TREE.view)
        return [value.value for value in found if isinstance(value, ox.NamedNode)]

    def stated(self) -> Iterator[tuple[str, Term]]:
        """Yield property and value of what is said in terms of LDES itself: the rules of a stream."""
        for each in self.content.default.values():
            for predicate, value in each:
                if predicate.value in LDES:
                    yield predicate.value, value

    def forgets(self) -> bool | None:
        """Whether entities that still exist may drop out of the stream under its retention policies; None: has none.

        A policy that keeps the latest version of each, whenever it came, keeps them all; with several policies a member
        stays as long as one of them keeps it (LDES 1.0, section 5).
        """
        said = (pair for each in self.content.default.values() for pair in each)
        policies = {value for predicate, value in said if predicate.value == LDES.retentionPolicy}
        return None if not policies else not any(self._keeps_latest(policy) for policy in policies)

    def _keeps_latest(self, policy: Term) -> bool:
        said = self.content.default.get(policy, ())
        names = {predicate.value for predicate, _ in said}
        types = {str(value)[1:-1] for predicate, value in said if predicate.value == RDF.type}
        return (bool(names & _LATEST) or LDES.LatestVersionSubset in types) and not names & _WINDOWS

    def links(self, names: frozenset[str]) -> list[Link]:
        """Return where it leads, each target once.

        `names`: what it may be called; relations of other nodes are not its own. Where it has none under such a name (a
        proxy hides the real one), all count.
        """
        relations = [
            (subject, value)
            for subject, each in self.content.default.items()
            for predicate, value in each
            if predicate.value == TREE.relation
        ]
        own = [value for subject, value in relations if str(subject)[1:-1] in names]
        merged: dict[str, Link] = {}
        for relation in own or [value for _, value in relations]:
            for link in self._link(relation):
                before = merged.get(link.target, link)
                back, promised = before.back and link.back, max(before.promised, link.promised)
                merged[link.target] = Link(link.target, back, promised)
        return list(merged.values())

    def _link(self, relation: Term) -> Iterator[Link]:
        said = self.content.default.get(relation, ())
        types = {str(value)[1:-1] for predicate, value in said if predicate.value == RDF.type}
        counts = [value.value for p, value in said if p.value == TREE.remainingItems and isinstance(value, ox.Literal)]
        promised = max((int(count) for count in counts if count.isascii() and count.isdigit()), default=0)
        for predicate, value in said:
            if predicate.value == TREE.node and isinstance(value, ox.NamedNode):
                yield Link(value.value, bool(types & _BACK), promised)
