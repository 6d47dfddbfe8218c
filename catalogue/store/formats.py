"""The formats of answers: by our names for them, as the engine knows them and as the web does."""

from __future__ import annotations

import re
from typing import Final

import pyoxigraph as ox

TABLES: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
MEDIA_TYPES: Final = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "turtle": "text/turtle; charset=utf-8",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
XML: Final = frozenset({"xml", "rdfxml"})
# What XML 1.0 (section 2.2) has no room for, in UTF-8; the engine writes it as it is.
_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


def in_xml(body: bytes) -> bytes:
    """Return XML with the replacement character U+FFFD for each character of a literal that XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}".encode(), body)
