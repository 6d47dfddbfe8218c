"""Statements about one resource. A value that cannot be written as RDF is left out: its text is in the node's graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from catalogue.dataset import Texts
from shapes.vocabulary import RDF, XSD


@dataclass(frozen=True, slots=True)
class About:
    """Makes triples whose subject is one resource."""

    node: ox.NamedNode

    @classmethod
    def iri_of(cls, iri: str) -> About:
        """About the resource of an IRI. Raises `ValueError` for what is none."""
        return cls(ox.NamedNode(iri))

    def type(self, *classes: str) -> Iterator[ox.Triple]:
        """Its classes."""
        yield from (ox.Triple(self.node, ox.NamedNode(RDF.type), ox.NamedNode(each)) for each in classes)

    def iri(self, predicate: str, *values: str | None) -> Iterator[ox.Triple]:
        """Links; what is no IRI is left out."""
        for value in values:
            try:
                target = ox.NamedNode(value) if value else None
            except ValueError:
                continue
            if target is not None:
                yield ox.Triple(self.node, ox.NamedNode(predicate), target)

    def text(self, predicate: str, value: str | None, datatype: str = XSD.string) -> Iterator[ox.Triple]:
        """A literal; an empty one is left out."""
        if value:
            yield ox.Triple(self.node, ox.NamedNode(predicate), ox.Literal(value, datatype=ox.NamedNode(datatype)))

    def said(self, predicate: str, value: str) -> Iterator[ox.Triple]:
        """A sentence of ours, in English."""
        yield ox.Triple(self.node, ox.NamedNode(predicate), ox.Literal(value, language="en"))

    def texts(self, predicate: str, values: Texts) -> Iterator[ox.Triple]:
        """Texts with their language tags; one whose tag is none loses the tag."""
        for each in values:
            try:
                literal = ox.Literal(each.value, language=each.language) if each.language else ox.Literal(each.value)
            except ValueError:
                literal = ox.Literal(each.value)
            yield ox.Triple(self.node, ox.NamedNode(predicate), literal)

    def nodes(self, predicate: str, values: Iterable[ox.NamedNode]) -> Iterator[ox.Triple]:
        """Links to resources of ours."""
        yield from (ox.Triple(self.node, ox.NamedNode(predicate), value) for value in values)
