"""The catalogue's leaves of the error tree (drawn in `shapes.errors`)."""

from __future__ import annotations

from shapes.errors import BadInput, CannotWork


class BadSetting(BadInput):
    """A setting that is unknown, malformed or contradicts another."""

    code = "bad-setting"
    title = "A setting cannot be used"


class StoreLocked(CannotWork):
    """Another process holds the lock this work needs."""

    code = "store-locked"
    title = "The data folder is in use"


class SearchUnavailable(CannotWork):
    """The search index cannot answer now; pages, SPARQL and browsing by node still work."""

    code = "search-unavailable"
    title = "Search is not available now"
