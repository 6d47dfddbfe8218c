"""A SPARQL 1.1 endpoint as a client may trust it: answers read as JSON, rows counted where a cap may have cut them.

Queries go by GET (SPARQL 1.1 Protocol, section 2.1.1), so they can be repeated safely; their length is kept small
enough for every server and proxy. Results come as rows (SPARQL 1.1 Query Results JSON Format), never as a graph: the
server can count rows, and literals arrive exactly as they are stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from harvester.errors import BadAnswer
from harvester.protocols.page import Session
from shapes.guards import check_json_depth
from shapes.media import is_html
from shapes.parse import Document
from shapes.vocabulary import XSD

ACCEPT: Final = "application/sparql-results+json, application/json;q=0.9"
# Characters of a whole URL: what servers and proxies take without asking (RFC 9110 section 4.1 names 8000).
LONGEST: Final = 7000

# Fewer rows than this are not cut by any cap met in practice (Virtuoso's default is 10,000).
_TRUSTED: Final = 500
# Rows asked for at a time where they are listed in order.
_PART: Final = 1000
# Values of one variable: more than any property of one resource has been seen to have (34,866 keywords).
_MOST: Final = 500_000
_DEPTH: Final = 16
_SHOWN: Final = 80
_ASKABLE: Final = re.compile(r"<[^<>\"{}|^`\\\x00-\x20]+>")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})

# A row of a result: names of variables with values as N-Triples terms; a variable without a value is not in it.
Row: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A group graph pattern and the variables to ask of it, so that its rows can be fetched and counted alike."""

    variables: tuple[str, ...]
    where: str

    def select(self) -> str:
        """Return the query for the rows."""
        return f"SELECT {' '.join('?' + name for name in self.variables)} WHERE {{ {self.where} }}"

    def count(self) -> str:
        """Return the query for their number."""
        return f"SELECT (COUNT(*) AS ?n) WHERE {{ {self.where} }}"


class Endpoint:
    """Asks one endpoint. What stands in the source's URL besides a query is sent along (`default-graph-uri` ...)."""

    def __init__(self, session: Session) -> None:
        parts = urlsplit(session.source.url)
        kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != "query"]
        self._session = session
        self._start = urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")) + "?"
        self._start += f"{urlencode(kept)}&query=" if kept else "query="
        self._blanks = 0
        self._trusted = _TRUSTED

    def probe(self) -> None:
        """Find out whether the endpoint cuts answers even shorter than is usual."""
        rows = self.rows(f"SELECT ?s WHERE {{ ?s ?p ?o }} LIMIT {_TRUSTED}")
        if rows:
            self.suspect(len(rows))

    def fits(self, query: str) -> bool:
        """Whether a query is short enough to be sent."""
        return len(self._start) + len(quote(query, safe="")) <= LONGEST

    def rows(self, query: str) -> list[Row]:
        """Return the rows of a result. Raises `BadAnswer` where it is none, or is said to be a part only."""
        document = self._session.fetch(self._start + quote(query, safe=""), accept=ACCEPT)
        self._check_headers(document.name)
        blanks: dict[str, str] = {}

        def blank(label: str) -> str:
            if label not in blanks:
                self._blanks += 1
                blanks[label] = f"_:b{self._blanks}"
            return blanks[label]

        return list(_rows(document, blank))

    def all_rows(self, pattern: Pattern) -> list[Row] | None:
        """Return the rows of a pattern, or None where the endpoint silently held some back."""
        rows = self.rows(pattern.select())
        if len(rows) < self._trusted:
            return rows
        return rows if len(rows) >= self.number(pattern.count()) else None

    def suspect(self, rows: int) -> None:
        """Remember that the endpoint cut an answer to so many rows."""
        self._trusted = min(self._trusted, rows)

    def in_order(self, names: Sequence[str], where: str, count: int, most: int) -> list[Row]:
        """Return the distinct rows of a pattern in the order of its first variable, however few at a time come.

        Each part goes on from the last value of the one before (keyset paging: nothing shifts, no OFFSET), with that
        value again: an unknown cap may have cut between two rows that have it. Ends when `count` rows are there, when
        `most` are, or when no further ones come; whether that is all is for the caller to say.
        """
        found: dict[tuple[tuple[str, str], ...], Row] = {}
        key, last = names[0], ""
        while len(found) < most:
            after = f" FILTER(STR(?{key}) >= {last})" if last else ""
            asked = f"SELECT DISTINCT {' '.join('?' + name for name in names)} WHERE {{ {where}{after} }}"
            rows = self.rows(f"{asked} ORDER BY STR(?{key}) LIMIT {_PART}")
            before = len(found)
            found.update((tuple(sorted(row.items())), row) for row in rows if key in row)
            if len(found) == before or (len(rows) < _PART and len(found) >= count):
                break
            if len(rows) < _PART:
                self.suspect(len(rows))
            last = _string(rows[-1].get(key, ""))
        return list(found.values())

    def distinct(self, name: str, where: str, most: int = _MOST) -> list[str] | None:
        """Return the different values of one variable, or None where the endpoint held some back."""
        rows = self.rows(f"SELECT DISTINCT ?{name} WHERE {{ {where} }}")
        if len(rows) >= self._trusted:
            count = self.number(f"SELECT (COUNT(DISTINCT ?{name}) AS ?n) WHERE {{ {where} }}")
            rows = self.in_order((name,), where, count, most)
            if len(rows) < count:
                return None
        return [row[name] for row in rows if name in row]

    def number(self, query: str) -> int:
        """Return the one number a query asks for, as `?n`."""
        rows = self.rows(query)
        text = rows[0].get("n", "").partition("^^")[0].strip('"') if len(rows) == 1 else ""
        if not (text.isascii() and text.isdigit()):
            raise BadAnswer("The endpoint did not answer a count with a number.", url=self._session.source.url)
        return int(text)

    def _check_headers(self, url: str) -> None:
        """Refuse an answer that Virtuoso's "anytime" timeout cut short: the status is 200, a header tells."""
        state = self._session.headers.get("X-SQL-State", "")
        if state:
            said = self._session.headers.get("X-SQL-Message", "")[:_SHOWN]
            detail = f"The endpoint gave a part of the result only (X-SQL-State {state}: {said})."
            raise BadAnswer(detail, url=url)


