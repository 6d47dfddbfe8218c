"""For those who harvest us or point to us: the DCAT-AP catalogue page by page, sitemap, robots, Atom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request

from catalogue.catalogue import Slice
from catalogue.search.query import Query
from shapes.errors import BadInput, Missing
from shapes.media import TURTLE
from shapes.record import Kind
from ui import asking, counting, negotiate
from ui.dcat import Paging, catalogue_triples
from ui.language import reader_languages
from ui.site import current_site

feeds = Blueprint("feeds", __name__)

PAGE: Final = 100  # datasets on a page of the catalogue
SITEMAP: Final = 50_000  # addresses one sitemap may have (sitemaps.org)
_OWN_PAGES: Final = ("/", "/datasets", "/dacs", "/nodes", "/about")
_ATOM: Final = 50  # entries of a feed


@feeds.get("/catalog")
@feeds.get("/catalog<any('.ttl', '.jsonld', '.rdf', '.nt'):suffix>")
def catalog(suffix: str = "") -> Response:
    """The catalogue in DCAT-AP, a page of datasets at a time, in full, with Hydra controls to the others."""
    wanted = negotiate.wanted(request, f"catalog{suffix}")
    site = current_site()
    number, since = counting.asked("page"), _since()
    found = site.catalogue.listed(Kind.DATASET, number, PAGE, since)
    if number > found.pages:
        raise Missing(f"The catalogue has {found.pages} pages, so there is no page {number}.")
    if wanted.syntax is None and suffix == "" and negotiate.names_html(request):
        return _page_for_people(found, since)
    paging = Paging(site.address(f"/catalog{suffix}"), found, request.args.get("modified_since"))
    triples = catalogue_triples(site, paging, since)
    return negotiate.rdf(triples, wanted.syntax or TURTLE, site.address("/catalog"))


def _page_for_people(found: Slice, since: datetime | None) -> Response:
    page = render_template("catalog.html", found=found, since=since, forms=negotiate.SUFFIXES)
    return negotiate.vary(make_response(page), "Accept")


def _since() -> datetime | None:
    text = request.args.get("modified_since", "").strip()
    if not text:
        return None
    try:
        # A plus sign in an address stands for a space; in a time it can only be the zone's sign.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        example = "2026-01-31 or 2026-01-31T12:00:00Z"
        raise BadInput(f"modified_since must be a date or time such as {example}, not {text!r}.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@feeds.get("/sitemap.xml")
def sitemap() -> Response:
    """The addresses of everything worth finding; beyond what one file may hold, an index of several."""
    site = current_site()
    parts = -(-(len(_OWN_PAGES) + site.catalogue.count(Kind.DATASET)) // SITEMAP)
    if parts > 1 and "part" not in request.args:
        places = [site.address(f"/sitemap.xml?part={number}") for number in range(1, parts + 1)]
        return _xml(render_template("sitemap_index.xml", places=places), "application/xml")
    text = request.args.get("part", "1")
    part = counting.whole(text, parts)
    if part is None:
        raise Missing(f"The sitemap has {parts} parts, so there is no part {text[:40]!r}.")
    return _xml(render_template("sitemap.xml", places=_places(part)), "application/xml")


def _places(part: int) -> Iterator[tuple[str, str | None]]:
    """The addresses of one part: our own pages first, then the datasets, cut so that no part is too long."""
    site = current_site()
    own, start = len(_OWN_PAGES), (part - 1) * SITEMAP
    for path in _OWN_PAGES[start : start + SITEMAP]:
        yield site.address(path), None
    offset = max(0, start - own)
    limit = SITEMAP - len(_OWN_PAGES[start : start + SITEMAP])
    for state in site.catalogue.addresses(Kind.DATASET, offset, limit):
        yield str(site.catalogue.page(state).value), state.time.date().isoformat()


@feeds.get("/robots.txt")
def robots() -> Response:
    """What crawlers may read: everything but the endless combinations of filters."""
    response = make_response(render_template("robots.txt", sitemap=current_site().address("/sitemap.xml")))
    response.mimetype = "text/plain"
    return response


@feeds.get("/feed.atom")
def atom() -> Response:
    """A search as an Atom feed (RFC 4287), the newest first."""
    site = current_site()
    query = asking.read(request.args, reader_languages()).query
    sort = "modified" if query.sort == "relevance" else query.sort
    page = site.catalogue.search(replace(query, page=1, size=_ATOM, sort=sort, with_facets=False))
    entries = [(hit, site.catalogue.state(hit.id)) for hit in page.hits]
    newest = max((state.time for _, state in entries), default=datetime(1970, 1, 1, tzinfo=UTC))
    text = render_template("feed.xml", entries=entries, newest=newest, words=_words(query), query=query, asking=asking)
    return _xml(text, "application/atom+xml")


def _words(query: Query) -> str:
    chosen = [f"{name}: {', '.join(values)}" for name, values in query.facets.items()]
    return "; ".join(part for part in (query.text, *chosen) if part)


def _xml(text: str, media_type: str) -> Response:
    response = make_response(text)
    response.content_type = f"{media_type}; charset=utf-8"
    response.add_etag()
    return negotiate.conditional(response)
