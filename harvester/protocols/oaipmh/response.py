"""One answer of an OAI-PMH repository, taken apart (OAI-PMH 2.0, section 3.2 and 4).

A record's RDF/XML is taken out of its envelope byte for byte: only the namespaces declared further out are written into
its first tag, so that it stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import quoteattr

from harvester.errors import BadAnswer
from harvester.markup import Tag, read_xml
from shapes.parse import Document
from shapes.vocabulary import RDF

NAMESPACE: Final = "http://www.openarchives.org/OAI/2.0/"

_NS: Final = f"{NAMESPACE} "
_RDF_ROOT: Final = f"{RDF.base} RDF"
_NAME: Final = re.compile(rb"<[^\s/>]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a list. `metadata` is a whole RDF/XML (or other XML) document, None where there is none.

    `unreadable`: some of its bytes are no text in the encoding of the answer.
    """

    identifier: str
    deleted: bool
    metadata: bytes | None
    unreadable: bool = False


@dataclass(slots=True)
class Response:
    """What an answer said. `token` is None where there is no such element, empty where the list ends here.

    `formats` are the metadata prefixes with their namespaces; `errors` are codes with their texts.
    """

    entries: list[Entry] = field(default_factory=list)
    token: str | None = None
    total: int | None = None
    formats: list[tuple[str, str]] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)


def read_response(document: Document) -> Response:
    """Take an answer apart. Raises `BadAnswer` where it is none of OAI-PMH, and what `read_xml` raises."""
    listener = _Listener()
    text = read_xml(document, listener)
    if not listener.known:
        detail = f"This is XML, but not an answer of OAI-PMH: its root element is {listener.root.rpartition(' ')[2]}."
        raise BadAnswer(detail, url=document.name)
    mark = text.mark.encode() if text.mark else None
    for piece in listener.pieces:
        metadata = piece.cut(text.data)
        spoilt = mark is not None and metadata is not None and mark in metadata
        listener.response.entries.append(Entry(piece.identifier, piece.deleted, metadata, spoilt))
    return listener.response


@dataclass(slots=True)
class _Piece:
    """A record as its elements come by: where in the bytes its metadata begins and ends."""

    identifier: str = ""
    deleted: bool = False
    tag: Tag | None = None
    depth: int = 0
    end: int = -1

    def cut(self, data: bytes) -> bytes | None:
        """Return the metadata as a document of its own, the namespaces it inherits declared in its first tag."""
        if self.tag is None:
            return None
        start = self.tag.at
        name = _NAME.match(data, start)
        stop = data.find(b">", max(self.end, start)) + 1
        if name is None or stop == 0:
            return None
        return name.group() + _declared(self.tag.scope, self.tag.own) + data[name.end() : stop]


def _declared(scope: Mapping[str, str], own: Collection[str]) -> bytes:
    """Return the namespace declarations an element inherits, as attributes."""
    inherited = ((prefix, uri) for prefix, uri in sorted(scope.items()) if prefix not in own)
    return "".join(f" xmlns{':' if p else ''}{p}={quoteattr(uri)}" for p, uri in inherited if uri or not p).encode()


class _Listener:
    """Follows the elements of an answer. Inside a record's metadata it only looks for where the RDF begins and ends."""

    def __init__(self) -> None:
        self.response = Response()
        self.pieces: list[_Piece] = []
        self.root = ""
        self._path: list[str] = []
        self._words: list[str] = []
        self._code = ""
        self._inside = 0

    @property
    def known(self) -> bool:
        """Whether the root element is that of OAI-PMH."""
        return self.root == f"{_NS}OAI-PMH"

    def start(self, tag: Tag) -> None:
        """Note what a tag itself says."""
        self.root = self.root or tag.name
        if self._inside:
            self._inside += 1
            self._metadata(tag)
            return
        name = tag.name.removeprefix(_NS)
        self._path.append(name)
        self._words.clear()
        if name == "record":
            self.pieces.append(_Piece())
        elif name == "header" and self.pieces:
            self.pieces[-1].deleted = tag.attributes.get("status") == "deleted"
        elif name == "metadata" and self.pieces:
            self._inside = 1
        elif name == "resumptionToken":
            size = tag.attributes.get("completeListSize", "").strip()
            self.response.total = int(size) if size.isascii() and size.isdigit() else None
        elif name == "error":
            self._code = tag.attributes.get("code", "")

    def _metadata(self, tag: Tag) -> None:
        """Take the first element, or the rdf:RDF inside it where a wrapper came first."""
        piece = self.pieces[-1]
        if piece.tag is None or (tag.name == _RDF_ROOT and piece.tag.name != _RDF_ROOT):
            piece.tag, piece.depth, piece.end = tag, self._inside, -1

    def text(self, text: str) -> None:
        """Keep the words of the element at hand."""
        if not self._inside:
            self._words.append(text)

    def end(self, name: str, at: int) -> None:
        """Take in an element's text."""
        if self._inside:
            piece = self.pieces[-1]
            if self._inside == piece.depth and piece.end < 0:
                piece.end = at
            self._inside -= 1
            if self._inside:
                return
        said = "".join(self._words).strip()
        self._words.clear()
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        self._settle(name.removeprefix(_NS), parent, said)

    def _settle(self, name: str, parent: str, said: str) -> None:
        if (parent, name) == ("header", "identifier") and self.pieces:
            self.pieces[-1].identifier = said
        elif name == "resumptionToken":
            self.response.token = said
        elif name == "metadataPrefix" and parent == "metadataFormat":
            self.response.formats.append((said, ""))
        elif name == "metadataNamespace" and parent == "metadataFormat" and self.response.formats:
            self.response.formats[-1] = (self.response.formats[-1][0], said)
        elif name == "error" and parent == "OAI-PMH":
            self.response.errors.append((self._code, said))
