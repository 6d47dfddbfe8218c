"""A SPARQL 1.1 endpoint as a source: its resources are listed by class and counted, then described batch by batch.

The description of a record is made of what the endpoint says of the resource, of what it leads to (as far as a dataset,
its distributions, their services and the agents of these go) and of what describes it from outside. Nothing is taken
for whole that the endpoint's own counts do not bear out: many cut an answer at a number of rows without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

import pyoxigraph as ox

from harvester.protocols.page import Page, Session
from harvester.protocols.sparql.endpoint import Endpoint
from harvester.protocols.sparql.gathering import Gatherer
from harvester.protocols.sparql.listing import listed
from harvester.source import Source
from shapes.apart import read
from shapes.content import holds
from shapes.errors import Fault
from shapes.parse import Document
from shapes.vocabulary import RDF, SD

_SERVICE: Final = ox.NamedNode(SD.Service)


def detects(document: Document) -> bool:
    """Whether a document is the description of a SPARQL service, which an endpoint gives when asked for nothing.

    (SPARQL 1.1 Service Description, section 2.)
    """
    if not holds(document.content, SD.base.encode()):
        return False
    try:
        return any(quad.predicate.value == RDF.type and quad.object == _SERVICE for quad in read(document))
    except Fault:
        return False


def question(url: str) -> str | None:
    """Return a query whose answer `detects` knows, if a URL looks like an endpoint's.

    Many endpoints answer a request without a query with a form for people.
    """
    parts = urlsplit(url)
    if parts.path.rstrip("/").rpartition("/")[2].lower() not in {"sparql", "query"} or "query=" in parts.query:
        return None
    query = quote(f"CONSTRUCT {{ <{url}> a <{SD.Service}> }} WHERE {{}}", safe="")
    return urlunsplit(parts._replace(query=f"{parts.query}&query={query}".lstrip("&")))


def pages(source: Source, session: Session) -> Iterator[Page]:
    """Yield a page for every batch of resources.

    The source's URL is the endpoint's; what else stands in its query (`default-graph-uri`, once for each graph) is sent
    along. Noted as partial: resources counted but not listed, resources without an IRI, answers that are held back in
    part, descriptions nested too deep.
    """
    session.refuse_local("The protocol sparql asks an endpoint over http(s).")
    endpoint = Endpoint(session)
    endpoint.probe()
    resources = listed(endpoint, session)
    session.expected = len(resources)
    gatherer = Gatherer(endpoint, session, resources)
    for batch in gatherer.batches():
        yield Page(source.url, gatherer.documents(batch), apart=True, several=True, doubt=gatherer.doubts)
