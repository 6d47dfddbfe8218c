"""Parts that do not do their work now: which, since when, why, and when they may be tried again.

Whoever asks a dead service once a second, or once a page, waits for it as often. So a part in trouble is left alone for
a while: longer each time, and never shorter than the last try took.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from shapes.errors import Fault

_FIRST_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a part (`journal`, `store`, `index`).

    `since` is when this process noticed. `answers`: it can be read, and is merely not brought up to date. `url` is the
    service or file, without credentials, where known.
    """

    part: str
    since: datetime
    code: str
    detail: str
    url: str | None = None
    answers: bool = False

    def __str__(self) -> str:
        return f"{self.url}: {self.detail}" if self.url else self.detail

    def as_json(self) -> dict[str, object]:
        """Return the object that stands in `/ready`."""
        body: dict[str, object] = {
            "part": self.part,
            "answers": self.answers,
            "since": self.since.isoformat(timespec="seconds"),
            "code": self.code,
            "detail": self.detail,
        }
        return body | ({"url": self.url} if self.url else {})


def trouble_of(part: str, error: Exception, since: datetime, *, answers: bool = False) -> Trouble:
    """Return what an error says of a part."""
    if isinstance(error, Fault):
        return Trouble(part, since, error.code, error.detail, error.url, answers)
    return Trouble(part, since, "internal-error", str(error) or type(error).__name__, None, answers)


@dataclass(slots=True)
class _Case:
    """A trouble that is being watched. `again`: when to try, on the clock; `tries`: how often it failed."""

    trouble: Trouble
    began: float
    tries: int
    again: float


class Troubles:
    """What is wrong now. Each trouble is logged when it begins, when its reason changes, and when it is over.

    `lost` and `well` are what the log says of a part ("the index is behind"). `longest` bounds the pause between two
    tries, in seconds, save that it is never shorter than the failed try was. Safe for several threads.
    """

    def __init__(
        self,
        lost: str,
        well: str,
        *,
        longest: float,
        answers: bool = False,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._lost, self._well, self._longest, self._answers = lost, well, longest, answers
        self._clock, self._now = clock, now
        self._cases: dict[str, _Case] = {}
        self._lock = threading.Lock()

    def __contains__(self, part: object) -> bool:
        return part in self._cases

    def all(self) -> tuple[Trouble, ...]:
        """Every trouble there is now."""
        with self._lock:
            return tuple(case.trouble for case in self._cases.values())

    def pausing(self, part: str) -> Trouble | None:
        """Return the trouble of a part that is to be left alone now; None for one that may be tried."""
        with self._lock:
            case = self._cases.get(part)
            return case.trouble if case is not None and self._clock() < case.again else None

    def trying(self, part: str) -> Trouble | None:
        """As `pausing`; but of several who ask at once, one alone tries a part in trouble, and the others wait."""
        with self._lock:
            case = self._cases.get(part)
            if case is None:
                return None
            if self._clock() < case.again:
                return case.trouble
            case.again = self._clock() + self._longest
            return None

    def lost(self, part: str, error: Exception, took: float) -> None:
        """Note that a part failed; the try took so many seconds."""
        with self._lock:
            case = self._cases.get(part)
            since, tries = (self._now(), 1) if case is None else (case.trouble.since, case.tries + 1)
            trouble = trouble_of(part, error, since, answers=self._answers)
            pause = max(min(_FIRST_SECONDS * 2 ** min(tries - 1, 20), self._longest), took)
            began = self._clock() if case is None else case.began
            self._cases[part] = _Case(trouble, began, tries, self._clock() + pause)
        if case is None or str(case.trouble) != str(trouble):
            _log.warning("%s: %s", self._lost.format(part), trouble)

    def well(self, part: str) -> None:
        """Note that a part did its work."""
        if part not in self._cases:  # the usual case, without a lock: this is asked of every search
            return
        with self._lock:
            case = self._cases.pop(part, None)
        if case is not None:
            _log.warning("%s, after %.0f seconds", self._well.format(part), self._clock() - case.began)
