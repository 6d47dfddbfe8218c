"""Bytes to UTF-8: byte order marks, UTF-16, the encoding an XML declaration or a charset parameter names.

pyoxigraph reads UTF-8 only. XML may legally be UTF-16 or Latin-1, and files made on Windows often are UTF-16.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from shapes.content import Content, Stored, pieces_of, whole_of
from shapes.errors import NotRdf

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_XML_ENCODING = re.compile(rb"\A(\s*<\?xml\b[^>]*?)(\sencoding\s*=\s*[\"']([A-Za-z0-9._:-]*)[\"'])")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9._:-]+)", re.IGNORECASE)
# Python's registry also holds transformations (rot13, zlib, punycode); only character sets are accepted.
_CHARACTER_SETS = ("ascii", "utf-", "iso8859", "cp", "koi8", "mac", "gb", "big5", "euc", "shift_jis", "latin")
_UNREADABLE = re.compile("[\udc80-\udcff]+")
_HEAD = 65_536
_PRIVATE = range(0xF8FF, 0xE000, -1)


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A place whose bytes are no text in the document's encoding. Line and column start at 1, as for an editor."""

    line: int
    column: int
    detail: str


@dataclass(frozen=True, slots=True)
class Text:
    """A document in UTF-8 without a byte order mark or an encoding declaration.

    `mark` is None where every byte was readable. Else each unreadable run of bytes was replaced by `mark`, a
    private-use character that occurs nowhere in the original: a statement that holds it was not read as its author
    wrote it. `spoilt` names the first of those places.
    """

    content: Content
    mark: str | None = None
    spoilt: tuple[Spoilt, ...] = ()

    @property
    def data(self) -> bytes:
        """All bytes. A long document is read into memory for it, each time."""
        return whole_of(self.content)


def charset_of(media_type: str | None) -> str | None:
    """Return the charset parameter of a Content-Type, or None."""
    match = _CHARSET.search(media_type or "")
    return match.group(1) if match else None


def plain(data: bytes) -> tuple[bytes, str | None]:
    """Take away a byte order mark; return the rest and the encoding it (or a pattern of NUL bytes) gives away."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            rest = data[len(bom) :]
            while rest.startswith(bom):  # files that were put together of several bring several
                rest = rest[len(bom) :]
            return rest, name
    if len(data) > 1 and data[1] == 0 and data[0] != 0:
        return data, "utf-16-le"
    if len(data) > 1 and data[0] == 0 and data[1] != 0:
        return data, "utf-16-be"
    return data, None


def to_utf8(content: Content, charset: str | None = None, most: int = 20) -> Text:
    """Return the document in UTF-8; a stored one stays where it is, if it is UTF-8 and nothing of it says otherwise.

    The order of trust: byte order mark, NUL pattern, XML declaration, UTF-8 where the bytes are that, `charset` (what
    the server said: RFC 7303 would put it first, but servers add it without looking), and UTF-8 with unreadable
    places, of which the first `most` are named. Raises NotRdf for a declared encoding that we do not know.
    """
    if isinstance(content, Stored) and _is_plain(content):
        return Text(content)
    rest, encoding = plain(whole_of(content))
    if encoding is None:
        declared = _XML_ENCODING.match(rest)
        encoding = _known(declared.group(3).decode("ascii")) if declared else None
    if encoding is None and charset and not _is_utf8(rest):
        encoding = _known(charset)
    if encoding in (None, "utf-8", "ascii"):
        return _checked(_undeclared(rest), most)
    return _decoded(rest, encoding or "utf-8", most)


def _is_plain(content: Stored) -> bool:
    """Whether a document is UTF-8 without a byte order mark or a declared encoding."""
    head = content.read(0, _HEAD)
    return plain(head)[1] is None and not _XML_ENCODING.match(head) and _is_utf8(content)


def _is_utf8(content: Content) -> bool:
    """Look through the bytes a piece at a time: a large document is not copied to be checked."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in pieces_of(content):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _known(name: str) -> str:
    """Return Python's name of a declared character set."""
    try:
        known = codecs.lookup(name).name
    except LookupError:
        known = ""
    if not known.startswith(_CHARACTER_SETS):
        raise NotRdf(f"The document declares the encoding {name!r}, which is not a character set we know")
    # ASCII and Latin-1 are what people declare when they mean Windows-1252 in HTML; in XML we take them at their word.
    return known


def _undeclared(data: bytes) -> bytes:
    """Blank out the encoding of an XML declaration: it no longer holds. The length, and so every column, stays."""
    declared = _XML_ENCODING.match(data)
    if not declared:
        return data
    start, end = declared.span(2)
    return data[:start] + b" " * (end - start) + data[end:]


def _checked(data: bytes, most: int) -> Text:
    """Return UTF-8 as it is, or with its unreadable bytes marked."""
    if _is_utf8(data):
        return Text(data)
    return _marked(data.decode("utf-8", "surrogateescape"), most, "not UTF-8")


def _decoded(data: bytes, encoding: str, most: int) -> Text:
    """Return another encoding as UTF-8."""
    try:
        return Text(_undeclared(data.decode(encoding).encode()))
    except (UnicodeDecodeError, UnicodeEncodeError):
        # "replace" gives U+FFFD; the few that the document itself may hold are named as unreadable with the others.
        text = data.decode(encoding, "replace").replace("\ufffd", "\udc80")
        return _marked(text, most, f"not valid {encoding.upper()}")


def _marked(text: str, most: int, why: str) -> Text:
    """Replace each run of unreadable bytes (lone surrogates here) by a character the text does not hold."""
    mark = next(chr(code) for code in _PRIVATE if chr(code) not in text)
    spoilt: list[Spoilt] = []
    for match in _UNREADABLE.finditer(text):
        if len(spoilt) == most:
            break
        before = text[: match.start()]
        line = before.count("\n") + 1
        column = match.start() - (before.rfind("\n") + 1) + 1
        shown = " ".join(f"{ord(char) - 0xDC00:02X}" for char in match.group()[:4])
        spoilt.append(Spoilt(line, column, f"Bytes that are {why} (hexadecimal {shown})"))
    return Text(_undeclared(_UNREADABLE.sub(mark, text).encode()), mark, tuple(spoilt))
