from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nodes.fake_node import FakeNode, Made, Reply, Seen
from nodes.samples import BASE, Ledger, run
from nodes.schemaorg_node import SchemaorgNode, dataset, index, page, site_map

from harvester.changes import New
from harvester.http import Door
from harvester.limits import HarvestLimits
from harvester.protocols import schemaorg
from shapes.parse import Document
from shapes.record import Kind

NAMES = ("a", "b", "c", "d", "e")
HTML = "text/html; charset=utf-8"
DCAT = "http://www.w3.org/ns/dcat#"
DCT = "http://purl.org/dc/terms/"


@pytest.fixture
def site() -> Iterator[SchemaorgNode]:
    with SchemaorgNode(*NAMES) as node:
        yield node


def harvested(door: Door, url: str, known: Ledger | None = None) -> Ledger:
    """Harvest a site, and leave out of the ledger that everything is a translation: that is said each time."""
    ledger = run(door, url, known.known() if known else (), protocol="schemaorg")
    translated = [problem for problem in ledger.problems if problem.code == "translated"]
    assert len(translated) <= 1
    return Ledger([event for event in ledger.events if event not in translated])


def one_page(node: FakeNode, *blocks: Any, path: str = "/data/a") -> str:
    """Serve a site of one page; return its map."""
    node.serve(path, page(*blocks), HTML)
    return node.serve("/maps.xml", site_map(node.url(path)), "application/xml")


def statements(ledger: Ledger) -> set[tuple[str, str]]:
    """What is said in DCAT's terms of the only dataset: names of properties, and values."""
    (found,) = [e.record for e in ledger.of(New) if e.record.kind is Kind.DATASET]
    pairs = (line.split(" ", 2) for line in found.body.decode().splitlines())
    return {
        (predicate[1:-1].replace(DCAT, "dcat:").replace(DCT, "dct:"), value.removesuffix(" ."))
        for subject, predicate, value in pairs
        if subject == f"<{found.subject}>" and "schema.org" not in predicate
    }


def test_a_site_is_read_through_its_maps(site: SchemaorgNode, door: Door) -> None:
    ledger = harvested(door, site.start)
    assert (ledger.new, ledger.complete, ledger.problems) == (list(NAMES), True, [])
    assert [seen.path for seen in site.requests][:4] == ["/robots.txt", "/maps.xml", "/map1.xml", "/data/a"]
    again = harvested(door, site.start, ledger)
    assert (len(again.unchanged), again.complete) == (5, True)


def test_a_site_s_robots_txt_names_the_maps(site: SchemaorgNode, door: Door) -> None:
    ledger = harvested(door, site.url("/"))
    assert (ledger.new, ledger.complete) == (list(NAMES), True)


def test_without_robots_txt_the_usual_map_is_read(node: FakeNode, door: Door) -> None:
    node.serve("/data/a", page(dataset("a")), HTML)
    node.serve("/sitemap.xml", site_map(node.url("/data/a")), "application/xml")
    assert harvested(door, node.url("/")).new == ["a"]


def test_only_pages_under_the_source_s_url_are_read(site: SchemaorgNode, door: Door) -> None:
    site.serve("/map1.xml", site_map(site.url("/about"), site.url("/data/a")), "application/xml")
    ledger = harvested(door, site.url("/data/"))
    assert (ledger.new, ledger.complete, site.asked("/about")) == (["a", "d", "e"], True, 0)


def test_maps_may_be_packed_or_plain_text_and_links_relative(node: FakeNode, door: Door) -> None:
    for name in "abc":
        node.serve(f"/data/{name}", page(dataset(name)), HTML)
    node.serve("/one.xml.gz", gzip.compress(site_map("/data/a").encode()), "application/gzip")
    node.serve("/two.txt", f"{node.url('/data/b')}\n{node.url('/data/c')}\n", "text/plain")
    url = node.serve("/maps.xml", index("/one.xml.gz", node.url("/two.txt"), node.url("/maps.xml")), "application/xml")
    ledger = harvested(door, url)
    assert (ledger.new, ledger.complete, ledger.problems) == (["a", "b", "c"], True, [])
    assert node.asked("/maps.xml") == 1


