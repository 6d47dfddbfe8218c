"""Judging the records of a harvest: here, but for a very large one, which is judged in a process that can be ended.

By our own profiles a record takes about half a millisecond, less than handing it to another process would, and its cost
grows with its size alone. So only size is a reason for a process: there a record that takes too long or too much memory
is given up, and rejected with that reason, without stopping the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Self

from shapes.errors import CannotWork, OverBudget
from shapes.profiles import profile
from shapes.record import Record
from shapes.report import Report
from shapes.validate import Criteria, Validator
from shapes.workers import Worker

_SECONDS: Final = 120.0  # for one record
_LARGE: Final = 4 * 1024 * 1024  # bytes of a body that is judged apart: 25,000 statements take 0.12 s here


class Bench:
    """Judges by one profile. Closing it ends its process; it is used as a context manager."""

    def __init__(self, profile_id: str) -> None:
        self._criteria = Criteria(profile=profile_id)
        self._here: Validator | None = None
        self._apart = Worker()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._apart.close()

    def prepare(self) -> Validator:
        """Load the profile. Raises `UnknownProfile`."""
        if self._here is None:
            self._here = Validator(profile(self._criteria.profile or ""))
        return self._here

    def __call__(self, records: Sequence[Record]) -> Sequence[Report]:
        """Judge records; their reports come in the same order.

        Raises `UnknownProfile`, and `OverBudget` where a record among them takes too long or too much memory.
        """
        validator = self.prepare()
        return [self._judged_apart(r) if len(r.body) > _LARGE else validator.judge(r) for r in records]

    def _judged_apart(self, record: Record) -> Report:
        try:
            return self._apart.judge_records(self._criteria, (record,), _SECONDS)[0]
        except CannotWork as error:  # the process died of this record; the catalogue itself can go on
            raise OverBudget(error.detail) from error
