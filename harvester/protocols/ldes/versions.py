"""The latest version of every entity met so far. What they say waits on disk, a line for each in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from harvester.protocols.ldes.members import Member, Rank
from shapes.media import NTRIPLES
from shapes.parse import Document

_IN_MEMORY: Final = 32 * 1024 * 1024
# Bytes of one document handed out at the end: as many entities as fit are read together.
_CHUNK: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Place:
    rank: Rank
    start: int
    size: int
    deleted: bool


class Versions:
    """Takes members in any order, keeps of each entity the latest. A context manager: it is gone when it closes."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by __exit__
        self._places: dict[str, _Place] = {}
        self._names: set[str] = set()
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        """How many members were taken in, each counted once however many pages it stood on."""
        return len(self._names)

    @property
    def deleted(self) -> int:
        """Of how many entities the latest version is that they are no more."""
        return sum(place.deleted for place in self._places.values())

    def take(self, member: Member) -> None:
        """Take a member in, unless it came before or a later version of its entity is here."""
        if member.name in self._names:
            return
        self._names.add(member.name)
        before = self._places.get(member.entity)
        if before is not None and before.rank >= member.rank:
            return
        data = "".join(f"{line}\n" for line in member.lines).encode()
        self._file.seek(self._end)
        self._file.write(data)
        self._places[member.entity] = _Place(member.rank, self._end, len(data), member.deleted)
        self._end += len(data)

    def documents(self, name: str) -> Iterator[Document]:
        """Yield what the latest versions say, entity after entity, in documents of a few megabytes."""
        waiting = bytearray()
        for place in self._places.values():
            self._file.seek(place.start)
            waiting += self._file.read(place.size)
            if len(waiting) >= _CHUNK:
                yield Document(bytes(waiting), name, name, NTRIPLES)
                waiting.clear()
        if waiting:
            yield Document(bytes(waiting), name, name, NTRIPLES)
