"""Who decides: every committee, and one committee with its remit, its conditions and the datasets it answers for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request

from catalogue.catalogue import Catalogue
from catalogue.dac.committee import Committee, Role
from catalogue.dac.confirming import is_due
from catalogue.deciding import UNDECIDED, Governing
from catalogue.errors import SearchUnavailable
from catalogue.facets import BODY
from catalogue.search.query import Page, Query
from shapes.checks.mailbox import looks_personal
from ui import asking, negotiate
from ui.committees import (
    FILTERS,
    LEGAL_CLOCKS,
    LEGAL_FROM,
    LEGAL_GENETIC_FROM,
    by_country,
    changes,
    choices,
    chosen,
    shared_conditions,
)
from ui.language import reader_languages
from ui.present import Presenter
from ui.site import current_site

access = Blueprint("access", __name__)
_SHOWN: Final = 20  # datasets listed on a committee's page; the rest is a search away
_LISTED: Final = 200  # datasets on a node's worklist; the rest is a search away


@access.get("/dacs")
@access.get("/dacs<any('.ttl', '.jsonld', '.rdf', '.nt', '.html'):suffix>")
def committees(suffix: str = "") -> Response:
    """List the bodies by country and name, with how many datasets each is linked to; filters narrow the list.

    Without the index the page lists those of the registry and says what is left out; programs are told to come again.
    """
    wanted = negotiate.wanted(request, "dacs" + suffix)
    catalogue = current_site().catalogue
    if wanted.syntax is not None:
        found = catalogue.deciding.committees()
        return negotiate.rdf(catalogue.committee_triples([row.committee for row in found]), wanted.syntax)
    undecided = None
    try:
        rows = catalogue.deciding.committees()
        undecided = catalogue.search(Query(facets={"decider": UNDECIDED}, size=1, with_facets=False)).total
    except SearchUnavailable:
        rows = catalogue.deciding.registered()
    show, today = Presenter(reader_languages()), datetime.now(UTC).date()
    asked = {name: value for name in FILTERS if (value := request.args.get(name, "").strip())}

    def place(row: Governing) -> tuple[str, str]:
        return show.country(row.committee.country), show.words(row.committee.names, row.committee.id)

    shown = sorted(chosen(rows, asked, today), key=place)
    text = render_template(
        "dacs.html",
        rows=shown,
        groups=by_country(shown),
        everything=len(rows),
        filters=[(name, asked.get(name, ""), choices(rows, name, asked, today)) for name in FILTERS],
        asked=asked,
        undecided=undecided,
        is_due=lambda committee: is_due(committee, today),
    )
    return negotiate.vary(make_response(text), "Accept", "Accept-Language")


@access.get("/dac/<path:key>")
def committee(key: str) -> Response:
    """One body, in the form asked for."""
    wanted = negotiate.wanted(request, key)
    catalogue = current_site().catalogue
    found = _committee(catalogue, wanted.key)
    if wanted.syntax is not None:
        return negotiate.rdf(catalogue.committee_triples((found,)), wanted.syntax)
    counted = ("country", "theme", "access_rights")
    query = Query(
        facets={BODY.name: (found.id,)}, size=_SHOWN, sort="title", languages=reader_languages(), counted=counted
    )
    page = _datasets(catalogue, query)
    shared, total, stating = shared_conditions(catalogue.deciding.conditions(found.id)) if page else ([], 0, 0)
    text = render_template(
        "dac.html",
        committee=found,
        page=page,
        all_datasets=_all_datasets(found, page),
        conditions=shared,
        total=total,
        stating=stating,
        changes=changes(catalogue.deciding.history(found.id)),
        checks=catalogue.deciding.checks(found),
        due=is_due(found, datetime.now(UTC).date()),
        clocks=LEGAL_CLOCKS,
        applies=(LEGAL_FROM, LEGAL_GENETIC_FROM),
        personal=bool(found.email) and looks_personal(found.email or ""),
        forms=negotiate.SUFFIXES,
        sparql=_SPARQL.format(iri=current_site().address(f"/dac/{found.id}")),
    )
    response = make_response(text)
    response.headers["Link"] = ", ".join(negotiate.links(current_site().address(f"/dac/{found.id}"), delivered=False))
    return negotiate.vary(response, "Accept", "Accept-Language")


@access.get("/worklist")
def worklist() -> str:
    """What every node has to do so that each of its datasets has a body that decides."""
    return render_template("worklist.html", works=current_site().catalogue.deciding.worklist())


@access.get("/worklist/<name>")
def node_worklist(name: str) -> str:
    """The datasets of a node that name nobody who decides, with what its records say instead."""
    catalogue = current_site().catalogue
    source = catalogue.source(name)
    query = Query(facets={"node": (source.name,), "decider": UNDECIDED}, size=_LISTED, sort="title", with_facets=False)
    page = catalogue.search(replace(query, languages=reader_languages()))
    everything = asking.address(Query(facets=query.facets))
    return render_template("node_worklist.html", source=source, page=page, all_datasets=everything)


def _all_datasets(committee: Committee, page: Page | None) -> str | None:
    """The search for all datasets of a body; None where no filter of the search page says it."""
    if committee.role is not Role.HDAB:
        return asking.address(Query(facets={"dac": (committee.id,)}))
    return asking.address(Query(facets={"hdab": (committee.iri,)})) if committee.iri and page else None


def _committee(catalogue: Catalogue, key: str) -> Committee:
    """A committee; one of the registry is there without the index, too. Raises `Missing`, and `SearchUnavailable`."""
    try:
        return catalogue.deciding.committee(key).committee
    except SearchUnavailable:
        for row in catalogue.deciding.registered():
            if row.committee.id == key:
                return row.committee
        raise


def _datasets(catalogue: Catalogue, query: Query) -> Page | None:
    """The datasets of a committee; None when the index cannot say."""
    try:
        return catalogue.search(query)
    except SearchUnavailable:
        return None


_SPARQL: Final = """\
SELECT ?dataset (SAMPLE(?title) AS ?name)
WHERE {{ ?dataset gdix:decidedBy <{iri}> ; dct:title ?title }}
GROUP BY ?dataset ORDER BY ?dataset
"""
