"""The unit of everything: one resource of a catalogue with all that its description needs, as one graph."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shapes.graph import RecordGraph


class Kind(StrEnum):
    """What a record describes.

    An enrichment is what another service (a Beacon, the EGA) says of a dataset that a node lists.
    """

    DATASET = "dataset"
    SERIES = "series"
    SERVICE = "service"
    CATALOGUE = "catalogue"
    ENRICHMENT = "enrichment"


@dataclass(frozen=True, slots=True)
class Record:
    """One resource and its self-contained graph.

    `subject` is the IRI delivered, or `_:label` where the node named the resource by a blank node only.
    `identifiers` are its dct:identifier values, sorted.
    `body` is canonical N-Triples (RDFC-1.0 labels, sorted lines); `digest` is the SHA-256 of it, in hex.
    `complete` is False when part of its description may be missing: a statement about one of its nodes could not be
    read, or its document broke off or lost statements nobody can place. It never replaces a complete record.
    """

    kind: Kind
    subject: str
    identifiers: tuple[str, ...]
    body: bytes
    digest: str
    complete: bool = True

    def graph(self) -> RecordGraph:
        """Parse the body. Not kept: a record travels light."""
        return RecordGraph.from_ntriples(self.body)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A resource that was found but could not be made a record, and why."""

    kind: Kind
    subject: str
    code: str
    detail: str
