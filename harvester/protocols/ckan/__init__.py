"""Portals of CKAN: as DCAT where they serve it, else translated from the action API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import pyoxigraph as ox

from harvester.changes import Problem
from harvester.errors import BadAnswer, HttpStatus
from harvester.foreign_json import Dict
from harvester.protocols import hydra
from harvester.protocols.ckan import api
from harvester.protocols.ckan.dcat import translate
from harvester.protocols.page import Missing, Page, Session
from harvester.source import Source
from shapes.apart import read
from shapes.content import head_of
from shapes.errors import Fault
from shapes.media import NTRIPLES
from shapes.parse import Document
from shapes.record import Kind
from shapes.vocabulary import DCAT, DCT, RDF

_START: Final = 64  # bytes in which a document of JSON begins as one
_FRONT_PAGES: Final = frozenset({"", "api", "dataset"})
_NOT_SERVED: Final = frozenset({404, 405, 406, 410})
_WITHHELD: Final = frozenset({401, 403, 404})
_A_DATASET: Final = tuple(f" <{RDF.type}> <{kind}>" for kind in (DCAT.Dataset, DCAT.DatasetSeries))

# The address of each page of the API's list, and the datasets on it.
Listed: TypeAlias = Iterable[tuple[str, list[Dict]]]


def pages(source: Source, session: Session) -> Iterator[Page]:
    """Yield the pages of a portal.

    Where the portal serves `/catalog.ttl` (ckanext-dcat), that is read: it is what the portal itself says in DCAT; else
    `/dataset/NAME.ttl` of each dataset that the API lists. Only where it clearly serves neither, the datasets are
    translated; fields without a place in DCAT are named in the ledger.
    """
    session.refuse_local("The protocol ckan reads a portal over http(s); a file or folder is read with rdf.")
    portal = api.Portal.of(source.url)
    status = api.status(session, portal)
    if status.dcat is not False and _serves_dcat(session, portal.catalogue()):
        yield from hydra.pages(replace(source, url=portal.catalogue()), session)
        return
    search = api.Search(session, portal).pages()
    first = next(search, None)
    listed = chain(() if first is None else (first,), search)
    if first is not None and status.dcat is not False and _serves_dcat(session, portal.dataset(first[1][0])):
        yield from _one_by_one(portal, status, listed, session)
    else:
        yield from _translated(portal, status, listed, session)


def _one_by_one(portal: api.Portal, status: api.Status, listed: Listed, session: Session) -> Iterator[Page]:
    """Yield the document that the portal has of each dataset. One that it lists and does not give is not absent."""
    for address, packages in listed:
        members = []
        for package in packages:
            subject, url = translate(package, portal.address).subject, portal.dataset(package)
            members.append(subject)
            try:
                document = session.fetch(url)
                read(document)
            except Fault as error:
                withheld = isinstance(error, HttpStatus) and error.answered in _WITHHELD
                problem = Problem(error.code, error.detail, error.url or url, subject.value, error.line)
                session.miss(Missing(Kind.DATASET, subject.value, problem, withheld=withheld))
                continue
            sight = _Sight()
            yield Page(url, iter((document,)), watch=sight.see)
            if not sight.of_a_dataset:
                problem = Problem(BadAnswer.code, "This document describes no dataset.", url, subject.value)
                session.miss(Missing(Kind.DATASET, subject.value, problem))
        yield Page(address, iter((_document(address, portal, status, members, ()),)))


class _Sight:
    """Looks whether a document describes a dataset, under whatever IRI."""

    def __init__(self) -> None:
        self.of_a_dataset = False

    def see(self, statements: Sequence[str]) -> None:
        self.of_a_dataset = self.of_a_dataset or any(statement.endswith(_A_DATASET) for statement in statements)


def _translated(portal: api.Portal, status: api.Status, listed: Listed, session: Session) -> Iterator[Page]:
    """Yield the datasets as the API has them, in DCAT; say that it is a translation, and what has no place in it."""
    detail = "The datasets are translated from CKAN's API."
    session.note(Problem("translated", detail, session.source.url, remark=True), partial=False)
    left_out: set[str] = set()
    for address, packages in listed:
        datasets = [translate(package, portal.address) for package in packages]
        left_out.update(*(each.left_out for each in datasets))
        members = [each.subject for each in datasets]
        triples = [triple for each in datasets for triple in each.triples]
        yield Page(address, iter((_document(address, portal, status, members, triples),)))
    if left_out:
        detail = f"These fields of CKAN have no place in DCAT and were left out: {', '.join(sorted(left_out))}."
        session.note(Problem("left-out", detail, session.source.url, remark=True), partial=False)


def detects(document: Document) -> bool:
    """Whether a document is an answer of CKAN's API: to `question`, or to any other action."""
    if b"{" not in head_of(document.content, _START):
        return False
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


def _serves_dcat(session: Session, address: str) -> bool:
    """Whether a portal has a document at the address ckanext-dcat would have it. Raises what is no clear answer."""
    try:
        document = session.fetch(address)
    except HttpStatus as error:
        if error.answered in _NOT_SERVED:
            return False
        raise
    session.hand_on(address, document)
    return True


def _document(
    address: str,
    portal: api.Portal,
    status: api.Status,
    members: Iterable[ox.NamedNode],
    described: Iterable[ox.Triple],
) -> Document:
    """Return, as N-Triples, the portal as the catalogue that lists these members, and what describes them."""
    catalogue = ox.NamedNode(portal.address + "/")
    triples = [ox.Triple(catalogue, ox.NamedNode(RDF.type), ox.NamedNode(DCAT.Catalog))]
    for predicate, text in ((DCT.title, status.title), (DCT.description, status.description)):
        if text:
            triples.append(ox.Triple(catalogue, ox.NamedNode(predicate), ox.Literal(text)))
    triples += (ox.Triple(catalogue, ox.NamedNode(DCAT.dataset), member) for member in members)
    data = ox.serialize([*triples, *described], format=ox.RdfFormat.N_TRIPLES)
    assert data is not None, "without an output, the bytes are returned"  # noqa: S101 - the library's signature
    return Document(data, name=address, base=address, syntax=NTRIPLES)
