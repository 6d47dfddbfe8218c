"""Committees and their links to datasets as RDF: what the access graph holds (terms: docs/vocabulary.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import pyoxigraph as ox

from catalogue.countries import country_iri
from catalogue.dac.committee import Access, Committee, DacLink, Role
from catalogue.dac.roles import ROLE_IRIS
from catalogue.dac.system_graph import observed_triples, system_triples
from catalogue.dataset import Texts
from catalogue.folding import digest
from shapes.vocabulary import CV, DCAT, DCT, FOAF, GDIX, OWL, RDF, XSD

# The one-step link from a dataset to a body in each role; the reified link beside it says how it was found.
LINKS: Final = {
    Role.DECIDES: GDIX.decidedBy,
    Role.RECOMMENDS: GDIX.recommendedBy,
    Role.MAY_VETO: GDIX.vetoableBy,
    Role.HDAB: GDIX.accessBody,
    Role.CONTACT: GDIX.accessContact,
}
_A: Final = ox.NamedNode(RDF.type)


class _About:
    """Makes triples about one node; a value that cannot be written as RDF is left out."""

    def __init__(self, iri: str) -> None:
        self.node = ox.NamedNode(iri)

    def iri(self, predicate: str, value: str | None) -> Iterator[ox.Triple]:
        try:
            node = ox.NamedNode(value) if value else None
        except ValueError:
            node = None  # a contact page that is no IRI: its text is in the node's own graph
        if node is not None:
            yield ox.Triple(self.node, ox.NamedNode(predicate), node)

    def text(self, predicate: str, value: str | None, datatype: str = XSD.string) -> Iterator[ox.Triple]:
        if value:
            yield ox.Triple(self.node, ox.NamedNode(predicate), ox.Literal(value, datatype=ox.NamedNode(datatype)))

    def texts(self, predicate: str, values: Texts) -> Iterator[ox.Triple]:
        for each in values:
            literal = _tagged(each.value, each.language)
            yield ox.Triple(self.node, ox.NamedNode(predicate), literal)


def _tagged(value: str, language: str | None) -> ox.Literal:
    try:
        return ox.Literal(value, language=language) if language else ox.Literal(value)
    except ValueError:  # a tag that is none (BCP 47)
        return ox.Literal(value)


def committee_triples(committee: Committee, iri: str) -> Iterator[ox.Triple]:
    """Describe a committee under an IRI of ours."""
    say = _About(iri)
    yield from say.iri(RDF.type, FOAF.Agent)
    yield from say.iri(RDF.type, ROLE_IRIS[committee.role])
    yield from say.text(GDIX.committeeId, committee.id)
    yield from say.texts(FOAF.name, committee.names)
    yield from say.iri(OWL.sameAs, committee.iri if committee.iri != iri else None)
    yield from say.text(GDIX.level, committee.level)
    yield from say.text(GDIX.country, committee.country)
    yield from say.iri(DCT.spatial, country_iri(committee.country) if committee.country else None)
    yield from say.iri(FOAF.homepage, committee.homepage)
    yield from say.iri(GDIX.applyAt, committee.apply_url)
    yield from say.texts(GDIX.remit, committee.remit)
    yield from say.texts(GDIX.conditions, committee.conditions)
    for document in committee.documents:
        yield from say.text(GDIX.requiresDocument, document)
    days = f"P{committee.response_days}D" if committee.response_days else None
    yield from say.text(GDIX.responseTime, days, XSD.duration)
    yield from say.text(GDIX.fee, committee.fee)
    for identifier in committee.identifiers:
        yield from say.text(DCT.identifier, identifier)
    for governed in committee.governs:
        yield from say.text(GDIX.governs, governed)
    yield from say.text(GDIX.confirmed, committee.confirmed, XSD.date)
    yield from say.text(GDIX.origin, committee.origin)
    yield from say.texts(GDIX.mayApply, committee.may_apply)
    yield from say.texts(GDIX.secureEnvironment, committee.environment)
    yield from observed_triples(say.node, committee.observed)
    for number, system in enumerate(committee.systems, 1):
        yield from system_triples(say.node, f"{iri}#system-{number}", system)
    if not (committee.email or committee.contact_page):
        yield from say.text(CV.openingHours, committee.opening_hours)
    else:
        contact = _About(f"{iri}#contact")
        yield ox.Triple(say.node, ox.NamedNode(CV.contactPoint), contact.node)
        yield from contact.iri(RDF.type, CV.ContactPoint)
        yield from contact.text(CV.email, committee.email)
        yield from contact.iri(CV.contactPage, committee.contact_page)
        yield from contact.text(CV.openingHours, committee.opening_hours)


def access_triples(dataset_iri: str, access: Access, committee_iri: Callable[[str], str]) -> Iterator[ox.Triple]:
    """Say who decides on a dataset, and describe the bodies that only its records describe.

    `committee_iri` gives our IRI for a committee's id. A stand-in is never linked by `gdix:decidedBy`.
    """
    dataset = _About(dataset_iri)
    decider = access.decider
    yield from dataset.text(GDIX.decisionStatus, decider.status.value)
    yield from dataset.text(GDIX.decisionMethod, decider.method.value)
    yield ox.Triple(dataset.node, ox.NamedNode(GDIX.decisionEvidence), ox.Literal(decider.evidence, language="en"))
    yield from dataset.text(GDIX.decisionConfidence, decider.method.confidence.value)
    for conflict in access.conflicts:
        yield ox.Triple(dataset.node, ox.NamedNode(GDIX.decisionConflict), ox.Literal(conflict, language="en"))
    described: set[str] = set()
    for link in access.links:
        body = committee_iri(link.committee.id)
        yield from dataset.iri(LINKS[link.role], body)
        yield from _reified(dataset.node, link, body)
        if body not in described:
            described.add(body)
            yield from committee_triples(link.committee, body)


def _reified(dataset: ox.NamedNode, link: DacLink, body: str) -> Iterator[ox.Triple]:
    """The link as a thing of its own, with the rule that found it."""
    say = _About(f"{body}#link-{digest(f'{dataset.value} {link.role.value}')}")
    yield ox.Triple(say.node, _A, ox.NamedNode(GDIX.AccessLink))
    yield ox.Triple(say.node, ox.NamedNode(GDIX.dataset), dataset)
    yield from say.iri(GDIX.body, body)
    yield from say.iri(DCAT.hadRole, ROLE_IRIS[link.role])
    yield from say.text(GDIX.method, link.method.value)
    yield from say.text(GDIX.confidence, link.method.confidence.value)
    yield ox.Triple(say.node, ox.NamedNode(GDIX.evidence), ox.Literal(link.evidence, language="en"))
