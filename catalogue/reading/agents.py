"""Bodies and how to reach them: publishers, holders, access bodies, committees, contact points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote

import pyoxigraph as ox

from catalogue.dataset import Agent, Attribution, Concept, Contact, Texts
from catalogue.folding import slug
from catalogue.reading.concepts import concept_of, concepts
from catalogue.reading.terms import LABELS, NAMES, health, schema
from catalogue.reading.values import (
    OTHER_IDENTIFIERS,
    OWN_IDENTIFIERS,
    address,
    first_texts,
    identifiers,
    is_web_address,
    nodes,
    statements,
    text,
    values,
)
from catalogue.text import Text, pick
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import CV, DCAT, DCT, FOAF, GDIX, GENID, PROV, VCARD

_EMAIL: Final = re.compile(r"^[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\".]+$")
_EMAILS: Final = (
    VCARD.hasEmail,
    VCARD.email,
    CV.email,
    FOAF.mbox,
    *schema("email"),
    "http://xmlns.com/foaf/0.1/email",
)
_PAGES: Final = (CV.contactPage, VCARD.hasURL, VCARD.url, FOAF.homepage, FOAF.page, *schema("url"))
_PHONES: Final = (VCARD.hasTelephone, CV.telephone, VCARD.tel, FOAF.phone, *schema("telephone"))
_HELD: Final = (VCARD.hasValue, VCARD.value)
_CONTACTS: Final = (CV.contactPoint, DCAT.contactPoint, *schema("contactPoint"))
_HOMEPAGES: Final = (FOAF.homepage, VCARD.hasURL, *schema("url"), "http://xmlns.com/foaf/0.1/URL", FOAF.page)
_NOTES: Final = (DCT.description, *health("publisherNote"))
_STATED_TYPES: Final = (DCT.type, *health("publisherType"))
_stated_types: Final = concepts("publisher-type", "adms-publishertype")

# Classes that say what part a body has in access; foaf:Agent and its like say nothing of it.
_TELLING_CLASSES: Final = re.compile(r"(ehds#|/ehds/)|" + re.escape(GDIX.base))


def is_stable(iri: str) -> bool:
    """Whether an IRI names the same thing tomorrow. Skolem IRIs (RDF 1.1 Concepts, 3.5) change with every export."""
    return GENID not in iri


def email_of(value: str) -> str | None:
    """The address in a literal or a mailto IRI; None when there is none."""
    value = unquote(value.strip())
    while value.lower().startswith("mailto:"):
        value = value[len("mailto:") :]
    value = value.partition("?")[0].strip()
    return value if _EMAIL.match(value) else None


def _reach(graph: RecordGraph, node: Node, properties: Iterable[str]) -> Iterator[str]:
    """Values of a property; where one is a node that holds the value (vcard:hasValue), that."""
    for term in values(graph, node, properties):
        held = list(values(graph, term, _HELD)) if not isinstance(term, ox.Literal) else []
        yield from (each.value for each in held or (term,) if not isinstance(each, ox.BlankNode))


def contact_of(graph: RecordGraph, term: Term) -> Contact | None:
    """Read a contact point: vcard:Kind, cv:ContactPoint, a mailto or http IRI, or a literal. None when it is empty."""
    if isinstance(term, ox.Literal):
        email = email_of(term.value)
        if email or is_web_address(term.value):
            return Contact(email=email, page=None if email else term.value.strip())
        return Contact(names=(text(term),)) if term.value.strip() else None
    names = first_texts(graph, term, NAMES)
    addresses = list(_reach(graph, term, _EMAILS))
    email = next((each for value in addresses if (each := email_of(value))), None)
    page = address(graph, term, _PAGES) or next((value for value in addresses if is_web_address(value)), None)
    phone = next((value.strip().removeprefix("tel:") for value in _reach(graph, term, _PHONES)), None)
    if isinstance(term, ox.NamedNode) and not (names or email or page or phone):
        email = email_of(term.value) if term.value.startswith("mailto:") else None
        page = term.value if is_web_address(term.value) and is_stable(term.value) else None
    return Contact(names, email, page, phone or None) if names or email or page or phone else None


def contacts(graph: RecordGraph, node: Node, properties: Iterable[str]) -> tuple[Contact, ...]:
    """The contact points of a resource."""
    read = (contact_of(graph, term) for term in values(graph, node, properties))
    return tuple(dict.fromkeys(each for each in read if each is not None))


def agent_of(graph: RecordGraph, term: Term) -> Agent | None:
    """Read a body. None when nothing is said by which it could be told from another."""
    if isinstance(term, ox.Literal):
        name = text(term)
        return Agent(slug(name.value), None, (name,)) if name.value.strip() else None
    names = first_texts(graph, term, NAMES)
    own = identifiers(graph, term, (*OWN_IDENTIFIERS, *OTHER_IDENTIFIERS))
    found = _agent_contacts(graph, term)
    homepage = address(graph, term, _HOMEPAGES)
    iri = term.value if isinstance(term, ox.NamedNode) else None
    key = _key(iri, names, (*own, *(c.email for c in found if c.email), *filter(None, (homepage,))))
    if key is None:
        return None
    return Agent(
        key=key,
        iri=iri,
        names=names,
        types=_types(graph, term),
        identifiers=own,
        homepage=homepage,
        contacts=found,
        notes=statements(graph, term, _NOTES),
    )


def _key(iri: str | None, names: Texts, others: Iterable[str]) -> str | None:
    """An IRI that lasts; else a key made of the name, an identifier, an address; else the IRI that does not last."""
    if iri is not None and is_stable(iri):
        return iri
    name = pick(names, ("en",))
    made = (slug(each) for each in (*([name.value] if name else ()), *others))
    return next((each for each in made if each), iri)


def _agent_contacts(graph: RecordGraph, node: Node) -> tuple[Contact, ...]:
    """The contact points of a body, and the mailbox it has itself where no contact point has the same."""
    found = contacts(graph, node, _CONTACTS)
    known = {each.email for each in found}
    own = dict.fromkeys(each for value in _reach(graph, node, _EMAILS) if (each := email_of(value)))
    return (*found, *(Contact(email=each) for each in own if each not in known))


def _types(graph: RecordGraph, node: Node) -> tuple[Concept, ...]:
    stated = _stated_types(graph, node, _STATED_TYPES)
    classes = sorted(iri for iri in graph.types(node) if _TELLING_CLASSES.search(iri))
    read = (concept_of(graph, ox.NamedNode(iri)) for iri in classes)
    return (*stated, *(each for each in read if each is not None))


def agents(graph: RecordGraph, node: Node, properties: Iterable[str]) -> tuple[Agent, ...]:
    """The bodies of a property, each once."""
    found: dict[str, Agent] = {}
    for term in values(graph, node, properties):
        each = agent_of(graph, term)
        if each is not None:
            found.setdefault(each.key, each)
    return tuple(found.values())


def first_agent(graph: RecordGraph, node: Node, properties: Iterable[str]) -> Agent | None:
    """One body: the first with a name, else the first."""
    found = agents(graph, node, properties)
    return next((each for each in found if each.names), found[0] if found else None)


_ROLES: Final = (DCAT.hadRole, PROV.hadRole)


def attributions(graph: RecordGraph, node: Node, properties: Iterable[str]) -> tuple[Attribution, ...]:
    """Qualified attributions (DCAT 3, 14.3): every agent in every role it is given."""
    found: list[Attribution] = []
    for each in nodes(graph, node, properties):
        roles = list(values(graph, each, _ROLES))
        for agent in agents(graph, each, (PROV.agent,)):
            found.extend(_in_role(graph, agent, role) for role in roles)
            if not roles:
                found.append(Attribution(agent, None))
    return tuple(dict.fromkeys(found))


def _in_role(graph: RecordGraph, agent: Agent, role: Term) -> Attribution:
    if isinstance(role, ox.Literal):
        web = is_web_address(role.value)
        return Attribution(agent, role.value.strip() if web else None, () if web else (Text(role.value.strip()),))
    labels = first_texts(graph, role, LABELS)
    return Attribution(agent, role.value if isinstance(role, ox.NamedNode) else None, labels)
