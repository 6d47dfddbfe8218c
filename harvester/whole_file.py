"""A file that is there whole or as it was before, whatever ends the program."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def put(path: Path, text: str) -> None:
    """Put a text in the place of a file, in one step; its folder is made. Several processes may do so at once.

    For what is lost without harm: nothing waits for the disk. Raises `OSError`, with nothing left beside.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
