"""A SPARQL answer as the editor's page shows it: a table, and bars where there are names and numbers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from catalogue.store.port import SparqlAnswer
from shapes.vocabulary import XSD, shorten

MAX_ROWS: Final = 500
MAX_BARS: Final = 40
_NUMBERS: Final = frozenset({XSD.integer, XSD.decimal, XSD.double, XSD.float})
_IRI, _TEXT, _NUMBER = "iri", "text", "number"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a result table. `href` is set for an IRI that can be followed; `note` is a language."""

    text: str
    kind: str = _TEXT
    href: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A result as the page shows it; `total` counts all rows, `rows` holds the first of them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its number as it was written, and its length in percent of the longest."""

    name: str
    number: str
    percent: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one column of numbers, named by another."""

    names: str
    numbers: str
    bars: tuple[Bar, ...]


def read_table(answer: SparqlAnswer) -> Table:
    """Read a TSV answer (SPARQL 1.1 Query Results CSV and TSV, section 4) into what the page shows."""
    if answer.form == "ask":
        return Table(("answer",), ((Cell(answer.body.decode("utf-8").strip()),),), 1)
    lines = csv.reader(io.StringIO(answer.body.decode("utf-8")), delimiter="\t", quoting=csv.QUOTE_NONE)
    columns = tuple(name.removeprefix("?") for name in next(lines, []))
    rows = [row for row in lines if row or len(columns) == 1]
    shown = tuple(tuple(_cell(value) for value in row) for row in rows[:MAX_ROWS])
    return Table(columns, shown, len(rows))


def chart_of(table: Table) -> Chart | None:
    """Return bars for a table that has names and numbers, not below zero; None for any other.

    The last column of numbers is drawn. Its names are the first column of texts, else of IRIs.
    """
    if not 1 < len(table.rows) <= MAX_BARS or table.total > len(table.rows):
        return None
    kinds = [{row[at].kind for row in table.rows} for at in range(len(table.columns))]
    numbers = max((at for at, found in enumerate(kinds) if found == {_NUMBER}), default=None)
    named = [at for kind in (_TEXT, _IRI) for at, found in enumerate(kinds) if found == {kind}]
    if numbers is None or not named:
        return None
    values = [float(row[numbers].text) for row in table.rows]
    longest = max(values)
    if min(values) < 0 or not 0 < longest < float("inf"):
        return None
    bars = (
        Bar(shorten(row[named[0]].text), row[numbers].text, round(100 * value / longest, 2))
        for row, value in zip(table.rows, values, strict=True)
    )
    return Chart(table.columns[named[0]], table.columns[numbers], tuple(bars))


def _cell(value: str) -> Cell:
    """Read one TSV value: an RDF term in Turtle syntax, or nothing."""
    if value.startswith("<") and value.endswith(">"):
        iri = value[1:-1]
        return Cell(iri, _IRI, iri if iri.startswith(("http://", "https://")) else None)
    if not value or value.startswith("_:"):
        return Cell(value, _IRI if value else _TEXT)
    term = next(iter(ox.parse(f"<a:a> <a:b> {value} .".encode(), format=ox.RdfFormat.TURTLE))).object
    if not isinstance(term, ox.Literal):  # a quoted triple
        return Cell(value)
    return Cell(term.value, _NUMBER if term.datatype.value in _NUMBERS else _TEXT, note=term.language or "")
