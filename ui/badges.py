"""Where badges are found: pictures that a node's own pages, or anybody's, may show."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, request

from catalogue.journal.state import State, Status
from catalogue.stewardship import percents_of
from shapes.errors import BadInput, Missing, Withdrawn
from shapes.record import Kind
from shapes.scores import SCHEMES
from ui import badge, negotiate
from ui.present import Presenter
from ui.site import current_site

badges = Blueprint("badges", __name__)

_SECONDS: Final = 3600  # that others may keep a picture
_LANGUAGES: Final = ("en",)  # the words of a picture are English, whoever looks at it


@badges.get("/node/<name>/badge.svg")
def node(name: str) -> Response:
    """How a node stands: the share of its valid datasets, or the mean of a score (`?score=`)."""
    catalogue = current_site().catalogue
    source = catalogue.source(name)
    course = catalogue.stewardship.course(name)
    now = course.milestones[-1] if course.milestones else None
    return _picture(badge.of_node(now, _scheme(), source.title or source.name))


@badges.get("/dataset/<path:key>/badge.svg")
def dataset(key: str) -> Response:
    """How one description stands: whether it is valid, or a score (`?score=`)."""
    catalogue = current_site().catalogue
    entry = catalogue.entry(listed_state(key).id)
    state, scheme = entry.state, _scheme()
    title = Presenter(_LANGUAGES).words(entry.dataset.titles, state.subject) if entry.dataset else state.subject
    if scheme is None:
        return _picture(badge.of_verdict(state.verdict, title))
    percents = percents_of(state) if state.kind is Kind.DATASET else {}
    return _picture(badge.of_score(percents.get(scheme), title))


def listed_state(key: str) -> State:
    """Return the state of a listed record by anything it is known by. Raises `Missing`, `Withdrawn`."""
    catalogue = current_site().catalogue
    found = catalogue.resolve(key)
    if found is None:
        raise Missing(f"There is no record {key!r} in this catalogue.", record=key)
    state = catalogue.state(found)
    if state.status is Status.WITHDRAWN:
        raise Withdrawn(f"The record {found!r} was withdrawn.", record=found)
    return state


def _scheme() -> str | None:
    """Return which score is asked for; None where it is the verdict."""
    stated = request.args.get("score")
    if stated is not None and stated not in SCHEMES:
        raise BadInput(f"score must be one of {', '.join(SCHEMES)}, not {stated!r}.")
    return stated


def _picture(svg: str) -> Response:
    """An answer that any page may show: nothing in it runs or loads anything."""
    response = make_response(svg)
    response.content_type = badge.MEDIA_TYPE
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.cache_control.public = True
    response.cache_control.max_age = _SECONDS
    response.add_etag()
    return negotiate.conditional(response)
