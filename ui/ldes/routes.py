"""The addresses of the event stream. A page that is full never changes, and says so."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, make_response, request

from shapes.errors import Missing
from shapes.media import JSONLD, NQUADS, TRIG, Syntax
from shapes.serialise import serialise_quads
from ui import counting, negotiate
from ui.ldes.stream import ADDRESS, PAGE, Stream
from ui.site import current_site

ldes = Blueprint("ldes", __name__, url_prefix=ADDRESS)

_OFFERS: Final = MappingProxyType({syntax.media_type: syntax for syntax in (TRIG, NQUADS, JSONLD)})
_FULL: Final = 31_536_000  # seconds, a year: as long as anybody keeps an answer


@ldes.get("")
def root() -> Response:
    """What the stream is, and the way to each of its pages."""
    stream = _stream()
    tag = f"{stream.epoch}-{stream.site.catalogue.chronicle.last()}"
    known = _unchanged(tag)
    return known or _answer(stream.root_quads(stream.site.catalogue.chronicle.spans(PAGE)), tag, full=False)


@ldes.get("/<epoch>/<name>")
def page(epoch: str, name: str) -> Response:
    """What happened, 250 numbers of the journal at a time."""
    stream, number = _stream(), counting.whole(name, least=0)
    catalogue = stream.site.catalogue
    last = catalogue.chronicle.last()
    if epoch != stream.epoch or number is None or number * PAGE >= last:
        raise Missing(f"The stream has no such page (now); {stream.root} leads to those it has.")
    upto = min(last, (number + 1) * PAGE)
    tag = f"{stream.epoch}-{number}-{upto}"
    known = _unchanged(tag)
    if known:
        return known
    states = (state for state in catalogue.chronicle.since(number * PAGE, PAGE) if state.seq <= upto)
    return _answer(stream.page_quads(number, states), tag, full=upto == (number + 1) * PAGE)


def _stream() -> Stream:
    site = current_site()
    return Stream(site, site.catalogue.chronicle.epoch())


def _syntax() -> Syntax:
    """Return the form asked for; TriG where the request does not say. Raises `NotAcceptable`."""
    accept = request.accept_mimetypes
    if not accept.provided:
        return TRIG
    liked = negotiate.liked(accept, _OFFERS)
    if liked is None:
        raise negotiate.NotAcceptable(f"The Accept header names no form of the stream. It has: {', '.join(_OFFERS)}.")
    return _OFFERS[liked]


def _unchanged(tag: str) -> Response | None:
    """Return 304 for a reader who has the answer: it need not be made again to know that."""
    syntax = _syntax()
    if not request.if_none_match.contains_weak(f"{tag}-{syntax.name}"):
        return None
    response = make_response("", HTTPStatus.NOT_MODIFIED)
    response.set_etag(f"{tag}-{syntax.name}")
    return negotiate.vary(response, "Accept")


def _answer(quads: Iterable[ox.Quad], tag: str, *, full: bool) -> Response:
    syntax = _syntax()
    response = make_response(serialise_quads(quads, syntax))
    response.content_type = syntax.media_type
    response.set_etag(f"{tag}-{syntax.name}")
    if full:
        response.cache_control.max_age = _FULL
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True  # may be kept, must be asked for again
    return negotiate.vary(response, "Accept")
