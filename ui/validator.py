"""The validator on the web: a page (paste, address, file) that works without a script, and the same for programs.

What is sent is judged and forgotten: nothing is stored, and the pasted text comes back only in the answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Final

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.blueprints import BlueprintSetupState

from shapes.errors import BadInput, Fault, TooLarge
from shapes.media import SYNTAXES, by_media_type, by_name
from shapes.parse import Document
from shapes.profiles import profile, profiles
from shapes.render import MEDIA_TYPES, Judged, grouped, judged_json, render_all
from shapes.report import Report
from ui.excerpt import excerpt
from ui.judging import BASE, Desk
from ui.negotiate import NotAcceptable
from ui.sample import SAMPLE
from ui.site import EXTENSION, Site, current_site

validator = Blueprint("validator", __name__)

_DESK: Final = f"{EXTENSION}-desk"
_PASTED: Final = "pasted text"
_BODY: Final = "request body"
# A pasted text up to this size comes back in the form, to be mended there.
_RETURNED: Final = 200_000
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Entered:
    """What stands in the form."""

    text: str = ""
    url: str = ""
    profile: str = ""
    syntax: str = ""


@validator.record_once
def _open_desk(state: BlueprintSetupState) -> None:
    site = state.app.extensions[EXTENSION]
    if not isinstance(site, Site):  # pragma: no cover - a wiring mistake, not an input
        raise TypeError("the application was made without create_app")
    state.app.extensions[_DESK] = Desk(site.settings)


@validator.get("/validate")
def form() -> str:
    """Show the form: empty, with the example (`?example`), or with an address to be checked (`?url=`)."""
    text = SAMPLE if "example" in request.args else ""
    chosen = request.args.get("profile", current_site().settings.profile)
    return _page(Entered(text, request.args.get("url", ""), chosen))


@validator.post("/validate")
def judge() -> Response:
    """Judge what the form sent and show the result below the form; a fault stands there too."""
    entered = Entered(
        request.form.get("text", ""),
        request.form.get("url", "").strip(),
        request.form.get("profile", "") or current_site().settings.profile,
        request.form.get("syntax", ""),
    )
    returned = entered if len(entered.text) <= _RETURNED else replace(entered, text="")
    try:
        document = _of_form()
        report = _desk().judge(document, profile(entered.profile).id)
    except Fault as fault:
        return make_response(_page(returned, fault=fault), fault.status)
    wanted = request.form.get("format", "")
    if wanted in MEDIA_TYPES and wanted != "html":
        return _rendered(Judged(document.name, report), wanted, download=True)
    return make_response(_page(returned, document=document, report=report))


@validator.post("/api/v1/validate")
def judge_for_programs() -> Response:
    """Judge the body (RDF by its Content-Type), a form's file or text, or the document at `{"url": ...}`."""
    wanted = _wanted()
    chosen = request.args.get("profile") or request.form.get("profile") or current_site().settings.profile
    by = profile(chosen)
    document = _sent()
    return _rendered(Judged(document.name, _desk().judge(document, by.id)), wanted)


def _desk() -> Desk:
    desk = current_app.extensions[_DESK]
    if not isinstance(desk, Desk):  # pragma: no cover - a wiring mistake, not an input
        raise TypeError("the blueprint was not registered")
    return desk


def _of_form() -> Document:
    """Return the document a form sends: a file, else a text, else an address."""
    upload = request.files.get("file")
    name = request.form.get("syntax") or request.args.get("syntax") or ""
    syntax = by_name(name)
    if name and syntax is None:
        raise BadInput(f"There is no RDF syntax {name!r}; there are {', '.join(s.name for s in SYNTAXES)}.")
    if upload is not None and upload.filename:
        declared = upload.content_type if by_media_type(upload.content_type or "") else None
        shown = PurePosixPath(upload.filename.replace("\\", "/")).name[:200]
        return Document(upload.read(), shown, BASE, syntax, declared)
    text = request.form.get("text", "")
    if text.strip():
        return Document(text.encode("utf-8", "replace"), _PASTED, BASE, syntax)
    url = request.form.get("url", "").strip()
    if url:
        return replace(_desk().fetch(url), syntax=syntax)
    raise BadInput("There is nothing to check: paste a text, choose a file, or give an address.")


def _sent() -> Document:
    """Return the document a program sends."""
    if request.mimetype in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        return _of_form()
    data = _body()
    if request.mimetype == "application/json":
        url = _url_in(data)
        if url is not None:
            return _desk().fetch(url)
    if not data.strip():
        raise BadInput("The request has no body. Send RDF with its Content-Type, a form with a file, or a JSON `url`.")
    return Document(data, _BODY, BASE, by_name(request.args.get("syntax", "")), request.content_type)


def _body() -> bytes:
    cap = current_site().settings.validate_max_bytes
    if request.content_length is not None and request.content_length > cap:
        raise TooLarge(f"The document has {request.content_length:,} bytes; the validator takes {cap:,}.")
    return request.get_data(cache=False)


def _url_in(data: bytes) -> str | None:
    """Return the address of a JSON object `{"url": ...}`; None for anything else, such as JSON-LD."""
    try:
        asked: Any = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(asked, dict) or set(asked) != {"url"}:
        return None
    if not isinstance(asked["url"], str):
        raise BadInput("`url` must be a text.")
    return asked["url"]


def _wanted() -> str:
    """Return the form of the answer: `?format=`, else by Accept; JSON where neither says."""
    stated = request.args.get("format")
    if stated is not None:
        if stated not in MEDIA_TYPES:
            raise BadInput(f"There is no report format {stated!r}; there are {', '.join(MEDIA_TYPES)}.")
        return stated
    accept = request.accept_mimetypes
    offers = {media_type: name for name, media_type in MEDIA_TYPES.items()}
    best = accept.best_match(["application/json", *offers]) if accept.provided else "application/json"
    if best is None:
        raise NotAcceptable(f"The Accept header names no form a report has. It has: {', '.join(offers)}.")
    return offers[best]


def _rendered(judged: Judged, form: str, *, download: bool = False) -> Response:
    body = json.dumps(judged_json((judged,)), ensure_ascii=False) if form == "json" else render_all((judged,), form)
    response = make_response(body)
    media_type = MEDIA_TYPES[form]
    response.content_type = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    if form == "html":
        # The report that stands alone has its style inside; nothing else in it may run or load.
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    if download:
        response.headers["Content-Disposition"] = f'attachment; filename="report.{_extension(form)}"'
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


def _extension(form: str) -> str:
    return {"text": "txt", "turtle": "ttl"}.get(form, form)


def _page(
    entered: Entered, *, document: Document | None = None, report: Report | None = None, fault: Fault | None = None
) -> str:
    lines = excerpt(document.data.decode("utf-8", "replace"), report.findings) if document and report else ()
    return render_template(
        "validate.html",
        entered=entered,
        profiles=tuple(profiles().values()),
        syntaxes=SYNTAXES,
        most_bytes=current_site().settings.validate_max_bytes,
        document=document,
        report=report,
        groups=tuple(grouped(report)) if report else (),
        shown=_SHOWN,
        lines=lines,
        fault=fault,
    )
