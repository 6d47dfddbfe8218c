"""The SPARQL endpoint (SPARQL 1.1 Protocol) and, in a browser, its editor page. Read only; budgets end bad queries."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MIMEAccept

from catalogue.store.port import SparqlAnswer, SparqlQuery
from shapes.errors import BadQuery, Fault
from shapes.vocabulary import PREFIXES
from ui.examples import EXAMPLES
from ui.site import current_site

sparql = Blueprint("sparql", __name__)

# What the answer may be called in Accept or `format`, and our name of it.
_TABLES: Final = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
_GRAPHS: Final = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/rdf+xml": "rdfxml",
    "application/ld+json": "jsonld",
}
_NAMES: Final = {"json", "xml", "csv", "tsv", "turtle", "ntriples", "rdfxml", "jsonld"}
_MAX_ROWS_SHOWN: Final = 500


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a result table. `href` is set for an IRI that can be followed."""

    text: str
    href: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A result as the page shows it; `total` counts all rows, `rows` holds the first of them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int


@sparql.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query by the protocol; without one, or for a browser, show the editor."""
    asked = _query()
    if _wants_page(request.accept_mimetypes, has_query=asked is not None):
        return _page(asked)
    if asked is None:
        return _description(request.accept_mimetypes)
    answer = current_site().catalogue.sparql(asked, seconds=_seconds())
    return _answered(answer)


def _query() -> SparqlQuery | None:
    """Read the query from the request (SPARQL 1.1 Protocol, section 2.1); None when there is none."""
    if "update" in request.values or request.mimetype == "application/sparql-update":
        raise BadQuery("This endpoint is read only: updates are not allowed.")
    source = request.args if request.method == "GET" or request.mimetype == "application/sparql-query" else request.form
    if request.mimetype == "application/sparql-query":
        try:
            text: str | None = request.get_data().decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadQuery("The query is not UTF-8.") from error
    else:
        text = source.get("query")
    person = request.accept_mimetypes["text/html"] > 0 and request.accept_mimetypes.best != "*/*"
    if text is None or (not text.strip() and person):
        if request.method == "POST" and not person:
            raise BadQuery("A POST must carry a query: as the form field `query`, or as application/sparql-query.")
        return None
    wanted = request.values.get("format")
    if wanted is not None and wanted not in _NAMES:
        raise BadQuery(f"There is no format {wanted!r}; there are {', '.join(sorted(_NAMES))}.")
    table, graph = _formats(request.accept_mimetypes, wanted)
    return SparqlQuery(
        text,
        table_format=table,
        graph_format=graph,
        default_graphs=tuple(source.getlist("default-graph-uri")),
        named_graphs=tuple(source.getlist("named-graph-uri")),
    )


def _formats(accept: MIMEAccept, wanted: str | None) -> tuple[str, str]:
    """Choose how a table and how a graph would be written; the query's form decides which is used."""
    table = _TABLES.get(accept.best_match(list(_TABLES)) or "", "json")
    graph = _GRAPHS.get(accept.best_match(list(_GRAPHS)) or "", "turtle")
    if wanted is None:
        return table, graph
    return (wanted, graph) if wanted in _TABLES.values() else (table, wanted)


def _seconds() -> float | None:
    """Read the caller's own, shorter time budget (`timeout`, in seconds)."""
    text = request.values.get("timeout")
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not seconds > 0:
        raise BadQuery(f"timeout must be a number of seconds above 0, not {text!r}.")
    return seconds


def _wants_page(accept: MIMEAccept, *, has_query: bool) -> bool:
    """Whether a person is looking: HTML preferred over every result format, and no format asked for by name."""
    if request.values.get("format") or request.mimetype == "application/sparql-query":
        return False
    offered = ["text/html", *_TABLES, *_GRAPHS] if has_query else ["text/html", *_GRAPHS]
    return accept.best_match(offered) == "text/html" and accept["text/html"] > 0 and "text/html" in accept.to_header()


