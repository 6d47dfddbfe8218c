"""Plain pySHACL over a document and its background: the oracle our profiles are measured with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib import RDF, SH

from shapes.profiles import background, profile
from shapes.vocabulary import PREFIXES, shorten

HEADER = "".join(f"@prefix {prefix}: <{base}> .\n" for prefix, base in PREFIXES.items())


@dataclass(frozen=True)
class Result:
    """One top-level result about a node of the document; a path that is no IRI is `complex`."""

    severity: str
    focus: str
    path: str
    component: str
    value: str
    shape: str

    @property
    def rule(self) -> str:
        """The rule's id, with its profile: `gdi-core#dataset-title-required`."""
        return self.shape.removeprefix("https://w3id.org/gdi-catalogue/shapes/")


def read(source: Path | str) -> list[ox.Triple]:
    """The triples of a file, or of Turtle with all our prefixes."""
    if isinstance(source, str):
        return [quad.triple for quad in ox.parse((HEADER + source).encode(), format=ox.RdfFormat.TURTLE)]
    syntax = ox.RdfFormat.RDF_XML if source.suffix == ".rdf" else ox.RdfFormat.TURTLE
    return [quad.triple for quad in ox.parse(path=str(source), format=syntax, base_iri="https://base.example/")]


def shapes_of(name: str, level: str = "") -> rdflib.Graph:
    """The SHACL of one of our profiles."""
    return _parsed(profile(name).shapes(level))


@cache
def _parsed(turtle: bytes) -> rdflib.Graph:
    return rdflib.Graph().parse(data=turtle, format="turtle")


def judge(triples: Iterable[ox.Triple], shapes: rdflib.Graph, known: Iterable[ox.Triple] | None = None) -> list[Result]:
    """The results on nodes the document describes; `known` is the background, ours if not given."""
    triples = list(triples)
    iris = {term.value for t in triples for term in (t.subject, t.object) if isinstance(term, ox.NamedNode)}
    data = rdflib.Graph()
    for triple in (*triples, *(background(iris) if known is None else known)):
        data.add((_term(triple.subject), _term(triple.predicate), _term(triple.object)))
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
    described = {_term(triple.subject) for triple in triples}
    nested = set(report.objects(None, SH.detail))
    found = set(report.subjects(RDF.type, SH.ValidationResult)) - nested
    return [_result(report, each) for each in found if report.value(each, SH.focusNode) in described]


def _result(report: rdflib.Graph, node: Any) -> Result:
    path = report.value(node, SH.resultPath)
    return Result(
        severity=str(report.value(node, SH.resultSeverity)).rpartition("#")[2].lower(),
        focus=str(report.value(node, SH.focusNode)),
        path="" if path is None else shorten(str(path)) if isinstance(path, rdflib.URIRef) else "complex",
        component=str(report.value(node, SH.sourceConstraintComponent)).rpartition("#")[2],
        value=str(report.value(node, SH.value)),
        shape=str(report.value(node, SH.sourceShape)),
    )


def _term(term: Any) -> Any:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    plain = datatype == "http://www.w3.org/2001/XMLSchema#string"
    return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(datatype), normalize=False)
