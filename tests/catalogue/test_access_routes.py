"""Where one applies: the ordered rules, what each is known by, and the systems addresses belong to."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from turtle_records import NODE, dataset, datasets_in

from catalogue.access.addresses import mail_link, recognised, rems_link
from catalogue.access.route import Route, RouteKind
from catalogue.access.route_graph import route_triples
from catalogue.access.routes import routes
from catalogue.dac.committee import Access, Committee, DacLink, Decider, DeciderStatus, Method, Role
from catalogue.dac.registry import Registry
from catalogue.dac.resolve import resolve
from catalogue.dac.systems import Binding, System, SystemKind
from catalogue.dataset import Concept, Dataset, Distribution, Service
from catalogue.text import Text

CLOSED = "dct:accessRights <http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC>"
OPEN = "dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC>"
KNOWN = 'dct:identifier "GDI-BE-1"'
ATTRIBUTED = "prov:qualifiedAttribution [ prov:agent :dac ; dcat:hadRole gdix:DataAccessCommittee ]"
NAMED = ':dac foaf:name "Committee of X"@en .'


def found(statements: str, more: str = "", *committees: Committee) -> list[Route]:
    read = dataset(f"{CLOSED} ; {KNOWN} ; {statements}", more)
    return list(routes(read, resolve(read, NODE, Registry(committees))))


def told(given: list[Route]) -> list[tuple[str, str, str]]:
    return [(route.kind.value, route.method.value, route.address) for route in given]


def distribution(address: str, further: str = "") -> str:
    return f"dcat:distribution [ a dcat:Distribution ; dcat:accessURL <{address}> {further} ]"


def test_real_records_of_a_country_are_answered_and_open_ones_never_with_a_committee(shared_data: Path) -> None:
    """The Belgian health datasets: nearly all are called PUBLIC, and half of those of one node have no distribution."""
    kinds: Counter[str] = Counter()
    for file in ("node-a-sciensano-2025-04-13.ttl", "node-c-other-2025-04-13.jsonld"):
        for read in datasets_in(shared_data / "real-be-health" / file):
            given = routes(read, resolve(read, NODE, Registry(())))
            kinds[given[0].kind.value if given else "none"] += 1
            assert all(route.evidence for route in given)
            if read.access_rights is not None and read.access_rights.code == "PUBLIC":
                assert {route.method.value for route in given} <= {"access-url", "landing-page", "contact-point"}
    assert kinds == {"download": 301, "mail": 88, "web": 24}


@pytest.mark.parametrize(
    ("address", "kind", "system", "resource"),
    [
        ("https://x.example/apply-for?resource=GDI-1", "rems", "https://x.example", "GDI-1"),
        ("https://x.example/a/apply-for", "rems", "https://x.example/a", None),
        ("https://x.example/application?items=12", "rems", "https://x.example", None),
        ("https://rems.gdi.example/catalogue", "rems", "https://rems.gdi.example", None),
        ("https://gdi.example/rems", "rems", "https://gdi.example/rems", None),
        ("https://ega-archive.org/datasets/EGAD00001000003", "ega", "https://ega-archive.org", "EGAD00001000003"),
        ("https://negotiator.bbmri.example/request", "negotiator", "https://negotiator.bbmri.example", None),
    ],
)
def test_a_system_is_known_by_its_addresses(address: str, kind: str, system: str, resource: str | None) -> None:
    place = recognised(address)
    assert place is not None
    assert (place.kind.value, place.system, place.resource) == (kind, system, resource)


@pytest.mark.parametrize(
    "address",
    [
        "https://premises.example/apply",
        "https://theorems.example/catalogue",
        "https://x.example/application?items=all",
        "https://x.example/apply-for?form=3",
        "https://[::1/apply-for?resource=a",
        "mailto:dac@rems.example",
        "not an address",
        "http://[::1/rems",
        "https:///apply-for?resource=a",
    ],
)
def test_other_addresses_belong_to_no_system(address: str) -> None:
    assert recognised(address) is None


def test_a_link_of_an_access_url_keeps_the_name_it_states() -> None:
    (route,) = found(distribution("https://rems.example/apply-for?resource=urn:x"))
    assert told([route]) == [("rems", "access-url", "https://rems.example/apply-for?resource=urn%3Ax")]
    assert (route.system, route.resources[0], route.stated) == ("https://rems.example", "urn:x", True)


def test_a_service_that_is_a_rems_takes_the_identifier_and_says_that_this_is_assumed() -> None:
    service = (
        'dcat:accessService [ a dcat:DataService ; dct:title "Access"@en ; dct:type gdix:REMS ; '
        "dcat:endpointURL <https://access.example/api> ]"
    )
    (route, *_) = found(distribution("https://x.example/page", f"; {service}"))
    assert told([route]) == [("rems", "access-service", "https://access.example/apply-for?resource=GDI-BE-1")]
    assert route.resources == ("GDI-BE-1", "https://node.example/dataset/1")
    assert route.evidence == (
        'dcat:accessService names "Access", a Resource Entitlement Management System (REMS) at '
        "https://access.example/api. That it knows the dataset by its identifier is assumed."
    )


def test_a_beacon_takes_no_request() -> None:
    service = "dcat:accessService [ a dcat:DataService ; dcat:endpointURL <https://beacon.example/api> ]"
    assert found(distribution("https://beacon.example/datasets/1", f"; {service}")) == []


def test_one_installation_is_one_route_with_the_name_somebody_states() -> None:
    committee = Committee("x", (Text("X"),), identifiers=("EGAC00001000001",), apply_url="https://rems.example/")
    agent = 'prov:agent [ foaf:name "X" ; dct:identifier "EGAC00001000001" ]'
    attributed = f"prov:qualifiedAttribution [ {agent} ; dcat:hadRole gdix:DataAccessCommittee ]"
    (route,) = found(f"{attributed} ; {distribution('https://rems.example/apply-for?resource=R1')}", "", committee)
    assert (route.method.value, route.resources[0], route.body) == ("registry", "R1", "x")
    assert route.address == "https://rems.example/apply-for?resource=R1"
    assert route.evidence.startswith('The registry names https://rems.example/ as the page for applications of "X".')
    assert "dcat:accessURL https://rems.example/apply-for?resource=R1" in route.evidence


def test_an_accession_of_ega_leads_to_its_page() -> None:
    (route,) = found('adms:identifier [ a adms:Identifier ; skos:notation "EGAD00001000003" ]')
    assert told([route]) == [("ega", "identifier", "https://ega-archive.org/datasets/EGAD00001000003")]


def test_the_order_is_system_page_committee_access_body_landing_page_contact() -> None:
    stated = " ; ".join(
        (
            ATTRIBUTED,
            "healthdcatap:hdab :hdab ; dcat:landingPage <https://node.example/page>",
            distribution("https://node.example/apply"),
            'dcat:contactPoint [ a vcard:Kind ; vcard:fn "Desk" ; vcard:hasEmail <mailto:desk@node.example> ]',
        )
    )
    more = (
        ':dac foaf:name "Committee of X"@en ; cv:contactPoint [ cv:email "dac@x.example" ; '
        "cv:contactPage <https://x.example/dac> ] . "
        ':hdab foaf:name "HDAB"@en ; cv:contactPoint [ cv:contactPage <https://hdab.example/form> ] .'
    )
    assert told(found(stated, more)) == [
        ("web", "access-url", "https://node.example/apply"),
        ("web", "committee-contact", "https://x.example/dac"),
        ("mail", "committee-contact", "mailto:dac@x.example"),
        ("hdab-form", "access-body", "https://hdab.example/form"),
        ("web", "landing-page", "https://node.example/page"),
        ("mail", "contact-point", "mailto:desk@node.example"),
    ]


def test_open_data_have_their_downloads_and_nothing_to_apply_for() -> None:
    read = dataset(
        f"{OPEN} ; healthdcatap:hdab [ foaf:name 'HDAB' ] ; "
        + distribution("https://x.example/page", "; dcat:downloadURL <https://x.example/file.vcf>")
    )
    given = list(routes(read, resolve(read, NODE, Registry(()))))
    assert [(route.kind, route.address) for route in given] == [
        (RouteKind.DOWNLOAD, "https://x.example/file.vcf"),
        (RouteKind.DOWNLOAD, "https://x.example/page"),
    ]


def test_what_is_called_public_and_yet_has_a_committee_is_applied_for() -> None:
    read = dataset(f"{OPEN} ; {ATTRIBUTED} ; {distribution('https://x.example/apply')}", NAMED)
    (route,) = routes(read, resolve(read, NODE, Registry(())))
    assert route.kind is RouteKind.WEB


def test_the_form_of_an_access_body_comes_from_the_registry() -> None:
    body = Committee("hdab", (Text("HDAB"),), iri="https://node.example/hdab", role=Role.HDAB,
                     apply_url="https://hdab.example/apply")  # fmt: skip
    (route,) = found("healthdcatap:hdab :hdab", ':hdab foaf:name "HDAB" .', body)
    assert told([route]) == [("hdab-form", "access-body", "https://hdab.example/apply")]


def test_a_dataset_that_says_nothing_has_no_route() -> None:
    assert found('dct:title "T"') == []


def test_a_record_with_many_files_states_a_few_ways_not_all() -> None:
    many = " ; ".join(distribution(f"https://x.example/{number}") for number in range(40))
    assert len(found(many)) == 6


def test_links_carry_names_as_they_are() -> None:
    assert rems_link("https://r.example", ("a b", "c&d=é")) == (
        "https://r.example/apply-for?resource=a+b&resource=c%26d%3D%C3%A9"
    )
    assert mail_link("a+b@x.example", "Grüße & more", "one\ntwo") == (
        "mailto:a+b@x.example?subject=Gr%C3%BC%C3%9Fe%20%26%20more&body=one%0D%0Atwo"
    )


# Systems of the registry ------------------------------------------------------------------------------------------


def with_systems(*systems: System, role: Role = Role.DECIDES) -> list[Route]:
    """The routes of a dataset whose committee (or access body) takes applications in these systems."""
    body = Committee("x", (Text("X"),), iri="https://node.example/dac", role=role, systems=systems)
    if role is Role.HDAB:
        return found("healthdcatap:hdab :dac", ':dac foaf:name "X" .', body)
    return found(ATTRIBUTED, NAMED, body)


def test_a_system_of_the_registry_comes_first_with_what_it_knows_the_dataset_by() -> None:
    system = System(
        SystemKind.REMS, "https://access.example/", (Binding("GDI-BE-*", resource="R-9", workflow=7),), workflow=3
    )
    (route,) = with_systems(system)
    assert told([route]) == [("rems", "registry", "https://access.example/apply-for?resource=R-9")]
    assert (route.system, route.resources[0], route.stated, route.workflow) == (
        "https://access.example",
        "R-9",
        True,
        "7",
    )
    assert route.evidence == ('The registry names https://access.example/ as a place where "X" takes applications.')


def test_a_system_that_does_not_say_what_it_knows_datasets_by_is_assumed_to_know_the_identifier() -> None:
    (route,) = with_systems(System(SystemKind.REMS, "https://access.example"))
    assert (route.address, route.stated) == ("https://access.example/apply-for?resource=GDI-BE-1", False)
    assert route.evidence.endswith("That it knows the dataset by its identifier is assumed.")


def test_a_system_that_is_for_other_datasets_is_none_for_this() -> None:
    assert with_systems(System(SystemKind.REMS, "https://access.example", (Binding("GDI-FI-*"),))) == []


def test_a_catalogue_item_of_the_registry_makes_the_link() -> None:
    system = System(SystemKind.REMS, "https://access.example", (Binding("GDI-BE-1", item=12),))
    (route,) = with_systems(system)
    assert (route.address, route.item) == ("https://access.example/application?items=12", 12)


@pytest.mark.parametrize(
    ("system", "kind", "address"),
    [
        (System(SystemKind.WEB, "https://x.example/apply"), "web", "https://x.example/apply"),
        (System(SystemKind.MAIL, "mailto:dac@x.example"), "mail", "mailto:dac@x.example"),
        (System(SystemKind.NEGOTIATOR, "https://n.example"), "negotiator", "https://n.example"),
        (System(SystemKind.EGA, "https://ega-archive.org"), "ega", "https://ega-archive.org"),
    ],
)
def test_every_kind_of_system_is_a_route(system: System, kind: str, address: str) -> None:
    (route,) = with_systems(system)
    assert told([route]) == [(kind, "registry", address)]


def test_the_system_of_an_access_body_is_its_form() -> None:
    (route,) = with_systems(System(SystemKind.HDAB_FORM, "https://hdab.example/form"), role=Role.HDAB)
    assert told([route]) == [("hdab-form", "access-body", "https://hdab.example/form")]


ADDRESSES = st.one_of(
    st.text(max_size=30),
    st.builds(
        str.__add__,
        st.sampled_from(("http://", "https://", "http://[::1", "https://rems.x/", "mailto:", "https://x:abc")),
        st.text(max_size=30),
    ),
)


@given(ADDRESSES, ADDRESSES, st.sampled_from(SystemKind))
def test_no_address_of_a_stranger_breaks_the_routes(address: str, url: str, kind: SystemKind) -> None:
    service = Service(None, (), endpoints=(address,), conforms_to=("https://x.example/REMS",))
    ways = (
        Distribution(None, (), access_urls=(address,), download_urls=(address,)),
        Distribution(None, (), services=(service,)),
    )
    read = Dataset("d", address, (), (), identifiers=(address,), distributions=ways, landing_pages=(address,))
    body = Committee("x", (Text("X"),), apply_url=url, contact_page=url, email=url, systems=(System(kind, url),))
    for status, rights in ((DeciderStatus.PUBLISHED, None), (DeciderStatus.NONE, Concept("x", (), "PUBLIC"))):
        access = Access((DacLink(body, Role.DECIDES, Method.POLICY, ""),), Decider(status, Method.POLICY, ""))
        given_routes = routes(replace(read, access_rights=rights), access)
        assert all(route.evidence for route in given_routes)
        list(route_triples(ox.NamedNode("https://x.example/d"), given_routes, "https://x.example/r", str))
