"""Read models: what a page, an answer or an index document needs of a record. The graph stays the truth.

All are frozen; a field that the node did not state is None or empty. IRIs are as delivered; `Concept.iri` is the
normalised one (one IRI per concept, whatever host or scheme the node wrote), `Concept.delivered` what it wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from catalogue.text import Text

Texts: TypeAlias = tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """A value from a code list, ours or the node's. `known` says whether our copy of the list has it.

    A value the node wrote without an IRI has `_:` and a key made of its label in place of one.
    """

    iri: str
    labels: Texts
    code: str | None = None
    delivered: str | None = None
    known: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact point (vcard:Kind or cv:ContactPoint). `email` is an address without `mailto:`."""

    names: Texts = ()
    email: str | None = None
    page: str | None = None
    telephone: str | None = None


@dataclass(frozen=True, slots=True)
class Agent:
    """A body: publisher, data holder, access body, committee. `key` is its IRI, else a stable key made of its name."""

    key: str
    iri: str | None
    names: Texts
    types: tuple[Concept, ...] = ()
    identifiers: tuple[str, ...] = ()
    homepage: str | None = None
    contacts: tuple[Contact, ...] = ()
    notes: Texts = ()


@dataclass(frozen=True, slots=True)
class Attribution:
    """prov:qualifiedAttribution: an agent in a role (an IRI, or None where the node gave none).

    `role_labels` is what the record itself calls the role.
    """

    agent: Agent
    role: str | None
    role_labels: Texts = ()


@dataclass(frozen=True, slots=True)
class Restriction:
    """What a DUO term is restricted to.

    `key` is one token per concept: a disease (`MONDO:0018940`), a country or region (`BE`, `EUROPE`), a number of
    months, an ISO date, or the text as written. `includes` are the keys of narrower concepts, as the record says.
    """

    key: str
    labels: Texts = ()
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataUse:
    """One DUO term of a policy. `code` is `DUO:0000042`; `modifier` is False for the main permission."""

    code: str
    iri: str
    label: str
    modifier: bool
    known: bool = True
    stated_label: str | None = None
    restrictions: tuple[Restriction, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """odrl:hasPolicy, of the dataset or of one of its distributions.

    A policy with neither IRI nor assigner holds the data uses the node stated outside of any policy.
    `other_assigners`: the further ones, where a policy or its rules name several.
    """

    iri: str | None
    assigner: Agent | None
    data_uses: tuple[DataUse, ...] = ()
    texts: Texts = ()
    other_assigners: tuple[Agent, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """dct:PeriodOfTime; lexical forms as delivered."""

    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """dct:spatial: a concept of a list, or a place the node described itself."""

    concept: Concept | None
    names: Texts = ()
    bbox: str | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A dcat:DataService that gives access (a Beacon, an application system)."""

    iri: str | None
    titles: Texts
    endpoints: tuple[str, ...] = ()
    types: tuple[Concept, ...] = ()
    conforms_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Distribution:
    """One way to get at the data."""

    iri: str | None
    titles: Texts
    descriptions: Texts = ()
    access_urls: tuple[str, ...] = ()
    download_urls: tuple[str, ...] = ()
    format: Concept | None = None
    media_type: str | None = None
    licence: Concept | None = None
    rights: Texts = ()
    byte_size: int | None = None
    services: tuple[Service, ...] = ()
    status: Concept | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """A csvw:Column of the dataset's data dictionary."""

    name: str
    titles: Texts
    descriptions: Texts
    datatype: str | None
    table: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A relation to another resource; `role` is the property (prefixed name) that states it."""

    role: str
    iri: str
    titles: Texts = ()


@dataclass(frozen=True, slots=True)
class SoftwareDefault:
    """A statement that the node's software added, not its holder: about what (an IRI), the property, the value."""

    of: str
    role: str
    value: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """Everything a dataset's page shows that its node stated. DataSeries are read with the same model."""

    id: str
    iri: str
    titles: Texts
    descriptions: Texts
    identifiers: tuple[str, ...] = ()
    other_identifiers: tuple[str, ...] = ()
    access_rights: Concept | None = None
    themes: tuple[Concept, ...] = ()
    types: tuple[Concept, ...] = ()
    keywords: Texts = ()
    health_categories: tuple[Concept, ...] = ()
    health_themes: tuple[Concept, ...] = ()
    coding_systems: tuple[Concept, ...] = ()
    code_values: tuple[str, ...] = ()
    population_coverage: Texts = ()
    records: int | None = None
    individuals: int | None = None
    min_age: int | None = None
    max_age: int | None = None
    legal_bases: tuple[Concept, ...] = ()
    purposes: tuple[Concept, ...] = ()
    personal_data: tuple[Concept, ...] = ()
    legislation: tuple[str, ...] = ()
    provenance: Texts = ()
    publisher: Agent | None = None
    creators: tuple[Agent, ...] = ()
    custodian: Agent | None = None
    hdab: Agent | None = None
    hdab_coordinator: Agent | None = None
    contacts: tuple[Contact, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    policies: tuple[Policy, ...] = ()
    places: tuple[Place, ...] = ()
    periods: tuple[Period, ...] = ()
    retention: Period | None = None
    issued: str | None = None
    modified: str | None = None
    frequency: Concept | None = None
    languages: tuple[Concept, ...] = ()
    conforms_to: tuple[Concept, ...] = ()
    version: str | None = None
    version_notes: Texts = ()
    status: Concept | None = None
    landing_pages: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    samples: tuple[Distribution, ...] = ()
    analytics: tuple[Distribution, ...] = ()
    services: tuple[Service, ...] = ()
    variables: tuple[Variable, ...] = ()
    links: tuple[Link, ...] = ()
    synthetic: bool = False
    has_structured_data: bool | None = None
    alternatives: Texts = ()
    licence: Concept | None = None
    rights: Texts = ()
    software_defaults: tuple[SoftwareDefault, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueDescription:
    """What a record of a catalogue says of it."""

    id: str
    iri: str
    titles: Texts
    descriptions: Texts = ()
    publisher: Agent | None = None
    homepage: str | None = None
    licence: Concept | None = None
    languages: tuple[Concept, ...] = ()
    places: tuple[Place, ...] = ()
    contacts: tuple[Contact, ...] = ()
    issued: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceDescription:
    """What a record of a data service says of it. `serves` are the IRIs of the datasets it gives access to."""

    id: str
    iri: str
    titles: Texts
    descriptions: Texts = ()
    publisher: Agent | None = None
    endpoints: tuple[str, ...] = ()
    endpoint_descriptions: tuple[str, ...] = ()
    types: tuple[Concept, ...] = ()
    conforms_to: tuple[Concept, ...] = ()
    access_rights: Concept | None = None
    licence: Concept | None = None
    contacts: tuple[Contact, ...] = ()
    landing_pages: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
