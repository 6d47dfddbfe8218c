"""Catalogues and data services that are records of their own."""

from __future__ import annotations

from catalogue.dataset import CatalogueDescription, ServiceDescription
from catalogue.reading.agents import contacts, first_agent
from catalogue.reading.concepts import concepts, first_concept
from catalogue.reading.coverage import places
from catalogue.reading.distributions import ENDPOINTS, pages
from catalogue.reading.values import address, addresses, string, texts
from shapes.graph import RecordGraph, node_of
from shapes.vocabulary import DCAT, DCT, FOAF


def read_catalogue(id: str, subject: str, graph: RecordGraph) -> CatalogueDescription:  # noqa: A002 - the field's name
    """Read a catalogue (DCAT-AP 3.0.1, dcat:Catalog). Never raises for what a graph says."""
    node = node_of(subject)
    return CatalogueDescription(
        id=id,
        iri=subject,
        titles=texts(graph, node, (DCT.title,)),
        descriptions=texts(graph, node, (DCT.description,)),
        publisher=first_agent(graph, node, (DCT.publisher,)),
        homepage=address(graph, node, (FOAF.homepage,)),
        licence=first_concept("licence")(graph, node, (DCT.license,)),
        languages=concepts("language")(graph, node, (DCT.language,)),
        places=places(graph, node, (DCT.spatial,)),
        contacts=contacts(graph, node, (DCAT.contactPoint,)),
        issued=string(graph, node, (DCT.issued,)),
        modified=string(graph, node, (DCT.modified,)),
    )


def read_service(id: str, subject: str, graph: RecordGraph) -> ServiceDescription:  # noqa: A002 - the field's name
    """Read a data service (DCAT-AP 3.0.1, dcat:DataService). Never raises for what a graph says."""
    node = node_of(subject)
    return ServiceDescription(
        id=id,
        iri=subject,
        titles=texts(graph, node, (DCT.title,)),
        descriptions=texts(graph, node, (DCT.description,)),
        publisher=first_agent(graph, node, (DCT.publisher,)),
        endpoints=addresses(graph, node, ENDPOINTS),
        endpoint_descriptions=addresses(graph, node, (DCAT.endpointDescription,)),
        types=concepts()(graph, node, (DCT.type,)),
        conforms_to=concepts("standard")(graph, node, (DCT.conformsTo,)),
        access_rights=first_concept("access-right")(graph, node, (DCT.accessRights,)),
        licence=first_concept("licence")(graph, node, (DCT.license,)),
        contacts=contacts(graph, node, (DCAT.contactPoint,)),
        landing_pages=pages(graph, node, (DCAT.landingPage,)),
        serves=addresses(graph, node, (DCAT.servesDataset,)),
    )
