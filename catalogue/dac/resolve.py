"""Who decides on access to a dataset: ordered rules, each with its evidence (docs/dac.md).

    1 attribution      prov:qualifiedAttribution with the role of a committee          published
    2 policy           odrl:hasPolicy with an odrl:assigner                            published
    3 identifier       an EGA or REMS identifier that the registry, or the EGA, joins  rule
    4 governance       a 1+MG cohort: the central body that decides (`governance`)     rule
    5 contact-name     a contact point or body whose name says committee               rule
    6 node-default     the committee the node was registered with; not for open data   rule
    7 open-data        dct:accessRights is PUBLIC: there is nothing to decide          none
    8 hdab-stand-in    the health data access body                                     stand-in
    9 none

Rules 1 and 2 are the node's own statements and both count. A later rule is asked only where no earlier one found a
body that decides. The access body is always linked, in its own role, and never called a committee.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from catalogue.dac.committee import Access, Committee, DacLink, Decider, DeciderStatus, Method, Role
from catalogue.dac.governance import central_chain, central_deciders, conflicts, holder_decides
from catalogue.dac.identity import from_accession, from_agent, from_contact, name_of
from catalogue.dac.naming import committee_language
from catalogue.dac.registry import Registry, ega_accessions
from catalogue.dac.roles import role_of
from catalogue.dataset import Agent, Attribution, Dataset, Texts
from catalogue.labels import readable
from harvester.source import Source

_ORDER = tuple(Role)
_STATUS = {
    Method.ATTRIBUTION: DeciderStatus.PUBLISHED,
    Method.POLICY: DeciderStatus.PUBLISHED,
    Method.IDENTIFIER: DeciderStatus.RULE,
    Method.GOVERNANCE: DeciderStatus.RULE,
    Method.CONTACT_NAME: DeciderStatus.RULE,
    Method.NODE_DEFAULT: DeciderStatus.RULE,
}


@dataclass(frozen=True, slots=True)
class Told:
    """A committee that another service than the node names for a dataset, by its identifier; and whose word that is."""

    committee: Committee
    evidence: str


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules look at."""

    dataset: Dataset
    source: Source
    registry: Registry
    told: tuple[Told, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the data are open to everybody."""
        rights = self.dataset.access_rights
        return rights is not None and rights.code == "PUBLIC"

    def committee(self, agent: Agent, role: Role) -> Committee:
        """The committee an agent of the record is."""
        return from_agent(agent, role, self.source.name, self.registry)


def resolve(dataset: Dataset, source: Source, registry: Registry, told: tuple[Told, ...] = ()) -> Access:
    """Find every body linked to a dataset, and answer "who decides?". Always answers; the answer may be "none".

    `told`: what services that enrich the catalogue say of it, which rule 3 weighs after the registry.
    """
    case = Case(dataset, source, registry, told)
    links = [*_attributed(case), *_assigned(case)]
    for rule in _RULES:
        if any(link.role is Role.DECIDES for link in links):
            break
        links.extend(rule(case))
    links.extend(_named_besides(case, links))
    links.extend(central_chain(dataset, source, registry))
    deciding = next((link for link in links if link.role is Role.DECIDES), None)
    links.extend(_access_bodies(case, stand_in=deciding is None and not case.is_open))
    return Access(_ordered(links), _decider(case, deciding), conflicts(dataset, links))


def _ordered(links: Iterable[DacLink]) -> tuple[DacLink, ...]:
    """Each body once per role, the first rule that found it winning; in the order of the chain."""
    distinct: dict[tuple[str, Role], DacLink] = {}
    for link in links:
        distinct.setdefault((link.committee.id, link.role), link)
    return tuple(sorted(distinct.values(), key=lambda link: _ORDER.index(link.role)))


def _decider(case: Case, deciding: DacLink | None) -> Decider:
    if deciding is not None:
        return Decider(_STATUS[deciding.method], deciding.method, deciding.evidence)
    if case.is_open:
        evidence = "The data are open (dct:accessRights is PUBLIC): there is nothing to decide."
        return Decider(DeciderStatus.NONE, Method.OPEN_DATA, evidence)
    missing = holder_decides(case.dataset) + _missing_default(case)
    if case.dataset.hdab is not None:
        name = _called(case.dataset.hdab)
        evidence = f'The node publishes no deciding body; healthdcatap:hdab names "{name}", which stands in for it.'
        return Decider(DeciderStatus.STAND_IN, Method.HDAB_STAND_IN, evidence + missing)
    return Decider(DeciderStatus.NONE, Method.NONE, f"The node publishes no deciding body.{missing}")


def _missing_default(case: Case) -> str:
    default = case.source.default_dac
    if default is None or case.registry.get(default) is not None:
        return ""
    return f' The node\'s default committee "{default}" is not in the registry.'


def _called(agent: Agent) -> str:
    return name_of(agent.names, agent.iri or agent.key)


# Rules 1 and 2: what the node states. ---------------------------------------------------------------------------


def _attributed(case: Case) -> Iterator[DacLink]:
    for attribution in case.dataset.attributions:
        role = role_of(attribution)
        if role is not None:
            evidence = f'prov:qualifiedAttribution names "{_called(attribution.agent)}" {_in_role(attribution)}.'
            yield DacLink(case.committee(attribution.agent, role), role, Method.ATTRIBUTION, evidence)


def _in_role(attribution: Attribution) -> str:
    label = name_of(attribution.role_labels, readable(attribution.role) if attribution.role else "")
    if not label:
        return "without a role; the record types it as such a body"
    return f'in the role "{label}"' + (f" ({attribution.role})" if attribution.role else "")


def _assigned(case: Case) -> Iterator[DacLink]:
    for policy in case.dataset.policies:
        for agent in (policy.assigner, *policy.other_assigners):
            if agent is not None:
                where = f" {policy.iri}" if policy.iri else ""
                evidence = f'The policy{where} (odrl:hasPolicy) is assigned by "{_called(agent)}" (odrl:assigner).'
                yield DacLink(case.committee(agent, Role.DECIDES), Role.DECIDES, Method.POLICY, evidence)


# Rules 3 to 6: what can be concluded. ---------------------------------------------------------------------------


def _identified(case: Case) -> Iterator[DacLink]:
    """Rule 3: an EGAC accession is the committee; any other identifier is looked up in what committees govern."""
    for where, text in _identifiers(case.dataset):
        for accession in ega_accessions(text, "C"):
            body = from_accession(accession, case.source.name, case.registry)
            name = name_of(body.names, body.id)
            evidence = f'{where} holds {accession}, the EGA accession of "{name}".'
            yield DacLink(body, Role.DECIDES, Method.IDENTIFIER, evidence)
        for key in dict.fromkeys((text, *ega_accessions(text, "DP"))):
            for body in case.registry.governing(key):
                name = name_of(body.names, body.id)
                evidence = f'{where} holds {key}, which "{name}" governs according to the registry.'
                yield DacLink(body, body.role, Method.IDENTIFIER, evidence)
    for each in case.told:
        yield DacLink(each.committee, Role.DECIDES, Method.IDENTIFIER, each.evidence)


def _identifiers(dataset: Dataset) -> Iterator[tuple[str, str]]:
    yield from (("dct:identifier", text) for text in dataset.identifiers)
    yield from (("adms:identifier", text) for text in dataset.other_identifiers)
    yield from (("odrl:hasPolicy", policy.iri) for policy in dataset.policies if policy.iri)
    yield from (("dcat:landingPage", page) for page in dataset.landing_pages)
    yield from (("foaf:page", page) for page in dataset.pages)
    for distribution in dataset.distributions:
        yield from (("dcat:accessURL", address) for address in distribution.access_urls)
    yield "the IRI of the dataset", dataset.iri


def _named(case: Case) -> Iterator[DacLink]:
    """Rule 5: contact points first; only where none says committee, the other bodies of the record."""
    found = list(_named_contacts(case))
    yield from found or _named_agents(case)


def _named_contacts(case: Case, role: Role = Role.DECIDES) -> Iterator[DacLink]:
    for contact in case.dataset.contacts:
        if said := _says_committee(contact.names):
            body = from_contact(contact, case.source.name, case.registry)
            yield DacLink(body, role, Method.CONTACT_NAME, f'dcat:contactPoint is called "{said}".')


def _says_committee(names: Texts) -> str | None:
    return next((each.value.strip() for each in names if committee_language(each.value)), None)


def _named_agents(case: Case) -> Iterator[DacLink]:
    for where, agent in _agents(case.dataset):
        if said := _says_committee(agent.names):
            body = case.committee(agent, Role.DECIDES)
            yield DacLink(body, Role.DECIDES, Method.CONTACT_NAME, f'{where} is called "{said}".')
        for contact in agent.contacts:
            if said := _says_committee(contact.names):
                body = from_contact(contact, case.source.name, case.registry)
                evidence = f'The contact point of {where} is called "{said}".'
                yield DacLink(body, Role.DECIDES, Method.CONTACT_NAME, evidence)


def _agents(dataset: Dataset) -> Iterator[tuple[str, Agent]]:
    stated = (
        *(("prov:qualifiedAttribution", each.agent) for each in dataset.attributions if role_of(each) is None),
        ("geodcatap:custodian", dataset.custodian),
        ("dct:publisher", dataset.publisher),
        *(("dct:creator", each) for each in dataset.creators),
        ("healthdcatap:hdab", dataset.hdab),
    )
    return ((where, agent) for where, agent in stated if agent is not None)


def _governed(case: Case) -> Iterator[DacLink]:
    """Rule 4: the type of the dataset says that the central body decides."""
    return central_deciders(case.dataset, case.registry)


def _default(case: Case) -> Iterator[DacLink]:
    """Rule 6: the committee the node was registered with; open data need none."""
    named = None if case.is_open else case.source.default_dac
    body = case.registry.get(named) if named else None
    if body is not None:
        name = name_of(body.names, body.id)
        evidence = f'The node "{case.source.name}" is registered with "{name}" for datasets that name no committee.'
        yield DacLink(body, Role.DECIDES, Method.NODE_DEFAULT, evidence)


_RULES: tuple[Callable[[Case], Iterator[DacLink]], ...] = (_identified, _governed, _named, _default)


# Bodies that are linked whatever the rules found. ---------------------------------------------------------------


def _named_besides(case: Case, links: Iterable[DacLink]) -> Iterator[DacLink]:
    """A contact point that says committee, where another rule found who decides: whom to ask."""
    deciding = {link.committee.id for link in links if link.role is Role.DECIDES}
    for link in _named_contacts(case, Role.CONTACT):
        if link.committee.id not in deciding:
            yield link


def _access_bodies(case: Case, *, stand_in: bool) -> Iterator[DacLink]:
    """The health data access body and its coordinator, apart from committees."""
    hdab, coordinator = case.dataset.hdab, case.dataset.hdab_coordinator
    for where, agent in (("healthdcatap:hdab", hdab), ("healthdcatap:hdabCoordinator", coordinator)):
        if agent is not None:
            method = Method.HDAB_STAND_IN if stand_in and agent is hdab else Method.ATTRIBUTION
            yield DacLink(case.committee(agent, Role.HDAB), Role.HDAB, method, f'{where} names "{_called(agent)}".')
