"""Which form of a resource an answer takes: by suffix (`.ttl`), else by the Accept header (RFC 9110, 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Final

import pyoxigraph as ox
from flask import Request, Response, make_response, request
from werkzeug.datastructures import MIMEAccept

from shapes.errors import Fault
from shapes.media import JSONLD, NTRIPLES, RDFXML, TURTLE, Syntax
from shapes.serialise import serialise

HTML: Final = "text/html"
_XHTML: Final = "application/xhtml+xml"
FORMS: Final = (TURTLE, JSONLD, RDFXML, NTRIPLES)
SUFFIXES: Final = {TURTLE: ".ttl", JSONLD: ".jsonld", RDFXML: ".rdf", NTRIPLES: ".nt"}

# What each form answers to, the first being what it is called in the answer.
_OFFERS: Final = {
    HTML: None,
    _XHTML: None,
    TURTLE.media_type: TURTLE,
    "application/x-turtle": TURTLE,
    JSONLD.media_type: JSONLD,
    "application/json": JSONLD,
    RDFXML.media_type: RDFXML,
    "application/xml": RDFXML,
    NTRIPLES.media_type: NTRIPLES,
}


# Addresses that answer in RDF or a table where the Accept header does not say, and endings of forms that are no page.
_FOR_PROGRAMS: Final = frozenset({"/sparql", "/catalog", "/fdp", "/oai", "/ldes", "/.well-known/void"})
_BELOW: Final = ("/fdp/", "/ldes/")
_DATA: Final = frozenset({*SUFFIXES.values(), ".json", ".csv", ".sarif", ".txt", ".xml", ".atom", ".zip", ".svg"})


class NotAcceptable(Fault):
    """The client accepts no form we have."""

    code = "not-acceptable"
    title = "No such form"
    exit_code = 2
    status = 406


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks for. `syntax` None is the HTML page."""

    key: str
    syntax: Syntax | None


def split(name: str) -> tuple[str, Syntax | None, bool]:
    """Cut a form's suffix off a path's last part: the rest, the syntax, and whether there was a suffix."""
    if name.endswith(".html"):
        return name[:-5], None, True
    for syntax, suffix in SUFFIXES.items():
        if name.endswith(suffix):
            return name[: -len(suffix)], syntax, True
    return name, None, False


def wanted(asked: Request, name: str) -> Wanted:
    """Return the form asked for. A suffix wins over the Accept header; no header, or `*/*`, is the page.

    Raises `NotAcceptable` (406) that lists the forms there are.
    """
    key, syntax, stated = split(name)
    if stated:
        return Wanted(key, syntax)
    return Wanted(key, by_accept(asked.accept_mimetypes))


def by_accept(accept: MIMEAccept) -> Syntax | None:
    """Choose a form for an Accept header; None is HTML. A browser that lists both HTML and XML gets HTML."""
    if not accept.provided:
        return None
    # Parameters (a charset, a JSON-LD profile) do not decide which form it is.
    accept = MIMEAccept([(offer.partition(";")[0].strip(), quality) for offer, quality in accept])
    best = liked(accept, _OFFERS)
    if best is None:
        listed = ", ".join((HTML, *(form.media_type for form in FORMS)))
        raise NotAcceptable(f"The Accept header names no form this resource has. It has: {listed}.")
    return _OFFERS[best]


def liked(accept: MIMEAccept, offers: Mapping[str, object]) -> str | None:
    """Return the media type a header likes best of those offered, the first of equals; None where it takes none.

    The first media type of a form is what its answer is called. Its other names count where they are named, not where
    a range such as `application/*` covers them.
    """
    called = {form: name for name, form in reversed(list(offers.items()))}  # of equals, the first stays
    names = [name for name, form in offers.items() if called[form] == name or _names(accept, name)]
    best = max(names, key=accept.quality)
    return best if accept.quality(best) > 0 else None


def rdf(
    triples: Iterable[ox.Triple],
    syntax: Syntax,
    root: str | None = None,
    *,
    modified: datetime | None = None,
    gone: bool = False,
) -> Response:
    """An answer in RDF that knows its ETag and says 304 to whoever has it. `root`: what JSON-LD begins with.

    `gone`: it is the last description of what was withdrawn, which is sent whole to everybody (RFC 9110, 13.2.1).
    """
    response = make_response(serialise(triples, syntax, root), HTTPStatus.GONE if gone else HTTPStatus.OK)
    response.content_type = content_type(syntax)
    response.last_modified = modified
    response.add_etag()
    vary(response, "Accept")
    return response if gone else conditional(response)


def rdf_by_accept(triples: Iterable[ox.Triple], asked: Request, root: str | None = None) -> Response:
    """An answer that has no page: in RDF, as the Accept header likes it best; Turtle where it does not say.

    Raises `NotAcceptable` for a client that takes none of the forms.
    """
    return rdf(triples, by_accept(asked.accept_mimetypes) or TURTLE, root)


def conditional(response: Response) -> Response:
    """Turn an answer with an ETag or Last-Modified into 304 for whoever has it (RFC 9110, section 13)."""
    response.make_conditional(request)
    return response


def content_type(syntax: Syntax) -> str:
    """The Content-Type of a syntax; the text ones say their encoding."""
    text = syntax.media_type.startswith("text/") or syntax is NTRIPLES
    return f"{syntax.media_type}; charset=utf-8" if text else syntax.media_type


def prefers_html(asked: Request) -> bool:
    """Whether a person is likely to read the answer: errors are pages for them, problem objects for programs.

    Where an address answers with data unless HTML is named, so it does with errors: `*/*` is a program there.
    """
    accept = asked.accept_mimetypes
    if _gives_data(asked.path) and not names_html(asked):
        return False
    html = accept.quality(HTML)
    return html > 0 and html >= max(accept.quality("application/json"), accept.quality("application/problem+json"))


def names_html(asked: Request) -> bool:
    """Whether HTML is asked for by name, as every browser does; a program that takes anything does not."""
    return any(_names(asked.accept_mimetypes, each) for each in (HTML, _XHTML))


def names_rdf(asked: Request) -> bool:
    """Whether a form of RDF is asked for by name, and HTML is not."""
    return not names_html(asked) and any(_names(asked.accept_mimetypes, form.media_type) for form in FORMS)


def _names(accept: MIMEAccept, media_type: str) -> bool:
    """Whether a header takes a media type by its name, not by a range."""
    return any(offer.partition(";")[0].strip() == media_type and quality > 0 for offer, quality in accept)


def _gives_data(path: str) -> bool:
    """Whether an address is that of data: one without a page, or with the suffix of another form."""
    return path.startswith(_BELOW) or path in _FOR_PROGRAMS or PurePosixPath(path).suffix in _DATA


def vary(response: Response, *names: str) -> Response:
    """Say which request headers the answer depends on."""
    response.vary.update(names)
    return response


def links(page: str, *, delivered: bool) -> list[str]:
    """The Link header values of a negotiated resource (RFC 8288): itself in every form, and as delivered."""
    found = [f'<{page}{SUFFIXES[form]}>; rel="alternate"; type="{form.media_type}"' for form in FORMS]
    if delivered:
        found.append(f'<{page}.nt?as=delivered>; rel="via"; type="{NTRIPLES.media_type}"')
    return found
