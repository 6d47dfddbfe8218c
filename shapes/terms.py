"""Whether the terms of a statement are well-formed, and in which words to say that one is not.

pyoxigraph is run lenient: its strict mode gives up the rest of a description at a malformed IRI, in RDF/XML goes on to
yield statements nobody made, and in JSON-LD says nothing. So IRIs and language tags are checked here, and a malformed
one costs its statement only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyoxigraph as ox

_LONG = 512  # characters of an IRI; hardly any of a real catalogue has more
_CODE_POINT = re.compile(r"Invalid IRI code point '(.*)'", re.DOTALL)
_MOST = 100_000
_SHOWN = 120


class TooManyLongNames(Exception):
    """The long IRIs of a document are more than it may have."""


@dataclass(frozen=True, slots=True)
class BadTerm:
    """A term that cannot stand in RDF: its text as read, and a sentence."""

    text: str
    detail: str


class TermCheck:
    """Checks the terms of one document; each distinct IRI and tag is looked at once, a long IRI each time.

    A prefix or a base may be as long as the document, and every name with it: written out, a hundred thousand bytes
    become gigabytes. `room` is how many characters all long IRIs together may have, each as often as it stands.
    """

    __slots__ = ("_good", "_languages", "_room")

    def __init__(self, room: int) -> None:
        self._room = room
        self._good: set[ox.NamedNode] = set()
        self._languages: set[str] = set()

    def fault(self, quad: ox.Quad) -> BadTerm | None:
        """Return the first malformed term of a statement, or None. Raises `TooManyLongNames`."""
        good = self._good
        subject, predicate, value = quad.subject, quad.predicate, quad.object
        if subject not in good and isinstance(subject, ox.NamedNode):
            bad = self._iri(subject)
            if bad:
                return bad
        if predicate not in good:
            bad = self._iri(predicate)
            if bad:
                return bad
        if isinstance(value, ox.Literal):
            return self._literal(value)
        if value not in good and isinstance(value, ox.NamedNode):
            return self._iri(value)
        return None

    def _iri(self, node: ox.NamedNode) -> BadTerm | None:
        try:
            ox.NamedNode(node.value)
        except ValueError as error:
            return BadTerm(node.value, bad_iri(node.value, str(error)))
        if len(node.value) > _LONG:
            self._room -= len(node.value)
            if self._room < 0:
                raise TooManyLongNames
            return None
        if len(self._good) >= _MOST:
            self._good.clear()
        self._good.add(node)
        return None

    def _literal(self, literal: ox.Literal) -> BadTerm | None:
        language = literal.language
        if language is None:
            datatype = literal.datatype
            return None if datatype in self._good else self._iri(datatype)
        if language in self._languages:
            return None
        try:
            ox.Literal("", language=language)
        except ValueError:
            return BadTerm(language, f"{language!r} is not a language tag; its statement was not read")
        self._languages.add(language)
        return None


def bad_iri(iri: str, reason: str) -> str:
    """Say that something is no IRI, and why, from the words of pyoxigraph's error."""
    point = _CODE_POINT.search(reason)
    if point:
        character = point.group(1)
        why = f"it holds {_CHARACTERS.get(character, f'the character {character!r}')}, which must be percent-encoded"
    else:
        why = reason[:1].lower() + reason[1:]
    return f"<{shortened(iri)}> is not an IRI: {why}; its statement was not read"


def shortened(text: str) -> str:
    """Return a text as long as a message can take, on one line."""
    text = " ".join(text.split("\n"))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


_CHARACTERS = {" ": "a space", "\n": "a line break", "\r": "a line break", "\t": "a tabulator"}
