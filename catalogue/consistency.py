"""Whether journal, store and index answer, how far the two follow the journal, and what is wrong where they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from catalogue.journal.journal import Journal
from catalogue.search.port import SearchIndex
from catalogue.store.port import AskedStore
from catalogue.trouble import Trouble, trouble_of
from shapes.errors import CannotWork
from shapes.record import Kind

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Consistency:
    """How far the projections follow the journal, by sequence number, and how many datasets journal and index hold.

    None stands where a part does not say. `troubles` has every part that does not answer or is not brought up to date.
    """

    journal: int | None
    store: int | None
    index: int | None
    listed: int | None
    indexed: int | None
    troubles: tuple[Trouble, ...] = ()

    @property
    def answers(self) -> bool:
        """Whether journal, store and index answer, however far behind they are."""
        return all(trouble.answers for trouble in self.troubles)

    @property
    def consistent(self) -> bool:
        """Whether both projections have applied everything, and the index holds as many datasets as are listed."""
        same = self.store == self.index == self.journal and self.listed == self.indexed
        return self.answers and same


def look(journal: Journal, store: AskedStore, index: SearchIndex, known: Iterable[Trouble] = ()) -> Consistency:
    """Ask every part. `known` troubles, as far as they are still there, tell since when."""
    silent: dict[str, Trouble] = {}

    def ask(part: str, question: Callable[[], _Answer]) -> _Answer | None:
        if part in silent:
            return None
        try:
            return question()
        except CannotWork as fault:
            silent[part] = trouble_of(part, fault, datetime.now(UTC))
            return None

    found = Consistency(
        journal=ask("journal", journal.last_seq),
        store=ask("store", store.cursor),
        index=ask("index", index.cursor),
        listed=ask("journal", lambda: journal.count(Kind.DATASET)),
        indexed=ask("index", index.count),
    )
    behind: dict[str, Trouble] = {}
    for trouble in known:
        if trouble.part in silent:
            since = min(trouble.since, silent[trouble.part].since)
            silent[trouble.part] = replace(silent[trouble.part], since=since)
        elif trouble.answers:
            behind[trouble.part] = trouble
    return replace(found, troubles=(*silent.values(), *behind.values()))
