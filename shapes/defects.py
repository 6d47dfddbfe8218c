"""What could not be read, in words for people, with the place in the document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO, cast
from xml.sax.saxutils import escape

import pyoxigraph as ox

from shapes.encoding import Text
from shapes.terms import BadTerm, shortened
from shapes.vocabulary import PREFIXES

_LINE_BREAK = re.compile(rb"\r\n|\n|\r")
_POSITION = re.compile(r"^Parser error (?:at line .*?|between line .*?): ", re.DOTALL)
_PREFIX = re.compile(r"The prefix ([^\s:]*): has not been declared")
_MISPLACED = re.compile(r"(\S+) is not (a valid .*)", re.DOTALL)
_LAST_WORD = re.compile(rb"[^\s;,\[\](){}<>:]+\Z")
_ENDS = "The document ends in the middle of a statement: its end is missing"
_SHORTEST_CLUE = 4


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that was not read. Line and column (in characters, from 1) are set where known."""

    detail: str
    line: int | None = None
    column: int | None = None


class TextDefects:
    """Words the errors of one document in Turtle, TriG, N-Triples or N-Quads, in the order they come."""

    __slots__ = ("_data", "_end", "_line", "_offset", "_quotable")

    def __init__(self, data: bytes) -> None:
        self._data = data
        body = data.rstrip()
        lone_returns = body.count(b"\r") - body.count(b"\r\n")
        start = max(body.rfind(b"\n"), body.rfind(b"\r")) + 1
        self._end = (body.count(b"\n") + lone_returns + 1, len(body[start:].decode("utf-8", "replace")) + 1)
        self._quotable = lone_returns == 0
        self._line = 1
        self._offset = 0

    def is_at_end(self, error: SyntaxError) -> bool:
        """Whether the parser met the end of the document, not something in it."""
        return (error.end_lineno or error.lineno or 0, error.end_offset or error.offset or 0) >= self._end

    def of(self, error: SyntaxError) -> Defect:
        """Word one error."""
        reason = _POSITION.sub("", error.msg)
        if self.is_at_end(error) and (reason.startswith("Unexpected end") or "dot" in reason):
            return Defect(_ENDS, error.lineno, error.offset)
        return Defect(_worded(reason, self._quoted(error)), error.lineno, error.offset)

    def cuts(self, last: ox.Quad) -> bool:
        """Whether the last statement read may end in the word the document stops in.

        `ex:geno` may be the start of `ex:genome`, `"12"^^xsd:int` of `xsd:integer`.
        """
        match = _LAST_WORD.search(self._data[-4096:])
        word = match.group().decode("utf-8", "replace") if match else ""
        value = last.object
        if not word or isinstance(value, ox.Triple):
            return False
        return "\\" in word or value.value == word or str(value).rstrip(">").endswith(word)

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


class TermDefects:
    """Finds malformed terms in a document again, to say where they stand. They come in about the document's order."""

    __slots__ = ("_offset", "_read", "_text")

    def __init__(self, text: Text) -> None:
        self._text = text
        self._read: bytes | None = None  # a long document is only read again where there is something to find
        self._offset = 0

    @property
    def _data(self) -> bytes:
        if self._read is None:
            self._read = self._text.data
        return self._read

    def of(self, bad: BadTerm) -> Defect:
        """Say what is wrong with a term, and where, if its text can be found."""
        clues = (bad.text, escape(bad.text), bad.text.rpartition("/")[2])
        for clue in clues:
            needle = clue.encode()
            if len(needle) < min(_SHORTEST_CLUE, len(bad.text)):
                continue
            place = self._data.find(needle, self._offset)
            place = place if place >= 0 else self._data.find(needle)
            if place < 0:  # the parser of RDF/XML gives language tags in small letters
                found = re.search(re.escape(needle), self._data, re.IGNORECASE)
                place = found.start() if found else -1
            if place >= 0:
                self._offset = place + 1
                return Defect(bad.detail, *_line_and_column(self._data, place))
        return Defect(bad.detail)


def tree_defect(error: SyntaxError, data: bytes, syntax: ox.RdfFormat, base: str) -> Defect:
    """Word an error of the RDF/XML or JSON-LD parser.

    These often give no line: then the document is read again, line by line, to see in which one the error appears.
    """
    line = error.lineno or _line_of_error(data, syntax, base)
    return Defect(_sentence(_POSITION.sub("", error.msg)), line, error.offset)


def _worded(reason: str, token: str) -> str:
    prefix = _PREFIX.match(reason)
    if prefix:
        return _undeclared(prefix.group(1), token)
    if reason.startswith("A dot is expected"):
        return f"A full stop is missing before {shortened(token)!r}" if token else "A full stop is missing"
    near = f" (at {shortened(token)!r})" if token and token not in reason else ""
    return _sentence(reason) + near


def _undeclared(prefix: str, token: str) -> str:
    known = PREFIXES.get(prefix)
    hint = f"; did you forget '@prefix {prefix}: <{known}> .'?" if known else ""
    of = f" of {shortened(token)}" if token else ""
    return f"The prefix '{prefix}:'{of} has not been declared{hint}"


def _sentence(reason: str) -> str:
    misplaced = _MISPLACED.match(reason)
    if misplaced:
        return f"{shortened(misplaced.group(1))!r} is not {misplaced.group(2)}"
    return reason[:1].upper() + reason[1:]


def _line_and_column(data: bytes, place: int) -> tuple[int, int]:
    start = max(data.rfind(b"\n", 0, place), data.rfind(b"\r", 0, place)) + 1
    return len(_LINE_BREAK.findall(data, 0, start)) + 1, len(data[start:place].decode("utf-8", "replace")) + 1


def _line_of_error(data: bytes, syntax: ox.RdfFormat, base: str) -> int | None:
    """The line that was being read when the first error appeared."""
    lines = _Lines(data)
    try:
        for _ in ox.parse(cast("IO[bytes]", lines), format=syntax, base_iri=base, lenient=True):
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
