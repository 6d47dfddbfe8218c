"""Looking for garbage seldom while very many values are made that do not refer to each other in circles.

Python counts references, and frees nearly everything of ours that way. Its collector looks for circles after every 700
values made and left, over all that lives: a fifth to a quarter of the time of a harvest, for nothing found.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

_SELDOM: Final = 100_000  # values made and left between two looks


class _Looks:
    """How often the collector looks is the whole process's: the first block changes it, the last sets it back."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._blocks = 0
        self._usual = gc.get_threshold()

    def fewer(self) -> None:
        with self._lock:
            self._blocks += 1
            if self._blocks == 1:
                self._usual = gc.get_threshold()
                gc.set_threshold(_SELDOM, *self._usual[1:])

    def as_usual(self) -> None:
        with self._lock:
            self._blocks -= 1
            if not self._blocks:
                gc.set_threshold(*self._usual)


_looks: Final = _Looks()


@contextmanager
def seldom() -> Iterator[None]:
    """Let the collector look seldom in a block. Blocks may be nested, and run in several threads at once."""
    _looks.fewer()
    try:
        yield
    finally:
        _looks.as_usual()
