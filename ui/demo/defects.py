"""What goes wrong in real metadata, made on purpose: each defect is a change to one dataset's description."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from rdflib import Graph, Literal, URIRef

from shapes.vocabulary import DCAT, DCT, HDEU, HEALTH, XSD
from ui.demo.describe import Describer
from ui.demo.plan import DatasetPlan


def _drop(predicate: str) -> Callable[[Graph, URIRef], None]:
    def change(graph: Graph, subject: URIRef) -> None:
        graph.remove((subject, URIRef(predicate), None))

    return change


def _unknown_theme(graph: Graph, subject: URIRef) -> None:
    graph.add((subject, URIRef(HEALTH.healthTheme), URIRef(HDEU["health-theme/NO_SUCH_THEME"])))


def _few_records(graph: Graph, subject: URIRef) -> None:
    graph.remove((subject, URIRef(HEALTH.numberOfRecords), None))
    graph.add((subject, URIRef(HEALTH.numberOfRecords), Literal("100", datatype=URIRef(XSD.nonNegativeInteger))))


_IN_GRAPH: Final[Mapping[str, Callable[[Graph, URIRef], None]]] = {
    "no-title": _drop(DCT.title),
    "no-access-rights": _drop(DCT.accessRights),
    "no-contact": _drop(DCAT.contactPoint),
    "ill-typed-date": _drop(DCT.issued),
    "unknown-theme": _unknown_theme,
    "more-people-than-records": _few_records,
}


# Defects that cannot stand in a graph are made in the text, as statements of their own: no more than them is lost.
_IN_TEXT: Final[Mapping[str, str]] = {
    "ill-typed-date": 'dct:issued "20/06/2025"^^xsd:date',
    "illegal-iri": "dct:relation <https://it.gdi-demo.example/a page with blanks>",
    "syntax-error": 'dcterm:source "a prefix nobody declared"',
}


def broken_turtle(describer: Describer, plan: DatasetPlan) -> str:
    """Return one dataset as Turtle with its planned defects."""
    graph = describer.dataset(plan)
    subject = describer.iri("dataset", plan.id)
    for defect in plan.defects:
        if defect in _IN_GRAPH:
            _IN_GRAPH[defect](graph, subject)
    prefixes = f"@prefix dct: <{DCT}> .\n@prefix xsd: <{XSD}> .\n"
    wrong = (f"<{subject}> {_IN_TEXT[defect]} .\n" for defect in plan.defects if defect in _IN_TEXT)
    return graph.serialize(format="turtle") + prefixes + "".join(wrong)
