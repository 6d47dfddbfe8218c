"""The validator for clients of the European Commission's Interoperability Test Bed: its addresses, its field names.

A client that sends metadata to `https://www.itb.ec.europa.eu/shacl/DOMAIN/api/validate` can send it here by changing
the host: the RDF validator's REST API is `/shacl/DOMAIN/api/…` here too. Domain `gdi` judges by our profiles, its
`validationType` is a profile's id; domain `any` by the shapes that are sent along. The verdict is that of every other
door. Fields nobody knows are ignored, as there; a field that asks for something we do not do is refused.
"""

from __future__ import annotations

import base64
import json
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, Response, make_response, request

from shapes.errors import BadInput, Fault, Missing
from shapes.media import RDFXML, Syntax, by_media_type
from shapes.parse import Document
from shapes.profiles import profile, profiles
from shapes.render import Judged, report_graph
from shapes.render.gitb import as_gitb_json, as_gitb_xml
from shapes.report import Report
from shapes.serialise import serialise
from shapes.validate import Criteria
from ui import problems
from ui.judging import BASE, current_desk
from ui.site import current_site

testbed = Blueprint("testbed", __name__, url_prefix="/shacl")

_GDI: Final = "gdi"
_ANY: Final = "any"
_DOMAINS: Final = (_GDI, _ANY)
# What the Test Bed's DCAT-AP validator calls the whole of a release, and ours.
_ALIASES: Final = {"v2.0Full": "dcat-ap-2.1.1", "v3.0.1.Full": "dcat-ap-3.0.1"}
_METHODS: Final = ("STRING", "URL", "BASE64")
_REFUSED: Final = {
    "loadImports": "owl:imports are never followed here",
    "contentQuery": "a SPARQL endpoint is not asked here; harvest it, or send what it answers",
    "contentQueryEndpoint": "a SPARQL endpoint is not asked here; harvest it, or send what it answers",
    "reportQuery": "the report is not queried here; query what you get",
    "addShapesToReport": "the shapes are not sent along; the profiles are documented and their shapes are public",
}
_GITB: Final = ("application/json", "application/xml", "text/xml")
_MOST_INPUTS: Final = 20
_MOST_SHAPES: Final = 20


@dataclass(frozen=True, slots=True)
class _Input:
    """One thing to validate, as a client names it."""

    fields: dict[str, Any]

    def text(self, name: str) -> str | None:
        """Return a field that must be a text; None where it is not there, null or empty."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, str):
            raise BadInput(f"{name} must be a text.")
        return value or None

    def flag(self, name: str) -> bool:
        """Return a field that must be true or false; false where it is not there."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, bool):
            raise BadInput(f"{name} must be true or false.")
        return bool(value)


@testbed.errorhandler(Fault)
def _told(fault: Fault) -> Response:
    """Answer a fault as everywhere, with `message` beside it, which is what the Test Bed's clients show."""
    body = problems.problem(fault) | {"message": fault.detail}
    response = make_response(json.dumps(body, ensure_ascii=False), fault.status)
    response.content_type = problems.PROBLEM
    return response


@testbed.get("/api/info")
def domains() -> Response:
    """Every domain and its validation types."""
    return _json([_info(domain) for domain in _DOMAINS])


@testbed.get("/<domain>/api/info")
def info(domain: str) -> Response:
    """The validation types of a domain."""
    return _json(_info(_known(domain)))


@testbed.post("/<domain>/api/validate")
def validate(domain: str) -> Response:
    """Judge one document; the answer is the SHACL report, or a report of the Test Bed's, in `reportSyntax`."""
    asked = _body()
    if not isinstance(asked, dict):
        raise BadInput("The body must be a JSON object with contentToValidate.")
    entered = _Input(asked)
    form = _report_form(entered)
    data = _answered(entered, _known(domain), form)
    response = make_response(data)
    response.content_type = form
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


@testbed.post("/<domain>/api/validateMultiple")
def validate_multiple(domain: str) -> Response:
    """Judge several documents; each report comes as base64, JSON reports as XML, as the Test Bed does it."""
    asked = _body()
    if not isinstance(asked, list) or not all(isinstance(each, dict) for each in asked):
        raise BadInput("The body must be a JSON array of objects with contentToValidate.")
    if len(asked) > _MOST_INPUTS:
        raise BadInput(f"{len(asked)} documents are more than the {_MOST_INPUTS} that can be validated at once.")
    answers = []
    for each in map(_Input, asked):
        form = _report_form(each)
        form = "application/xml" if form == "application/json" else form
        report = _answered(each, _known(domain), form)
        answers.append({"report": base64.b64encode(report).decode(), "reportSyntax": form})
    return _json(answers)


def _known(domain: str) -> str:
    if domain not in _DOMAINS:
        raise Missing(f"There is no domain {domain!r}; there are {' and '.join(_DOMAINS)}.")
    return domain


