"""Where one applies for a dataset: ordered rules, each with its evidence (docs/access.md).

    1 registry            the systems where the committee that decides takes applications, as the registry has them;
                          else its page for applications, where that is an address of a system we know
    2 access-service      a data service of the record that is a REMS or Negotiator
    3 access-url          an address of a distribution that belongs to a system we know
    4 identifier          an EGA accession of the dataset
    5 registry            the committee's page for applications, where it is none of these systems
    6 access-url          any other address of a distribution that is not public
    7 committee-contact   the committee's contact page and mailbox
    8 access-body         the Health Data Access Body: its form or page, its mailbox
    9 landing-page        the node's page of the dataset
    10 contact-point      the dataset's contact point

Public data have no routes but their downloads: there is nothing to apply for. Where the record names none, its landing
page and contact point are left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final

from catalogue.access.addresses import EGA, Place, ega_dataset, front_page, mail_link, recognised, rems_items, rems_link
from catalogue.access.route import Route, RouteKind, RouteMethod
from catalogue.dac.committee import Access, Committee, DeciderStatus, Role
from catalogue.dac.identity import name_of
from catalogue.dac.registry import ega_accessions
from catalogue.dac.systems import Entrance, entrance
from catalogue.dataset import Dataset, Distribution, Service
from catalogue.reading.values import is_web_address

PUBLIC: Final = "PUBLIC"
_PLACES: Final = frozenset({RouteKind.REMS, RouteKind.EGA, RouteKind.NEGOTIATOR})
_MOST: Final = 6  # routes of one dataset; a record with a hundred files states one way, not a hundred


@dataclass(frozen=True, slots=True)
class _Case:
    dataset: Dataset
    deciding: tuple[Committee, ...]
    access_bodies: tuple[Committee, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What a system may call the dataset: REMS, Beacon and catalogues of GDI join on dct:identifier."""
        dataset = self.dataset
        return tuple(dict.fromkeys((*dataset.identifiers, dataset.iri, *dataset.other_identifiers)))


def routes(dataset: Dataset, access: Access) -> tuple[Route, ...]:
    """Find the ways to apply for a dataset, best first; of open data, where to get them. May be empty."""
    if is_open(dataset, access):
        nobody = _Case(dataset, (), ())
        elsewhere = chain(_landing_pages(nobody), _contact_points(nobody))
        return tuple(islice(_downloads(dataset), _MOST)) or _distinct(elsewhere)[:_MOST]
    bodies = {role: tuple(link.committee for link in access.links if link.role is role) for role in Role}
    case = _Case(dataset, bodies[Role.DECIDES], bodies[Role.HDAB])
    return _distinct(chain.from_iterable(rule(case) for rule in _RULES))[:_MOST]


def is_open(dataset: Dataset, access: Access) -> bool:
    """Whether there is nothing to ask: the node says PUBLIC, and names nobody who decides."""
    rights = dataset.access_rights
    stated = access.decider.status is DeciderStatus.PUBLISHED
    return rights is not None and rights.code == PUBLIC and not stated


def _distinct(found: Iterator[Route]) -> tuple[Route, ...]:
    """Each system, page and mailbox once, where it was first met; with the name of the dataset that somebody states."""
    kept: dict[tuple[str, str], Route] = {}
    for route in found:
        key = (route.kind.value, route.system or route.address)
        before = kept.setdefault(key, route)
        if route.stated and not before.stated and before.item is None:
            evidence = f"{before.evidence} {route.evidence}"
            known = replace(before, address=route.address, resources=route.resources, item=route.item)
            kept[key] = replace(known, stated=True, evidence=evidence)
    return tuple(kept.values())


def _downloads(dataset: Dataset) -> Iterator[Route]:
    for each in dataset.distributions:
        for name, addresses in (("dcat:downloadURL", each.download_urls), ("dcat:accessURL", each.access_urls)):
            for address in addresses:
                if is_web_address(address) and not (name == "dcat:accessURL" and each.services):
                    evidence = f"dct:accessRights is PUBLIC; {name} of a distribution."
                    yield Route(RouteKind.DOWNLOAD, address, RouteMethod.ACCESS_URL, evidence, titles=each.titles)


# The rules ------------------------------------------------------------------------------------------------------


def _registered_systems(case: _Case) -> Iterator[Route]:
    """Rule 1: the systems of the committees that decide."""
    for committee in case.deciding:
        yield from _of_systems(case, committee, RouteMethod.REGISTRY)


