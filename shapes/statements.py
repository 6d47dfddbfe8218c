"""A document's statements, indexed by subject, as N-Triples text: compact, and sorted and joined without a parser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import MappingProxyType

import pyoxigraph as ox

from shapes.record import Kind
from shapes.vocabulary import DCAT, FDP, RDF, SKOS

_TYPE = f"<{RDF.type}>"
_KINDS: tuple[tuple[str, Kind], ...] = (
    (f"<{DCAT.Catalog}>", Kind.CATALOGUE),
    (f"<{DCAT.DatasetSeries}>", Kind.SERIES),
    (f"<{DCAT.Dataset}>", Kind.DATASET),
    (f"<{DCAT.DataService}>", Kind.SERVICE),
)
_CONCEPTS = frozenset({f"<{SKOS.Concept}>", f"<{SKOS.ConceptScheme}>"})
_FAIR_DATA_POINT = f"<{FDP.FAIRDataPoint}>"
_NOTHING: tuple[str, ...] = ()
_NO_LINKS: tuple[tuple[str, str], ...] = ()


class Statements:
    """Nodes are N-Triples terms (`<iri>` or `_:label`); what is said of one is a list of `predicate object` texts."""

    __slots__ = ("_pointing", "_said", "_size", "_types", "concepts", "kinds", "listing")

    def __init__(
        self,
        quads: Iterable[ox.Quad | ox.Triple],
        watched: frozenset[str],
        lists: frozenset[str],
        *,
        points: bool = False,
    ) -> None:
        """Index the quads, graph names dropped.

        Links over `watched` predicates are indexed by their object too; `listing` will hold the subjects that have one
        of the `lists` predicates. With `points` a FAIR Data Point is a service; without, it is no resource.
        """
        self.listing: set[str] = set()
        said: dict[str, list[str]] = {}
        types: dict[str, list[str]] = {}
        pointing: dict[str, list[tuple[str, str]]] = {}
        size = 0
        for quad in quads:
            triple = quad.triple if isinstance(quad, ox.Quad) else quad
            subject, _, rest = str(triple).partition(" ")
            size += 1
            if subject in said:
                said[subject].append(rest)
            else:
                said[subject] = [rest]
            predicate, _, value = rest.partition(" ")
            if predicate == _TYPE:
                types.setdefault(subject, []).append(value)
            elif predicate in watched:
                pointing.setdefault(value, []).append((predicate, subject))
            if predicate in lists:
                self.listing.add(subject)
        self._said = said
        self._types = types
        self._pointing = pointing
        self._size = size
        self.concepts = frozenset(node for node, its in types.items() if not _CONCEPTS.isdisjoint(its))
        self.kinds = MappingProxyType(dict(_kinds(types, points=points)))

    def __len__(self) -> int:
        return self._size

    def __contains__(self, node: object) -> bool:
        return node in self._said

    def of(self, node: str) -> Sequence[str]:
        """What is said of a node, as `predicate object` texts."""
        return self._said.get(node, _NOTHING)

    def types(self, node: str) -> Sequence[str]:
        """The classes a node is said to belong to, as `<iri>`."""
        return self._types.get(node, _NOTHING)

    def pointing_at(self, node: str) -> Sequence[tuple[str, str]]:
        """The (predicate, subject) pairs of watched predicates whose object is the node."""
        return self._pointing.get(node, _NO_LINKS)


def literals(rests: Iterable[str], predicate: str) -> tuple[str, ...]:
    """The values of one property, sorted, each once: lexical forms of literals, IRIs as they are."""
    lines = "\n".join(f"<x:s> {rest} ." for rest in rests if rest.startswith(f"{predicate} "))
    quads = ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)
    return tuple(sorted({q.object.value for q in quads if isinstance(q.object, ox.Literal | ox.NamedNode)}))


def name_of(node: str) -> str:
    """The name of a node as `Record.subject` has it: the bare IRI, or `_:label`."""
    return node[1:-1] if node.startswith("<") else node


def _kinds(types: dict[str, list[str]], *, points: bool) -> Iterator[tuple[str, Kind]]:
    """Say what each typed node is, if it is a resource of a catalogue; a FAIR Data Point mostly only leads there."""
    for node, its in types.items():
        if _FAIR_DATA_POINT in its:
            if points:
                yield node, Kind.SERVICE
            continue
        kind = next((kind for name, kind in _KINDS if name in its), None)
        if kind is not None:
            yield node, kind
