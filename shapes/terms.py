"""Whether the terms of a statement are well-formed, and in which words to say that one is not.

pyoxigraph is run lenient: its strict mode gives up the rest of a description at a malformed IRI, in RDF/XML goes on to
yield statements nobody made, and in JSON-LD says nothing. So IRIs and language tags are checked here, and a malformed
one costs its statement only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

NO_LANGUAGE = (b'xml:lang=""', b"xml:lang=''")  # what RDF/XML has where `in_no_language` is needed
_LONG = 512  # characters of an IRI; hardly any of a real catalogue has more
_CODE_POINT = re.compile(r"Invalid IRI code point '(.*)'", re.DOTALL)
_MOST = 30_000  # names remembered; a document describes one thing after the other
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

    Statements are looked through as N-Triples text, in which a term that was found good is found again without making
    it; only one that was not met lately is looked at as a term.

    A prefix or a base may be as long as the document, and every name with it: written out, a hundred thousand bytes
    become gigabytes. `room` is how many characters all long IRIs together may have, each as often as it stands.
    """

    __slots__ = ("_good", "_room", "_tails")

    def __init__(self, room: int) -> None:
        self._room = room
        self._good: set[str] = set()  # IRIs, as `<iri>`
        self._tails: set[str] = {""}  # what stands behind the text of a literal: nothing, `@en`, `^^<iri>`

    def unsure(self, texts: Sequence[str]) -> Iterator[int]:
        """Yield the positions of the statements that `fault` must be asked of, before the next one is asked for.

        `texts`: subject, predicate and object as pyoxigraph writes them. A malformed IRI may hold spaces and quotes,
        and so look like several terms. But where each of three parts is a good IRI, a blank node, or a literal with no
        quote but its own two and a good end, no malformed term can have made them.
        """
        good, tails = self._good, self._tails
        for position, text in enumerate(texts):
            subject, predicate, value = text.split(" ", 2)
            if (subject in good or subject[0] == "_" or self._learns(subject)) and (
                predicate in good or self._learns(predicate)
            ):
                first = value[0]
                if first == '"':
                    end = value.rfind('"')
                    if value[end + 1 :] in tails and (value.find('"', 1) == end or _is_quoted(value[1:end])):
                        continue
                elif value in good or (first == "_" and " " not in value) or self._learns(value):
                    continue
            yield position

    def _learns(self, text: str) -> bool:
        """Whether a text is one good IRI, and not a long one; it is then remembered."""
        if len(text) > _LONG or text[0] != "<" or text[-1] != ">":
            return False
        try:
            ox.NamedNode(text[1:-1])
        except ValueError:
            return False
        _learn(self._good, text)
        return True

    def fault(self, quad: ox.Quad) -> BadTerm | None:
        """Return the first malformed term of a statement, or None. Raises `TooManyLongNames`."""
        subject, value = quad.subject, quad.object
        bad = self._iri(subject) if isinstance(subject, ox.NamedNode) else None
        bad = bad or self._iri(quad.predicate)
        if bad is None and isinstance(value, ox.Literal):
            return self._literal(value)
        if bad is None and isinstance(value, ox.NamedNode):
            return self._iri(value)
        return bad

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

    def _literal(self, literal: ox.Literal) -> BadTerm | None:
        language = literal.language
        if language is None:
            bad = self._iri(literal.datatype)
            if bad is not None:
                return bad
        else:
            try:
                ox.Literal("", language=language)
            except ValueError:
                hint = " (its parts are joined by hyphens)" if "_" in language else ""
                return BadTerm(language, f"{language!r} is not a language tag{hint}; its statement was not read")
        tail = str(literal).rpartition('"')[2]
        if len(tail) <= _LONG:
            _learn(self._tails, tail)
        return None


def _is_quoted(text: str) -> bool:
    """Whether every quote in the text of a literal is escaped, so that it ends nowhere before its end."""
    return '"' not in text.replace("\\\\", "").replace('\\"', "")


def _learn(known: set[str], text: str) -> None:
    if len(known) >= _MOST:
        known.clear()
    known.add(text)


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


def in_no_language(quad: ox.Quad) -> ox.Quad:
    """Return a statement whose text is in no language (xml:lang="", RDF/XML section 2.7) as one of plain text."""
    value = quad.object
    if isinstance(value, ox.Literal) and value.language == "":
        return ox.Quad(quad.subject, quad.predicate, ox.Literal(value.value), quad.graph_name)
    return quad
