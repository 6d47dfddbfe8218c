"""The port of a projection: a copy of the journal in another form, which remembers how far it has read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from catalogue.entry import Entry


class Projection(Protocol):
    """A store or index that is kept equal to the journal.

    A projection only ever holds what the journal lists; it can be thrown away and made again.
    """

    @property
    def name(self) -> str:
        """`store` or `index`."""
        ...

    def cursor(self) -> int:
        """The sequence number of the last state applied; 0 when empty."""
        ...

    def stamp(self) -> str:
        """The derivation stamp its content was made with (see `catalogue.projector`); empty when new."""
        ...

    def apply(self, entries: Iterable[Entry], upto: int) -> None:
        """Apply states in order and remember `upto` as the cursor. Durable on return.

        `entries` are gone through once, and may be many more than fit in memory. What going through them raises is
        raised, and the cursor stays.

        Applying a state again does no harm, so a crash between data and cursor is healed by repeating. A state that is
        not listed takes its record out.
        """
        ...

    def rebuild(self, entries: Iterable[Entry], upto: int, stamp: str) -> None:
        """Make the projection anew beside the old one, from the current state of every record, then swap it in.

        Readers see the old content until the swap. A failure leaves the old content and removes what was begun.
        """
        ...

    def digests(self) -> Mapping[str, str]:
        """The record id and digest of everything it holds, for `doctor`."""
        ...

    def close(self) -> None:
        """Release files and locks."""
        ...
