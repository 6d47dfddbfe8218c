"""Asking application systems what they hold, politely and through the guarded door."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from catalogue.access.kept import KeptReadings
from catalogue.access.reading import Reading, failed, followed
from harvester.http import Door
from harvester.rems import read_rems, rems_base
from harvester.source import Source
from shapes.errors import Fault

_log = logging.getLogger(__name__)
CREDENTIAL: Final = "access-check"  # no source has this name: nothing is sent along, whoever asks
STALE: Final = timedelta(days=1)


def _now() -> datetime:
    return datetime.now(UTC)


class SystemCheck:
    """Asks installations of REMS and remembers what they tell. One after the other: nobody is in a hurry."""

    def __init__(self, door: Door, kept: KeptReadings, clock: Callable[[], datetime] = _now) -> None:
        self._door = door
        self._kept = kept
        self._clock = clock

    def ask(self, system: str, *, allow_private: bool = False) -> Reading:
        """Ask one installation. What goes wrong is in the reading, which is kept either way.

        `allow_private` opens this host and port to addresses that are not public. Raises `BadAddress` for what is no
        address, and `CannotWork` where the answer cannot be kept.
        """
        base = rems_base(system)
        before = self._kept.of(base)
        try:
            with self._door.for_source(Source(CREDENTIAL, base, allow_private=allow_private)) as door:
                reading = followed(before, self._clock(), read_rems(door, base))
        except Fault as fault:
            reading = failed(before, base, self._clock(), fault.detail)
        for moved in reading.moved[len(before.moved) if before else 0 :]:
            _log.warning(
                "%s: applications for %s go to workflow %d, before to %d",
                base,
                moved.resource,
                moved.after,
                moved.before,
            )
        self._kept.keep(reading)
        return reading

    def due(self, systems: Iterable[str]) -> tuple[str, ...]:
        """Return those of these systems that were not asked within a day."""
        now = self._clock()
        known = {system: self._kept.of(system) for system in dict.fromkeys(systems)}
        return tuple(system for system, read in known.items() if read is None or now - read.tried >= STALE)
