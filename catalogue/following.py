"""Store and index are brought up to date in a process of their own, beside a long harvest or beside a server's pages.

What follows is the projector of any other process: it takes the same lock, and dying anywhere it leaves behind what is
caught up with later. So it may be ended at any moment, and what it did not do is done here.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final, Self

from catalogue.assemble import House, open_house
from catalogue.keeper import FAR
from catalogue.settings import Settings
from shapes.errors import CannotWork

_LOOK_SECONDS: Final = 0.5
_log = logging.getLogger(__name__)


class Follower:
    """Brings store and index up to date in a process of its own once they are far behind the journal.

    A context manager around harvests: leaving it ends the process where it is. `finish` lets it come to the end first.
    """

    def __init__(self, house: House, *, far: int = FAR) -> None:
        """`far`: how many states store or index must be behind before a process begins."""
        self._house = house
        self._far = far
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._begin_when_far_behind, name="follower", daemon=True)
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    @property
    def began(self) -> bool:
        """Whether there is, or was, a process that follows."""
        return self._process is not None

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_watching()
        if self._process is not None:
            self._process.terminate()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()

    def finish(self, stop: threading.Event | None = None) -> None:
        """Return once the process, where there is one, has applied all that the journal has now; it then ends.

        Return when `stop` is set, too. It may have failed, or died: `Projector.settle` does what it did not, and says
        why that cannot be done.
        """
        self._stop_watching()
        if self._process is None or self._pipe is None:
            return
        try:
            self._pipe.send(None)
        except OSError:
            _log.warning("the process that brings store and index up to date ended before its time")
        while self._process.is_alive() and not (stop is not None and stop.is_set()):
            self._process.join(_LOOK_SECONDS)

    def _stop_watching(self) -> None:
        self._over.set()
        self._watch.join()

    def _begin_when_far_behind(self) -> None:
        asked = None
        while True:
            with suppress(CannotWork):  # the harvest meets the same, and says so
                last = self._house.journal.last_seq()
                if asked is None or last >= asked + self._far:  # an engine is not asked all the time how far it is
                    asked = last
                    if self._house.projector.behind() >= self._far:
                        return self._begin()
            if self._over.wait(_LOOK_SECONDS):
                return None

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_follow, args=(self._house.settings, theirs), name="follower", daemon=True
        )
        self._process.start()
        theirs.close()


def settle_apart(house: House, stop: threading.Event) -> None:
    """Bring store and index up to date in another process. Returns when that has ended, or when told to stop."""
    with Follower(house, far=0) as follower:
        follower.finish(stop)


def _follow(settings: Settings, pipe: Connection) -> None:
    """Apply what is appended until told to finish, or until the one who asked for it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to both; what becomes of this one, the other decides
    with open_house(settings) as house:
        while not pipe.poll(_LOOK_SECONDS):
            try:
                if house.projector.behind() >= FAR:
                    house.projector.catch_up(patiently=True)
            except CannotWork as error:  # another process has the lock, or something is down: the next look may do
                _log.info("store and index wait: %s", error)
        try:
            pipe.recv()
        except EOFError:
            return
        with suppress(CannotWork):  # who told it to finish settles too, and says what cannot be done
            house.projector.settle()
