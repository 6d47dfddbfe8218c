"""A document's statements, indexed by subject, as N-Triples text: compact, and sorted and joined without a parser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from types import MappingProxyType

import pyoxigraph as ox

from shapes.record import Kind
from shapes.spool import Spool
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
_RESOURCES = frozenset((_FAIR_DATA_POINT, *(name for name, _ in _KINDS)))
_RECENT = 20_000  # statements kept that were asked for lately: records share publishers, licences, services
_NOTHING: tuple[str, ...] = ()
_NO_LINKS: tuple[tuple[str, str], ...] = ()


class Statements:
    """Nodes are N-Triples terms (`<iri>` or `_:label`); what is said of one is a list of `predicate object` texts.

    In memory are the nodes and the links that are looked for; what is said of them lies in a file, for all but small
    documents. Used by one thread.
    """

    __slots__ = (
        "_bare",
        "_pointing",
        "_recent",
        "_recent_size",
        "_said",
        "_size",
        "_spool",
        "concepts",
        "kinds",
        "listing",
    )

    def __init__(
        self,
        pieces: Iterable[Iterable[str]],
        watched: frozenset[str],
        lists: frozenset[str],
        *,
        points: bool = False,
    ) -> None:
        """Index statements given as N-Triples text (`subject predicate object`), some at a time.

        Links over `watched` predicates are indexed by their object too; `listing` will hold the subjects that have one
        of the `lists` predicates. With `points` a FAIR Data Point is a service; without, it is no resource.
        """
        self.listing: set[str] = set()
        self._spool = Spool()
        self._said: dict[str, list[int]] = {}
        self._bare: set[str] = set()
        self._recent: dict[str, Sequence[str]] = {}
        self._recent_size = 0
        concepts: set[str] = set()
        types: dict[str, list[str]] = {}
        pointing: dict[str, list[tuple[str, str]]] = {}
        looked_for = watched | lists | {_TYPE}
        size, current = 0, ""
        rests: list[str] = []
        for text in chain.from_iterable(pieces):
            subject, _, rest = text.partition(" ")
            if subject != current:
                size += self._put(current, rests)
                current, rests = subject, []
            rests.append(rest)
            predicate, _, value = rest.partition(" ")
            if predicate not in looked_for:
                continue
            if predicate == _TYPE:
                if value in _RESOURCES:
                    types.setdefault(current, []).append(value)
                elif value in _CONCEPTS:
                    concepts.add(current)
            elif predicate in watched:
                pointing.setdefault(value, []).append((predicate, current))
            if predicate in lists:
                self.listing.add(current)
        size += self._put(current, rests)
        self._pointing = pointing
        self._size = size
        self.concepts = frozenset(concepts)
        self.kinds = MappingProxyType(dict(_kinds(types, points=points)))

    def __len__(self) -> int:
        return self._size

    def __contains__(self, node: object) -> bool:
        return node in self._said

    def of(self, node: str) -> Sequence[str]:
        """What is said of a node, as `predicate object` texts."""
        places = self._said.get(node)
        if places is None:
            return _NOTHING
        found = self._recent.get(node)
        if found is None:
            blocks = map(self._spool.get, places[::2], places[1::2])
            found = [rest for block in blocks for rest in block.decode().split("\n")]
            if self._recent_size + len(found) > _RECENT:
                self._recent.clear()
                self._recent_size = 0
            self._recent[node] = found
            self._recent_size += len(found)
        return found

    def types(self, node: str) -> Sequence[str]:
        """The classes a node is said to belong to, as `<iri>`."""
        return [rest[len(_TYPE) + 1 :] for rest in self.of(node) if rest.startswith(_TYPE)]

    def pointing_at(self, node: str) -> Sequence[tuple[str, str]]:
        """The (predicate, subject) pairs of watched predicates whose object is the node."""
        return self._pointing.get(node, _NO_LINKS)

    def is_bare(self, node: str) -> bool:
        """Whether nothing is said of a node but its types."""
        return node in self._bare or node not in self._said

    def _put(self, subject: str, rests: list[str]) -> int:
        """Lay down what stands together of a subject, which may stand in several places; return how much it is."""
        if not rests:
            return 0
        text = "\n".join(rests).encode()  # N-Triples text holds no line break of its own
        places = self._said.setdefault(subject, [])
        if not all(rest.startswith(_TYPE) for rest in rests):
            self._bare.discard(subject)
        elif not places:
            self._bare.add(subject)
        places += (self._spool.put(text), len(text))
        return len(rests)


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
