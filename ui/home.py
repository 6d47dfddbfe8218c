"""The start page, and the page that explains the signs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from catalogue.errors import SearchUnavailable
from catalogue.search.query import FacetCounts, FacetValue, Query
from catalogue.use.terms import shorthands
from ui import asking
from ui.duo import conditions, permissions
from ui.language import reader_languages
from ui.negotiate import names_rdf, vary
from ui.site import current_site

home = Blueprint("home", __name__)

_BROWSED: Final = ("health_category", "theme", "country")  # facets the start page lists
_TILES: Final = 8
_BY_APPLICATION: Final = frozenset({"NON_PUBLIC", "RESTRICTED"})


@dataclass(frozen=True, slots=True)
class Question:
    """A question this catalogue exists for, and the page that answers it."""

    text: str
    note: str
    address: str


@home.get("/")
def page() -> Response:
    """Say what this is, let people search, and show what there is. Who asks for RDF is led to the FAIR Data Point."""
    if names_rdf(request):
        return vary(make_response(redirect(url_for("datapoint.root"), HTTPStatus.SEE_OTHER)), "Accept")
    return vary(make_response(_page()), "Accept")


def _page() -> str:
    catalogue = current_site().catalogue
    facets: Sequence[FacetCounts] = ()
    questions: list[Question] = []
    searchable = False
    with suppress(SearchUnavailable):  # the page is of use without the index, too
        facets = catalogue.search(Query(size=1, languages=reader_languages())).facets
        questions = _questions(facets)
        searchable = True
    return render_template(
        "home.html",
        figures=catalogue.figures(),
        questions=[*questions, _who()],
        browse=[facet for name in _BROWSED if (facet := _facet(facets, name)) is not None and facet.values],
        tiles=_TILES,
        nodes=catalogue.nodes(),
        searchable=searchable,
    )


@home.get("/about")
def about() -> str:
    """Explain access rights, roles, methods, stages, outcomes and conditions in plain words."""
    return render_template(
        "about.html", permissions=permissions(), conditions=conditions(), shorthand=lambda code: shorthands(code)[0]
    )


def _facet(facets: Iterable[FacetCounts], name: str) -> FacetCounts | None:
    return next((facet for facet in facets if facet.name == name), None)


def _values(facets: Sequence[FacetCounts], name: str) -> tuple[FacetValue, ...]:
    facet = _facet(facets, name)
    return facet.values if facet else ()


def _questions(facets: Sequence[FacetCounts]) -> list[Question]:
    """The questions that have an answer here, each with how many datasets that is."""
    by_application = tuple(v.value for v in _values(facets, "access_rights") if v.value in _BY_APPLICATION)
    country = next(iter(_values(facets, "country")), None)
    asked = [
        ("Which rare disease genomes can I apply for?", Query("rare disease", {"access_rights": by_application})),
        ("What is there on cancer?", Query("cancer")),
        ("What is there on infectious diseases?", Query("infectious")),
        ("Where are the Genome of Europe allele frequencies?", Query("allele frequencies")),
    ]
    if country is not None:
        asked.append((f"What does {country.label} publish?", Query(facets={"country": (country.value,)})))
    found = [_question(text, query) for text, query in asked if all(query.facets.values())]
    return [question for question in found if question is not None]


def _who() -> Question:
    return Question("Who decides on access?", "Committees and their datasets", url_for("access.committees"))


def _question(text: str, query: Query) -> Question | None:
    total = current_site().catalogue.search(replace(query, size=1, with_facets=False)).total
    note = f"{total} dataset{'' if total == 1 else 's'}"
    return Question(text, note, asking.address(query)) if total else None