# -- manners ----------------------------------------------------------------------------------------------------------


def test_what_robots_txt_closes_is_not_fetched_and_not_forgotten(site: SchemaorgNode, door: Door) -> None:
    known = harvested(door, site.start)
    site.requests.clear()
    site.fail("closed-to-crawlers")
    ledger = harvested(door, site.start, known)
    assert (len(ledger.unchanged), ledger.codes, ledger.complete) == (4, ["robots"], False)
    assert ledger.problems[0].detail == (
        "1 pages of the site maps are closed to crawlers by robots.txt; they were not fetched."
    )
    assert site.asked("/data/a") == 0


@pytest.mark.parametrize(("status", "pages"), [(404, 5), (403, 5), (500, 0), (429, 0)])
def test_a_robots_txt_that_is_refused_opens_all_and_one_that_fails_closes_all(
    site: SchemaorgNode, door: Door, status: int, pages: int
) -> None:
    site.behave("/robots.txt", Reply(status, b"", "text/plain", {"Retry-After": "100000"}))
    ledger = harvested(door, site.start)
    assert (len(ledger.new), ledger.complete) == (pages, pages > 0)


def test_addresses_of_other_sites_are_not_fetched(node: FakeNode, door: Door) -> None:
    node.serve("/data/a", page(dataset("a")), HTML)
    links = (node.url("/data/a"), "http://169.254.169.254/latest", "https://elsewhere.example/", "file:///etc/passwd")
    ledger = harvested(door, node.serve("/maps.xml", site_map(*links), "application/xml"))
    assert (ledger.new, ledger.codes, ledger.complete) == (["a"], ["off-site"], True)
    assert ledger.problems[0].detail == "3 addresses in the site maps are not of this site; they were not fetched."


# -- pages that say nothing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "code", "complete"), [(410, "gone", True), (404, "http-status", False)])
def test_a_listed_page_is_believed_to_be_gone_only_where_the_site_says_so(
    site: SchemaorgNode, door: Door, status: int, code: str, *, complete: bool
) -> None:
    known = harvested(door, site.start)
    site.behave("/data/a", Reply(status, b"", "text/plain"))
    ledger = harvested(door, site.start, known)
    assert (len(ledger.unchanged), ledger.codes, ledger.complete) == (4, [code], complete)


def test_a_page_without_a_dataset_may_have_had_one(site: SchemaorgNode, door: Door) -> None:
    known = harvested(door, site.start)
    site.fail("login-page")
    ledger = harvested(door, site.start, known)
    assert (len(ledger.unchanged), ledger.codes, ledger.complete) == (4, ["no-dataset"], False)


def test_a_site_that_fails_at_every_page_is_left_alone(door: Door) -> None:
    with SchemaorgNode(*(f"n{n}" for n in range(12))) as site:
        for n in range(1, 12):
            site.behave(f"/data/n{n}", Reply(403, b"", "text/plain"))
        ledger = harvested(door, site.start)
        assert (ledger.new, ledger.codes, ledger.complete) == (["n0"], ["http-status"] * 5, False)
        assert len(site.requests) == 2 + 2 + 1 + 5


def test_broken_markup_of_one_page_is_no_other_s(site: SchemaorgNode, door: Door) -> None:
    site.fail("broken-markup")
    ledger = harvested(door, site.start)
    assert (ledger.new, ledger.codes) == (["b", "c", "d", "e"], ["not-rdf", "no-dataset"])
    assert ledger.problems[0].url == site.url("/data/a")
    assert ledger.problems[0].detail.startswith("A JSON-LD block of this page cannot be read: ")


def test_a_remote_context_is_never_fetched(node: FakeNode, door: Door) -> None:
    other = dataset("a") | {"@context": ["https://schema.org", node.url("/context.jsonld")]}
    ledger = harvested(door, one_page(node, other))
    assert (ledger.new, ledger.codes[0], ledger.complete) == ([], "hostile-input", False)
    assert node.asked("/context.jsonld") == 0


