"""A search engine that goes away and comes back, without a server: every method of the embedded one fails meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest

from catalogue.errors import SearchUnavailable
from catalogue.search.embedded import EmbeddedIndex

WHERE = "http://engine.internal:9200"
WHY = "The search server cannot be reached: Connection refused."
_METHODS = ("cursor", "stamp", "apply", "rebuild", "digests", "search", "facets", "values", "count")


@contextmanager
def engine_down() -> Iterator[list[str]]:
    """Take the engine away for a block; give the list of the calls made to it meanwhile."""
    calls: list[str] = []

    def away(name: str) -> object:
        def fail(*_: object, **__: object) -> NoReturn:
            calls.append(name)
            raise SearchUnavailable(WHY, url=WHERE)

        return fail

    with pytest.MonkeyPatch.context() as patch:
        for name in _METHODS:
            patch.setattr(EmbeddedIndex, name, away(name))
        yield calls
