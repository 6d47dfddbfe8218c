"""A record's triples, indexed for reading. The graph stays the truth: read models and validators look up here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from shapes.reread import Node, Subjects, Term, subjects_of
from shapes.vocabulary import RDF

__all__ = ["Node", "RecordGraph", "Term", "node_of", "text_of"]

_EMPTY: tuple[Term, ...] = ()
_RDF_TYPE = RDF.type
_TRIPLE = ox.Triple


class RecordGraph:
    """A read-only index subject -> predicate IRI -> values over a set of triples, in first-seen order."""

    __slots__ = ("_inverse", "_subjects")

    def __init__(self, triples: Iterable[ox.Triple | ox.Quad]) -> None:
        subjects: Subjects = {}
        before: object = None
        said: dict[str, dict[Term, None]] = {}
        for triple in triples:
            subject, predicate, value = triple.subject, triple.predicate.value, triple.object
            if isinstance(value, _TRIPLE) or isinstance(subject, _TRIPLE):
                continue  # RDF 1.2 triple terms: no profile of ours uses them
            if subject != before:  # what is said of one node stands together, nearly always
                before = subject
                said = subjects.setdefault(subject, {})
            values = said.get(predicate)
            if values is None:
                said[predicate] = {value: None}
            else:
                values[value] = None
        self._subjects = subjects
        self._inverse: dict[str, dict[Term, list[Node]]] = {}

    @classmethod
    def from_ntriples(cls, body: bytes) -> RecordGraph:
        """Read canonical N-Triples, as the journal keeps them."""
        subjects = subjects_of(body)
        if subjects is None:
            return cls(ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
        graph = cls(())
        graph._subjects = subjects
        return graph

    def __len__(self) -> int:
        return sum(len(values) for said in self._subjects.values() for values in said.values())

    def __contains__(self, node: object) -> bool:
        return node in self._subjects

    def __iter__(self) -> Iterator[ox.Triple]:
        for subject, predicates in self._subjects.items():
            for predicate, values in predicates.items():
                name = ox.NamedNode(predicate)
                for value in values:
                    yield ox.Triple(subject, name, value)

    def nodes(self) -> Iterable[Node]:
        """Every subject."""
        return self._subjects.keys()

    def predicates(self, node: Node) -> Mapping[str, Iterable[Term]]:
        """Everything said of a node: predicate IRI -> values."""
        return self._subjects.get(node, {})

    def values(self, node: Node, predicate: str) -> Sequence[Term]:
        """Every value of one property of a node, in the order delivered."""
        found = self._subjects.get(node)
        values = found.get(predicate) if found else None
        return tuple(values) if values else _EMPTY

    def value(self, node: Node, predicate: str) -> Term | None:
        """The first value of one property of a node, or None."""
        found = self._subjects.get(node)
        values = found.get(predicate) if found else None
        return next(iter(values)) if values else None

    def types(self, node: Node) -> frozenset[str]:
        """The IRIs of the classes a node is stated to belong to."""
        return frozenset(t.value for t in self.values(node, _RDF_TYPE) if isinstance(t, ox.NamedNode))

    def subjects(self, predicate: str, value: Term) -> Sequence[Node]:
        """Every node that has this value for this property (its inverse index is made on first use)."""
        inverse = self._inverse.get(predicate)
        if inverse is None:
            inverse = {}
            for subject, predicates in self._subjects.items():
                for each in predicates.get(predicate, ()):
                    inverse.setdefault(each, []).append(subject)
            self._inverse[predicate] = inverse
        return inverse.get(value, ())


def node_of(text: str) -> Node:
    """Return the node a `Record.subject` names: an IRI, or a blank node written `_:label`."""
    return ox.BlankNode(text[2:]) if text.startswith("_:") else ox.NamedNode(text)


def text_of(term: Term) -> str:
    """Return what `node_of` reads back for a node; for a literal, its lexical form."""
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else term.value
