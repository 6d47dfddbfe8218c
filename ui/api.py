"""The JSON API: the contract's routes, from one table that also makes their description."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, request, url_for

from catalogue.dac.checks import LEVELS
from catalogue.dac.committee import Role
from catalogue.facets import FACETS, SORTS
from catalogue.journal.state import Status
from catalogue.search.query import MAX_PAGE_SIZE, PAGE_SIZE, Query
from catalogue.search.using import USE
from catalogue.use.purpose import Aim, purpose_parameters
from catalogue.use.reasons import Answer
from shapes.errors import Missing, Withdrawn
from shapes.render import MEDIA_TYPES, as_json
from ui import asking, basket_wire, counting, quality_wire, wire, words
from ui import basket as baskets
from ui.committees import FILTERS, changes, chosen
from ui.language import chosen_language, reader_languages
from ui.negotiate import conditional
from ui.openapi import Operation, Parameter, document
from ui.schema_parts import TEXT
from ui.site import current_site
from ui.use import asked_purpose

ROOT: Final = "/api/v1"
MAX_RUNS: Final = 1000


def answered(value: object, *, kept: bool = True) -> Response:
    """An answer in JSON with an ETag; 304 for whoever has it."""
    response = make_response(json.dumps(value, ensure_ascii=False))
    response.mimetype = "application/json"
    if not kept:
        return response
    response.add_etag()
    response.cache_control.no_cache = True
    return conditional(response)


def datasets() -> Response:
    """Search: the very query of the page `/datasets`."""
    query = asking.read_strictly(request.args, reader_languages())
    page = current_site().catalogue.search(query)
    response = answered(wire.page_json(page, query.purpose), kept=False)
    response.vary.add("Accept-Language")
    if page.next:
        response.headers["Link"] = f'<{_following(query, page.next)}>; rel="next"'
    return response


def _following(query: Query, cursor: str) -> str:
    """The address of what comes after a page, in the language that was asked for."""
    address = asking.address(replace(query, page=1, cursor=cursor), "api.datasets")
    language = chosen_language(request)
    return current_site().address(f"{address}&{urlencode({asking.LANGUAGE: language})}" if language else address)


def facets() -> Response:
    """The facets of a search alone."""
    query = asking.read_strictly(request.args, reader_languages())
    page = current_site().catalogue.search(query)
    response = answered({"total": page.total, "facets": wire.facets_json(page.facets)})
    response.vary.add("Accept-Language")
    return response


def dataset(id: str) -> Response:  # noqa: A002 - the contract's name of the path parameter
    """One record; asked for by another identifier it is known by, the way to it."""
    catalogue = current_site().catalogue
    found = catalogue.resolve(id)
    if found is None:
        raise Missing(f"There is no record {id!r} in this catalogue.", record=id)
    purpose = asked_purpose(request.args)
    if found != id:
        said: dict[str, Any] = dict(purpose_parameters(purpose))
        return make_response(redirect(url_for("api.dataset", id=found, **said), HTTPStatus.SEE_OTHER))
    entry = catalogue.entry(found)
    if entry.state.status is Status.WITHDRAWN:
        day = entry.state.time.date().isoformat()
        raise Withdrawn(f"The record {id!r} was withdrawn on {day}. Its page keeps the last description.", record=id)
    name = catalogue.name_of(found, entry.state.subject)
    said = wire.entry_json(entry, str(catalogue.page(entry.state).value), name, purpose)
    return answered(said | basket_wire.applying_json(current_site().desk.line(entry)))


def report(id: str) -> Response:  # noqa: A002 - as above
    """What the last validation of a record found."""
    catalogue = current_site().catalogue
    catalogue.state(id)
    found = catalogue.report(id)
    if found is None:
        raise Missing(f"The record {id!r} was not validated.", record=id)
    return answered(as_json(found))


def dacs() -> Response:
    """Every committee, or those asked for, with how many datasets it is linked to."""
    asked = {name: value for name in FILTERS if (value := request.args.get(name, "").strip())}
    found = chosen(current_site().catalogue.deciding.committees(), asked, datetime.now(UTC).date())
    items = [wire.body_json(row) for row in found]
    return answered({"total": len(items), "items": items})


def dac(id: str) -> Response:  # noqa: A002 - as above
    """One committee, with the conditions of its datasets and the states its entry had."""
    deciding = current_site().catalogue.deciding
    found = deciding.committee(id)
    past = [wire.state_json(change) for change in changes(deciding.history(id))]
    conditions = wire.shared_json(deciding.conditions(id))
    tried = [wire.check_json(check) for check in deciding.checks(found.committee)]
    return answered(wire.body_json(found) | {"dataset_conditions": conditions, "checks": tried, "history": past})


def worklist() -> Response:
    """What every node has to do: datasets that name nobody who decides."""
    works = current_site().catalogue.deciding.worklist()
    items = [wire.work_json(work) for work in works]
    return answered({"total": sum(work.undecided for work in works), "items": items})


def basket() -> Response:
    """A basket, in groups that one application can be made for."""
    site = current_site()
    found = baskets.current()
    return answered(basket_wire.basket_json(found, site.settings.title, baskets.address_of(found)))


def nodes() -> Response:
    """Every node."""
    items = [wire.node_json(node) for node in current_site().catalogue.nodes()]
    return answered({"total": len(items), "items": items})


def quality(id: str) -> Response:  # noqa: A002 - as above
    """What to mend at a node, and how it went from run to run."""
    catalogue = current_site().catalogue
    source, stewardship = catalogue.source(id), catalogue.stewardship
    told = (stewardship.findings(id), stewardship.mends(id), stewardship.course(id))
    return answered(quality_wire.quality_json(source, *told))


def runs() -> Response:
    """The latest runs, of one source or of all, without their problems."""
    limit = counting.asked("limit", default=20, most=MAX_RUNS)
    source, catalogue = request.args.get("source") or None, current_site().catalogue
    found = catalogue.runs(source, limit)
    return answered({"total": catalogue.run_count(source), "items": [run.as_json() for run in found]})


def run(id: str) -> Response:  # noqa: A002 - as above
    """One run with its problems, and the records whose withdrawal it holds back."""
    number = counting.whole(id)
    if number is None:
        raise Missing(f"There is no run {id[:40]!r}: runs have numbers.")
    site = current_site()
    return answered(wire.run_json(site.catalogue.run(number), site.address))


def openapi() -> Response:
    """This API's description."""
    site = current_site()
    return answered(document(OPERATIONS, site.settings.title, site.address(ROOT)))


