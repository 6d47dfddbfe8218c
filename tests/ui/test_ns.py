"""The vocabulary under /ns: a page for people, RDF for programs, by Accept or suffix."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from catalogue.ontology.publish import ontology
from catalogue.ontology.schemes import SCHEMES
from catalogue.ontology.terms import TERMS

FORMS = {
    ".ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    ".jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    ".rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ".nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
}


@pytest.mark.parametrize("suffix", FORMS)
def test_every_form_holds_the_whole_vocabulary(web: FlaskClient, suffix: str) -> None:
    media, form = FORMS[suffix]
    by_accept = web.get("/ns", headers={"Accept": media})
    by_suffix = web.get(f"/ns{suffix}")
    assert (by_accept.mimetype, by_accept.headers["Vary"]) == (media, "Accept")
    assert by_accept.data == by_suffix.data
    assert {quad.triple for quad in ox.parse(by_suffix.data, format=form)} == set(ontology())
    again = web.get("/ns", headers={"Accept": media, "If-None-Match": by_accept.headers["ETag"]})
    assert again.status_code == 304


def test_a_person_finds_every_term_by_its_name(web: FlaskClient, browser: dict[str, str]) -> None:
    page = web.get("/ns", headers=browser)
    assert page.mimetype == "text/html"
    assert [name for name in TERMS if f'id="{name}"' not in page.text] == []
    assert [
        value for scheme in SCHEMES for value, _ in scheme.values if f'id="{scheme.name}-{value}"' not in page.text
    ] == []


def test_a_form_nobody_has_is_refused(web: FlaskClient) -> None:
    assert web.get("/ns", headers={"Accept": "image/png"}).status_code == 406
