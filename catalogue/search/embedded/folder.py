"""Where the embedded index lives on disk.

    index/
        current             the name of the generation that readers use
        g-7/                one whole index: tantivy's own files, and beside them
            labels.sqlite   labels of facet values
            rows            which rows have which values; spares reading it from the index
            frequent        which rows have which frequent words; likewise
            words-4000/     the words of the rows below 4,000, an index of their own, and those of small changes since
            progress.json   cursor, stamp and layout; replaced after each commit, so readers watch this file

A rebuild makes the next generation beside the current one and swaps by replacing `current`. Every file of ours is
replaced atomically; what a killed process leaves behind is a folder that `current` does not name, removed by the next
rebuild.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from catalogue.durable import replace_file, sync_directory
from catalogue.errors import SearchUnavailable

CURRENT: Final = "current"
PROGRESS: Final = "progress.json"
LABELS: Final = "labels.sqlite"
ROWS: Final = "rows"
FREQUENT: Final = "frequent"
_GENERATION: Final = "g-"
_NAME: Final = re.compile(r"g-\d{1,15}")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an index has read the journal, with what stamp, and in which layout of fields it is written.

    `rows`: how many documents were ever written to it; the next one gets this number.
    """

    cursor: int = 0
    stamp: str = ""
    layout: str = ""
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Version:
    """What distinguishes two contents of the index folder, cheap to read: one look per search.

    `folder` and `file` are the inodes of the generation and of its progress, `changed` the time of the latter in ns.
    """

    generation: str
    folder: int
    file: int
    changed: int


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation: a folder that holds a whole index."""

    path: Path

    @property
    def labels(self) -> Path:
        """The label table."""
        return self.path / LABELS

    @property
    def rows(self) -> Path:
        """The file of rows."""
        return self.path / ROWS

    @property
    def frequent(self) -> Path:
        """The file of the rows of frequent words."""
        return self.path / FREQUENT

    def progress(self) -> Progress:
        """Read the progress; an index that has none yet is at the start."""
        file = self.path / PROGRESS
        try:
            return Progress(**json.loads(file.read_text("utf-8")))
        except FileNotFoundError:
            return Progress()
        except (OSError, ValueError, TypeError) as error:
            raise SearchUnavailable(f"The search index cannot say how far it is: {error}.", url=str(file)) from error

    def record(self, progress: Progress) -> None:
        """Write the progress, durably and in one step."""
        with _on_disk(self.path):
            replace_file(self.path / PROGRESS, json.dumps(asdict(progress)))


class Folder:
    """The index folder and its generations."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> Generation | None:
        """Return the generation in use; None where nothing was ever written, or what was written names none.

        Then the index is made anew from the journal, which has everything.
        """
        try:
            name = (self.root / CURRENT).read_text("utf-8", "replace").strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SearchUnavailable(
                f"The search index cannot be read: {error.strerror}.", url=str(self.root)
            ) from error
        return Generation(self.root / name) if _NAME.fullmatch(name) else None

    def version(self) -> Version | None:
        """Return the version of the content; it changes with every commit and every swap, in any process."""
        generation = self.current()
        if generation is None:
            return None
        try:
            folder, file = generation.path.stat(), (generation.path / PROGRESS).stat()
        except OSError as error:
            raise SearchUnavailable(
                f"The search index cannot be read: {error.strerror}.", url=str(self.root)
            ) from error
        return Version(generation.path.name, folder.st_ino, file.st_ino, file.st_mtime_ns)

    def begin(self) -> Generation:
        """Make the folder of a new generation, which nobody reads yet. Removes what earlier failures left."""
        with _on_disk(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            self.sweep()
            current = self.current()
            number = int(current.path.name.removeprefix(_GENERATION)) + 1 if current else 1
            path = self.root / f"{_GENERATION}{number}"
            path.mkdir()
        return Generation(path)

    def swap(self, generation: Generation) -> None:
        """Make a generation the current one, then remove the others. Open readers keep what they have mapped."""
        with _on_disk(self.root):
            sync_directory(generation.path)
            replace_file(self.root / CURRENT, generation.path.name)
            self.sweep()

    def discard(self, generation: Generation) -> None:
        """Remove a generation that was begun and failed."""
        shutil.rmtree(generation.path, ignore_errors=True)

    def sweep(self) -> None:
        """Remove every generation but the current one."""
        current = self.current()
        for path in self.root.glob(f"{_GENERATION}*"):
            if current is None or path.name != current.path.name:
                shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _on_disk(path: Path) -> Iterator[None]:
    """Say what the disk refused. Raises `SearchUnavailable`."""
    try:
        yield
    except OSError as error:
        raise SearchUnavailable(f"The search index cannot be written: {error.strerror}.", url=str(path)) from error
