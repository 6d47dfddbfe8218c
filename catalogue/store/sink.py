"""Where a worker writes an answer: it stops the engine at the answer's last allowed byte or row.

The engine writes whole formats in pieces and says nothing of rows, so that they are counted in what it writes: each
format has one thing that stands between two rows and nowhere else.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import pyoxigraph as ox


class OverBytes(Exception):
    """The answer grew beyond its bytes."""


class OverRows(Exception):
    """The answer grew beyond its rows."""


class Sink(io.BytesIO):
    """A buffer that takes an answer up to a size and, for tables, a number of rows.

    Raises `OverBytes` and `OverRows`. The engine wraps them in errors of its own: `broken` is what was raised.
    """

    def __init__(self, most: int, rows: int, table: str | None = None) -> None:
        super().__init__()
        self._most, self._rows = most, rows
        self._count: Callable[[bytes], int] | None = _COUNTERS[table]() if table else None
        self.broken: type[Exception] | None = None

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer, as io.BytesIO takes it
        """Write, or raise when the answer would grow beyond its budget."""
        if self.tell() + len(data) > self._most:
            self.broken = OverBytes
        elif self._count is not None and self._count(bytes(data)) > self._rows:
            self.broken = OverRows
        if self.broken:
            raise self.broken
        return super().write(data)

    def counted(self, triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
        """Pass triples on, up to the number of rows."""
        for number, triple in enumerate(triples, 1):
            if number > self._rows:
                self.broken = OverRows
                raise OverRows
            yield triple


class _Xml:
    """`<result>` begins every row; in a literal its `<` is written `&lt;`."""

    def __init__(self) -> None:
        self._rows, self._tail = 0, b""

    def __call__(self, data: bytes) -> int:
        joined = self._tail + data
        self._rows += joined.count(b"<result>")
        self._tail = joined[-len(b"<result") :]
        return self._rows


class _Tsv:
    """A line is a row, the first the names; a line break in a literal is written as an escape."""

    def __init__(self) -> None:
        self._lines = 0

    def __call__(self, data: bytes) -> int:
        self._lines += data.count(b"\n")
        return self._lines - 1


class _Csv:
    """A line outside quotation marks is a row, the first the names. A doubled mark opens and closes at once."""

    def __init__(self) -> None:
        self._lines, self._quoted = 0, False

    def __call__(self, data: bytes) -> int:
        parts = data.split(b'"')
        self._lines += sum(part.count(b"\n") for part in parts[int(self._quoted) :: 2])
        self._quoted ^= len(parts) % 2 == 0
        return self._lines - 1


class _Json:
    """Outside strings, `,{` stands between two rows and nowhere else, and `[{` before the first."""

    def __init__(self) -> None:
        self._rows, self._quoted, self._half, self._last = 0, False, b"", b""

    def __call__(self, data: bytes) -> int:
        data = self._half + data
        slashes = len(data) - len(data.rstrip(b"\\"))
        self._half = data[-1:] if slashes % 2 else b""  # an escape cut in two
        data = data[: len(data) - len(self._half)].replace(b"\\\\", b"").replace(b'\\"', b"")
        parts = data.split(b'"')
        outside = self._last + b'"'.join(parts[int(self._quoted) :: 2])
        self._quoted ^= len(parts) % 2 == 0
        self._rows += outside.count(b",{") + outside.count(b"[{")
        self._last = outside[-1:]
        return self._rows


_COUNTERS: Final[dict[str, Callable[[], Callable[[bytes], int]]]] = {
    "json": _Json,
    "xml": _Xml,
    "csv": _Csv,
    "tsv": _Tsv,
}
