"""The list of datasets: search, filters, sorting, paging; one address says it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from catalogue.facets import FACETS, SORTS, Facet, value_labels
from catalogue.search.parsing import without_answer, without_choice, without_use
from catalogue.search.query import FacetCounts, FacetValue, Query
from catalogue.search.using import USE
from catalogue.text import pick
from ui import asking
from ui.hits import card
from ui.language import reader_languages
from ui.present import page_numbers
from ui.site import current_site
from ui.use import Question, in_words, questions
from ui.words import ANSWERS

browse = Blueprint("browse", __name__)

FACET_TABLE: Final = {facet.name: facet for facet in FACETS}
_LONG: Final = 12  # from so many values on, a list gets a field to find one


@dataclass(frozen=True, slots=True)
class Pill:
    """One chosen filter, and the address of the search without it. `left` is how many datasets that would find."""

    facet: str
    value: str
    address: str
    left: int | None = None


@dataclass(frozen=True, slots=True)
class UseBox:
    """The filter "can I use it?": the questions, and the answers counted where a use is in mind."""

    questions: tuple[Question, ...]
    answers: tuple[FacetValue, ...]
    asked: bool


@dataclass(frozen=True, slots=True)
class FacetBox:
    """One facet as the side bar shows it: the first values, the rest, and the two ends of a chosen range."""

    facet: Facet
    label: str
    first: tuple[FacetValue, ...]
    rest: tuple[FacetValue, ...]
    low: str
    high: str
    chosen: int
    missing: int
    others: int

    @property
    def long(self) -> bool:
        """Whether people will want to search in it."""
        return len(self.first) + len(self.rest) >= _LONG


@browse.get("/datasets")
def results() -> Response | str:
    """Show the answer to a search, or to none: everything."""
    languages = reader_languages()
    asked = asking.read(request.args, languages)
    if asking.is_form(request.args):
        return redirect(asking.address(asked.query), 303)
    page = current_site().catalogue.search(asked.query)
    boxes = [_box(counts, asked.query) for counts in page.facets if counts.name in FACET_TABLE]
    boxes = [box for box in boxes if box.first or box.chosen or box.facet.ranged]
    return render_template(
        "results.html",
        query=asked.query,
        unknown=asked.unknown,
        page=page,
        pills=_pills(asked.query, page.facets, languages, count=page.total == 0),
        boxes=[box for box in boxes if box.facet.shown or box.chosen],
        more_boxes=[box for box in boxes if not box.facet.shown and not box.chosen],
        sorts=[(sort.name, _called(sort.labels, languages)) for sort in SORTS],
        pages=page_numbers(page.page, max(1, -(-page.total // page.size))),
        asking=asking,
        to_page=lambda number: asking.address(replace(asked.query, page=number)),
        cards=[card(hit, languages, asked.query.purpose) for hit in page.hits],
        use=_use_box(asked.query, page.facets),
    )


def _use_box(query: Query, facets: Sequence[FacetCounts]) -> UseBox:
    counted = next((counts.values for counts in facets if counts.name == USE), ())
    return UseBox(questions(query.purpose), counted, bool(query.purpose))


def _called(labels: object, languages: Sequence[str]) -> str:
    table = dict(labels) if isinstance(labels, dict) else {}
    return next((table[tag] for tag in (*languages, "en") if tag in table), "")


def _box(counts: FacetCounts, query: Query) -> FacetBox:
    facet = FACET_TABLE[counts.name]
    chosen = [value for value in counts.values if value.selected]
    if facet.kind == "tree":
        first, rest = counts.values[: facet.limit], counts.values[facet.limit :]
        first += tuple(value for value in rest if value.selected)
    else:
        open_values = [value for value in counts.values if not value.selected]
        room = max(facet.limit - len(chosen), 0)
        first = (*chosen, *open_values[:room])
        rest = tuple(open_values[room:])
    low, high = asking.chosen_range(query, facet.name)
    return FacetBox(
        facet=facet,
        label=counts.label,
        first=first,
        rest=tuple(value for value in rest if value not in first),
        low=low,
        high=high,
        chosen=len(query.facets.get(facet.name, ())),
        missing=counts.missing,
        others=counts.others,
    )


def _pills(query: Query, facets: Sequence[FacetCounts], languages: Sequence[str], *, count: bool) -> list[Pill]:
    """One pill per chosen value; with `count`, how many datasets each removal would bring back."""
    by_name = {counts.name: counts for counts in facets}
    pills = _use_pills(query, count=count)
    for name, values in query.facets.items():
        facet = FACET_TABLE[name]
        counts = by_name.get(name)
        labels = {value.value: value.label for value in counts.values} if counts else {}
        for value in values:
            fewer = without_choice(query, name, value)
            named = _range_words(value) if facet.ranged else labels.get(value)
            shown = named or _value_label(facet, value, languages)
            left = _total(fewer) if count else None
            pills.append(Pill(counts.label if counts else name, shown, asking.address(fewer), left))
    return pills


def _use_pills(query: Query, *, count: bool) -> list[Pill]:
    """The use in mind, and each answer wished for."""
    if not query.purpose:
        return []
    fewer = without_use(query)
    left = _total(fewer) if count and query.answers else None
    pills = [Pill("Can I use it?", in_words(query.purpose), asking.address(fewer), left)]
    for answer in query.answers:
        fewer = without_answer(query, answer)
        left = _total(fewer) if count else None
        pills.append(Pill("Can I use it?", ANSWERS[answer][0], asking.address(fewer), left))
    return pills


def _total(query: Query) -> int:
    return current_site().catalogue.search(replace(query, size=1, with_facets=False)).total


def _value_label(facet: Facet, value: str, languages: Sequence[str]) -> str:
    text = pick(value_labels(facet, value), languages)
    return text.value if text else value


def _range_words(value: str) -> str:
    low, _, high = value.partition("..")
    if low and high:
        return f"{low} to {high}"
    return f"{low} or more" if low else f"up to {high}"
