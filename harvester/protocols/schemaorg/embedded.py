"""The JSON-LD that stands in a web page (HTML, section 4.12.1: data blocks; schema.org's getting started)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from shapes.encoding import charset_of, to_utf8
from shapes.errors import NotRdf
from shapes.media import JSONLD, by_media_type
from shapes.parse import Document

_TYPE: Final = "application/ld+json"
_WRAPPERS: Final = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("//<![CDATA[", "//]]>"))


def data_blocks(page: Document) -> Iterator[Document | NotRdf]:
    """Yield the JSON-LD of a page, each block as a document; in place of one that is no JSON, the error.

    A page that is JSON-LD itself is its own block. Comments and CDATA marks around a block are taken off, and line
    breaks inside strings, which JSON forbids and pages have, are let pass.
    """
    text = to_utf8(page.data, charset_of(page.media_type)).data.decode("utf-8", "replace")
    blocks = [text]
    if by_media_type(page.media_type or "") is not JSONLD:
        finder = _Finder()
        finder.feed(text)
        finder.close()
        blocks = finder.blocks
    for block in blocks:
        try:
            data = json.dumps(json.loads(_unwrapped(block), strict=False)).encode()
        except (ValueError, RecursionError) as error:
            yield NotRdf(f"A JSON-LD block of this page cannot be read: {error}.", url=page.name)
            continue
        yield Document(data, page.name, page.base, JSONLD)


def _unwrapped(block: str) -> str:
    text = block.strip()
    for start, end in _WRAPPERS:
        text = text.removeprefix(start).removesuffix(end).strip()
    return text


class _Finder(HTMLParser):
    """Collects the content of the script elements of that type."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self._words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").partition(";")[0].strip().lower()
        if tag == "script" and kind == _TYPE:
            self._words = []

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._words is not None:
            self.blocks.append("".join(self._words))
            self._words = None
