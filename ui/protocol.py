"""Reads a query out of a request (SPARQL 1.1 Protocol, section 2.1), and in which form it is to be answered."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

import pyoxigraph as ox
from flask import Request
from werkzeug.datastructures import MIMEAccept

from catalogue.store.guard import outline
from catalogue.store.port import Caller, SparqlQuery
from shapes.errors import BadInput, BadQuery
from ui.negotiate import NotAcceptable, liked

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

# What an answer may be called in Accept, and our name of it; the first of each name is what it is called in the answer.
TABLES: Final = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPHS: Final = {
    "text/turtle": "turtle",
    "application/x-turtle": "turtle",
    "application/n-triples": "ntriples",
    "text/plain": "ntriples",
    "application/rdf+xml": "rdfxml",
    "application/xml": "rdfxml",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
}
_NAMES: Final = frozenset({*TABLES.values(), *GRAPHS.values()})
_TABLE_FORMS: Final = frozenset({"select", "ask"})
_HTML: Final = "text/html"
_NETWORK: Final = 64  # bits of an IPv6 address that tell one customer of a network from another


class UnsupportedMedia(BadInput):
    """A POST in a form the protocol has not."""

    code = "unsupported-media-type"
    title = "This cannot be posted here"
    status = 415


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks: the query (None: there is none) and, where its caller set one, a shorter time budget.

    `page`: a person is looking. `steady`: the answer stays as long as the store does, so that it may have an ETag.
    """

    query: SparqlQuery | None
    seconds: float | None
    page: bool
    steady: bool


def read(request: Request) -> Asked:
    """Read a request. Raises `BadQuery`, `UnsupportedMedia` (415) and `NotAcceptable` (406)."""
    given = _parameters(request)
    text = _text(request, given)
    named = _single(given, "format", "result format")
    if named is not None and named not in _NAMES:
        raise BadQuery(f"There is no format {named!r}; there are {', '.join(sorted(_NAMES))}.")
    accept = _plain(request.accept_mimetypes)
    page = named is None and request.mimetype != DIRECT and _person(accept, has_query=text is not None)
    seconds = _seconds(_single(given, "timeout", "time budget"))
    if text is None or (page and not text.strip()):
        return Asked(None, seconds, page, steady=True)
    told = outline(text)
    table, graph = ("tsv", "turtle") if page else _formats(accept, named, told.form)
    query = SparqlQuery(
        text,
        table_format=table,
        graph_format=graph,
        default_graphs=_graphs(given, "default-graph-uri"),
        named_graphs=_graphs(given, "named-graph-uri"),
    )
    return Asked(query, seconds, page, told.steady)


def caller(request: Request) -> Caller:
    """Who asks: an address (of IPv6, its network), and whether the server has seen them go."""
    gone: Callable[[], bool] = request.environ.get("waitress.client_disconnected", lambda: False)
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return Caller(request.remote_addr or "unknown", gone)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return Caller(str(ipaddress.ip_network((address, _NETWORK), strict=False)), gone)
    return Caller(str(getattr(address, "ipv4_mapped", None) or address), gone)


def _parameters(request: Request) -> Mapping[str, Sequence[str]]:
    """Return the parameters from where the protocol puts them: the address, or the body of a form."""
    address = _decoded(request.query_string, "address")
    if request.method != "POST":
        return address
    if request.mimetype == UPDATE:
        raise BadQuery("This endpoint is read only: updates are not allowed.")
    if request.mimetype not in {FORM, DIRECT}:
        sent = f"as {request.mimetype}" if request.mimetype else "without a Content-Type"
        raise UnsupportedMedia(f"A query is posted as {FORM} or {DIRECT}; this came {sent}.")
    if request.mimetype == DIRECT:
        return address
    stray = {"query", "default-graph-uri", "named-graph-uri"} & address.keys()
    if stray:
        raise BadQuery(f"With a form, {', '.join(sorted(stray))} belongs in the body, not in the address.")
    return {**address, **_decoded(request.get_data(), "form")}


def _decoded(data: bytes, place: str) -> Mapping[str, Sequence[str]]:
    try:
        return parse_qs(data.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise BadQuery(f"The {place} is not UTF-8.") from error


def _text(request: Request, given: Mapping[str, Sequence[str]]) -> str | None:
    """Return the query's text; None where there is none. Exactly one is allowed (section 2.1)."""
    if "update" in given:
        raise BadQuery("This endpoint is read only: updates are not allowed.")
    if request.mimetype == DIRECT and request.method == "POST":
        if "query" in given:
            raise BadQuery(f"The body is the query ({DIRECT}), so the address cannot have another.")
        try:
            return request.get_data().decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadQuery("The query is not UTF-8.") from error
    text = _single(given, "query", "query")
    if text is None and request.method == "POST":
        raise BadQuery(f"A POST must carry a query: as the form field `query`, or as {DIRECT}.")
    if text is None and {"default-graph-uri", "named-graph-uri"} & given.keys():
        raise BadQuery("The request names graphs and has no `query`.")
    return text


def _graphs(given: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    """Return the graphs a parameter names. Raises `BadQuery` that names the one that can be none."""
    for iri in given.get(name, ()):
        try:
            ox.NamedNode(iri)
        except ValueError as error:
            raise BadQuery(f"{name} must be an absolute IRI, not {iri!r}: {error}.") from error
    return tuple(given.get(name, ()))


def _single(given: Mapping[str, Sequence[str]], name: str, what: str) -> str | None:
    values = given.get(name, ())
    if len(values) > 1:
        raise BadQuery(f"The request has {len(values)} `{name}` parameters; one {what} is allowed.")
    return values[0] if values else None


def _plain(accept: MIMEAccept) -> MIMEAccept:
    """Return the header without parameters: a charset or a profile does not decide which form it is."""
    if not accept.provided:
        return accept
    return MIMEAccept([(offer.partition(";")[0].strip(), quality) for offer, quality in accept])


def _person(accept: MIMEAccept, *, has_query: bool) -> bool:
    """Whether a person is looking: HTML is named, and nothing else we have is liked better."""
    results = (*TABLES, *GRAPHS) if has_query else GRAPHS
    named = any(offer == _HTML and quality > 0 for offer, quality in accept)
    return named and accept.quality(_HTML) >= max(accept.quality(each) for each in results)


def _formats(accept: MIMEAccept, named: str | None, form: str) -> tuple[str, str]:
    """Choose how a table and how a graph would be written; the query's form decides which of them is used."""
    table = form in _TABLE_FORMS
    if named is not None:
        other = table != (named in TABLES.values())
        if other and form:
            raise BadQuery(f"{form.upper()} gives a {'table' if table else 'graph'}, which {named} cannot hold.")
        return (named, "turtle") if named in TABLES.values() else ("json", named)
    if not form:  # no query at all: that is what its sender has to hear, whatever form they take
        return "json", "turtle"
    if table:
        return best(accept, TABLES), "turtle"
    return "json", best(accept, GRAPHS)


def best(accept: MIMEAccept, offers: Mapping[str, str]) -> str:
    """Return our name of the form liked best; the first of equals. Raises `NotAcceptable` that lists them."""
    if not accept.provided:
        return next(iter(offers.values()))
    name = liked(accept, offers)
    if name is None:
        raise NotAcceptable(f"The Accept header names no form of this answer. It has: {', '.join(offers)}.")
    return offers[name]


def _seconds(text: str | None) -> float | None:
    """Read the caller's own, shorter time budget (`timeout`, in seconds)."""
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise BadQuery(f"timeout must be a number of seconds above 0, not {text!r}.")
    return seconds
