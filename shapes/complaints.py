"""Parser errors in words for people, with the place in the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, cast

import pyoxigraph as ox

from shapes.vocabulary import PREFIXES

_LINE_BREAK = re.compile(rb"\r\n|\n|\r")
_POSITION = re.compile(r"^Parser error (?:at line .*?|between line .*?): ", re.DOTALL)
_PREFIX = re.compile(r"The prefix ([^\s:]*): has not been declared")
_XML_IRI = re.compile(r"error while parsing IRI '(.*)': (.*)", re.DOTALL)
_CODE_POINT = re.compile(r"Invalid IRI code point '(.*)'", re.DOTALL)
_LAST_WORD = re.compile(rb"[^\s;,\[\](){}<>:]+\Z")
_MISPLACED = re.compile(r"(\S+) is not (a valid .*)", re.DOTALL)
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Complaint:
    """One error. `at_end`: the document stops in the middle; `tail` is then its last word, which may be cut."""

    detail: str
    line: int | None = None
    column: int | None = None
    at_end: bool = False
    tail: str = ""

    def may_be_cut(self, last: ox.Quad) -> bool:
        """Return whether the last statement read may end in the word the document stopped in."""
        return bool(self.tail) and ("\\" in self.tail or self.tail in str(last.object))


class TextComplaints:
    """Words the errors of one document in Turtle, TriG, N-Triples or N-Quads, in the order they come."""

    __slots__ = ("_data", "_end", "_line", "_offset", "_quotable")

    def __init__(self, data: bytes) -> None:
        self._data = data
        body = data.rstrip()
        lone_returns = body.count(b"\r") - body.count(b"\r\n")
        start = max(body.rfind(b"\n"), body.rfind(b"\r")) + 1
        column = len(body[start:].decode("utf-8", "replace")) + 1
        self._end = (body.count(b"\n") + lone_returns + 1, column)
        self._quotable = lone_returns == 0
        self._line = 1
        self._offset = 0

    def of(self, error: SyntaxError) -> Complaint:
        """Word one error."""
        line, column = error.lineno, error.offset
        reason = _POSITION.sub("", error.msg)
        at_end = (error.end_lineno or line or 0, error.end_offset or column or 0) >= self._end
        tail = _last_word(self._data) if at_end else ""
        if at_end and (reason.startswith("Unexpected end") or "dot" in reason):
            return Complaint(_ENDS, line, column, at_end=True, tail=tail)
        return Complaint(_worded(reason, self._quoted(error)), line, column, at_end=at_end, tail=tail)

    def _quoted(self, error: SyntaxError) -> str:
        """The text an error points at, where it lies within one line."""
        line, column, last = error.lineno, error.offset, error.end_offset
        if not line or not column or not last or error.end_lineno != line or not self._quotable or line < self._line:
            return ""
        while self._line < line:
            following = self._data.find(b"\n", self._offset) + 1
            if not following:
                return ""
            self._line, self._offset = self._line + 1, following
        end = self._data.find(b"\n", self._offset)
        text = self._data[self._offset : end if end >= 0 else len(self._data)]
        return text.decode("utf-8", "replace")[column - 1 : max(last - 1, column)]


def of_tree(error: SyntaxError, data: bytes, syntax: ox.RdfFormat, base: str) -> Complaint:
    """Word an error of the RDF/XML or JSON-LD parser.

    These often give no line: then the document is read again, line by line, to see in which one the error appears.
    """
    reason = _POSITION.sub("", error.msg)
    line = error.lineno or _line_of_error(data, syntax, base)
    bad = _XML_IRI.match(reason)
    if bad:
        return Complaint(_bad_iri(bad.group(1), bad.group(2)), line, error.offset)
    return Complaint(_sentence(reason), line, error.offset)


def dropped_by_jsonld(data: bytes, base: str, most: int) -> Iterator[Complaint]:
    """Say which statements a JSON-LD document lost without an error.

    The standard lets a processor skip a statement whose IRI or language tag is malformed, and pyoxigraph does so
    silently. A lenient reading keeps them: only where it gives more statements than the strict one are they searched.
    """
    if _count(data, base, lenient=True) == _count(data, base, lenient=False):
        return
    found = 0
    for quad in ox.parse(data, format=ox.RdfFormat.JSON_LD, base_iri=base, lenient=True):
        reason = _unusable(quad) if ":" in quad.predicate.value else None  # a key that is no IRI makes no statement
        if reason is None:
            continue
        text, detail = reason
        yield Complaint(detail, _line_of(data, text))
        found += 1
        if found == most:
            return


_ENDS = "The document ends in the middle of a statement: its end is missing"


def _count(data: bytes, base: str, *, lenient: bool) -> int:
    return sum(1 for _ in ox.parse(data, format=ox.RdfFormat.JSON_LD, base_iri=base, lenient=lenient))


def _unusable(quad: ox.Quad) -> tuple[str, str] | None:
    """Return the text that makes a statement unusable and a sentence about it, or None."""
    for term in (quad.subject, quad.predicate, quad.object):
        if isinstance(term, ox.NamedNode):
            try:
                ox.NamedNode(term.value)
            except ValueError as error:
                return term.value, _bad_iri(term.value, str(error))
        elif isinstance(term, ox.Literal) and term.language:
            try:
                ox.Literal("", language=term.language)
            except ValueError:
                return term.language, f"The language tag {term.language!r} is malformed; its statement was not read"
    return None


def _last_word(data: bytes) -> str:
    """The word the document stops in, without its prefix; empty where it stops after a whole one."""
    word = _LAST_WORD.search(data[-4096:])
    return word.group().decode("utf-8", "replace") if word else ""


def _worded(reason: str, token: str) -> str:
    prefix = _PREFIX.match(reason)
    if prefix:
        return _undeclared(prefix.group(1), token)
    if token.startswith("<") and ("IRI" in reason or "scheme" in reason or "code point" in reason):
        return _bad_iri(token.strip("<>"), reason)
    if reason.startswith("A dot is expected"):
        return f"A full stop is missing before {_short(token)!r}" if token else "A full stop is missing"
    near = f" (at {_short(token)!r})" if token and token not in reason else ""
    return _sentence(reason) + near


def _undeclared(prefix: str, token: str) -> str:
    known = PREFIXES.get(prefix)
    hint = f"; did you forget '@prefix {prefix}: <{known}> .'?" if known else ""
    return f"The prefix '{prefix}:' of {_short(token)} has not been declared{hint}"


def _bad_iri(iri: str, reason: str) -> str:
    point = _CODE_POINT.search(reason)
    if point:
        character = point.group(1)
        why = "a space" if character == " " else f"the character {character!r}"
        return (
            f"<{_short(iri)}> is not an IRI: it holds {why}, which must be percent-encoded; its statement was not read"
        )
    return f"<{_short(iri)}> is not an IRI: {_lower(reason)}; its statement was not read"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _sentence(reason: str) -> str:
    misplaced = _MISPLACED.match(reason)
    if misplaced:
        return f"{_short(misplaced.group(1))!r} is not {misplaced.group(2)}"
    return reason[:1].upper() + reason[1:]


def _lower(reason: str) -> str:
    return reason[:1].lower() + reason[1:]


def _line_of(data: bytes, text: str) -> int | None:
    place = data.find(text.encode())
    return None if place < 0 else len(_LINE_BREAK.findall(data, 0, place)) + 1


def _line_of_error(data: bytes, syntax: ox.RdfFormat, base: str) -> int | None:
    """The line that was being read when the first error appeared."""
    lines = _Lines(data)
    try:
        for _ in ox.parse(cast("IO[bytes]", lines), format=syntax, base_iri=base):
            pass
    except SyntaxError:
        return lines.number
    return None


class _Lines:
    """A reader that hands over one line at a time and remembers which."""

    __slots__ = ("_data", "_place", "number")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0
        self.number = 0

    def read(self, size: int = -1) -> bytes:
        """Return the rest of the line, at most `size` bytes."""
        end = self._data.find(b"\n", self._place) + 1 or len(self._data)
        if size >= 0:
            end = min(end, self._place + size)
        piece = self._data[self._place : end]
        if self._place == 0 or self._data[self._place - 1 : self._place] == b"\n":
            self.number += bool(piece)
        self._place = end
        return piece
