"""What a source's own dates said when it was last read whole, so that what they vouch for need not be asked for again.

A FAIR Data Point bumps the date of a catalogue when anything below it is stored. It does not when a draft is published,
so dates alone are never believed for long: from time to time everything is read again, whatever they say.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from harvester import whole_file

_NAME: Final = "dates.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a complete run left: when the last full one was (seconds since 1970), the dates, and who leads on."""

    full: float = 0.0
    dates: Mapping[str, str] = field(default_factory=dict)
    leading: Collection[str] = ()


class Dates:
    """The dates of one source, in a file beside its kept answers.

    `seconds`: how long dates are believed after a full run; 0: never. `ask` False: this run reads everything, and only
    renews them. What is kept is lost without harm: the next run is then a full one.
    """

    def __init__(
        self, folder: Path, seconds: float, *, ask: bool = True, clock: Callable[[], float] = time.time
    ) -> None:
        self._path = folder / _NAME
        self._believed = seconds > 0
        self._clock = clock
        self._began = clock()
        self._before = self._read() if self._believed else _Told()
        age = self._began - self._before.full
        self._full = not (ask and self._believed and 0 <= age < seconds)
        self._now: dict[str, str] = {}
        self._leading: set[str] = set()

    def unchanged(self, record: str, date: str | None) -> bool:
        """Whether nothing below a record changed since the last complete run, by its date; the date is remembered."""
        if date is None:
            return False
        self._now[record] = date
        return not self._full and self._before.dates.get(record) == date

    def lead_on(self, record: str) -> None:
        """Say that further records are found through this one, so that it must be read every time."""
        self._leading.add(record)

    def leads_on(self, record: str) -> bool:
        """Whether further records were found through this one."""
        return record in self._before.leading

    def settle(self, *, complete: bool) -> None:
        """Keep what a complete run met; a run that was not whole changes nothing."""
        if not (complete and self._believed):
            return
        full = self._began if self._full else self._before.full
        told = {"full": full, "dates": self._now, "leading": sorted(self._leading)}
        try:
            whole_file.put(self._path, json.dumps(told))
        except OSError as error:
            _log.warning("the dates in %s cannot be kept: %s", self._path, error.strerror)

    def _read(self) -> _Told:
        try:
            found = json.loads(self._path.read_text("utf-8"))
            dates = {str(record): str(date) for record, date in found["dates"].items()}
            return _Told(float(found["full"]), dates, frozenset(map(str, found["leading"])))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return _Told()
