"""Keeping store and index up to date while a server runs, whoever appends to the journal."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final, TypeAlias

from catalogue.behind import ProjectionsBehind
from catalogue.errors import StoreLocked
from catalogue.journal.journal import Journal
from catalogue.projector import Projector
from shapes.errors import CannotWork

FAR: Final = 1000  # states: pages would be slow for longer than a process needs to begin
Apart: TypeAlias = Callable[[threading.Event], None]
_log = logging.getLogger(__name__)


class Keeper:
    """Looks from time to time whether the journal has grown, and brings store and index up to date.

    A projection that is down is tried again after growing pauses, on its own; the projector logs when that begins and
    when it is over.
    """

    def __init__(self, journal: Journal, projector: Projector, apart: Apart | None = None) -> None:
        """`apart` does the same in another process, until told to stop; it is asked where they are `FAR` behind.

        What it leaves is done here.
        """
        self._apart = apart
        self._journal = journal
        self._projector = projector
        self._seen = ""
        self._silent = False

    def keep(self, stop: threading.Event, seconds: float) -> None:
        """Look every so many seconds, until told to stop."""
        while not stop.wait(seconds):
            self.look(stop)

    def look(self, stop: threading.Event) -> None:
        """Look once. Whatever cannot be done now is logged where that is news, and tried again at a later look."""
        try:
            now = f"{self._journal.last_seq()} {self._journal.activity()} {self._projector.stamp()}"
            if now != self._seen or self._projector.overdue():
                if self._apart is not None and self._projector.behind() >= FAR:
                    self._apart(stop)
                    if stop.is_set():
                        return
                self._catch_up()
                self._seen = now
        except StoreLocked:
            return  # another process is at it
        except CannotWork as error:
            if not self._silent:
                _log.warning("store and index cannot follow the journal now: %s", error)
            self._silent = True
        else:
            if self._silent:
                _log.warning("store and index follow the journal again")
            self._silent = False

    def _catch_up(self) -> None:
        try:
            self._projector.catch_up(patiently=True)
        except ProjectionsBehind:
            return  # the others are up to date, and the projector has logged it
