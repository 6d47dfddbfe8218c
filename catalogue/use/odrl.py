"""Conditions of use as ODRL policies (W3C ODRL 2.2): what a dataset states in DUO terms, said as rules.

A permission and what limits it become constraints, what a user has to do becomes duties, what is not allowed becomes
prohibitions. Every rule names the DUO term it says (dct:source), so nothing is lost where ODRL has no word for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import pyoxigraph as ox

from catalogue.countries import country_iri
from catalogue.use.concepts import disease_iri
from catalogue.use.conditions import OTHERS, Conditions, Term
from catalogue.use.terms import KINDS, iri_of, words_of
from shapes.vocabulary import DCT, EU, OBO, ODRL, RDF, XSD

Value: TypeAlias = ox.NamedNode | ox.Literal
_COMMERCIAL: Final = "http://creativecommons.org/ns#CommercialUse"
_METHODS: Final = (OBO.DUO_0000031,)
_ORIGINS: Final = (OBO.DUO_0000032, OBO.DUO_0000033)
_DUTIES: Final = frozenset({"PUB", "COL", "IRB", "RTN"})
_CONTINENTS: Final = frozenset({"AFRICA", "AMERICA", "ANTARCTICA", "ASIA", "EUROPE", "OCEANIA"})


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom and what a policy is about: the dataset, and the bodies that decide, by IRI."""

    dataset: str
    assigners: tuple[str, ...] = ()


def odrl_triples(conditions: Conditions, parties: Parties, base: str) -> Iterator[ox.Triple]:
    """Yield one odrl:Offer for each policy, named `{base}1`, `{base}2`, ...; nothing where no DUO term is stated."""
    for number, terms in enumerate(conditions.policies, 1):
        yield from _Offer(f"{base}{number}", parties).triples(terms)


class _Offer:
    """Writes one policy; its rules are blank nodes numbered in the order of the terms."""

    def __init__(self, iri: str, parties: Parties) -> None:
        self._iri = ox.NamedNode(iri)
        self._parties = parties
        self._count = 0

    def triples(self, terms: tuple[Term, ...]) -> Iterator[ox.Triple]:
        yield _say(self._iri, RDF.type, ox.NamedNode(ODRL.Offer))
        yield _say(self._iri, RDF.type, ox.NamedNode(ODRL.Policy))
        yield _say(self._iri, ODRL.uid, self._iri)
        yield from (_say(self._iri, ODRL.assigner, ox.NamedNode(each)) for each in self._parties.assigners)
        permission = self._node()
        yield _say(self._iri, ODRL.permission, permission)
        yield from self._rule(permission, ODRL.Permission, ODRL.use)
        for term in terms:
            yield from self._limit(permission, term)
            yield from self._duty(permission, term)
            yield from self._prohibited(term)

    def _node(self) -> ox.BlankNode:
        self._count += 1
        return ox.BlankNode(f"rule{self._count}of{self._iri.value.rpartition('-')[2]}")

    def _rule(self, node: ox.BlankNode, kind: str, action: str) -> Iterator[ox.Triple]:
        yield _say(node, RDF.type, ox.NamedNode(kind))
        yield _say(node, ODRL.target, ox.NamedNode(self._parties.dataset))
        yield _say(node, ODRL.action, ox.NamedNode(action))

    def _said(self, node: ox.BlankNode, term: Term) -> Iterator[ox.Triple]:
        yield _say(node, DCT.source, ox.NamedNode(iri_of(term.shorthand)))
        yield _say(node, DCT.description, ox.Literal(words_of(term.shorthand), language="en"))

    def _limit(self, permission: ox.BlankNode, term: Term) -> Iterator[ox.Triple]:
        for left, operator, values in _limits(term):
            node = self._node()
            yield _say(permission, ODRL.constraint, node)
            yield from self._constraint(node, left, operator, values)
            yield from self._said(node, term)

    def _constraint(self, node: ox.BlankNode, left: str, operator: str, values: Iterable[Value]) -> Iterator[ox.Triple]:
        yield _say(node, RDF.type, ox.NamedNode(ODRL.Constraint))
        yield _say(node, ODRL.leftOperand, ox.NamedNode(left))
        yield _say(node, ODRL.operator, ox.NamedNode(operator))
        yield from (_say(node, ODRL.rightOperand, value) for value in values)

    def _duty(self, permission: ox.BlankNode, term: Term) -> Iterator[ox.Triple]:
        if term.shorthand in _DUTIES:
            node = self._node()
            yield _say(permission, ODRL.duty, node)
            yield _say(node, RDF.type, ox.NamedNode(ODRL.Duty))
            yield _say(node, ODRL.action, ox.NamedNode(iri_of(term.shorthand)))
            yield from self._said(node, term)

    def _prohibited(self, term: Term) -> Iterator[ox.Triple]:
        forbidden = _FORBIDDEN.get(term.shorthand)
        if forbidden is None:
            return
        action, purposes = forbidden
        node = self._node()
        yield _say(self._iri, ODRL.prohibition, node)
        yield from self._rule(node, ODRL.Prohibition, action)
        yield from self._said(node, term)
        limits: list[tuple[str, str, list[Value]]] = []
        if purposes:
            limits.append((ODRL.purpose, ODRL.isAnyOf, [ox.NamedNode(each) for each in purposes]))
        if term.shorthand == "MOR" and term.restricted_to:
            limits.append((ODRL.dateTime, ODRL.lt, [_typed(term.restricted_to[0], XSD.date)]))
        for left, operator, values in limits:
            constraint = self._node()
            yield _say(node, ODRL.constraint, constraint)
            yield from self._constraint(constraint, left, operator, values)
            yield from self._said(constraint, term)


