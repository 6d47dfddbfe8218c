"""What happened to the records, for those who keep a copy of the catalogue: the journal's own order, and its times."""

from __future__ import annotations

from catalogue.journal.happenings import Window
from catalogue.journal.journal import Journal
from catalogue.journal.state import State
from catalogue.journal.states import Span


class Chronicle:
    """The journal as a record of what happened. It reads only."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def span(self, source: str | None = None) -> Span | None:
        """Return when the first and the last thing happened to the records of a source, or of all; None: nothing."""
        return self._journal.span(source)

    def happened(self, window: Window, after: int, limit: int, *, with_body: bool = True) -> tuple[State, ...]:
        """Return records by the number of their latest state, after a number; see `Journal.happened`."""
        return self._journal.happened(window, after, limit, with_body=with_body)

    def count(self, window: Window) -> int:
        """Return how many records `happened` would tell of in all."""
        return self._journal.count_happened(window)

    def since(self, seq: int, limit: int) -> tuple[State, ...]:
        """Return up to `limit` states after a number, superseded ones too, in order."""
        return self._journal.since(seq, limit)

    def spans(self, size: int) -> dict[int, Span]:
        """Return when the states of each page of `size` numbers were written; page 0 begins with number 1."""
        return self._journal.spans(size)

    def last(self) -> int:
        """Return the number of the newest state; 0 where nothing happened yet."""
        return self._journal.last_seq()

    def epoch(self) -> str:
        """Return what tells this journal from one that was restored: numbers mean the same within one."""
        return self._journal.registry_version().partition(".")[0]
