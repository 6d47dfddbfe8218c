"""What the progress lines of a harvest say."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from ui.cli import meanwhile
from ui.cli.context import Context
from ui.cli.meanwhile import course, duration, progress_lines


@pytest.mark.parametrize(
    ("done", "total", "speed", "said"),
    [
        (0, None, None, "0"),
        (40, None, 4.0, "40, 4/s"),
        (40, None, 0.1, "40, 6/min"),
        (1200, 12_000, 300.0, "1200 of about 12000, 300/s, about 36 s left"),
        (5, 605, 2.0, "5 of about 605, 2/s, about 5 min left"),
        (1, 14_401, 1.0, "1 of about 14401, 1/s, about 4 h left"),
        (700, 605, 2.0, "700 of about 605, 2/s"),
    ],
)
def test_it_says_how_far_how_fast_and_about_how_long(
    done: int, total: int | None, speed: float | None, said: str
) -> None:
    assert course(done, total, speed) == said


def test_what_is_done_has_neither_rate_nor_rest() -> None:
    assert course(7, 7, 3.0, finished=True) == "7"
    assert [duration(seconds) for seconds in (0.2, 59, 61, 3601)] == ["1 s", "59 s", "1 min", "1 h"]


def test_a_line_tells_its_step_and_begins_anew_with_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    screen = Console(file=out, force_terminal=True, width=160, color_system=None)
    monkeypatch.setattr(meanwhile, "console", lambda **_: screen)
    monkeypatch.setattr(Context, "show_progress", lambda _: True)
    with progress_lines(Context()) as line, line("Norway") as tick:
        tick(3, 10, "reading")
        tick(1, 3, "1 new")
        tick(2, 3, "2 new")
    shown = out.getvalue()
    assert "Norway" in shown
    assert "Norway                   ━━━━━━━━━━━━━━━━ 2 0:" in shown  # of the second step, and through
