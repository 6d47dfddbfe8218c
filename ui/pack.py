"""The application pack of a basket: a page to print, linked data, a research object crate. Made within a request."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Final

from flask import render_template
from markupsafe import Markup

from catalogue.access.basket import Basket
from catalogue.access.handover import links
from catalogue.pack.application import CHAPTER_APPLIES, GENOMIC_APPLIES, HEADINGS, PREFILLED, REGULATION
from catalogue.pack.basket_graph import Named, basket_triples
from catalogue.pack.crate import File, crate
from catalogue.store.layout import Layout
from shapes.media import JSONLD
from shapes.serialise import serialise
from ui import basket_words
from ui.basket_wire import basket_json
from ui.site import current_site

JSON: Final = "application/json"


def named(address: str) -> Named:
    """How the basket at a public address is called, today."""
    site = current_site()
    return Named(address, site.settings.title, today(), Layout(site.settings.base_url))


def today() -> date:
    """The day in UTC."""
    return datetime.now(UTC).date()


def page(basket: Basket, address: str, *, standalone: bool = False) -> str:
    """The pack as a page for reading and printing. `standalone`: with its style in it, to be kept as a file."""
    site = current_site()
    style = site.assets["pack.css"].body.decode("utf-8") if standalone else None
    return render_template(
        "pack.html",
        basket=basket,
        address=address,
        day=today(),
        headings=HEADINGS,
        prefilled=PREFILLED,
        regulation=REGULATION,
        dates=(CHAPTER_APPLIES, GENOMIC_APPLIES),
        steps=[links(group, site.settings.title) for group in basket.groups],
        terms=basket_words,
        style=Markup(style) if style is not None else None,  # noqa: S704 - our own style sheet
    )


def jsonld(basket: Basket, address: str) -> bytes:
    """The basket as JSON-LD, nested from the basket."""
    return serialise(basket_triples(basket, named(address)), JSONLD, address)


def json_bytes(basket: Basket, address: str) -> bytes:
    """The basket as the API gives it."""
    said = basket_json(basket, current_site().settings.title, address)
    return json.dumps(said, ensure_ascii=False, indent=2).encode() + b"\n"


def crate_of(basket: Basket, address: str) -> bytes:
    """The basket as an RO-Crate: the page to print, the basket as JSON and as JSON-LD, and what they are."""
    files = {
        "application.html": File(page(basket, address, standalone=True).encode(), "text/html", "The application pack"),
        "basket.json": File(json_bytes(basket, address), JSON, "The basket as the catalogue's API gives it"),
        "basket.jsonld": File(jsonld(basket, address), JSONLD.media_type, "The basket as linked data"),
    }
    return crate(basket, named(address), files)
