"""For those who run the catalogue: is it alive, can it answer, how is it doing. And its own static files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, make_response, request

from catalogue import __version__
from catalogue.consistency import Consistency
from shapes.errors import CannotWork, Missing
from ui.negotiate import conditional
from ui.site import Asset, current_site

ops = Blueprint("ops", __name__)
_YEAR: Final = 365 * 24 * 3600
_MINUTES: Final = 300
_RETRY_SECONDS: Final = "5"


class NotReady(CannotWork):
    """A part of the catalogue does not answer."""

    code = "not-ready"
    title = "A part of the catalogue does not answer"


@ops.get("/static/<path:filename>")
def static(filename: str) -> Response:
    """A file of ours. With its digest in the address it may be kept for ever."""
    asset = current_site().assets.get(filename)
    if asset is None:
        raise Missing(f"There is no file {filename!r}.")
    return served(asset)


@ops.get("/logo")
def logo() -> Response:
    """The logo the settings name."""
    asset = current_site().logo
    if asset is None:
        raise Missing("No logo is set.")
    return served(asset)


def served(asset: Asset) -> Response:
    """Answer with a file of ours."""
    response = make_response(asset.body)
    response.content_type = asset.media_type
    response.set_etag(asset.digest)
    kept = request.args.get("v") == asset.digest
    response.cache_control.max_age = _YEAR if kept else _MINUTES
    response.cache_control.public = True
    response.cache_control.immutable = kept
    return conditional(response)


@ops.get("/health")
def health() -> Response:
    """Alive: the process answers. Asks nothing of the store or the index."""
    return _json({"status": "alive", "version": __version__})


@ops.get("/ready")
def ready() -> Response:
    """Ready: journal, store and index answer, and how far the two follow the journal. 503 when one does not answer.

    Being behind is normal while a harvest runs, so it does not make the answer 503; the figures say it. `troubles` has
    each part that does not answer or cannot be brought up to date: since when, why, and what it is about.
    """
    found = current_site().catalogue.consistency()
    body: dict[str, object] = {
        "ready": found.answers,
        "consistent": found.consistent,
        "journal": found.journal,
        "store": found.store,
        "index": found.index,
        "listed": found.listed,
        "indexed": found.indexed,
        "troubles": [trouble.as_json() for trouble in found.troubles],
    }
    if found.answers:
        return _json(body)
    silent = ", ".join(trouble.part for trouble in found.troubles if not trouble.answers)
    response = _json(body | NotReady(f"No answer from: {silent}.").problem(), HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = _RETRY_SECONDS
    return response


@ops.get("/metrics")
def metrics() -> Response:
    """Figures in Prometheus' text format, version 0.0.4."""
    response = make_response("".join(f"{line}\n" for line in _metrics()))
    response.content_type = "text/plain; version=0.0.4; charset=utf-8"
    return response


def _metrics() -> Iterator[str]:
    catalogue = current_site().catalogue
    found = catalogue.consistency()
    yield from _up(found)
    yield from _gauge("journal_sequence", "Last sequence number of the journal.", found.journal)
    yield from _gauge("store_sequence", "Last sequence number the RDF store applied.", found.store)
    yield from _gauge("index_sequence", "Last sequence number the search index applied.", found.index)
    yield from _gauge("indexed_datasets", "Datasets the search index holds.", found.indexed)
    yield from _gauge("consistent", "1 when store and index have applied the whole journal.", int(found.consistent))
    if found.journal is None:
        return
    figures = catalogue.figures()
    yield from _gauge("datasets", "Datasets listed.", figures.datasets)
    yield from _gauge("nodes", "Sources registered.", figures.nodes)
    yield from _gauge("committees", "Committees known.", figures.committees)
    name = "gdi_catalogue_source_last_run"
    yield f"# HELP {name}_timestamp_seconds When the last finished run of a source ended."
    yield f"# TYPE {name}_timestamp_seconds gauge"
    for node in catalogue.nodes():
        if node.last is not None and node.last.finished is not None:
            labels = f'source="{_escaped(node.source.name)}",outcome="{node.last.outcome.value}"'
            yield f"{name}_timestamp_seconds{{{labels}}} {node.last.finished.timestamp():.0f}"


def _up(found: Consistency) -> Iterator[str]:
    """1 for each part that answers, 0 for one that does not."""
    silent = {trouble.part for trouble in found.troubles if not trouble.answers}
    yield "# HELP gdi_catalogue_up 1 when the part answers."
    yield "# TYPE gdi_catalogue_up gauge"
    for part in ("journal", "store", "index"):
        yield f'gdi_catalogue_up{{part="{part}"}} {int(part not in silent)}'


def _gauge(name: str, text: str, value: int | None) -> Iterator[str]:
    """One figure; nothing where it is not known."""
    if value is None:
        return
    yield f"# HELP gdi_catalogue_{name} {text}"
    yield f"# TYPE gdi_catalogue_{name} gauge"
    yield f"gdi_catalogue_{name} {value}"


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _json(value: object, status: int = HTTPStatus.OK) -> Response:
    response = make_response(json.dumps(value, ensure_ascii=False), status)
    response.mimetype = "application/json"
    response.headers["Cache-Control"] = "no-store"
    return response
