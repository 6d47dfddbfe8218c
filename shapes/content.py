"""The bytes of a document, wherever they lie: in memory while they are few, else in a file.

A long document is looked through a piece at a time, so that a harvest needs no more memory for it than for a short one.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from typing import IO, Final, TypeAlias, cast

from shapes.spool import nameless

_IN_MEMORY: Final = 8 * 1024 * 1024  # bytes that never touch the disk
_PIECE: Final = 1024 * 1024


class Stored:
    """Bytes in a file without a name, which is gone when they are let go; `size` of them. Threads may read at once."""

    __slots__ = ("__weakref__", "_digest", "_file", "size")

    def __init__(self) -> None:
        self._file = nameless(self)
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def digest(self) -> str:
        """Their SHA-256, in hex."""
        return self._digest.hexdigest()

    def put(self, piece: bytes | memoryview) -> None:
        """Add bytes at the end."""
        self._digest.update(piece)
        waiting = memoryview(piece)
        self.size += len(waiting)
        while waiting:  # the system may take less than it is given
            waiting = waiting[os.write(self._file, waiting) :]

    def read(self, place: int, size: int) -> bytes:
        """Return so many bytes from a place on; fewer at the end."""
        return os.pread(self._file, size, place)

    def open(self) -> IO[bytes]:
        """Return a file to read them from, once and from the start: it has `read` and nothing else."""
        return cast("IO[bytes]", _Reader(self))


class Later(Stored):
    """Bytes of which size and digest are known, and which are brought when somebody reads them for the first time."""

    __slots__ = ("_bring", "_brought", "_said")

    def __init__(self, size: int, digest: str, bring: Callable[[], Content]) -> None:
        self.size = size
        self._said = digest
        self._bring = bring
        self._brought: Content | None = None

    @property
    def digest(self) -> str:
        """Their SHA-256, in hex."""
        return self._said

    def read(self, place: int, size: int) -> bytes:
        """Return so many bytes from a place on. Raises what bringing them raises."""
        if self._brought is None:
            self._brought = self._bring()
            self.size, self._said = size_of(self._brought), digest_of(self._brought)
        brought = self._brought
        return brought[place : place + size] if isinstance(brought, bytes) else brought.read(place, size)


Content: TypeAlias = bytes | Stored


class Gathering:
    """Bytes that come in pieces, nobody knows how many: a few stay in memory, more than that go to a file."""

    __slots__ = ("_held", "_stored")

    def __init__(self) -> None:
        self._held = io.BytesIO()
        self._stored: Stored | None = None

    @property
    def size(self) -> int:
        """How many there are."""
        return self._held.tell() if self._stored is None else self._stored.size

    def put(self, piece: bytes) -> None:
        """Add bytes at the end."""
        if self._stored is not None:
            self._stored.put(piece)
            return
        self._held.write(piece)
        if self._held.tell() > _IN_MEMORY:
            self._stored = Stored()
            self._stored.put(self._held.getbuffer())
            self._held = io.BytesIO()

    def content(self) -> Content:
        """Return all of them. `BytesIO` hands over what it holds: they are not there twice."""
        return self._held.getvalue() if self._stored is None else self._stored


def gathered(file: IO[bytes]) -> Content:
    """Return what is left to read of a file."""
    gathering = Gathering()
    for piece in iter(lambda: file.read(_PIECE), b""):
        gathering.put(piece)
    return gathering.content()


def size_of(content: Content) -> int:
    """Return how many bytes these are."""
    return len(content) if isinstance(content, bytes) else content.size


def digest_of(content: Content) -> str:
    """Return the SHA-256 of bytes, in hex."""
    return hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else content.digest


def head_of(content: Content, size: int) -> bytes:
    """Return the first bytes, at most so many."""
    return content[:size] if isinstance(content, bytes) else content.read(0, size)


def whole_of(content: Content) -> bytes:
    """Return all the bytes in memory."""
    return content if isinstance(content, bytes) else b"".join(pieces_of(content))


def part_of(content: Content, place: int, size: int) -> bytes:
    """Return so many bytes from a place on; fewer at the end."""
    return content[place : place + size] if isinstance(content, bytes) else content.read(place, size)


def pieces_of(content: Content) -> Iterator[bytes]:
    """Yield all the bytes, some at a time."""
    for place in range(0, size_of(content), _PIECE):
        yield part_of(content, place, _PIECE)


def holds(content: Content, *marks: bytes) -> bool:
    """Whether one of these words stands somewhere in the bytes."""
    if isinstance(content, bytes):
        return any(mark in content for mark in marks)
    before, longest = b"", max(map(len, marks))
    for piece in pieces_of(content):
        text = before + piece  # a word may lie over two pieces
        if any(mark in text for mark in marks):
            return True
        before = text[-longest:]
    return False


class _Reader:
    """Reads stored bytes from the start; as much of a file as the parsers ask for."""

    __slots__ = ("_place", "_stored")

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self._place = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most so many; all that are left where it does not say how many."""
        left = self._stored.size - self._place
        data = self._stored.read(self._place, left if size < 0 else min(size, left))
        self._place += len(data)
        return data