def _search_parameters() -> tuple[Parameter, ...]:
    ranges = {"number": "10..20", "date": "2020..2021-06"}
    own = (
        Parameter(
            "q", "Words to find, all of them; “quotation marks” for a phrase, * for a beginning, - for not.", TEXT
        ),
        Parameter("sort", "The order of the hits.", {"enum": [sort.name for sort in SORTS], "default": "relevance"}),
        Parameter("page", "The page, from 1.", {"type": "integer", "minimum": 1, "default": 1}),
        Parameter(
            "size",
            "Hits on a page.",
            {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
        ),
        Parameter(
            "cursor", "What comes after another page: the `next` of its answer. It takes the place of page.", TEXT
        ),
        Parameter("expand", "Words are not expanded to concepts; 0 says that they should not be.", {"enum": ["0"]}),
        Parameter("lang", "The language of labels and texts, as a BCP 47 tag; else Accept-Language decides.", TEXT),
    )
    chosen = (
        Parameter(
            facet.name,
            facet.explanation + (f" A range: {ranges[facet.kind.value]}." if facet.ranged else ""),
            TEXT,
            repeated=True,
        )
        for facet in FACETS
    )
    answer = Parameter(
        USE,
        "Only datasets whose conditions say so to the use in mind, which one of the use. parameters has to say.",
        {"enum": [each.value for each in Answer]},
        repeated=True,
    )
    return (*own, *_USES, answer, *chosen)


def _use_parameters() -> tuple[Parameter, ...]:
    """The questions of "can I use it?"."""
    schemas: dict[str, dict[str, Any]] = {
        "use.purpose": {"enum": [aim.value for aim in Aim]},
        "use.disease": TEXT,
        "use.country": TEXT,
        "use.months": {"type": "integer", "minimum": 1, "maximum": 9999},
    }
    return tuple(
        Parameter(
            name,
            f"A use somebody has in mind: {text}{f' ({hint})' if hint else ''}",
            schemas.get(name, {"enum": ["yes", "no"]}),
        )
        for name, (text, hint) in words.QUESTIONS.items()
    )


_USES: Final = _use_parameters()
_SEARCH: Final = _search_parameters()
_ID: Final = Parameter("id", "The identifier of the record; others it is known by lead to it.", TEXT, where="path")
_BODIES: Final = (
    Parameter("country", "Only those of this country (two letters).", TEXT),
    Parameter("role", "Only those in this role.", {"enum": [role.value for role in Role]}),
    Parameter("level", "Only those of this level.", {"enum": list(LEVELS)}),
    Parameter("due", "Only entries that are, or are not, due to be confirmed.", {"enum": ["yes", "no"]}),
)
_RDF: Final = ("text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples")
_VALIDATE_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        **{media: {"schema": {"type": "string"}} for media in _RDF},
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {"url": {"type": "string", "format": "uri"}},
                "required": ["url"],
            }
        },
        "multipart/form-data": {"schema": {"type": "object"}},
    },
}

