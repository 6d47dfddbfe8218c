"""When to ask again, and how long to wait first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from harvester.errors import PASSING, PASSING_STATUS, HttpStatus
from shapes.errors import Unreachable

# Seconds, a year: as good as for ever, and a number that can be said.
_LONGEST: Final = 365 * 86_400.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is tried again, and the waits between the tries, in seconds.

    The wait doubles from `first` up to `longest`, less a random part of up to a half, so that many clients of one
    server do not all come back at the same moment. A server that names its own wait (Retry-After) is obeyed; one that
    asks for more than `longest` is not asked again in this run.
    """

    retries: int = 3
    first: float = 1.0
    longest: float = 120.0

    def wait(self, failed: int, error: Unreachable, random: Callable[[], float]) -> float | None:
        """Return how long to wait after the `failed`-th failure (from 1), or None: do not ask again."""
        if failed > self.retries:
            return None
        if isinstance(error, HttpStatus):
            if error.answered not in PASSING_STATUS:
                return None
            if error.retry_after is not None:
                return error.retry_after if error.retry_after <= self.longest else None
        elif not isinstance(error, PASSING):
            return None
        return min(self.longest, self.first * 2.0 ** (failed - 1)) * (1 - random() / 2)


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds a Retry-After header asks for (RFC 9110 section 10.2.3), or None if it says nothing usable."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _LONGEST)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return min(max(0.0, (when - (now or datetime.now(UTC))).total_seconds()), _LONGEST)
