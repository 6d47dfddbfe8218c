"""What the catalogue already knows of a source, handed down so that comparing happens where the bytes are."""

from __future__ import annotations

from dataclasses import dataclass

from shapes.record import Kind


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """The latest accepted state of one record of a source, as far as comparing needs it."""

    id: str
    kind: Kind
    subject: str
    identifiers: tuple[str, ...]
    digest: str
    listed: bool = True
    complete: bool = True
