"""What application systems told, remembered in the data folder: one JSON file per system, replaced as a whole."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from catalogue.access.reading import Moved, Reading
from catalogue.folding import digest
from harvester import whole_file
from harvester.rems import RemsAnswer, RemsItem
from shapes.errors import CannotWork

_log = logging.getLogger(__name__)


class KeptReadings:
    """Readings by system. A file is read again when it changes: another process may have asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, tuple[int, Reading]] = {}

    def of(self, system: str) -> Reading | None:
        """Return what is known of a system; None where it was never asked."""
        return self._load(self._path(system))

    def all(self) -> tuple[Reading, ...]:
        """Return what is known of every system that was asked, by its address."""
        found = (self._load(path) for path in sorted(self._folder.glob("*.json")))
        return tuple(sorted((each for each in found if each is not None), key=lambda each: each.system))

    def keep(self, reading: Reading) -> None:
        """Remember a reading. Raises `CannotWork` where the disk does not take it."""
        body = json.dumps(asdict(reading), default=_moment, ensure_ascii=False)
        try:
            whole_file.put(self._path(reading.system), body)
        except OSError as error:
            said = f"What an application system told cannot be kept: {error.strerror}."
            raise CannotWork(said, url=str(self._folder)) from error

    def _path(self, system: str) -> Path:
        return self._folder / f"{digest(system)}.json"

    def _load(self, path: Path) -> Reading | None:
        try:
            changed = path.stat().st_mtime_ns
            known = self._read.get(path)
            if known is not None and known[0] == changed:
                return known[1]
            reading = _reading(json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            # It is asked for again at the next check; until then it counts as never asked.
            _log.warning("%s cannot be read: %s", path, error)
            return None
        self._read[path] = (changed, reading)
        return reading


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no part of a reading")


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _reading(said: Mapping[str, Any]) -> Reading:
    return Reading(
        system=said["system"],
        tried=datetime.fromisoformat(said["tried"]),
        answer=None if said["answer"] is None else _answer(said["answer"]),
        time=_time(said["time"]),
        failure=said["failure"],
        moved=tuple(Moved(**{**each, "time": datetime.fromisoformat(each["time"])}) for each in said["moved"]),
    )


def _answer(said: Mapping[str, Any]) -> RemsAnswer:
    items = said["items"]
    return RemsAnswer(
        **{
            **said,
            "languages": tuple(said["languages"]),
            "items": None if items is None else tuple(_item(each) for each in items),
        }
    )


def _item(said: Mapping[str, Any]) -> RemsItem:
    return RemsItem(**{**said, "titles": tuple((language, title) for language, title in said["titles"])})
