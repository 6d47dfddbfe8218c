"""What changed between the states of a record, statement by statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from catalogue.difference import difference, statements
from catalogue.journal.state import State

MOST: Final = 200  # statements of one step that are shown


@dataclass(frozen=True, slots=True)
class Step:
    """A state, and the statements (N-Triples) that came and went with it; `more` counts those not shown.

    Blank nodes are written `_:` because their canonical labels depend on the whole graph: a statement that only
    names such a node anew has not changed.
    """

    state: State
    added: tuple[str, ...]
    removed: tuple[str, ...]
    more: int = 0
    first: bool = False

    @property
    def same(self) -> bool:
        """Whether no statement came or went."""
        return not self.added and not self.removed


def steps(history: Sequence[State]) -> list[Step]:
    """Compare each state with the one before it, oldest first."""
    told: list[Step] = []
    before: Counter[str] = Counter()
    digest = ""
    for number, state in enumerate(history):
        now = before if state.digest == digest else statements(state.body)
        if number == 0:
            told.append(Step(state, (), (), first=True))
        else:
            found = difference(before, now)
            more = max(len(found.added) - MOST, 0) + max(len(found.removed) - MOST, 0)
            told.append(Step(state, found.added[:MOST], found.removed[:MOST], more))
        before, digest = now, state.digest
    return told
