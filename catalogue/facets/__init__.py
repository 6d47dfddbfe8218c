"""Facets, full-text fields and sort orders, as tables of data. Every search engine is built from exactly these."""

from __future__ import annotations

from catalogue.dataset import Texts
from catalogue.facets.fields import FIELDS, SORTS, Field, Sort
from catalogue.facets.model import LABEL_LANGUAGES, Facet, FacetKind, FacetTerm, Span
from catalogue.facets.ranges import parse_range
from catalogue.facets.table import BODY, CONDITIONS, FACETS, INDEXED
from catalogue.facets.terms import YES_NO
from catalogue.labels import coded, labels_of, listed_labels, readable
from catalogue.text import Text
from shapes.errors import BadQuery

__all__ = [
    "BODY",
    "CONDITIONS",
    "FACETS",
    "FIELDS",
    "INDEXED",
    "LABEL_LANGUAGES",
    "SORTS",
    "Facet",
    "FacetKind",
    "FacetTerm",
    "Field",
    "Sort",
    "Span",
    "canonical_value",
    "facet_named",
    "parse_range",
    "sort_named",
    "value_labels",
]

_FACETS = {facet.name: facet for facet in INDEXED}
_SORTS = {sort.name: sort for sort in SORTS}


def facet_named(name: str) -> Facet:
    """Return a facet. Raises `BadQuery` naming the known ones."""
    try:
        return _FACETS[name]
    except KeyError:
        raise BadQuery(
            f"There is no facet {name!r}. The facets are: {', '.join(sorted(f.name for f in FACETS))}."
        ) from None


def sort_named(name: str) -> Sort:
    """Return a sort order. Raises `BadQuery` naming the known ones."""
    try:
        return _SORTS[name]
    except KeyError:
        raise BadQuery(f"There is no order {name!r}. The orders are: {', '.join(_SORTS)}.") from None


def canonical_value(facet: Facet, text: str) -> str:
    """Turn what a user wrote (a code in any case, an IRI in any spelling, a name) into the token the index holds.

    For a number or date facet the text must be a range; raises `BadQuery` where it is not.
    """
    if facet.ranged:
        parse_range(facet, text)
        return text.strip()
    return facet.canonical(text)


def value_labels(facet: Facet, value: str) -> Texts:
    """What to call a value no entry of the answer carries: a parent in a tree, or one a user chose that has no hit."""
    if facet.kind is FacetKind.FLAG:
        return YES_NO[value == "true"].labels
    listed = coded(facet.lists, value)
    return (listed_labels(listed) if listed else labels_of(value)) or (Text(readable(value)),)
