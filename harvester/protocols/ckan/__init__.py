"""Portals of CKAN: as DCAT where they serve it, else translated from the action API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

import pyoxigraph as ox

from harvester.changes import Problem
from harvester.errors import BadAddress, BadAnswer, HttpStatus
from harvester.protocols import hydra
from harvester.protocols.ckan import api
from harvester.protocols.ckan.dcat import Translated, translate
from harvester.protocols.page import Page, Session
from harvester.source import Source
from shapes.media import NTRIPLES
from shapes.parse import Document
from shapes.vocabulary import DCAT, DCT, RDF

_FRONT_PAGES: Final = frozenset({"", "api", "dataset"})
_NOT_SERVED: Final = frozenset({404, 405, 406, 410})


def pages(source: Source, session: Session) -> Iterator[Page]:
    """Yield the pages of a portal.

    Where the portal serves `/catalog.ttl` (ckanext-dcat), that is read: it is what the portal itself says in DCAT. Only
    where it clearly does not, its datasets are translated; fields without a place in DCAT are named in the ledger.
    """
    if session.local:
        raise BadAddress(
            "The protocol ckan reads a portal over http(s); a file or folder is read with rdf.", url=source.url
        )
    portal = api.Portal.of(source.url)
    status = api.status(session, portal)
    if status.dcat is not False and _serves_dcat(session, portal):
        yield from hydra.pages(replace(source, url=portal.catalogue()), session)
        return
    session.note(
        Problem("translated", "The datasets are translated from CKAN's API.", source.url, remark=True), partial=False
    )
    left_out: set[str] = set()
    for address, packages in api.Search(session, portal).pages():
        translated = [translate(package, portal.address) for package in packages]
        left_out.update(*(each.left_out for each in translated))
        yield Page(address, iter((_document(address, portal, status, translated),)))
    if left_out:
        detail = f"These fields of CKAN have no place in DCAT and were left out: {', '.join(sorted(left_out))}."
        session.note(Problem("left-out", detail, source.url, remark=True), partial=False)


def detects(document: Document) -> bool:
    """Whether a document is an answer of CKAN's API: to `question`, or to any other action."""
    try:
        api.result(document)
    except BadAnswer:
        return False
    return True


def question(url: str) -> str | None:
    """Return the address at which a portal says that it is one, None where a URL is not that of a whole portal.

    The address of a document is not: a dump that is away for a day must not turn into all of the portal it lies on.
    """
    path = urlsplit(url).path
    whole = path.rstrip("/").rpartition("/")[2] in _FRONT_PAGES or "/api/" in path
    return api.Portal.of(url).action("status_show") if whole else None


def _serves_dcat(session: Session, portal: api.Portal) -> bool:
    address = portal.catalogue()
    try:
        document = session.fetch(address)
    except HttpStatus as error:
        if error.answered in _NOT_SERVED:
            return False
        raise
    session.hand_on(address, document)
    return True


def _document(address: str, portal: api.Portal, status: api.Status, datasets: list[Translated]) -> Document:
    """Return a page of datasets as N-Triples, with the portal as the catalogue that lists them."""
    catalogue = ox.NamedNode(portal.address + "/")
    triples = [ox.Triple(catalogue, ox.NamedNode(RDF.type), ox.NamedNode(DCAT.Catalog))]
    for predicate, text in ((DCT.title, status.title), (DCT.description, status.description)):
        if text:
            triples.append(ox.Triple(catalogue, ox.NamedNode(predicate), ox.Literal(text)))
    for dataset in datasets:
        triples.append(ox.Triple(catalogue, ox.NamedNode(DCAT.dataset), dataset.subject))
        triples += dataset.triples
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert data is not None, "without an output, the bytes are returned"  # noqa: S101 - the library's signature
    return Document(data=data, name=address, base=address, syntax=NTRIPLES)
