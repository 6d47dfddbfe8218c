"""One harvest of one node: what it counted, what went wrong, and what waits for a person. Deciding is done elsewhere.

The page only reads: a run is approved or discarded on the command line, by someone who may.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, make_response, render_template

from catalogue.journal.run import PROBLEM_CAP, Run
from harvester.changes import Problem
from ui.site import current_site

runs = Blueprint("runs", __name__)
_EXAMPLES: Final = 5  # problems of a code that are open to the eye; the others are a click away


@dataclass(frozen=True, slots=True)
class Trouble:
    """The problems of one code: how many there were, the first, and the others that were kept."""

    code: str
    count: int
    examples: tuple[Problem, ...]
    others: tuple[Problem, ...]


@runs.get("/node/<name>/runs/<int:number>")
def run(name: str, number: int) -> Response:
    """The ledger of one run, its problems by code, and the list a held run wants a decision on."""
    site = current_site()
    source = site.catalogue.source(name)
    story = site.catalogue.run(number, name)
    text = render_template(
        "run.html",
        story=story,
        run=story.run,
        source=source,
        troubles=tuple(troubles(story.run)),
        cap=PROBLEM_CAP,
    )
    response = make_response(text)
    response.headers["Link"] = f'<{site.address(f"/api/v1/runs/{number}")}>; rel="alternate"; type="application/json"'
    return response


def troubles(run: Run) -> Iterator[Trouble]:
    """Yield the problems of a run by code, the most frequent first."""
    for code, count in sorted(run.problem_counts.items(), key=lambda item: (-item[1], item[0])):
        found = tuple(problem for problem in run.problems if problem.code == code)
        yield Trouble(code, count, found[:_EXAMPLES], found[_EXAMPLES:])
