"""What documents gave when they were last read, so that one that is the same again need not be read again.

Reading is without chance: equal bytes under an equal name give equal records, as long as the program is the same. So a
document that was read without any fault leaves a line for each of its records, and what its adapter learned from it.
From there on a harvest goes as ever: it compares, counts and says the same, whether records were read or recalled.

Of a dataset only the key is kept. It stands for the description while the catalogue lists exactly that one; where it
does not, the document is read. Anything else is kept whole: it may be a part, and others follow on further pages.

One file per document: a line of JSON, then further lines, compressed. A file is replaced in one step.
"""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

import harvester
import shapes
from harvester.compare import Key
from harvester.room import Room
from shapes.content import digest_of
from shapes.grounds import Grounds
from shapes.parse import Document
from shapes.record import Kind, Record, Refusal

_ENDING: Final = ".recollection"
_GROUNDS: Final = ".grounds"
_READING: Final = ("*.py", "*.jsonld")  # the files of our packages that have a say in what a document gives
_LONGEST_LINE: Final = 4096  # characters of the first line
_QUICK: Final = 1  # zlib's level
_log = logging.getLogger(__name__)

Found: TypeAlias = Key | Record


@dataclass(frozen=True, slots=True)
class Recollection:
    """What a document gave, in its order: the key of a dataset, the record of anything else.

    `learned` is what its adapter knows from it beside that (`harvester.protocols.page.Learner`).
    """

    learned: Mapping[str, Any]
    found: tuple[Found, ...]


class Recollections:
    """Those of one source, in a folder.

    `protocol` is that of the source: another may read the same document otherwise. `room`: the bytes that all files
    may take there. `ask`: whether those of earlier runs are used; a run that must read everything again renews them.
    A disk that refuses costs speed, never a run.
    """

    def __init__(self, folder: Path, protocol: str, *, room: int, ask: bool = True) -> None:
        self._folder = folder
        self._protocol = protocol
        self._room = Room(folder, room)
        self._ask = ask
        self._used: set[str] = set()

    def knows(self, document: Document) -> bool:
        """Whether this program read exactly this document before."""
        try:
            with self._path(document).open("rb") as file:
                return self._ask and self._is_of(document, file)
        except OSError:
            return False

    def find(self, document: Document) -> Recollection | None:
        """Return what exactly this document gave when this program read it; None where that is not remembered."""
        path = self._path(document)
        with _readable(document), path.open("rb") as file:
            if self._ask and self._is_of(document, file):
                found = _read(zlib.decompress(file.read()))
                self._used.add(path.name)
                return found
        return None

    def former(self, document: Document) -> tuple[Recollection, Grounds] | None:
        """Return what a document gave that bore this one's name before, and what its records rest on, if both are kept.

        It was read by this program, too, in the same syntax.
        """
        path = self._path(document)
        with _readable(document), path.with_suffix(_GROUNDS).open("rb") as beside, path.open("rb") as file:
            if not (self._ask and beside.readline(_LONGEST_LINE) == _line(self._imprint(document, ""))):
                return None
            imprint, grounds = beside.readline(_LONGEST_LINE), Grounds.unpacked(beside.read())
            if file.readline(_LONGEST_LINE) == imprint:
                found = _read(zlib.decompress(file.read()))
                return (found, grounds) if len(found.found) == len(grounds.records) else None
        return None

    def keep(self, document: Document, lines: Iterable[bytes], grounds: Grounds | None = None) -> None:
        """Keep what a document gave, as `Notes` took it down, in place of what it gave before.

        `grounds`: what its records rest on, where that is known.
        """
        path, imprint = self._path(document), _line(self._imprint(document))
        try:
            if not self._room.put(path, chain((imprint,), lines)):
                return
            self._used.add(path.name)
            beside = path.with_suffix(_GROUNDS)
            if grounds is None:
                self._room.remove(beside)
            else:
                self._room.put(beside, chain((_line(self._imprint(document, "")), imprint), grounds.packed()))
        except OSError as error:
            _log.warning("what %s gave cannot be kept: %s", document.name, error.strerror)

    def settle(self, *, complete: bool) -> None:
        """Remove what a complete run had no use for."""
        try:
            for path in self._folder.glob(f"*{_ENDING}") if complete else ():
                if path.name not in self._used:
                    path.unlink(missing_ok=True)
            for path in self._folder.glob(f"*{_GROUNDS}"):
                if not path.with_suffix(_ENDING).exists():
                    path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("old recollections in %s cannot be removed: %s", self._folder, error.strerror)

    def _path(self, document: Document) -> Path:
        return self._folder / (sha256(document.name.encode()).hexdigest() + _ENDING)

    def _is_of(self, document: Document, file: IO[bytes]) -> bool:
        return file.readline(_LONGEST_LINE) == _line(self._imprint(document))

    def _imprint(self, document: Document, digest: str | None = None) -> str:
        """Return a text that another document has not, nor this one as another program or protocol would read it.

        `digest`: of another document of this name.
        """
        syntax = document.syntax.name if document.syntax else None
        content = digest_of(document.content) if digest is None else digest
        named = (document.name, document.base, document.media_type, syntax, content)
        return sha256(json.dumps((*named, self._protocol, program())).encode()).hexdigest()


