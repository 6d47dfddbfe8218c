"""Bytes laid down one after the other and read back by place: in memory while they are few, then in a file."""

from __future__ import annotations

import os
import tempfile
from typing import Final
from weakref import finalize

_IN_MEMORY: Final = 8 * 1024 * 1024  # bytes that never touch the disk
_PIECE: Final = 1024 * 1024  # bytes written to the disk at once


class Spool:
    """Grows at its end. The file has no name, and is gone when the spool is let go. Used by one thread."""

    __slots__ = ("__weakref__", "_file", "_held", "_written")

    def __init__(self) -> None:
        self._held = bytearray()  # what is not in the file yet
        self._written = 0
        self._file: int | None = None

    def put(self, data: bytes) -> int:
        """Lay bytes down; return their place."""
        place = self._written + len(self._held)
        self._held += data
        if len(self._held) > (_IN_MEMORY if self._file is None else _PIECE):
            self._write()
        return place

    def get(self, place: int, size: int) -> bytes:
        """Give bytes back; they lie together as they were put."""
        if place >= self._written:
            place -= self._written
            return bytes(self._held[place : place + size])
        if self._file is None:
            raise ValueError("nothing was written yet")
        return os.pread(self._file, size, place)

    def _write(self) -> None:
        if self._file is None:
            self._file = nameless(self)
        waiting = memoryview(self._held)
        while waiting:  # the system may take less than it is given
            waiting = waiting[os.write(self._file, waiting) :]
        self._written += len(self._held)
        self._held = bytearray()


def nameless(owner: object) -> int:
    """Make a file without a name and return its descriptor. It is gone when the owner is let go."""
    file, path = tempfile.mkstemp()
    finalize(owner, os.close, file)
    os.unlink(path)  # noqa: PTH108 - with the descriptor beside it
    return file