OPERATIONS: Final = (
    Operation("datasets", "/datasets", "Search the datasets", "Page", datasets, _SEARCH, (400, 503)),
    Operation("dataset", "/datasets/{id}", "One record", "Record", dataset, (_ID, *_USES), (400, 404, 410)),
    Operation("report", "/datasets/{id}/report", "The validation of a record", "Report", report, (_ID,), (404,)),
    Operation("facets", "/facets", "The facets of a search", "Facets", facets, _SEARCH, (400, 503)),
    Operation("dacs", "/dacs", "Every committee", "Committees", dacs, _BODIES, (503,)),
    Operation(
        "dac",
        "/dacs/{id}",
        "One committee",
        "Committee",
        dac,
        (Parameter("id", "The identifier of the committee.", TEXT, where="path"),),
        (404, 503),
    ),
    Operation(
        "basket",
        "/basket",
        "Datasets grouped by the application they need, with where it is made",
        "Basket",
        basket,
        (Parameter("d", "A dataset, by any identifier it is known by; at most 50.", TEXT, repeated=True),),
        (400,),
    ),
    Operation("worklist", "/worklist", "Datasets without a deciding body, by node", "Worklist", worklist, (), (503,)),
    Operation("nodes", "/nodes", "Every node", "Nodes", nodes),
    Operation(
        "quality",
        "/nodes/{id}/quality",
        "What to mend at a node, and how it went",
        "Quality",
        quality,
        (Parameter("id", "The name of the node.", TEXT, where="path"),),
        (404,),
    ),
    Operation(
        "runs",
        "/runs",
        "The latest harvests",
        "Runs",
        runs,
        (
            Parameter("source", "Only of this source.", TEXT),
            Parameter("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": MAX_RUNS, "default": 20}),
        ),
        (400, 404),
    ),
    Operation(
        "run",
        "/runs/{id}",
        "One harvest with its problems and what it holds back",
        "Ledger",
        run,
        (Parameter("id", "The number of the run.", {"type": "integer"}, where="path"),),
        (404,),
    ),
    Operation(
        "validate",
        "/validate",
        "Validate metadata: the body, a file, or what stands at an address",
        "ScoredReport",
        None,
        (
            Parameter("profile", "The profile to validate against.", TEXT),
            Parameter(
                "scores", "Also say what each dataset scores (JSON only).", {"type": "boolean", "default": False}
            ),
            Parameter("syntax", "The RDF syntax of the document, where its Content-Type does not say.", TEXT),
            Parameter("format", "The form of the report, in place of Accept.", {"enum": list(MEDIA_TYPES)}),
        ),
        (400, 406, 413, 502, 503),
        method="post",
        body=_VALIDATE_BODY,
    ),
    Operation("openapi", "/openapi.json", "This description", "OpenApi", openapi),
)


def make_api() -> Blueprint:
    """Return the routes of the table."""
    api = Blueprint("api", __name__, url_prefix=ROOT)
    for operation in OPERATIONS:
        if operation.handler is not None:
            api.add_url_rule(operation.rule, operation.name, operation.handler, methods=[operation.method.upper()])
    return api
