"""Codes of the Data Use Ontology under a label that says something else.

Who reads the page reads the label, who decides by machine reads the code: where they differ, data is used against its
terms. Published guides have shown HMB as "general research use", and an abstract class as "infectious disease".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

import pyoxigraph as ox

from shapes.checks.breach import Breach
from shapes.codelists import ListedConcept, codelist, concept
from shapes.record import Record
from shapes.vocabulary import DCT, OBO, RDFS, SKOS

_LABELS: Final = (RDFS.label, SKOS.prefLabel, DCT.title)
# A code in brackets or behind a dash: the label that a text gives to it.
_CITED: Final = re.compile(r"DUO[:_](\d{7})\s*(?:\(\s*([^()]{2,80})\)|[-–—:]\s+([^();,.]{2,80}))")
_EMPTY: Final = frozenset(
    {"and", "or", "of", "the", "for", "to", "on", "only", "use", "data", "duo", "is", "no", "not"}
)
# Words that begin alike say the same: ethics and ethical, restriction and restricted.
_STEM: Final = 5


def contradicted_labels(record: Record) -> Iterator[Breach]:
    """Yield the DUO codes of a record whose label belongs to another code, or shares no word with their own.

    Labels are those of the code itself, and texts that cite a code with a label. A label in a language other than
    English is only compared with the labels of the other codes.
    """
    if b"DUO" not in record.body:
        return
    graph = record.graph()
    for node in graph.nodes():
        named = _code(node.value) if isinstance(node, ox.NamedNode) and "DUO_" in node.value else None
        for path, values in graph.predicates(node).items():
            for value in values:
                if isinstance(value, ox.Literal) and _contradicted(named if path in _LABELS else None, value):
                    yield Breach(node, path, value)


def _contradicted(named: ListedConcept | None, text: ox.Literal) -> bool:
    """Whether a text is a wrong label of the code it is said of, or cites a code with a wrong label."""
    said = [(named, text.value)] if named is not None else list(_cited(text.value))
    return any(contradicts(code, label, text.language or "en") for code, label in said)


def contradicts(code: ListedConcept, label: str, language: str = "en") -> bool:
    """Whether a label says something else than the code it is given to."""
    words = _words(label)
    if not words:
        return False
    meant = _by_words().get(words)
    if meant is not None:
        return meant != code.iri
    return language.partition("-")[0] == "en" and not _stems(words) & _own(code)


def _code(iri: str) -> ListedConcept | None:
    found = concept(iri)
    return found if found is not None and found.iri.startswith(f"{OBO.base}DUO_") else None


def _cited(text: str) -> Iterator[tuple[ListedConcept, str]]:
    for number, bracketed, after in _CITED.findall(text) if "DUO" in text else ():
        found = _code(f"{OBO.base}DUO_{number}")
        if found is not None:
            yield found, bracketed or after


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", re.sub(r"\bDUO[:_]\d{7}\b", " ", text).lower())) - _EMPTY


def _stems(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in words)


@cache
def _by_words() -> Mapping[frozenset[str], str]:
    """The code every label and shorthand of the ontology stands for."""
    return {
        words: each.iri
        for each in codelist("duo").concepts
        for text in (*each.labels.values(), each.short)
        if (words := _words(text))
    }


def _own(code: ListedConcept) -> frozenset[str]:
    """The words that stand for a code: of its labels, its shorthand, and what it means."""
    texts = (*code.labels.values(), code.short, code.note)
    return frozenset(stem for text in texts for stem in _stems(_words(text)))
