"""What is refused before any RDF parser sees it: a DOCTYPE, and JSON nested too deep. Nothing here recurses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from xml.parsers import expat

from shapes.errors import Hostile, NotRdf, TooLarge
from shapes.vocabulary import RDF

_STRINGS = re.compile(rb'"(?:[^"\\]+|\\.)*"', re.DOTALL)
_ALL_BUT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEP = tuple(1 if code in b"[{" else -1 for code in range(256))
_RDF_ROOT = f"{RDF.base} RDF"
_RDF_ID = f"{RDF.base} ID"
_XML_BASE = "http://www.w3.org/XML/1998/namespace base"
_KEYWORD = re.compile(rb'"(?:@|\\u0040)(?:context|graph|id|type|value|list|set|reverse|included)"\s*:', re.IGNORECASE)
_TAG = re.compile(rb"</?([\w.:-]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class XmlFault:
    """Where XML stops being well-formed: a sentence, line and column (from 1), and the byte offset."""

    detail: str
    line: int
    column: int
    offset: int


def check_xml(data: bytes, depth: int) -> XmlFault | None:
    """Run the whole of a UTF-8 XML document through expat; return where it stops being well-formed, or None.

    pyoxigraph's RDF/XML reader misses a missing end, gives no line, and (lenient) lets an rdf:ID be used twice.
    Raises Hostile at a DOCTYPE, before any entity could be expanded; NotRdf where the root element cannot be RDF/XML;
    TooLarge beyond `depth` nested elements.
    """
    parser = expat.ParserCreate("UTF-8", " ")
    watch = _Watch(parser, depth)
    parser.StartDoctypeDeclHandler = watch.doctype
    parser.StartElementHandler = watch.root
    parser.EndElementHandler = watch.end
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat takes no keyword; True says that this is all
    except expat.ExpatError as error:
        return _fault(data, error, parser.ErrorByteIndex)
    except _TwiceError as error:
        return error.fault
    return None


class _TwiceError(Exception):
    """An rdf:ID is used a second time."""

    def __init__(self, fault: XmlFault) -> None:
        super().__init__(fault.detail)
        self.fault = fault


class _Watch:
    """The handlers of one run of expat."""

    __slots__ = ("ids", "left", "limit", "parser")

    def __init__(self, parser: expat.XMLParserType, depth: int) -> None:
        self.parser = parser
        self.limit = depth
        self.left = depth
        self.ids: set[str] | None = set()

    def doctype(self, name: str, *_: object) -> None:
        raise Hostile(
            f"The XML has a DOCTYPE ({name}); document types can pull in files and grow without bound, so none is read",
            line=self.parser.CurrentLineNumber,
        )

    def root(self, name: str, attributes: dict[str, str]) -> None:
        if name != _RDF_ROOT and not any(key.startswith(f"{RDF.base} ") for key in attributes):
            space, _, local = name.rpartition(" ")
            of = f" of the namespace {space}" if space else ""
            raise NotRdf(f"This is XML but not RDF/XML: its root element is {local}{of}")
        self.parser.StartElementHandler = self.start
        self.left -= 1

    def start(self, _name: str, attributes: dict[str, str]) -> None:
        if attributes:
            self.identify(attributes)
        self.left -= 1
        if self.left < 0:
            raise TooLarge(
                f"The XML is nested more than {self.limit} elements deep", line=self.parser.CurrentLineNumber
            )

    def identify(self, attributes: dict[str, str]) -> None:
        """Stop at an rdf:ID used twice: two resources would become one. An xml:base would set them apart."""
        if _XML_BASE in attributes:
            self.ids = None
        name = attributes.get(_RDF_ID)
        if name is not None and self.ids is not None:
            if name in self.ids:
                at = self.parser
                detail = f"The rdf:ID {name!r} is used twice in this document: two resources would become one"
                raise _TwiceError(
                    XmlFault(detail, at.CurrentLineNumber, at.CurrentColumnNumber + 1, at.CurrentByteIndex)
                )
            self.ids.add(name)

    def end(self, _name: str) -> None:
        self.left += 1


def check_json_depth(data: bytes, limit: int) -> None:
    """Raise TooLarge where arrays and objects of a JSON document nest deeper than `limit`."""
    brackets = _STRINGS.sub(b"", data).translate(None, _ALL_BUT_BRACKETS)
    if max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > limit:
        raise TooLarge(f"The JSON is nested more than {limit} levels deep")


def check_json_is_rdf(data: bytes) -> None:
    """Raise NotRdf for JSON without a single JSON-LD keyword: an error answer, or another interface's JSON."""
    if _KEYWORD.search(data):
        return
    start = data[:200].decode("utf-8", "replace").strip()
    raise NotRdf(f"This is JSON but not JSON-LD: it has no @context, @graph or @id. It begins with {start[:80]!r}")


def _fault(data: bytes, error: expat.ExpatError, offset: int) -> XmlFault:
    detail = expat.ErrorString(error.code)
    tag = _TAG.match(data, max(offset, 0))
    if tag and tag.group(1) and error.code == expat.errors.codes[expat.errors.XML_ERROR_UNBOUND_PREFIX]:
        detail = f"a namespace prefix used in the element {tag.group(1).decode()} has not been declared"
    elif error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]:
        detail = "the document ends before its elements are closed"
    return XmlFault(f"The XML is not well-formed: {detail}", error.lineno, error.offset + 1, max(offset, 0))
