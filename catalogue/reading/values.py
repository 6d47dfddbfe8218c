"""Single values: texts, numbers, dates, addresses. Each reader takes what is there and leaves out what is not it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from catalogue.dataset import Texts
from catalogue.reading.terms import STATEMENTS, schema
from catalogue.text import Text
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import ADMS, DCT, FDP, FOAF, RDF, SKOS, VCARD

_NUMBER: Final = re.compile(r"^\+?(\d{1,18})(?:\.0*)?$", re.ASCII)
_SCIENTIFIC: Final = re.compile(r"^\+?\d(?:\.\d{1,17})?[eE]\+?\d{1,2}$", re.ASCII)
_LARGEST: Final = 10**18  # fits the 64-bit integers every index has
_WEB: Final = re.compile(r"^https?://[^\s<>\"{}|\\^`]+$", re.IGNORECASE)
_TRUE: Final = frozenset({"true", "1", "yes"})
_FALSE: Final = frozenset({"false", "0", "no"})


def values(graph: RecordGraph, node: Node, properties: Iterable[str]) -> Sequence[Term]:
    """Every value of several properties of a node, in the order of the properties."""
    said = graph.predicates(node)
    return [term for name in properties if name in said for term in said[name]] if said else ()


def nodes(graph: RecordGraph, node: Node, properties: Iterable[str]) -> Iterator[Node]:
    """The values that are resources."""
    return (term for term in values(graph, node, properties) if not isinstance(term, ox.Literal))


def text(literal: ox.Literal) -> Text:
    """A literal as a text; its language tag in lower case."""
    language = literal.language
    return Text(literal.value, language.lower() if language else None)


def texts(graph: RecordGraph, node: Node, properties: Iterable[str]) -> Texts:
    """The literals of these properties as delivered; blank ones are left out."""
    return _texts_in(values(graph, node, properties))


def _texts_in(terms: Iterable[Term]) -> Texts:
    found = [text(t) for t in terms if isinstance(t, ox.Literal) and t.value.strip()]
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def first_texts(graph: RecordGraph, node: Node, properties: Iterable[str]) -> Texts:
    """The literals of the first of these properties that has any."""
    said = graph.predicates(node)
    return next((found for name in properties if name in said and (found := _texts_in(said[name]))), ())


def statements(graph: RecordGraph, node: Node, properties: Iterable[str]) -> Texts:
    """Texts that may hang on a node of their own (dct:ProvenanceStatement, dct:RightsStatement): its label.

    An IRI nobody describes is given as it is.
    """
    found: list[Text] = []
    for term in values(graph, node, properties):
        if isinstance(term, ox.Literal):
            found.extend([text(term)] if term.value.strip() else ())
        else:
            said = first_texts(graph, term, STATEMENTS)
            found.extend(said or ([Text(term.value)] if isinstance(term, ox.NamedNode) else ()))
    return tuple(dict.fromkeys(found))


def string(graph: RecordGraph, node: Node, properties: Iterable[str]) -> str | None:
    """The first literal that is not blank."""
    found = texts(graph, node, properties)
    return found[0].value.strip() if found else None


def whole_number(text_: str) -> int | None:
    """Read a number of things. None for what is negative, fractional, not a number, or beyond 10^18."""
    text_ = text_.strip()
    plain = _NUMBER.match(text_)
    if plain:
        return int(plain.group(1))
    if _SCIENTIFIC.match(text_):
        number = float(text_)
        return int(number) if number.is_integer() and number < _LARGEST else None
    return None


def number(graph: RecordGraph, node: Node, properties: Iterable[str]) -> int | None:
    """The first value that is a number of things."""
    read = (whole_number(t.value) for t in values(graph, node, properties) if isinstance(t, ox.Literal))
    return next((n for n in read if n is not None), None)


def boolean(graph: RecordGraph, node: Node, properties: Iterable[str]) -> bool | None:
    """The first value that says yes or no."""
    for term in values(graph, node, properties):
        said = term.value.strip().lower() if isinstance(term, ox.Literal) else ""
        if said in _TRUE | _FALSE:
            return said in _TRUE
    return None


def is_web_address(address: str) -> bool:
    """Whether a text is an http(s) address."""
    return bool(_WEB.match(address.strip()))


_PAGE_OF: Final = (FOAF.homepage, FOAF.page, VCARD.hasURL, VCARD.url, *schema("url"))


def addresses(graph: RecordGraph, node: Node, properties: Iterable[str]) -> tuple[str, ...]:
    """The addresses of these properties: IRIs, literals that are http(s) addresses, or what a blank node links to."""
    found: list[str] = []
    for term in values(graph, node, properties):
        if isinstance(term, ox.NamedNode):
            found.append(term.value)
        elif isinstance(term, ox.Literal):
            found.extend([term.value.strip()] if is_web_address(term.value) else ())
        else:
            found.extend(t.value for t in values(graph, term, _PAGE_OF) if isinstance(t, ox.NamedNode))
    return tuple(dict.fromkeys(found))


def address(graph: RecordGraph, node: Node, properties: Iterable[str]) -> str | None:
    """The first of the addresses."""
    return next(iter(addresses(graph, node, properties)), None)


_NOTATIONS: Final = (SKOS.notation, DCT.identifier, *schema("value"))


def identifiers(graph: RecordGraph, node: Node, properties: Iterable[str]) -> tuple[str, ...]:
    """Identifiers: literals, IRIs, or the notation of an adms:Identifier."""
    found: list[str] = []
    for term in values(graph, node, properties):
        if isinstance(term, ox.Literal):
            found.append(term.value.strip())
            continue
        notations = [t.value.strip() for t in values(graph, term, _NOTATIONS)]
        found.extend(notations or ([term.value] if isinstance(term, ox.NamedNode) else ()))
    return tuple(dict.fromkeys(each for each in found if each))


OWN_IDENTIFIERS: Final = (DCT.identifier,)
OTHER_IDENTIFIERS: Final = (ADMS.identifier, FDP.metadataIdentifier)


def members(graph: RecordGraph, head: Node) -> Iterator[Term]:
    """The members of an RDF list, or the node itself when it is none. A list that bites its tail ends."""
    if graph.value(head, RDF.first) is None:
        yield head
        return
    seen: set[Term] = set()
    at: Term | None = head
    while at is not None and not isinstance(at, ox.Literal) and at not in seen:
        seen.add(at)
        yield from graph.values(at, RDF.first)
        at = graph.value(at, RDF.rest)


def media_type(graph: RecordGraph, node: Node, properties: Sequence[str]) -> str | None:
    """An IANA media type (`text/csv`), from its IRI or as a literal."""
    for term in values(graph, node, properties):
        if isinstance(term, ox.BlankNode):
            said = first_texts(graph, term, STATEMENTS)
            value = said[0].value if said else ""
        else:
            value = term.value.strip()
        _, marker, tail = value.partition("/media-types/")
        if marker and tail:
            return tail
        if value and not isinstance(term, ox.BlankNode) and "/" in value and not is_web_address(value):
            return value
    return None
