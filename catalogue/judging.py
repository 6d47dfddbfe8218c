"""Judging the records of a harvest: here while they are few, on every core once they are many or large.

Validation is by far the longest part of a harvest. In a process of its own it also has an end: a record that takes too
long is given up, and rejected with that reason, without stopping the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Self

from shapes.errors import CannotWork, OverBudget
from shapes.profiles import profile
from shapes.record import Record
from shapes.report import Report
from shapes.validate import Criteria, Validator
from shapes.workers import WORTH_A_CREW, Worker, cores

_SECONDS: Final = 120.0  # for one share of a batch; a record of a hundred statements takes some hundredths
_LARGE: Final = 1024 * 1024  # bytes of a body that is judged apart at once
_MOST: Final = 8


class Bench:
    """Judges by one profile. Closing it ends its processes; it is used as a context manager."""

    def __init__(self, profile_id: str, workers: int | None = None) -> None:
        """`workers`: how many processes at most; None for one per core."""
        self._criteria = Criteria(profile=profile_id)
        self._here: Validator | None = None
        self._workers = [Worker() for _ in range(workers or min(cores(), _MOST))]
        self._apart = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.close()

    def prepare(self) -> Validator:
        """Load the profile. Raises `UnknownProfile`."""
        if self._here is None:
            self._here = Validator(profile(self._criteria.profile or ""))
        return self._here

    def __call__(self, records: Sequence[Record]) -> Sequence[Report]:
        """Judge records; their reports come in the same order.

        Raises `UnknownProfile`, and `OverBudget` where a record among them takes too long or too much memory.
        """
        self._apart = self._apart or len(records) >= WORTH_A_CREW or any(len(r.body) > _LARGE for r in records)
        if not self._apart:
            validator = self.prepare()
            return [validator.judge(record) for record in records]
        share = -(-len(records) // len(self._workers))
        shares = [records[start : start + share] for start in range(0, len(records), share)]
        with ThreadPoolExecutor(len(shares)) as pool:
            return [report for reports in pool.map(self._share, self._workers, shares) for report in reports]

    def _share(self, worker: Worker, records: Sequence[Record]) -> list[Report]:
        try:
            return worker.judge_records(self._criteria, records, _SECONDS)
        except CannotWork as error:  # the process died of these records; the catalogue itself can go on
            raise OverBudget(error.detail) from error
