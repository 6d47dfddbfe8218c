"""A folder of files that take no more than so many bytes together, each replaced in one step.

For what is lost without harm: a disk that refuses costs speed, never a run.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from harvester import whole_file


class Room:
    """The bytes the files of a folder may take there, of one ending or of any; 0: none is kept. Used by one thread."""

    def __init__(self, folder: Path, most: int, ending: str = "") -> None:
        self._folder = folder
        self._most = most
        self._ending = ending
        self._taken: int | None = None  # bytes of all files; added up before the first is written

    def put(self, path: Path, pieces: Iterable[bytes]) -> bool:
        """Put a file in its place. Return False, with what is there left as it is, where it does not fit.

        Raises `OSError`.
        """
        if not self._most:
            return False
        if self._taken is None:
            there = self._folder.glob(f"*{self._ending}") if self._folder.exists() else ()
            self._taken = sum(map(_size, there))
        others = self._taken - _size(path)
        size = whole_file.put_pieces(path, pieces, self._most - others)
        if size is None:
            return False
        self._taken = others + size
        return True

    def remove(self, path: Path) -> None:
        """Remove a file, where it is there. Raises `OSError`."""
        if self._taken is not None:
            self._taken -= _size(path)
        path.unlink(missing_ok=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
