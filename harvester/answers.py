"""Answers kept from one run to the next, so that a server that sends validators is asked only what changed.

An answer with an ETag or a Last-Modified date is kept with its body. The next run asks on condition (RFC 9110 section
13.1), and where the server says 304 the kept body stands in for the one not sent: the run reads, cuts and compares it
as ever, so that no record is missing for this memory. What cannot be read here any more is fetched anew.

While a run goes on, every answer is kept: each is a checkpoint. A run that follows one that was cut short takes them as
they are, without asking, if they are fresh; so it goes on where the other stopped.

One file per answer: a line of JSON, then the body, compressed. A file is replaced in one step.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from harvester.answer import Answer
from harvester.dates import Dates
from harvester.decoding import decoded
from harvester.recollections import Recollections
from harvester.room import Room
from shapes.content import Content, digest_of, pieces_of, size_of
from shapes.errors import Fault

# What a document is, whether it changed, and whether the server says itself that it is not whole (Virtuoso does).
_HEADERS: Final = ("Content-Type", "ETag", "Last-Modified", "X-SQL-State", "X-SQL-Message")
_ENDING: Final = ".answer"
_OURS: Final = frozenset({_ENDING, ""})  # what a run that was killed had begun to write has no ending
_LONGEST_LINE: Final = 64 * 1024  # characters of what is kept beside a body
_PIECE: Final = 1 << 20
_QUICK: Final = 1  # zlib's level: a tenth of the size in a tenth of the time a better one takes
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a kept answer without reading its body.

    `headers` are those that anyone here looks at. `fetched` is in seconds since 1970. `size` and `digest` (SHA-256) are
    the body's.
    """

    url: str
    headers: dict[str, str]
    fetched: float
    size: int
    digest: str

    @property
    def etag(self) -> str | None:
        """The entity tag."""
        return self.headers.get("ETag")

    @property
    def modified(self) -> str | None:
        """The date of Last-Modified."""
        return self.headers.get("Last-Modified")

    @property
    def conditional(self) -> bool:
        """Whether a server can be asked if it changed."""
        return bool(self.etag or self.modified)

    def answer(self, content: Content) -> Answer:
        """Return the answer that was kept."""
        return Answer(self.url, 200, self.headers, content)


class Answers:
    """The kept answers of one source, in a folder of their own.

    `room`: the bytes all of them may take there, compressed; an answer that does not fit is not kept. `ask`: whether
    those of earlier runs are used; a run that must read everything again only renews them. `since`: when the run began
    that this one goes on from, in seconds since 1970; None: it begins by itself. `dates` are those that the source
    itself told, where they are to be believed; `recollections` what its documents gave.
    A disk that refuses costs speed, never a run.
    """

    def __init__(
        self,
        folder: Path,
        *,
        room: int,
        ask: bool = True,
        since: float | None = None,
        clock: Callable[[], float] = time.time,
        dates: Dates | None = None,
        recollections: Recollections | None = None,
    ) -> None:
        self.dates = dates
        self.recollections = recollections
        self._folder = folder
        self._room = Room(folder, room, _ENDING)
        self._ask = ask
        self._since = since
        self._clock = clock
        self._used: set[str] = set()

    def stands(self, kept: Kept) -> bool:
        """Whether an answer is of the run this one goes on from: it stands without asking again."""
        return self._since is not None and self._since <= kept.fetched <= self._clock()

    def find(self, url: str, accept: str) -> Kept | None:
        """Return what is kept of an address, asked for in the same way: it stands, or can be asked about."""
        kept = _kept_at(self._path(url, accept))
        if kept is None:
            return None
        return kept if self.stands(kept) or (self._ask and kept.conditional) else None

    def body(self, url: str, accept: str) -> Content | None:
        """Return a kept body, or None where it is not whole."""
        path = self._path(url, accept)
        try:
            with path.open("rb") as file:
                kept = _read_line(file)
                content = decoded(iter(lambda: file.read(_PIECE), b""), "deflate", kept.size)
        except (OSError, ValueError, TypeError, Fault) as error:
            _log.warning("the kept answer of %s cannot be read: %s", url, error)
            return None
        if digest_of(content) != kept.digest:
            _log.warning("the kept answer of %s is damaged", url)
            return None
        self.use(url, accept)
        return content

    def use(self, url: str, accept: str) -> None:
        """Say that a kept answer is of use: it stays."""
        self._used.add(self._path(url, accept).name)

    def forget(self, url: str, accept: str) -> None:
        """Remove what is kept of an address."""
        try:
            self._room.remove(self._path(url, accept))
        except OSError as error:
            _log.warning("the answer of %s cannot be removed: %s", url, error.strerror)

    def keep(self, url: str, accept: str, answer: Answer) -> None:
        """Keep an answer in place of what was kept of its address."""
        path = self._path(url, accept)
        try:
            if self._room.put(path, _written(answer, self._clock())):
                self._used.add(path.name)
            else:
                self._room.remove(path)
        except OSError as error:
            _log.warning("the answer of %s cannot be kept: %s", url, error.strerror)

    def settle(self, *, complete: bool) -> None:
        """Remove what the next run has no use for: what cannot be asked about; after a complete run, what is unused."""
        if self.dates is not None:
            self.dates.settle(complete=complete)
        if self.recollections is not None:
            self.recollections.settle(complete=complete)
        try:
            for path in [p for p in self._folder.iterdir() if p.suffix in _OURS] if self._folder.exists() else ():
                kept = None if complete and path.name not in self._used else _kept_at(path)
                if kept is None or not kept.conditional:
                    path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("old answers in %s cannot be removed: %s", self._folder, error.strerror)

    def _path(self, url: str, accept: str) -> Path:
        return self._folder / (hashlib.sha256(f"{accept}\n{url}".encode()).hexdigest() + _ENDING)


def _written(answer: Answer, now: float) -> Iterator[bytes]:
    """Yield an answer as its file holds it."""
    yield json.dumps(asdict(_kept(answer, now)), ensure_ascii=False).encode() + b"\n"
    yield from _deflated(answer.content)


def _kept(answer: Answer, now: float) -> Kept:
    headers = {name: value for name in _HEADERS if (value := answer.headers.get(name))}
    return Kept(answer.url, headers, now, size_of(answer.content), digest_of(answer.content))


def _kept_at(path: Path) -> Kept | None:
    """Return what a file says of its answer; None where there is none, or nothing of ours."""
    try:
        with path.open("rb") as file:
            return _read_line(file)
    except (OSError, ValueError, TypeError):
        return None


def _read_line(file: IO[bytes]) -> Kept:
    """Read what stands before a body. Raises `ValueError` or `TypeError` for anything else."""
    return Kept(**json.loads(file.readline(_LONGEST_LINE)))


def _deflated(content: Content) -> Iterator[bytes]:
    packer = zlib.compressobj(_QUICK)
    for piece in pieces_of(content):
        yield packer.compress(piece)
    yield packer.flush()
