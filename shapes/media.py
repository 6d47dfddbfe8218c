"""The six RDF syntaxes we read and write: names, media types, file extensions, and how to tell them by their bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Syntax:
    """One RDF syntax. `name` is what the command line takes; `extensions` are without the dot, the first preferred."""

    name: str
    media_type: str
    extensions: tuple[str, ...]
    title: str


TURTLE = Syntax("turtle", "text/turtle", ("ttl", "turtle"), "Turtle")
RDFXML = Syntax("rdfxml", "application/rdf+xml", ("rdf", "owl", "rdfs", "xml"), "RDF/XML")
JSONLD = Syntax("jsonld", "application/ld+json", ("jsonld", "json"), "JSON-LD")
NTRIPLES = Syntax("ntriples", "application/n-triples", ("nt",), "N-Triples")
NQUADS = Syntax("nquads", "application/n-quads", ("nq", "nquads"), "N-Quads")
TRIG = Syntax("trig", "application/trig", ("trig",), "TriG")

SYNTAXES: tuple[Syntax, ...] = (TURTLE, RDFXML, JSONLD, NTRIPLES, NQUADS, TRIG)

_NAMES: dict[str, Syntax] = {
    "turtle": TURTLE,
    "ttl": TURTLE,
    "rdfxml": RDFXML,
    "rdf/xml": RDFXML,
    "rdf": RDFXML,
    "xml": RDFXML,
    "jsonld": JSONLD,
    "json-ld": JSONLD,
    "ntriples": NTRIPLES,
    "n-triples": NTRIPLES,
    "nt": NTRIPLES,
    "nquads": NQUADS,
    "n-quads": NQUADS,
    "nq": NQUADS,
    "trig": TRIG,
}
# Older and unregistered types that servers still send for these syntaxes.
_MEDIA_TYPES: dict[str, Syntax] = {syntax.media_type: syntax for syntax in SYNTAXES} | {
    "application/turtle": TURTLE,
    "application/x-turtle": TURTLE,
    "application/x-trig": TRIG,
    "text/n-triples": NTRIPLES,
    "text/ntriples": NTRIPLES,
    "text/n-quads": NQUADS,
    "text/x-nquads": NQUADS,
}
_EXTENSIONS: dict[str, Syntax] = {extension: syntax for syntax in SYNTAXES for extension in syntax.extensions}

# What a parser of one syntax reads beside its own: N-Triples is a part of Turtle, Turtle of TriG, N-Triples of N-Quads.
_READS: dict[str, frozenset[Syntax]] = {
    TURTLE.name: frozenset({TURTLE, NTRIPLES}),
    TRIG.name: frozenset({TRIG, TURTLE, NTRIPLES}),
    NQUADS.name: frozenset({NQUADS, NTRIPLES}),
}

_HEAD = 65_536
_BOM = b"\xef\xbb\xbf"
_LEADING_COMMENTS = re.compile(rb"(?:\s+|#[^\r\n]*(?:[\r\n]|$))*")
_XML_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_HTML = re.compile(rb"<!doctype\s+html|<(?:[a-z]+:)?html[\s>]|<(?:head|body|title|script|meta|div)[\s>]", re.IGNORECASE)
_XML = re.compile(
    rb"<!DOCTYPE\s|<[A-Za-z_][\w.-]*:?[\w.-]*(?:\s+[\w.:-]+\s*=|\s*/>|\s*>(?=.*</))", re.ASCII | re.DOTALL
)
_JSON = re.compile(rb'\{\s*["}]|\[\s*[\[{"]|\[\s*\]\s*\Z')
_IRI = rb'<[^<>"{}|^`\\\s]*>'
_ABSOLUTE = rb'<[A-Za-z][A-Za-z0-9+.-]*:[^<>"{}|^`\s]*>'
_LITERAL = rb'"(?:[^"\\\r\n]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^' + _ABSOLUTE + rb")?"
_NODE = rb"(?:" + _ABSOLUTE + rb"|_:[^\s<>]+)"
_STATEMENT = re.compile(
    _NODE + rb"[ \t]*" + _ABSOLUTE + rb"[ \t]*(?:" + _NODE + rb"|" + _LITERAL + rb")[ \t]*(" + _NODE + rb")?[ \t]*"
    rb"\.[ \t]*(?:#[^\r\n]*)?(?:[\r\n]|\Z)"
)
_DIRECTIVE = re.compile(rb"@(?:prefix|base)\s|(?:prefix|base)\s+(?:[\w.-]*:\s*)?<", re.IGNORECASE)
_SUBJECT = re.compile(rb"(?:" + _IRI + rb"|_:\S+|[\w.-]*:[^\s<>\"'{}]*|\[)\s*(?:a\s|<|[\w.-]*:|\])")
_GRAPH = re.compile(
    rb"(?:^|[\s.}])(?:graph\s+)?(?:" + _IRI + rb"|_:\w+|[\w.-]*:[\w.:/-]*)\s*\{|\A\{\s*(?:[<\[}]|[\w.-]*:)",
    re.IGNORECASE,
)
# Comments and strings, and IRIs, which are kept: a "#" in one begins no comment.
_NOISE = re.compile(
    rb"(" + _IRI + rb")|"
    rb'#[^\r\n]*|"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\r\n]|\\.)*"|\'(?:[^\'\\\r\n]|\\.)*\''
)


def by_name(name: str) -> Syntax | None:
    """Return the syntax of a name as people type it (turtle, ttl, rdf, json-ld, nq ...), or None."""
    return _NAMES.get(name.strip().lower())


def by_media_type(media_type: str) -> Syntax | None:
    """Return the syntax of a media type, parameters ignored, or None where the type does not say (text/plain ...)."""
    return _MEDIA_TYPES.get(media_type.partition(";")[0].strip().lower())


def by_extension(path_or_url: str) -> Syntax | None:
    """Return the syntax of a file name's last extension, query and fragment ignored, or None."""
    path = urlsplit(path_or_url).path if "://" in path_or_url else path_or_url
    return _EXTENSIONS.get(PurePosixPath(path).suffix[1:].lower())


