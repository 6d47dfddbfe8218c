"""What REMS tells anybody, read through the guarded door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from nodes.fake_node import Reply
from nodes.rems_node import Item, Options, RemsNode

from harvester.errors import BadAddress, BadAnswer, HttpStatus
from harvester.http import Door
from harvester.rems import RemsItem, read_rems, rems_base


@pytest.fixture
def rems() -> Iterator[RemsNode]:
    with RemsNode(Item(7, "GDI-FI-1", workflow=3, form=2, title="Genomes"), path="/rems") as node:
        yield node


@pytest.mark.parametrize(
    "address",
    [
        "https://rems.example.org",
        "https://rems.example.org/",
        "https://REMS.example.org/apply-for?resource=a&resource=b",
        "https://rems.example.org/application?items=2,3",
        "https://rems.example.org/application/12",
        "https://rems.example.org/api/catalogue",
        "https://rems.example.org/catalogue#x",
    ],
)
def test_every_address_of_an_installation_leads_to_its_front_page(address: str) -> None:
    assert rems_base(address) == "https://rems.example.org"


def test_an_installation_below_a_path_keeps_it() -> None:
    assert rems_base("https://x.example/catalogue/rems/apply-for?resource=a") == "https://x.example/catalogue/rems"


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(BadAddress, match="http or https"):
        rems_base("rems.example.org/apply-for")


def test_items_come_with_workflow_form_and_organisation(rems: RemsNode, door: Door) -> None:
    told = read_rems(door, rems.address)
    assert (told.cart, told.duo, told.languages, told.unreadable) == (True, False, ("en", "fi"), 0)
    assert told.items == (
        RemsItem(
            id=7,
            resource="GDI-FI-1",
            workflow=3,
            form=2,
            enabled=True,
            archived=False,
            expired=False,
            organisation="Committee of the north",
            titles=(("en", "Genomes"),),
            infourl="https://node.example/d",
        ),
    )
    assert [seen.path for seen in rems.requests] == ["/rems/api/config", "/rems/api/catalogue"]


def test_a_catalogue_that_is_not_public_is_not_asked_for(rems: RemsNode, door: Door) -> None:
    rems.options = Options(public=False)
    assert read_rems(door, rems.address).items is None
    assert [seen.path for seen in rems.requests] == ["/rems/api/config"]


def test_a_catalogue_that_turns_us_away_although_public_is_a_closed_one(rems: RemsNode, door: Door) -> None:
    rems.behave("/rems/api/catalogue", Reply(403, b"forbidden", "text/plain"))
    assert read_rems(door, rems.address).items is None


def test_a_catalogue_that_fails_is_an_error_and_not_a_closed_one(rems: RemsNode, door: Door) -> None:
    rems.behave("/rems/api/catalogue", Reply(500, b"", "text/plain"))
    with pytest.raises(HttpStatus):
        read_rems(door, rems.address)


def test_what_is_no_item_is_counted_and_the_others_are_read(rems: RemsNode, door: Door) -> None:
    rems.options = Options(extra=[{"id": 9, "resid": "", "wfid": 1}, "text", {"id": True, "resid": "x", "wfid": 1}])
    told = read_rems(door, rems.address)
    assert told.items is not None
    assert ([item.id for item in told.items], told.unreadable) == ([7], 3)


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("/rems/api/config", b"<html>Welcome", "This is no answer of REMS: it begins with '<html>Welcome'."),
        (
            "/rems/api/config",
            b'{"version": 1}',
            "This is JSON, but not the configuration of REMS: it has no 'catalogue-is-public'.",
        ),
        ("/rems/api/catalogue", b'{"items": []}', "The catalogue of REMS is a list; this answer is none."),
    ],
)
def test_another_system_is_told_from_rems(rems: RemsNode, door: Door, path: str, body: bytes, sentence: str) -> None:
    rems.behave(path, Reply(200, body, "application/json"))
    with pytest.raises(BadAnswer) as caught:
        read_rems(door, rems.address)
    assert (caught.value.detail, caught.value.url) == (sentence, rems.url(path))
