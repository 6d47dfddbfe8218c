"""A record's body read back: canonical N-Triples become the index of a graph.

Bodies are written by us: one statement a line, one space between terms. So they take a third less time than N-Triples
of strangers, and a term met lately is not made again. What is not written so is left to the engine's parser.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, TypeAlias

import pyoxigraph as ox

Node: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
# Subject -> predicate IRI -> values, in the order in which they stand.
Subjects: TypeAlias = dict[Node, dict[str, dict[Term, None]]]

_END: Final = " .\n"
_SHORT: Final = 80  # characters of a literal that is likely to come again: dates, codes, labels
_REMEMBERED: Final = 8_192  # terms of a kind, some 300 bytes each
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([tbnrf\"'\\]))")
_ESCAPED: Final = re.compile(rf"(?:[^\"\\]|{_ESCAPE.pattern})*")
_LETTERS: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def subjects_of(body: bytes) -> Subjects | None:
    """Return the index of a body; None for one that is no canonical N-Triples, or holds terms of RDF 1.2."""
    try:
        lines = body.decode().split(_END)
        return None if lines.pop() else _indexed(lines)
    except ValueError:  # no UTF-8, no three terms in a line, or no term
        return None


def _indexed(lines: list[str]) -> Subjects:
    subjects: Subjects = {}
    about = stated = ""
    said: dict[str, dict[Term, None]] = {}
    values: dict[Term, None] = {}
    for line in lines:
        subject, predicate, value = line.split(" ", 2)
        if subject != about:  # what is said of one node stands together
            about, stated = subject, ""
            said = subjects.setdefault(_node(subject), {})
        if predicate != stated:
            stated = predicate
            values = said.setdefault(_property(predicate), {})
        if not value.startswith('"'):
            values[_node(value)] = None
        elif len(value) <= _SHORT:
            values[_label(value)] = None
        else:
            values[_literal(value)] = None
    return subjects


@lru_cache(maxsize=_REMEMBERED)
def _node(text: str) -> Node:
    if text.startswith("_:"):
        return ox.BlankNode(text[2:])
    return ox.NamedNode(_iri(text))


@lru_cache(maxsize=_REMEMBERED)
def _property(text: str) -> str:
    return ox.NamedNode(_iri(text)).value


def _iri(text: str) -> str:
    if not (text.startswith("<") and text.endswith(">")):
        raise ValueError(f"{text} is no IRI")
    return text[1:-1]


@lru_cache(maxsize=_REMEMBERED)
def _label(text: str) -> ox.Literal:
    return _literal(text)


def _literal(text: str) -> ox.Literal:
    value, _, kind = text[1:].rpartition('"')
    if "\\" in value or '"' in value:
        value = _unescaped(value)
    if not kind:
        return ox.Literal(value)
    if kind.startswith("@"):
        return ox.Literal(value, language=kind[1:])
    if not kind.startswith("^^"):
        raise ValueError(f"{kind} is neither a language tag nor a datatype")
    return ox.Literal(value, datatype=ox.NamedNode(_iri(kind[2:])))


def _unescaped(value: str) -> str:
    """Return a text without its escapes (RDF 1.1 N-Triples, section 7: STRING_LITERAL_QUOTE)."""
    if not _ESCAPED.fullmatch(value):
        raise ValueError(f"{value} is no text within quotes")
    return _ESCAPE.sub(lambda found: _LETTERS[found[3]] if found[3] else chr(int(found[1] or found[2], 16)), value)
