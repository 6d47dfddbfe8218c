"""Committees from a file: TOML, YAML, JSON, objects of EGA and REMS, or RDF. All of a file is imported or nothing."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalogue.dac.committee import Committee
from catalogue.dac.doubts import doubts
from catalogue.dac.ega import committees_of_ega, is_ega
from catalogue.dac.entries import committee_of
from catalogue.dac.errors import BadRegistry
from catalogue.dac.graph_import import committees_of_graph
from catalogue.dac.rems import committees_of_rems, is_rems, rems_doubts
from shapes.media import by_extension, by_name

_LARGEST: Final = 64 * 1024 * 1024  # bytes of a file of committees
_TABLE: Final = "committee"
_EXPORTS: Final = ("organizations", "catalogue", "resources", "workflows")  # of REMS, as its API names them
_HEADER: Final = re.compile(rf"^\s*\[\[\s*{_TABLE}\s*\]\]")


@dataclass(frozen=True, slots=True)
class Imported:
    """The committees of a file, and what a curator should look at in them (`catalogue.dac.doubts`)."""

    committees: tuple[Committee, ...]
    warnings: tuple[str, ...]


def read_committees(
    source: Path | bytes, syntax: str | None = None, *, name: str = "", system: str | None = None
) -> Imported:
    """Read the committees of a file, or of bytes: `syntax` is toml, yaml, json, or one of RDF (turtle, rdfxml, ...).

    Without it the extension of the file, or of `name`, says it. `name` is for messages; `system` is the address of the
    REMS whose export it is. Raises `BadRegistry` naming file, entry, field, and line where known.
    """
    data, name = _bytes(source, name)
    found, warnings = _read(data, name, (syntax or name.rpartition(".")[2]).lower(), system)
    if not found:
        raise BadRegistry("There is no committee in it.", url=name or None)
    return Imported(_unique(found, name), (*warnings, *doubts(found)))


def _read(data: bytes, name: str, kind: str, system: str | None) -> tuple[tuple[Committee, ...], tuple[str, ...]]:
    if kind == "json":
        return _from_json(data, name, system)
    if kind == "toml":
        return _from_toml(data, name), ()
    if kind in {"yaml", "yml"}:
        return _from_yaml(data, name), ()
    syntax = by_name(kind) or by_extension(name)
    if syntax is None:
        raise BadRegistry(
            f"{kind!r} is no format of committees: give toml, yaml, json, or a syntax of RDF.", url=name or None
        )
    return committees_of_graph(data, name, syntax), ()


def _bytes(source: Path | bytes, name: str) -> tuple[bytes, str]:
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise BadRegistry(f"The file cannot be read: {error.strerror}.", url=name or str(source)) from error
    name = name if isinstance(source, bytes) else name or str(source)
    if len(data) > _LARGEST:
        raise BadRegistry(f"The file is larger than {_LARGEST} bytes.", url=name or None)
    return data, name


def _unique(found: tuple[Committee, ...], name: str) -> tuple[Committee, ...]:
    seen: set[str] = set()
    for committee in found:
        if committee.id in seen:
            raise BadRegistry(f"Two committees have the id {committee.id!r}.", url=name or None)
        seen.add(committee.id)
    return found


# TOML ------------------------------------------------------------------------------------------------------------


def _from_toml(data: bytes, name: str) -> tuple[Committee, ...]:
    try:
        text = data.decode("utf-8")
        document = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise BadRegistry(f"The file is not UTF-8: {error.reason} at byte {error.start}.", url=name or None) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        detail = f"This is not TOML: {error}."
        raise BadRegistry(detail, url=name or None, line=int(line.group(1)) if line else None) from error
    unknown = [key for key in document if key != _TABLE]
    if unknown:
        raise BadRegistry(f"{unknown[0]!r} is no table of this file; committees are [[{_TABLE}]].", url=name or None)
    lines = text.splitlines()
    return _entries(document.get(_TABLE, []), name, lambda number, key: _line(lines, number, key))


def _line(lines: list[str], number: int, key: str) -> int | None:
    """The line of a key of the entry (counted from 1), else of the entry's header."""
    headers = [at for at, line in enumerate(lines, 1) if _HEADER.match(line)]
    if number > len(headers):
        return None
    start = headers[number - 1]
    end = headers[number] if number < len(headers) else len(lines) + 1
    wanted = re.compile(rf"^\s*\"?{re.escape(key)}\"?\s*[.=]|^\s*\[{_TABLE}\.{re.escape(key)}\]")
    return next((at for at in range(start, end) if wanted.match(lines[at - 1])), start)


# YAML ------------------------------------------------------------------------------------------------------------


def _from_yaml(data: bytes, name: str) -> tuple[Committee, ...]:
    from catalogue.dac.yaml_file import read_yaml  # the reader of YAML is loaded where a file is in it

    file = read_yaml(data, name)
    entries = _listed(file.document) if file.document is not None else []
    if entries is None:
        raise BadRegistry('Expected a list of committees, or "committee:" and a list.', url=name or None)
    return _entries(entries, name, file.line)


# JSON ------------------------------------------------------------------------------------------------------------


def _from_json(data: bytes, name: str, system: str | None) -> tuple[tuple[Committee, ...], tuple[str, ...]]:
    try:
        document = json.loads(data)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise BadRegistry(f"This is not JSON: {error}.", url=name or None, line=line) from error
    entries = _listed(document)
    if entries is None:
        raise BadRegistry('Expected a list of committees, or {"committee": [...]}.', url=name or None)
    if any(is_ega(entry) for entry in entries):
        return committees_of_ega(entries, name), ()
    if any(is_rems(entry) for entry in entries):
        return committees_of_rems(entries, name, system), rems_doubts(entries, system)
    return _entries(entries, name, lambda _number, _key: None), ()


def _listed(document: object) -> list[object] | None:
    """The entries of a document, or None.

    It is a list, {"committee": [...]} (also "committees", "items"), one object of EGA or REMS, or the lists of several
    exports of REMS under their names.
    """
    if isinstance(document, list):
        return document
    if not isinstance(document, Mapping):
        return None
    if is_ega(document) or is_rems(document):
        return [document]
    exports = [document[key] for key in _EXPORTS if isinstance(document.get(key), list)]
    if exports:
        return [entry for export in exports for entry in export]
    found = next((document[key] for key in (_TABLE, "committees", "items") if key in document), None)
    return found if isinstance(found, list) else None


def _entries(entries: object, name: str, line: Callable[[int, str], int | None]) -> tuple[Committee, ...]:
    if not isinstance(entries, list):
        raise BadRegistry(f"Committees are a list: write [[{_TABLE}]], not [{_TABLE}].", url=name or None)
    found: list[Committee] = []
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, Mapping):
            raise BadRegistry(f"Committee {number} is not a table of keys and values.", url=name or None)

        def fail(key: str, sentence: str, number: int = number, entry: Mapping[str, object] = entry) -> BadRegistry:
            label = f' ("{entry["id"]}")' if isinstance(entry.get("id"), str) else ""
            return BadRegistry(f"Committee {number}{label}: {sentence}", url=name or None, line=line(number, key))

        found.append(committee_of(entry, fail))
    return tuple(found)
