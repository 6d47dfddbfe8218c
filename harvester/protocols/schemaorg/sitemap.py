"""A site map (sitemaps.org protocol 0.9): addresses of a site's pages, or of further maps. XML, or lines of text."""

from __future__ import annotations

from dataclasses import dataclass, field

from harvester.errors import BadAnswer
from harvester.markup import Tag, read_xml
from shapes.content import head_of
from shapes.parse import Document


@dataclass(slots=True)
class Sitemap:
    """What a map lists. An index lists `maps`, any other `pages`; both as written."""

    pages: list[str] = field(default_factory=list)
    maps: list[str] = field(default_factory=list)


def is_sitemap(document: Document) -> bool:
    """Whether a document is a site map in XML."""
    head = head_of(document.content, 4096)
    return b"<urlset" in head or b"<sitemapindex" in head


def read_sitemap(document: Document) -> Sitemap:
    """Read a site map. Raises `BadAnswer` where it is none, and what `read_xml` raises."""
    if (document.media_type or "").startswith("text/plain") and not document.data.lstrip().startswith(b"<"):
        lines = document.data.decode("utf-8-sig", "replace").split()
        return Sitemap(pages=[line for line in lines if line.startswith(("http://", "https://"))])
    listener = _Listener()
    read_xml(document, listener)
    if listener.root not in {"urlset", "sitemapindex"}:
        raise BadAnswer(f"This is XML, but no site map: its root element is {listener.root}.", url=document.name)
    return listener.found


class _Listener:
    """Takes in the `loc` of every entry."""

    def __init__(self) -> None:
        self.root = ""
        self.found = Sitemap()
        self._path: list[str] = []
        self._words: list[str] = []

    def start(self, tag: Tag) -> None:
        """Go down."""
        name = tag.name.rpartition(" ")[2]
        self.root = self.root or name
        self._path.append(name)
        self._words.clear()

    def text(self, text: str) -> None:
        """Keep the words of the element at hand."""
        self._words.append(text)

    def end(self, _name: str, _at: int) -> None:
        """Go up, with the address if it was one."""
        said = "".join(self._words).strip()
        if self._path[-2:] == ["url", "loc"]:
            self.found.pages.append(said)
        elif self._path[-2:] == ["sitemap", "loc"]:
            self.found.maps.append(said)
        self._path.pop()
        self._words.clear()
