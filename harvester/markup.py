"""Guarded reading of XML that is not RDF: answers of OAI-PMH, sitemaps.

As for RDF/XML (`shapes.guards`), a DOCTYPE is refused before any entity could be expanded, and depth has a limit.
Offsets into the bytes are given along, so that what is wrapped in such XML can be taken out as it was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from xml.parsers import expat

from harvester.errors import BadAnswer
from shapes.encoding import Text, charset_of, to_utf8
from shapes.errors import Hostile, TooLarge
from shapes.media import is_html
from shapes.parse import Document

_DEPTH: Final = 256


@dataclass(frozen=True, slots=True)
class Tag:
    """The start of an element: `name` is "namespace local" (or the local name alone), `at` the offset of its `<`.

    `own` are the namespace prefixes it declares, `scope` all that are in scope; the empty prefix is the default one.
    """

    name: str
    attributes: Mapping[str, str]
    at: int
    own: frozenset[str]
    scope: Mapping[str, str]


class Listener(Protocol):
    """Who is told of an XML document's elements, in document order."""

    def start(self, tag: Tag) -> None:
        """An element begins."""
        ...

    def text(self, text: str) -> None:
        """A piece of character data."""
        ...

    def end(self, name: str, at: int) -> None:
        """An element ends; `at` is the offset of its end tag (of its start tag, if it is empty)."""
        ...


def read_xml(document: Document, listener: Listener) -> Text:
    """Tell a listener of every element; return the bytes in UTF-8, into which the offsets point.

    Raises `Hostile` at a DOCTYPE, `TooLarge` beyond 256 levels, `BadAnswer` where this is not well-formed XML, `NotRdf`
    for an encoding nobody knows. Each names the document and, where known, the line.
    """
    text = to_utf8(document.data, charset_of(document.media_type))
    if not text.data.strip():
        raise BadAnswer("The answer is empty.", url=document.name)
    if is_html(text.data):
        raise BadAnswer("The answer is an HTML page, where XML was asked for.", url=document.name)
    parser = expat.ParserCreate("UTF-8", " ")
    _Ear(parser, listener, document.name).attach()
    try:
        parser.Parse(text.data, True)  # noqa: FBT003 - expat takes no keyword; True says that this is all
    except expat.ExpatError as error:
        detail = f"The answer is not well-formed XML: {expat.ErrorString(error.code)}."
        raise BadAnswer(detail, url=document.name, line=error.lineno) from error
    return text


class _Ear:
    """The handlers of one run of expat."""

    def __init__(self, parser: expat.XMLParserType, listener: Listener, name: str) -> None:
        self._parser = parser
        self._listener = listener
        self._name = name
        self._own: set[str] = set()
        self._scope: dict[str, list[str]] = {}
        self._depth = 0

    def attach(self) -> None:
        parser = self._parser
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._declare
        parser.EndNamespaceDeclHandler = self._undeclare
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._listener.text

    def _doctype(self, name: str, *_: object) -> None:
        detail = (
            f"The XML has a DOCTYPE ({name}); document types can pull in files and grow without bound, so none is read"
        )
        raise Hostile(detail, url=self._name, line=self._parser.CurrentLineNumber)

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        self._own.add(prefix or "")
        self._scope.setdefault(prefix or "", []).append(uri or "")

    def _undeclare(self, prefix: str | None) -> None:
        self._scope[prefix or ""].pop()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEPTH:
            detail = f"The XML is nested more than {_DEPTH} elements deep"
            raise TooLarge(detail, url=self._name, line=self._parser.CurrentLineNumber)
        scope = {prefix: uris[-1] for prefix, uris in self._scope.items() if uris}
        self._listener.start(Tag(name, attributes, self._parser.CurrentByteIndex, frozenset(self._own), scope))
        self._own.clear()

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._listener.end(name, self._parser.CurrentByteIndex)
