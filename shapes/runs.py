"""The lines of a document in N-Triples or N-Quads, by subject, each run of them told by a fingerprint and not parsed.

Lines that are equal to lines of a document that was read without any fault, each of which was one statement, are good
and say the same. This looks at nothing but where lines end and what they begin with, so it takes a tenth of the time
of reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Final, NamedTuple

from shapes.content import Content, pieces_of

PRINT: Final = 16  # bytes of a fingerprint: of SHA-256, for nobody should find two texts that have the same
_LONGEST: Final = 16 * 1024 * 1024  # bytes of a line
# Lines one after the other about one subject, whose name is written without escapes.
_RUN: Final = re.compile(rb"(<[^>\s\\]*+>|_:[^\s\\]++)[ \t].*\n(?:\1[ \t].*\n)*+")
_COMMENTS: Final = re.compile(rb"(?:[ \t]*(?:#[^\r\n]*)?\r?\n)*+")
_BLANK: Final = re.compile(rb"[ \t\r\n]*+")


class NotInLines(Exception):
    """A document is not written so that every line must be one statement: it has to be read."""


class Run(NamedTuple):
    """Lines about one subject (an N-Triples term): where they lie, and their fingerprint."""

    subject: bytes
    place: int
    size: int
    print: bytes


class Runs:
    """Those of a document, in its order. `lines`: how many there are, once all were seen.

    Comments may stand at the start only, blank lines at the end too: between lines nobody can tell them from the inside
    of a text with line breaks.
    """

    def __init__(self, content: Content) -> None:
        self._content = content
        self.lines = 0

    def __iter__(self) -> Iterator[Run]:
        """Yield them. Raises `NotInLines`."""
        self.lines = 0
        subject, place, size, running = b"", 0, 0, sha256()
        begun = ended = False
        for start, text, whole in self._pieces():
            first = end = 0 if begun else _end_of(_COMMENTS, text, 0, whole)
            begun = begun or end < whole
            while found := _RUN.match(text, end, whole):
                if ended:
                    raise NotInLines
                said, end = found[0], found.end()
                if found[1] == subject:
                    running.update(said)
                    size += len(said)
                    continue
                if subject:
                    yield Run(subject, place, size, running.digest()[:PRINT])
                subject, place, size, running = found[1], start + found.start(), len(said), sha256(said)
            ended = end < whole
            if _end_of(_BLANK, text, end, whole) != whole:
                raise NotInLines
            self.lines += text.count(b"\n", first, end)
        if subject:
            yield Run(subject, place, size, running.digest()[:PRINT])

    def _pieces(self) -> Iterator[tuple[int, bytes, int]]:
        """Yield the document some lines at a time: where they begin, a text, and where in it the last of them ends."""
        start, rest = 0, b""
        for piece in pieces_of(self._content):
            text = rest + piece if rest else piece
            whole = text.rfind(b"\n") + 1
            if len(text) - whole > _LONGEST:
                raise NotInLines
            if b"\r" in text and text.count(b"\r", 0, whole) != text.count(b"\r\n", 0, whole):
                raise NotInLines
            yield start, text, whole
            start, rest = start + whole, text[whole:]
        if rest:
            yield start, rest + b"\n", len(rest) + 1


def _end_of(pattern: re.Pattern[bytes], text: bytes, start: int, end: int) -> int:
    """Where that ends which matches from a place on: there, if nothing does."""
    found = pattern.match(text, start, end)
    return found.end() if found else start
