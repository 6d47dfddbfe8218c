"""A basket as RDF: its datasets with what a request needs to name, and the applications that can be made.

Each dataset carries what the message between application systems of HealthData@EU does (TEHDAS2 D6.4): dataset and
title, country, access body, provenance, catalogue, distributions with their titles, and the date it was added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from catalogue.access.basket import Basket, Group, Line, Task
from catalogue.access.handover import links
from catalogue.access.route_graph import route_triples
from catalogue.access.stating import About
from catalogue.countries import country_iri
from catalogue.dac.committee import DeciderStatus
from catalogue.dataset import Agent
from catalogue.store.layout import Layout
from shapes.graph import node_of
from shapes.vocabulary import CV, DCAT, DCT, FOAF, GDIX, HEALTH, RDFS, XSD


@dataclass(frozen=True, slots=True)
class Named:
    """How a basket is called: its address, the catalogue's title, the day it was put together."""

    address: str
    title: str
    day: date
    layout: Layout


def basket_triples(basket: Basket, named: Named) -> Iterator[ox.Triple]:
    """Describe a basket. Its address names it; applications are named below it."""
    say = About.iri_of(named.address)
    yield from say.type(GDIX.Basket)
    yield from say.said(DCT.title, f"Datasets to apply for, from {named.title}")
    yield from say.text(DCT.created, named.day.isoformat(), XSD.date)
    yield from say.nodes(DCT.hasPart, (_subject(line, named) for line in basket.lines))
    for number, group in enumerate(basket.groups, 1):
        if group.task is not Task.DOWNLOAD:
            application = About.iri_of(f"{named.address}#application-{number}")
            yield from say.nodes(GDIX.application, (application.node,))
            yield from _application(group, application, named)
    for line in basket.lines:
        yield from _dataset(line, named)


def _subject(line: Line, named: Named) -> ox.NamedNode:
    """The dataset's own IRI; of one without, its page of ours."""
    node = node_of(line.entry.state.subject)
    page = named.layout.page(line.entry.state.kind, line.entry.state.id)
    return node if isinstance(node, ox.NamedNode) else ox.NamedNode(page)


def _application(group: Group, say: About, named: Named) -> Iterator[ox.Triple]:
    yield from say.type(GDIX.Application)
    yield from say.nodes(GDIX.dataset, (_subject(line, named) for line in group.lines))
    yield from say.text(GDIX.routeKind, group.kind.value if group.kind else None)
    yield from say.iri(GDIX.system, group.system)
    yield from say.text(GDIX.workflow, group.workflow)
    yield from say.iri(GDIX.applyAt, *(link.address for link in links(group, named.title)))
    for body in group.bodies:
        iri = named.layout.committee(body.committee.id)
        predicate = GDIX.accessBody if body.status is DeciderStatus.STAND_IN else GDIX.decidedBy
        yield from say.iri(predicate, iri)
        yield from About.iri_of(iri).texts(FOAF.name, body.committee.names)
    for country in group.countries:
        yield from say.iri(DCT.spatial, country_iri(country))


def _dataset(line: Line, named: Named) -> Iterator[ox.Triple]:
    dataset, say = line.dataset, About(_subject(line, named))
    state, source = line.entry.state, line.entry.source
    yield from say.type(DCAT.Dataset)
    yield from say.texts(DCT.title, dataset.titles)
    for identifier in dataset.identifiers:
        yield from say.text(DCT.identifier, identifier)
    yield from say.iri(FOAF.page, named.layout.page(state.kind, state.id))
    yield from say.iri(GDIX.node, named.layout.node(source.name))
    yield from say.text(GDIX.country, source.country)
    yield from say.iri(DCT.spatial, country_iri(source.country) if source.country else None)
    yield from say.iri(DCT.accessRights, dataset.access_rights.iri if dataset.access_rights else None)
    page = named.layout.page(state.kind, state.id)
    yield from _body(say, HEALTH.hdab, dataset.hdab, f"{page}#hdab")
    statement = About.iri_of(f"{page}#provenance")
    if dataset.provenance:
        yield from say.nodes(DCT.provenance, (statement.node,))
        yield from statement.type(DCT.ProvenanceStatement)
        yield from statement.texts(RDFS.label, dataset.provenance)
    for number, each in enumerate(dataset.distributions, 1):
        distribution = _named(each.iri, f"{page}#distribution-{number}")
        yield from say.nodes(DCAT.distribution, (distribution.node,))
        yield from distribution.type(DCAT.Distribution)
        yield from distribution.texts(DCT.title, each.titles)
        yield from distribution.iri(DCAT.accessURL, *each.access_urls)
        yield from distribution.iri(DCT["format"], each.format.iri if each.format else None)
    yield from route_triples(say.node, line.routes, page, named.layout.committee)


def _named(iri: str | None, otherwise: str) -> About:
    try:
        return About.iri_of(iri) if iri else About.iri_of(otherwise)
    except ValueError:
        return About.iri_of(otherwise)


def _body(say: About, predicate: str, agent: Agent | None, otherwise: str) -> Iterator[ox.Triple]:
    if agent is None:
        return
    body = _named(agent.iri, otherwise)
    yield from say.nodes(predicate, (body.node,))
    yield from body.type(FOAF.Agent)
    yield from body.texts(FOAF.name, agent.names)
    for number, contact in enumerate(agent.contacts, 1):
        point = About.iri_of(f"{otherwise}-contact-{number}")
        yield from body.nodes(CV.contactPoint, (point.node,))
        yield from point.type(CV.ContactPoint)
        yield from point.text(CV.email, contact.email)
        yield from point.iri(CV.contactPage, contact.page)
