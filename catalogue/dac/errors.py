"""The registry's leaf of the error tree (drawn in `shapes.errors`)."""

from __future__ import annotations

from shapes.errors import BadInput


class BadRegistry(BadInput):
    """A file of committees that cannot be imported; nothing of it was."""

    code = "bad-registry"
    title = "The committees cannot be imported"
