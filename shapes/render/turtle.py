"""A report as the graph SHACL defines for it (SHACL 1.0, section 3.6), in Turtle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final

import pyoxigraph as ox

from shapes.graph import Node, Term
from shapes.render.judged import Judged
from shapes.render.paths import path_graph
from shapes.report import INFO, VIOLATION, WARNING, Finding
from shapes.vocabulary import DCT, GDIX, PREFIXES, RDF, SH, XSD, expand

_SEVERITIES: Final = {VIOLATION: SH.Violation, WARNING: SH.Warning, INFO: SH.Info}
_QUOTED: Final = re.compile(r'"(?P<text>.*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^(?P<type>\S+))?', re.DOTALL)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]+")


def as_turtle(judged: Sequence[Judged]) -> str:
    """Return one sh:ValidationReport per file that was judged, with sh:detail for nested results."""
    data = ox.serialize(report_graph(judged), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    return (data or b"").decode()


def report_graph(judged: Sequence[Judged]) -> Iterator[ox.Triple]:
    """Yield the same as statements."""
    for number, each in enumerate(judged):
        yield from _Writer(number).report(each)


class _Writer:
    """Writes one report. Blank nodes of the records get names of their own, so that no two records share one."""

    def __init__(self, number: int) -> None:
        self._labels = (ox.BlankNode(f"r{number}n{each}") for each in count())
        self._named: dict[tuple[str | None, str], ox.BlankNode] = {}

    def report(self, judged: Judged) -> Iterator[ox.Triple]:
        report = next(self._labels)
        yield ox.Triple(report, _iri(RDF.type), _iri(SH.ValidationReport))
        conforms = "true" if judged.report.conforms else "false"
        yield ox.Triple(report, _iri(SH.conforms), ox.Literal(conforms, datatype=_iri(XSD.boolean)))
        if judged.name:
            yield ox.Triple(report, _iri(DCT.source), ox.Literal(judged.name))
        for finding in judged.report.findings:
            yield from self._result(report, SH.result, finding)

    def _result(self, parent: Node, predicate: str, finding: Finding) -> Iterator[ox.Triple]:
        node = next(self._labels)
        yield ox.Triple(parent, _iri(predicate), node)
        yield ox.Triple(node, _iri(RDF.type), _iri(SH.ValidationResult))
        yield ox.Triple(node, _iri(SH.resultSeverity), _iri(_SEVERITIES.get(finding.severity, finding.severity)))
        yield ox.Triple(node, _iri(SH.sourceConstraintComponent), _iri(_component(finding.component)))
        yield ox.Triple(node, _iri(SH.resultMessage), ox.Literal(finding.message))
        yield ox.Triple(node, _iri(SH.focusNode), self._term(finding.focus, finding))
        if finding.value is not None:
            yield ox.Triple(node, _iri(SH.value), self._term(finding.value, finding))
        if finding.shape is not None:
            yield ox.Triple(node, _iri(SH.sourceShape), self._term(finding.shape, finding))
        if finding.path is not None:
            path, structure = path_graph(finding.path, self._labels)
            yield ox.Triple(node, _iri(SH.resultPath), path)
            yield from structure
        for nested in finding.detail:
            yield from self._result(node, SH.detail, nested)

    def _term(self, text: str, finding: Finding) -> Term:
        """Read a term back from what `wording.value_text` made of it."""
        if text.startswith("_:"):
            key = (finding.record, text)
            if key not in self._named:
                self._named[key] = next(self._labels)
            return self._named[key]
        quoted = _QUOTED.fullmatch(text)
        if quoted and quoted["language"]:
            return ox.Literal(quoted["text"], language=quoted["language"])
        if quoted and quoted["type"]:
            return ox.Literal(quoted["text"], datatype=_iri(expand(quoted["type"])))
        if quoted:
            return ox.Literal(quoted["text"])
        return _iri(text) if _ABSOLUTE.fullmatch(text) else ox.Literal(text)


def _component(name: str) -> str:
    """Return the IRI of a component: SHACL's own, another's as it stands, or one of ours."""
    if ":" in name:
        return name
    return SH[name] if name.endswith("ConstraintComponent") else GDIX[name]


def _iri(text: str) -> ox.NamedNode:
    return ox.NamedNode(text)
