"""schema.org's Dataset as DCAT: W3C DCAT 3, "Alignment with Schema.org", and JRC's DCAT-AP+Schema.org read backwards.

A translation is ours, not the publisher's: it says so, with the page it was made from, and what the page stated itself
stays beside it in the record. What has no plain counterpart is not translated.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias
from urllib.parse import urljoin

import pyoxigraph as ox

from shapes.vocabulary import DCAT, DCT, FOAF, GDIX, IANA, RDF, SCHEMA, SKOS, VCARD, XSD

Node: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Triple: TypeAlias = tuple[Node, str, ox.NamedNode | ox.BlankNode | ox.Literal]

_OLD: Final = "http://schema.org/"
_DATASET: Final = "Dataset"
_CATALOGUE: Final = "DataCatalog"
_WEB: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_MAIL: Final = re.compile(r"(?:mailto:)?([^\s<>@:]+@[^\s<>@]+\.[^\s<>@]+)")
_MEDIA: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*", re.IGNORECASE)
_PERIOD: Final = re.compile(r"\s*([0-9T:.Z+-]*|\.\.)\s*/\s*([0-9T:.Z+-]*|\.\.)\s*")
# Lexical forms of dates (XML Schema 2, sections 3.2.7 and 3.2.9 to 3.2.11).
_DATES: Final = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?"), XSD.dateTime),
    (re.compile(r"\d{4}-\d\d-\d\d"), XSD.date),
    (re.compile(r"\d{4}-\d\d"), XSD.gYearMonth),
    (re.compile(r"\d{4}"), XSD.gYear),
)
# Texts, dates and links that are the same in DCAT under another name.
_TEXTS: Final = {"name": DCT.title, "description": DCT.description, "version": DCAT.version}
_MOMENTS: Final = {"datePublished": DCT.issued, "dateModified": DCT.modified, "dateCreated": DCT.created}
_AGENTS: Final = {"creator": DCT.creator, "author": DCT.creator, "publisher": DCT.publisher, "provider": DCT.publisher}
_RELATED: Final = {"isPartOf": DCT.isPartOf, "hasPart": DCT.hasPart, "isBasedOn": DCT.source, "citation": DCT.relation}
_AGENT_TYPES: Final = {"Organization": FOAF.Organization, "Person": FOAF.Person}


def translate(quads: Iterable[ox.Quad], page: str) -> list[str]:
    """Return what a page says in schema.org together with its translation, as N-Triples; nothing if it has no dataset.

    A dataset without an IRI of its own is named by its `url`, or by the page if it is the only one there.
    """
    given = [(quad.subject, quad.predicate, quad.object) for quad in quads]
    said: dict[Term, list[tuple[str, Term]]] = defaultdict(list)
    for subject, predicate, value in given:
        said[subject].append((_local(predicate.value), value))
    datasets = _of_type(said, _DATASET)
    if not datasets:
        return []
    names: dict[Term, Node] = {node: _name(node, said, page, alone=len(datasets) == 1) for node in datasets}
    translation = _Translation(said, names, page)
    lines = [_line(names.get(s, s), p, names.get(o, o)) for s, p, o in given]
    lines += [f"{s} <{p}> {o} ." for s, p, o in translation.triples()]
    return list(dict.fromkeys(lines))


def _line(subject: Term, predicate: ox.NamedNode, value: Term) -> str:
    return f"{subject} {predicate} {value} ."


def _local(iri: str) -> str:
    """Return the name of a term of schema.org, under either of its namespaces; any other IRI as it is."""
    return iri.removeprefix(SCHEMA.base).removeprefix(_OLD)


def _of_type(said: Mapping[Term, Sequence[tuple[str, Term]]], kind: str) -> list[Node]:
    return [
        node
        for node, each in said.items()
        if isinstance(node, ox.NamedNode | ox.BlankNode)
        and any(p == RDF.type and isinstance(v, ox.NamedNode) and _local(v.value) == kind for p, v in each)
    ]


def _name(node: Node, said: Mapping[Term, Sequence[tuple[str, Term]]], page: str, *, alone: bool) -> Node:
    """Return what a dataset is called here."""
    if isinstance(node, ox.NamedNode):
        return node
    urls = [_link(value, page) for predicate, value in said[node] if predicate == "url"]
    return next((url for url in urls if url is not None), ox.NamedNode(page) if alone else node)


def _link(value: Term, page: str) -> ox.NamedNode | None:
    """Return a value as a link to the web: an IRI, or a text that is one or a path of the site."""
    if isinstance(value, ox.NamedNode):
        return value
    if not isinstance(value, ox.Literal):
        return None
    text = value.value.strip()
    absolute = urljoin(page, text) if text.startswith("/") else text
    return ox.NamedNode(absolute) if _WEB.fullmatch(absolute) else None


def _date(value: Term) -> ox.Literal | None:
    text = value.value.strip() if isinstance(value, ox.Literal) else ""
    return next((ox.Literal(text, datatype=ox.NamedNode(kind)) for form, kind in _DATES if form.fullmatch(text)), None)


def _text(value: Term) -> ox.Literal | None:
    """Return a text with its language, without the class that schema.org's numbers and dates bring along."""
    if not isinstance(value, ox.Literal) or not value.value.strip():
        return None
    return value if value.language else ox.Literal(value.value)


