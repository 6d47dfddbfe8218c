"""Whole numbers in addresses: pages, parts, limits."""

from __future__ import annotations

from typing import Final

from flask import request

from shapes.errors import BadInput

# Above any page there is. What multiplies a number up to here still fits the 64 bits of a database.
FAR: Final = 999_999_999
_SHOWN: Final = 40  # characters of what was asked that an error repeats


def whole(text: str, most: int = FAR, *, least: int = 1) -> int | None:
    """Return the whole number from `least` to `most` that a text is; None where it is none."""
    few = text.isascii() and text.isdigit() and len(text) <= len(str(FAR))
    return int(text) if few and least <= int(text) <= most else None


def asked(name: str, default: int = 1, most: int = FAR, *, least: int = 1) -> int:
    """Return the number a parameter of the request asks for. Raises `BadInput`, naming the bounds."""
    text = request.args.get(name, str(default))
    number = whole(text, most, least=least)
    if number is None:
        bound = "" if most == FAR else f" to {most}"
        raise BadInput(f"{name} must be a whole number from {least}{bound}, not {text[:_SHOWN]!r}.")
    return number
