"""Committees from RDF: bodies typed as one of ours, or with an EGAC accession (docs/vocabulary.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from catalogue.countries import alpha2
from catalogue.dac.checks import LEVELS
from catalogue.dac.committee import Committee, Role
from catalogue.dac.errors import BadRegistry
from catalogue.dac.identity import committee_id, name_of
from catalogue.dac.registry import ega_accessions
from catalogue.dac.roles import ROLE_IRIS
from catalogue.dac.system_graph import observed_in, systems_in
from catalogue.dataset import Agent
from catalogue.reading.agents import agent_of
from catalogue.reading.values import address, nodes, string, texts
from shapes.graph import Node, RecordGraph
from shapes.media import Syntax
from shapes.parse import Document, read
from shapes.vocabulary import CV, DCAT, DCT, GDIX, OWL

_ROLE_OF_CLASS: Final = {iri: role for role, iri in ROLE_IRIS.items()}
# A dataset may hold its committee's accession; that makes it no committee.
_NOT_BODIES: Final = frozenset({DCAT.Dataset, DCAT.DatasetSeries, DCAT.Distribution, DCAT.Catalog, DCAT.DataService})
_DURATION: Final = re.compile(r"^P(?:(\d{1,4})W|(\d{1,4})D)$", re.ASCII)
_WEEK: Final = 7


def committees_of_graph(data: bytes, name: str, syntax: Syntax) -> tuple[Committee, ...]:
    """Read the committees of an RDF document.

    Raises `BadRegistry` where part of the document cannot be read, and for a committee without a name.
    """
    reading = read(Document(data, name or "the file", "https://registry.invalid/", syntax))
    graph = RecordGraph(quad.triple for quad in reading)
    if reading.defects:
        defect = reading.defects[0]
        raise BadRegistry(f"Part of the file cannot be read: {defect.detail}", url=name or None, line=defect.line)
    return tuple(_committee(graph, node, role, name) for node, role in _bodies(graph))


def _bodies(graph: RecordGraph) -> Iterator[tuple[Node, Role]]:
    for node in graph.nodes():
        role = next((_ROLE_OF_CLASS[iri] for iri in sorted(graph.types(node)) if iri in _ROLE_OF_CLASS), None)
        accession = any(ega_accessions(text.value, "C") for text in texts(graph, node, (DCT.identifier,)))
        if role is not None:
            yield node, role
        elif accession and not graph.types(node) & _NOT_BODIES:
            yield node, Role.DECIDES


def _committee(graph: RecordGraph, node: Node, role: Role, name: str) -> Committee:
    agent = agent_of(graph, node)
    if agent is None or not agent.names:
        label = node.value if isinstance(node, ox.NamedNode) else f"_:{node.value}"
        raise BadRegistry(f"The committee {label} has no name (foaf:name).", url=name or None)
    country = string(graph, node, (GDIX.country,))
    level = string(graph, node, (GDIX.level,))
    own_id = string(graph, node, (GDIX.committeeId,))
    return Committee(
        id=own_id or committee_id(agent.iri, agent.identifiers, name_of(agent.names, agent.key), "registry"),
        names=agent.names,
        iri=address(graph, node, (OWL.sameAs,)) or (None if own_id else agent.iri),
        role=role,
        level=level if level in LEVELS else None,
        country=alpha2(country) if country else None,
        email=_first(agent, "email"),
        contact_page=_first(agent, "page"),
        homepage=agent.homepage,
        remit=texts(graph, node, (GDIX.remit,)),
        conditions=texts(graph, node, (GDIX.conditions,)),
        documents=tuple(text.value for text in texts(graph, node, (GDIX.requiresDocument,))),
        response_days=_days(string(graph, node, (GDIX.responseTime,))),
        fee=string(graph, node, (GDIX.fee,)),
        apply_url=address(graph, node, (GDIX.applyAt,)),
        identifiers=agent.identifiers,
        confirmed=string(graph, node, (GDIX.confirmed,)),
        governs=tuple(text.value for text in texts(graph, node, (GDIX.governs,))),
        may_apply=texts(graph, node, (GDIX.mayApply,)),
        environment=texts(graph, node, (GDIX.secureEnvironment,)),
        opening_hours=_opening_hours(graph, node),
        observed=observed_in(graph, node),
        systems=systems_in(graph, node),
    )


def _opening_hours(graph: RecordGraph, node: Node) -> str | None:
    points = (*nodes(graph, node, (CV.contactPoint,)), node)
    return next((hours for point in points if (hours := string(graph, point, (CV.openingHours,)))), None)


def _first(agent: Agent, field: str) -> str | None:
    return next((value for contact in agent.contacts if (value := getattr(contact, field))), None)


def _days(duration: str | None) -> int | None:
    """Days of an xsd:duration of days or weeks; a month has no length in days."""
    match = _DURATION.match(duration) if duration else None
    if match is None:
        return None
    weeks, days = match.groups()
    return int(weeks) * _WEEK if weeks else int(days)
