"""A web site with datasets in its pages: robots.txt (RFC 9309), site maps (sitemaps.org 0.9), JSON-LD of schema.org.

The markup has the shape of the examples in Google's "Dataset structured data" and ESIP's science-on-schema.org guide.
"""

from __future__ import annotations

import json
from typing import ClassVar

from nodes.fake_node import Reply
from nodes.faulty_node import FaultyNode
from nodes.samples import BASE

_SIZE = 3
MAP = '<?xml version="1.0" encoding="UTF-8"?>\n<{0} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{1}</{0}>'


def dataset(name: str, **more: object) -> dict[str, object]:
    """Return a dataset as schema.org has it."""
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": BASE + name,
        "name": f"A dataset {name}",
        "identifier": f"id-{name}",
        **more,
    }


def page(*blocks: object) -> str:
    """Return a web page with blocks of JSON-LD."""
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(block)}</script>' for block in blocks)
    return f"<!DOCTYPE html><html><head><title>A page</title>{scripts}</head><body><p>Text</p></body></html>"


def site_map(*urls: str) -> str:
    """Return a site map of pages."""
    return MAP.format("urlset", "".join(f"<url><loc>{url}</loc></url>" for url in urls))


def index(*urls: str) -> str:
    """Return a site map of site maps."""
    return MAP.format("sitemapindex", "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls))


class SchemaorgNode(FaultyNode):
    """An index of maps of three pages each; a page for each dataset."""

    protocol: ClassVar[str] = "schemaorg"
    tricks: ClassVar[tuple[str, ...]] = ("closed-to-crawlers", "login-page", "broken-markup", "map-of-html", "torn-map")
    # What cannot be read of robots.txt is no rule, and one that is refused or not there closes nothing (RFC 9309).
    survives: ClassVar[frozenset[str]] = frozenset(
        {"403", "empty", "other-rdf", "html", "wrong-type", "doctype", "remote-context", "gzip-bomb"}
    )

    def fill(self, names: tuple[str, ...]) -> str:
        groups = [names[start : start + _SIZE] for start in range(0, len(names), _SIZE)]
        self._robots()
        for number, held in enumerate(groups, 1):
            self.serve(f"/map{number}.xml", site_map(*(self.url(f"/data/{name}") for name in held)), "application/xml")
        maps = (self.url(f"/map{number}.xml") for number in range(1, len(groups) + 1))
        self.serve("/maps.xml", index(*maps), "application/xml")
        for name in names:
            self.serve(f"/data/{name}", page(dataset(name)), "text/html; charset=utf-8")
        return self.url("/maps.xml")

    def _robots(self, rules: str = "Disallow: /search") -> None:
        text = f"User-agent: *\n{rules}\nSitemap: {self.url('/maps.xml')}\n"
        self.serve("/robots.txt", text, "text/plain")

    def closed_to_crawlers(self) -> None:
        """One of the pages is closed to crawlers."""
        self._robots(f"Disallow: /data/{self.names[0]}$")

    def login_page(self) -> None:
        """One of the pages asks for a password, with a status of 200."""
        self.serve(f"/data/{self.names[0]}", page(), "text/html")

    def broken_markup(self) -> None:
        """The JSON of one page breaks off."""
        text = page(dataset(self.names[0])).replace('"}</script>', "</script>")
        self.serve(f"/data/{self.names[0]}", text, "text/html")

    def map_of_html(self) -> None:
        """A map is a login page now."""
        self.behave("/map2.xml", Reply(200, b"<!DOCTYPE html><html><body>Log in</body></html>", "text/html"))

    def torn_map(self) -> None:
        """A map ends in the middle."""
        self.serve("/map1.xml", site_map(self.url(f"/data/{self.names[0]}"))[:-12], "application/xml")
