"""Zip archives of RDF documents, opened without trusting them.

An archive is a folder in one file. What it says of itself (sizes, counts, names) is not believed: its directory is
weighed before it is read, each member is unpacked only as far as the cap of all of them together reaches, and an
archive inside an archive stays closed.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from harvester.decoding import unpacked
from harvester.errors import BadEncoding
from shapes.content import size_of
from shapes.errors import Fault, Hostile, TooLarge
from shapes.media import by_extension
from shapes.parse import Document

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_ENTRY: Final = b"PK\x01\x02"  # begins each entry of the directory
_PACKED: Final = (".gz", ".xz")
_ARCHIVES: Final = (".zip", ".7z", ".rar", ".tar", ".tgz", ".bz2")
_ENCRYPTED: Final = 0x1
MEMBERS: Final = 10_000
MAGIC: Final = 4  # bytes at its start by which an archive is known


def is_archive(data: bytes) -> bool:
    """Whether these bytes are a zip archive."""
    return data.startswith(_ZIP)


def documents(data: bytes, url: str, cap: int, *, members: int = MEMBERS) -> Iterator[Document | Fault]:
    """Yield the RDF documents of an archive in the order of their names, in place of a faulty one its error.

    A document is named by the archive's URL with the member's path behind `#`; its relative IRIs are resolved as if the
    archive were a folder. `cap` is in bytes, for all members together. Other files (a readme) are passed over. Raises
    `BadEncoding` for what is no whole archive, `TooLarge` for one with more members than `members`.
    """
    if data.count(_ENTRY) > members:
        raise TooLarge(f"The archive has more than the {members:,} files allowed.", url=url)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise BadEncoding(f"The zip archive cannot be opened: {error}.", url=url) from error
    with archive:
        left = cap
        for info in sorted(archive.infolist(), key=lambda each: each.filename):
            if not _is_read(info):
                continue
            path = quote(info.filename)
            name = f"{url}#{path}"
            try:
                document = _document(archive, info, (name, f"{url}/{path}"), left)
            except TooLarge as error:
                error.url = name
                yield error
                return  # the cap is that of all of them together
            except Fault as error:
                error.url = name
                yield error
                continue
            left -= size_of(document.content)
            yield document


def _is_read(info: zipfile.ZipInfo) -> bool:
    """Whether a member is an RDF document by its name, or an archive, which is refused aloud."""
    hidden = any(part.startswith((".", "__MACOSX")) for part in info.filename.split("/"))
    if info.is_dir() or hidden:
        return False
    return info.filename.lower().endswith(_ARCHIVES) or by_extension(_bare(info.filename)) is not None


def _document(archive: zipfile.ZipFile, info: zipfile.ZipInfo, named: tuple[str, str], cap: int) -> Document:
    """Return one member; `named` are its name and its base."""
    if info.flag_bits & _ENCRYPTED:
        raise BadEncoding("This file of the archive is encrypted.")
    if info.filename.lower().endswith(_ARCHIVES):
        raise Hostile("This is an archive inside an archive, which is not opened.")
    try:
        with archive.open(info) as member:
            data = member.read(cap + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise BadEncoding(f"This file of the archive cannot be unpacked: {error}.") from error
    if len(data) > cap:
        raise TooLarge("The archive unpacks to more than the bytes allowed.")
    if is_archive(data):
        raise Hostile("This is an archive inside an archive, which is not opened.")
    content = unpacked(data, cap)
    syntax = by_extension(_bare(info.filename))
    return Document(content, name=named[0], base=named[1], media_type=syntax.media_type if syntax else None)


def _bare(name: str) -> str:
    return name.rpartition(".")[0] if name.lower().endswith(_PACKED) else name
