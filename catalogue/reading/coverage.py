"""Where and when: places and periods."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from catalogue.countries import country_iri
from catalogue.dataset import Period, Place
from catalogue.reading.concepts import concept_of
from catalogue.reading.terms import schema
from catalogue.reading.values import first_texts, nodes, string, text, values
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import DCAT, DCT, LOCN, RDFS, SKOS, TIME

_PLACE_NAMES: Final = (
    SKOS.prefLabel,
    RDFS.label,
    LOCN.geographicName,
    "http://www.geonames.org/ontology#name",
    DCT.title,
    *schema("name"),
)
_BOXES: Final = (DCAT.bbox, LOCN.geometry, DCAT.centroid)
_STARTS: Final = (DCAT.startDate, *schema("startDate"))
_ENDS: Final = (DCAT.endDate, *schema("endDate"))
_INSTANTS: Final = (
    TIME.inXSDDate,
    TIME.inXSDDateTimeStamp,
    TIME.inXSDDateTime,
    TIME.inXSDgYearMonth,
    TIME.inXSDgYear,
)
_INTERVAL: Final = re.compile(r"^\s*(\d{4}[\d:TZ.+-]*)?\s*/\s*(\d{4}[\d:TZ.+-]*)?\s*$", re.ASCII)


def place_of(graph: RecordGraph, term: Term) -> Place | None:
    """Read a place: a concept of a list, one the node described, or just a name. None when it says nothing."""
    if isinstance(term, ox.Literal):
        if not term.value.strip():
            return None
        iri = country_iri(term.value)
        known = concept_of(graph, ox.NamedNode(iri)) if iri else concept_of(graph, term, ("country", "continent"))
        return Place(known if known and known.known else None, (text(term),))
    names = first_texts(graph, term, _PLACE_NAMES)
    bbox = string(graph, term, _BOXES)
    concept = concept_of(graph, term) if isinstance(term, ox.NamedNode) else None
    return Place(concept, names, bbox) if concept or names or bbox else None


def places(graph: RecordGraph, node: Node, properties: Iterable[str]) -> tuple[Place, ...]:
    """The places of a resource."""
    read = (place_of(graph, term) for term in values(graph, node, properties))
    return tuple(dict.fromkeys(each for each in read if each is not None))


def period_of(graph: RecordGraph, term: Term) -> Period | None:
    """Read a period: dct:PeriodOfTime with DCAT, schema.org or OWL-Time ends, or a text `2010/2020` (ISO 8601)."""
    if isinstance(term, ox.Literal):
        match = _INTERVAL.match(term.value)
        start, end = match.groups() if match else (None, None)
    else:
        start = string(graph, term, _STARTS) or _instant(graph, term, TIME.hasBeginning)
        end = string(graph, term, _ENDS) or _instant(graph, term, TIME.hasEnd)
    return Period(start, end) if start or end else None


def _instant(graph: RecordGraph, node: Node, name: str) -> str | None:
    return next((said for each in nodes(graph, node, (name,)) if (said := string(graph, each, _INSTANTS))), None)


def periods(graph: RecordGraph, node: Node, properties: Iterable[str]) -> tuple[Period, ...]:
    """The periods of a resource."""
    read = (period_of(graph, term) for term in values(graph, node, properties))
    return tuple(dict.fromkeys(each for each in read if each is not None))


def first_period(graph: RecordGraph, node: Node, properties: Iterable[str]) -> Period | None:
    """The first of the periods."""
    return next(iter(periods(graph, node, properties)), None)