def _of_systems(case: _Case, body: Committee, method: RouteMethod) -> Iterator[Route]:
    for system in body.systems:
        found = entrance(system, case.names)
        if found is not None:
            where = "The registry" if body.origin == "registry" else f'The node "{body.origin}"'
            evidence = f'{where} names {system.url} as a place where "{_called(body)}" takes applications.'
            yield _through(case, found, method, evidence, body.id)


def _through(case: _Case, found: Entrance, method: RouteMethod, evidence: str, body: str) -> Route:
    """The route through an entrance, with what the registry says of the dataset there."""
    kind, url = RouteKind(found.system.kind.value), found.system.url
    system = front_page(url)
    if kind not in _PLACES or system is None:
        return Route(kind, url, method, evidence, body=body)
    place = Place(
        kind, EGA if kind is RouteKind.EGA else system, resource=found.resource, item=found.item, certain=True
    )
    workflow = str(found.workflow) if found.workflow is not None else None
    return replace(_at(case, place, url, method, evidence, body), workflow=workflow)


def _application_systems(case: _Case) -> Iterator[Route]:
    """Rule 1: a committee's page for applications that is an address of a system we know."""
    for committee, place in _application_pages(case):
        if place is not None:
            yield _at(case, place, str(committee.apply_url), RouteMethod.REGISTRY, _page_of(committee), committee.id)


def _application_pages(case: _Case) -> Iterator[tuple[Committee, Place | None]]:
    for committee in case.deciding:
        if committee.apply_url and is_web_address(committee.apply_url):
            yield committee, recognised(committee.apply_url)


def _page_of(committee: Committee) -> str:
    where = "The registry" if committee.origin == "registry" else f'The node "{committee.origin}"'
    return f'{where} names {committee.apply_url} as the page for applications of "{_called(committee)}".'


def _services(case: _Case) -> Iterator[Route]:
    """Rule 2: services of the dataset and of its distributions."""
    services = (*case.dataset.services, *(s for each in case.dataset.distributions for s in each.services))
    for service in dict.fromkeys(services):
        for endpoint in service.endpoints:
            place = _service_place(service, endpoint)
            if place is not None:
                named = " ".join(text.value for text in service.titles[:1]) or service.iri or endpoint
                evidence = f'dcat:accessService names "{named}", a {_WORDS[place.kind]} at {endpoint}.'
                yield _at(case, place, endpoint, RouteMethod.SERVICE, evidence)


def _service_place(service: Service, endpoint: str) -> Place | None:
    """The system a service is: as its dct:type or dct:conformsTo says, else as its address does."""
    place = recognised(endpoint)
    base = front_page(endpoint)
    if place is None and base is not None:
        said = " ".join((*(concept.iri for concept in service.types), *service.conforms_to)).lower()
        kind = next((kind for kind in (RouteKind.REMS, RouteKind.NEGOTIATOR) if kind.value in said), None)
        return Place(kind, base) if kind is not None else None
    return place


def _recognised_addresses(case: _Case) -> Iterator[Route]:
    """Rule 3: addresses of distributions that belong to a system."""
    for distribution, address in _access_urls(case.dataset):
        place = recognised(address)
        if place is not None:
            evidence = f"dcat:accessURL {address} is an address of {_WORDS[place.kind]}."
            yield replace(_at(case, place, address, RouteMethod.ACCESS_URL, evidence), titles=distribution.titles)


def _access_urls(dataset: Dataset) -> Iterator[tuple[Distribution, str]]:
    for distribution in dataset.distributions:
        for address in distribution.access_urls:
            if is_web_address(address) and not distribution.services:  # a Beacon takes no request
                yield distribution, address


def _accessions(case: _Case) -> Iterator[Route]:
    """Rule 4: EGA's page of the dataset."""
    dataset = case.dataset
    for where, texts in (("dct:identifier", dataset.identifiers), ("adms:identifier", dataset.other_identifiers)):
        for accession in dict.fromkeys(a for text in texts for a in ega_accessions(text, "D")):
            evidence = f"{where} holds {accession}, an accession of the European Genome-phenome Archive."
            place = Place(RouteKind.EGA, EGA, resource=accession, certain=True)
            yield _at(case, place, ega_dataset(accession), RouteMethod.IDENTIFIER, evidence)


