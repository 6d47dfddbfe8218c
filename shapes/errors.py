"""The one error tree. Every floor raises a `Fault`; the web door and the command line know how to say one.

    Fault
    ├── BadInput                what was given cannot be processed                exit 2, HTTP 400
    │   ├── NotRdf              not RDF, or no RDF syntax we read
    │   ├── Hostile             a DOCTYPE, a remote context, nesting beyond the limit
    │   ├── TooLarge            over a cap                                        HTTP 413
    │   ├── TooComplex          a graph whose canonical form costs too much
    │   ├── Inexpressible       a graph that the syntax asked for cannot hold      HTTP 406
    │   ├── UnknownProfile      no profile of that name
    │   ├── BadShapes           a SHACL file that cannot be used
    │   └── BadQuery            a search or SPARQL query that cannot be understood
    ├── Missing                 no such record, source, run, committee            exit 2, HTTP 404
    │   └── Withdrawn           it was here; its tombstone is                     HTTP 410
    ├── Unreachable             a stranger's server did not answer as it should   exit 1, HTTP 502
    │   └── AddressBlocked      the address policy forbids that address           exit 2, HTTP 400
    ├── OverBudget              stopped at a time, memory, row or byte budget     exit 1, HTTP 503
    └── CannotWork              store locked, disk full, service down             exit 3, HTTP 503

Higher floors add leaves, never branches. `code` is stable: it stands in ledgers, in `--json` and in problem documents.
"""

from __future__ import annotations

from typing import ClassVar


class Fault(Exception):
    """Something a user is told about, with what is known of where it happened.

    `detail` is a whole sentence for people. `url`, `record` and `line` are set where known.
    """

    code: ClassVar[str] = "fault"
    title: ClassVar[str] = "Something went wrong"
    exit_code: ClassVar[int] = 3
    status: ClassVar[int] = 500

    def __init__(
        self, detail: str, *, url: str | None = None, record: str | None = None, line: int | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.url = url
        self.record = record
        self.line = line

    def problem(self) -> dict[str, object]:
        """Return the error as a problem object (RFC 9457): the one shape on the wire and in `--json`."""
        body: dict[str, object] = {
            "type": f"urn:gdi-catalogue:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        where = {"url": self.url, "record": self.record, "line": self.line}
        return body | {name: value for name, value in where.items() if value is not None}

    def __str__(self) -> str:
        place = self.url or ""
        if self.line is not None:
            place += f" line {self.line}"
        return f"{place.strip()}: {self.detail}" if place.strip() else self.detail


class BadInput(Fault):
    """What was given cannot be processed; giving the same again will not help."""

    code = "bad-input"
    title = "The input cannot be processed"
    exit_code = 2
    status = 400


class NotRdf(BadInput):
    """The bytes are not RDF in any syntax we read."""

    code = "not-rdf"
    title = "This is not RDF"


class Hostile(BadInput):
    """The bytes try something no description of a dataset needs."""

    code = "hostile-input"
    title = "The input was refused for safety"


class TooLarge(BadInput):
    """Over a cap on bytes, pages, records or depth."""

    code = "too-large"
    title = "The input is too large"
    status = 413


class TooComplex(BadInput):
    """The blank nodes of a graph are so entangled that naming them canonically costs too much."""

    code = "too-complex"
    title = "The graph is too complex"


class Inexpressible(BadInput):
    """A graph that the syntax asked for has no way to write."""

    code = "inexpressible"
    title = "This syntax cannot hold the graph"
    status = 406


class UnknownProfile(BadInput):
    """No profile of that name."""

    code = "unknown-profile"
    title = "No such profile"


class BadShapes(BadInput):
    """A shapes file that does not parse or that no validator can use."""

    code = "bad-shapes"
    title = "The shapes cannot be used"


class BadQuery(BadInput):
    """A search or SPARQL query that cannot be understood."""

    code = "bad-query"
    title = "The query cannot be understood"


class Missing(Fault):
    """No such record, source, run or committee."""

    code = "not-found"
    title = "Not found"
    exit_code = 2
    status = 404


class Withdrawn(Missing):
    """The record was here and was withdrawn; its tombstone remains."""

    code = "withdrawn"
    title = "Withdrawn"
    status = 410


class Unreachable(Fault):
    """A stranger's server did not answer as it should."""

    code = "unreachable"
    title = "The source could not be read"
    exit_code = 1
    status = 502


class AddressBlocked(Unreachable):
    """The address policy forbids this address, scheme or port."""

    code = "address-blocked"
    title = "This address is not allowed"
    exit_code = 2
    status = 400


class OverBudget(Fault):
    """Stopped at a budget of time, memory, rows or bytes; no partial answer is given."""

    code = "over-budget"
    title = "Stopped at its budget"
    exit_code = 2
    status = 503


class CannotWork(Fault):
    """The catalogue itself cannot work now: store locked, disk full, service down."""

    code = "cannot-work"
    title = "The catalogue cannot work now"
    exit_code = 3
    status = 503