class _Translation:
    """The statements of DCAT that those of one page come to."""

    def __init__(self, said: Mapping[Term, Sequence[tuple[str, Term]]], names: Mapping[Term, Node], page: str) -> None:
        self._said = said
        self._names = names
        self._page = page

    def triples(self) -> Iterator[Triple]:
        """Yield them: every dataset, then the catalogues these are in."""
        for node, name in self._names.items():
            yield from self._dataset(node, name)
        for node in _of_type(self._said, _CATALOGUE):
            yield from self._catalogue(node)

    def _dataset(self, node: Term, name: Node) -> Iterator[Triple]:
        yield name, RDF.type, ox.NamedNode(DCAT.Dataset)
        yield name, GDIX.translatedFrom, ox.NamedNode(self._page)
        yield from self._plain(node, name)
        for link in self._links(node, "url") or [ox.NamedNode(self._page)]:
            yield name, DCAT.landingPage, link
        for text in self._identifiers(node):
            yield name, DCT.identifier, text
        for text in self._keywords(node):
            yield name, DCAT.keyword, text
        for value in self._values(node, "distribution"):
            yield from self._distribution(name, value)
        for value in self._values(node, "spatialCoverage"):
            yield from self._node(name, DCT.spatial, value, DCT.Location, SKOS.prefLabel)
        for value in self._values(node, "temporalCoverage"):
            yield from self._period(name, value)
        for own, predicate in _RELATED.items():
            for link in self._links(node, own):
                yield name, predicate, link
        yield from self._agents(node, name)

    def _plain(self, node: Term, name: Node) -> Iterator[Triple]:
        """Yield what every described thing may have: texts, dates, a licence."""
        for own, predicate in _TEXTS.items():
            for value in self._values(node, own):
                text = _text(value)
                if text is not None:
                    yield name, predicate, text
        for own, predicate in _MOMENTS.items():
            for value in self._values(node, own):
                date = _date(value)
                if date is not None:
                    yield name, predicate, date
        for value in self._values(node, "license"):
            yield from self._licence(name, value)

    def _licence(self, name: Node, value: Term) -> Iterator[Triple]:
        """Yield a licence: the link of one, or a document with what is said of it."""
        links = self._links(value, "url") if isinstance(value, ox.BlankNode) else [_link(value, self._page)]
        if links and links[0] is not None:
            yield name, DCT.license, links[0]
        else:
            yield from self._node(name, DCT.license, value, DCT.LicenseDocument, DCT.title)

    def _identifiers(self, node: Term) -> Iterator[ox.Literal]:
        """Yield identifiers: texts, links, or the value of a PropertyValue."""
        for value in self._values(node, "identifier"):
            inner = self._values(value, "value") or self._values(value, "url") if value in self._said else [value]
            for each in inner:
                if isinstance(each, ox.NamedNode | ox.Literal) and each.value.strip():
                    yield ox.Literal(each.value.strip())

    def _keywords(self, node: Term) -> Iterator[ox.Literal]:
        """Yield keywords: one by one, from a text with commas, or the name of a DefinedTerm."""
        for value in self._values(node, "keywords"):
            for each in self._values(value, "name") if value in self._said else [value]:
                if isinstance(each, ox.Literal):
                    words = (word.strip() for word in each.value.split(","))
                    yield from (ox.Literal(w, language=each.language) for w in words if w)

    def _distribution(self, name: Node, value: Term) -> Iterator[Triple]:
        """Yield a way to the data: a DataDownload, or nothing but its address."""
        node = value if isinstance(value, ox.NamedNode | ox.BlankNode) and value in self._said else ox.BlankNode()
        yield name, DCAT.distribution, node
        yield node, RDF.type, ox.NamedNode(DCAT.Distribution)
        bare = _link(value, self._page) if node != value else None
        downloads = self._links(node, "contentUrl")
        for link in dict.fromkeys([*downloads, *self._links(node, "url"), *([bare] if bare else ())]):
            yield node, DCAT.accessURL, link
        for link in downloads:
            yield node, DCAT.downloadURL, link
        for own in ("encodingFormat", "fileFormat"):
            for text in self._values(node, own):
                if isinstance(text, ox.Literal) and _MEDIA.fullmatch(text.value.strip()):
                    yield node, DCAT.mediaType, ox.NamedNode(IANA.base + text.value.strip().lower())
        yield from self._plain(node, node)

    def _period(self, name: Node, value: Term) -> Iterator[Triple]:
        """Yield a period of ISO 8601 (start/end, either open as `..` or empty), or a single date."""
        text = value.value if isinstance(value, ox.Literal) else ""
        match = _PERIOD.fullmatch(text)
        ends = match.groups() if match else (text, text)
        dates = [_date(ox.Literal(end)) for end in ends]
        if any(dates):
            period = ox.BlankNode()
            yield name, DCT.temporal, period
            yield period, RDF.type, ox.NamedNode(DCT.PeriodOfTime)
            for predicate, date in zip((DCAT.startDate, DCAT.endDate), dates, strict=True):
                if date is not None:
                    yield period, predicate, date

    def _agents(self, node: Term, name: Node) -> Iterator[Triple]:
        for own, predicate in _AGENTS.items():
            for value in self._values(node, own):
                yield from self._node(name, predicate, value, FOAF.Agent, FOAF.name)
                yield from self._agent(value)
                for contact in self._values(value, "contactPoint"):
                    yield from self._contact(name, contact)
        for contact in self._values(node, "contactPoint"):
            yield from self._contact(name, contact)

    def _agent(self, value: Term) -> Iterator[Triple]:
        if not isinstance(value, ox.NamedNode | ox.BlankNode):
            return
        for kind in self._values(value, RDF.type):
            mapped = _AGENT_TYPES.get(_local(kind.value)) if isinstance(kind, ox.NamedNode) else None
            if mapped:
                yield value, RDF.type, ox.NamedNode(mapped)
        for mail in self._mails(value):
            yield value, FOAF.mbox, mail
        for link in self._links(value, "url"):
            yield value, FOAF.homepage, link

    def _contact(self, name: Node, value: Term) -> Iterator[Triple]:
        yield from self._node(name, DCAT.contactPoint, value, VCARD.Kind, VCARD.fn)
        if isinstance(value, ox.NamedNode | ox.BlankNode):
            for mail in self._mails(value):
                yield value, VCARD.hasEmail, mail
            for link in self._links(value, "url"):
                yield value, VCARD.hasURL, link

    def _catalogue(self, node: Node) -> Iterator[Triple]:
        """Yield a catalogue and which datasets of the page are in it; without an address it cannot be named."""
        name = node if isinstance(node, ox.NamedNode) else next(iter(self._links(node, "url")), None)
        if name is None:
            return
        yield name, RDF.type, ox.NamedNode(DCAT.Catalog)
        for own in ("name", "description"):
            for value in self._values(node, own):
                text = _text(value)
                if text is not None:
                    yield name, _TEXTS[own], text
        for dataset, called in self._names.items():
            if node in self._values(dataset, "includedInDataCatalog") or dataset in self._values(node, "dataset"):
                yield name, DCAT.dataset, called

    def _node(self, name: Node, predicate: str, value: Term, kind: str, label: str) -> Iterator[Triple]:
        """Yield a node of its own: a described one with its class and name, a bare link, or one made of a text."""
        if isinstance(value, ox.NamedNode | ox.BlankNode):
            yield name, predicate, value
            texts = [_text(each) for each in self._values(value, "name")]
            if value in self._said:
                yield value, RDF.type, ox.NamedNode(kind)
                yield from ((value, label, text) for text in texts if text is not None)
            return
        link, text = _link(value, self._page), _text(value)
        if link is not None:
            yield name, predicate, link
        elif text is not None:
            made = ox.BlankNode()
            yield name, predicate, made
            yield made, RDF.type, ox.NamedNode(kind)
            yield made, label, text

    def _values(self, node: Term, name: str) -> list[Term]:
        return [value for predicate, value in self._said.get(node, ()) if predicate == name]

    def _links(self, node: Term, name: str) -> list[ox.NamedNode]:
        found = (_link(value, self._page) for value in self._values(node, name))
        return [link for link in found if link is not None]

    def _mails(self, node: Term) -> Iterator[ox.NamedNode]:
        for value in self._values(node, "email"):
            text = value.value.strip() if isinstance(value, ox.NamedNode | ox.Literal) else ""
            match = _MAIL.fullmatch(text)
            if match:
                yield ox.NamedNode(f"mailto:{match.group(1)}")
