"""The names of an index's fields, where both engines have them."""

from __future__ import annotations

from typing import Final

TEXT: Final = "text"  # every token: what matches
KEY: Final = "key"
ABSENT: Final = "absent"
LANGUAGE: Final = "language"
CARD: Final = "card"
EXCERPTS: Final = "excerpts"


def rank_field(name: str) -> str:
    """The field of all tokens of a rank."""
    return f"r_{name}"


def facet_field(name: str) -> str:
    """The field of a facet's values."""
    return f"f_{name}"


def sort_field(name: str) -> str:
    """The field of an order's keys: numbers, or texts where `Sort.text` says so."""
    return f"o_{name}"
