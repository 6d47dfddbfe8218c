"""Memory while very much is made: the collector looks seldom, and what was let go goes back to the system.

Python counts references, and frees nearly everything of ours that way. Its collector looks for circles after every 700
values made and left, over all that lives: a fifth to a quarter of the time of a harvest, for nothing found.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
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


def give_back() -> None:
    """Give memory that was let go back to the system, where the C library can be asked to (glibc).

    A store that loads and merges in threads of its own leaves much of it with the allocator: at 12,000 datasets more
    than all that was in use.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    found: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return found
