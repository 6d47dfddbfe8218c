"""Reading strangers' documents within bounds of time and memory, whatever is in them.

Five of the syntaxes cost what their length says. JSON-LD does not: a context may bring contexts of its own for every
type and property, and a document of 700 kB can keep a processor for minutes (JSON-LD 1.1, section 4.1.8). So a JSON-LD
document that is not short is read in a process that the system ends when it has used up what it may. Processes are
spawned, one for each such document; what they read comes back as N-Quads, piece by piece.
"""

from __future__ import annotations

import multiprocessing
import resource
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from typing import Final

import pyoxigraph as ox

from shapes.content import size_of
from shapes.defects import Defect
from shapes.errors import Fault, OverBudget
from shapes.media import JSONLD
from shapes.parse import DEFAULT_LIMITS, Document, Limits, Piece, Reading
from shapes.parse import read as read_here

SHORT: Final = 64 * 1024  # bytes of a document that takes a second or so at most, however it is nested
_PIECE: Final = 1_000  # statements handed over at once
_END: Final = b""
_GIGABYTE: Final = 1024**3


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading one document may take: seconds of processor time, bytes of memory (address space)."""

    seconds: int = 300
    memory: int = 3 * _GIGABYTE


DEFAULT_BOUNDS: Final = Bounds()


def read(
    document: Document, *, limits: Limits = DEFAULT_LIMITS, bounds: Bounds = DEFAULT_BOUNDS, labels: bool = False
) -> Reading:
    """Return the statements of a document, as `shapes.parse.read` does, which says what is raised.

    Iterating raises `OverBudget` too, where a JSON-LD document takes more than `bounds`.
    """
    reading = read_here(document, limits=limits, labels=labels)
    if reading.syntax is JSONLD and size_of(document.content) > SHORT:
        return _ReadingApart(reading, document.name, bounds)
    return reading


@dataclass(frozen=True, slots=True)
class _Account:
    """What a reading says of itself at its end."""

    defects: tuple[Defect, ...] = ()
    complete: bool = False
    hurt: frozenset[str] | None = None


class _ReadingApart(Reading):
    """A reading that another process does; this one is told how it went."""

    __slots__ = ("_account", "_bounds", "_reading")

    def __init__(self, reading: Reading, name: str, bounds: Bounds) -> None:
        self.syntax = reading.syntax
        self._name = name
        self._reading = reading
        self._bounds = bounds
        self._account = _Account()

    @property
    def defects(self) -> tuple[Defect, ...]:
        return self._account.defects

    @property
    def complete(self) -> bool:
        return self._account.complete

    @property
    def hurt(self) -> frozenset[str] | None:
        return self._account.hurt

    @property
    def lines(self) -> None:
        return None

    def pieces(self) -> Iterator[Piece]:
        self._account = _Account()
        context = multiprocessing.get_context("spawn")
        pipe, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._bounds), daemon=True)
        process.start()
        theirs.close()
        try:
            pipe.send(self._reading)
            while (piece := pipe.recv_bytes()) != _END:
                quads = list(ox.parse(piece, format=ox.RdfFormat.N_QUADS))
                yield quads, [str(quad.triple) for quad in quads]
            told: _Account | Fault = pipe.recv()
        except (EOFError, OSError) as error:
            process.join()
            raise OverBudget(self._why(process.exitcode), url=self._name) from error
        finally:
            pipe.close()
            process.kill()
            process.join()
        if isinstance(told, Fault):
            raise told
        self._account = told

    def _why(self, exit_code: int | None) -> str:
        if exit_code == -signal.SIGXCPU:
            return f"Reading this was stopped after {self._bounds.seconds} seconds of processor time."
        return f"Reading this was stopped: it needs more memory than {self._bounds.memory / _GIGABYTE:g} GB."


def _serve(pipe: Connection, bounds: Bounds) -> None:
    """Read what is asked for and hand it over. Runs in a process of its own, which ends where it takes too much."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked is told, and ends this
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.seconds, bounds.seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
    reading: Reading = pipe.recv()
    told: _Account | Fault
    try:
        statements = iter(reading)
        while piece := list(islice(statements, _PIECE)):
            pipe.send_bytes("".join(f"{quad} .\n" for quad in piece).encode())
        told = _Account(reading.defects, reading.complete, reading.hurt)
    except Fault as fault:
        told = fault
    except MemoryError:
        return  # who asked takes the end of the pipe for it, as it must where the parser itself gets no more
    pipe.send_bytes(_END)
    pipe.send(told)