def _other_application_pages(case: _Case) -> Iterator[Route]:
    """Rule 5."""
    for committee, place in _application_pages(case):
        if place is None:
            address, evidence = str(committee.apply_url), _page_of(committee)
            yield Route(RouteKind.WEB, address, RouteMethod.REGISTRY, evidence, body=committee.id)


def _other_addresses(case: _Case) -> Iterator[Route]:
    """Rule 6."""
    for distribution, address in _access_urls(case.dataset):
        if recognised(address) is None:
            evidence = f"dcat:accessURL of a distribution is {address}."
            yield Route(RouteKind.WEB, address, RouteMethod.ACCESS_URL, evidence, titles=distribution.titles)


def _committee_contacts(case: _Case) -> Iterator[Route]:
    """Rule 7."""
    for committee in case.deciding:
        yield from _contacts(committee, RouteKind.WEB, RouteMethod.COMMITTEE_CONTACT, "committee")


def _access_bodies(case: _Case) -> Iterator[Route]:
    """Rule 8: healthdcatap:hdab. Its form where the registry knows one."""
    for body in case.access_bodies:
        yield from _of_systems(case, body, RouteMethod.ACCESS_BODY)
        if body.apply_url and is_web_address(body.apply_url):
            evidence = _page_of(body)
            yield Route(RouteKind.HDAB_FORM, body.apply_url, RouteMethod.ACCESS_BODY, evidence, body=body.id)
        yield from _contacts(body, RouteKind.HDAB_FORM, RouteMethod.ACCESS_BODY, "Health Data Access Body")


def _contacts(body: Committee, page: RouteKind, method: RouteMethod, what: str) -> Iterator[Route]:
    said = f'of the {what} "{_called(body)}".'
    if body.contact_page and is_web_address(body.contact_page):
        yield Route(page, body.contact_page, method, f"The contact page {said}", body=body.id)
    if body.email:
        yield Route(RouteKind.MAIL, mail_link(body.email), method, f"The mailbox {said}", body=body.id)


def _landing_pages(case: _Case) -> Iterator[Route]:
    """Rule 9."""
    for page in case.dataset.landing_pages:
        if is_web_address(page):
            yield Route(RouteKind.WEB, page, RouteMethod.LANDING_PAGE, "dcat:landingPage of the dataset.")


def _contact_points(case: _Case) -> Iterator[Route]:
    """Rule 10."""
    for contact in case.dataset.contacts:
        evidence = f'dcat:contactPoint "{name_of(contact.names, contact.email or contact.page or "")}".'
        if contact.email:
            yield Route(RouteKind.MAIL, mail_link(contact.email), RouteMethod.CONTACT_POINT, evidence)
        if contact.page and is_web_address(contact.page):
            yield Route(RouteKind.WEB, contact.page, RouteMethod.CONTACT_POINT, evidence)


_RULES: Final[tuple[Callable[[_Case], Iterator[Route]], ...]] = (
    _registered_systems,
    _application_systems,
    _services,
    _recognised_addresses,
    _accessions,
    _other_application_pages,
    _other_addresses,
    _committee_contacts,
    _access_bodies,
    _landing_pages,
    _contact_points,
)
_WORDS: Final = {
    RouteKind.REMS: "Resource Entitlement Management System (REMS)",
    RouteKind.EGA: "page of the European Genome-phenome Archive",
    RouteKind.NEGOTIATOR: "Negotiator",
}


def _at(case: _Case, place: Place, address: str, method: RouteMethod, evidence: str, body: str | None = None) -> Route:
    """A route into a system: the link it takes for this dataset, and the names it may know it by."""
    stated = (place.resource,) if place.resource else ()
    resources = tuple(dict.fromkeys((*stated, *case.names)))
    if place.kind is RouteKind.EGA:
        resources = stated or tuple(a for name in case.names for a in ega_accessions(name, "D"))[:1]
        address = ega_dataset(resources[0]) if resources else address
    elif place.kind is RouteKind.REMS and place.item is not None:
        address = rems_items(place.system, (place.item,))
    elif place.kind is RouteKind.REMS and resources:
        address = rems_link(place.system, resources[:1])
        evidence += "" if stated else " That it knows the dataset by its identifier is assumed."
    return Route(
        place.kind, address, method, evidence, place.system, resources, bool(stated), item=place.item, body=body
    )


def _called(committee: Committee) -> str:
    return name_of(committee.names, committee.id)
