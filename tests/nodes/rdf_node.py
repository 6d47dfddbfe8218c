"""A dump: one Turtle document (RDF 1.1 Turtle, W3C Recommendation 2014)."""

from __future__ import annotations

from typing import ClassVar

from nodes.faulty_node import FaultyNode
from nodes.samples import catalogue


class RdfNode(FaultyNode):
    """Everything at one address."""

    protocol: ClassVar[str] = "rdf"

    def fill(self, names: tuple[str, ...]) -> str:
        return self.serve("/catalog.ttl", catalogue(*names))
