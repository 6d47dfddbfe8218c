"""A clock moved by hand."""

from __future__ import annotations


class Hand:
    """Tells the seconds it was set to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds
