"""Who decides: every committee, and one committee with its remit, its conditions and the datasets it answers for."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request

from catalogue.catalogue import Catalogue
from catalogue.dac.committee import Committee
from catalogue.deciding import UNDECIDED, Governing
from catalogue.errors import SearchUnavailable
from catalogue.search.query import Page, Query
from ui import asking, negotiate
from ui.glance import Condition, conditions_of
from ui.language import reader_languages
from ui.present import Presenter
from ui.site import current_site

access = Blueprint("access", __name__)
_SHOWN: Final = 20  # datasets listed on a committee's page; the rest is a search away
_READ: Final = 50  # datasets whose conditions are put together


@access.get("/dacs")
@access.get("/dacs<any('.ttl', '.jsonld', '.rdf', '.nt', '.html'):suffix>")
def committees(suffix: str = "") -> Response:
    """List the committees, by country and name, with how many datasets each is linked to.

    Without the index the page lists those of the registry and says what is left out; programs are told to come again.
    """
    wanted = negotiate.wanted(request, "dacs" + suffix)
    catalogue = current_site().catalogue
    if wanted.syntax is not None:
        found = catalogue.committees()
        return negotiate.rdf(catalogue.committee_triples([row.committee for row in found]), wanted.syntax)
    undecided = None
    try:
        rows = catalogue.committees()
        undecided = catalogue.search(Query(facets={"decider": UNDECIDED}, size=1, with_facets=False)).total
    except SearchUnavailable:
        rows = catalogue.registered()
    show = Presenter(reader_languages())

    def place(row: Governing) -> tuple[str, str]:
        return show.country(row.committee.country), show.words(row.committee.names, row.committee.id)

    response = make_response(render_template("dacs.html", rows=sorted(rows, key=place), undecided=undecided))
    return negotiate.vary(response, "Accept", "Accept-Language")


@access.get("/dac/<path:key>")
def committee(key: str) -> Response:
    """One committee, in the form asked for."""
    wanted = negotiate.wanted(request, key)
    catalogue = current_site().catalogue
    found = _committee(catalogue, wanted.key)
    if wanted.syntax is not None:
        return negotiate.rdf(catalogue.committee_triples((found,)), wanted.syntax)
    query = Query(facets={"dac": (found.id,)}, size=_SHOWN, sort="title", languages=reader_languages())
    page = _datasets(catalogue, query)
    text = render_template(
        "dac.html",
        committee=found,
        page=page,
        all_datasets=asking.address(replace(query, sort="relevance", size=Query().size)),
        conditions=_conditions(catalogue, page) if page else [],
        sparql=_SPARQL.format(iri=current_site().address(f"/dac/{found.id}")),
    )
    response = make_response(text)
    response.headers["Link"] = ", ".join(negotiate.links(current_site().address(f"/dac/{found.id}"), delivered=False))
    return negotiate.vary(response, "Accept", "Accept-Language")


def _committee(catalogue: Catalogue, key: str) -> Committee:
    """A committee; one of the registry is there without the index, too. Raises `Missing`, and `SearchUnavailable`."""
    try:
        return catalogue.committee(key).committee
    except SearchUnavailable:
        for row in catalogue.registered():
            if row.committee.id == key:
                return row.committee
        raise


def _datasets(catalogue: Catalogue, query: Query) -> Page | None:
    """The datasets of a committee; None when the index cannot say."""
    try:
        return catalogue.search(query)
    except SearchUnavailable:
        return None


def _conditions(catalogue: Catalogue, page: Page) -> list[tuple[Condition, int]]:
    """The conditions of the committee's datasets in plain words, with how many of those read state each."""
    counted: dict[str, tuple[Condition, int]] = {}
    for hit in page.hits[:_READ]:
        dataset = catalogue.entry(hit.id).dataset
        uses = [use for policy in dataset.policies for use in policy.data_uses] if dataset else []
        for condition in conditions_of(uses):
            counted[condition.code] = (condition, counted.get(condition.code, (condition, 0))[1] + 1)
    return sorted(counted.values(), key=lambda row: (not row[0].permission, -row[1], row[0].code))


_SPARQL: Final = """\
SELECT ?dataset (SAMPLE(?title) AS ?name)
WHERE {{ ?dataset gdix:decidedBy <{iri}> ; dct:title ?title }}
GROUP BY ?dataset ORDER BY ?dataset
"""
