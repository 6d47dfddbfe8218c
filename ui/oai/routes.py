"""The address of the OAI-PMH repository."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import chain
from typing import Final

from flask import Blueprint, Response, make_response, request

from ui.oai.answers import ADDRESS, answer, stamp
from ui.oai.asking import Asked, Refused, read
from ui.oai.xml import element, tag
from ui.site import current_site

oai = Blueprint("oai", __name__)

_NAMESPACE: Final = "http://www.openarchives.org/OAI/2.0/"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_LOCATION: Final = f"{_NAMESPACE} {_NAMESPACE}OAI-PMH.xsd"


@oai.route(ADDRESS, methods=("GET", "POST"))
def repository() -> Response:
    """Answer a request of the protocol. What it calls an error is an answer like any other (section 3.6)."""
    pairs = list(chain(request.args.items(multi=True), request.form.items(multi=True)))
    try:
        asked = read(pairs)
    except Refused as refused:
        return _answer({}, _error(refused))
    try:
        said = answer(current_site(), asked)
    except Refused as refused:
        # The arguments are repeated, unless it is they that are wrong.
        wrong = refused.code in {"badArgument", "badVerb"}
        return _answer({} if wrong else _attributes(asked), _error(refused))
    return _answer(_attributes(asked), said)


def _attributes(asked: Asked) -> Mapping[str, str]:
    return {"verb": asked.verb, **asked.arguments}


def _error(refused: Refused) -> str:
    return element("error", refused.detail, code=refused.code)


def _answer(attributes: Mapping[str, str], said: str) -> Response:
    now = datetime.now(UTC)
    text = tag(
        "OAI-PMH",
        element("responseDate", stamp(now)) + element("request", current_site().address(ADDRESS), **attributes) + said,
        **{"xmlns": _NAMESPACE, "xmlns:xsi": _XSI, "xsi:schemaLocation": _LOCATION},
    )
    response = make_response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')
    response.content_type = "text/xml; charset=utf-8"  # section 3.1.2
    return response
