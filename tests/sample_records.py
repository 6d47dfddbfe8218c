"""Small catalogues written in Turtle, and the records cut from them."""

from __future__ import annotations

import pyoxigraph as ox

from shapes.cut import cut
from shapes.parse import Document, read
from shapes.record import Record

PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix fdp: <https://w3id.org/fdp/fdp-o#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix odrl: <http://www.w3.org/ns/odrl/2/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix : <http://x/> .
"""


def records_of(turtle: str, name: str = "test.ttl") -> list[Record]:
    found = list(cut(read(Document((PREFIXES + turtle).encode(), name, "http://x/"))))
    assert all(isinstance(each, Record) for each in found)
    return [each for each in found if isinstance(each, Record)]


def by_subject(turtle: str) -> dict[str, Record]:
    return {record.subject.removeprefix("http://x/"): record for record in records_of(turtle)}


def has(record: Record, line: str) -> bool:
    """Whether a record holds a statement, written in Turtle with the prefixes above."""
    wanted = {str(quad.triple) for quad in ox.parse(PREFIXES + line, format=ox.RdfFormat.TURTLE)}
    return wanted <= {text.removesuffix(" .") for text in record.body.decode().splitlines()}


def size(record: Record) -> int:
    return record.body.count(b"\n")
