"""All that is told of one run: its ledger, the records it holds back, and the runs of its source beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from catalogue.journal.journal import Journal
from catalogue.journal.run import Run
from catalogue.journal.state import State

HELD_SHOWN: Final = 500  # records of a held run's list that are told one by one; the run counts all of them


@dataclass(frozen=True, slots=True)
class RunStory:
    """A run with its problems, and what a person who decides on it looks at.

    `held` are the records whose withdrawal waits, at most `HELD_SHOWN`, save those delivered again since; `waiting` is
    how many there are. `before` and `after` are the numbers of the source's runs beside it.
    """

    run: Run
    held: tuple[State, ...]
    waiting: int
    before: int | None
    after: int | None


def run_story(journal: Journal, number: int, source: str | None = None) -> RunStory:
    """Return all that is told of a run. Raises `NoSuchRun`, also where it is another source's."""
    run = journal.run(number, source)
    listed = journal.held(number)
    states = (journal.current(record) for record in listed[:HELD_SHOWN])
    before, after = journal.runs_beside(number)
    return RunStory(run, tuple(state for state in states if state is not None), len(listed), before, after)
