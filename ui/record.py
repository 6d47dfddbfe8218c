"""The page of a record, in every form: HTML for people, RDF for programs, a tombstone after withdrawal."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import pyoxigraph as ox
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from catalogue.access.handover import begin
from catalogue.catalogue import Catalogue
from catalogue.dac.committee import Role
from catalogue.dataset import Dataset, Link, Texts, Variable
from catalogue.entry import Entry
from catalogue.errors import SearchUnavailable
from catalogue.journal.state import State, Status
from catalogue.search.query import Page, Query
from catalogue.use.conditions import Conditions, conditions_of
from catalogue.use.judging import judge
from catalogue.use.odrl import Parties, odrl_triples
from shapes.errors import BadInput, Missing, Withdrawn
from shapes.graph import node_of
from shapes.media import Syntax
from shapes.record import Kind
from shapes.scores import Score, scores
from shapes.serialise import serialise
from shapes.vocabulary import SCHEMA
from ui import basket_words, counting, negotiate, problems
from ui.changes import Step, steps
from ui.cite import citation
from ui.glance import glance
from ui.language import reader_languages
from ui.present import Presenter, page_numbers
from ui.schemaorg import data_block, schema_dataset
from ui.site import current_site
from ui.statements import tell
from ui.use import UsePanel, asked_purpose, in_words, questions

record = Blueprint("record", __name__)

PAGED: Final = frozenset({Kind.DATASET, Kind.SERIES})  # what has a page at /dataset/, others at /record/
FIRST_VARIABLES: Final = 50
VARIABLES_PER_PAGE: Final = 250
_MEMBERS: Final = 20
_RELATED: Final = 40


@dataclass(frozen=True, slots=True)
class VariablePage:
    """Part of a data dictionary: the variables that match, cut to one page."""

    total: int
    page: int
    pages: int
    text: str
    variables: tuple[Variable, ...]

    @property
    def numbers(self) -> list[int | None]:
        """The page numbers a pager shows."""
        return page_numbers(self.page, self.pages)


@dataclass(frozen=True, slots=True)
class Related:
    """A relation to another resource; `key` is our record of it, where we list one."""

    role: str
    iri: str
    titles: Texts
    key: str | None


@record.get("/dataset/<path:key>")
def dataset(key: str) -> Response:
    """Answer for a dataset or series in the form asked for."""
    return _record(key, PAGED)


@record.get("/record/<path:key>")
def other(key: str) -> Response:
    """Answer for any other kind of record: a service, a catalogue."""
    return _record(key, frozenset(Kind) - PAGED)


@record.get("/dataset/<path:key>/variables")
def variables(key: str) -> str:
    """The whole data dictionary, page by page, with a search in it."""
    entry = _listed(key)
    if entry.dataset is None:
        raise Missing(f"The record {key!r} is no dataset, so it has no variables.", record=key)
    part = _variables(entry.dataset, request.args.get("q", "").strip())

    def part_address(number: int) -> str:
        return url_for("record.variables", key=key, q=part.text or None, page=number)

    return render_template("variables.html", dataset=entry.dataset, part=part, part_address=part_address)


@record.get("/dataset/<path:key>/history")
def history(key: str) -> str:
    """Every state of a record, with the statements that came and went."""
    catalogue = current_site().catalogue
    entry = catalogue.entry(key)
    told: tuple[Step, ...] = tuple(reversed(steps(catalogue.history(key))))
    return render_template("history.html", entry=entry, dataset=entry.dataset, steps=told)


@record.get("/graph/<any(delivered, derived):form>/<key>")
def graph(form: str, key: str) -> Response:
    """Lead from the name of a graph in the store to the record it is of."""
    state = current_site().catalogue.state(key)
    return _see(_address(state, "delivered" if form == "delivered" else None, ".ttl"))


@record.get("/.well-known/genid/<name>")
def skolem(name: str) -> Response:
    """Lead from the name a blank node has in the store to the record it stands in."""
    state = current_site().catalogue.state(name.rpartition("-")[0])
    return _see(_address(state, None, ".ttl"))


def _record(key: str, kinds: frozenset[Kind]) -> Response:
    wanted = negotiate.wanted(request, key)
    catalogue = current_site().catalogue
    found = catalogue.resolve(wanted.key)
    if found is None:
        raise Missing(f"There is no record {wanted.key!r} in this catalogue.", record=wanted.key)
    state = catalogue.state(found)
    if found != wanted.key or state.kind not in kinds:
        suffix = negotiate.SUFFIXES[wanted.syntax] if wanted.syntax and key != wanted.key else ""
        return _see(_address(state, request.args.get("as"), suffix))
    entry = catalogue.entry(found)
    if state.status is Status.WITHDRAWN:
        return _tombstone(entry, wanted.syntax)
    response = _rdf(entry, wanted.syntax) if wanted.syntax else _page(entry)
    response.headers["Link"] = ", ".join(_links(entry, wanted.syntax))
    negotiate.vary(response, "Accept", *([] if wanted.syntax else ["Accept-Language"]))
    response.cache_control.no_cache = True  # may be kept, must be asked for again
    return negotiate.conditional(response)


def _see(address: str) -> Response:
    return make_response(redirect(address, HTTPStatus.SEE_OTHER))


def _listed(key: str) -> Entry:
    entry = current_site().catalogue.entry(key)
    if entry.state.status is Status.WITHDRAWN:
        raise Withdrawn(f"The record {key!r} was withdrawn.", record=key)
    return entry


def _address(state: State, form: str | None, suffix: str) -> str:
    endpoint = "record.dataset" if state.kind in PAGED else "record.other"
    values: dict[str, Any] = {"as": form} if form else {}
    return url_for(endpoint, key=state.id + suffix, **values)


# RDF


def _rdf(entry: Entry, syntax: Syntax) -> Response:
    """The record as RDF: as published (with what we add), or exactly as delivered."""
    form = request.args.get("as", "published")
    catalogue, state = current_site().catalogue, entry.state
    if form == "delivered":
        body = _delivered(catalogue, state, syntax)
    elif form == "published":
        named = state.subject if not state.subject.startswith("_:") else str(catalogue.page(state).value)
        body = serialise(catalogue.published(entry), syntax, named)
    elif form == "odrl":
        body = serialise(_offers(catalogue, entry), syntax)
    else:
        raise BadInput(f"A record can be had as 'published', 'delivered' or 'odrl', not as {form!r}.")
    response = make_response(body)
    response.content_type = negotiate.content_type(syntax)
    response.last_modified = state.time
    if form == "delivered":
        response.set_etag(f"{state.digest}-{syntax.name}")
    else:
        response.add_etag()
    return response


def _offers(catalogue: Catalogue, entry: Entry) -> list[ox.Triple]:
    """The conditions of a dataset as ODRL policies."""
    page = str(catalogue.page(entry.state).value)
    subject = page if entry.state.subject.startswith("_:") else entry.state.subject
    deciding = (link.committee for link in entry.access.links if link.role is Role.DECIDES)
    parties = Parties(subject, tuple(current_site().address(f"/dac/{each.id}") for each in deciding))
    conditions = conditions_of(entry.dataset) if entry.dataset else Conditions()
    if not conditions.policies:
        raise Missing(
            f"The record {entry.state.id!r} states no conditions in terms of the Data Use Ontology: it has no policy.",
            record=entry.state.id,
        )
    return list(odrl_triples(conditions, parties, f"{page}#policy-"))


def _delivered(catalogue: Catalogue, state: State, syntax: Syntax) -> bytes:
    if syntax.name == "ntriples":
        return state.body
    return serialise(catalogue.delivered(state), syntax, state.subject)


def _links(entry: Entry, syntax: Syntax | None) -> list[str]:
    """Link headers by the FAIR Signposting profile: who I am, what describes me, what kind of thing this is."""
    page = str(current_site().catalogue.page(entry.state).value)
    if syntax is not None:
        return [f'<{page}>; rel="describes"', f'<{page}>; rel="cite-as"', *negotiate.links(page, delivered=True)]
    described = [
        f'<{page}{suffix}>; rel="describedby"; type="{form.media_type}"' for form, suffix in negotiate.SUFFIXES.items()
    ]
    kinds = [f'<{SCHEMA.AboutPage}>; rel="type"']
    if entry.dataset is not None:
        kinds.append(f'<{SCHEMA.Dataset}>; rel="type"')
    return [f'<{page}>; rel="cite-as"', *kinds, *described, *negotiate.links(page, delivered=True)]


def _tombstone(entry: Entry, syntax: Syntax | None) -> Response:
    """What is left after withdrawal: 410, with the last description in the form asked for (RFC 9110, 15.5.11)."""
    if syntax is not None:
        response = _rdf(entry, syntax)
        response.status_code = HTTPStatus.GONE
    elif not problems.wants_page():
        fault = Withdrawn(f"The record {entry.state.id!r} was withdrawn.", record=entry.state.id)
        response = problems.answer(fault)
    else:
        page = render_template("withdrawn.html", entry=entry, dataset=entry.dataset, state=entry.state)
        response = make_response(page, HTTPStatus.GONE)
    response.headers["Link"] = ", ".join(_links(entry, syntax))
    return negotiate.vary(response, "Accept")


# HTML


def _page(entry: Entry) -> Response:
    if entry.dataset is None:
        page = render_template(
            "statements.html",
            entry=entry,
            nodes=tell(entry.state.graph(), entry.state.subject),
            forms=negotiate.SUFFIXES,
        )
        response = make_response(page)
    else:
        response = make_response(_dataset_page(entry, entry.dataset))
    response.add_etag()
    return response


def _dataset_page(entry: Entry, dataset: Dataset) -> str:
    site, show = current_site(), Presenter(reader_languages())
    catalogue = site.catalogue
    report, line = catalogue.report(entry.state.id), site.desk.line(entry)
    return render_template(
        "dataset.html",
        entry=entry,
        state=entry.state,
        source=entry.source,
        dataset=dataset,
        glance=glance(entry, dataset),
        line=line,
        apply_at=begin(line),
        route_words=basket_words,
        use=_use(dataset),
        variables=dataset.variables[:FIRST_VARIABLES],
        report=report,
        groups=report.groups() if report else (),
        scores=_scores(entry.state),
        history=catalogue.history(entry.state.id, with_body=False),
        same=catalogue.same(entry.state.id),
        members=_members(catalogue, entry),
        related=[_related(catalogue, link) for link in dataset.links[:_RELATED]],
        more_related=max(0, len(dataset.links) - _RELATED),
        cite=citation(entry, dataset, show, site),
        schema=data_block(schema_dataset(entry, dataset, show, site)),
        forms=negotiate.SUFFIXES,
        permanent=catalogue.page(entry.state).value,
    )


def _use(dataset: Dataset) -> UsePanel:
    """What the conditions say to the use the address has in mind."""
    purpose = asked_purpose(request.args)
    verdict = judge(conditions_of(dataset), purpose) if purpose else None
    return UsePanel(questions(purpose), in_words(purpose), verdict)


def _scores(state: State) -> tuple[Score, ...]:
    """The scores of a dataset; a series has none."""
    return scores(state.graph(), node_of(state.subject), state.verdict) if state.kind is Kind.DATASET else ()


def _related(catalogue: Catalogue, link: Link) -> Related:
    """A relation, with our record of what it leads to and the name it has there."""
    key = catalogue.resolve(link.iri)
    if key is None:
        return Related(link.role, link.iri, link.titles, None)
    try:
        entry = catalogue.entry(key)
    except Missing:  # known, but held or rejected: it has no page
        return Related(link.role, link.iri, link.titles, None)
    titles = entry.dataset.titles if entry.dataset else ()
    return Related(link.role, link.iri, titles or link.titles, key)


def _members(catalogue: Catalogue, entry: Entry) -> Page | None:
    """The datasets that say they are in this series; None of what is no series, and when the index cannot say."""
    if entry.state.kind is not Kind.SERIES:
        return None
    query = Query(facets={"series": (entry.state.subject,)}, size=_MEMBERS, sort="title", with_facets=False)
    try:
        return catalogue.search(query)
    except SearchUnavailable:
        return None


def _variables(dataset: Dataset, text: str) -> VariablePage:
    found = dataset.variables
    if text:
        wanted = text.casefold()
        found = tuple(
            v
            for v in found
            if wanted in v.name.casefold() or any(wanted in t.value.casefold() for t in (*v.titles, *v.descriptions))
        )
    pages = max(1, -(-len(found) // VARIABLES_PER_PAGE))
    page = counting.asked("page", most=pages)
    start = (page - 1) * VARIABLES_PER_PAGE
    return VariablePage(len(found), page, pages, text, found[start : start + VARIABLES_PER_PAGE])
