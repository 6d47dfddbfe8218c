"""The application: one blueprint per topic, over one catalogue and one set of settings."""

from __future__ import annotations

import gettext
from typing import Any, Final

from flask import Flask, request, url_for
from jinja2 import StrictUndefined

from catalogue.catalogue import Catalogue
from catalogue.settings import Settings
from catalogue.use.terms import code_of, words_of
from shapes.vocabulary import shorten
from ui import access, api, basket, browse, feeds, home, nodes, ns, ops, problems, record, runs, security, words
from ui.asking import BASKET
from ui.badges import badges
from ui.datapoint.routes import datapoint
from ui.language import chosen_language, language_name, reader_languages
from ui.ldes.routes import ldes
from ui.oai.routes import oai
from ui.present import Presenter
from ui.quality import quality
from ui.sanitise import excerpt, plain, safe_address
from ui.site import EXTENSION, Site, current_site
from ui.sparql import sparql
from ui.testbed import testbed
from ui.validator import validator

BLUEPRINTS: Final = (
    home.home,
    browse.browse,
    record.record,
    access.access,
    basket.basket,
    nodes.nodes,
    runs.runs,
    feeds.feeds,
    ops.ops,
    ns.ns,
    datapoint,
    oai,
    ldes,
    sparql,
    validator,
    testbed,
    quality,
    badges,
)

NAVIGATION: Final = (
    ("browse.results", "Datasets"),
    ("access.committees", "Who decides"),
    ("nodes.overview", "Nodes"),
    ("validator.form", "Check metadata"),
    ("sparql.endpoint", "SPARQL"),
    ("home.about", "About"),
)

_PAGES: Final = frozenset({"home", "browse", "record", "access", "basket", "nodes", "runs", "quality"})
_ROOM: Final = 1024 * 1024  # bytes a form may add around what the validator takes


def create_app(catalogue: Catalogue, settings: Settings) -> Flask:
    """Make the WSGI application that shows a catalogue. It writes nothing and keeps no sessions."""
    app = Flask("ui", static_folder=None)
    app.extensions[EXTENSION] = Site.over(catalogue, settings)
    app.config["MAX_CONTENT_LENGTH"] = settings.validate_max_bytes + _ROOM
    app.url_map.strict_slashes = False
    _templates(app)
    security.install(app)
    problems.install(app)
    for blueprint in (*BLUEPRINTS, api.make_api()):
        app.register_blueprint(blueprint)
    app.url_defaults(_keep_language)
    app.url_defaults(_keep_basket)
    return app


def _templates(app: Flask) -> None:
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    # The pages' own sentences go through gettext: English is the message, catalogues of other languages can follow.
    env.install_gettext_translations(gettext.NullTranslations(), newstyle=True)  # type: ignore[attr-defined]
    env.filters.update(plain=plain, excerpt=excerpt, short=shorten, address=safe_address, country_name=_country_name)
    env.globals.update(words_of=words_of, code_of=code_of)
    app.context_processor(_context)


def _country_name(code: str, show: Presenter) -> str:
    return show.country(code)


def _context() -> dict[str, Any]:
    return {
        "site": current_site(),
        "show": Presenter(reader_languages()),
        "words": words,
        "lang": chosen_language(request),
        "navigation": NAVIGATION,
        "asset": _asset,
        "in_language": _in_language,
        "language_name": language_name,
        "in_basket": basket.carried(),
    }


def _asset(name: str) -> str:
    return url_for("ops.static", filename=name, v=current_site().assets[name].digest)


def _in_language(tag: str) -> str:
    """This page for a reader of another language."""
    values: dict[str, Any] = request.args.to_dict(flat=False) | (request.view_args or {}) | {"lang": tag}
    return url_for(request.endpoint or "home.page", **values)


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Carry a language chosen in the address to every page linked from it."""
    if endpoint.partition(".")[0] in _PAGES and (tag := chosen_language(request)):
        values.setdefault("lang", tag)


def _keep_basket(endpoint: str, values: dict[str, Any]) -> None:
    """Carry a basket in the address to every page linked from it: without JavaScript it lives nowhere else."""
    if endpoint.partition(".")[0] in _PAGES and (kept := basket.carried()):
        values.setdefault(BASKET, kept)
