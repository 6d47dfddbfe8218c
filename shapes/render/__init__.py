"""Reports as people and programs read them: text, JSON, a SHACL report graph, HTML, CSV, SARIF.

Every renderer takes the same: what was judged, each with a name. Everything in a report may come from a stranger's
file; each form escapes it in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from shapes.errors import BadInput
from shapes.render.csv import as_csv
from shapes.render.html import as_html
from shapes.render.json import as_json, as_json_text, judged_json
from shapes.render.judged import Judged, grouped, merged
from shapes.render.sarif import as_sarif
from shapes.render.text import as_text
from shapes.render.turtle import as_turtle, report_graph
from shapes.report import Report

__all__ = [
    "FORMATS",
    "MEDIA_TYPES",
    "Judged",
    "as_json",
    "as_text",
    "grouped",
    "judged_json",
    "merged",
    "render",
    "render_all",
    "report_graph",
]

FORMATS: Final[Mapping[str, Callable[[Sequence[Judged]], str]]] = {
    "text": lambda judged: as_text(judged).plain,
    "json": as_json_text,
    "turtle": as_turtle,
    "html": as_html,
    "csv": as_csv,
    "sarif": as_sarif,
}
MEDIA_TYPES: Final[Mapping[str, str]] = {
    "text": "text/plain",
    "json": "application/json",
    "turtle": "text/turtle",
    "html": "text/html",
    "csv": "text/csv",
    "sarif": "application/sarif+json",
}


def render(report: Report, form: str, *, name: str = "") -> str:
    """Return one report in a form: text, json, turtle, html, csv or sarif. `name`: the file or URL it is about.

    Raises `BadInput` for another form.
    """
    return render_all((Judged(name, report),), form)


def render_all(judged: Sequence[Judged], form: str) -> str:
    """Return the reports of several files as one document of a form. Raises `BadInput` for an unknown form."""
    if form not in FORMATS:
        raise BadInput(f"There is no report format {form!r}; these are known: {', '.join(FORMATS)}.")
    return FORMATS[form](judged)
