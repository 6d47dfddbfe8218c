"""Conditions as ODRL: valid policies, from which the same conditions are read again."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.reading import read_dataset
from catalogue.use.conditions import Conditions, Term, conditions_of, read_signature, signature
from catalogue.use.modifiers import MODIFIERS
from catalogue.use.odrl import Parties, odrl_triples
from catalogue.use.terms import PERMISSIONS
from shapes.graph import RecordGraph
from shapes.vocabulary import DCAT, ODRL, RDF

DATASET, DAC = "https://node.example/dataset/1", "https://catalogue.example/dac/x"
BASE = "https://catalogue.example/dataset/abc#policy-"


def graph(conditions: Conditions) -> RecordGraph:
    return RecordGraph(odrl_triples(conditions, Parties(DATASET, (DAC,)), BASE))


def read_again(conditions: Conditions) -> str:
    """The signature of a dataset whose policies are those that were written."""
    node = ox.NamedNode(DATASET)
    own = [ox.Triple(node, ox.NamedNode(RDF.type), ox.NamedNode(DCAT.Dataset))]
    triples = list(odrl_triples(conditions, Parties(DATASET, (DAC,)), BASE))
    offers = {t.subject for t in triples if t.object == ox.NamedNode(ODRL.Offer)}
    own += [ox.Triple(node, ox.NamedNode(ODRL.hasPolicy), offer) for offer in offers]
    return signature(conditions_of(read_dataset("abc", DATASET, RecordGraph([*own, *triples]))))


@pytest.mark.parametrize(
    "written",
    [
        "NRES",
        "GRU+IRB+PUB",
        "DS(MONDO:0018940,ORPHA:590)+GS(BE,EUROPE)+NPUNCU",
        "HMB+COL+RTN+TS(24)",
        "HMB+MOR(2027-01-01)+NCU+NMDS+NPOA",
        "GRU+GSO+RS(genetic%20research)",
        "GRU+IS+PS+US",
        "GRU|HMB+NPU",
        "POA+CC",
    ],
)
def test_what_is_written_as_odrl_is_read_back_the_same(written: str) -> None:
    conditions = read_signature(written)
    assert set(read_again(conditions).split("|")) == {
        signature(Conditions((tuple(sorted(terms, key=lambda t: (not t.permission, t.shorthand))),)))
        for terms in conditions.policies
    }


_TERMS = st.sets(st.sampled_from([*PERMISSIONS, *MODIFIERS]), min_size=1).map(
    lambda names: tuple(Term(name) for name in sorted(names))
)


@given(_TERMS)
def test_every_term_is_said_and_every_rule_has_an_action_and_a_target(terms: tuple[Term, ...]) -> None:
    made = graph(Conditions((terms,)))
    assert set(read_again(Conditions((terms,))).split("+")) == {term.shorthand for term in terms}
    for node in made.nodes():
        kinds = made.types(node)
        if kinds & {ODRL.Permission, ODRL.Prohibition}:
            assert made.values(node, ODRL.action)
            assert [value.value for value in made.values(node, ODRL.target)] == [DATASET]
        if ODRL.Constraint in kinds:
            assert len(made.values(node, ODRL.leftOperand)) == len(made.values(node, ODRL.operator)) == 1
            assert made.values(node, ODRL.rightOperand)
        if ODRL.Offer in kinds:
            assert [value.value for value in made.values(node, ODRL.assigner)] == [DAC]


def test_without_duo_terms_there_is_no_policy() -> None:
    assert len(graph(Conditions(licence=""))) == 0