def test_markup_that_pages_really_have_is_read(node: FakeNode, door: Door) -> None:
    text = (
        '<html><SCRIPT TYPE="application/ld+json; charset=utf-8">\n<!--\n'
        f'{{"@context": {{"@vocab": "http://schema.org/"}}, "@type": ["Dataset"], "@id": "{BASE}a",\n'
        '"name": "Génomes & <b>plus</b>", "description": "a line\nand another"}\n-->\n</SCRIPT>'
        '<script>var x = {"@type": "Dataset"}</script><script type="application/ld+json">{"@type": "WebSite"}</script>'
    )
    node.serve("/data/a", text.encode("latin-1"), "text/html; charset=iso-8859-1")
    ledger = harvested(door, node.serve("/maps.xml", site_map(node.url("/data/a")), "application/xml"))
    assert (ledger.new, ledger.complete, ledger.problems) == (["a"], True, [])
    assert ("dct:title", '"Génomes & <b>plus</b>"') in statements(ledger)
    assert ("dct:description", '"a line\\nand another"') in statements(ledger)


# -- the translation --------------------------------------------------------------------------------------------------


def test_a_dataset_is_translated_and_says_so(node: FakeNode, door: Door) -> None:
    told = dataset(
        "a",
        identifier=[{"@type": "PropertyValue", "propertyID": "doi", "value": "10.1000/a"}, "id-a"],
        keywords=["genome, rare disease", {"@type": "DefinedTerm", "name": "cancer"}],
        url="/data/a",
        license="https://creativecommons.org/licenses/by/4.0/",
        datePublished="2026-11-20",
        dateModified="2026-11-20T10:00:00Z",
        dateCreated="last year",
        version=2,
        isBasedOn={"@id": f"{BASE}b"},
    )
    ledger = harvested(door, one_page(node, told))
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert statements(ledger) - {
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "<https://schema.org/Dataset>")
    } == {
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"<{DCAT}Dataset>"),
        ("https://w3id.org/gdi-catalogue/ns#translatedFrom", f"<{node.url('/data/a')}>"),
        ("dct:title", '"A dataset a"'),
        ("dct:identifier", '"10.1000/a"'),
        ("dct:identifier", '"id-a"'),
        ("dcat:keyword", '"genome"'),
        ("dcat:keyword", '"rare disease"'),
        ("dcat:keyword", '"cancer"'),
        ("dcat:landingPage", f"<{node.url('/data/a')}>"),
        ("dct:license", "<https://creativecommons.org/licenses/by/4.0/>"),
        ("dct:issued", f'"2026-11-20"^^<{xsd}date>'),
        ("dct:modified", f'"2026-11-20T10:00:00Z"^^<{xsd}dateTime>'),
        ("dcat:version", '"2"'),
        ("dct:source", f"<{BASE}b>"),
    }
    (found,) = ledger.of(New)
    assert b'<https://schema.org/dateCreated> "last year"' in found.record.body


