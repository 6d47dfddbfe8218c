"""The start page, and the page that explains the signs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, url_for

from catalogue.search.query import FacetCounts, FacetValue, Query
from ui.duo import CONDITIONS, PERMISSIONS
from ui.language import reader_languages
from ui.site import current_site

home = Blueprint("home", __name__)

_BROWSED: Final = ("health_category", "theme", "country")  # facets the start page lists
_TILES: Final = 12


@dataclass(frozen=True, slots=True)
class Question:
    """A question this catalogue exists for, and the page that answers it."""

    text: str
    note: str
    address: str


@home.get("/")
def page() -> str:
    """Say what this is, let people search, and show what there is."""
    catalogue = current_site().catalogue
    facets = catalogue.search(Query(size=1, languages=reader_languages())).facets
    return render_template(
        "home.html",
        figures=catalogue.figures(),
        questions=_questions(facets),
        browse=[facet for name in _BROWSED if (facet := _facet(facets, name)) is not None and facet.values],
        tiles=_TILES,
        nodes=catalogue.nodes(),
    )


@home.get("/about")
def about() -> str:
    """Explain access rights, roles, methods, stages, outcomes and conditions in plain words."""
    return render_template("about.html", permissions=PERMISSIONS, conditions=CONDITIONS)


def _facet(facets: Iterable[FacetCounts], name: str) -> FacetCounts | None:
    return next((facet for facet in facets if facet.name == name), None)


def _values(facets: Sequence[FacetCounts], name: str) -> tuple[FacetValue, ...]:
    facet = _facet(facets, name)
    return facet.values if facet else ()


def _questions(facets: Sequence[FacetCounts]) -> list[Question]:
    by_application = [v.value for v in _values(facets, "access_rights") if v.value in {"NON_PUBLIC", "RESTRICTED"}]
    country = next(iter(_values(facets, "country")), None)
    ask = "browse.results"
    found = [
        Question(
            "Which rare disease genomes can I apply for?",
            "Rare disease, access on application",
            url_for(ask, q="rare disease", access_rights=by_application or None),
        ),
        Question("What is there on cancer?", "Any dataset that mentions it, in any language", url_for(ask, q="cancer")),
        Question(
            "Which datasets help against infections?", "Infectious disease and pathogens", url_for(ask, q="infectious")
        ),
        Question(
            "Where are the Genome of Europe allele frequencies?",
            "Aggregated counts, often open",
            url_for(ask, q="allele frequencies"),
        ),
        Question("Who decides on access?", "Committees, their remit and their datasets", url_for("access.committees")),
    ]
    if country is not None:
        text = f"What does {country.label} publish?"
        found.insert(4, Question(text, f"{country.count} datasets", url_for(ask, country=country.value)))
    return found
