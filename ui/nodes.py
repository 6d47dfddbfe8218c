"""The nodes: where descriptions come from, how the harvests went, and what each node could mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request, url_for

from catalogue.deciding import UNDECIDED
from catalogue.errors import SearchUnavailable
from catalogue.quality import Average
from catalogue.search.query import Query
from harvester.source import Source
from shapes.errors import CannotWork, Missing, OverBudget
from shapes.media import Syntax
from shapes.record import Kind
from shapes.report import Finding, Group, Report
from ui import asking, counting, negotiate
from ui.present import page_numbers
from ui.run_chart import chart
from ui.site import current_site

nodes = Blueprint("nodes", __name__)
_EXAMPLES: Final = 5  # records named under a group of findings
_GROUPS: Final = 50
_PROBLEMS: Final = 200  # lines of a run's ledger shown
_LISTED: Final = 50  # datasets on a page of a node's list


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing to mend: the group of findings, and some of the records and values it is about."""

    group: Group
    records: tuple[str, ...]
    values: tuple[str, ...]


@nodes.get("/nodes")
@nodes.get("/nodes<any('.ttl', '.jsonld', '.rdf', '.nt', '.html'):suffix>")
def overview(suffix: str = "") -> Response:
    """Every node with its stage, its datasets and its latest harvest."""
    wanted = negotiate.wanted(request, "nodes" + suffix)
    catalogue = current_site().catalogue
    if wanted.syntax is not None:
        return _rdf(catalogue.sources(), wanted.syntax)
    page = render_template("nodes.html", nodes=catalogue.nodes())
    return negotiate.vary(make_response(page), "Accept")


@nodes.get("/node/<path:name>")
def node(name: str) -> Response:
    """One node: its source, its runs, the problems of the latest, and its findings by what touches most records."""
    wanted = negotiate.wanted(request, name)
    site = current_site()
    story = site.catalogue.node(wanted.key)
    if wanted.syntax is not None:
        return _rdf((story.source,), wanted.syntax)
    undecided = Query(facets={"node": (story.source.name,), "decider": UNDECIDED}, size=1, with_facets=False)
    total = _total(undecided)
    mends = _mends(story.findings)
    problems = story.latest.problems if story.latest else ()
    text = render_template(
        "node.html",
        story=story,
        source=story.source,
        averages=_averages(story.source.name),
        chart=chart(story.runs),
        mends=mends[:_GROUPS],
        more_mends=len(mends) - _GROUPS,
        problems=problems[:_PROBLEMS],
        problem_counts=story.latest.problem_counts if story.latest else {},
        undecided=total,
        searchable=total is not None,
        all_datasets=asking.address(Query(facets={"node": (story.source.name,)})),
    )
    response = make_response(text)
    page = site.address(f"/node/{story.source.name}")
    response.headers["Link"] = ", ".join(negotiate.links(page, delivered=False))
    return negotiate.vary(response, "Accept")


@nodes.get("/node/<name>/datasets")
def datasets(name: str) -> str:
    """Every dataset of a node, page by page, straight from the journal: there without the search index, too."""
    site = current_site()
    source = site.catalogue.source(name)
    found = site.catalogue.listed(Kind.DATASET, counting.asked("page"), _LISTED, source=source.name)
    if found.page > found.pages:
        pages = "is one page" if found.pages == 1 else f"are {found.pages} pages"
        raise Missing(f"Of the datasets of {name} there {pages}, so there is no page {found.page}.")
    return render_template(
        "node_datasets.html",
        source=source,
        found=found,
        pages=page_numbers(found.page, found.pages),
        to_page=lambda number: url_for("nodes.datasets", name=source.name, page=number),
    )


def _total(query: Query) -> int | None:
    """How many datasets a query finds; None when the index cannot say: the page is of use without that."""
    try:
        return current_site().catalogue.search(query).total
    except SearchUnavailable:
        return None


def _averages(name: str) -> tuple[Average, ...]:
    """The mean scores of a node; none when the store cannot say in time: the page is of use without them."""
    try:
        return current_site().catalogue.averages(name)
    except (CannotWork, OverBudget):
        return ()


def _rdf(sources: Sequence[Source], syntax: Syntax) -> Response:
    site = current_site()
    return negotiate.rdf(site.catalogue.node_triples(sources, site.settings.title), syntax)


def _mends(report: Report) -> list[Mend]:
    """The groups of findings, those that touch most records first among equals in severity, with examples."""
    by_group: dict[tuple[str | None, str | None, str], list[Finding]] = {}
    for finding in report.findings:
        by_group.setdefault((finding.shape, finding.path, finding.severity), []).append(finding)
    return [Mend(group, *_examples(by_group[group.shape, group.path, group.severity])) for group in report.groups()]


def _examples(findings: Sequence[Finding]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    records = dict.fromkeys(finding.record for finding in findings if finding.record)
    values = Counter(finding.value for finding in findings if finding.value)
    return tuple(records)[:_EXAMPLES], tuple(value for value, _ in values.most_common(_EXAMPLES))