def _answered(answer: SparqlAnswer) -> Response:
    response = Response(answer.body, content_type=answer.media_type)
    response.headers["Vary"] = "Accept"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Server-Timing"] = f"sparql;dur={answer.seconds * 1000:.1f}"
    return response


def _page(asked: SparqlQuery | None) -> Response:
    """Show the editor, with the result of the query in it if there is one. A fault is said on the page."""
    site = current_site()
    table: Table | None = None
    graph: str | None = None
    fault: Fault | None = None
    seconds = 0.0
    if asked is not None:
        try:
            shown = SparqlQuery(asked.text, "tsv", "turtle", asked.default_graphs, asked.named_graphs)
            answer = site.catalogue.sparql(shown, seconds=_seconds())
            seconds = answer.seconds
            if answer.form == "graph":
                graph = answer.body.decode("utf-8")
            else:
                table = read_table(answer)
        except Fault as caught:
            fault = caught
    page = render_template(
        "sparql.html",
        query=asked.text if asked else EXAMPLES[0].query,
        examples=EXAMPLES,
        table=table,
        graph=graph,
        fault=fault,
        seconds=seconds,
        most=_MAX_ROWS_SHOWN,
        budget=site.settings.sparql_timeout,
        prefixes=PREFIXES,
    )
    return Response(page, status=fault.status if fault else 200, content_type="text/html; charset=utf-8")


def read_table(answer: SparqlAnswer) -> Table:
    """Read a TSV answer (SPARQL 1.1 Query Results TSV) into what the page shows."""
    if answer.form == "ask":
        return Table(("answer",), ((Cell(answer.body.decode("utf-8").strip()),),), 1)
    lines = csv.reader(io.StringIO(answer.body.decode("utf-8")), delimiter="\t", quoting=csv.QUOTE_NONE)
    columns = tuple(name.removeprefix("?") for name in next(lines, []))
    rows = [row for row in lines if row or len(columns) == 1]
    shown = tuple(tuple(_cell(value) for value in row) for row in rows[:_MAX_ROWS_SHOWN])
    return Table(columns, shown, len(rows))


def _cell(value: str) -> Cell:
    """Read one TSV value: an RDF term in Turtle syntax, or nothing."""
    if value.startswith("<") and value.endswith(">"):
        iri = value[1:-1]
        return Cell(iri, iri if iri.startswith(("http://", "https://")) else None)
    if value.startswith('"'):
        term = next(iter(ox.parse(f"<a:a> <a:b> {value} .".encode(), format=ox.RdfFormat.N_TRIPLES))).object
        if isinstance(term, ox.Literal):
            return Cell(term.value, note=term.language or "")
    return Cell(value)


_DESCRIPTION: Final = """\
@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix formats: <http://www.w3.org/ns/formats/> .
<{base}/sparql> a sd:Service ;
    sd:endpoint <{base}/sparql> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature sd:UnionDefaultGraph ;
    sd:resultFormat formats:SPARQL_Results_JSON, formats:SPARQL_Results_XML, formats:SPARQL_Results_CSV,
        formats:SPARQL_Results_TSV, formats:Turtle, formats:N-Triples, formats:RDF_XML, formats:JSON-LD ;
    sd:defaultDataset [ a sd:Dataset ; sd:defaultGraph [ a sd:Graph ] ] .
"""


def _description(accept: MIMEAccept) -> Response:
    """Describe the service (SPARQL 1.1 Service Description, section 2)."""
    text = _DESCRIPTION.format(base=current_site().settings.base_url)
    name = _formats(accept, None)[1]
    formats = {"turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES, "rdfxml": ox.RdfFormat.RDF_XML}
    chosen = formats.get(name, ox.RdfFormat.JSON_LD)
    body = ox.serialize(ox.parse(text, format=ox.RdfFormat.TURTLE), format=chosen)
    media_type = next(media for media, known in _GRAPHS.items() if known == name)
    return _answered(SparqlAnswer("graph", name, media_type, body or b"", 0.0))
