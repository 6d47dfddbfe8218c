r"""RDF terms as N-Triples text, the form in which records travel: `<iri>`, `_:label`, `"lexical"@en`, `"1"^^<type>`.

One term has one text (pyoxigraph writes them all), so equal texts are equal terms, the first character tells the kind,
and nothing needs to be parsed before a constraint looks inside a literal.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

import pyoxigraph as ox

from shapes.graph import Term
from shapes.vocabulary import RDF, XSD

_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_PLAIN: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_DIRECTIONS: Final = {"ltr": ox.BaseDirection.LTR, "rtl": ox.BaseDirection.RTL}


class Parts(NamedTuple):
    """What a literal is made of. `language` is empty where it has none; a base direction stands behind `--`."""

    lexical: str
    datatype: str
    language: str


@lru_cache(maxsize=8192)
def parts(literal: str) -> Parts:
    """Take the text of a literal apart."""
    end = literal.rindex('"')
    lexical, rest = literal[1:end], literal[end + 1 :]
    if "\\" in lexical:
        lexical = _ESCAPE.sub(_unescaped, lexical)
    if not rest:
        return Parts(lexical, XSD.string, "")
    if rest[0] == "@":
        return Parts(lexical, RDF.dirLangString if "--" in rest else RDF.langString, rest[1:])
    return Parts(lexical, rest[3:-1], "")


def lexical(text: str) -> str:
    """Return what SPARQL's STR gives for an IRI or a literal."""
    return text[1:-1] if text[0] == "<" else parts(text).lexical


def term_of(text: str) -> Term:
    """Return the term of a text."""
    if text[0] == "<":
        return ox.NamedNode(text[1:-1])
    if text[0] == "_":
        return ox.BlankNode(text[2:])
    value, datatype, tag = parts(text)
    if tag:
        language, _, direction = tag.partition("--")
        if direction:
            return ox.Literal(value, language=language, direction=_DIRECTIONS[direction])
        return ox.Literal(value, language=language)
    return ox.Literal(value, datatype=ox.NamedNode(datatype))


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _PLAIN.get(found[3], found[3])
