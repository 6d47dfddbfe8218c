"""What a service says of somebody else's dataset, written as RDF: how the adapters that enrich hand it on.

Such a service answers in JSON of its own, so what is kept is a translation, and says so (`gdix:translatedFrom`).
"""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from harvester.foreign_json import Dict, Json, read_json
from harvester.protocols.ckan.terms import date, iri
from shapes.media import NTRIPLES
from shapes.parse import Document
from shapes.vocabulary import DCT, GDIX, RDF

_LONGEST: Final = 10_000  # characters of one text


class Telling:
    """The statements of one service about one dataset."""

    def __init__(self, subject: str, about: str, address: str) -> None:
        """`subject`: the IRI of what is said; `about`: the dataset's identifier; `address`: where it was said."""
        self.subject = subject
        self._address = address
        self._triples: list[ox.Triple] = []
        self.link(subject, RDF.type, GDIX.Enrichment)
        self.text(subject, DCT.identifier, about)
        self.link(subject, GDIX.translatedFrom, address)

    def text(self, subject: str, predicate: str, value: Json) -> None:
        """Say a text or number, if there is one."""
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            self._add(subject, predicate, ox.Literal(str(value).strip()[:_LONGEST]))

    def date(self, subject: str, predicate: str, value: Json) -> None:
        """Say a date, if there is one; what has no form of one stays text."""
        if isinstance(value, str) and value.strip():
            self._add(subject, predicate, date(value))

    def link(self, subject: str, predicate: str, value: Json) -> None:
        """Say an IRI, if it is one; what is none stays text."""
        if isinstance(value, str) and value.strip():
            self._add(subject, predicate, iri(value) or ox.Literal(value.strip()[:_LONGEST]))

    def _add(self, subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        self._triples.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value))

    def document(self) -> Document:
        """Return what was said so far."""
        data = ox.serialize(self._triples, format=ox.RdfFormat.N_TRIPLES)
        assert data is not None, "without an output, the bytes are returned"  # noqa: S101 - the library's signature
        return Document(data, name=self._address, base=self.subject, syntax=NTRIPLES)


def json_of(document: Document, who: str) -> Json:
    """Return a document's JSON; see `read_json`."""
    return read_json(document.data, document.name, who)


def inner(value: Json, *path: str) -> Json:
    """Return what stands at a path of keys, None where there is nothing."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def items(value: Json) -> list[Dict]:
    """Return the objects of a list; an empty one where it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