def test_what_belongs_to_a_dataset_is_translated_with_it(node: FakeNode, door: Door) -> None:
    told = dataset(
        "a",
        creator={
            "@type": "Organization",
            "name": "The institute",
            "email": "info@node.example",
            "contactPoint": {"@type": "ContactPoint", "name": "Access committee", "email": "mailto:dac@node.example"},
        },
        author="Anna",
        license="ask us",
        spatialCoverage="Latvia",
        temporalCoverage="2012-01-01/..",
        distribution=[
            {"@type": "DataDownload", "contentUrl": "https://node.example/a.csv", "encodingFormat": "Text/CSV"},
            "https://node.example/portal",
        ],
        includedInDataCatalog={"@type": "DataCatalog", "name": "All", "url": "https://node.example/"},
    )
    ledger = harvested(door, one_page(node, told))
    record, catalogue = (e.record for e in ledger.of(New))
    body = record.body.decode()
    for said in (
        '<http://xmlns.com/foaf/0.1/name> "The institute"',
        "<http://xmlns.com/foaf/0.1/mbox> <mailto:info@node.example>",
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Organization>",
        '<http://xmlns.com/foaf/0.1/name> "Anna"',
        '<http://www.w3.org/2006/vcard/ns#fn> "Access committee"',
        "<http://www.w3.org/2006/vcard/ns#hasEmail> <mailto:dac@node.example>",
        f'<{DCT}title> "ask us"',
        '<http://www.w3.org/2004/02/skos/core#prefLabel> "Latvia"',
        f'<{DCAT}startDate> "2012-01-01"^^<http://www.w3.org/2001/XMLSchema#date>',
        f"<{DCAT}downloadURL> <https://node.example/a.csv>",
        f"<{DCAT}accessURL> <https://node.example/a.csv>",
        f"<{DCAT}accessURL> <https://node.example/portal>",
        f"<{DCAT}mediaType> <http://www.iana.org/assignments/media-types/text/csv>",
    ):
        assert said in body, said
    assert "endDate" not in body
    assert (catalogue.kind, catalogue.subject) == (Kind.CATALOGUE, "https://node.example/")
    assert f"<{DCAT}dataset> <{BASE}a>" in catalogue.body.decode()


def test_a_dataset_without_a_name_of_its_own_is_named_by_its_page(node: FakeNode, door: Door) -> None:
    unnamed = {key: value for key, value in dataset("a").items() if key != "@id"}
    ledger = harvested(door, one_page(node, unnamed))
    assert ledger.new == [node.url("/data/a")]
    ledger = harvested(door, one_page(node, unnamed | {"url": f"{BASE}a"}, unnamed | {"name": "another"}))
    assert [e.record.subject.partition(":")[0] for e in ledger.of(New)] == ["https", "_"]


def test_a_catalogue_without_an_address_makes_no_record(node: FakeNode, door: Door) -> None:
    told = dataset("a", includedInDataCatalog={"@type": "DataCatalog", "name": "All"})
    assert [e.record.kind for e in harvested(door, one_page(node, told)).of(New)] == [Kind.DATASET]


# -- what is no site --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "detail"),
    [
        (
            Reply(200, b"<!DOCTYPE html><html>Log in</html>", "text/html"),
            "The answer is an HTML page, where XML was asked for.",
        ),
        (Reply(200, b"<rss/>", "text/xml"), "This is XML, but no site map: its root element is rss."),
        (
            Reply(200, b'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset/>', "text/xml"),
            "The XML has a DOCTYPE (urlset); document types can pull in files and grow without bound, so none is read",
        ),
    ],
)
def test_a_map_that_is_none_says_what_it_is(node: FakeNode, door: Door, reply: Reply, detail: str) -> None:
    node.behave("/maps.xml", reply)
    ledger = harvested(door, node.url("/maps.xml"))
    assert (ledger.new, ledger.complete, ledger.problems[0].detail) == ([], False, detail)


def test_maps_without_end_stop_where_the_records_do(node: FakeNode, door: Door) -> None:
    def forever(seen: Seen) -> Reply:
        number = int(seen.path.removeprefix("/map").partition(".")[0])
        return Reply(200, index(*(f"/map{number * 9 + n}.xml" for n in range(1, 10))).encode(), "application/xml")

    for number in range(3000):
        node.routes[f"/map{number}.xml"] = Made(forever)
    ledger = run(door, node.url("/map1.xml"), protocol="schemaorg", limits=HarvestLimits(records=100))
    assert (ledger.codes, ledger.complete) == (["too-large"], False)
    assert ledger.problems[0].detail == "The site maps list more than 100 addresses."


def test_a_folder_is_no_site(door: Door, tmp_path: Path) -> None:
    assert harvested(door, str(tmp_path)).problems[0].detail == "The protocol schemaorg reads a web site."


def test_a_map_and_no_page_gives_the_protocol_away() -> None:
    def detected(text: str) -> bool:
        return schemaorg.detects(Document(text.encode(), "x", "x"))

    assert detected(site_map("https://site.example/a"))
    assert not detected(page(dataset("a")))
