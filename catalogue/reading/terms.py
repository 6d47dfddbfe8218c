"""The properties read, with every spelling met in the field: old releases, other hosts, lower case."""

from __future__ import annotations

from typing import Final

from shapes.vocabulary import DCT, DPV, FOAF, HEALTH, RDFS, SCHEMA, SKOS, VCARD

# HealthDCAT-AP has had several homes; drafts wrote some terms in lower case.
_HEALTH_BASES: Final = (HEALTH.base, "http://data.europa.eu/r5r/healthdcatap#", "https://healthdcat-ap.github.io/")
_DPV_BASES: Final = (
    DPV.base,
    "http://www.w3.org/ns/dpv#",
    "http://w3id.org/dpv#",
    "https://w3c.github.io/dpv/2.1/dpv/",
)
_SCHEMA_BASES: Final = (SCHEMA.base, "http://schema.org/")


def health(name: str) -> tuple[str, ...]:
    """A HealthDCAT-AP property: current, of older homes, and in lower case as drafts wrote it."""
    return tuple(dict.fromkeys(base + each for base in _HEALTH_BASES for each in (name, name.lower())))


def dpv(name: str) -> tuple[str, ...]:
    """A property of the Data Privacy Vocabulary, under each of its hosts."""
    return tuple(base + name for base in _DPV_BASES)


def schema(*names: str) -> tuple[str, ...]:
    """Properties of schema.org, with https and http."""
    return tuple(base + name for name in names for base in _SCHEMA_BASES)


# What something is called, best first. dct:description is the last resort: HealthDCAT-AP's own example describes
# purposes and legal bases by it alone.
NAMES: Final = (
    FOAF.name,
    VCARD.fn,
    SKOS.prefLabel,
    RDFS.label,
    DCT.title,
    FOAF.title,
    *schema("name", "legalName"),
    VCARD["organization-name"],
    VCARD.organisationName,
    VCARD["given-name"],
)
LABELS: Final = (SKOS.prefLabel, RDFS.label, DCT.title, FOAF.name, *schema("name"))
STATEMENTS: Final = (RDFS.label, DCT.description, DCT.title, SKOS.prefLabel, RDFS.comment, *schema("text"))
