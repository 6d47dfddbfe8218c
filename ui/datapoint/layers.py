"""The kinds of records a FAIR Data Point has below its root, and the address of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from catalogue.journal.state import State
from shapes.record import Kind
from shapes.vocabulary import DCAT, DCT, FDP

ROOT: Final = "/fdp"


@dataclass(frozen=True, slots=True)
class Layer:
    """Records of one kind: `prefix` is the part of their addresses, `relation` leads to them from their parent."""

    prefix: str
    title: str
    relation: str


CATALOGUES: Final = Layer("catalog", "Catalogues", FDP.metadataCatalog)
DISTRIBUTIONS: Final = Layer("distribution", "Distributions", DCAT.distribution)

# What a catalogue lists. A series is no dcat:dataset of it: its readers take those for descriptions of data.
MEMBERS: Final = {
    Kind.DATASET: Layer("dataset", "Datasets", DCAT.dataset),
    Kind.SERIES: Layer("series", "Dataset series", DCT.hasPart),
    Kind.SERVICE: Layer("service", "Data services", DCAT.service),
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """The IRIs of the records under one base address (without a trailing slash)."""

    base: str

    @property
    def root(self) -> str:
        """The FAIR Data Point itself."""
        return f"{self.base}{ROOT}"

    @property
    def shapes(self) -> str:
        """The SHACL that the root and its catalogues conform to."""
        return f"{self.root}/spec"

    def catalogue(self, source: str) -> str:
        """The catalogue of one node."""
        return f"{self.root}/{CATALOGUES.prefix}/{source}"

    def member(self, state: State) -> str:
        """A dataset, series or service."""
        return f"{self.root}/{MEMBERS[state.kind].prefix}/{state.id}"

    def distribution(self, record: str, key: str) -> str:
        """A distribution of a record; `key` tells it from the others of that record."""
        return f"{self.root}/{DISTRIBUTIONS.prefix}/{record}-{key}"

    def container(self, holder: str, layer: Layer) -> str:
        """The container of one kind of child of one record: two records sharing one would share their children."""
        return f"{holder}/{layer.prefix}/"
