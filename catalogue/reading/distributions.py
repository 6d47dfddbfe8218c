"""Ways to the data: distributions and the services that give access."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from catalogue.dataset import Concept, Distribution, Service
from catalogue.reading.concepts import concepts, first_concept
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
    serving = graph.subjects(DCAT.servesDataset, node)
    read = (service_of(graph, term) for term in (*values(graph, node, _SERVICES), *serving))
    return tuple(dict.fromkeys(each for each in read if each is not None))


def format_of(graph: RecordGraph, node: Node) -> Concept | None:
    """The file type of a distribution."""
    return first_concept("file-type")(graph, node, (DCT.format, DCAT.format))


def distribution_of(graph: RecordGraph, term: Term) -> Distribution | None:
    """Read a distribution. A literal, or a blank node of which nothing is said, is none."""
    if isinstance(term, ox.Literal) or (isinstance(term, ox.BlankNode) and term not in graph):
        return None
    return Distribution(
        iri=term.value if isinstance(term, ox.NamedNode) else None,
        titles=texts(graph, term, (DCT.title,)) or texts(graph, term, (RDFS.label,)),
        descriptions=texts(graph, term, (DCT.description,)),
        access_urls=addresses(graph, term, (DCAT.accessURL,)),
        download_urls=addresses(graph, term, (DCAT.downloadURL,)),
        format=format_of(graph, term),
        media_type=media_type(graph, term, (DCAT.mediaType,)),
        licence=first_concept("licence")(graph, term, (DCT.license, DCAT.license)),
        rights=statements(graph, term, (DCT.rights,)),
        byte_size=number(graph, term, (DCAT.byteSize,)),
        services=services(graph, term),
        status=first_concept("distribution-status")(graph, term, (ADMS.status,)),
    )


def distributions(graph: RecordGraph, node: Node, properties: Iterable[str]) -> tuple[Distribution, ...]:
    """The distributions of a property."""
    read = (distribution_of(graph, term) for term in values(graph, node, properties))
    return tuple(dict.fromkeys(each for each in read if each is not None))


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
