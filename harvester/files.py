"""Sources on this machine: a file, or a folder of files. Only the command line hands such addresses in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from harvester.archive import MAGIC, documents, is_archive
from harvester.decoding import unpacked
from harvester.errors import BadAddress
from shapes.content import gathered
from shapes.errors import Fault, TooLarge
from shapes.media import by_extension
from shapes.parse import Document

_PACKED: Final = (".gz", ".xz")
_LOCAL_HOSTS: Final = frozenset({"", "localhost"})


def is_local(address: str) -> bool:
    """Whether an address is a `file:` URL or a path rather than something on the network."""
    scheme = urlsplit(address).scheme
    return scheme in {"", "file"} or len(scheme) == 1


def file_url(address: str) -> str:
    """Return the `file:` URL of a path as typed on the command line; a URL comes back as it is."""
    if urlsplit(address).scheme or not is_local(address):
        return address
    return Path(address).expanduser().resolve().as_uri()


def path_of(address: str) -> Path:
    """Return the path of a local address. Raises `BadAddress` if there is nothing, or if it is on another machine."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        if parts.netloc not in _LOCAL_HOSTS:
            raise BadAddress("A file: URL can only name a file of this machine.", url=address)
        path = Path(unquote(parts.path))
    else:
        path = Path(address)
    if not path.exists():
        raise BadAddress("There is no such file or folder.", url=address)
    return path


def rdf_files(folder: Path) -> tuple[Path, ...]:
    """Return every file under a folder whose name is that of an RDF document, `.gz` and `.xz` included, in order.

    Hidden files and folders are left out, as are links that lead out of the folder.
    """
    root = folder.resolve()
    return tuple(
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and by_extension(_unpacked_name(path)) is not None
        and path.resolve().is_relative_to(root)
    )


def read_file(path: Path, cap: int) -> Document:
    """Read one file, decompressed if need be. Raises `BadAddress`, `TooLarge`, `Truncated` or `BadEncoding`."""
    url = path.resolve().as_uri()
    try:
        if not path.is_file():
            raise BadAddress("This is neither a file nor a folder.")
        if path.stat().st_size > cap:
            raise TooLarge(f"The file has {path.stat().st_size:,} bytes; {cap:,} are allowed.")
        with path.open("rb") as file:
            content = unpacked(gathered(file), cap)
    except OSError as error:
        raise BadAddress(f"The file cannot be read: {error.strerror}.", url=url) from error
    except Fault as error:
        error.url = url
        raise
    syntax = by_extension(_unpacked_name(path))
    return Document(content, name=url, base=url, media_type=syntax.media_type if syntax else None)


def is_packed_folder(path: Path) -> bool:
    """Whether a path is that of a zip archive."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return is_archive(file.read(MAGIC))
    except OSError:
        return False  # reading the file says what is wrong


def read_archive(path: Path, cap: int) -> Iterator[Document | Fault]:
    """Yield the documents of a zip archive, as `read_folder` does. Raises `BadAddress`, `TooLarge`, `BadEncoding`."""
    url = path.resolve().as_uri()
    if path.stat().st_size > cap:
        raise TooLarge(f"The file has {path.stat().st_size:,} bytes; {cap:,} are allowed.", url=url)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadAddress(f"The file cannot be read: {error.strerror}.", url=url) from error
    yield from documents(data, url, cap)


def read_folder(folder: Path, cap: int) -> Iterator[Document | Fault]:
    """Yield the documents of a folder, one at a time; in place of one that cannot be read, what is wrong with it."""
    for path in rdf_files(folder):
        try:
            yield read_file(path, cap)
        except Fault as error:
            yield error


def _unpacked_name(path: Path) -> str:
    return path.stem if path.suffix in _PACKED else path.name
