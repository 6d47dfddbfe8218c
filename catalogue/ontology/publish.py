"""The vocabulary as RDF: OWL for classes and properties, SKOS for lists of values, labels and definitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from catalogue import __version__
from catalogue.ontology.model import Scheme, Sort, Term
from catalogue.ontology.schemes import SCHEMES
from catalogue.ontology.terms import GROUPS
from shapes.vocabulary import DCT, DQV, GDIX, OWL, RDF, RDFS, SD, SH, SKOS, XSD, expand

TITLE: Final = "Vocabulary of the GDI catalogue"
_ABOUT: Final = (
    "The few terms that a catalogue of genomic datasets needs and no standard has: who decides on access, how that is "
    "known, and what harvesting and validation found."
)
_TYPES: Final = {
    Sort.CLASS: OWL.Class,
    Sort.LINK: OWL.ObjectProperty,
    Sort.VALUE: OWL.DatatypeProperty,
    Sort.METRIC: DQV.Metric,
    Sort.COMPONENT: SH.ConstraintComponent,
    Sort.AGGREGATE: SD.Aggregate,
}
_PROPERTIES: Final = frozenset({Sort.LINK, Sort.VALUE})


def ontology() -> list[ox.Triple]:
    """Return the whole vocabulary."""
    return [*_head(), *(triple for group in GROUPS for term in group.terms for triple in _term(term)), *_schemes()]


def _iri(subject: str, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))


def _text(subject: str, predicate: str, value: str, language: str | None = "en") -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.Literal(value, language=language))


def _head() -> Iterator[ox.Triple]:
    base = GDIX.base.rstrip("#")
    yield _iri(base, RDF.type, OWL.Ontology)
    yield _text(base, DCT.title, TITLE)
    yield _text(base, DCT.description, _ABOUT)
    yield _text(base, OWL.versionInfo, __version__, None)
    yield _iri(base, DCT.license, "http://www.apache.org/licenses/LICENSE-2.0")
    yield _text(base, "http://purl.org/vocab/vann/preferredNamespacePrefix", "gdix", None)
    yield _text(base, "http://purl.org/vocab/vann/preferredNamespaceUri", GDIX.base, None)


def _term(term: Term) -> Iterator[ox.Triple]:
    iri = GDIX[term.name]
    yield _iri(iri, RDF.type, _TYPES[term.sort])
    if term.sort is Sort.CLASS and term.parent:
        yield _iri(iri, RDFS.subClassOf, expand(term.parent))
    if term.sort in _PROPERTIES:
        if term.parent:
            yield _iri(iri, RDFS.subPropertyOf, expand(term.parent))
        if term.domain:
            yield _iri(iri, RDFS.domain, expand(term.domain))
        if term.range:
            yield _iri(iri, RDFS.range, expand(term.range))
    if term.sort is Sort.METRIC:
        yield _iri(iri, DQV.expectedDataType, XSD.integer)
    yield from _named(iri, term.label, term.definition)


def _named(iri: str, label: str, definition: str) -> Iterator[ox.Triple]:
    yield _text(iri, RDFS.label, label)
    yield _text(iri, SKOS.definition, definition)
    yield _iri(iri, RDFS.isDefinedBy, GDIX.base.rstrip("#"))


def _schemes() -> Iterator[ox.Triple]:
    for scheme in SCHEMES:
        iri = GDIX[scheme.name]
        yield _iri(iri, RDF.type, SKOS.ConceptScheme)
        yield from _named(iri, scheme.label, f"The values of gdix:{scheme.of}; in data each is its notation.")
        yield _iri(GDIX[scheme.of], RDFS.seeAlso, iri)
        for value, meaning in scheme.values:
            concept = concept_iri(scheme, value)
            yield _iri(concept, RDF.type, SKOS.Concept)
            yield _iri(concept, SKOS.inScheme, iri)
            yield _iri(iri, SKOS.hasTopConcept, concept)
            yield _text(concept, SKOS.notation, value, None)
            yield _text(concept, SKOS.prefLabel, value.replace("-", " "))
            yield _text(concept, SKOS.definition, meaning)


def concept_iri(scheme: Scheme, value: str) -> str:
    """Return the IRI of one value of a list."""
    return GDIX[f"{scheme.name}-{value}"]
