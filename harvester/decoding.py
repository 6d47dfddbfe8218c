"""Undoing compression without trusting it: a few kilobytes can unfold into terabytes, so every step has a cap."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from harvester.errors import BadEncoding, Truncated
from shapes.content import Content, Gathering, head_of, pieces_of
from shapes.errors import TooLarge

_STEP: Final = 1 << 20
_GZIP_OR_ZLIB: Final = 47
_RAW: Final = -15
_ZLIB_METHOD: Final = 8
_HEADER: Final = 2
_GZIP_MAGIC: Final = b"\x1f\x8b\x08"
_PACKED: Final = {_GZIP_MAGIC: "gzip", b"\xfd7zXZ\x00": "xz"}
# An xz file may ask for gigabytes of memory for its dictionary; `xz -9` asks for 65 MiB.
_XZ_MEMORY: Final = 128 << 20


@dataclass(slots=True)
class Sink:
    """Collects bytes up to a cap. Raises `TooLarge` beyond it."""

    cap: int
    gathered: Gathering

    @classmethod
    def of(cls, cap: int) -> Sink:
        """Return an empty one."""
        return cls(cap, Gathering())

    def take(self, piece: bytes) -> None:
        """Add bytes."""
        if self.gathered.size + len(piece) > self.cap:
            raise TooLarge(f"The document is larger than the {self.cap:,} bytes allowed.")
        self.gathered.put(piece)


class _Decoder(Protocol):
    """What both zlib's and lzma's decompressors come down to: bytes in, at most `room` bytes out at a time."""

    ended: bool

    def feed(self, data: bytes, out: Sink) -> None: ...


class _Plain:
    """No compression: what comes in goes out."""

    ended = True

    def feed(self, data: bytes, out: Sink) -> None:
        out.take(data)


class _Inflate:
    """gzip, with several members one after the other, or zlib, or the raw deflate some servers send instead."""

    def __init__(self) -> None:
        self._zlib: zlib._Decompress | None = None
        self._held = b""
        self.ended = False

    def feed(self, data: bytes, out: Sink) -> None:
        if self._zlib is None:
            data = self._held + data
            if len(data) < _HEADER:
                self._held = data
                return
        while data:
            if self._zlib is None or (self._zlib.eof and data.startswith(_GZIP_MAGIC[:1])):
                self._zlib = zlib.decompressobj(_RAW if _is_raw(data) else _GZIP_OR_ZLIB)
            elif self._zlib.eof:
                return  # padding after the last member
            out.take(self._zlib.decompress(data, _STEP))
            data = self._zlib.unused_data if self._zlib.eof else self._zlib.unconsumed_tail
            self.ended = self._zlib.eof


class _Xz:
    """xz: one or more streams, with padding between them (The .xz File Format, section 2)."""

    def __init__(self) -> None:
        self._lzma = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
        self.ended = False

    def feed(self, data: bytes, out: Sink) -> None:
        while True:
            if self.ended:
                data = data.lstrip(b"\0")
                if not data:
                    return
                self._lzma = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
            out.take(self._lzma.decompress(data, _STEP))
            self.ended = self._lzma.eof
            if not self.ended and self._lzma.needs_input:
                return
            data = self._lzma.unused_data


_DECODERS: Final[dict[str, Callable[[], _Decoder]]] = {
    "": _Plain,
    "identity": _Plain,
    "gzip": _Inflate,
    "x-gzip": _Inflate,
    "deflate": _Inflate,
    "xz": _Xz,
}


def decoded(pieces: Iterable[bytes], coding: str, cap: int) -> Content:
    """Return the bytes that `pieces` are the compressed form of; many lie in a file.

    `coding` is a content coding (RFC 9110 section 8.4.1): empty, identity, gzip, deflate, or xz for files. `cap` is in
    bytes and holds for what comes out. Raises `TooLarge` over the cap, `Truncated` when the end is missing,
    `BadEncoding` for an unknown coding or bytes that are not in it.
    """
    kind = _DECODERS.get(coding.strip().lower())
    if kind is None:
        raise BadEncoding(f"The answer is compressed as {coding!r}, which was not asked for.")
    decoder, out, started = kind(), Sink.of(cap), False
    try:
        for piece in pieces:
            started = started or bool(piece)
            decoder.feed(piece, out)
    except (zlib.error, lzma.LZMAError) as error:
        raise BadEncoding(f"The bytes are not valid {coding}: {error}.") from error
    if started and not decoder.ended:
        raise Truncated(f"The {coding} data ends before its own end.")
    return out.gathered.content()


def unpacked(content: Content, cap: int) -> Content:
    """Return a `.gz` or `.xz` file's content, known by its first bytes; anything else as it is. Raises as `decoded`."""
    coding = next((name for magic, name in _PACKED.items() if head_of(content, len(magic)) == magic), None)
    return content if coding is None else decoded(pieces_of(content), coding, cap)


def _is_raw(data: bytes) -> bool:
    """Whether a deflate stream lacks the zlib header (RFC 1950 section 2.2) it should have; gzip has its own."""
    if data.startswith(_GZIP_MAGIC[:1]):
        return False
    header = int.from_bytes(data[:_HEADER], "big")
    return data[0] & 0x0F != _ZLIB_METHOD or header % 31 != 0
