"""The validator on the web: a page (paste, address, file) that works without a script, and the same for programs.

What is sent is judged and forgotten: nothing is stored, and the pasted text comes back only in the answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request
from flask.blueprints import BlueprintSetupState
from werkzeug.datastructures import MultiDict

from shapes.errors import BadInput, Fault, TooLarge
from shapes.media import SYNTAXES, Syntax, by_media_type, by_name
from shapes.parse import Document
from shapes.profiles import profile, profiles
from shapes.render import MEDIA_TYPES, Judged, grouped, json_text, judged_json, render_all
from shapes.render.scoring import scored_json
from shapes.report import Report
from shapes.scores import Scored
from shapes.validate import Criteria
from ui.excerpt import excerpt
from ui.judging import BASE, DESK, Desk, current_desk
from ui.negotiate import NotAcceptable
from ui.sample import SAMPLE
from ui.site import EXTENSION, Site, current_site

validator = Blueprint("validator", __name__)

_PASTED: Final = "pasted text"
_BODY: Final = "request body"
# What the form calls the report as a page of its own; "html" is the page of the form.
_ALONE: Final = "report"
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
    state.app.extensions[DESK] = Desk(site.settings)


@validator.get("/validate")
def form() -> Response:
    """Show the form: empty, with the example (`?example`), or with an address (`?url=`), checked at once with `&check`.

    An address is all a link can carry: what was pasted or sent is kept nowhere, so no link leads to it.
    """
    text = SAMPLE if "example" in request.args else ""
    entered = _entered(request.args, text)
    if entered.url and "check" in request.args and _is_visit():
        return _judged(entered, request.args.get("format", ""), _of_address)
    return make_response(_page(entered))


@validator.post("/validate")
def judge() -> Response:
    """Judge what the form sent and show the result below the form; a fault stands there too."""
    entered = _entered(request.form, request.form.get("text", ""))
    return _judged(entered, request.form.get("format", ""), _of_form)


def _entered(values: MultiDict[str, str], text: str) -> Entered:
    by = values.get("profile", "") or current_site().settings.profile
    return Entered(text, values.get("url", "").strip(), by, values.get("syntax", ""))


def _is_visit() -> bool:
    """Whether somebody opens the page, as far as a browser says: pictures in others' pages set no check going."""
    return request.headers.get("Sec-Fetch-Dest", "document") == "document"


def _judged(entered: Entered, form: str, take: Callable[[], Document]) -> Response:
    """Answer with the result, as a page or, where another form was asked for, as a file."""
    returned = entered if len(entered.text) <= _RETURNED else replace(entered, text="")
    try:
        document = take()
        report = current_desk().judge(document, Criteria(profile(entered.profile).id))
    except Fault as fault:
        return make_response(_page(returned, fault=fault), fault.status)
    wanted = "html" if form == _ALONE else form
    if wanted in MEDIA_TYPES and form != "html":
        return _rendered(Judged(document.name, report), wanted, download=True)
    return make_response(_page(returned, document=document, report=report))


@validator.post("/api/v1/validate")
def judge_for_programs() -> Response:
    """Judge the body (RDF by its Content-Type), a form's file or text, or the document at `{"url": ...}`.

    `?scores=true` adds what each dataset scores; only the JSON form has a place for that.
    """
    wanted, with_scores = _wanted(), _flag("scores")
    if with_scores and wanted != "json":
        raise BadInput(f"Scores are told in JSON, not in {wanted}.")
    chosen = request.args.get("profile") or request.form.get("profile") or current_site().settings.profile
    criteria = Criteria(profile(chosen).id)
    document = _sent()
    report = current_desk().judge(document, criteria)
    scored = current_desk().score(document, criteria, report) if with_scores else None
    return _rendered(Judged(document.name, report), wanted, scored)


def _flag(name: str) -> bool:
    """Return a parameter that is `true` or `false`; false where it is not given."""
    stated = request.args.get(name, "false")
    if stated not in ("true", "false"):
        raise BadInput(f"{name} must be true or false, not {stated!r}.")
    return stated == "true"


def _of_form() -> Document:
    """Return the document the form of the page sends."""
    document = _in_form()
    if document is None:
        raise BadInput("There is nothing to check: paste a text, choose a file, or give an address.")
    return document


def _in_form() -> Document | None:
    """Return the document in a form: a file, whatever its field is called, else a text, else an address."""
    uploads = [(upload, upload.filename) for _, upload in request.files.items(multi=True) if upload.filename]
    if len(uploads) > 1:
        raise BadInput("The form has several files; one is checked at a time.")
    syntax = _syntax()
    for upload, name in uploads:
        declared = upload.content_type if by_media_type(upload.content_type or "") else None
        shown = PurePosixPath(name.replace("\\", "/")).name[:200]
        return Document(upload.read(), shown, BASE, syntax, declared)
    text = request.form.get("text", "")
    if text.strip():
        return Document(text.encode("utf-8", "replace"), _PASTED, BASE, syntax)
    if request.form.get("url", "").strip():
        return _of_address()
    return None


def _of_address() -> Document:
    """Return the document at the address a form or a link names."""
    return replace(current_desk().fetch(request.values["url"].strip()), syntax=_syntax())


def _syntax() -> Syntax | None:
    """Return the syntax a form, a link or a program names; None where none is named."""
    name = request.form.get("syntax") or request.args.get("syntax") or ""
    syntax = by_name(name)
    if name and syntax is None:
        raise BadInput(f"There is no RDF syntax {name!r}; there are {', '.join(s.name for s in SYNTAXES)}.")
    return syntax


def _sent() -> Document:
    """Return the document a program sends."""
    if request.mimetype in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        document = _in_form()
        if document is None:
            raise BadInput(
                "The form has no file, and no field `text` or `url`. RDF as it is goes in a body with its own "
                "Content-Type, such as text/turtle."
            )
        return document
    data = _body()
    if request.mimetype == "application/json":
        url = _url_in(data)
        if url is not None:
            return current_desk().fetch(url)
    if not data.strip():
        raise BadInput("The request has no body. Send RDF with its Content-Type, a form with a file, or a JSON `url`.")
    return Document(data, _BODY, BASE, _syntax(), request.content_type)


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
    if not isinstance(asked, dict) or "url" not in asked or any(name.startswith("@") for name in asked):
        return None
    others = ", ".join(sorted(asked.keys() - {"url"}))
    if others:
        raise BadInput(f"Beside `url` the JSON object has {others}; what else is asked goes in the address, ?profile=…")
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


def _rendered(judged: Judged, form: str, scored: Sequence[Scored] | None = None, *, download: bool = False) -> Response:
    response = make_response(_json(judged, scored) if form == "json" else render_all((judged,), form))
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


def _json(judged: Judged, scored: Sequence[Scored] | None) -> str:
    body = judged_json((judged,))
    if scored is not None:
        body["scores"] = [scored_json(each) for each in scored]
    return json_text(body)


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
