"""Files that say where a projection stands: replaced in one step, and on the disk before anybody relies on them.

For what is lost without harm there is `harvester.whole_file`, which waits for no disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def replace_file(path: Path, text: str) -> None:
    """Put a file in its place in one step, so that a reader sees the old content or the new, whatever happens."""
    replace_bytes(path, (text.encode(),))


def replace_bytes(path: Path, parts: Iterable[bytes]) -> None:
    """Put a file in its place in one step, as `replace_file`."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
