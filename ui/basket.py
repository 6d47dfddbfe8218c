"""The basket: kept in its address, so that it needs no login and can be shared; its pages and its files."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from catalogue.access.basket import MOST, Basket, Group
from catalogue.access.handover import NEGOTIATOR_PATH, Link, links, negotiator_request
from catalogue.access.route import RouteKind
from catalogue.dac.committee import Committee
from shapes.media import JSONLD
from ui import basket_words, negotiate, pack
from ui.asking import BASKET
from ui.basket_wire import Object
from ui.site import current_site

basket = Blueprint("basket", __name__)
_ZIP: Final = "application/zip"


@dataclass(frozen=True, slots=True)
class Card:
    """A group as its page shows it. `request` is what a Negotiator takes, at `request_address`."""

    number: int
    group: Group
    steps: tuple[Link, ...]
    documents: tuple[tuple[str, tuple[Committee, ...]], ...]
    request: Object | None = None
    request_address: str | None = None


@basket.get("/basket")
def page() -> Response:
    """Show the basket the address holds."""
    if any(not value.strip() for value in request.args.getlist(BASKET)):
        return make_response(redirect(url_for("basket.page", d=asked_for()), HTTPStatus.SEE_OTHER))
    found = current()
    text = render_template(
        "basket.html",
        basket=found,
        cards=[card(number, group, address_of(found)) for number, group in enumerate(found.groups, 1)],
        terms=basket_words,
        most=MOST,
        without=lambda key: url_for("basket.page", d=[each for each in found.ids if each != key]),
    )
    return negotiate.vary(make_response(text), "Accept-Language")


@basket.get("/basket/pack")
def application_pack() -> Response:
    """The application pack, to be printed."""
    found = current()
    return negotiate.vary(make_response(pack.page(found, address_of(found))), "Accept-Language")


@basket.get("/basket.jsonld")
def linked_data() -> Response:
    """The basket as JSON-LD."""
    found = current()
    response = make_response(pack.jsonld(found, address_of(found)))
    response.content_type = JSONLD.media_type
    return response


@basket.get("/basket/ro-crate.zip")
def research_object() -> Response:
    """The basket as an RO-Crate."""
    found = current()
    response = make_response(pack.crate_of(found, address_of(found)))
    response.content_type = _ZIP
    response.headers["Content-Disposition"] = 'attachment; filename="basket-ro-crate.zip"'
    return response


def asked_for() -> list[str]:
    """What the address of the current request puts into the basket."""
    return list(dict.fromkeys(each for value in request.args.getlist(BASKET) if (each := value.strip())))


def current() -> Basket:
    """The basket of the current request. Raises `BasketFull`."""
    return current_site().desk.basket(asked_for())


def address_of(found: Basket) -> str:
    """The public address of a basket."""
    pairs = urlencode([(BASKET, key) for key in found.ids])
    return current_site().address(f"/basket?{pairs}" if pairs else "/basket")


def card(number: int, group: Group, address: str) -> Card:
    """Make the card of a group; what its committees ask for is put together, each document once."""
    asked: dict[str, list[Committee]] = {}
    for body in group.bodies:
        for document in body.committee.documents:
            asked.setdefault(document, []).append(body.committee)
    negotiator = group.kind is RouteKind.NEGOTIATOR
    return Card(
        number=number,
        group=group,
        steps=links(group, current_site().settings.title),
        documents=tuple((document, tuple(bodies)) for document, bodies in asked.items()),
        request=negotiator_request(group, address) if negotiator else None,
        request_address=f"{group.system}{NEGOTIATOR_PATH}" if negotiator else None,
    )
