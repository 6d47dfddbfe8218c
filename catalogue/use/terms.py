"""The terms of the Data Use Ontology (DUO, release of 2021-02-23) by their shorthands, and older terms in today's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from shapes.codelists import ListedConcept, codelist
from shapes.vocabulary import OBO

# The main permissions, widest first. Every other term modifies one.
PERMISSIONS: Final = ("NRES", "GRU", "HMB", "DS", "POA")

# Terms DUO made obsolete, in today's: GRU-CC was split in two, "research use only" qualified it (duo.owl, IAO:0100001).
SUPERSEDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"DUO:0000005": ("GRU", "CC"), "DUO:0000014": ("GRU",)}
)
# Kinds of research: what DUO:0000012 (research specific restrictions) may be restricted to. They are no conditions.
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "DUO:0000031": "method development",
        "DUO:0000032": "population research",
        "DUO:0000033": "ancestry research",
        "DUO:0000034": "age category research",
        "DUO:0000035": "gender category research",
        "DUO:0000036": "research control",
        "DUO:0000037": "biomedical research",
        "DUO:0000038": "genetic research",
        "DUO:0000039": "drug development research",
        "DUO:0000040": "disease category research",
    }
)
# The heads of the two branches say that there is a permission, or a modifier, but not which.
HEADS: Final = frozenset({"DUO:0000001", "DUO:0000017"})


@cache
def _listed() -> Mapping[str, ListedConcept]:
    """The terms of our list, by code and by shorthand."""
    concepts = codelist("duo").concepts
    return {each.code: each for each in concepts} | {each.short: each for each in concepts if each.short}


def shorthands(code: str) -> tuple[str, ...]:
    """Return a code (`DUO:0000045`) as shorthands of today (`NPU`); one DUO does not have stays as it is."""
    if code in SUPERSEDED:
        return SUPERSEDED[code]
    listed = _listed().get(code)
    return (listed.short,) if listed and listed.short else (code,)


def code_of(shorthand: str) -> str:
    """Return the code of a shorthand; a code stays as it is."""
    listed = _listed().get(shorthand)
    return listed.code if listed else shorthand


def iri_of(shorthand: str) -> str:
    """Return the IRI of a shorthand or code."""
    return OBO.base + code_of(shorthand).replace(":", "_")


def words_of(shorthand: str) -> str:
    """Return a term in plain words; a term our list does not have by its code."""
    listed = _listed().get(shorthand)
    return (listed.note or listed.labels.get("en", shorthand)) if listed else shorthand


def label_of(shorthand: str) -> str:
    """Return DUO's own name of a term."""
    listed = _listed().get(shorthand)
    return listed.labels.get("en", shorthand) if listed else shorthand
