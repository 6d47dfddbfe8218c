"""Where one applies: the ordered rules, what each is known by, and the systems addresses belong to."""

from __future__ import annotations

import pytest
from turtle_records import NODE, dataset

from catalogue.access.addresses import mail_link, recognised, rems_link
from catalogue.access.route import Route, RouteKind
from catalogue.access.routes import routes
from catalogue.dac.committee import Committee, Role
from catalogue.dac.registry import Registry
from catalogue.dac.resolve import resolve
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
