"""Errors as answers: a page in plain words for people, a problem object (RFC 9457) for programs."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping
from http import HTTPStatus

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from catalogue.errors import SearchUnavailable, StoreBeingFilled, StoreUnavailable
from shapes.errors import BadInput, Fault, Missing, TooLarge
from ui.negotiate import prefers_html

PROBLEM = "application/problem+json"
_log = logging.getLogger(__name__)

# What a reader can do about it, by status.
_ADVICE: Mapping[int, str] = {
    400: "Go back and change what was asked for; asking the same again will give the same answer.",
    404: "Check the address, or search for what you expected to find here.",
    405: "This address answers other methods only.",
    406: "Ask for one of the forms named above, or add its suffix to the address (for example .ttl).",
    410: "What was known of it is kept, so that citations keep their meaning.",
    413: "Send less at a time.",
    415: "Send it in one of the forms named above.",
    429: "Wait until what you asked before is answered; then ask again.",
    500: "This is our mistake. Please tell the people who run this catalogue the reference above.",
    502: "The other server may be down for a while; try again later.",
    503: "Try again in a moment, or ask for less.",
}

# Seconds after which asking again can help, by status.
_RETRY: Mapping[int, str] = {429: "5", 503: "30"}

# What the world is told when the engine is down. Which, where and why is for those who run it: in /ready and the log.
_SEARCH_AWAY = (
    "The search engine of this catalogue does not answer now. It is being tried again, and what was harvested "
    "meanwhile will be found once it is back. The pages of datasets and nodes, SPARQL and the catalogue for harvesters "
    "work."
)
_STORE_AWAY = (
    "The server that holds the graph of this catalogue does not answer now, so that queries are not answered. It is "
    "being tried again. Searching, the pages of datasets and nodes, their RDF and the catalogue for harvesters work."
)


class MethodNotAllowed(BadInput):
    """The address is there, but takes other methods."""

    code = "method-not-allowed"
    title = "Another method is needed"
    status = 405


class Broken(Fault):
    """A mistake of ours; the log has the whole story under the reference."""

    code = "internal-error"
    title = "Something went wrong on our side"
    status = 500


def install(app: Flask) -> None:
    """Let the application answer every error through this module."""
    app.register_error_handler(Fault, answer)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def problem(fault: Fault) -> dict[str, object]:
    """Return the problem object of a fault met in the current request."""
    return fault.problem() | {"instance": request.full_path.rstrip("?")}


def answer(fault: Fault) -> Response:
    """Answer a fault in the form the client reads."""
    away = isinstance(fault, SearchUnavailable)
    fault = for_the_world(fault)
    if wants_page():
        template = "unavailable.html" if away else "error.html"
        page = render_template(template, fault=fault, advice=_ADVICE.get(fault.status))
        response = make_response(page, fault.status)
    else:
        response = make_response(json.dumps(problem(fault), ensure_ascii=False), fault.status)
        response.content_type = PROBLEM
    response.vary.add("Accept")
    retry_after(response)
    response.headers["Cache-Control"] = "no-store"
    return response


def for_the_world(fault: Fault) -> Fault:
    """Return a fault without what is for those who run the catalogue: addresses inside their network, and reasons."""
    if isinstance(fault, SearchUnavailable):
        return SearchUnavailable(_SEARCH_AWAY)
    if isinstance(fault, StoreUnavailable) and not isinstance(fault, StoreBeingFilled):
        return StoreUnavailable(_STORE_AWAY)
    return fault


def retry_after(response: Response) -> None:
    """Say when to ask again, where asking again can help (RFC 9110, section 10.2.3)."""
    if response.status_code in _RETRY:
        response.headers["Retry-After"] = _RETRY[response.status_code]


def wants_page() -> bool:
    """Whether this request's errors are read by a person: a browser page asked for by something that takes HTML."""
    return not request.path.startswith("/api/") and prefers_html(request)


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:  # a redirect raised by the router
        return make_response(error.get_response())
    response = answer(_fault_of(error))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _fault_of(error: HTTPException) -> Fault:
    if error.code == HTTPStatus.NOT_FOUND:
        return Missing(f"There is nothing at {request.path}.")
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        return MethodNotAllowed(f"{request.path} cannot be asked with {request.method}.")
    if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return TooLarge("The request is larger than this catalogue takes.")
    detail = error.description or error.name
    return BadInput(detail) if error.code and error.code < HTTPStatus.INTERNAL_SERVER_ERROR else Broken(detail)


def _unexpected(error: Exception) -> Response:
    reference = uuid.uuid4().hex[:12]
    _log.error("%s %s failed, reference %s", request.method, request.path, reference, exc_info=error)
    return answer(Broken(f"The page could not be made. Reference: {reference}."))