def askable(term: str) -> bool:
    """Whether an N-Triples term is an IRI that can stand in a query (SPARQL 1.1, rule IRIREF)."""
    return _ASKABLE.fullmatch(term) is not None


def _string(term: str) -> str:
    """Return the STR() of an IRI or literal as a string of SPARQL, which escapes as N-Triples does."""
    if term.startswith("<"):
        return '"' + term[1:-1].translate(_ESCAPES) + '"'
    return term[: term.rfind('"') + 1]


def _rows(document: Document, blank: Callable[[str], str]) -> Iterator[Row]:
    for binding in _bindings(document):
        row: dict[str, str] = {}
        for name, value in binding.items():
            term = _term(value, blank) if isinstance(value, dict) else None
            if term is None:
                raise BadAnswer("The result holds a value that is no RDF term.", url=document.name)
            row[name] = term
        yield row


def _bindings(document: Document) -> Sequence[Mapping[str, object]]:
    """Return the solutions of a result in JSON (section 3.2.2). Raises `BadAnswer`, `TooLarge`."""
    if is_html(document.data.lstrip()):
        raise BadAnswer("The endpoint answered with an HTML page, where JSON was asked for.", url=document.name)
    check_json_depth(document.data, _DEPTH)
    try:
        found = json.loads(document.data)
    except ValueError as error:
        start = " ".join(document.data[: 4 * _SHOWN].decode("utf-8", "replace").split())[:_SHOWN]
        what = f"it begins with {start!r}" if start else "it is empty"
        raise BadAnswer(
            f"The endpoint did not answer in JSON, or not to the end: {what}.", url=document.name
        ) from error
    results = found.get("results") if isinstance(found, dict) else None
    bindings = results.get("bindings") if isinstance(results, dict) else None
    if not isinstance(bindings, list) or not all(isinstance(each, dict) for each in bindings):
        raise BadAnswer("This is JSON, but no SPARQL result: it has no results with bindings.", url=document.name)
    return bindings


def _term(value: Mapping[str, object], blank: Callable[[str], str]) -> str | None:
    """Return a value as an N-Triples term; whether its IRI or language tag is legal is for the reader to say."""
    kind, text = value.get("type"), value.get("value")
    if not isinstance(text, str):
        return None
    if kind == "uri":
        return f"<{text}>"
    if kind == "bnode":
        return blank(text)
    if kind not in {"literal", "typed-literal"}:
        return None
    literal = f'"{text.translate(_ESCAPES)}"'
    language, datatype = value.get("xml:lang"), value.get("datatype")
    if isinstance(language, str) and language:
        return f"{literal}@{language}"
    return f"{literal}^^<{datatype}>" if isinstance(datatype, str) and datatype != XSD.string else literal
