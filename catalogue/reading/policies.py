"""Conditions of use: ODRL policies and the terms of the Data Use Ontology (DUO), wherever a node put them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from catalogue.dataset import Agent, DataUse, Policy
from catalogue.reading.agents import agents
from catalogue.reading.restrictions import restrictions_in
from catalogue.reading.terms import LABELS
from catalogue.reading.values import first_texts, members, nodes, statements, values
from catalogue.text import pick
from catalogue.use.terms import KINDS
from shapes.codelists import concept
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import DCT, GDIX, OBO, ODRL, SKOS

# An IRI or a text that is one DUO term, in any of its spellings; and DUO codes within a longer text.
# duo.owl itself writes one term with a digit too many (DUO_00000044).
_TERM: Final = re.compile(r"DUO[:_]0?(\d{7})$", re.IGNORECASE | re.ASCII)
_CODES: Final = re.compile(r"(?<![A-Za-z0-9])DUO[:_](\d{7})(?!\d)", re.IGNORECASE | re.ASCII)
# DUO's main permissions (subclasses of DUO:0000001, data use permission); every other term modifies one.
_PERMISSIONS: Final = frozenset({"DUO:0000004", "DUO:0000006", "DUO:0000007", "DUO:0000011", "DUO:0000042"})

_BY_KIND: Final = "DUO:0000012"

_RULES: Final = (ODRL.permission, ODRL.prohibition, ODRL.obligation, ODRL.duty)
# Whom and what a rule is about are no conditions: nothing is read behind these.
_ELSEWHERE: Final = frozenset(
    {ODRL.target, ODRL.assigner, ODRL.assignee, ODRL.attributedParty, DCT.relation, DCT.isPartOf}
)
_STEPS = 200  # nodes of one policy read at most; the largest seen has about twenty
_TEXTS: Final = (DCT.description, DCT.title, SKOS.prefLabel, "http://www.w3.org/2000/01/rdf-schema#comment")
# Where nodes state DUO terms outside of a policy.
_LOOSE: Final = (
    DCT.accessRights,
    DCT.rights,
    DCT.conformsTo,
    ODRL.hasPolicy,
    GDIX.duo,
    GDIX.dataUse,
    OBO.DUO_0000001,
)


def duo_codes(term: Term) -> tuple[str, ...]:
    """The DUO terms an IRI is, or a text names: `obo:DUO_0000042` and "use: DUO:0000042" give `DUO:0000042`."""
    if isinstance(term, ox.BlankNode):
        return ()
    if isinstance(term, ox.NamedNode):
        match = _TERM.search(term.value)
        return (f"DUO:{match.group(1)}",) if match else ()
    return tuple(dict.fromkeys(f"DUO:{digits}" for digits in _CODES.findall(term.value)))


def data_use(graph: RecordGraph, code: str) -> DataUse:
    """A DUO term with the label of our list, and the record's own where it differs."""
    iri = OBO.base + code.replace(":", "_")
    listed = concept(iri)
    stated = pick(first_texts(graph, ox.NamedNode(iri), LABELS), ("en",))
    label = listed.labels.get("en") if listed else None
    return DataUse(
        code=code,
        iri=iri,
        label=label or (stated.value if stated else code),
        modifier=code not in _PERMISSIONS,
        known=listed is not None,
        stated_label=stated.value if stated and stated.value.strip().lower() != (label or "").lower() else None,
    )


def _uses(graph: RecordGraph, codes: Iterable[str], nodes: Iterable[Node]) -> tuple[DataUse, ...]:
    """Permissions first, then what modifies them; each with what the nodes of the policy restrict it to."""
    distinct = sorted(dict.fromkeys(codes))
    if _BY_KIND in distinct:  # kinds of research say what this term is restricted to, and are no terms of their own
        distinct = [code for code in distinct if code not in KINDS]
    restricted = restrictions_in(graph, nodes) if distinct else {}
    uses = (replace(data_use(graph, code), restrictions=restricted.get(code, ())) for code in distinct)
    return tuple(sorted(uses, key=lambda use: use.modifier))


def _walk(graph: RecordGraph, start: Node, seen: dict[Node, None]) -> Iterator[Term]:
    """Everything a policy is made of: rules, constraints, duties, however nested; its nodes are put into `seen`."""
    seen[start] = None
    waiting: list[Node] = [start]
    while waiting and len(seen) <= _STEPS:
        at = waiting.pop()
        for name, terms in graph.predicates(at).items():
            if name in _ELSEWHERE:
                continue
            for term in terms:
                yield term
                if not isinstance(term, ox.Literal) and term not in seen:
                    seen[term] = None
                    waiting.append(term)


def _assigners(graph: RecordGraph, node: Node) -> tuple[Agent, ...]:
    """Who grants: stated of the policy, else of its rules (ODRL 2.2, 2.7.1: the compact form)."""
    rules = nodes(graph, node, _RULES)
    found = (
        *agents(graph, node, (ODRL.assigner,)),
        *(a for rule in rules for a in agents(graph, rule, (ODRL.assigner,))),
    )
    return tuple({agent.key: agent for agent in reversed(found)}.values())[::-1]


def policy_of(graph: RecordGraph, node: Node) -> Policy | None:
    """Read a policy. None when it says nothing."""
    seen: dict[Node, None] = {}
    codes = [code for term in _walk(graph, node, seen) for code in duo_codes(term)]
    uses = _uses(graph, codes, seen)
    assigners = _assigners(graph, node)
    texts = statements(graph, node, _TEXTS)
    iri = node.value if isinstance(node, ox.NamedNode) else None
    if not (uses or assigners or texts or iri):
        return None
    return Policy(iri, assigners[0] if assigners else None, uses, texts, assigners[1:])


def policies(graph: RecordGraph, resources: Iterable[Node]) -> tuple[Policy, ...]:
    """The policies of a dataset and its distributions, each once, and the DUO terms stated outside of any.

    `resources`: the dataset, then its distributions. A DUO term already in a policy is not repeated.
    """
    resources = tuple(resources)
    found: dict[Node, Policy] = {}
    for resource in resources:
        for node in nodes(graph, resource, (ODRL.hasPolicy,)):
            policy = None if node in found or duo_codes(node) else policy_of(graph, node)
            if policy is not None:
                found[node] = policy
    known = {use.code for policy in found.values() for use in policy.data_uses}
    if _BY_KIND in known:
        known.update(KINDS)
    around: dict[Node, None] = {}
    stated = tuple(_stated_loosely(graph, resources, around))
    codes = [code for code in stated if code not in known]
    loose = (Policy(None, None, _uses(graph, codes, around)),) if codes else ()
    # A policy repeated as a blank node on every distribution is one.
    return (*dict.fromkeys(found.values()), *loose)


def _stated_loosely(graph: RecordGraph, resources: Iterable[Node], around: dict[Node, None]) -> Iterator[str]:
    """DUO terms on the resource itself, on a rights statement, or in its text; `around` takes the nodes they are on."""
    for resource in resources:
        for term in values(graph, resource, _LOOSE):
            yield from duo_codes(term)
            if isinstance(term, ox.Literal) or duo_codes(term):
                continue
            for member in members(graph, term):
                if not isinstance(member, ox.Literal):
                    around[member] = None
                    for terms in graph.predicates(member).values():
                        yield from (code for each in terms for code in duo_codes(each))
