"""From an engine's results to findings in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import pyoxigraph as ox

from shapes.engine.bundle import Bundle
from shapes.engine.engine import Result
from shapes.graph import Node, RecordGraph, Term, text_of
from shapes.report import INFO, VIOLATION, WARNING, Finding
from shapes.vocabulary import shorten
from shapes.wording import component_of, message_of, severity_of, value_text

_RANK: Final = {VIOLATION: 0, WARNING: 1, INFO: 2}


class Explained(Protocol):
    """What a profile's rule table says of one of its shapes."""

    @property
    def message(self) -> str:
        """What is wrong, in one sentence."""

    @property
    def fix(self) -> str | None:
        """How to put it right."""

    @property
    def reference(self) -> str | None:
        """Where the specification says so."""


def _unexplained(_shape: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Scribe:
    """Writes findings: knows the shapes, what a profile says of them, the record, and the ways through it.

    `labels` are names for blank nodes of the graph that was judged; a record's canonical names need none.
    """

    bundle: Bundle
    explain: Callable[[str], Explained | None] = _unexplained
    record: str | None = None
    places: Mapping[Node, str] = field(default_factory=dict)
    labels: Mapping[Node, str] = field(default_factory=dict)

    def findings(self, results: Iterable[Result]) -> tuple[Finding, ...]:
        """Return one finding per result, each once, in an order that depends on nothing but what they say."""
        return ordered(self._finding(result) for result in results)

    def _finding(self, result: Result) -> Finding:
        shape = self.bundle.labels.get(result.shape) or text_of(result.shape)
        rule = self.explain(shape) if isinstance(result.shape, ox.NamedNode) else None
        focus = self._text(result.focus)
        return Finding(
            severity=severity_of(result.severity),
            focus=focus,
            path=result.path,
            value=None if result.value is None else self._text(result.value),
            component=component_of(result.component),
            shape=shape,
            message=rule.message if rule else message_of(self.bundle, result),
            fix=rule.fix if rule else None,
            reference=rule.reference if rule else None,
            record=focus if self.record is None else self.record,
            place=None if isinstance(result.focus, ox.Literal) else self.places.get(result.focus),
            detail=self.findings(result.detail),
        )

    def _text(self, term: Term) -> str:
        named = self.labels.get(term) if isinstance(term, ox.BlankNode) else None
        return named or value_text(term)


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings, each once, in an order that depends on nothing but what they say."""
    return tuple(sorted(dict.fromkeys(findings), key=_order))


def numbered(graph: RecordGraph) -> dict[Node, str]:
    """Return names for the blank nodes of a graph, by the order in which they are described: the same every time."""
    blank = (node for node in graph.nodes() if isinstance(node, ox.BlankNode))
    return {node: f"_:n{number}" for number, node in enumerate(blank)}


def _order(finding: Finding) -> tuple[object, ...]:
    what = (finding.path or "", finding.shape or "", finding.component, finding.value or "", finding.message)
    return (_RANK.get(finding.severity, len(_RANK)), finding.severity, finding.focus, *what)


def ways(graph: RecordGraph, start: Node) -> dict[Node, str]:
    """Return, for every node that can be reached from a start, the shortest way there as property names."""
    found: dict[Node, str] = {}
    waiting: list[Node] = [start]
    while waiting:
        following: list[Node] = []
        for node in waiting:
            for predicate, values in graph.predicates(node).items():
                for value in values:
                    if isinstance(value, ox.Literal) or value == start or value in found or value not in graph:
                        continue
                    found[value] = f"{found[node]} / {shorten(predicate)}" if node in found else shorten(predicate)
                    following.append(value)
        waiting = following
    return found
