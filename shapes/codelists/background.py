"""What our vocabulary says of the IRIs a record uses, so that ranges and code lists can be judged without a network.

The official vocabularies are tens of megabytes; a record uses a dozen of their IRIs. Of exactly these a validator is
given the type its profile asks for, the list it stands in, and a label.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Final

import pyoxigraph as ox

from shapes.codelists import CodeList, ListedConcept, codelists, listed, normalise, owner, table
from shapes.vocabulary import DCT, FOAF, RDF, RDFS, SKOS, expand

_TYPE: Final = ox.NamedNode(RDF.type)
_SUBCLASS: Final = ox.NamedNode(RDFS.subClassOf)
_IN_SCHEME: Final = ox.NamedNode(SKOS.inScheme)
_LABEL: Final = ox.NamedNode(SKOS.prefLabel)
_TITLE: Final = ox.NamedNode(DCT.title)
_NAME: Final = ox.NamedNode(FOAF.name)
_EXACT: Final = ox.NamedNode(SKOS.exactMatch)
_CONCEPT: Final = ox.NamedNode(SKOS.Concept)
_CONCEPT_SCHEME: Final = ox.NamedNode(SKOS.ConceptScheme)
_FORMER_PERSONAL_DATA: Final = "https://w3id.org/dpv/dpv-pd#"


def background(iris: Iterable[str]) -> Iterator[ox.Triple]:
    """Return what our code lists and prefix table say of exactly these IRIs, each written as the node wrote it.

    A listed IRI gets the classes of its list, skos:inScheme and an English label. Another spelling of a listed IRI gets
    the same classes and label and skos:exactMatch to the listed one, but not skos:inScheme: the profiles ask for the
    listed IRI itself. (The former DPV namespace of personal data is the exception: Release 8 asks for it.) An unknown
    code in a list's namespace gets the classes, and its code as label. A class gets the broader classes that ranges ask
    for, so give the classes a record states too. An IRI we know nothing of gets nothing.
    """
    for iri in dict.fromkeys(iris):
        yield from _statements(iri)


def unknown(iri: str) -> bool:
    """Whether `background` has nothing to say of an IRI because of its host. Most IRIs of a record are such."""
    return _host(iri) not in _hosts()


@lru_cache(maxsize=16_384)
def _statements(iri: str) -> tuple[ox.Triple, ...]:
    if unknown(iri):
        return ()
    canonical = normalise(iri)
    found = listed(canonical)
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return ()
    if found is not None:
        return tuple(_of_listed(node, canonical, *found))
    owned = owner(canonical)
    if owned is not None:
        label = canonical[len(owned.base) :]
        return (*_typed(node, owned.classes), ox.Triple(node, _LABEL, ox.Literal(label)))
    return tuple(_of_class(node)) or tuple(_of_scheme(node)) or tuple(_of_prefix(node))


def _of_listed(node: ox.NamedNode, canonical: str, found: CodeList, concept: ListedConcept) -> Iterator[ox.Triple]:
    """The listed IRI itself, or another spelling of it."""
    yield from _typed(node, found.classes)
    label = concept.labels.get("en", concept.code)
    yield ox.Triple(node, _LABEL, ox.Literal(label, language="en"))
    if node.value == canonical or node.value.startswith(_FORMER_PERSONAL_DATA):
        yield ox.Triple(node, _IN_SCHEME, ox.NamedNode(found.scheme))
    else:
        yield ox.Triple(node, _EXACT, ox.NamedNode(canonical))


def _of_class(node: ox.NamedNode) -> Iterator[ox.Triple]:
    """A class that is narrower than one a range asks for: whoever is a foaf:Organization is a foaf:Agent."""
    broader = _classes().get(node.value)
    while broader is not None:
        yield ox.Triple(node, _SUBCLASS, ox.NamedNode(broader))
        node, broader = ox.NamedNode(broader), _classes().get(broader)


def _of_scheme(node: ox.NamedNode) -> Iterator[ox.Triple]:
    """A code list named as a whole, as in dcat:themeTaxonomy."""
    title = _schemes().get(node.value)
    if title is not None:
        yield ox.Triple(node, _TYPE, _CONCEPT_SCHEME)
        yield ox.Triple(node, _TITLE, ox.Literal(title, language="en"))


def _of_prefix(node: ox.NamedNode) -> Iterator[ox.Triple]:
    """An IRI of a register we know by the beginning of its IRIs only: media types, places, laws, licences."""
    for prefix, classes, scheme in _prefixes():
        if node.value.startswith(prefix) and len(node.value) > len(prefix):
            yield from _typed(node, classes)
            label = ox.Literal(node.value[len(prefix) :])
            yield ox.Triple(node, _NAME if FOAF.Agent in classes else _LABEL, label)
            if scheme:
                yield ox.Triple(node, _IN_SCHEME, ox.NamedNode(scheme))
            return


def _typed(node: ox.NamedNode, classes: Iterable[str]) -> Iterator[ox.Triple]:
    return (ox.Triple(node, _TYPE, ox.NamedNode(each)) for each in classes)


def _host(iri: str) -> str:
    """The host of an IRI, in lower case; for an IRI without one, its scheme."""
    scheme, _, rest = iri.partition("://")
    return rest.partition("/")[0].partition("#")[0].casefold() if rest else scheme.partition(":")[0].casefold()


@cache
def _hosts() -> frozenset[str]:
    """The hosts of every IRI our tables know. Most IRIs of a record are at others, and need no further look."""
    known = {prefix for prefix, _, _ in _prefixes()} | {each.base for each in codelists().values()}
    known |= _schemes().keys() | _classes().keys()
    known |= {concept.iri for each in codelists().values() for concept in each.concepts}
    known |= {row["written"] for row in table("aliases")}
    return frozenset(map(_host, known))


@cache
def _schemes() -> Mapping[str, str]:
    return {each.scheme: each.title for each in codelists().values()}


@cache
def _classes() -> Mapping[str, str]:
    """Class and the next broader one. DCAT's own classes are left out: a catalogue is not judged as a dataset."""
    return {expand(row["class"]): expand(row["broader"]) for row in table("classes")}


@cache
def _prefixes() -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """Prefix, classes and scheme, longest prefix first."""
    rows = ((row["prefix"], tuple(map(expand, row["classes"].split())), row["scheme"]) for row in table("prefixes"))
    return tuple(sorted(rows, key=lambda row: -len(row[0])))
