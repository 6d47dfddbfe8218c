"""Systems where one applies and observed times as RDF, and back (terms: docs/vocabulary.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import pyoxigraph as ox

from catalogue.dac.committee import Observed
from catalogue.dac.systems import Binding, System, SystemKind
from catalogue.reading.values import address, nodes, number, string
from shapes.graph import Node, RecordGraph
from shapes.vocabulary import DCAT, DCT, GDIX, RDF, XSD

_DAYS: Final = re.compile(r"^P(\d{1,4})D$", re.ASCII)


def _literal(value: str, datatype: str = XSD.string) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(datatype))


def _triple(node: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(predicate), value)


def observed_triples(committee: ox.NamedNode, observed: Observed | None) -> Iterator[ox.Triple]:
    """Say how long a committee's decisions took."""
    if observed is None:
        return
    yield _triple(committee, GDIX.observedTime, _literal(f"P{observed.days}D", XSD.duration))
    for predicate, day in ((GDIX.observedFrom, observed.since), (GDIX.observedTo, observed.until)):
        if day is not None:
            yield _triple(committee, predicate, _literal(day, XSD.date))
    if observed.applications is not None:
        yield _triple(committee, GDIX.observedApplications, _literal(str(observed.applications), XSD.integer))


def observed_in(graph: RecordGraph, committee: Node) -> Observed | None:
    """Read what `observed_triples` has said."""
    match = _DAYS.match(string(graph, committee, (GDIX.observedTime,)) or "")
    if match is None:
        return None
    return Observed(
        int(match.group(1)),
        string(graph, committee, (GDIX.observedFrom,)),
        string(graph, committee, (GDIX.observedTo,)),
        number(graph, committee, (GDIX.observedApplications,)),
    )


def system_triples(committee: ox.NamedNode, iri: str, system: System) -> Iterator[ox.Triple]:
    """Describe a system of a committee, and what binds datasets to it. An address that is no IRI is left out."""
    node = ox.NamedNode(iri)
    yield _triple(committee, GDIX.applyThrough, node)
    yield _triple(node, RDF.type, ox.NamedNode(GDIX.AccessSystem))
    yield _triple(node, GDIX.systemKind, _literal(system.kind.value))
    with suppress(ValueError):
        yield _triple(node, DCAT.endpointURL, ox.NamedNode(system.url))
    if system.own_ids:
        yield _triple(node, GDIX.ownIdentifiers, _literal("true", XSD.boolean))
    if system.workflow is not None:
        yield _triple(node, GDIX.workflow, _literal(str(system.workflow), XSD.integer))
    for place, binding in enumerate(system.bindings, 1):
        yield from _binding(node, ox.NamedNode(f"{iri}-binding-{place}"), binding)


def _binding(system: ox.NamedNode, node: ox.NamedNode, binding: Binding) -> Iterator[ox.Triple]:
    yield _triple(system, GDIX.binding, node)
    yield _triple(node, RDF.type, ox.NamedNode(GDIX.AccessBinding))
    yield _triple(node, GDIX.governs, _literal(binding.dataset))
    if binding.resource is not None:
        yield _triple(node, DCT.identifier, _literal(binding.resource))
    for predicate, value in ((GDIX.catalogueItem, binding.item), (GDIX.workflow, binding.workflow)):
        if value is not None:
            yield _triple(node, predicate, _literal(str(value), XSD.integer))


def systems_in(graph: RecordGraph, committee: Node) -> tuple[System, ...]:
    """Read what `system_triples` has said; a system of an unknown kind, or without an address, is left out."""
    found = sorted(nodes(graph, committee, (GDIX.applyThrough,)), key=_place)
    return tuple(system for node in found if (system := _system_in(graph, node)) is not None)


def _system_in(graph: RecordGraph, node: Node) -> System | None:
    kind = string(graph, node, (GDIX.systemKind,))
    url = address(graph, node, (DCAT.endpointURL,))
    if kind not in set(SystemKind) or url is None:
        return None
    bindings = sorted(nodes(graph, node, (GDIX.binding,)), key=_place)
    return System(
        SystemKind(kind),
        url,
        tuple(bound for each in bindings if (bound := _binding_in(graph, each)) is not None),
        own_ids=string(graph, node, (GDIX.ownIdentifiers,)) == "true",
        workflow=number(graph, node, (GDIX.workflow,)),
    )


def _binding_in(graph: RecordGraph, node: Node) -> Binding | None:
    dataset = string(graph, node, (GDIX.governs,))
    if dataset is None:
        return None
    return Binding(
        dataset,
        string(graph, node, (DCT.identifier,)),
        number(graph, node, (GDIX.catalogueItem,)),
        number(graph, node, (GDIX.workflow,)),
    )


def _place(node: Node) -> tuple[int, str]:
    """The order in which they were written: by the number at the end of the name."""
    digits = re.search(r"(\d+)$", node.value)
    return (int(digits.group(1)) if digits else 0, node.value)
