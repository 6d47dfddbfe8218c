"""What a person sees while sources are harvested: a line each, with records, rate and about how long it still takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final, TypeAlias

from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from ui.cli.context import Context, console

Tick: TypeAlias = Callable[[int, int | None, str], None]
Line: TypeAlias = Callable[[str], AbstractContextManager[Tick]]

_MINUTE: Final = 60
_HOUR: Final = 3600


class _Course(ProgressColumn):
    """How far a line is, how fast it goes, and about how long it still takes."""

    def render(self, task: Task) -> Text:
        return Text(course(task.completed, task.total, task.speed, task.finished), style="progress.remaining")


def course(done: float, total: float | None, speed: float | None, finished: bool = False) -> str:  # noqa: FBT001, FBT002 - as rich tells it
    """Say how far something is: `1200 of about 12000, 310/s, about 35 s left`. `speed` is in records a second."""
    said = [f"{done:.0f} of about {total:.0f}" if total and not finished else f"{done:.0f}"]
    if speed and not finished:
        said.append(f"{speed:.0f}/s" if speed >= 1 else f"{speed * _MINUTE:.0f}/min")
        if total and total > done:
            said.append(f"about {duration((total - done) / speed)} left")
    return ", ".join(said)


def duration(seconds: float) -> str:
    """Say how long something takes, roughly: `40 s`, `3 min`, `2 h`."""
    if seconds < _MINUTE:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / _MINUTE)} min" if seconds < _HOUR else f"{round(seconds / _HOUR)} h"


@contextmanager
def progress_lines(context: Context) -> Iterator[Line]:
    """Give a function that opens a progress line with a title; without a terminal it draws nothing.

    Lines may be opened by several threads. A line that begins to count anew has come to its next step.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description:24}"), BarColumn(16), _Course(), TimeElapsedColumn())
    doing = TextColumn("[dim]{task.fields[doing]}")
    with Progress(*columns, doing, console=console(stderr=True), disable=not context.show_progress()) as progress:

        @contextmanager
        def line(title: str) -> Iterator[Tick]:
            task = progress.add_task(title, total=None, doing="")
            counted = 0

            def tick(done: int, total: int | None, doing: str) -> None:
                nonlocal counted
                if done < counted:
                    progress.reset(task, total=total)
                counted = done
                progress.update(task, completed=done, total=total, doing=doing)

            yield tick
            progress.update(task, total=counted or 1, completed=counted or 1, doing="")

        yield line
