"""The collector of circles looks seldom in a block, and as before after it."""

from __future__ import annotations

import gc

import pytest

from shapes import collecting
from shapes.collecting import give_back, keep_for_good, seldom, share_pools


def test_the_collector_looks_as_before_after_the_outermost_block() -> None:
    before = gc.get_threshold()
    with seldom():
        inside = gc.get_threshold()
        with seldom():
            pass
        assert gc.get_threshold() == inside
        assert inside[0] > before[0]
    assert gc.get_threshold() == before


def test_a_block_that_fails_sets_it_back() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="broken"), seldom():
        raise ValueError("broken")
    assert gc.get_threshold() == before


def test_what_is_kept_for_good_is_not_looked_through_again() -> None:
    ring: list[object] = []
    ring.append(ring)
    keep_for_good()
    try:
        assert gc.get_freeze_count() > 0
        assert not any(each is ring for each in gc.get_objects())
    finally:
        gc.unfreeze()
        ring.clear()


def test_memory_is_given_back_where_the_c_library_can(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, tuple[int, ...]]] = []
    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    monkeypatch.setattr(collecting, "_c_function", lambda name: lambda *given: asked.append((name, given)))
    give_back()
    share_pools()
    assert asked == [("malloc_trim", (0,)), ("mallopt", (-8, 2))]
    monkeypatch.setenv("MALLOC_ARENA_MAX", "4")
    share_pools()
    monkeypatch.setattr(collecting, "_c_function", lambda _: None)
    give_back()
    assert len(asked) == 2
