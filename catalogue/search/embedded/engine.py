"""What tantivy raises, as errors of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalogue.errors import SearchUnavailable, StoreLocked


@contextmanager
def engine(path: Path | None = None) -> Iterator[None]:
    """Do something with tantivy. Raises `StoreLocked` while another process writes, else `SearchUnavailable`.

    Only calls of tantivy belong in the block: it says everything, a full disk and a damaged file included, with
    `ValueError`.
    """
    where = str(path) if path else None
    try:
        yield
    except (ValueError, OSError) as error:
        if "LockBusy" in str(error):
            raise StoreLocked("Another process is writing the search index.", url=where) from error
        raise SearchUnavailable(f"The search index does not work: {error}", url=where) from error
