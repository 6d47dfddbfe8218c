"""Where delivered records wait until the whole delivery is known: their bodies on disk, a line each in memory."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import Final, Self

from harvester.compare import Key
from shapes.record import Record

# A delivery smaller than this many bytes never touches the disk.
_IN_MEMORY: Final = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Slot:
    """A record's key, and where its body lies."""

    key: Key
    start: int
    size: int


class Shelf:
    """Holds the bodies of records. A context manager: what it held is gone when it closes."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by __exit__
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def put(self, record: Record) -> Slot:
        """Take a record in."""
        slot = Slot(Key.of(record), self._end, len(record.body))
        self._file.seek(self._end)
        self._file.write(record.body)
        self._end += slot.size
        return slot

    def get(self, slot: Slot) -> Record:
        """Give a record back; it stays here as well."""
        self._file.seek(slot.start)
        key, body = slot.key, self._file.read(slot.size)
        return Record(key.kind, key.subject, key.identifiers, body, key.digest, key.complete)
