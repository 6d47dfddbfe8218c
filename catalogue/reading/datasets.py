"""Datasets and series: one table of fields, each with its properties and its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from catalogue.dataset import Agent, Concept, Dataset, Service, Texts
from catalogue.folding import fold
from catalogue.reading.agents import agents, attributions, contacts, first_agent
from catalogue.reading.concepts import best_known, concept_of, concepts, distinct_concepts, first_concept
from catalogue.reading.coverage import first_period, periods, places
from catalogue.reading.defaults import without_defaults
from catalogue.reading.distributions import distributions, pages, resources, services
from catalogue.reading.links import links
from catalogue.reading.policies import duo_codes, policies
from catalogue.reading.rows import Row, Table
from catalogue.reading.terms import dpv, health
from catalogue.reading.values import (
    OTHER_IDENTIFIERS,
    OWN_IDENTIFIERS,
    addresses,
    boolean,
    identifiers,
    number,
    statements,
    string,
    texts,
    values,
)
from catalogue.reading.variables import variables
from shapes.codelists import normalise
from shapes.graph import Node, RecordGraph, node_of
from shapes.vocabulary import ADMS, DCAT, DCATAP, DCT, EU, FOAF, GEODCATAP, OWL, PROV


def _but_data_use(*lists: str) -> Callable[[RecordGraph, Node, Iterable[str]], tuple[Concept, ...]]:
    """A reader of concepts that leaves DUO terms to the policies, where some nodes put them instead."""

    def read(graph: RecordGraph, node: Node, properties: Iterable[str]) -> tuple[Concept, ...]:
        terms = (term for term in values(graph, node, properties) if not duo_codes(term))
        return distinct_concepts(concept_of(graph, term, lists) for term in terms)

    return read


def _access_rights(graph: RecordGraph, node: Node, properties: Iterable[str]) -> Concept | None:
    return best_known(_but_data_use("access-right")(graph, node, properties))


TABLE: Final = Table(
    Row("titles", (DCT.title,), texts),
    Row("descriptions", (DCT.description,), texts),
    Row("alternatives", (DCT.alternative,), texts),
    Row("identifiers", OWN_IDENTIFIERS, identifiers),
    Row("other_identifiers", OTHER_IDENTIFIERS, identifiers),
    Row("access_rights", (DCT.accessRights,), _access_rights),
    Row("themes", (DCAT.theme,), concepts("data-theme")),
    Row("types", (DCT.type,), concepts("dataset-type")),
    Row("keywords", (DCAT.keyword,), texts),
    Row("health_categories", health("healthCategory"), concepts("healthcategories")),
    Row("health_themes", health("healthTheme"), concepts("health-theme")),
    Row("coding_systems", health("hasCodingSystem"), concepts("coding-system")),
    Row("code_values", health("hasCodeValues"), identifiers),
    Row("population_coverage", health("populationCoverage"), statements),
    Row("records", health("numberOfRecords"), number),
    Row("individuals", health("numberOfUniqueIndividuals"), number),
    Row("min_age", health("minTypicalAge"), number),
    Row("max_age", health("maxTypicalAge"), number),
    Row("legal_bases", dpv("hasLegalBasis"), concepts("legal-basis")),
    Row("purposes", dpv("hasPurpose"), concepts("purpose")),
    Row("personal_data", dpv("hasPersonalData"), concepts("personal-data")),
    Row("legislation", (DCATAP.applicableLegislation,), addresses),
    Row("provenance", (DCT.provenance,), statements),
    Row("creators", (DCT.creator,), agents),
    Row("custodian", (GEODCATAP.custodian,), first_agent),
    Row("hdab", health("hdab"), first_agent),
    Row("hdab_coordinator", health("hdabCoordinator"), first_agent),
    Row("contacts", (DCAT.contactPoint,), contacts),
    Row("attributions", (PROV.qualifiedAttribution,), attributions),
    Row("places", (DCT.spatial,), places),
    Row("periods", (DCT.temporal,), periods),
    Row("retention", health("retentionPeriod"), first_period),
    Row("issued", (DCT.issued,), string),
    Row("modified", (DCT.modified,), string),
    Row("frequency", (DCT.accrualPeriodicity,), first_concept("frequency")),
    Row("languages", (DCT.language,), concepts("language")),
    Row("conforms_to", (DCT.conformsTo,), _but_data_use("standard", "gdi-governance")),
    Row("version", (DCAT.version, OWL.versionInfo, "http://purl.org/pav/version", DCT.hasVersion), string),
    Row("version_notes", (ADMS.versionNotes,), texts),
    Row("status", (ADMS.status,), first_concept("dataset-status")),
    Row("landing_pages", (DCAT.landingPage,), pages),
    Row("pages", (FOAF.page, FOAF.Page), pages),
    Row("distributions", (DCAT.distribution,), distributions),
    Row("samples", (ADMS.sample,), distributions),
    Row("analytics", health("analytics"), distributions),
    Row("has_structured_data", health("hasStructuredData"), boolean),
    Row("licence", (DCT.license, DCAT.license), first_concept("licence")),
    Row("rights", (DCT.rights,), statements),
)

_PUBLISHER_NOTE: Final = health("publisherNote")
_PUBLISHER_TYPE: Final = health("publisherType")
_publisher_types: Final = concepts("publisher-type")
_DISTRIBUTIONS: Final = (DCAT.distribution, ADMS.sample, *health("analytics"))
_SYNTHETIC: Final = EU.base + "dataset-type/SYNTHETIC_DATA"
# "Synthetic data" as a keyword, in the languages labels of ours are written in, folded.
_SYNTHETIC_KEYWORDS: Final = frozenset(
    {
        "synthetic",
        "synthetic data",
        "synthetic dataset",
        "donnees synthetiques",
        "synthetische daten",
        "datos sinteticos",
        "dati sintetici",
        "synthetische data",
        "synthetische gegevens",
    }
)


def read_dataset(id: str, subject: str, graph: RecordGraph) -> Dataset:  # noqa: A002 - the name of the field
    """Read a dataset or series. `id` is its permanent identifier, `subject` as in `Record.subject`.

    Never raises for what a graph says: an unreadable value is left out. `titles` is empty where the node gave none.
    """
    node = node_of(subject)
    graph, defaults = without_defaults(graph)
    read = TABLE.read(graph, node)
    parts = resources(graph, node, _DISTRIBUTIONS)
    return Dataset(
        id=id,
        iri=subject,
        publisher=_publisher(graph, node),
        policies=policies(graph, (node, *parts)),
        services=_services(graph, node, parts),
        variables=variables(graph, (node, *parts)),
        links=links(graph, node),
        software_defaults=defaults,
        synthetic=_is_synthetic(read["types"], read["keywords"]),
        **read,
    )


def _is_synthetic(types: Iterable[Concept], keywords: Texts) -> bool:
    """Whether the node says the data are synthetic: dct:type SYNTHETIC_DATA, or a keyword that says just that.

    A title or description that mentions the word does not count: a real dataset may come with a synthetic sample.
    """
    typed = any(normalise(each.iri) == normalise(_SYNTHETIC) for each in types)
    return typed or any(fold(keyword.value) in _SYNTHETIC_KEYWORDS for keyword in keywords)


def _publisher(graph: RecordGraph, node: Node) -> Agent | None:
    """The publisher; with the note and type that releases before R8 stated of the dataset."""
    publisher = first_agent(graph, node, (DCT.publisher,))
    if publisher is None:
        return None
    notes = () if publisher.notes else statements(graph, node, _PUBLISHER_NOTE)
    types = () if publisher.types else _publisher_types(graph, node, _PUBLISHER_TYPE)
    if not (notes or types):
        return publisher
    return replace(publisher, notes=publisher.notes or notes, types=publisher.types or types)


def _services(graph: RecordGraph, node: Node, parts: Iterable[Node]) -> tuple[Service, ...]:
    """The services of the dataset and of its distributions, each once."""
    found = (service for each in (node, *parts) for service in services(graph, each))
    return tuple(dict.fromkeys(found))
