"""The Data Use Ontology in plain words: what a term lets you do or asks of you, from our own code list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shapes.codelists import codelist

# The heads of the two branches; nobody states them of a dataset (GA4GH DUO, release of 2021-02-23).
_ABSTRACT: Final = frozenset({"DUO:0000001", "DUO:0000017"})


def plain(code: str) -> str | None:
    """Return a term in plain words; None for one our list does not have."""
    return next((concept.note for concept in codelist("duo").concepts if concept.code == code and concept.note), None)


def permissions() -> Mapping[str, str]:
    """Return the main permissions by code, in plain words."""
    return _by_kind("permission")


def conditions() -> Mapping[str, str]:
    """Return the conditions that modify a permission by code, in plain words."""
    return _by_kind("modifier")


def _by_kind(kind: str) -> dict[str, str]:
    concepts = codelist("duo").concepts
    return {c.code: c.note for c in concepts if c.kind == kind and c.note and c.code not in _ABSTRACT}
