"""Asking application systems once a day while the server runs, so that a closed form is told before somebody tries."""

from __future__ import annotations

import logging
import threading
from typing import Final

from catalogue.access.asking import SystemCheck
from catalogue.desk import Desk
from shapes.errors import Fault

_log = logging.getLogger(__name__)
_LOOK_SECONDS: Final = 600.0


def keep_checked(desk: Desk, check: SystemCheck, stop: threading.Event) -> None:
    """Until told to stop, look which systems were not asked within a day, and ask them one after the other."""
    while not stop.is_set():
        look(desk, check, stop)
        stop.wait(_LOOK_SECONDS)


def look(desk: Desk, check: SystemCheck, stop: threading.Event) -> None:
    """Look once. What goes wrong with one system is in its reading, or in the log, and stops no other."""
    try:
        due = check.due(desk.systems())
    except Fault as fault:
        _log.warning("application systems wait: %s", fault)
        return
    for system in due:
        if stop.is_set():
            return
        try:
            check.ask(system)
        except Fault as fault:
            _log.warning("what %s takes could not be checked: %s", system, fault)
