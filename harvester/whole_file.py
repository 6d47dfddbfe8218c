"""A file that is there whole or as it was before, whatever ends the program."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def put(path: Path, text: str) -> None:
    """Put a text in the place of a file, as `put_pieces`."""
    put_pieces(path, (text.encode(),))


def put_pieces(path: Path, pieces: Iterable[bytes], most: int | None = None) -> int | None:
    """Put bytes in the place of a file, in one step; its folder is made. Several processes may do so at once.

    Return how many there are; None, with the file as it was, where they are more than `most`. For what is lost without
    harm: nothing waits for the disk. Raises `OSError`, and what `pieces` raise, with nothing left beside.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
            size = file.tell()
        if most is not None and size > most:
            return None
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return size
