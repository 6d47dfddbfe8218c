"""A lock on a file, which the system releases when its process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from catalogue.errors import StoreLocked
from shapes.errors import CannotWork


class FileLock:
    """An exclusive lock for one purpose (a word for messages). Two of one path exclude each other in any process."""

    def __init__(self, path: Path, purpose: str) -> None:
        self._path = path
        self._purpose = purpose
        self._file: IO[str] | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._file is not None

    def take(self) -> bool:
        """Take the lock without waiting; return False when somebody else has it.

        Raises `CannotWork` when the file cannot be made.
        """
        if self._file is not None:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("a+", encoding="ascii")
        except OSError as error:
            raise CannotWork(f"The lock file cannot be made: {error.strerror}.", url=str(self._path)) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        except OSError as error:
            file.close()
            raise CannotWork(f"The lock cannot be taken: {error.strerror}.", url=str(self._path)) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file
        return True

    def release(self) -> None:
        """Give the lock back; does nothing where it is not held. The file stays: removing it would race."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def holder(self) -> int | None:
        """Return the process that wrote its number in last; None where nobody did. It may be gone."""
        try:
            text = self._path.read_text("ascii").strip()
        except OSError:
            return None
        return int(text) if text.isdigit() else None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the lock for a block; one that is held already stays held after it. Raises `StoreLocked`."""
        had = self.held
        if not self.take():
            holder = self.holder()
            who = f"process {holder}" if holder is not None else "another process"
            raise StoreLocked(f"The lock for {self._purpose} is held by {who}.", url=str(self._path))
        try:
            yield
        finally:
            if not had:
                self.release()
