"""Who decides by the type of a 1+MG dataset (dct:conformsTo), and where what is stated does not fit together.

    1+MG compliant        its data holder decides; the central committee recommends, the national point may veto
    1+MG cohort           the central body decides (Genome EDIC); local committees review, the national point may veto
    externally governed   its own body alone decides; no central opinion is asked

Types: GDI architecture, ADR-0002; who recommends and vetoes: GDI-SOP0003.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from catalogue.dac.committee import Committee, DacLink, Method, Role
from catalogue.dac.identity import name_of
from catalogue.dac.registry import CENTRAL, Registry
from catalogue.dataset import Agent, Dataset
from harvester.source import Source
from shapes.codelists import normalise
from shapes.vocabulary import GDI


class Governance(StrEnum):
    """The type of a dataset in the 1+MG framework, as `dct:conformsTo` states it."""

    COMPLIANT = "1+MG compliant"
    COHORT = "1+MG cohort"
    EXTERNAL = "externally governed"


_TYPES = {
    normalise(GDI["1MGCompliant"]): Governance.COMPLIANT,
    normalise(GDI["1MGCohort"]): Governance.COHORT,
    normalise(GDI["ExternallyGoverned"]): Governance.EXTERNAL,
}


def governance_of(dataset: Dataset) -> tuple[Governance, ...]:
    """Return the types a dataset states: one at most, where its node is careful."""
    found = {_TYPES[each.iri] for each in dataset.conforms_to if each.iri in _TYPES}
    return tuple(each for each in Governance if each in found)


def _is_central(types: Iterable[Governance]) -> bool:
    """Whether the central bodies have a part. What is also said to be externally governed is left to its own body."""
    types = tuple(types)
    return bool(types) and Governance.EXTERNAL not in types


def central_deciders(dataset: Dataset, registry: Registry) -> Iterator[DacLink]:
    """Link the central body that decides on a cohort, where the registry has one."""
    types = governance_of(dataset)
    if Governance.COHORT not in types or not _is_central(types):
        return
    for body in (each for each in registry if each.role is Role.DECIDES and each.level == CENTRAL):
        evidence = (
            f'dct:conformsTo says 1+MG cohort; the registry lists "{_name(body)}" as the central body that decides.'
        )
        yield DacLink(body, Role.DECIDES, Method.GOVERNANCE, evidence)


def central_chain(dataset: Dataset, source: Source, registry: Registry) -> Iterator[DacLink]:
    """Link who recommends (the central committee) and who may veto (the coordination point of the node's country)."""
    types = governance_of(dataset)
    if not _is_central(types):
        return
    for body in registry.central():
        evidence = (
            f'dct:conformsTo says {types[0]}; the registry lists "{_name(body)}" as the central body that recommends.'
        )
        yield DacLink(body, Role.RECOMMENDS, Method.GOVERNANCE, evidence)
    for body in (each for each in registry if each.role is Role.MAY_VETO and _same_country(each, source)):
        evidence = (
            f'dct:conformsTo says {types[0]}; the registry lists "{_name(body)}" as the coordination point of '
            f"{source.country}, which may veto."
        )
        yield DacLink(body, Role.MAY_VETO, Method.GOVERNANCE, evidence)


def _same_country(body: Committee, source: Source) -> bool:
    return source.country is not None and body.country == source.country


def _name(body: Committee) -> str:
    return name_of(body.names, body.id)


def holder_decides(dataset: Dataset) -> str:
    """Return a sentence for what is 1+MG compliant and names no committee: which holder decides. Else empty."""
    if Governance.COMPLIANT not in governance_of(dataset) or dataset.custodian is None:
        return ""
    holder = name_of(dataset.custodian.names, dataset.custodian.iri or dataset.custodian.key)
    return f' As a 1+MG compliant dataset it is decided on by its data holder, "{holder}" (geodcatap:custodian).'


# What does not fit together. ---------------------------------------------------------------------------------------


def conflicts(dataset: Dataset, links: Iterable[DacLink]) -> tuple[str, ...]:
    """Return what a record says of who decides that does not fit together. `links`: all that were found."""
    links = tuple(links)
    return (*_of_statements(links), *_of_types(dataset, links), *_of_bodies(dataset, links))


def _of_statements(links: tuple[DacLink, ...]) -> Iterator[str]:
    stated = {
        method: {link.committee.id: _name(link.committee) for link in links if _decides(link) and link.method is method}
        for method in (Method.ATTRIBUTION, Method.POLICY)
    }
    attributed, assigned = stated[Method.ATTRIBUTION], stated[Method.POLICY]
    if attributed and assigned and not assigned.keys() <= attributed.keys():
        yield (
            f"prov:qualifiedAttribution names {_listed(attributed.values())}, odrl:assigner names "
            f"{_listed(assigned.values())}: the record does not say which of them decides."
        )


def _of_types(dataset: Dataset, links: tuple[DacLink, ...]) -> Iterator[str]:
    types = governance_of(dataset)
    if len(types) > 1:
        yield f"dct:conformsTo states several types of governance ({', '.join(types)}); they exclude each other."
    stated = [link for link in links if _decides(link) and link.method in {Method.ATTRIBUTION, Method.POLICY}]
    local = [_name(link.committee) for link in stated if link.committee.level != CENTRAL]
    if types == (Governance.COHORT,) and local:
        yield f"Of a 1+MG cohort the central body decides; the record says that {_listed(local)} does."
    if types == (Governance.EXTERNAL,) and any(link.role is Role.RECOMMENDS for link in links):
        yield "On an externally governed dataset no central opinion is asked; the record names a body that recommends."


def _of_bodies(dataset: Dataset, links: tuple[DacLink, ...]) -> Iterator[str]:
    hdab = dataset.hdab
    if hdab is not None and any(_decides(link) and _is_same(link.committee, hdab) for link in links):
        yield (
            f'"{name_of(hdab.names, hdab.iri or hdab.key)}" is named as the committee and as the health data access '
            "body (healthdcatap:hdab); these are two different things."
        )


def _is_same(committee: Committee, agent: Agent) -> bool:
    return agent.iri is not None and committee.iri == agent.iri


def _decides(link: DacLink) -> bool:
    return link.role is Role.DECIDES


def _listed(names: Iterable[str]) -> str:
    return " and ".join(f'"{name}"' for name in dict.fromkeys(names))
