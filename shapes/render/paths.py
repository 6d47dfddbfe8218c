"""A property path given as text, back as the structure SHACL has for it (SHACL 1.0, section 2.3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from shapes.graph import Node
from shapes.vocabulary import RDF, SH

_TOKEN: Final = re.compile(r"<[^<>]*>|[()/|^*+?]")
_REPEATED: Final = {"*": SH.zeroOrMorePath, "+": SH.oneOrMorePath, "?": SH.zeroOrOnePath}


def path_graph(text: str, labels: Iterator[ox.BlankNode]) -> tuple[Node, tuple[ox.Triple, ...]]:
    """Return the node of a path and the triples that describe it.

    `text` is what `shapes.engine.paths.path_text` gives: an IRI, or a SPARQL property path with IRIs in brackets.
    """
    if "<" not in text:
        return ox.NamedNode(text), ()
    reader = _Reader(_TOKEN.findall(text), labels)
    return reader.alternatives(), tuple(reader.triples)


class _Reader:
    """Reads the grammar `path_text` writes: alternatives of sequences of steps, brackets around anything nested."""

    def __init__(self, tokens: Sequence[str], labels: Iterator[ox.BlankNode]) -> None:
        self._tokens = list(reversed(tokens))
        self._labels = labels
        self.triples: list[ox.Triple] = []

    def alternatives(self) -> Node:
        parts = [self._sequence()]
        while self._taken("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else self._of(SH.alternativePath, self._list(parts))

    def _sequence(self) -> Node:
        parts = [self._step()]
        while self._taken("/"):
            parts.append(self._step())
        return parts[0] if len(parts) == 1 else self._list(parts)

    def _step(self) -> Node:
        if self._taken("^"):
            return self._of(SH.inversePath, self._step())
        if self._taken("("):
            node = self.alternatives()
            self._taken(")")
        else:
            node = ox.NamedNode(self._tokens.pop()[1:-1])
        for mark, predicate in _REPEATED.items():
            if self._taken(mark):
                return self._of(predicate, node)
        return node

    def _taken(self, token: str) -> bool:
        found = bool(self._tokens) and self._tokens[-1] == token
        if found:
            self._tokens.pop()
        return found

    def _of(self, predicate: str, value: Node) -> Node:
        node = next(self._labels)
        self.triples.append(ox.Triple(node, ox.NamedNode(predicate), value))
        return node

    def _list(self, parts: Sequence[Node]) -> Node:
        head: Node = ox.NamedNode(RDF.nil)
        for part in reversed(parts):
            node = next(self._labels)
            self.triples.append(ox.Triple(node, ox.NamedNode(RDF.first), part))
            self.triples.append(ox.Triple(node, ox.NamedNode(RDF.rest), head))
            head = node
        return head
