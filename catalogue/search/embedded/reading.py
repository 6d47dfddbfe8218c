"""Keeping a reader at the newest version of the index, whichever process wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Final

import tantivy

from catalogue.errors import SearchUnavailable
from catalogue.search.analysis import Analyzer
from catalogue.search.embedded.engine import engine
from catalogue.search.embedded.folder import Folder, Generation, Version
from catalogue.search.embedded.frequent import Frequent
from catalogue.search.embedded.labels import Labels
from catalogue.search.embedded.rows import Rows
from catalogue.search.embedded.schema import layout, make_schema
from catalogue.search.embedded.snapshot import Left, Snapshot
from catalogue.search.embedded.spelling import Spelling

_TRIES: Final = 3  # a swap may remove a generation while it is being opened; twice in a row hardly ever


@dataclass(frozen=True, slots=True)
class _Opened:
    """A generation's open index, and what is known of its rows."""

    key: tuple[str, int]
    index: tantivy.Index
    rows: Rows


class Reader:
    """Hands out the newest snapshot. A look at two small files decides whether there is a newer one."""

    def __init__(self, folder: Folder, analyzer: Analyzer) -> None:
        self._folder = folder
        self._analyzer = analyzer
        self._lock = Lock()
        self._index: _Opened | None = None
        self._latest: tuple[Version | None, Snapshot] | None = None
        self._frequent: tuple[tuple[int, int, int], Frequent] | None = None

    def snapshot(self) -> Snapshot:
        """Return the newest version; an empty one where nothing was ever written.

        Raises `SearchUnavailable` for an index that cannot be read, or that another version of this program made.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                return self._newest()
            except SearchUnavailable:
                if attempt == _TRIES:
                    raise
        raise AssertionError("a loop that returns or raises")

    def _newest(self) -> Snapshot:
        version = self._folder.version()
        latest = self._latest
        if latest is not None and latest[0] == version:
            return latest[1]
        with self._lock:
            latest = self._latest
            if latest is None or latest[0] != version:
                latest = self._latest = (version, self._open(version))
            return latest[1]

    def close(self) -> None:
        """Let go of the files; a search after this opens them again."""
        with self._lock:
            self._latest, self._index, self._frequent = None, None, None

    def _open(self, version: Version | None) -> Snapshot:
        generation = self._folder.current()
        if version is None or generation is None:
            return Snapshot(
                tantivy.Index(make_schema()), Labels(None), self._analyzer, Rows(), Left(Frequent(), Spelling())
            )
        if generation.progress().layout != layout():
            raise SearchUnavailable(
                "The search index was made by another version of this program; make it anew: reindex --index.",
                url=str(generation.path),
            )
        with engine(generation.path):
            opened = self._opened(generation, version)
            opened.index.reload()
        left = Left(self._frequent_words(generation), Spelling(generation.path))
        return Snapshot(opened.index, Labels(generation.labels), self._analyzer, opened.rows, left)

    def _frequent_words(self, generation: Generation) -> Frequent:
        """The frequent words of a generation; their file is read once, until a writer leaves another."""
        try:
            found = generation.frequent.stat()
        except OSError:
            return Frequent()
        key = (found.st_dev, found.st_ino, found.st_mtime_ns)
        if self._frequent is None or self._frequent[0] != key:
            self._frequent = (key, Frequent(generation.frequent))
        return self._frequent[1]

    def _opened(self, generation: Generation, version: Version) -> _Opened:
        """The open index of a generation; its files are opened once, and looked at anew for each version."""
        key = (version.generation, version.folder)
        if self._index is None or self._index.key != key:
            index = tantivy.Index.open(str(generation.path))
            index.config_reader("manual")
            self._index = _Opened(key, index, Rows(generation.rows))
        return self._index
