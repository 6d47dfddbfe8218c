"""The addresses of the FAIR Data Point. Programs get RDF, Turtle where they do not say; people are led to the pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from catalogue.catalogue import Slice
from catalogue.journal.state import Status
from catalogue.journal.states import Span
from harvester.source import Source
from shapes.errors import BadInput, Missing
from shapes.media import JSONLD, NTRIPLES, RDFXML, TURTLE, Syntax
from shapes.profiles import profile
from shapes.record import Kind
from ui import counting, negotiate
from ui.datapoint.layers import MEMBERS, ROOT, Addresses
from ui.datapoint.members import Member, member
from ui.datapoint.points import catalogue_triples, root_triples
from ui.dcat import apart
from ui.site import Site, current_site

datapoint = Blueprint("datapoint", __name__, url_prefix=ROOT)

# What `?format=` may say; the names are those of the reference implementation, and our own suffixes.
_FORMATS: Final = {"ttl": TURTLE, "n3": TURTLE, "jsonld": JSONLD, "rdf": RDFXML, "nt": NTRIPLES}
_SIZE: Final = 10  # children on a page where nobody says
_MOST: Final = 100
_KINDS: Final = {layer.prefix: kind for kind, layer in MEMBERS.items()}


@datapoint.get("")
def root() -> Response:
    """The FAIR Data Point itself, with a catalogue for each node."""
    site, syntax = current_site(), _syntax()
    nodes = _nodes(site)
    if syntax is None:
        page = render_template("fdp.html", nodes=nodes, formats=_FORMATS)
        return negotiate.vary(make_response(page), "Accept")
    sources = [source for source, _ in nodes]
    span = site.catalogue.chronicle.span()
    changed = None if span is None else span.last
    return _answer(root_triples(site, sources), syntax, Addresses(site.settings.base_url).root, changed)


@datapoint.get("/spec")
@datapoint.get("/catalog/spec")
def shapes() -> Response:
    """The SHACL that the root and its catalogues conform to."""
    response = make_response(profile("fdp").shapes())
    response.content_type = negotiate.content_type(TURTLE)
    response.add_etag()
    return negotiate.conditional(response)


@datapoint.get("/catalog/<name>")
def catalogue(name: str) -> Response:
    """The catalogue of one node, with everything it lists."""
    site, syntax = current_site(), _syntax()
    source, span = _harvested(site, name)
    if syntax is None:
        return _see(url_for("nodes.node", name=source.name))
    address = Addresses(site.settings.base_url).catalogue(source.name)
    return _answer(catalogue_triples(site, source, span), syntax, address, span.last)


@datapoint.get(f"/<any({', '.join(_KINDS)}):prefix>/<key>")
def one(prefix: str, key: str) -> Response:
    """A dataset, a series or a service; 410 with its last description once it was withdrawn."""
    syntax = _syntax()
    found = _member(key, _KINDS[prefix])
    if syntax is None:
        return _see(str(current_site().catalogue.page(found.state).value))
    return _told(found, found.graph, syntax, found.address)


@datapoint.get("/distribution/<name>")
def distribution(name: str) -> Response:
    """A distribution of a record, with what it leads to."""
    syntax = _syntax()
    key, _, part = name.partition("-")
    found = _member(key, None)
    triples = list(found.distribution(part))
    if syntax is None:
        return _see(str(current_site().catalogue.page(found.state).value))
    return _told(found, triples, syntax, found.distributions[part].value)


@datapoint.get("/page/catalog")
def catalogues() -> Response:
    """The catalogues in full, a page at a time, as the reference implementation gives children."""
    site = current_site()
    nodes = _nodes(site)
    page, size = _paging()
    chosen = nodes[page * size : (page + 1) * size]
    triples = (triple for source, span in chosen for triple in catalogue_triples(site, source, span))
    return _page(triples, url_for("datapoint.catalogues"), page, size, len(nodes))


@datapoint.get(f"/catalog/<name>/page/<any({', '.join(_KINDS)}):prefix>")
def members(name: str, prefix: str) -> Response:
    """What a catalogue lists, in full, a page at a time."""
    site = current_site()
    source, _ = _harvested(site, name)
    page, size = _paging()
    found = site.catalogue.listed(_KINDS[prefix], page + 1, size, source=source.name)
    address = url_for("datapoint.members", name=source.name, prefix=prefix)
    return _page(_in_full(site, found), address, page, size, found.total)


@datapoint.get("/catalog/")
def root_container() -> Response:
    """Lead from the name of the container of catalogues to the root, which describes it."""
    return _see(url_for("datapoint.root"))


@datapoint.get(f"/catalog/<name>/<any({', '.join(_KINDS)}):_kind>/")
def container(name: str, _kind: str) -> Response:
    """Lead from the name of a container to the catalogue that describes it."""
    return _see(url_for("datapoint.catalogue", name=_harvested(current_site(), name)[0].name))


def _nodes(site: Site) -> list[tuple[Source, Span]]:
    """The nodes of which anything was ever listed, each with when."""
    spans = ((source, site.catalogue.chronicle.span(source.name)) for source in site.catalogue.sources())
    return [(source, span) for source, span in spans if span is not None]


def _harvested(site: Site, name: str) -> tuple[Source, Span]:
    """Return a node. Raises `NoSuchSource`, and `Missing` where nothing of it was ever listed."""
    source = site.catalogue.source(name)
    span = site.catalogue.chronicle.span(name)
    if span is None:
        raise Missing(f"Nothing has been harvested from {name!r} yet, so it has no catalogue.")
    return source, span


def _member(key: str, kind: Kind | None) -> Member:
    """Return a record by our identifier. Raises `Missing`, also for a record of another kind."""
    site = current_site()
    entry = site.catalogue.entry(key)
    if entry.state.kind not in MEMBERS or kind not in {None, entry.state.kind}:
        what = MEMBERS[kind].prefix if kind else "record with distributions"
        raise Missing(f"There is no {what} {key!r}: it is a {entry.state.kind.value}.", record=key)
    return member(site, entry)


def _in_full(site: Site, found: Slice) -> Iterator[ox.Triple]:
    for entry in found.entries:
        for triple in member(site, entry).graph:
            yield apart(triple, entry.state.id)


# Answers


def _syntax() -> Syntax | None:
    """Return the form asked for; None is a page, for those who name HTML and like nothing better.

    Raises `BadInput` for a format there is not, `NotAcceptable`.
    """
    named = request.args.get("format")
    if named is not None:
        if named not in _FORMATS:
            raise BadInput(f"format must be one of {', '.join(_FORMATS)}, not {named!r}.")
        return _FORMATS[named]
    chosen = negotiate.by_accept(request.accept_mimetypes)
    return chosen if chosen is not None or negotiate.names_html(request) else TURTLE


def _answer(
    triples: Iterable[ox.Triple], syntax: Syntax, address: str, changed: datetime | None, *, gone: bool = False
) -> Response:
    response = negotiate.rdf(triples, syntax, address, modified=changed, gone=gone)
    response.cache_control.no_cache = True  # may be kept, must be asked for again
    return response


def _told(found: Member, triples: Iterable[ox.Triple], syntax: Syntax, address: str) -> Response:
    gone = found.state.status is Status.WITHDRAWN
    response = _answer(triples, syntax, address, found.state.time, gone=gone)
    page = current_site().catalogue.page(found.state).value
    response.headers["Link"] = f'<{page}>; rel="alternate"; type="text/html"'
    return response


def _see(address: str) -> Response:
    return negotiate.vary(make_response(redirect(address, HTTPStatus.SEE_OTHER)), "Accept")


def _paging() -> tuple[int, int]:
    """Return which page, from 0, and how many children it has. Raises `BadInput`."""
    return counting.asked("page", 0, least=0), counting.asked("size", _SIZE, _MOST)


def _page(triples: Iterable[ox.Triple], path: str, page: int, size: int, total: int) -> Response:
    """A page of children, with the links the reference implementation sends; one past the end is empty."""
    last = max(0, -(-total // size) - 1)
    steps = {"first": 0, "last": last}
    if 0 < page <= last + 1:
        steps["prev"] = page - 1
    if page < last:
        steps["next"] = page + 1
    syntax = _syntax() or TURTLE
    response = negotiate.rdf(triples, syntax)
    site = current_site()
    response.headers["Link"] = ", ".join(
        f'<{site.address(path)}?{urlencode({"page": number, "size": size})}>; rel="{step}"'
        for step, number in steps.items()
    )
    return response
