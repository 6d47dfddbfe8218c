"""Graphs that the store does not have are loaded while those that come next are made.

The engine loads outside of Python: sorting and writing a part takes about as long as making the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

import pyoxigraph as ox

from catalogue.store.merging import let_merging_wait


class Loader:
    """Loads one part at a time into a store. A context manager: leaving it waits for the last part.

    Nobody else may write to the store between `load` and `wait`.
    """

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="load")
        self._going: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown()
        if kind is None:
            self.wait()

    def load(self, graphs: Mapping[ox.NamedNode, bytes]) -> int:
        """Begin to load named graphs, N-Triples with a statement a line, and return their size in bytes.

        The part before is waited for: no more than two are in memory. Raises what went wrong with that.
        """
        self.wait()
        if graphs:
            self._going = self._pool.submit(_load, self._store, graphs)
        return sum(map(len, graphs.values()))

    def wait(self) -> None:
        """Return once everything is in the store. Raises what went wrong."""
        going, self._going = self._going, None
        if going is not None:
            going.result()


def _load(store: ox.Store, graphs: Mapping[ox.NamedNode, bytes]) -> None:
    """Add named graphs that the store does not have, and their statements to the union.

    The union first: what a crash leaves is then graphs that are missing there, and applying the batch again completes
    it. IRIs and tags are not checked once more: those of a node were when they were read (`shapes.terms`).
    """
    store.bulk_load(input=b"".join(graphs.values()), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    named = b"".join(text.replace(b" .\n", f" {name} .\n".encode()) for name, text in graphs.items())
    store.bulk_load(input=named, format=ox.RdfFormat.N_QUADS, lenient=True)
    let_merging_wait()
