"""A document's statements, indexed by subject, as N-Triples text: compact, and sorted and joined without a parser."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from shapes.record import Kind
from shapes.spool import Spool
from shapes.vocabulary import DCAT, FDP, RDF, SKOS

TYPE = f"<{RDF.type}>"
# What is known of a node beside what is said of it, each a bit. Of the first four the first that is set is its kind.
CATALOGUE, SERIES, DATASET, SERVICE, CONCEPT, LISTING, POINTS, BARE, FAIR_DATA_POINT = (1 << bit for bit in range(9))
KINDS = ((CATALOGUE, Kind.CATALOGUE), (SERIES, Kind.SERIES), (DATASET, Kind.DATASET), (SERVICE, Kind.SERVICE))
CLASSES = {
    f"<{DCAT.Catalog}>": CATALOGUE,
    f"<{DCAT.DatasetSeries}>": SERIES,
    f"<{DCAT.Dataset}>": DATASET,
    f"<{DCAT.DataService}>": SERVICE,
    f"<{FDP.FAIRDataPoint}>": FAIR_DATA_POINT,
}
_CONCEPTS = frozenset({f"<{SKOS.Concept}>", f"<{SKOS.ConceptScheme}>"})
_RECENT = 20_000  # statements kept that were asked for lately: records share publishers, licences, services
_LINE = "\n"  # N-Triples text holds no line break of its own
_BETWEEN = "\n\n"
BLOCK = 2**40  # more bytes than what stands together of a subject has
_NO_LINKS: tuple[tuple[str, str], ...] = ()


class _Said(NamedTuple):
    """What is said of a node: with literals, and with what else is an object."""

    values: Sequence[str]
    links: Sequence[str]


_NOTHING = _Said((), ())


class Statements:
    """Nodes are N-Triples terms (`<iri>` or `_:label`); of one are said `values`, which are literals, and `links`.

    In memory are the nodes and the links that are looked for; what is said of them lies in a file, for all but small
    documents. `nodes` are those of which anything is said. Used by one thread.
    """

    __slots__ = (
        "_bare",
        "_more",
        "_pointing",
        "_recent",
        "_recent_size",
        "_said",
        "_size",
        "_spool",
        "_types",
        "concepts",
        "kinds",
        "listing",
        "nodes",
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
        self._said: dict[str, int] = {}  # where it lies; one number takes a quarter of what a list of two would
        self._more: dict[str, list[int]] = {}  # and where else, for what does not stand together
        self._bare: set[str] = set()
        self._recent: dict[str, _Said] = {}
        self._recent_size = self._size = 0
        concepts: set[str] = set()
        types: dict[str, int] = {}
        pointing: dict[str, list[tuple[str, str]]] = {}
        for subject, predicate, value in self._lay_down(pieces, watched | lists | {TYPE}):
            if predicate == TYPE:
                if value in CLASSES:
                    types[subject] = types.get(subject, 0) | CLASSES[value]
                elif value in _CONCEPTS:
                    concepts.add(subject)
            elif predicate in watched:
                pointing.setdefault(value, []).append((predicate, subject))
            if predicate in lists:
                self.listing.add(subject)
        self.nodes = self._said.keys()
        self._pointing = pointing
        self._types = types
        self.concepts = frozenset(concepts)
        self.kinds = MappingProxyType(dict(_kinds(types, points=points)))

    def __len__(self) -> int:
        return self._size

    def values(self, node: str) -> Sequence[str]:
        """What is said of a node in literals, as `predicate object` texts."""
        return self._of(node).values

    def links(self, node: str) -> Sequence[str]:
        """What else is said of a node."""
        return self._of(node).links

    def types(self, node: str) -> Sequence[str]:
        """The classes a node is said to belong to, as `<iri>`."""
        return [rest[len(TYPE) + 1 :] for rest in self.links(node) if rest.startswith(TYPE)]

    def pointing_at(self, node: str) -> Sequence[tuple[str, str]]:
        """The (predicate, subject) pairs of watched predicates whose object is the node."""
        return self._pointing.get(node, _NO_LINKS)

    def places(self, node: str) -> Sequence[int]:
        """Where it lies what is said of a node: each place is where it begins, times `BLOCK`, and how long it is."""
        return (self._said[node], *self._more.get(node, ()))

    def traits(self) -> Callable[[str], int]:
        """Return what tells of a node, in the bits named above, what these statements know of it."""
        pointing = {subject for pairs in self._pointing.values() for _, subject in pairs}
        known = ((self.concepts, CONCEPT), (self.listing, LISTING), (pointing, POINTS), (self._bare, BARE))

        def traits(node: str) -> int:
            return self._types.get(node, 0) | sum(bit for nodes, bit in known if node in nodes)

        return traits

    def is_bare(self, node: str) -> bool:
        """Whether nothing is said of a node but its types."""
        return node in self._bare or node not in self._said

    def _of(self, node: str) -> _Said:
        if node not in self._said:
            return _NOTHING
        found = self._recent.get(node)
        if found is None:
            values: list[str] = []
            links: list[str] = []
            for place in self.places(node):
                said, linked = self._at(*divmod(place, BLOCK))
                values += said
                links += linked
            found = _Said(values, links)
            if self._recent_size + len(values) + len(links) > _RECENT:
                self._recent.clear()
                self._recent_size = 0
            self._recent[node] = found
            self._recent_size += len(values) + len(links)
        return found

    def _at(self, place: int, size: int) -> tuple[Sequence[str], Sequence[str]]:
        """What lies at a place: literals, and what else is said."""
        said, _, linked = self._spool.get(place, size).decode().partition(_BETWEEN)
        return said.split(_LINE) if said else (), linked.split(_LINE) if linked else ()

    def _lay_down(self, pieces: Iterable[Iterable[str]], looked_for: Container[str]) -> Iterator[tuple[str, str, str]]:
        """Keep every statement; yield the links over predicates that are looked for."""
        current = ""
        values: list[str] = []
        links: list[str] = []
        for text in chain.from_iterable(pieces):
            subject, _, rest = text.partition(" ")
            if subject != current:
                self._put(current, values, links)
                current, values, links = subject, [], []
            predicate, _, value = rest.partition(" ")
            if value[0] == '"':
                values.append(rest)
                continue
            links.append(rest)
            if predicate in looked_for:
                yield current, predicate, value
        self._put(current, values, links)

    def _put(self, subject: str, values: list[str], links: list[str]) -> None:
        """Lay down what stands together of a subject, which may stand in several places."""
        if not (values or links):
            return
        text = f"{_LINE.join(values)}{_BETWEEN}{_LINE.join(links)}".encode()
        place = self._spool.put(text) * BLOCK + len(text)
        if not all(rest.startswith(TYPE) for rest in chain(values, links)):
            self._bare.discard(subject)
        elif subject not in self._said:
            self._bare.add(subject)
        if self._said.setdefault(subject, place) != place:
            self._more.setdefault(subject, []).append(place)
        self._size += len(values) + len(links)


def name_of(node: str) -> str:
    """The name of a node as `Record.subject` has it: the bare IRI, or `_:label`."""
    return node[1:-1] if node.startswith("<") else node


def traits_of(links: Iterable[str], watched: frozenset[str], lists: frozenset[str]) -> int:
    """Return what links (`predicate object`) say of their subject, in the bits named above; not whether it is bare."""
    traits = 0
    for link in links:
        predicate, _, value = link.partition(" ")
        if predicate == TYPE:
            traits |= CLASSES.get(value, CONCEPT if value in _CONCEPTS else 0)
        elif predicate in watched:
            traits |= POINTS
        if predicate in lists:
            traits |= LISTING
    return traits


def kind_of(traits: int) -> Kind | None:
    """Say what a typed node is, if it is a resource of a catalogue."""
    return next((kind for bit, kind in KINDS if traits & bit), None)


def _kinds(types: dict[str, int], *, points: bool) -> Iterator[tuple[str, Kind]]:
    """Say what each typed node is, if it is a resource; a FAIR Data Point mostly only leads there."""
    for node, its in types.items():
        kind = kind_of(its)
        if its & FAIR_DATA_POINT:
            if points:
                yield node, Kind.SERVICE
        elif kind is not None:
            yield node, kind
