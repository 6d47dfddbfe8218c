"""A record's statements as the compiled engine looks at them: N-Triples text in dictionaries.

The statements delivered (`own`) and what the vocabularies say of the IRIs in them (`learn`) stay apart as far as it
matters: only what was delivered is judged, and all of it is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import pyoxigraph as ox

from shapes.engine.result import Hit
from shapes.engine.text import term_of
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import RDF, RDFS

Said: TypeAlias = Mapping[str, Sequence[str]]

TYPE: Final = f"<{RDF.type}>"
_SUBCLASS: Final = f"<{RDFS.subClassOf}>"
_NOTHING: Final[Said] = {}
_FEW: Final = 16


class Index:
    """Subject -> predicate -> values, all as N-Triples text; the values of one property are distinct.

    `own` holds what was delivered, `all` also the background. `verdicts` and `details` are for the engine: what was
    found of a node by a shape that others refer to, so that no shape is asked twice of the same node.
    """

    __slots__ = ("_inverse", "_supers", "all", "details", "own", "verdicts")

    def __init__(self, own: Mapping[str, Said]) -> None:
        self.own = own
        self.all: dict[str, Said] = dict(own)
        self.verdicts: dict[tuple[int, str], bool] = {}
        self.details: dict[tuple[int, str], tuple[Hit, ...]] = {}
        self._inverse: dict[str, dict[str, list[str]]] | None = None
        self._supers: dict[str, frozenset[str]] = {}

    @classmethod
    def of_body(cls, body: bytes) -> Index:
        """Read canonical N-Triples, as records carry them: one statement a line, none twice, each line ended."""
        own: dict[str, dict[str, list[str]]] = {}
        said: dict[str, list[str]] = {}
        values: list[str] = []
        last = name = ""
        for line in body.decode().split(" .\n"):
            if not line:
                continue
            subject, predicate, value = line.split(" ", 2)
            if value[:2] == "<<":
                continue  # RDF 1.2 triple terms: SHACL 1.0 knows none
            if subject != last:
                last, name = subject, ""
                said = own.setdefault(subject, {})
            if predicate != name:
                name = predicate
                values = said.setdefault(predicate, [])
            values.append(value)
        return cls(own)

    @classmethod
    def of_triples(cls, triples: Iterable[ox.Triple]) -> Index:
        """Index any triples; repeated ones count once."""
        return cls(_grouped(triples))

    def learn(self, node: str, said: Said) -> None:
        """Add background about one node. `said` is kept, not copied, and must not change."""
        known = self.all.get(node)
        if known is None:
            self.all[node] = said
            return
        self.all[node] = {**known, **{name: _united(known.get(name, ()), said[name]) for name in said}}

    def learn_triples(self, triples: Iterable[ox.Triple]) -> None:
        """Add background given as triples."""
        for node, said in _grouped(triples).items():
            self.learn(node, said)

    def subjects(self, predicate: str, value: str) -> Sequence[str]:
        """Every node that has this value for this property (the inverse index is made on first use)."""
        if self._inverse is None:
            self._inverse = {}
            for subject, said in self.all.items():
                for name, values in said.items():
                    of_name = self._inverse.setdefault(name, {})
                    for each in values:
                        of_name.setdefault(each, []).append(subject)
        return self._inverse.get(predicate, {}).get(value, ())

    def supers(self, kind: str) -> frozenset[str]:
        """A class and every class above it, as far as delivered or known."""
        found = self._supers.get(kind)
        if found is None:
            above = {kind}
            waiting = [kind]
            while waiting:
                for each in self.all.get(waiting.pop(), _NOTHING).get(_SUBCLASS, ()):
                    if each not in above:
                        above.add(each)
                        waiting.append(each)
            found = self._supers[kind] = frozenset(above)
        return found

    def is_a(self, node: str, kind: str) -> bool:
        """Whether a node is a SHACL instance of a class (SHACL 1.0, section 1.1)."""
        types = self.all.get(node, _NOTHING).get(TYPE, ())
        return kind in types or any(kind in self.supers(each) for each in types)

    def iris(self) -> set[str]:
        """The IRIs delivered as subjects or values."""
        found = {value for said in self.own.values() for values in said.values() for value in values if value[0] == "<"}
        found.update(node for node in self.own if node[0] == "<")
        return found

    def delivered(self) -> RecordGraph:
        """What was delivered, as terms."""
        return RecordGraph(_triples(self.own))

    def graph(self) -> RecordGraph:
        """What was delivered and what is known, as terms."""
        return RecordGraph(_triples(self.all))

    def view(self) -> RecordGraph:
        """What was delivered, as a graph that makes its terms when it is asked for them."""
        return _View(self)


class _View(RecordGraph):
    """A graph over an index. Values are looked up there; whatever else is asked, the graph is made first."""

    __slots__ = ("_index",)

    def __init__(self, index: Index) -> None:
        self._index = index

    def __getattr__(self, name: str) -> object:
        """Make the graph, when one of its own parts is missed for the first time."""
        if name not in RecordGraph.__slots__:
            raise AttributeError(name)
        super().__init__(_triples(self._index.own))
        return getattr(self, name)

    def values(self, node: Node, predicate: str) -> Sequence[Term]:
        said = self._index.own.get(str(node), _NOTHING)
        return tuple(map(term_of, said.get(f"<{predicate}>", ())))

    def value(self, node: Node, predicate: str) -> Term | None:
        return next(iter(self.values(node, predicate)), None)


def _grouped(triples: Iterable[ox.Triple]) -> dict[str, dict[str, Sequence[str]]]:
    """Group triples by subject and predicate.

    Few values stand in a tuple, which Python's garbage collector does not look at again; many in a list with a set
    beside it, because a catalogue names a hundred thousand datasets.
    """
    found: dict[str, dict[str, Sequence[str]]] = {}
    many: dict[tuple[str, str], tuple[list[str], set[str]]] = {}
    for triple in triples:
        if isinstance(triple.subject, ox.Triple) or isinstance(triple.object, ox.Triple):
            continue
        subject, predicate, value = str(triple.subject), str(triple.predicate), str(triple.object)
        said = found.get(subject)
        if said is None:
            said = found[subject] = {}
        values = said.get(predicate)
        if values is None:
            said[predicate] = (value,)
        elif len(values) < _FEW:
            if value not in values:
                said[predicate] = (*values, value)
        else:
            key = (subject, predicate)
            if key not in many:
                many[key] = (list(values), set(values))
                said[predicate] = many[key][0]
            listed, known = many[key]
            if value not in known:
                known.add(value)
                listed.append(value)
    return found


def _united(some: Sequence[str], more: Sequence[str]) -> Sequence[str]:
    return tuple(dict.fromkeys((*some, *more)))


def _triples(index: Mapping[str, Said]) -> Iterator[ox.Triple]:
    for node, said in index.items():
        subject = term_of(node)
        if isinstance(subject, ox.Literal):
            raise TypeError("a literal is no subject")
        for name, values in said.items():
            predicate = ox.NamedNode(name[1:-1])
            for value in values:
                yield ox.Triple(subject, predicate, term_of(value))
