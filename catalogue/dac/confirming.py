"""When an entry of the registry is due to be confirmed with its body again, and what changed between two states."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from typing import Final

from catalogue.dac.committee import Committee

DUE_AFTER: Final = timedelta(days=365)
_REGISTRY: Final = "registry"
_UNTOLD: Final = frozenset({"confirmed", "origin", "id"})  # no change of the body itself


def is_due(committee: Committee, today: date) -> bool:
    """Whether nobody confirmed an entry for twelve months. What only nodes describe is theirs to confirm."""
    if committee.origin != _REGISTRY:
        return False
    if committee.confirmed is None:
        return True
    return today - date.fromisoformat(committee.confirmed) > DUE_AFTER


def changed_fields(before: Committee, after: Committee) -> tuple[str, ...]:
    """Return the names of what differs between two states of an entry, but for when it was confirmed."""
    names = (each.name for each in fields(Committee) if each.name not in _UNTOLD)
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
