"""Memory while very much is made: the collector looks seldom, and what was let go goes back to the system.

Python counts references, and frees nearly everything of ours that way. Its collector looks for circles after every 700
values made and left, over all that lives: a fifth to a quarter of the time of a harvest, for nothing found.
"""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

_SELDOM: Final = 100_000  # values made and left between two looks
_ARENA_MAX: Final = -8  # mallopt(3)
_POOLS: Final = 2


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


def keep_for_good() -> None:
    """Let the collector pass by all that lives now: to be called when a process is ready for what it will do for long.

    A server has 100,000 values by then, tables and code, and looking through them took 60 ms in the middle of a page.
    """
    gc.freeze()


def give_back() -> None:
    """Give memory that was let go back to the system, where the C library can be asked to (glibc).

    A store that loads and merges in threads of its own leaves much of it with the allocator: at 12,000 datasets more
    than all that was in use.
    """
    trim = _c_function("malloc_trim")
    if trim is not None:
        trim(0)


def share_pools() -> None:
    """Let the threads of this process share two pools of memory (glibc makes eight for every core).

    Threads that load and merge fill a pool each and leave it in pieces: at 12,000 datasets a gigabyte in all. To be
    called before such threads begin. Whoever sets MALLOC_ARENA_MAX decides instead.
    """
    choose = None if "MALLOC_ARENA_MAX" in os.environ else _c_function("mallopt")
    if choose is not None:
        choose(_ARENA_MAX, _POOLS)


def _c_function(name: str) -> Callable[..., int] | None:
    found: Callable[..., int] | None = getattr(ctypes.CDLL(None), name, None)
    return found
