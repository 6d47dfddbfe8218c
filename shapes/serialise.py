"""Writing graphs: Turtle, RDF/XML, N-Triples, N-Quads and TriG with our prefixes, and JSON-LD nested and compact.

The same graph gives the same bytes, so that an ETag of them means something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import pyoxigraph as ox
from pyld import jsonld as pyld

from shapes.errors import Hostile, Inexpressible
from shapes.graph import RecordGraph
from shapes.guards import check_xml
from shapes.jsonld import CONTEXT_IRI, bundled_document
from shapes.media import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, Syntax
from shapes.nesting import from_root, nested
from shapes.parse import FORMATS
from shapes.vocabulary import PREFIXES, RDF

JsonObject: TypeAlias = "dict[str, object]"

_PREFIX_LINE = re.compile(rb"@prefix [^\n]*\n")
_XML_ROOT = re.compile(rb"<rdf:RDF( [^>]*)>")
_XML_ATTRIBUTE = re.compile(rb'[\w:.-]+="[^"]*"')
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XML_NAME = re.compile(r"[^\W\d][\w.-]*\Z")
_KEPT_BY_RDFXML = frozenset(
    RDF[name]
    for name in ("RDF", "Description", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li", "bagID")
) | {RDF.aboutEach, RDF.aboutEachPrefix}
_NAME = re.compile(r"[A-Za-z][\w.-]*(?=:)")


def serialise(triples: Iterable[ox.Triple], syntax: Syntax, root: str | None = None) -> bytes:
    """Return a graph in a syntax, UTF-8.

    `root` (an IRI or `_:label`) is what a reader should meet first; N-Triples and N-Quads keep the order given. XML 1.0
    cannot hold most control characters: in RDF/XML each is written as U+FFFD. Raises Inexpressible for a graph that
    cannot be written as RDF/XML.
    """
    if syntax is JSONLD:
        return json.dumps(jsonld(triples, root), ensure_ascii=False, indent=2).encode() + b"\n"
    kept = list(triples) if syntax in (NTRIPLES, NQUADS) else list(from_root(RecordGraph(triples), root))
    if syntax is RDFXML:
        _check_names(kept)
        kept = _writable_types_first([_for_xml(triple) for triple in kept])
    written = _in_order(ox.serialize(kept, format=FORMATS[syntax.name], prefixes=_prefixes(kept)))
    if syntax is RDFXML:
        _check_written(written)
    return written


def serialise_quads(quads: Iterable[ox.Quad], syntax: Syntax) -> bytes:
    """Return several graphs in a syntax that has room for their names (TriG, N-Quads, JSON-LD), UTF-8, in order."""
    kept = list(quads)
    prefixes = _prefixes(quad.triple for quad in kept) if syntax is TRIG else None
    return _in_order(ox.serialize(kept, format=FORMATS[syntax.name], prefixes=prefixes))


def jsonld(triples: Iterable[ox.Triple], root: str | None) -> JsonObject:
    """Return a graph as one JSON-LD object: nested from the root, compact, with the part of our context it uses.

    A graph that does not hang together from the root has the root first in `@graph` and the other parts after it.
    """
    graph = RecordGraph(triples)
    expanded = nested(graph, root)
    context = _context_without(graph)
    options = {"skipExpansion": True, "documentLoader": bundled_only, "compactToRelative": False}
    compact: JsonObject = pyld.compact(expanded, {"@context": context}, options)
    body = {key: value for key, value in compact.items() if key != "@context"}
    return {"@context": _used(context, body)} | body


def bundled_only(url: str, _options: object = None) -> JsonObject:
    """Load a context for PyLD: bundled ones, no other. Raises Hostile."""
    document = bundled_document(url)
    if document is None:
        raise Hostile(f"The remote context {url} is not bundled, and contexts are not fetched from the network")
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document}


def _prefixes(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """The prefixes of ours that a graph uses."""
    text = {part for triple in triples for part in _iris(triple)}
    return {name: base for name, base in PREFIXES.items() if any(iri.startswith(base) for iri in text)}


def _iris(triple: ox.Triple) -> Iterable[str]:
    yield triple.predicate.value
    for term in (triple.subject, triple.object):
        if isinstance(term, ox.NamedNode):
            yield term.value
        elif isinstance(term, ox.Literal):
            yield term.datatype.value


def _in_order(written: bytes | None) -> bytes:
    """Sort the namespace declarations, which pyoxigraph writes in an order that differs from run to run."""
    if written is None:
        return b""
    declarations = _PREFIX_LINE.match(written)
    if declarations:
        lines = written.splitlines(keepends=True)
        count = next(n for n, line in enumerate(lines) if not line.startswith(b"@prefix "))
        return b"".join(sorted(lines[:count])) + b"\n" + b"".join(lines[count:])
    found = _XML_ROOT.search(written)
    if found:
        attributes = b" ".join(sorted(_XML_ATTRIBUTE.findall(found.group(1))))
        return written[: found.start(1)] + b" " + attributes + written[found.end(1) :]
    return written


def _for_xml(triple: ox.Triple) -> ox.Triple:
    value = triple.object
    if not isinstance(value, ox.Literal) or not _NOT_XML.search(value.value):
        return triple
    text = _NOT_XML.sub("\ufffd", value.value)
    literal = ox.Literal(text, language=value.language) if value.language else ox.Literal(text, datatype=value.datatype)
    return ox.Triple(triple.subject, triple.predicate, literal)


def _writable_types_first(triples: list[ox.Triple]) -> list[ox.Triple]:
    """Keep each subject's statements together, with no type first that is no XML name.

    pyoxigraph makes the first type the name of the element, and writes what is not XML where it cannot be one.
    """
    places: dict[object, int] = {}
    for triple in triples:
        places.setdefault(triple.subject, len(places))

    def place(triple: ox.Triple) -> tuple[int, int]:
        value = triple.object
        if triple.predicate.value != RDF.type or not isinstance(value, ox.NamedNode):
            return places[triple.subject], 1
        return places[triple.subject], 0 if _XML_NAME.search(value.value) else 2

    return sorted(triples, key=place)


def _check_names(triples: Iterable[ox.Triple]) -> None:
    """Raise Inexpressible for a property that is no XML name (`../2020`) or that RDF/XML keeps for itself."""
    for triple in triples:
        iri = triple.predicate.value
        if iri in _KEPT_BY_RDFXML or not _XML_NAME.search(iri):
            raise Inexpressible(f"RDF/XML has no way to write the property <{iri}>; any other syntax has")


def _check_written(xml: bytes) -> None:
    """Raise Inexpressible where the RDF/XML written is not XML after all."""
    fault = check_xml(xml, len(xml))
    if fault:
        raise Inexpressible(f"This graph cannot be written as RDF/XML: {fault.detail}", line=fault.line)


def _context_without(graph: RecordGraph) -> Mapping[str, object]:
    """Our context, less the prefixes that are the scheme of an IRI in the graph (`time:now`): they mislead."""
    document = bundled_document(CONTEXT_IRI)
    context = document["@context"] if document else {}
    if not isinstance(context, dict):
        return {}
    schemes = {iri.partition(":")[0] for triple in graph for iri in _iris(triple)}
    clashing = {name for name in PREFIXES if name in schemes}
    if not clashing:
        return context
    return {
        name: definition
        for name, definition in context.items()
        if name not in clashing and not _needs(definition) & clashing
    }


def _used(context: Mapping[str, object], body: object) -> JsonObject:
    """The part of a context that a compact document uses, its prefixes included."""
    names: set[str] = set()
    waiting: list[object] = [body]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            names.update(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str):
            names.update(_NAME.findall(item[:80]) or ())
            names.add(item)
    names.update(prefix for name in tuple(names) for prefix in _NAME.findall(name))
    for name in tuple(names):
        names |= _needs(context.get(name))
    return {name: definition for name, definition in context.items() if name in names or name == "@version"}


def _needs(definition: object) -> set[str]:
    """The prefixes a term's definition uses."""
    if isinstance(definition, str):
        return set(_NAME.findall(definition)[:1])
    if isinstance(definition, dict):
        return {name for value in definition.values() if isinstance(value, str) for name in _NAME.findall(value)[:1]}
    return set()
