"""From an engine's results to findings in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import pyoxigraph as ox

from shapes.engine.bundle import Bundle
from shapes.engine.compiled.index import Index
from shapes.engine.result import Hit, Source
from shapes.engine.text import term_of
from shapes.graph import text_of
from shapes.report import INFO, VIOLATION, WARNING, Finding
from shapes.vocabulary import shorten
from shapes.wording import component_of, message_of, preferred, severity_of, value_text

_RANK: Final = {VIOLATION: 0, WARNING: 1, INFO: 2}
# Closed shapes name properties of the data, of which a stranger may send any number.
_MOST_WORDS: Final = 10_000


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
class _Words:
    """What is said of every result of one constraint. `spoken`: the sentence is a rule's own, not the constraint's."""

    rank: int
    severity: str
    component: str
    shape: str
    path: str | None
    message: str
    fix: str | None
    reference: str | None
    spoken: bool


class Scene:
    """Where results were found: the graph, the record it describes, and names for the blank nodes in it.

    Without a record every focus node stands for one of its own, and blank nodes are numbered in the order in which they
    are described; a record's canonical names need no others.
    """

    __slots__ = ("_index", "_labels", "_start", "_ways", "record")

    def __init__(self, index: Index, record: str | None = None) -> None:
        """`record`: the subject of the record, as `Record.subject` has it."""
        self.record = record
        self._index = index
        self._start = None if record is None else record if record.startswith("_:") else f"<{record}>"
        self._labels = _numbered(index) if record is None else {}
        self._ways: Mapping[str, str] | None = None

    def place(self, node: str) -> str | None:
        """Return how one gets from the record to another of its nodes, as property names; None where one does not."""
        if self._start is None or node == self._start:
            return None
        if self._ways is None:
            self._ways = ways(self._index, self._start)
        return self._ways.get(node)

    def text(self, node: str) -> str:
        """Return a term for people."""
        if node[0] == "<":
            return node[1:-1]
        if node[0] == "_":
            return self._labels.get(node, node)
        return value_text(term_of(node))


class Scribe:
    """Writes findings: knows the shapes, and what a profile says of them. Threads may share it."""

    def __init__(self, bundle: Bundle, explain: Callable[[str], Explained | None] = _unexplained) -> None:
        self._bundle = bundle
        self._explain = explain
        self._words: dict[Source, _Words] = {}

    def findings(self, hits: Iterable[Hit], scene: Scene) -> tuple[Finding, ...]:
        """Return one finding per result, each once, in an order that depends on nothing but what they say."""
        found = [self._finding(hit, scene) for hit in dict.fromkeys(hits)]
        found.sort(key=lambda each: each[0])
        return tuple(
            finding
            for position, (order, finding) in enumerate(found)
            if not position or found[position - 1][0] != order or found[position - 1][1] != finding
        )

    def _finding(self, hit: Hit, scene: Scene) -> tuple[tuple[object, ...], Finding]:
        """Return a finding and its place in the order."""
        words = self._words.get(hit.source) or self._said_of(hit.source)
        focus = scene.text(hit.focus)
        value = None if hit.value is None else scene.text(hit.value)
        message = words.message
        if hit.messages and not words.spoken:
            message = preferred(hit.messages) or message
        finding = Finding(
            words.severity,
            focus,
            words.path,
            value,
            words.component,
            words.shape,
            message,
            words.fix,
            words.reference,
            None,
            focus if scene.record is None else scene.record,
            scene.place(hit.focus),
            self.findings(hit.detail, scene) if hit.detail else (),
        )
        what = (words.path or "", words.shape, words.component, value or "", message)
        return (words.rank, words.severity, focus, *what), finding

    def _said_of(self, source: Source) -> _Words:
        shape = self._bundle.labels.get(source.shape) or text_of(source.shape)
        rule = self._explain(shape) if isinstance(source.shape, ox.NamedNode) else None
        severity = severity_of(source.severity)
        words = _Words(
            rank=_RANK.get(severity, len(_RANK)),
            severity=severity,
            component=component_of(source.component),
            shape=shape,
            path=source.path,
            message=rule.message if rule else message_of(self._bundle, source),
            fix=rule.fix if rule else None,
            reference=rule.reference if rule else None,
            spoken=rule is not None,
        )
        if len(self._words) >= _MOST_WORDS:
            self._words.clear()
        self._words[source] = words
        return words


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings, each once, in an order that depends on nothing but what they say."""
    return tuple(sorted(dict.fromkeys(findings), key=_order))


def _order(finding: Finding) -> tuple[object, ...]:
    what = (finding.path or "", finding.shape or "", finding.component, finding.value or "", finding.message)
    return (_RANK.get(finding.severity, len(_RANK)), finding.severity, finding.focus, *what)


def _numbered(index: Index) -> dict[str, str]:
    blank = (node for node in index.own if node[0] == "_")
    return {node: f"_:n{number}" for number, node in enumerate(blank)}


def ways(index: Index, start: str) -> dict[str, str]:
    """Return, for every node that can be reached from a start, the shortest way there as property names."""
    found: dict[str, str] = {}
    waiting = [start]
    while waiting:
        following: list[str] = []
        for node in waiting:
            for predicate, values in index.own[node].items() if node in index.own else ():
                for value in values:
                    if value == start or value in found or value not in index.own:
                        continue
                    step = shorten(predicate[1:-1])
                    found[value] = f"{found[node]} / {step}" if node in found else step
                    following.append(value)
        waiting = following
    return found
