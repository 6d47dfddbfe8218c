"""What DUO terms are restricted to: the disease, the region, the time, the kind of research a policy names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from catalogue.dataset import Restriction
from catalogue.labels import labels_of
from catalogue.reading.terms import LABELS
from catalogue.reading.values import first_texts
from catalogue.text import Text
from catalogue.use.concepts import disease_key, region_key
from catalogue.use.terms import KINDS
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import DCT, GDIX, OBO, ODRL, RDFS, SKOS

_DISEASE, _RESEARCH, _REGION = "DUO:0000007", "DUO:0000012", "DUO:0000022"
_MORATORIUM, _TIME = "DUO:0000024", "DUO:0000025"
_NAMED: Final = {"DUO:0000026": "user", "DUO:0000027": "project", "DUO:0000028": "institution"}

_DISEASES: Final = (GDIX.disease, OBO.DUO_0000010, ODRL.rightOperand, ODRL.rightOperandReference)
_REGIONS: Final = (GDIX.region, DCT.spatial)
_WIDER: Final = (SKOS.broader, SKOS.broadMatch, SKOS.broaderTransitive, RDFS.subClassOf)
_OPERANDS: Final = (ODRL.rightOperand, ODRL.rightOperandReference)
_KIND: Final = re.compile(r"DUO[:_](\d{7})$", re.ASCII)
_DURATION: Final = re.compile(r"^P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?$", re.ASCII)
_WHOLE: Final = re.compile(r"^\d{1,4}$", re.ASCII)
_DATE: Final = re.compile(r"^\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_YEAR: Final = 12  # months


def restrictions_in(graph: RecordGraph, nodes: Iterable[Node]) -> Mapping[str, tuple[Restriction, ...]]:
    """Return what the nodes of one policy name, by the code of the DUO term it restricts.

    Read are our own properties (docs/vocabulary.md), and the right operands of ODRL constraints on `odrl:spatial`,
    `odrl:elapsedTime`, `odrl:delayPeriod` and `odrl:dateTime`; a disease is one wherever it is an operand.
    """
    nodes = tuple(nodes)
    found = {
        code: tuple(dict.fromkeys(each for node in nodes for each in read(graph, node))) for code, read in _READERS
    }
    return {code: some for code, some in found.items() if some}


def _terms(graph: RecordGraph, node: Node, properties: Iterable[str]) -> Iterator[Term]:
    for name in properties:
        yield from graph.values(node, name)


def _diseases(graph: RecordGraph, node: Node) -> Iterator[Restriction]:
    for term in _terms(graph, node, _DISEASES):
        key = None if isinstance(term, ox.BlankNode) else disease_key(term.value)
        if key is not None:
            yield Restriction(key, _labels(graph, term), _narrower(graph, term))
        elif isinstance(term, ox.Literal) and graph.value(node, GDIX.disease) == term and term.value.strip():
            yield Restriction(term.value.strip(), (Text(term.value.strip()),))


def _narrower(graph: RecordGraph, wide: Term) -> tuple[str, ...]:
    """The diseases that the record itself puts under this one, at any depth."""
    below: dict[Node, None] = {}
    waiting = [wide]
    while waiting:
        above = waiting.pop()
        for node in (node for name in _WIDER for node in graph.subjects(name, above)):
            if node not in below and node != wide:
                below[node] = None
                waiting.append(node)
    keys = (disease_key(node.value) for node in below if isinstance(node, ox.NamedNode))
    return tuple(sorted({key for key in keys if key is not None}))


def _labels(graph: RecordGraph, term: Term) -> tuple[Text, ...]:
    if not isinstance(term, ox.NamedNode):
        return ()
    return labels_of(term.value) or first_texts(graph, term, LABELS)


def _regions(graph: RecordGraph, node: Node) -> Iterator[Restriction]:
    for term in (*_terms(graph, node, _REGIONS), *_constrained(graph, node, {ODRL.spatial})):
        labels = _labels(graph, term)
        said = term.value if not isinstance(term, ox.BlankNode) else (labels[0].value if labels else "")
        if said.strip():
            yield Restriction(region_key(said), labels)


def _constrained(graph: RecordGraph, node: Node, operands: set[str]) -> Iterator[Term]:
    """The right operands of a constraint whose left operand is one of these."""
    left = graph.value(node, ODRL.leftOperand)
    if isinstance(left, ox.NamedNode) and left.value in operands:
        yield from _terms(graph, node, _OPERANDS)


def _months(graph: RecordGraph, node: Node) -> Iterator[Restriction]:
    for term in (*_terms(graph, node, (GDIX.months,)), *_constrained(graph, node, {ODRL.elapsedTime})):
        months = _as_months(term.value.strip()) if isinstance(term, ox.Literal) else None
        if months:
            yield Restriction(str(months))


def _as_months(text: str) -> int | None:
    """A whole number, or an xsd:duration of years and months; days have no number of months."""
    match = _DURATION.match(text)
    if match is None:
        return int(text) if _WHOLE.match(text) else None
    years, months = (int(each or 0) for each in match.groups())
    return years * _YEAR + months


def _dates(graph: RecordGraph, node: Node) -> Iterator[Restriction]:
    for term in (*_terms(graph, node, (GDIX.notBefore,)), *_constrained(graph, node, {ODRL.dateTime})):
        match = _DATE.match(term.value.strip()) if isinstance(term, ox.Literal) else None
        if match is not None:
            yield Restriction(match.group(0))


def _kinds(graph: RecordGraph, node: Node) -> Iterator[Restriction]:
    """Kinds of research: DUO's own, or what is named."""
    for term in (*_terms(graph, node, (GDIX.researchKind, OBO.DUO_0000010)), *_terms(graph, node, _OPERANDS)):
        match = None if isinstance(term, ox.BlankNode) else _KIND.search(term.value)
        code = f"DUO:{match.group(1)}" if match else ""
        if code in KINDS:
            yield Restriction(KINDS[code], (Text(KINDS[code], "en"),))
        elif graph.value(node, GDIX.researchKind) == term and isinstance(term, ox.Literal) and term.value.strip():
            yield Restriction(term.value.strip(), (Text(term.value.strip()),))


def _named(code: str, kind: str) -> tuple[str, Callable[[RecordGraph, Node], Iterator[Restriction]]]:
    """Whom a term admits, as our property of that kind names them."""

    def read(graph: RecordGraph, node: Node) -> Iterator[Restriction]:
        for term in graph.values(node, GDIX[kind]):
            labels = _labels(graph, term)
            said = labels[0].value if labels else "" if isinstance(term, ox.BlankNode) else term.value
            if said.strip():
                yield Restriction(said.strip(), labels)

    return code, read


_READERS: Final = (
    (_DISEASE, _diseases),
    (_RESEARCH, _kinds),
    (_REGION, _regions),
    (_MORATORIUM, _dates),
    (_TIME, _months),
    *(_named(code, kind) for code, kind in _NAMED.items()),
)
