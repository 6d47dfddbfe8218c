"""A basket: one group for each application that can be made, and nothing dropped."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from basket_shelf import Shelf, names, policy, request_at

from catalogue.access.basket import MOST, BasketFull, Task, Why
from catalogue.access.handover import Act, links, negotiator_request
from catalogue.access.route import RouteKind
from catalogue.dac.committee import DeciderStatus, Method
from catalogue.journal.state import Status
from shapes.record import Kind

REMS = "https://rems.example"


def rems(name: str) -> str:
    return request_at(f"{REMS}/apply-for?resource={name}")


def test_datasets_of_one_system_and_one_committee_are_one_application() -> None:
    shelf = Shelf()
    shelf.put("a", rems("A"), committee="fi").put("b", rems("B"), committee="fi").put("c", rems("C"), committee="ee")
    basket = shelf.basket()
    assert names(basket) == [("a", "b"), ("c",)]
    (first, second) = basket.groups
    assert (first.kind, first.system, first.workflow) == (RouteKind.REMS, REMS, None)
    assert [link.address for link in links(first, "X")] == [f"{REMS}/apply-for?resource=A&resource=B"]
    assert [link.address for link in links(second, "X")] == [f"{REMS}/apply-for?resource=C"]


def test_three_countries_are_three_applications_with_their_bodies() -> None:
    shelf = Shelf()
    shelf.put("a", rems("A"), country="FI", committee="fi")
    shelf.put("b", 'adms:identifier [ skos:notation "EGAD00001000003" ]', country="NL", committee="nl")
    shelf.put("c", request_at("https://ee.example/apply"), country="EE", committee="ee")
    basket = shelf.basket()
    assert basket.countries == ("EE", "FI", "NL")
    assert [(g.kind, g.countries) for g in basket.groups] == [
        (RouteKind.REMS, ("FI",)),
        (RouteKind.EGA, ("NL",)),
        (RouteKind.WEB, ("EE",)),
    ]
    assert [body.committee.names[0].value for group in basket.groups for body in group.bodies] == [
        "Committee of fi",
        "Committee of nl",
        "Committee of ee",
    ]


def test_a_stand_in_is_said_to_be_one() -> None:
    shelf = Shelf().put(
        "a", "healthdcatap:hdab :hdab", more=':hdab foaf:name "HDAB"@en ; foaf:mbox <mailto:h@x.example> .'
    )
    (group,) = shelf.basket().groups
    (body,) = group.bodies
    assert (group.task, body.status, body.methods) == (
        Task.APPLY,
        DeciderStatus.STAND_IN,
        (Method.HDAB_STAND_IN,),
    )


def test_what_nobody_decides_on_is_asked_of_its_node_and_open_data_of_nobody() -> None:
    shelf = Shelf()
    contact = 'dcat:contactPoint [ vcard:fn "Desk" ; vcard:hasEmail <mailto:desk@x.example> ]'
    shelf.put("open", request_at("https://x.example/file"), access="PUBLIC")
    shelf.put("a", contact, "dcat:landingPage <https://x.example/a>").put("b", contact).put("c", country="SE")
    basket = shelf.basket()
    assert [(g.task, g.lines[0].entry.source.name) for g in basket.groups] == [
        (Task.ASK_NODE, "node-fi"),
        (Task.ASK_NODE, "node-se"),
        (Task.DOWNLOAD, "node-fi"),
    ]
    page, mail = links(basket.groups[0], "The catalogue")
    assert (page.act, page.address, page.datasets) == (Act.PAGE, "https://x.example/a", ("a",))
    assert (mail.act, mail.datasets) == (Act.MAIL, ("a", "b"))
    asked = parse_qs(urlsplit(mail.address).query)
    assert urlsplit(mail.address).path == "desk@x.example"
    assert asked["subject"] == ["Request for access to 2 datasets"]
    assert "- Dataset a\r\n  A · https://node.example/dataset/1" in asked["body"][0]
    assert links(basket.groups[1], "X") == ()
    assert [link.act for link in links(basket.groups[2], "X")] == [Act.DOWNLOAD]


def test_a_mailbox_with_signs_of_its_own_is_not_quoted_twice() -> None:
    contact = 'dcat:contactPoint [ vcard:fn "Desk" ; vcard:hasEmail <mailto:data+access@x.example> ]'
    (group,) = Shelf().put("a", contact).basket().groups
    (mail,) = links(group, "X")
    assert mail.address.startswith("mailto:data+access@x.example?subject=Request%20for%20access%3A%20Dataset%20a&")


def test_the_committee_of_an_accession_has_its_page_beside_that_of_the_dataset() -> None:
    shelf = Shelf()
    shelf.put("a", 'adms:identifier [ skos:notation "EGAD00001000003" ] , [ skos:notation "EGAC00001000001" ]')
    (group,) = shelf.basket().groups
    assert [(link.act, link.address) for link in links(group, "X")] == [
        (Act.DATASET_PAGE, "https://ega-archive.org/datasets/EGAD00001000003"),
        (Act.COMMITTEE_PAGE, "https://ega-archive.org/dacs/EGAC00001000001"),
    ]


def test_a_negotiator_gets_a_request_with_every_dataset() -> None:
    shelf = Shelf()
    for key, committee in (("a", "fi"), ("b", "ee")):
        shelf.put(key, request_at("https://negotiator.example/"), committee=committee)
    (group,) = shelf.basket().groups
    assert links(group, "X") == ()
    assert negotiator_request(group, "https://catalogue.example/basket?d=a&d=b") == {
        "url": "https://catalogue.example/basket?d=a&d=b",
        "humanReadable": "Dataset a; Dataset b",
        "resources": [{"id": "A", "name": "Dataset a"}, {"id": "B", "name": "Dataset b"}],
    }


def test_nothing_that_was_put_in_is_dropped() -> None:
    shelf = Shelf().put("a", rems("A")).put("gone").put("held").put("series")
    shelf.change("gone", status=Status.WITHDRAWN)
    shelf.change("held", status=Status.HELD)
    shelf.change("series", kind=Kind.SERIES)
    basket = shelf.basket("a", "gone", "nobody-knows", "held", "series", "a", " ")
    assert names(basket) == [("a",)]
    assert [(each.id, each.why) for each in basket.absent] == [
        ("gone", Why.WITHDRAWN),
        ("nobody-knows", Why.UNKNOWN),
        ("held", Why.NOT_LISTED),
        ("series", Why.NO_DATASET),
    ]
    assert basket.absent[0].titles[0].value == "Dataset gone"
    assert basket.ids == ("a", "gone", "nobody-knows", "held", "series")


def test_a_basket_has_a_bound_that_it_names() -> None:
    with pytest.raises(BasketFull) as caught:
        Shelf().basket(*(f"d{number}" for number in range(MOST + 1)))
    assert caught.value.detail == "A basket holds at most 50 datasets; this one has 51. Make two of it."


def test_conditions_are_common_or_of_some() -> None:
    shelf = Shelf()
    shelf.put("a", rems("A"), policy("DUO:0000042", "DUO:0000021"), committee="fi")
    shelf.put("b", rems("B"), policy("DUO:0000042", "DUO:0000046"), committee="fi")
    (group,) = shelf.basket().groups
    compared = group.conditions
    assert [(each.term.shorthand, each.datasets) for each in compared.common] == [("GRU", ("a", "b"))]
    assert [(each.term.shorthand, each.datasets) for each in compared.varying] == [
        ("IRB", ("a",)),
        ("NCU", ("b",)),
    ]
    assert compared.conflicts == (
        "1 of 2 datasets forbid commercial use: a project with commercial ends may ask for the others only.",
    )


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (
            "DUO:0000011",
            "DUO:0000006",
            (
                "1 of 2 datasets may be used for studies of population origins or ancestry only, 1 not for them: no one"
                " project may use all."
            ),
        ),
        (
            "DUO:0000018",
            "DUO:0000042",
            "1 of 2 datasets are for organisations that make no profit: a company may ask for the others only.",
        ),
        (
            "DUO:0000007",
            "DUO:0000007",
            (
                "2 of 2 datasets are restricted to a disease that not all of them name: whether one project fits all "
                "has to be asked."
            ),
        ),
        (
            "DUO:0000007",
            "DUO:0000042",
            "1 of 2 datasets may be used for research on a disease only: other research may ask for the others.",
        ),
    ],
)
def test_what_one_application_runs_into_is_said(one: str, other: str, said: str) -> None:
    shelf = Shelf()
    shelf.put("a", rems("A"), policy(one), committee="fi").put("b", rems("B"), policy(other), committee="fi")
    (group,) = shelf.basket().groups
    assert said in group.conditions.conflicts


def test_different_diseases_are_named() -> None:
    shelf = Shelf()
    for key, disease in (("a", "MONDO_0018940"), ("b", "MONDO_0005105")):
        term = f"<http://purl.obolibrary.org/obo/{disease}>"
        use = f"gdix:dataUse [ gdix:duo <http://purl.obolibrary.org/obo/DUO_0000007> ; gdix:disease {term} ]"
        shelf.put(key, rems(key), use, committee="fi")
    (group,) = shelf.basket().groups
    assert group.conditions.conflicts == (
        "The datasets do not name the same disease (MONDO:0005105; MONDO:0018940): one project has to fit all of them.",
    )


def test_datasets_that_state_no_conditions_are_counted_as_silent() -> None:
    shelf = Shelf().put("a", rems("A"), policy("DUO:0000042"), committee="fi").put("b", rems("B"), committee="fi")
    (group,) = shelf.basket().groups
    assert (group.conditions.silent, group.conditions.conflicts) == (("b",), ())


def test_a_mail_is_readable_after_all_its_quoting() -> None:
    (group,) = Shelf().put("a", committee="fi").basket().groups
    (mail,) = links(group, "The catalogue")
    assert group.kind is RouteKind.MAIL
    assert "access to the following dataset, found in The catalogue:" in unquote(mail.address)
