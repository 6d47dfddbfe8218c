"""Reads the tokens of a SPARQL query (SPARQL 1.1 Query, section 19.8), to refuse what is never allowed.

pyoxigraph cannot switch federated queries off, so the keyword SERVICE is refused here, before any engine sees the
query; strings, IRIs, comments, variables and names may contain the word. The engine reads without tokens: it takes
`1e5SERVICE` or `SERVICE:x {` for the keyword where the specification does not, and `1<2)SERVICE#>` for a comparison.
Such spellings are refused as well. What none of this sees, `confine` does: a worker that asks for a socket ends.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from shapes.errors import BadQuery

MAX_LENGTH: Final = 100_000  # characters; far above any honest query

_ESCAPE: Final = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_TOKENS: Final = re.compile(
    rf"""
    (?P<skip>
        \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"          # long strings
      | '''(?:[^'\\]|\\.|'(?!''))*'''
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'    # strings
      | \#[^\n\r]*                                        # comments
      | [?$]\w+                                           # variables
      | @[A-Za-z]+(?:-[A-Za-z0-9]+)*                      # language tags
      | _:[\w.\-]+                                        # blank nodes
      | \s+
    )
  | (?P<iri><[^<>"{{}}|^`\\\x00-\x20]*>)
  | (?P<prefix>(?:[^\W\d_][\w.\-]*)?):(?:[\w:.\-]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])*  # prefixed names
  | (?P<word>(?:[A-Za-z_]|{_ESCAPE})(?:[A-Za-z0-9_]|{_ESCAPE})*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATES: Final = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD"})
_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_VOLATILE: Final = frozenset({"NOW", "RAND", "UUID", "STRUUID"})
# A name may stand between these and a "{".
_BEFORE_NAMES: Final = frozenset({"GRAPH", "FROM", "NAMED", "DESCRIBE"})
_BRACE: Final = re.compile(r"(?:\s|#[^\n\r]*)*\{")
_NO_SERVICE: Final = "SERVICE is not allowed: this endpoint answers from its own catalogue only."


@dataclass(frozen=True, slots=True)
class Outline:
    """What the tokens of a query tell: its `form` (select, ask, construct, describe; "" where there is none).

    `steady` queries answer the same as long as the data stay the same: they use neither clock nor chance.
    """

    form: str
    steady: bool


def outline(text: str) -> Outline:
    """Return the outline of a query. Raises `BadQuery` for an empty or overlong one, an update, or a federated one."""
    if len(text) > MAX_LENGTH:
        raise BadQuery(f"The query has {len(text)} characters; {MAX_LENGTH} are allowed.")
    if "\x00" in text:
        raise BadQuery("The query contains a NUL character.")
    words = list(_words(text, _TOKENS.finditer(text)))
    if not words:
        raise BadQuery("The query is empty.")
    # Where "<" may also be "less than", the second reading takes it so: an IRI with an absolute address cannot be that.
    compared = _words(text, _comparing(text)) if re.search("service", text, re.IGNORECASE) else ()
    if any("SERVICE" in word for word in (*words, *compared)):
        raise BadQuery(_NO_SERVICE)
    form = next((word for word in words if word in _FORMS), "")
    if not form and _UPDATES.intersection(words):
        raise BadQuery("This endpoint is read only: updates are not allowed.")
    return Outline(form.lower(), steady=_VOLATILE.isdisjoint(words))


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the tokens of a query that are IRIs (without their brackets), prefixed names, or bare words in capitals.

    Each comes with its kind: `iri`, `prefix`, `word`.
    """
    for token in _TOKENS.finditer(text):
        if token["iri"]:
            yield "iri", token["iri"][1:-1]
        elif token["prefix"]:
            yield "prefix", token["prefix"]
        elif token["word"]:
            yield "word", re.sub(_ESCAPE, _unescaped, token["word"]).upper()


def refuse_service() -> BadQuery:
    """Return the error of a query that asks for another endpoint."""
    return BadQuery(_NO_SERVICE)


def _words(text: str, tokens: Iterator[re.Match[str]]) -> Iterator[str]:
    """Yield the bare words, in capitals and with their escapes read, and names the engine takes for SERVICE."""
    keyword = ""  # the last one, as long as only names follow it
    for token in tokens:
        if token["word"]:
            keyword = re.sub(_ESCAPE, _unescaped, token["word"]).upper()
            yield keyword
        elif token["other"]:
            keyword = ""
        elif "SERVICE" in (token["prefix"] or "").upper():
            taken = keyword not in _BEFORE_NAMES and _BRACE.match(text, token.end())
            yield from ("SERVICE",) if taken else ()


def _unescaped(escape: re.Match[str]) -> str:
    digits = escape[0][2:]
    return chr(min(int(digits, 16), sys.maxunicode))


def _comparing(text: str) -> Iterator[re.Match[str]]:
    """Yield the tokens of the other reading: `<` is "less than" unless an address with `//` follows."""
    place = 0
    while token := _TOKENS.match(text, place):
        place = token.end()
        if token["iri"] and not re.match(r"<[A-Za-z][A-Za-z0-9+.\-]*://", token["iri"]):
            place = token.start() + 1
            continue
        yield token
