"""The statements of the stream, of its root and of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from catalogue.access.stating import About
from catalogue.journal.state import State, Status
from catalogue.journal.states import Span
from shapes.graph import node_of
from shapes.record import Kind
from shapes.vocabulary import AS, DCT, LDES, RDF, TREE, XSD
from ui.dcat import apart
from ui.site import Site

ADDRESS: Final = "/ldes"
PAGE: Final = 250  # numbers of the journal that one page holds
_TOLD: Final = frozenset({Kind.CATALOGUE, Kind.DATASET, Kind.SERIES, Kind.SERVICE})
_HAPPENED: Final = frozenset({Status.LISTED, Status.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Stream:
    """The stream of one journal. `epoch` changes when that is restored: what follows then are other pages."""

    site: Site
    epoch: str

    @property
    def root(self) -> str:
        """The address that leads to every page."""
        return self.site.address(ADDRESS)

    @property
    def iri(self) -> str:
        """The stream itself."""
        return f"{self.root}#stream"

    def page(self, number: int) -> str:
        """The address of a page."""
        return f"{self.root}/{self.epoch}/{number}"

    # Statements

    def described(self) -> Iterator[ox.Quad]:
        """Yield what a reader must know of the stream wherever it begins (LDES 1.0, section 3)."""
        stream = About(ox.NamedNode(self.iri))
        yield from map(_quad, stream.type(LDES.EventStream))
        yield from map(_quad, stream.said(DCT.title, f"What happened in {self.site.settings.title}"))
        yield from map(_quad, stream.iri(LDES.timestampPath, AS.published))
        yield from map(_quad, stream.iri(LDES.versionOfPath, AS.object))
        yield from map(_quad, stream.iri(LDES.versionDeletePath, RDF.type))
        yield from map(_quad, stream.iri(LDES.versionDeleteObject, AS.Delete))
        yield from map(_quad, stream.iri(TREE.view, self.root))

    def root_quads(self, pages: Mapping[int, Span]) -> Iterator[ox.Quad]:
        """Yield the root: no members, and a way to each page, from when to when."""
        yield from self.described()
        root = ox.NamedNode(self.root)
        yield from map(_quad, About(root).type(TREE.Node))
        for number, span in pages.items():
            bounds = (
                (TREE.GreaterThanOrEqualToRelation, span.first.isoformat()),
                (TREE.LessThanOrEqualToRelation, span.last.isoformat()),
            )
            for kind, value in bounds:
                yield from map(_quad, self._relation(root, number, kind, value))

    def _relation(self, root: ox.NamedNode, number: int, kind: str, value: str) -> Iterator[ox.Triple]:
        relation = ox.NamedNode(f"{root.value}#{kind.removeprefix(TREE.base)}-{number}")
        about = About(relation)
        yield from About(root).iri(TREE.relation, relation.value)
        yield from about.type(kind)
        yield from about.iri(TREE.node, self.page(number))
        yield from about.iri(TREE.path, AS.published)
        yield from about.text(TREE.value, value, XSD.dateTime)

    def page_quads(self, number: int, states: Iterable[State]) -> Iterator[ox.Quad]:
        """Yield a page: its members in the order in which they happened."""
        yield from self.described()
        yield from map(_quad, About(ox.NamedNode(self.page(number))).type(TREE.Node))
        for state in states:
            if state.kind in _TOLD and state.status in _HAPPENED:
                yield from self._member(number, state)

    def _member(self, number: int, state: State) -> Iterator[ox.Quad]:
        """Yield what happened to a record, and but for a withdrawal what its node said of it from then on."""
        event = ox.NamedNode(f"{self.page(number)}#{state.seq}")
        about, subject = About(event), node_of(state.subject)
        named = self.site.catalogue.page(state) if isinstance(subject, ox.BlankNode) else subject
        yield from map(_quad, About(ox.NamedNode(self.iri)).iri(TREE.member, event.value))
        yield from map(_quad, about.type(_kind(state)))
        yield from map(_quad, about.iri(AS.object, named.value))
        yield from map(_quad, about.text(AS.published, state.time.isoformat(), XSD.dateTime))
        if state.status is Status.LISTED:
            for triple in self.site.catalogue.delivered(state):
                said = _named(triple, subject, named)
                yield _quad(apart(said, str(state.seq)), event)


def _kind(state: State) -> str:
    if state.status is Status.WITHDRAWN:
        return AS.Delete
    return AS.Create if state.time == state.issued else AS.Update


def _named(triple: ox.Triple, subject: ox.NamedNode | ox.BlankNode, named: ox.NamedNode) -> ox.Triple:
    """Give a resource without an IRI ours, which it keeps."""
    if subject == named:
        return triple
    return ox.Triple(
        named if triple.subject == subject else triple.subject,
        triple.predicate,
        named if triple.object == subject else triple.object,
    )


def _quad(triple: ox.Triple, graph: ox.NamedNode | None = None) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)
