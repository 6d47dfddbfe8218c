"""What goes wrong in real metadata, made on purpose: each defect is a change to one dataset's description."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from rdflib import Graph, Literal, URIRef

from shapes.vocabulary import DCAT, DCT, HDEU, HEALTH, XSD
from ui.demo.describe import Describer
from ui.demo.plan import DatasetPlan

_MARK: Final = "https://it.gdi-demo.example/a-page-with-blanks"


def _drop(predicate: str) -> Callable[[Graph, URIRef], None]:
    def change(graph: Graph, subject: URIRef) -> None:
        graph.remove((subject, URIRef(predicate), None))

    return change


def _ill_typed_date(graph: Graph, subject: URIRef) -> None:
    graph.remove((subject, URIRef(DCT.issued), None))
    graph.add((subject, URIRef(DCT.issued), Literal("20/06/2025", datatype=URIRef(XSD.date), normalize=False)))


def _unknown_theme(graph: Graph, subject: URIRef) -> None:
    graph.add((subject, URIRef(HEALTH.healthTheme), URIRef(HDEU["health-theme/NO_SUCH_THEME"])))


def _few_records(graph: Graph, subject: URIRef) -> None:
    graph.remove((subject, URIRef(HEALTH.numberOfRecords), None))
    graph.add((subject, URIRef(HEALTH.numberOfRecords), Literal("100", datatype=URIRef(XSD.nonNegativeInteger))))


def _illegal_iri(graph: Graph, subject: URIRef) -> None:
    graph.add((subject, URIRef(DCT.relation), URIRef(_MARK)))


_IN_GRAPH: Final[Mapping[str, Callable[[Graph, URIRef], None]]] = {
    "no-title": _drop(DCT.title),
    "no-access-rights": _drop(DCT.accessRights),
    "no-contact": _drop(DCAT.contactPoint),
    "ill-typed-date": _ill_typed_date,
    "unknown-theme": _unknown_theme,
    "more-people-than-records": _few_records,
    "illegal-iri": _illegal_iri,
}


def broken_turtle(describer: Describer, plan: DatasetPlan) -> str:
    """Return one dataset as Turtle with its planned defects.

    Two of them cannot stand in a graph and are made in the text: an IRI with blanks, and a prefix nobody declared.
    """
    graph = describer.dataset(plan)
    subject = describer.iri("dataset", plan.id)
    for defect in plan.defects:
        if defect in _IN_GRAPH:
            _IN_GRAPH[defect](graph, subject)
    text = graph.serialize(format="turtle")
    if "illegal-iri" in plan.defects:
        text = text.replace(_MARK, _MARK.replace("-", " "))
    if "syntax-error" in plan.defects:
        text += f'\n<{subject}> dcterm:source "a prefix nobody declared" .\n'
    return text
