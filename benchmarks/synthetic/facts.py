"""What is true of one made-up dataset: the single origin of its RDF and of its entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from catalogue.dataset import Texts
from catalogue.text import Text
from synthetic.bodies import Body, Node


class Decided(StrEnum):
    """How a dataset says who decides on access."""

    ATTRIBUTION = "attribution"
    POLICY = "policy"
    CONTACT = "contact"
    ACCESS_BODY = "hdab"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a dataset is about and made of: IRIs of concepts, and codes as text."""

    themes: tuple[str, ...]
    categories: tuple[str, ...]
    health_themes: tuple[str, ...]
    types: tuple[str, ...]
    coding_systems: tuple[str, ...]
    codes: tuple[str, ...]
    standards: tuple[str, ...]
    languages: tuple[str, ...]
    places: tuple[str, ...]
    personal_data: tuple[str, ...]
    legal_bases: tuple[str, ...]
    purposes: tuple[str, ...]
    series: str | None


@dataclass(frozen=True, slots=True)
class Access:
    """How the data can be had: the access right and the licence as IRIs, DUO codes, who decides and where it stands.

    `files` are IRIs of file types, one distribution each; without any there is one that leads to a form.
    """

    right: str
    decided: Decided
    committee: Body
    data_uses: tuple[str, ...]
    files: tuple[str, ...]
    licence: str | None
    beacon: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """How much, of whom and when. A day is a date; None where the node says nothing of it."""

    individuals: int | None
    records: int | None
    ages: tuple[int, int] | None
    period: tuple[date, date] | None
    issued: date
    modified: date | None


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of the data dictionary."""

    name: str
    title: Text
    description: Text
    datatype: str


@dataclass(frozen=True, slots=True)
class Facts:
    """One dataset. `lawful` is False where the description breaks a rule: it does not name the law it falls under."""

    number: int
    node: Node
    identifier: str
    accession: str | None
    titles: Texts
    descriptions: Texts
    keywords: Texts
    population: Text | None
    provenance: Text
    publisher: Body
    holder: Body
    subject: Subject
    access: Access
    extent: Extent
    variables: tuple[Variable, ...]
    lawful: bool

    @property
    def iri(self) -> str:
        """The IRI of the dataset."""
        return self.at("dataset")

    @property
    def contact(self) -> Text:
        """Whom to ask: an office, or the committee itself."""
        if self.access.decided is Decided.CONTACT:
            return Text(self.access.committee.name, self.access.committee.language)
        return Text(f"Data desk, {self.publisher.name}", self.publisher.language)

    @property
    def mailbox(self) -> str:
        """The address of the contact."""
        return f"desk{self.publisher.iri.rpartition('/')[2]}@{self.node.base.rpartition('/')[2]}"

    @property
    def beacon_title(self) -> Text:
        """What its Beacon is called."""
        return Text(f"Beacon {self.identifier}", "en")

    def part(self, kind: str, number: int) -> str:
        """An IRI of the node for one of several things of this dataset."""
        return f"{self.node.base}/{kind}/{self.number}-{number:02d}"

    def file_title(self, file: str | None) -> Text:
        """What a distribution is called, by the IRI of its file type."""
        return Text(f"{file.rpartition('/')[2]} file" if file else "Access on request", "en")

    def at(self, kind: str) -> str:
        """An IRI of the node for something of this dataset."""
        return f"{self.node.base}/{kind}/{self.number}"
