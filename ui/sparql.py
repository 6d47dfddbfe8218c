"""The SPARQL endpoint (SPARQL 1.1 Protocol) and, in a browser, its editor page. Read only; budgets end bad queries."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from catalogue.store.port import SparqlQuery
from shapes.errors import Fault
from shapes.vocabulary import GDIX, PREFIXES
from ui import negotiate, protocol, service
from ui.examples import EXAMPLES
from ui.problems import for_the_world, retry_after
from ui.protocol import Asked
from ui.results import MAX_ROWS, Chart, Table, chart_of, read_table
from ui.site import current_site

sparql = Blueprint("sparql", __name__)


@sparql.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query by the protocol; without one describe the service, or in a browser show the editor."""
    asked = protocol.read(request)
    if asked.page:
        return _page(asked)
    if asked.query is None:
        return negotiate.rdf_by_accept(service.description(current_site()), request)
    return _answer(asked, asked.query)


@sparql.get("/.well-known/void")
def void() -> Response:
    """The dataset behind the endpoint, described for machines (VoID, section 7.2)."""
    return negotiate.rdf_by_accept(service.void(current_site()), request)


@sparql.get("/graph/<any(registry, access, labels, history):name>")
def graph(name: str) -> Response:
    """Lead from the name of a graph that is about no single record to what it holds."""
    held = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{current_site().address(f'/graph/{name}')}> {{ ?s ?p ?o }} }}"
    response = redirect(url_for("sparql.endpoint", query=held), HTTPStatus.SEE_OTHER)
    return make_response(response)


def _answer(asked: Asked, query: SparqlQuery) -> Response:
    """Answer a program. Whoever has the answer of this very store is told so before anything is asked (304)."""
    catalogue = current_site().catalogue
    reading = request.method in {"GET", "HEAD"}
    # The version is read before the answer: should the store move on between, the answer is only asked for once more.
    tag = _tag(query, catalogue.store_version()) if asked.steady and reading else ""
    if tag and tag in request.if_none_match:
        response = make_response(b"", HTTPStatus.NOT_MODIFIED)
    else:
        answer = catalogue.sparql(query, seconds=asked.seconds, caller=protocol.caller(request))
        response = Response(answer.body, content_type=answer.media_type)
        response.headers["Server-Timing"] = f"sparql;dur={answer.seconds * 1000:.1f}"
    if tag:
        response.set_etag(tag)
        response.headers["Cache-Control"] = "public, no-cache"  # may be kept, but is asked about again
    else:
        response.headers["Cache-Control"] = "no-store"
    return negotiate.vary(response, "Accept")


def _tag(query: SparqlQuery, version: str) -> str:
    return hashlib.sha256(f"{version} {query!r}".encode()).hexdigest()[:32]


def _page(asked: Asked) -> Response:
    """Show the editor, with the result of the query in it if there is one. A fault is said on the page."""
    site = current_site()
    table: Table | None = None
    chart: Chart | None = None
    graph: str | None = None
    fault: Fault | None = None
    seconds = 0.0
    if asked.query is not None:
        try:
            answer = site.catalogue.sparql(asked.query, seconds=asked.seconds, caller=protocol.caller(request))
        except Fault as caught:
            fault = for_the_world(caught)
        else:
            seconds = answer.seconds
            if answer.form == "graph":
                graph = answer.body.decode("utf-8")
            else:
                table = read_table(answer)
                chart = chart_of(table)
    page = render_template(
        "sparql.html",
        query=asked.query.text if asked.query else EXAMPLES[0].query,
        examples=[each for each in EXAMPLES if each.extensions <= site.catalogue.aggregates],
        median=GDIX.median in site.catalogue.aggregates,
        table=table,
        chart=chart,
        graph=graph,
        fault=fault,
        seconds=seconds,
        most=MAX_ROWS,
        prefixes=PREFIXES,
    )
    response = make_response(page, fault.status if fault else HTTPStatus.OK)
    if fault:
        retry_after(response)
    return negotiate.vary(response, "Accept")