def _info(domain: str) -> dict[str, Any]:
    if domain == _ANY:
        types = [{"type": "shapes", "description": "The shapes that are sent along in externalRules"}]
        return {"domain": domain, "validationTypes": types}
    default = current_site().settings.profile
    known = sorted(profiles().values(), key=lambda each: each.id != default)
    described = []
    for each in known:
        aliases = [alias for alias, name in _ALIASES.items() if name == each.id]
        said = {"type": each.id, "description": f"{each.title} {each.release}"}
        described.append(said | ({"aliases": aliases} if aliases else {}))
    return {"domain": domain, "validationTypes": described}


def _answered(entered: _Input, domain: str, form: str) -> bytes:
    """Judge what was entered and write the report."""
    for name, reason in _REFUSED.items():
        if entered.fields.get(name):
            raise BadInput(f"{name} cannot be used: {reason}.")
    criteria = _criteria(entered, domain)
    document = _document(entered.text("contentToValidate"), entered, "contentToValidate", "contentSyntax")
    report = current_desk().judge(document, criteria)
    if form not in _GITB:
        return _rdf(report, document.name, _syntax(form, "reportSyntax"))
    context = {}
    if entered.flag("addInputToReport"):
        context["input"] = document.data.decode("utf-8", "replace")
    if entered.flag("addRdfReportToReport"):
        syntax = _syntax(entered.text("rdfReportSyntax") or RDFXML.media_type, "rdfReportSyntax")
        context["report"] = _rdf(report, document.name, syntax).decode()
    write = as_gitb_xml if form.endswith("xml") else lambda *parts: as_gitb_json(*parts).encode()
    return write(report, datetime.now(UTC), context)


def _criteria(entered: _Input, domain: str) -> Criteria:
    rules = entered.fields.get("externalRules") or []
    if not isinstance(rules, list) or not all(isinstance(each, dict) for each in rules):
        raise BadInput("externalRules must be a list of objects with ruleSet.")
    if len(rules) > _MOST_SHAPES:
        raise BadInput(f"{len(rules)} files of shapes are more than the {_MOST_SHAPES} that can be sent along.")
    shapes = tuple(
        _document(each.text("ruleSet"), each, f"externalRules[{number}].ruleSet", "ruleSyntax")
        for number, each in enumerate(map(_Input, rules))
    )
    if domain == _ANY:
        if not shapes:
            raise BadInput("The domain any judges by the shapes in externalRules, and there are none.")
        return Criteria(shapes=shapes)
    chosen = entered.text("validationType") or current_site().settings.profile
    return Criteria(profile(_ALIASES.get(chosen, chosen)).id, shapes=shapes)


def _document(content: str | None, entered: _Input, name: str, syntax_field: str) -> Document:
    """Return what a field holds: the text itself, the text in base64, or what stands at its address."""
    if content is None:
        raise BadInput(f"{name} is missing or empty.")
    stated = entered.text(syntax_field)
    syntax = None if stated is None else _syntax(stated, syntax_field)
    method = (entered.text("embeddingMethod") or _method_of(content)).upper().replace("_", "")
    if method not in _METHODS:
        raise BadInput(
            f"embeddingMethod must be one of {', '.join(_METHODS)}, not {entered.text('embeddingMethod')!r}."
        )
    if method == "URL":
        fetched = current_desk().fetch(content.strip())
        return fetched if syntax is None else Document(fetched.data, fetched.name, fetched.base, syntax)
    data = _decoded(content, name) if method == "BASE64" else content.encode("utf-8", "replace")
    return Document(data, name, BASE, syntax)


def _method_of(content: str) -> str:
    """Tell how a content is embedded: RDF of any syntax has a space or a mark that base64 has not."""
    if content.startswith(("http://", "https://")) and len(content.split()) == 1:
        return "URL"
    try:
        base64.b64decode("".join(content.split()), validate=True)
    except NotBase64:
        return "STRING"
    return "BASE64"


def _decoded(content: str, name: str) -> bytes:
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except NotBase64 as error:
        raise BadInput(f"{name} is not base64: {error}.") from error


def _syntax(media_type: str, field: str) -> Syntax:
    found = by_media_type(media_type)
    if found is None:
        raise BadInput(f"{field} {media_type!r} is not a media type of RDF that is known here.")
    return found


def _report_form(entered: _Input) -> str:
    """Return the media type of the report: as the field says, else the Accept header, else RDF/XML as there."""
    stated = entered.text("reportSyntax")
    if stated is None:
        first = next((each for each, _ in request.accept_mimetypes if "*" not in each), None)
        stated = first or RDFXML.media_type
    plain = stated.partition(";")[0].strip().lower()
    return plain if plain in _GITB else _syntax(plain, "reportSyntax").media_type


def _rdf(report: Report, name: str, syntax: Syntax) -> bytes:
    return serialise(report_graph((Judged(name, report),)), syntax)


def _body() -> object:
    try:
        found: object = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"The body must be JSON: {error}.") from error
    return found


def _json(value: object) -> Response:
    response = make_response(json.dumps(value, ensure_ascii=False))
    response.mimetype = "application/json"
    return response
