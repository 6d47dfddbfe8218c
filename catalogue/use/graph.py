"""Conditions of use in the derived graph of a dataset: each term once, whatever form its node gave it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from catalogue.dataset import Dataset
from catalogue.use.concepts import disease_iri
from catalogue.use.conditions import OTHERS, conditions_of
from catalogue.use.doubts import doubts
from catalogue.use.terms import iri_of
from shapes.vocabulary import GDIX

_DISEASE: Final = "DS"


def condition_triples(dataset_iri: str, dataset: Dataset) -> Iterator[ox.Triple]:
    """Say which DUO terms of today a dataset's policies state, the diseases they name, and what is odd in them."""
    node = ox.NamedNode(dataset_iri)
    conditions = conditions_of(dataset)
    terms = sorted({term for policy in conditions.policies for term in policy})
    for shorthand in dict.fromkeys(term.shorthand for term in terms):
        yield ox.Triple(node, ox.NamedNode(GDIX.condition), ox.NamedNode(iri_of(shorthand)))
    keys = dict.fromkeys(key for term in terms if term.shorthand == _DISEASE for key in term.restricted_to)
    for key in keys:
        address = disease_iri(key)
        if address not in (OTHERS, key):
            yield ox.Triple(node, ox.NamedNode(GDIX.conditionDisease), ox.NamedNode(address))
    for doubt in doubts(dataset):
        yield ox.Triple(node, ox.NamedNode(GDIX.conditionDoubt), ox.Literal(doubt, language="en"))
