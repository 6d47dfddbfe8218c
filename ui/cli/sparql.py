"""`sparql`: ask the catalogue a query, under the same budgets as the endpoint."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from catalogue.assemble import open_as_named
from catalogue.store.guard import outline
from catalogue.store.port import GRAPH_FORMATS, TABLE_FORMATS, SparqlQuery
from shapes.errors import BadInput, BadQuery
from ui.cli.context import Context, Verb, pass_context

_FORMATS: Final = (*TABLE_FORMATS, *GRAPH_FORMATS)
_TABLES: Final = frozenset({"select", "ask"})


@click.command(cls=Verb)
@click.argument("query", required=False)
@click.option(
    "-f", "--file", "path", type=click.Path(path_type=Path), help="Read the query from a file; - is standard input."
)
@click.option("--format", "wanted", type=click.Choice(_FORMATS), help="How to write the answer.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    help="Seconds it may run; never more than the setting sparql_timeout.",
)
@pass_context
def sparql(context: Context, query: str | None, path: Path | None, wanted: str | None, timeout: float | None) -> None:
    """Ask the catalogue a SPARQL query. Tables come as TSV, or JSON with --json; graphs as Turtle."""
    text = _text(query, path)
    _refuse_other(text, wanted)
    table = wanted if wanted in TABLE_FORMATS else "json" if context.json else "tsv"
    graph = wanted if wanted in GRAPH_FORMATS else "jsonld" if context.json else "turtle"
    with open_as_named(context.settings(sparql_workers=1)) as house:
        house.freshen("store")
        answer = house.catalogue.sparql(SparqlQuery(text, table, graph), seconds=timeout)
    sys.stdout.buffer.write(answer.body)
    if answer.body and not answer.body.endswith(b"\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def _refuse_other(text: str, wanted: str | None) -> None:
    """Raise `BadQuery` where the form asked for cannot hold what the query gives, as the endpoint does."""
    form = outline(text).form
    table = form in _TABLES
    if wanted is not None and form and table != (wanted in TABLE_FORMATS):
        raise BadQuery(f"{form.upper()} gives a {'table' if table else 'graph'}, which {wanted} cannot hold.")


def _text(query: str | None, path: Path | None) -> str:
    if (query is None) == (path is None):
        raise click.UsageError("Give a query, or a file with -f, and not both.")
    if path is None:
        return query or ""
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadInput(f"The query file cannot be read: {reason}.", url=str(path)) from error
