"""Diseases and regions as keys: one key per concept, however a node or a reader wrote it."""

from __future__ import annotations

import re
from typing import Final

from catalogue.countries import ALPHA2, alpha2, country_iri
from catalogue.labels import ancestors
from shapes.codelists import concept, normalise
from shapes.vocabulary import EU

# Registered prefix -> the beginnings of IRIs that mean it, and other spellings of the prefix.
_DISEASES: Final = {
    "MONDO": ("http://purl.obolibrary.org/obo/MONDO_", "MONDO_"),
    "ORPHA": ("http://www.orpha.net/ORDO/Orphanet_", "Orphanet_", "Orphanet:", "ORPHANET:", "ORDO:", "ORPHA_"),
    "DOID": ("http://purl.obolibrary.org/obo/DOID_", "DOID_"),
    "HP": ("http://purl.obolibrary.org/obo/HP_", "HP_"),
    "NCIT": ("http://purl.obolibrary.org/obo/NCIT_", "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl#", "NCIT_"),
    "MESH": ("http://id.nlm.nih.gov/mesh/", "http://purl.bioontology.org/ontology/MESH/", "MeSH:"),
    "OMIM": ("https://omim.org/entry/", "http://omim.org/entry/", "http://purl.bioontology.org/ontology/OMIM/", "MIM:"),
    "SCTID": ("http://snomed.info/id/", "SNOMEDCT:", "SCT:"),
    "ICD10": ("http://purl.bioontology.org/ontology/ICD10/", "ICD-10:", "ICD10CM:"),
    "ICD11": ("http://id.who.int/icd/entity/", "ICD-11:"),
    "WIKIDATA": ("http://www.wikidata.org/entity/", "https://www.wikidata.org/wiki/", "WD:"),
}
_ALPHA2: Final = re.compile(r"^[A-Z]{2}$", re.ASCII)
_LOCAL: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$", re.ASCII)
_SPELLINGS: Final = tuple(
    (spelling.lower(), prefix)
    for prefix, spellings in _DISEASES.items()
    for spelling in (*spellings, *(s.replace("http:", "https:") for s in spellings), f"{prefix}:")
)
_CONTINENT: Final = f"{EU.base}continent/"
_UNION_IRI: Final = f"{EU.base}country/EUR"
# Unions of states that conditions name. The European Economic Area has three members more than the Union.
_UNION: Final = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
_UNIONS: Final = {"EU": _UNION, "EEA": _UNION | {"IS", "LI", "NO"}}
_UNION_NAMES: Final = {
    "eu": "EU",
    "european union": "EU",
    "eea": "EEA",
    "eu/eea": "EEA",
    "european economic area": "EEA",
}
_COUNTRY: Final = f"{EU.base}country/"


def disease_key(text: str) -> str | None:
    """Return the key of a disease (`MONDO:0018940`) for a CURIE or IRI in any spelling; None for anything else."""
    text = text.strip()
    folded = text.lower()
    for spelling, prefix in _SPELLINGS:
        local = text[len(spelling) :]
        if folded.startswith(spelling) and _LOCAL.match(local):
            return f"{prefix}:{local.upper()}"
    return None


def disease_iri(key: str) -> str:
    """Return the IRI of a disease's key; a key that is an IRI stays."""
    prefix, _, local = key.partition(":")
    bases = _DISEASES.get(prefix)
    return f"{bases[0]}{local}" if bases else key


def region_key(text: str) -> str:
    """Return the key of a region: a country (`BE`), continent (`EUROPE`) or union (`EU`, `EEA`); other text stays."""
    text = text.strip()
    if text.lower() in _UNION_NAMES:
        return _UNION_NAMES[text.lower()]
    listed = normalise(text)
    if listed == _UNION_IRI:
        return "EU"
    if listed.startswith(_COUNTRY):
        return alpha2(listed.removeprefix(_COUNTRY))
    if listed.startswith(_CONTINENT):
        return listed.removeprefix(_CONTINENT)
    code = text.upper()
    return alpha2(code) if code in ALPHA2 or _ALPHA2.match(code) else text


def is_country(key: str) -> bool:
    """Whether a key of a region is a country: a code of two letters that is no union's."""
    return bool(_ALPHA2.match(key)) and key not in _UNIONS


def lies_in(country: str, region: str) -> bool | None:
    """Whether a country (two letters) lies in a region; None where that is not known here."""
    if country == region:
        return True
    if region in _UNIONS:
        return country in _UNIONS[region]
    if is_country(region):
        return False
    iri = country_iri(country)
    if iri is None or concept(_CONTINENT + region) is None:
        return None
    return _CONTINENT + region in ancestors(iri)
