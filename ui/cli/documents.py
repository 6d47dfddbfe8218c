"""The documents a command line names: files, folders, addresses, standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from harvester.address import AddressPolicy, endpoint_of
from harvester.files import path_of
from harvester.http import Door
from shapes.errors import BadInput, Fault, TooLarge
from shapes.media import by_extension
from shapes.parse import DEFAULT_LIMITS, Document

# In a folder, a name ending so is more often something else.
_AMBIGUOUS: Final = frozenset({".json", ".xml"})


def documents(inputs: Sequence[str]) -> Iterator[Document | Fault]:
    """Yield every document the inputs name; the fault instead of one that cannot be had."""
    for name in inputs:
        try:
            if name == "-":
                yield Document(sys.stdin.buffer.read(), name="-", base="")
            elif name.lower().startswith(("http://", "https://")):
                yield _fetched(name)
            else:
                yield from _local(name)
        except Fault as fault:
            yield fault


def _local(name: str) -> Iterator[Document | Fault]:
    """Yield what a path or a `file:` URL names."""
    if "://" in name and not name.lower().startswith("file:"):
        raise BadInput("Only http, https and file addresses can be read.", url=name)
    path = path_of(name) if name.lower().startswith("file:") else Path(name)
    if path.is_dir():
        yield from _of_folder(path)
    else:
        yield file(path)


def files_of(names: Sequence[str]) -> Iterator[Document]:
    """Yield the files that are named, and the RDF files of folders that are. Raises the first fault."""
    for name in names:
        for found in _of_folder(Path(name)) if Path(name).is_dir() else (file(Path(name)),):
            if isinstance(found, Fault):
                raise found
            yield found


def _of_folder(folder: Path) -> Iterator[Document | Fault]:
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_rdf(path.relative_to(folder))]
    if not found:
        raise BadInput("No RDF file was found in this folder.", url=str(folder))
    for path in found:
        try:
            yield file(path)
        except Fault as fault:
            yield fault


def _is_rdf(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and path.suffix.lower() not in _AMBIGUOUS and by_extension(path.name) is not None


def file(path: Path) -> Document:
    """Read one file. Raises `BadInput` or `TooLarge`, naming it."""
    try:
        if path.stat().st_size > DEFAULT_LIMITS.bytes:
            raise TooLarge(f"The file has more than {DEFAULT_LIMITS.bytes:,} bytes.", url=str(path))
        return Document(path.read_bytes(), name=str(path), base=path.resolve().as_uri())
    except OSError as error:
        raise BadInput(f"The file cannot be read: {error.strerror or error}.", url=str(path)) from error


def _fetched(url: str) -> Document:
    """Fetch a URL through the guarded door. The person who types it may name a private address; a redirect may not."""
    with Door(policy=AddressPolicy().opened_for(endpoint_of(url), private=True)) as door:
        answer = door.get(url)
    return Document(answer.data, name=url, base=answer.url, media_type=answer.headers.get("Content-Type"))
