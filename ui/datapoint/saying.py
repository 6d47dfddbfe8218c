"""What every record of a FAIR Data Point says of itself as metadata, and how it leads to its children."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import pyoxigraph as ox

from catalogue.access.stating import About
from shapes.vocabulary import DATACITE, DCT, FDP, LDP, XSD
from ui.datapoint.layers import Addresses, Layer

# The properties every record must have once (specification 1.2, "metadata of the metadata").
METADATA = frozenset({FDP.metadataIdentifier, FDP.metadataIssued, FDP.metadataModified})


def metadata(address: str, issued: datetime, modified: datetime) -> Iterator[ox.Triple]:
    """Yield the identifier of a record's metadata, and when they were made and last changed."""
    about, identifier = About(ox.NamedNode(address)), About(ox.NamedNode(f"{address}#identifier"))
    yield from about.iri(FDP.metadataIdentifier, identifier.node.value)
    yield from identifier.type(DATACITE.Identifier)
    yield from identifier.text(DCT.identifier, address)
    yield from about.text(FDP.metadataIssued, issued.isoformat(), XSD.dateTime)
    yield from about.text(FDP.metadataModified, modified.isoformat(), XSD.dateTime)


def children(addresses: Addresses, holder: str, layer: Layer, listed: Sequence[str]) -> Iterator[ox.Triple]:
    """Yield the links to children in both ways the specification knows: the relation, and an LDP container."""
    yield from About(ox.NamedNode(holder)).iri(layer.relation, *listed)
    container = About(ox.NamedNode(addresses.container(holder, layer)))
    yield from container.type(LDP.DirectContainer)
    yield from container.said(DCT.title, layer.title)
    yield from container.iri(LDP.membershipResource, holder)
    yield from container.iri(LDP.hasMemberRelation, layer.relation)
    yield from container.iri(LDP.contains, *listed)
