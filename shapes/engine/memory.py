"""Triples of ours as an rdflib graph over plain dictionaries, and rdflib's terms back as ours.

Three things are done to a term on its way in, and undone on its way out, so that pySHACL sees what was delivered:

- no literal is normalised (`"007"^^xsd:integer` stays as it is);
- a literal whose lexical form its datatype does not allow gets a datatype of our own instead, so that it matches no
  `sh:datatype`, compares with nothing and equals only itself. rdflib's own test for this is too lenient (see `xsd`);
- datatypes whose values rdflib would parse as XML or HTML are renamed, in shapes and data alike: nobody needs the
  parsed value, and strangers' markup is not parsed for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeAlias

import pyoxigraph as ox
import rdflib
from rdflib.namespace import NamespaceManager
from rdflib.term import Identifier

from shapes.engine.xsd import well_formed
from shapes.graph import Term
from shapes.vocabulary import RDF, XSD

RdflibTriple: TypeAlias = tuple[Any, Any, Any]

_ILL_TYPED: Final = "urn:gdi-catalogue:ill-typed:"
_UNPARSED: Final = "urn:gdi-catalogue:unparsed:"
_MARKUP: Final = frozenset((RDF.HTML, RDF.XMLLiteral, RDF.JSON))
_STRING: Final = XSD.string


class _Value(rdflib.Literal):
    """A literal for which "cannot be compared" means "is not less": SHACL 1.0, sections 4.5.3 and 4.5.4.

    rdflib raises TypeError there, and pySHACL would give up on the whole record.
    """

    __slots__ = ()

    def __lt__(self, other: object) -> bool:
        return _holds(super().__lt__, other)

    def __le__(self, other: object) -> bool:
        return _holds(super().__le__, other)

    def __gt__(self, other: object) -> bool:
        return _holds(super().__gt__, other)

    def __ge__(self, other: object) -> bool:
        return _holds(super().__ge__, other)


def _holds(compare: Callable[[object], object], other: object) -> bool:
    try:
        return compare(other) is True
    except TypeError:
        return False


def to_rdflib(term: Term) -> rdflib.IdentifiedNode | rdflib.Literal:
    """Return the rdflib term for one of ours."""
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(_UNPARSED + term.value if term.value in _MARKUP else term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return _Value(term.value, lang=term.language)
    datatype = term.datatype.value
    if datatype == _STRING:
        return _Value(term.value)
    if not well_formed(term.value, datatype):
        datatype = _ILL_TYPED + datatype
    elif datatype in _MARKUP:
        datatype = _UNPARSED + datatype
    return _Value(term.value, datatype=rdflib.URIRef(datatype), normalize=False)


def from_rdflib(term: Identifier) -> Term:
    """Return our term for one of rdflib's: the exact inverse of `to_rdflib`."""
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(_original(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if not isinstance(term, rdflib.Literal):
        raise TypeError(f"{type(term).__name__} is no RDF term")
    if term.language:
        return ox.Literal(str(term), language=term.language)
    if term.datatype is None:
        return ox.Literal(str(term))
    return ox.Literal(str(term), datatype=ox.NamedNode(_original(term.datatype)))


def _original(iri: str) -> str:
    return iri.removeprefix(_ILL_TYPED).removeprefix(_UNPARSED)


class _NoNames(NamespaceManager):
    """Prefixes are for people; nobody reads the names the engine would make with them."""

    def bind(self, *_args: object, **_options: object) -> None:
        """Remember nothing."""

    def normalizeUri(self, rdfTerm: str) -> str:  # noqa: N802, N803 - rdflib's names
        """Return the IRI in brackets."""
        return f"<{rdfTerm}>"


class MemoryGraph(rdflib.Graph):
    """An rdflib graph with its own index, three times faster to ask than rdflib's store."""

    def __init__(self, triples: Iterable[ox.Triple] = ()) -> None:
        super().__init__(bind_namespaces="none")
        self.namespace_manager = _NoNames(self, bind_namespaces="none")
        self._forward: dict[Identifier, dict[Identifier, dict[Identifier, None]]] = {}
        self._backward: dict[Identifier, dict[Identifier, dict[Identifier, None]]] = {}
        self._size = 0
        for triple in triples:
            if not isinstance(triple.subject, ox.Triple) and not isinstance(triple.object, ox.Triple):
                self.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))

    def add(self, triple: RdflibTriple) -> MemoryGraph:
        """Add one triple; a triple that is there already changes nothing."""
        subject, predicate, value = triple
        values = self._forward.setdefault(subject, {}).setdefault(predicate, {})
        if value not in values:
            values[value] = None
            self._backward.setdefault(predicate, {}).setdefault(value, {})[subject] = None
            self._size += 1
        return self

    def forget(self, subject: Identifier, predicate: Identifier) -> None:
        """Remove every value of one property of one node."""
        for value in self._forward.get(subject, {}).pop(predicate, {}):
            del self._backward[predicate][value][subject]
            self._size -= 1

    def __len__(self) -> int:
        return self._size

    def triples(self, triple: Any) -> Iterator[Any]:  # type: ignore[override]  # noqa: ANN401 - rdflib's overloads
        """Yield every triple that fits the pattern; None stands for anything."""
        subject, predicate, value = triple
        if predicate is not None and isinstance(predicate, rdflib.paths.Path):
            for start, end in predicate.eval(self, subject, value):
                yield start, predicate, end
        elif subject is not None:
            yield from self._of_subject(subject, predicate, value)
        else:
            for name in self._backward if predicate is None else (predicate,):
                yield from self._of_predicate(name, value)

    def _of_subject(self, subject: Identifier, predicate: Identifier | None, value: Identifier | None) -> Iterator[Any]:
        predicates = self._forward.get(subject, {})
        for name in predicates if predicate is None else (predicate,):
            values = predicates.get(name, {})
            if value is None:
                for each in values:
                    yield subject, name, each
            elif value in values:
                yield subject, name, value

    def _of_predicate(self, predicate: Identifier, value: Identifier | None) -> Iterator[Any]:
        values = self._backward.get(predicate, {})
        for each in values if value is None else (value,):
            for subject in values.get(each, ()):
                yield subject, predicate, each

    def objects(  # type: ignore[override]
        self,
        subject: Any = None,  # noqa: ANN401 - rdflib's signature
        predicate: Any = None,  # noqa: ANN401 - the same
        unique: bool = False,  # noqa: FBT001, FBT002 - the same
    ) -> Iterator[Any]:
        """Yield the values of one property of one node; rdflib's own way for any other pattern."""
        if subject is None or predicate is None or isinstance(predicate, rdflib.paths.Path):
            return super().objects(subject, predicate, unique)
        return iter(self._forward.get(subject, {}).get(predicate, ()))

    def subjects(  # type: ignore[override]
        self,
        predicate: Any = None,  # noqa: ANN401 - rdflib's signature
        object: Any = None,  # noqa: A002, ANN401 - the same
        unique: bool = False,  # noqa: FBT001, FBT002 - the same
    ) -> Iterator[Any]:
        """Yield the nodes that have one value for one property; rdflib's own way for any other pattern."""
        if predicate is None or object is None or isinstance(predicate, rdflib.paths.Path | list):
            return super().subjects(predicate, object, unique)
        return iter(self._backward.get(predicate, {}).get(object, ()))

    def predicates(self, *_args: object, **_options: object) -> Iterator[Any]:  # type: ignore[override]
        """Yield nothing.

        pySHACL asks this only to write blank nodes out in its English text, which nobody reads here. It would follow
        them twelve levels deep, at a cost that a hostile graph can make endless, and keep every text for ever.
        """
        return iter(())