def reads(parser: Syntax, found: Syntax) -> bool:
    """Return whether a parser of the first syntax reads the second in full."""
    return parser is found or found in _READS.get(parser.name, frozenset())


def is_html(head: bytes) -> bool:
    """Return whether these first bytes (ASCII-compatible) are those of a web page."""
    start = head[:_HEAD].removeprefix(_BOM)
    return _HTML.match(start, _end(_XML_PROLOG, start)) is not None


def sniff(head: bytes) -> Syntax | None:
    """Return the syntax the first bytes of a document speak for, or None: HTML, or nothing to go by.

    The bytes must be ASCII-compatible (`shapes.encoding` brings UTF-16 there first). JSON counts as JSON-LD and any
    XML as RDF/XML: whether they hold RDF is for the reader to say.
    """
    head = head[:_HEAD].removeprefix(_BOM)
    if is_html(head):
        return None
    if _XML.match(head, _end(_XML_PROLOG, head)) or head.lstrip().startswith(b"<?xml"):
        return RDFXML
    start = _end(_LEADING_COMMENTS, head)
    if _JSON.match(head, start):
        return JSONLD
    return _sniff_text(head, start)


def _sniff_text(head: bytes, start: int) -> Syntax | None:
    """Tell the four syntaxes that are lines of terms apart, from the first byte that is no comment."""
    statement = _STATEMENT.match(head, start)
    if statement:
        return NQUADS if statement.group(1) else NTRIPLES
    rest = _NOISE.sub(rb"\1", head[start:])
    graph = _GRAPH.search(rest)
    if _DIRECTIVE.match(head, start):
        return TRIG if graph else TURTLE
    if graph and graph.start() == 0:
        return TRIG
    return TURTLE if _SUBJECT.match(head, start) else None


def _end(pattern: re.Pattern[bytes], head: bytes) -> int:
    """Where a prefix that may be empty ends."""
    match = pattern.match(head)
    return match.end() if match else 0
