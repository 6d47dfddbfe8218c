"""Datasets, series, services and distributions as records of the FAIR Data Point.

Its readers want each record under the address they asked for (the resource itself is then the subject), so here a
resource has an address of ours, and says by owl:sameAs what its node calls it. Nothing else of what the node said
changes, but for the dates and identifiers of the node's own metadata, which this record's take the place of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeGuard

import pyoxigraph as ox

from catalogue.access.stating import About
from catalogue.entry import Entry
from catalogue.journal.state import State, Status
from shapes.errors import Missing
from shapes.graph import Node, RecordGraph, Term, node_of
from shapes.vocabulary import DCAT, DCT, GENID, OWL
from ui.datapoint.layers import DISTRIBUTIONS, MEMBERS, Addresses
from ui.datapoint.saying import METADATA, children, metadata
from ui.site import Site

# Relations between records of catalogues: where they lead to a record of ours, they do so here.
_BETWEEN: Final = frozenset(
    {
        DCAT.accessService,
        DCAT.inSeries,
        DCAT.servesDataset,
        DCAT.prev,
        DCAT.next,
        DCAT.first,
        DCAT.last,
        DCAT.previousVersion,
        DCAT.hasVersion,
        DCAT.isVersionOf,
        DCAT.hasCurrentVersion,
        DCT.replaces,
        DCT.isReplacedBy,
    }
)
_KEY_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class Member:
    """One record below a catalogue. `distributions`: the key of each, with what stands for it in `graph`."""

    state: State
    address: str
    graph: RecordGraph
    distributions: Mapping[str, ox.NamedNode]

    def distribution(self, key: str) -> Iterator[ox.Triple]:
        """Yield what is said of one distribution, and of what only it leads to. Raises `Missing`."""
        node = self.distributions.get(key)
        if node is None:
            raise Missing(f"The record {self.state.id!r} has no distribution {key!r} now.", record=self.state.id)
        others = {ox.NamedNode(self.address), *self.distributions.values()} - {node}
        yield from _reached(self.graph, node, others)


def member(site: Site, entry: Entry) -> Member:
    """Return a dataset, series or service as a record of the FAIR Data Point."""
    addresses, state = Addresses(site.settings.base_url), entry.state
    said = RecordGraph(site.catalogue.published(entry))
    own = node_of(state.subject)
    main: Node = site.catalogue.page(state) if isinstance(own, ox.BlankNode) else own
    values = said.values(main, DCAT.distribution)
    parts = {node: _key(said, node) for node in values if not isinstance(node, ox.Literal) and node in said}
    names: dict[object, ox.NamedNode] = {
        node: ox.NamedNode(addresses.distribution(state.id, key)) for node, key in parts.items()
    }
    names[main] = ox.NamedNode(addresses.member(state))
    triples = _renamed(said, names, _related(site, said, [main, *parts]))
    graph = RecordGraph([*triples, *_record(addresses, state, names, main)])
    return Member(state, names[main].value, graph, {key: names[node] for node, key in parts.items()})


def _record(
    addresses: Addresses, state: State, names: Mapping[object, ox.NamedNode], main: Term
) -> Iterator[ox.Triple]:
    """Yield what makes them records: where they belong, their metadata, what else each is called."""
    for node, named in names.items():
        about = About(named)
        parent = addresses.catalogue(state.source) if node == main else names[main].value
        yield from about.iri(DCT.isPartOf, parent)
        yield from metadata(named.value, state.issued, state.time)
        if _has_name(node):
            yield from about.iri(OWL.sameAs, node.value)
    listed = [named.value for node, named in names.items() if node != main]
    if listed:
        yield from children(addresses, names[main].value, DISTRIBUTIONS, listed)


def _renamed(
    said: RecordGraph, names: Mapping[object, ox.NamedNode], related: Mapping[object, ox.NamedNode]
) -> Iterator[ox.Triple]:
    everywhere = {**related, **names}
    for triple in said:
        if triple.subject not in names or triple.predicate.value not in METADATA:
            subject = everywhere.get(triple.subject, triple.subject)
            yield ox.Triple(subject, triple.predicate, everywhere.get(triple.object, triple.object))


def _related(site: Site, said: RecordGraph, nodes: Iterable[Node]) -> Mapping[object, ox.NamedNode]:
    """Return the addresses of other records of ours that these are related to: here they go by those."""
    addresses = Addresses(site.settings.base_url)
    found: dict[object, ox.NamedNode] = {}
    for node in nodes:
        for relation in _BETWEEN & said.predicates(node).keys():
            for other in said.values(node, relation):
                state = _listed(site, other)
                if state is not None:
                    found[other] = ox.NamedNode(addresses.member(state))
    return found


def _listed(site: Site, node: Term) -> State | None:
    key = site.catalogue.resolve(node.value) if isinstance(node, ox.NamedNode) else None
    if key is None:
        return None
    try:
        state = site.catalogue.state(key)
    except Missing:  # known, but held or rejected
        return None
    return state if state.status is Status.LISTED and state.kind in MEMBERS else None


def _key(said: RecordGraph, node: Node) -> str:
    """Return what tells a distribution from the others of its record: its IRI, else what is said of it, digested."""
    if _has_name(node):
        text = node.value
    else:
        lines = sorted(
            f"{predicate} {'' if isinstance(value, ox.BlankNode) else value}"
            for predicate, values in said.predicates(node).items()
            for value in values
        )
        text = "\n".join(lines)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_KEY_LENGTH]


def _has_name(node: object) -> TypeGuard[ox.NamedNode]:
    """Whether a node has an IRI that stays: not one that stands for a blank node."""
    return isinstance(node, ox.NamedNode) and GENID not in node.value


def _reached(graph: RecordGraph, start: Node, without: Iterable[Node]) -> Iterator[ox.Triple]:
    """Yield what is said of a node and of what it leads to, on and on, but for some nodes."""
    seen, waiting = {start, *without}, [start]
    while waiting:
        node = waiting.pop()
        for predicate, values in graph.predicates(node).items():
            for value in values:
                yield ox.Triple(node, ox.NamedNode(predicate), value)
                if value in graph and value not in seen and not isinstance(value, ox.Literal):
                    seen.add(value)
                    waiting.append(value)
