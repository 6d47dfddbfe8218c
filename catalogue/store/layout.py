"""Where things stand in the store: the IRIs of its graphs and of our own resources. All begin with the base address."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from shapes.record import Kind


@dataclass(frozen=True, slots=True)
class Layout:
    """The IRIs under one base address (without a trailing slash)."""

    base: str

    def delivered(self, record: str) -> ox.NamedNode:
        """The graph that holds what the node said of one record."""
        return ox.NamedNode(f"{self.base}/graph/delivered/{record}")

    def derived(self, record: str) -> ox.NamedNode:
        """The graph that holds what we derived of one record: catalogue record, verdict, access links."""
        return ox.NamedNode(f"{self.base}/graph/derived/{record}")

    @property
    def registry(self) -> ox.NamedNode:
        """The graph of nodes, sources and runs."""
        return ox.NamedNode(f"{self.base}/graph/registry")

    @property
    def access(self) -> ox.NamedNode:
        """The graph of committees."""
        return ox.NamedNode(f"{self.base}/graph/access")

    @property
    def history(self) -> ox.NamedNode:
        """The graph of withdrawn records. It is not part of the union."""
        return ox.NamedNode(f"{self.base}/graph/history")

    @property
    def labels(self) -> ox.NamedNode:
        """The graph of code-list labels."""
        return ox.NamedNode(f"{self.base}/graph/labels")

    def page(self, kind: Kind, record: str) -> str:
        """The permanent IRI, and page, of a record."""
        return f"{self.base}/{'dataset' if kind in {Kind.DATASET, Kind.SERIES} else 'record'}/{record}"

    def catalogue_record(self, record: str) -> ox.NamedNode:
        """The dcat:CatalogRecord of a record."""
        return ox.NamedNode(f"{self.base}/record/{record}#record")

    def committee(self, committee: str) -> str:
        """The IRI, and page, of a committee."""
        return f"{self.base}/dac/{committee}"

    def node(self, source: str) -> str:
        """The IRI, and page, of a node."""
        return f"{self.base}/node/{source}"

    def run(self, source: str, run: int) -> str:
        """The IRI of a run."""
        return f"{self.base}/node/{source}#run-{run}"

    def skolem(self, record: str, label: str) -> ox.NamedNode:
        """The IRI that stands for a blank node of a record (RDF 1.1 Concepts, section 3.5)."""
        return ox.NamedNode(f"{self.base}/.well-known/genid/{record}-{label}")