class Notes:
    """Takes down what a document gives while it is read. `sound`: nothing of it is in doubt, so it may be kept."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(_QUICK)
        self._pieces: list[bytes] = []
        self.sound = True

    def add(self, found: Found | Refusal) -> None:
        """Take down a record, or its key; one that is refused or not whole leaves the document in doubt."""
        if isinstance(found, Refusal) or not found.complete:
            self.sound = False
        elif self.sound:
            body = None if isinstance(found, Key) or found.kind is Kind.DATASET else found.body.decode()
            self._put((found.kind, found.subject, found.identifiers, found.digest, body))

    def lines(self, learned: Mapping[str, object]) -> Iterator[bytes]:
        """Yield all of it, with what the adapter learned at the end."""
        self._put(learned)
        yield from self._pieces
        yield self._packer.flush()

    def _put(self, value: object) -> None:
        if piece := self._packer.compress(json.dumps(value).encode() + b"\n"):
            self._pieces.append(piece)


@cache
def program() -> str:
    """Return a text that changes with whatever has a say in what a document gives: our source, the parser of RDF.

    Not a number that somebody has to raise: the price of one reading too many is small.
    """
    digest = sha256()
    for package in (shapes, harvester):
        root = Path(package.__file__ or "").parent
        for path in sorted(each for pattern in _READING for each in root.rglob(pattern)):
            digest.update(f"{path.relative_to(root)}\n".encode())
            digest.update(path.read_bytes())
    for name in ("gdi-catalogue", "pyoxigraph"):
        try:
            digest.update(version(name).encode())
        except PackageNotFoundError:
            digest.update(b"?")
    return digest.hexdigest()


def _line(imprint: str) -> bytes:
    return imprint.encode() + b"\n"


@contextmanager
def _readable(document: Document) -> Iterator[None]:
    """Go on as if nothing were remembered of a document where that is not there or cannot be read, which is logged."""
    try:
        yield
    except FileNotFoundError:
        return
    except (OSError, ValueError, TypeError, zlib.error) as error:
        _log.warning("what is remembered of %s cannot be read: %s", document.name, error)


def _read(text: bytes) -> Recollection:
    """Read what `Notes` wrote. Raises `ValueError` or `TypeError` for anything else."""
    *records, learned = map(json.loads, text.removesuffix(b"\n").split(b"\n"))
    return Recollection(learned, tuple(map(_found, records)))


def _found(entry: tuple[str, str, list[str], str, str | None]) -> Found:
    kind, subject, identifiers, digest, body = entry
    if body is None:
        return Key(Kind(kind), subject, tuple(identifiers), digest)
    return Record(Kind(kind), subject, tuple(identifiers), body.encode(), digest)
