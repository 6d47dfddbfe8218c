"""Concepts of code lists: one IRI per concept, its code, its labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, TypeAlias

import pyoxigraph as ox

from catalogue.dataset import Concept, Texts
from catalogue.folding import slug
from catalogue.labels import coded, language_iri, listed_labels, readable
from catalogue.reading.terms import LABELS, STATEMENTS
from catalogue.reading.values import first_texts, is_web_address, string, values
from catalogue.text import Text
from shapes.codelists import ListedConcept, concept, normalise
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import DCT, SKOS

Concepts: TypeAlias = tuple[Concept, ...]

# What nodes write where they have nothing to say.
_NOTHING: Final = frozenset({"", "n/a", "na", "none", "null", "-", "unknown", "not applicable"})
_LONGEST_LABEL = 200  # characters of a free text used as a label
_REMEMBERED: Final = 4_096  # concepts, some 500 bytes each


def concept_of(graph: RecordGraph, term: Term, lists: tuple[str, ...] = ()) -> Concept | None:
    """Read one value as a concept: an IRI, a node the record describes, or a literal (a code of `lists`, or a label).

    Labels are the record's own; where it lacks a language, our list's; where there is none at all, the IRI's last
    part in words.
    """
    if isinstance(term, ox.Literal):
        return _written(term.value, term.language, lists)
    if term not in graph:
        return _undescribed(term.value) if isinstance(term, ox.NamedNode) else None
    own = first_texts(graph, term, LABELS) or _described(graph, term)
    if isinstance(term, ox.NamedNode):
        return _named(term.value, own, string(graph, term, (SKOS.notation,)))
    code = string(graph, term, (SKOS.notation, DCT.identifier))
    listed = coded(lists, code) if code else None
    if listed is not None:
        return _listed(listed, own, None)
    return Concept(f"_:{slug(own[0].value)}", own, code) if own else None


@lru_cache(maxsize=_REMEMBERED)
def _undescribed(iri: str) -> Concept:
    """The concept of an IRI of which the record says nothing: most are such, and the same few come again and again."""
    return _named(iri, (), None)


def _named(iri: str, own: Texts, notation: str | None) -> Concept:
    listed = concept(iri)
    if listed is not None:
        return _listed(listed, own, iri)
    return Concept(normalise(iri), own or (Text(readable(iri)),), notation, iri)


def _listed(listed: ListedConcept, own: Texts, delivered: str | None) -> Concept:
    said = {label.language for label in own}
    labels = (*own, *(label for label in listed_labels(listed) if label.language not in said))
    return Concept(normalise(listed.iri), labels, listed.code, delivered, known=True)


def _described(graph: RecordGraph, node: Node) -> Texts:
    said = first_texts(graph, node, STATEMENTS)
    return tuple(Text(each.value[:_LONGEST_LABEL], each.language) for each in said)


@lru_cache(maxsize=_REMEMBERED)
def _written(value: str, language: str | None, lists: tuple[str, ...]) -> Concept | None:
    value = value.strip()
    if value.lower() in _NOTHING:
        return None
    listed = concept(value) if is_web_address(value) else coded(lists, value)
    if listed is None and "language" in lists:
        listed = concept(language_iri(value) or value)
    if listed is not None:
        return _listed(listed, (), value)
    if is_web_address(value):
        return Concept(normalise(value), (Text(readable(value)),), delivered=value)
    label = Text(value[:_LONGEST_LABEL], language.lower() if language else None)
    return Concept(f"_:{slug(value)}", (label,), delivered=value)


def distinct_concepts(found: Iterable[Concept | None]) -> Concepts:
    """The concepts, each IRI once; the first wins."""
    distinct: dict[str, Concept] = {}
    for each in found:
        if each is not None:
            distinct.setdefault(each.iri, each)
    return tuple(distinct.values())


def best_known(found: Concepts) -> Concept | None:
    """The first our lists know, else the first."""
    return next((each for each in found if each.known), found[0] if found else None)


def concepts(*lists: str) -> Callable[[RecordGraph, Node, Iterable[str]], Concepts]:
    """A reader of all concepts of a property; a literal may be a code of one of these lists."""

    def read(graph: RecordGraph, node: Node, properties: Iterable[str]) -> Concepts:
        return distinct_concepts(concept_of(graph, term, lists) for term in values(graph, node, properties))

    return read


def first_concept(*lists: str) -> Callable[[RecordGraph, Node, Iterable[str]], Concept | None]:
    """A reader of one concept: the first our lists know, else the first."""
    read_all = concepts(*lists)

    def read(graph: RecordGraph, node: Node, properties: Iterable[str]) -> Concept | None:
        return best_known(read_all(graph, node, properties))

    return read
