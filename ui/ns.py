"""The vocabulary of our own terms, as a page and as RDF; and for the editor, the names it completes."""

from __future__ import annotations

import json

from flask import Blueprint, Response, make_response, render_template, request

from catalogue.ontology.model import Sort
from catalogue.ontology.publish import ontology
from catalogue.ontology.schemes import SCHEMES
from catalogue.ontology.terms import GROUPS, TERMS
from shapes.vocabulary import GDIX
from ui import negotiate
from ui.site import current_site

ns = Blueprint("ns", __name__)


@ns.get("/ns")
@ns.get("/ns<any('.ttl', '.jsonld', '.rdf', '.nt', '.html'):suffix>")
def vocabulary(suffix: str = "") -> Response:
    """Every term with its definition: HTML, Turtle, JSON-LD, RDF/XML or N-Triples by Accept or suffix."""
    wanted = negotiate.wanted(request, f"ns{suffix}")
    if wanted.syntax is not None:
        return negotiate.rdf(ontology(), wanted.syntax, GDIX.base.rstrip("#"))
    page = render_template("ns.html", groups=GROUPS, schemes=SCHEMES, base=GDIX.base, forms=negotiate.SUFFIXES)
    return negotiate.vary(make_response(page), "Accept")


@ns.get("/sparql/terms.json")
def terms() -> Response:
    """What the editor completes: the classes and properties the store really has, the most frequent first.

    Where they cannot be counted, those of our own vocabulary.
    """
    statistics = current_site().catalogue.statistics()
    if statistics is not None:
        classes = [each.iri for each in statistics.classes]
        properties = [each.iri for each in statistics.properties]
    else:
        classes = [GDIX[term.name] for term in TERMS.values() if term.sort is Sort.CLASS]
        properties = [GDIX[term.name] for term in TERMS.values() if term.sort in {Sort.LINK, Sort.VALUE}]
    body = {"classes": classes, "properties": properties}
    response = make_response(json.dumps(body))
    response.content_type = "application/json"
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    return negotiate.conditional(response)
