"""OAI-PMH 2.0: DCAT in RDF/XML, record by record, in lists that go on by resumption token (sections 3.5 and 4.5).

data.europa.eu's preferred interface. A deleted record is one that is not delivered: it is withdrawn as any other that
is absent from a complete list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from harvester.changes import Problem
from harvester.errors import BadAnswer
from harvester.protocols.oaipmh.response import NAMESPACE, Entry, Response, read_response
from harvester.protocols.page import Page, Session
from harvester.source import Source
from shapes.content import head_of
from shapes.errors import Fault, NotRdf
from shapes.media import RDFXML
from shapes.parse import Document
from shapes.vocabulary import DCAT, RDF

ACCEPT: Final = "text/xml, application/xml;q=0.9"

# Metadata prefixes under which repositories give DCAT, the best first; any other with "dcat" in it comes after them.
_PREFIXES: Final = ("dcat_ap", "dcat-ap", "dcatap", "dcat", "oai_dcat", "rdf")
_NAMESPACES: Final = (DCAT.base, RDF.base)
_RESUME: Final = "resumptionToken"
_EXPIRED: Final = "badResumptionToken"
_EMPTY: Final = "noRecordsMatch"
# Answers in a row without a new record after which a further token is no longer believed.
_STALE: Final = 3
# How often a list whose token was refused is begun anew in one run.
_RESTARTS: Final = 1
_ARGUMENTS: Final = frozenset({"verb", "metadataPrefix", "set", "from", "until", "identifier", _RESUME})


def detects(document: Document) -> bool:
    """Whether a document is an answer of OAI-PMH: a request without a verb gets one too, with an error in it."""
    head = head_of(document.content, 4096)
    return NAMESPACE.encode() in head and b"OAI-PMH" in head


def question(url: str) -> str | None:
    """Return where a repository says who it is, if a URL looks like a base URL."""
    parts = urlsplit(url)
    if "oai" not in parts.path.rstrip("/").rpartition("/")[2].lower() or "verb=" in parts.query:
        return None
    return urlunsplit(parts._replace(query=f"{parts.query}&verb=Identify".lstrip("&")))


def pages(source: Source, session: Session) -> Iterator[Page]:
    """Yield the answers of ListRecords, each a page of one document per record.

    The source's URL is the base URL; it may carry `set` and `metadataPrefix`. Without the latter the repository is
    asked which formats it has. What keeps the run from being whole is noted: an error, a token that comes again, a list
    that is shorter than announced, a record without metadata.
    """
    session.refuse_local("The protocol oaipmh asks a repository over http(s).")
    listing = _Listing(source.url, session)
    prefix = listing.prefix()
    if prefix:
        yield from listing.answers(prefix)
        listing.tell()


class _Listing:
    """One ListRecords, from its first answer to its last."""

    def __init__(self, url: str, session: Session) -> None:
        parts = urlsplit(url)
        given = parse_qsl(parts.query, keep_blank_values=True)
        self._session = session
        self._kept = [(name, value) for name, value in given if name not in _ARGUMENTS]
        self._chosen = {name: value for name, value in given if name in {"set", "metadataPrefix"}}
        self._base = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
        self._tokens: set[str] = set()
        self._seen: set[str] = set()
        self._deleted: set[str] = set()
        self._total: int | None = None
        self._stale = 0
        self._size = 0
        self._restarts = 0

    def prefix(self) -> str:
        """Return the metadata prefix to ask for, or an empty string where the repository has an error to tell (noted).

        Raises `NotRdf` where it offers nothing that is RDF, naming what it offers.
        """
        given = self._chosen.get("metadataPrefix")
        if given:
            return given
        url = self._url(verb="ListMetadataFormats")
        response = read_response(self._session.fetch(url, accept=ACCEPT))
        if response.errors:
            self._blame(response, url)
            return ""
        chosen = best_prefix(response.formats)
        if chosen is None:
            names = ", ".join(name for name, _ in response.formats) or "none"
            raise NotRdf(f"This repository offers no DCAT or other RDF; its metadata formats are {names}.", url=url)
        return chosen

    def answers(self, prefix: str) -> Iterator[Page]:
        """Yield the pages of the list."""
        first = {"verb": "ListRecords", "metadataPrefix": prefix}
        first |= {"set": self._chosen["set"]} if "set" in self._chosen else {}
        url = self._url(**first)
        while url:
            response = read_response(self._session.fetch(url, accept=ACCEPT))
            self._total = response.total if response.total is not None else self._total
            self._session.expected = self._total
            names = {entry.identifier for entry in response.entries}
            self._stale = 0 if names - self._seen else self._stale + 1
            self._size = self._size or len(response.entries)
            self._seen |= names
            self._deleted |= {entry.identifier for entry in response.entries if entry.deleted}
            if names:
                yield Page(url, self._documents(response.entries, prefix, url), several=True, apart=True)
            url = self._onward(response, first, url)

    def _onward(self, response: Response, first: dict[str, str], url: str) -> str:
        """Return the URL of the next answer, or an empty string at the end, or where the way is lost (noted).

        A token that is refused in the middle of a list (it expired) costs one new beginning: a list may be sorted by
        anything, so going on from the last datestamp could leave records out.
        """
        codes = {code for code, _ in response.errors}
        if _EXPIRED in codes and self._tokens and self._restarts < _RESTARTS:
            self._restarts += 1
            self._tokens.clear()
            self._seen.clear()
            self._stale = 0
            return self._url(**first)
        if codes and codes != {_EMPTY}:
            self._blame(response, url)
            return ""
        token = response.token
        if token:
            return self._resumed(token, url)
        self._check_end(response, url)
        return ""

    def _check_end(self, response: Response, url: str) -> None:
        """Note when a list may have broken off: the last part of one has an empty token (section 3.5).

        Some servers leave it out there (pyoai does). A part shorter than the first is the last all the same.
        """
        if response.token is None and self._tokens and self._total is None and len(response.entries) >= self._size:
            detail = "This answer has no resumptionToken, though it continues a list: the last one has an empty one."
            self._note("paging-lost", detail, url)

    def _resumed(self, token: str, url: str) -> str:
        """Return the URL that goes on with a token, unless it leads in a circle (noted)."""
        if token in self._tokens:
            self._note("paging-loop", f"The resumption token {token!r} came before: the list turns in a circle.", url)
            return ""
        if self._stale >= _STALE:
            self._note(
                "paging-loop", f"{_STALE} answers in a row brought no new record, and there is yet another.", url
            )
            return ""
        self._tokens.add(token)
        return self._url(verb="ListRecords", resumptionToken=token)

    def _documents(self, entries: Sequence[Entry], prefix: str, url: str) -> Iterator[Document | Fault]:
        """Yield a document for each record that is not deleted, or what is wrong with it."""
        for entry in entries:
            where = self._url(verb="GetRecord", metadataPrefix=prefix, identifier=entry.identifier)
            if entry.unreadable:
                detail = "The record holds bytes that are no text in the encoding of the answer."
                yield BadAnswer(detail, url=where, record=entry.identifier)
            elif entry.metadata is not None:
                yield Document(entry.metadata, where, self._base, RDFXML)
            elif not entry.deleted:
                yield BadAnswer(
                    "The record has no metadata and is not marked as deleted.", url=url, record=entry.identifier
                )

    def tell(self) -> None:
        """Say what is deleted, and when fewer records came than were announced. More is no loss: a list may grow."""
        if self._deleted:
            detail = f"{len(self._deleted)} records are stated to be deleted: they count as absent."
            self._session.note(Problem("deleted", detail, self._session.source.url, remark=True), partial=False)
        if self._total is not None and len(self._seen) < self._total and self._session.whole:
            detail = f"{self._total} records were announced (completeListSize), {len(self._seen)} came."
            self._note("count-mismatch", detail, self._session.source.url)

    def _url(self, **arguments: str) -> str:
        return f"{self._base}?{urlencode([*self._kept, *arguments.items()])}"

    def _blame(self, response: Response, url: str) -> None:
        """Write the errors of an answer into the ledger, under their own codes (section 3.6)."""
        for code, text in response.errors:
            self._note(f"oai-{code or 'error'}", f"The repository answered {code}: {text or 'no more was said'}", url)

    def _note(self, code: str, detail: str, url: str) -> None:
        self._session.note(Problem(code, detail, url))


def best_prefix(formats: Sequence[tuple[str, str]]) -> str | None:
    """Return the metadata prefix that promises DCAT best, of prefixes with their namespaces, or None."""
    names = [name for name, _ in formats]
    known = [prefix for wanted in _PREFIXES for prefix in names if prefix.lower() == wanted]
    alike = [prefix for prefix in names if "dcat" in prefix.lower()]
    by_namespace = [name for space in _NAMESPACES for name, said in formats if said == space]
    return next(iter([*known, *alike, *by_namespace]), None)
