"""Ways to the data: distributions and the services that give access."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from catalogue.dataset import Distribution, Service
from catalogue.reading.concepts import concepts, first_concept
from catalogue.reading.rows import Row, Table
from catalogue.reading.values import (
    address,
    addresses,
    first_texts,
    identifiers,
    is_web_address,
    media_type,
    nodes,
    number,
    statements,
    texts,
    values,
)
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import ADMS, DCAT, DCT, FOAF, RDFS

_TITLES: Final = (DCT.title, RDFS.label)
# `endPointURL` is how the GDI mini-node has spelt it.
ENDPOINTS: Final = (DCAT.endpointURL, DCAT.endPointURL)
_SERVICES: Final = (DCAT.accessService,)
_SERVES: Final = DCAT.servesDataset


def service_of(graph: RecordGraph, term: Term) -> Service | None:
    """Read a data service. A literal that is an address is its endpoint. None when it says nothing."""
    if isinstance(term, ox.Literal):
        web = is_web_address(term.value)
        return Service(None, (), (term.value.strip(),)) if web else None
    titles = first_texts(graph, term, _TITLES)
    endpoints = addresses(graph, term, ENDPOINTS)
    iri = term.value if isinstance(term, ox.NamedNode) else None
    if not (titles or endpoints or iri):
        return None
    types = concepts()(graph, term, (DCT.type,))
    return Service(iri, titles, endpoints, types, identifiers(graph, term, (DCT.conformsTo,)))


def services(graph: RecordGraph, node: Node) -> tuple[Service, ...]:
    """The services of a resource: those it names, and those that say they serve it."""
    serving = graph.subjects(_SERVES, node)
    read = (service_of(graph, term) for term in (*values(graph, node, _SERVICES), *serving))
    return tuple(dict.fromkeys(each for each in read if each is not None))


_FIELDS: Final = Table(
    Row("titles", (DCT.title, RDFS.label), first_texts),
    Row("descriptions", (DCT.description,), texts),
    Row("access_urls", (DCAT.accessURL,), addresses),
    Row("download_urls", (DCAT.downloadURL,), addresses),
    Row("format", (DCT.format, DCAT.format), first_concept("file-type")),
    Row("media_type", (DCAT.mediaType,), media_type),
    Row("licence", (DCT.license, DCAT.license), first_concept("licence")),
    Row("rights", (DCT.rights,), statements),
    Row("byte_size", (DCAT.byteSize,), number),
    Row("status", (ADMS.status,), first_concept("distribution-status")),
)


def distribution_of(graph: RecordGraph, term: Term) -> Distribution | None:
    """Read a distribution. A literal, or a blank node of which nothing is said, is none."""
    if isinstance(term, ox.Literal) or (isinstance(term, ox.BlankNode) and term not in graph):
        return None
    iri = term.value if isinstance(term, ox.NamedNode) else None
    return Distribution(iri=iri, services=services(graph, term), **_FIELDS.read(graph, term))


def distributions(graph: RecordGraph, node: Node, properties: Iterable[str]) -> tuple[Distribution, ...]:
    """The distributions of a property."""
    read = [distribution_of(graph, term) for term in values(graph, node, properties)]
    found = [each for each in read if each is not None]
    differ = len({each.iri for each in found}) == len(found)  # equal ones have equal IRIs; comparing all takes long
    return tuple(found if differ else dict.fromkeys(found))


def pages(graph: RecordGraph, node: Node, properties: Iterable[str]) -> tuple[str, ...]:
    """Pages: their addresses; of a foaf:Document with a homepage of its own, that."""
    found: list[str] = []
    for term in values(graph, node, properties):
        own = address(graph, term, (FOAF.homepage,)) if not isinstance(term, ox.Literal) else None
        web = isinstance(term, ox.NamedNode) or (isinstance(term, ox.Literal) and is_web_address(term.value))
        found.extend([own] if own else [term.value.strip()] if web else ())
    return tuple(dict.fromkeys(found))


def resources(graph: RecordGraph, node: Node, properties: Iterable[str]) -> tuple[Node, ...]:
    """The nodes of a property, each once."""
    return tuple(dict.fromkeys(nodes(graph, node, properties)))
