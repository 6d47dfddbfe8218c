"""Parts are loaded beside what makes the next ones: in order, none lost, and no failure either."""

from __future__ import annotations

from threading import Event
from typing import Any, cast

import pyoxigraph as ox
import pytest

from catalogue.store.loading import Loader

NAME = ox.NamedNode("http://example.org/g")
TEXT = b'<http://example.org/s> <http://example.org/p> "o" .\n'


class Held:
    """A store that loads once it is let, or cannot."""

    def __init__(self, error: Exception | None = None) -> None:
        self.go = Event()
        self.error = error
        self.loaded: list[bytes] = []

    def bulk_load(self, *, input: bytes, **_: Any) -> None:  # noqa: A002 - the engine's own word
        self.go.wait(20)
        if self.error is not None:
            raise self.error
        self.loaded.append(input)


def _loader(store: Held) -> Loader:
    return Loader(cast("ox.Store", store))


def test_loading_does_not_hold_who_makes_the_next_part_and_is_whole_once_left() -> None:
    store = Held()
    with _loader(store) as loader:
        assert loader.load({NAME: TEXT}) == len(TEXT)
        assert store.loaded == []
        store.go.set()
    named = TEXT.replace(b" .", b" <http://example.org/g> .")
    assert store.loaded == [TEXT, named], "the union first: a crash between them is then found and finished"


def test_a_load_that_fails_is_told_before_anything_else_is_loaded() -> None:
    store = Held(OSError("disk full"))
    store.go.set()
    with _loader(store) as loader:
        loader.load({NAME: TEXT})
        with pytest.raises(OSError, match=r"^disk full$"):
            loader.load({NAME: TEXT})


def test_a_last_load_that_fails_is_told_on_leaving() -> None:
    store = Held(OSError("disk full"))
    store.go.set()
    with pytest.raises(OSError, match=r"^disk full$"), _loader(store) as loader:
        loader.load({NAME: TEXT})


def test_what_goes_wrong_meanwhile_is_raised_after_the_load_has_ended() -> None:
    store = Held()

    def broken() -> None:
        with _loader(store) as loader:
            loader.load({NAME: TEXT})
            store.go.set()
            raise KeyError("later")

    with pytest.raises(KeyError, match="later"):
        broken()
    assert len(store.loaded) == 2
