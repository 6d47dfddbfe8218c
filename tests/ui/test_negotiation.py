"""One record, many forms: what a client asks for is what it gets, and what it has is not sent again."""

from __future__ import annotations

import hashlib

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from sample_catalogue import BASE, Sample

FORMS = {
    ".ttl": ("text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
    ".jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    ".rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ".nt": ("application/n-triples; charset=utf-8", ox.RdfFormat.N_TRIPLES),
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        (BROWSER, "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/n-triples", "application/n-triples"),
        ("text/turtle;q=0.5, application/rdf+xml", "application/rdf+xml"),
        ("text/html;q=0.4, text/turtle;q=0.9", "text/turtle"),
        ("text/turtle, */*;q=0.1", "text/turtle"),
        ("text/html;q=0, */*;q=0.1", "text/turtle"),
        ("application/*", "application/ld+json"),
        ("application/xhtml+xml", "text/html"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
    ],
)
@pytest.mark.parametrize("path", ["/dataset/{rare}", "/dac/EGAC00000000001", "/node/north", "/dacs", "/nodes"])
def test_the_accept_header_decides(
    web: FlaskClient, sample: Sample, path: str, accept: str | None, mimetype: str
) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = web.get(path.format(**sample.ids), headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, mimetype)
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize(
    "path", ["/dataset/{rare}", "/dac/EGAC00000000001", "/node/north", "/dacs", "/nodes", "/catalog"]
)
def test_a_suffix_wins_over_the_accept_header(web: FlaskClient, sample: Sample, path: str, suffix: str) -> None:
    answer = web.get(path.format(**sample.ids) + suffix, headers={"Accept": BROWSER})
    media_type, form = FORMS[suffix]
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
    assert len(list(ox.parse(answer.data, format=form))) > 5
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_html_has_a_suffix_too(web: FlaskClient, sample: Sample) -> None:
    answer = web.get(f"/dataset/{sample.ids['rare']}.html", headers={"Accept": "text/turtle"})
    assert answer.mimetype == "text/html"


def test_a_form_we_do_not_have_is_refused_with_the_list_of_those_we_do(web: FlaskClient, sample: Sample) -> None:
    answer = web.get(f"/dataset/{sample.ids['rare']}", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.mimetype == "application/problem+json"
    assert "text/turtle" in answer.json["detail"]


def test_delivered_is_exactly_what_the_journal_keeps(web: FlaskClient, sample: Sample) -> None:
    key = sample.ids["rare"]
    answer = web.get(f"/dataset/{key}.nt?as=delivered")
    assert hashlib.sha256(answer.data).hexdigest() == sample.catalogue.state(key).digest
    assert b'"4812"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>' in answer.data
    for suffix, (_, form) in FORMS.items():
        again = web.get(f"/dataset/{key}{suffix}?as=delivered").data
        triples = ox.Dataset(ox.parse(again, format=form, base_iri="http://b.example/"))
        triples.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        lines = sorted(f"{quad.triple} .\n" for quad in triples)
        assert "".join(lines).encode() == answer.data, suffix


def test_published_adds_our_record_and_who_decides(web: FlaskClient, sample: Sample) -> None:
    key = sample.ids["rare"]
    graph = {str(quad.triple) for quad in ox.parse(web.get(f"/dataset/{key}.nt").data, format=ox.RdfFormat.N_TRIPLES)}
    delivered = web.get(f"/dataset/{key}.nt?as=delivered").data
    assert {str(quad.triple) for quad in ox.parse(delivered, format=ox.RdfFormat.N_TRIPLES)} < graph
    topic = f"<{BASE}/record/{key}#record> <http://xmlns.com/foaf/0.1/primaryTopic> <https://node.example.org/rare>"
    assert topic in graph
    assert f"<{BASE}/record/{key}#record> <http://xmlns.com/foaf/0.1/page> <{BASE}/dataset/{key}>" in graph
    assert any("gdi-catalogue/ns#decidedBy" in line and f"{BASE}/dac/EGAC00000000001" in line for line in graph)


def test_another_form_than_the_two_is_refused(web: FlaskClient, sample: Sample) -> None:
    answer = web.get(f"/dataset/{sample.ids['rare']}.ttl?as=imagined")
    assert answer.status_code == 400
    assert answer.json["detail"] == "A record can be had as 'published', 'delivered' or 'odrl', not as 'imagined'."


@pytest.mark.parametrize("path", ["/dataset/{rare}", "/dataset/{rare}.ttl", "/dataset/{rare}.rdf?as=delivered"])
def test_who_has_it_is_told_304(web: FlaskClient, sample: Sample, path: str) -> None:
    place = path.format(**sample.ids)
    first = web.get(place)
    again = web.get(place, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert web.get(place, headers={"If-None-Match": '"another"'}).status_code == 200


def test_the_etag_of_the_delivered_form_is_the_digest(web: FlaskClient, sample: Sample) -> None:
    key = sample.ids["rare"]
    digest = sample.catalogue.state(key).digest
    assert web.get(f"/dataset/{key}.ttl?as=delivered").headers["ETag"] == f'"{digest}-turtle"'


def test_link_headers_guide_programs(web: FlaskClient, sample: Sample) -> None:
    key = sample.ids["rare"]
    links = web.get(f"/dataset/{key}").headers["Link"]
    page = f"{BASE}/dataset/{key}"
    assert f'<{page}>; rel="cite-as"' in links
    assert f'<{page}.ttl>; rel="describedby"; type="text/turtle"' in links
    assert '<https://schema.org/Dataset>; rel="type"' in links
    assert f'<{page}>; rel="describes"' in web.get(f"/dataset/{key}.ttl").headers["Link"]


@pytest.mark.parametrize("name", ["RD-001", "EGAD00000000001"])
def test_every_identifier_leads_to_the_record(web: FlaskClient, sample: Sample, name: str) -> None:
    answer = web.get(f"/dataset/{name}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/dataset/{sample.ids['rare']}")
    turtle = web.get(f"/dataset/{name}.ttl?as=delivered")
    assert turtle.headers["Location"] == f"/dataset/{sample.ids['rare']}.ttl?as=delivered"


def test_an_unknown_record_is_404_in_the_form_the_client_reads(web: FlaskClient) -> None:
    for_people = web.get("/dataset/nowhere", headers={"Accept": BROWSER})
    assert (for_people.status_code, for_people.mimetype) == (404, "text/html")
    for_programs = web.get("/dataset/nowhere", headers={"Accept": "text/turtle"})
    assert (for_programs.status_code, for_programs.mimetype) == (404, "application/problem+json")
    assert for_programs.json["code"] == "not-found"
    assert for_programs.json["instance"] == "/dataset/nowhere"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/catalog.ttl?page=99", 404),
        ("/catalog?page=99", 404),
        ("/dataset/nowhere.jsonld", 404),
        ("/sparql?update=DROP+ALL", 400),
        ("/sitemap.xml?part=99", 404),
    ],
)
def test_an_address_of_data_has_errors_for_programs_unless_html_is_named(
    web: FlaskClient, path: str, status: int
) -> None:
    for_programs = web.get(path, headers={"Accept": "*/*"})
    assert (for_programs.status_code, for_programs.mimetype) == (status, "application/problem+json")
    for_people = web.get(path, headers={"Accept": BROWSER})
    assert (for_people.status_code, for_people.mimetype) == (status, "text/html")


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/catalog.ttl?page={n}", 400, "page must be a whole number from 1, not '"),
        ("/node/north/datasets?page={n}", 400, "page must be a whole number from 1, not '"),
        ("/sitemap.xml?part={n}", 404, "The sitemap has 1 parts, so there is no part '"),
        ("/api/v1/runs?limit={n}", 400, "limit must be a whole number from 1 to 1000, not '"),
        ("/api/v1/runs/{n}", 404, "There is no run '"),
    ],
)
@pytest.mark.parametrize("digits", [19, 5000])
def test_a_number_too_large_for_any_page_is_told(
    web: FlaskClient, path: str, status: int, detail: str, digits: int
) -> None:
    answer = web.get(path.format(n="9" * digits), headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert answer.json["detail"].startswith(detail + "9" * 19)


def test_a_withdrawn_record_is_gone_and_keeps_its_last_words(web: FlaskClient, sample: Sample) -> None:
    key = sample.ids["gone"]
    page = web.get(f"/dataset/{key}", headers={"Accept": BROWSER})
    assert page.status_code == 410
    assert "The last words about it." in page.get_data(as_text=True)
    turtle = web.get(f"/dataset/{key}.ttl")
    assert (turtle.status_code, turtle.mimetype) == (410, "text/turtle")
    assert b"Pilot cohort, now closed" in turtle.data
    problem = web.get(f"/dataset/{key}", headers={"Accept": "application/problem+json, */*;q=0.1"})
    assert problem.status_code == 410
    assert web.get(f"/dataset/{key}/variables").status_code == 410
    assert web.get(f"/dataset/{key}/history", headers={"Accept": BROWSER}).status_code == 200


def test_names_of_the_store_lead_to_records(web: FlaskClient, sample: Sample) -> None:
    key = sample.ids["rare"]
    assert web.get(f"/graph/delivered/{key}").headers["Location"] == f"/dataset/{key}.ttl?as=delivered"
    assert web.get(f"/graph/derived/{key}").headers["Location"] == f"/dataset/{key}.ttl"
    assert web.get(f"/.well-known/genid/{key}-c14n0").headers["Location"] == f"/dataset/{key}.ttl"
    assert web.get(f"/record/{key}").headers["Location"] == f"/dataset/{key}"


def test_only_reading_is_allowed(web: FlaskClient, sample: Sample) -> None:
    answer = web.delete(f"/dataset/{sample.ids['rare']}")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert answer.json["code"] == "method-not-allowed"
