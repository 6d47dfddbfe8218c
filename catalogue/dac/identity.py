"""Which committee a described body is: one of the registry, or one known only from its node's records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace

from catalogue.dac.committee import Committee, Role
from catalogue.dac.registry import Registry, ega_accessions
from catalogue.dataset import Agent, Contact, Texts
from catalogue.folding import digest, fold
from catalogue.reading.agents import is_stable
from catalogue.text import Text, pick

EGA_PAGE = "https://ega-archive.org/dacs/"
_LONGEST_NAME = 200  # characters


def name_of(names: Texts, fallback: str) -> str:
    """What to call a body in a sentence: one line, of bounded length."""
    text = pick(names, ("en",))
    return " ".join((text.value if text else fallback).split())[:_LONGEST_NAME]


def committee_id(iri: str | None, identifiers: Iterable[str], told_apart_by: str, source: str) -> str:
    """A stable, URL-safe id of a committee no registry has.

    Its EGAC accession; else a digest of its IRI, where that lasts; else of its name (or mailbox) and its source.
    """
    accessions = [a for text in (*identifiers, iri or "") for a in ega_accessions(text, "C")]
    if accessions:
        return accessions[0]
    if iri is not None and is_stable(iri):
        return f"dac-{digest(iri)}"
    return f"dac-{digest(chr(10).join((source, fold(told_apart_by))))}"


def from_agent(agent: Agent, role: Role, source: str, registry: Registry) -> Committee:
    """The committee an agent of a record is. What the registry has wins; the node's words fill the gaps."""
    emails = [each.email for each in agent.contacts if each.email]
    pages = [each.page for each in agent.contacts if each.page]
    identifiers = agent.identifiers
    accession = next((a for text in (*identifiers, agent.iri or "") for a in ega_accessions(text, "C")), None)
    described = Committee(
        id=committee_id(agent.iri, identifiers, name_of(agent.names, agent.key), source),
        names=agent.names,
        iri=agent.iri,
        role=role,
        email=emails[0] if emails else None,
        contact_page=pages[0] if pages else None,
        homepage=agent.homepage or (EGA_PAGE + accession if accession else None),
        identifiers=identifiers,
        origin=source,
    )
    registered = registry.find(role, iri=agent.iri, identifiers=identifiers, emails=emails)
    return merged(registered, described) if registered else described


def from_contact(contact: Contact, source: str, registry: Registry) -> Committee:
    """The committee a contact point names."""
    emails = (contact.email,) if contact.email else ()
    described = Committee(
        id=committee_id(None, (), name_of(contact.names, contact.email or contact.page or ""), source),
        names=contact.names,
        email=contact.email,
        contact_page=contact.page,
        origin=source,
    )
    registered = registry.find(Role.DECIDES, emails=emails)
    return merged(registered, described) if registered else described


def from_accession(accession: str, source: str, registry: Registry) -> Committee:
    """The committee of an EGAC accession."""
    return registry.by_accession(accession) or Committee(
        id=accession,
        names=(Text(f"EGA Data Access Committee {accession}", "en"),),
        homepage=EGA_PAGE + accession,
        identifiers=(accession,),
        origin=source,
    )


def merged(registered: Committee, described: Committee) -> Committee:
    """The registry's entry, with the node's words where it says nothing. Identifiers of both are kept."""
    filled = {
        each.name: getattr(described, each.name)
        for each in fields(Committee)
        if getattr(registered, each.name) in (None, ()) and getattr(described, each.name) not in (None, ())
    }
    identifiers = tuple(dict.fromkeys((*registered.identifiers, *described.identifiers)))
    return replace(registered, **{**filled, "identifiers": identifiers})