# What is not allowed: the action, and the purposes for which it is not.
_FORBIDDEN: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "NCU": (_COMMERCIAL, ()),
    "NPUNCU": (_COMMERCIAL, ()),
    "NMDS": (ODRL.use, _METHODS),
    "NPOA": (ODRL.use, _ORIGINS),
    "MOR": (ODRL.distribute, ()),
}


def _say(
    node: ox.NamedNode | ox.BlankNode, predicate: str, value: ox.NamedNode | ox.BlankNode | ox.Literal
) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(predicate), value)


def _typed(value: str, datatype: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(datatype))


def _limits(term: Term) -> Iterator[tuple[str, str, list[Value]]]:
    """The constraints a term puts on the permission: left operand, operator, right operands."""
    keys = [key for key in term.restricted_to if key != OTHERS]
    if term.shorthand in _DUTIES or (term.shorthand in _FORBIDDEN and term.shorthand != "NPUNCU"):
        return
    left = _LEFT.get(term.shorthand, ODRL.purpose)
    if left == ODRL.purpose or not keys:
        yield left, ODRL.isA, [ox.NamedNode(iri_of(term.shorthand))]
    if keys:
        write, operator = _RIGHT.get(term.shorthand, (_text, ODRL.isAnyOf))
        yield left, operator, [write(key) for key in keys]


_LEFT: Final[Mapping[str, str]] = {
    "GS": ODRL.spatial,
    "TS": ODRL.elapsedTime,
    "US": ODRL.recipient,
    "IS": ODRL.recipient,
    "NPU": ODRL.recipient,
    "NPUNCU": ODRL.recipient,
}


def _text(key: str) -> Value:
    return ox.Literal(key)


def _iri_or_text(key: str) -> Value:
    address = disease_iri(key)
    return ox.NamedNode(address) if address != key or "://" in key else ox.Literal(key)


def _kind(key: str) -> Value:
    code = next((code for code, label in KINDS.items() if label == key), None)
    return ox.NamedNode(iri_of(code)) if code else ox.Literal(key)


def _region(key: str) -> Value:
    iri = country_iri(key) or (f"{EU.base}continent/{key}" if key in _CONTINENTS else None)
    return ox.NamedNode(iri) if iri else ox.Literal(key)


def _months(key: str) -> Value:
    return _typed(f"P{key}M", XSD.duration)


_RIGHT: Final[Mapping[str, tuple[Callable[[str], Value], str]]] = {
    "DS": (_iri_or_text, ODRL.isAnyOf),
    "RS": (_kind, ODRL.isAnyOf),
    "GS": (_region, ODRL.isAnyOf),
    "TS": (_months, ODRL.lteq),
}
