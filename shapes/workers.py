"""Processes that judge: to put an end to a judgement that takes too long, and to use every core for very many records.

A judgement holds Python's interpreter lock from its first line to its last and cannot be interrupted; a process can be
run beside others, and killed. Shapes of strangers need that: a regular expression or a SPARQL query of theirs may never
end. Our own profiles do not, and are quicker here than handed over, up to some thousand records.
Processes are *spawned*, never forked: a fork of a process with threads may hang.
Each worker makes its own validator and keeps it; only criteria, records, documents and reports travel.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import traceback
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Lock
from typing import Final, TypeAlias

from shapes.documents import judge_document
from shapes.errors import CannotWork, Fault, OverBudget
from shapes.parse import Document
from shapes.record import Record
from shapes.report import Report
from shapes.scores import Scored, score_document
from shapes.validate import Criteria, GraphValidator, Validator, make_validator

_BATCH: Final = 20
# With two cores, starting workers costs as much as they save with this many records.
WORTH_A_CREW: Final = 2000
_KEPT: Final = 4
_GIGABYTE: Final = 1024**3


@dataclass(frozen=True, slots=True)
class _Scoring:
    """A document to be scored, and what judging it found."""

    document: Document
    report: Report


_Subject: TypeAlias = Document | Sequence[Record] | _Scoring | None
_Task: TypeAlias = tuple[Criteria, _Subject]


class Worker:
    """One process that judges. Made when it is first asked; after a time-out the next question starts a new one."""

    def __init__(self, *, memory: int | None = None) -> None:
        """`memory`: bytes of address space the process may have."""
        self._memory = memory
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._lock = Lock()

    def prepare(self, criteria: Criteria, timeout: float | None = None) -> tuple[str, ...]:
        """Read what to judge by and return what there is to tell of it: a stranger's query may never end being parsed.

        Raises what `make_validator` raises, `OverBudget` after `timeout` seconds, `CannotWork`.
        """
        answer = self._ask((criteria, None), timeout)
        if not isinstance(answer, tuple):
            raise TypeError("the worker answered another question")
        return answer

    def judge_records(
        self, criteria: Criteria, records: Sequence[Record], timeout: float | None = None
    ) -> list[Report]:
        """Judge records. Raises what judging raises, `OverBudget` after `timeout` seconds, `CannotWork`."""
        answer = self._ask((criteria, tuple(records)), timeout)
        if not isinstance(answer, list):
            raise TypeError("the worker answered another question")
        return answer

    def judge_document(self, criteria: Criteria, document: Document, timeout: float | None = None) -> Report:
        """Judge a document. Raises what judging raises, `OverBudget` after `timeout` seconds, `CannotWork`."""
        answer = self._ask((criteria, document), timeout)
        if not isinstance(answer, Report):
            raise TypeError("the worker answered another question")
        return answer

    def score_document(
        self, criteria: Criteria, document: Document, report: Report, timeout: float | None = None
    ) -> tuple[Scored, ...]:
        """Score the datasets of a document that was judged. Raises what reading raises, `OverBudget`, `CannotWork`."""
        answer = self._ask((criteria, _Scoring(document, report)), timeout)
        if not isinstance(answer, tuple):
            raise TypeError("the worker answered another question")
        return answer

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, task: _Task, timeout: float | None) -> object:
        with self._lock:
            try:
                answer = self._exchange(self._started(), task, timeout)
            except BaseException:
                self._end()
                raise
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _exchange(self, pipe: Connection, task: _Task, timeout: float | None) -> object:
        try:
            pipe.send(task)
            if pipe.poll(timeout):
                return pipe.recv()
        except (OSError, EOFError) as error:
            if self._memory is not None:  # what is not Python ends its process where it gets no more memory
                raise OverBudget(f"The process that validates died. {_too_much(self._memory)}") from error
            raise CannotWork(
                "The process that validates ended without an answer, perhaps for want of memory."
            ) from error
        raise OverBudget(f"The validation was stopped after {timeout:g} seconds.")

    def _started(self) -> Connection:
        if self._pipe is None or self._process is None or not self._process.is_alive():
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, self._memory), daemon=True)
            process.start()
            self._process = process
            theirs.close()
        return self._pipe

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._pipe, self._process = None, None


def _serve(pipe: Connection, memory: int | None) -> None:
    """Answer questions until the other end is closed. Runs in the worker."""
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    validators: dict[Criteria, Validator | GraphValidator] = {}
    while True:
        try:
            criteria, subject = pipe.recv()
            pipe.send(_answer(validators, criteria, subject))
        except (EOFError, OSError):
            return
        except MemoryError:
            pipe.send(OverBudget(_too_much(memory)))


def _too_much(memory: int | None) -> str:
    cap = "there is" if memory is None else f"the {memory / _GIGABYTE:g} GB it may have"
    return f"The validation was stopped: it needs more memory than {cap}."


def _answer(validators: dict[Criteria, Validator | GraphValidator], criteria: Criteria, subject: _Subject) -> object:
    try:
        if isinstance(subject, _Scoring):
            return tuple(score_document(subject.document, subject.report))
        validator = validators.pop(criteria, None) or make_validator(criteria)
        validators[criteria] = validator  # the one used last stands last
        while len(validators) > _KEPT:
            del validators[next(iter(validators))]
        if subject is None:
            return validator.notes
        return judge_document(subject, validator) if isinstance(subject, Document) else _judged(validator, subject)
    except Fault as fault:
        return fault
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a mistake of ours; told to the asking side, which raises it
        return RuntimeError(f"validation failed in a worker:\n{traceback.format_exc()}")


def _judged(validator: Validator | GraphValidator, records: Iterable[Record]) -> list[Report]:
    if isinstance(validator, GraphValidator):
        raise TypeError("records are judged by a profile")
    return [validator.judge(record) for record in records]


def cores() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def judge_many(records: Iterable[Record], criteria: Criteria, workers: int | None = None) -> Iterator[Report]:
    """Judge records by a profile on several cores; yield the reports in the order of the records.

    A few records are judged here, without a worker. `workers`: how many processes; every core where None. Raises what
    judging raises; the workers are ended in any case.
    """
    workers = cores() if workers is None else workers
    waiting = iter(records)
    few = list(islice(waiting, WORTH_A_CREW))
    if workers < 2 or len(few) < WORTH_A_CREW:  # noqa: PLR2004 - one worker is no gain
        yield from _judged(make_validator(criteria), chain(few, waiting))
        return
    with closing(_Crew(criteria, workers)) as crew:
        pending: deque[Future[list[Report]]] = deque()
        for batch in _batches(chain(few, waiting)):
            pending.append(crew.submit(batch))
            if len(pending) > 2 * workers:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    while batch := list(islice(records, _BATCH)):
        yield batch


class _Crew:
    """Several workers; a thread of ours waits for each."""

    def __init__(self, criteria: Criteria, workers: int) -> None:
        self._criteria = criteria
        self._workers = [Worker() for _ in range(workers)]
        self._free: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="judge")

    def submit(self, records: Sequence[Record]) -> Future[list[Report]]:
        return self._threads.submit(self._judge, records)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def _judge(self, records: Sequence[Record]) -> list[Report]:
        worker = self._free.get()
        try:
            return worker.judge_records(self._criteria, records)
        finally:
            self._free.put(worker)
