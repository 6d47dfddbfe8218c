"""Labels of facet values: a small SQLite table in the index's folder, written before the commit that uses them.

Values of open lists (publishers, keywords, committees) bring their labels with each document. A label left behind by a
document that went away does no harm; a rebuild starts the table anew.
"""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from catalogue.errors import SearchUnavailable
from catalogue.search.document import Label
from catalogue.text import Text

_as_json: Final = json.JSONEncoder(ensure_ascii=False).encode
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS label (facet TEXT, value TEXT, texts TEXT, parents TEXT, PRIMARY KEY (facet, value)) "
    "WITHOUT ROWID"
)
_WRITE: Final = "INSERT OR REPLACE INTO label VALUES (?, ?, ?, ?)"
_FEW: Final = 1_000  # labels that are looked up before they are written
_READ: Final = "SELECT texts, parents FROM label WHERE facet = ? AND value = ?"


class Labels:
    """The label table of one generation. Safe to share between threads; closed when nobody holds it any more."""

    def __init__(self, path: Path | None) -> None:
        """Open the table, making it where there is none; None: an empty table in memory."""
        self._path = str(path) if path else ":memory:"
        self._lock = Lock()
        self._written: dict[tuple[str, str], Label] = {}
        with self._working():
            self._database = sqlite3.connect(self._path, check_same_thread=False)
            weakref.finalize(self, self._database.close)
            self._database.execute(_TABLE)

    def write(self, labels: Iterable[Label]) -> None:
        """Keep the labels, durably. The last one given for a value is the one shown."""
        rows = {(label.facet, label.value): label for label in labels}
        fresh = {key: label for key, label in rows.items() if self._written.get(key) != label}
        with self._lock, self._working():
            if len(fresh) <= _FEW:  # a changed dataset brings the labels it had: nothing is written, nor waited for
                fresh = {key: label for key, label in fresh.items() if self._stored(key) != _row(label)[2:]}
            if fresh:
                with self._database:
                    self._database.executemany(_WRITE, (_row(label) for label in fresh.values()))
        self._written |= fresh

    def read(self, facet: str, values: Sequence[str]) -> Mapping[str, Label]:
        """Return what is known of the values."""
        found: dict[str, Label] = {}
        with self._lock, self._working():
            for value in values:
                row = self._stored((facet, value))
                if row is not None:
                    found[value] = _label(facet, value, *row)
        return found

    def close(self) -> None:
        """Close the table now."""
        with self._lock:
            self._database.close()

    def _stored(self, key: tuple[str, str]) -> tuple[str, str] | None:
        """Texts and parents of a value, as they are written."""
        row: tuple[str, str] | None = self._database.execute(_READ, key).fetchone()
        return row

    @contextmanager
    def _working(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise SearchUnavailable(
                f"The labels of the search index cannot be used: {error}.", url=self._path
            ) from error


def _row(label: Label) -> tuple[str, str, str, str]:
    texts = [[text.value, text.language] for text in label.texts]
    return label.facet, label.value, _as_json(texts), _as_json(label.parents)


def _label(facet: str, value: str, texts: str, parents: str) -> Label:
    read = tuple(Text(said, language) for said, language in json.loads(texts))
    return Label(facet, value, read, tuple(json.loads(parents)))
