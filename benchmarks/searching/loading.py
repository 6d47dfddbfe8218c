"""Filling an index in a process of its own, so that the memory it takes is its own too."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final, TypeVar

from measuring import Resident, resident
from synthetic.describing import Corpus
from synthetic.entries import Entries

from searching.engines import Engine

Item = TypeVar("Item")

STAMP: Final = "benchmark"
_LOOK: Final = 0.25  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Load:
    """One load. `making` are the seconds of `seconds` in which the corpus was made, not indexed.

    `peak`: the most the loading process held, in megabytes, with what it had mapped of the index; `own`: the most
    without that. `server`: the same of the engine's process, where it is another one.
    """

    datasets: int
    seconds: float
    making: float
    peak: float
    own: float
    server: Resident | None

    @property
    def rate(self) -> float:
        """Datasets a second, as if the corpus had made itself."""
        return self.datasets / max(self.seconds - self.making, 1e-9)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the loading process tells."""

    seconds: float
    making: float
    memory: Resident


def load(engine: Engine, seed: int, datasets: int) -> Load:
    """Fill the engine's index. Raises RuntimeError where the process that does so fails; it has said why."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_fill, args=(engine, seed, datasets, theirs))
    process.start()
    theirs.close()
    own, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK):
            own[0] = max(own[0], resident(process.pid or 0).own)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        told: _Told = ours.recv()
    except EOFError:
        raise RuntimeError(f"{engine.name} could not be filled") from None
    except BaseException:  # Ctrl-C, a request to end
        process.terminate()
        raise
    finally:
        process.join()
        over.set()
        watcher.join()
    number = engine.process()
    server = resident(number) if number else None
    own[0] = max(own[0], told.memory.own)
    return Load(datasets, told.seconds, told.making, told.memory.peak, own[0], server)


def _fill(engine: Engine, seed: int, datasets: int, out: Connection) -> None:
    making = Stopwatch()
    started = time.perf_counter()
    index = engine.open()
    index.rebuild(making.within(lambda: Entries()(Corpus(seed)(datasets))), datasets, STAMP)
    seconds = time.perf_counter() - started
    index.close()
    out.send(_Told(seconds, making.seconds, resident()))


class Stopwatch:
    """Adds up the time that an iterator takes to give its items."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def within(self, make: Callable[[], Iterable[Item]]) -> Iterator[Item]:
        """Yield the items."""
        started = time.perf_counter()
        for item in make():
            self.seconds += time.perf_counter() - started
            yield item
            started = time.perf_counter()
        self.seconds += time.perf_counter() - started
