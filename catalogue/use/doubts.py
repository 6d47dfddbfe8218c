"""What is odd in stated conditions: terms that contradict each other, and terms without what they need.

Every doubt is a sentence for the node; none changes what its record says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from catalogue.dataset import Dataset
from catalogue.use.conditions import Conditions, Term, conditions_of
from catalogue.use.terms import HEADS, SUPERSEDED, code_of, label_of, shorthands

# Pairs of terms that cannot both hold.
_AGAINST: Final = (("POA", "NPOA"),)
# Terms that narrow what NRES ("no restriction") leaves open.
_NARROWING: Final = frozenset(
    {"RS", "NMDS", "GSO", "NPUNCU", "NPU", "NCU", "COL", "IRB", "GS", "TS", "US", "PS", "IS", "NPOA"}
)
# Terms by which not everybody gets the data, so that they are not open.
_SELECTING: Final = _NARROWING - {"NMDS", "GSO", "NPOA", "NCU"}
# Terms that say nothing without what restricts them, and what that is.
_NEEDS: Final = {
    "DS": "a disease",
    "GS": "a region",
    "TS": "a number of months",
    "MOR": "a date",
    "RS": "a kind of research",
    "PS": "a project",
    "IS": "an institution",
}
_OPEN_LICENCES: Final = ("CC0", "CC_BY", "CC_BY_4_0", "CC_BYSA", "CC_BYSA_4_0", "ODC_BY", "ODC_PDDL")


def doubts(dataset: Dataset) -> tuple[str, ...]:
    """Return what is odd in the conditions of a dataset, each once."""
    conditions = conditions_of(dataset)
    found = (*_in_policies(conditions), *_of_codes(dataset), *_beside(dataset, conditions))
    return tuple(dict.fromkeys(found))


def _in_policies(conditions: Conditions) -> Iterator[str]:
    for terms in conditions.policies:
        yield from _of_permissions([term for term in terms if term.permission])
        names = {term.shorthand for term in terms}
        narrowing = sorted(names & _NARROWING)
        if "NRES" in names and narrowing:
            yield f"NRES says that there is no restriction, yet the policy restricts use ({', '.join(narrowing)})."
        for one, other in _AGAINST:
            if {one, other} <= names:
                yield f"{one} ({label_of(one)}) and {other} ({label_of(other)}) cannot both hold."
        for term in terms:
            if term.shorthand in _NEEDS and not term.restricted_to:
                yield f"{term.shorthand} ({label_of(term.shorthand)}) does not say {_NEEDS[term.shorthand]}."
    if len(conditions.policies) > 1:
        yield "The record has several policies with different conditions, and does not say which holds when."


def _of_permissions(permissions: list[Term]) -> Iterator[str]:
    named = " and ".join(f"{term.shorthand} ({label_of(term.shorthand)})" for term in permissions)
    if len(permissions) > 1:
        yield f"A policy has one main permission; this one has {named}."
    elif not permissions:
        yield "A policy has one main permission; this one has none, only what modifies it."


def _of_codes(dataset: Dataset) -> Iterator[str]:
    for use in (use for policy in dataset.policies for use in policy.data_uses):
        if use.code in SUPERSEDED:
            today = " and ".join(code_of(each) for each in shorthands(use.code))
            yield f"{use.code} is obsolete; DUO has {today} in its place."
        elif use.code in HEADS:
            yield f"{use.code} ({use.label}) is the head of a branch of DUO: it says nothing by itself."
        elif not use.known:
            yield f"{use.code} is no term of the Data Use Ontology we know."
        if use.stated_label is not None:
            yield f'The record calls {use.code} "{use.stated_label}"; DUO calls it "{use.label}".'


def _beside(dataset: Dataset, conditions: Conditions) -> Iterator[str]:
    """Conditions against the access rights and the licence of the same record."""
    names = {term.shorthand for terms in conditions.policies for term in terms}
    selecting = sorted(names & _SELECTING)
    if dataset.access_rights is not None and dataset.access_rights.code == "PUBLIC" and selecting:
        yield f"dct:accessRights is PUBLIC, yet a policy restricts who may use the data ({', '.join(selecting)})."
    not_commercial = sorted(names & {"NPU", "NCU", "NPUNCU"})
    licence = dataset.licence
    if licence is not None and licence.code in _OPEN_LICENCES and not_commercial:
        yield f"The licence {licence.code} allows commercial use, yet a policy does not ({', '.join(not_commercial)})."
