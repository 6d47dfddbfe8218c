"""Taking a harvest into the journal: one run of one source, counted, in batches, safe to interrupt anywhere.

What a crash leaves is true as far as it goes: the states of whole batches, their ledger, and a run that the next one
marks interrupted. Only the end of a complete run withdraws anything.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final, TypeAlias

from catalogue.answers import kept_answers
from catalogue.enrich.join import unmatched
from catalogue.foresight import Fate, Foresee, Foresight
from catalogue.journal.append import Draft
from catalogue.journal.journal import Journal
from catalogue.journal.lease import PULSE
from catalogue.journal.run import COUNTERS, Counts, Outcome, Run
from catalogue.journal.runs import Ending, Ledger
from catalogue.journal.state import State
from catalogue.journal.states import Standing
from catalogue.removal import Policy, Removal, plan
from catalogue.settings import Settings
from catalogue.tally import Tally
from harvester.changes import Changed, Event, Finished, New, Problem, Unchanged
from harvester.harvest import Judge, harvest
from harvester.http import Door
from harvester.known import KnownRecord
from harvester.limits import HarvestLimits
from harvester.source import Source
from harvester.stop import READING, Oversight, Stop, Stopped
from shapes.collecting import give_back, seldom
from shapes.errors import CannotWork, Fault
from shapes.record import Kind, Record
from shapes.report import Report

BATCH: Final = 200  # states per transaction
_REMEMBERED: Final = 100  # runs that are looked back on for how long a record has been absent
_EXAMPLES: Final = 5  # identifiers that a line of the ledger names
_FLUSH_SECONDS: Final = 5.0  # a slow source is written down at least this often
_LOOK_SECONDS: Final = 1.0  # between two looks whether somebody asked the run to end
_CANCELLED: Final = "Somebody asked this run to end. What it had read is kept; the next run goes on from there."
_log = logging.getLogger(__name__)

Progress: TypeAlias = Callable[[int, int | None, str], None]
Harvest: TypeAlias = Callable[[Sequence[KnownRecord]], Generator[Event, None, None]]


def ingest(  # noqa: PLR0913 - the wishes of whoever harvests, each on its own
    journal: Journal,
    source: Source,
    *,
    door: Door,
    settings: Settings,
    progress: Progress | None = None,
    full: bool = False,
    foresee: Foresee | None = None,
    stop: Stop | None = None,
) -> Run:
    """Harvest a source into the journal and return the run.

    `progress(done, total, text)` is told of every record read, then of every one compared; `total` is None where
    nothing is known of the source.
    `full` asks for every document again, also those a server would say have not changed, and judges every record
    again. With `foresee` it is a dry run: nothing is written, `foresee` is told of each record that would not stay as
    it is, and the run says what would be, with the number 0. `stop` ends the run, as `Journal.ask_to_end` does: what
    was accepted stays, its outcome is interrupted. Whatever is wrong with the source is in the run; raised are
    `RunInProgress`, `RunLost`, `NoSuchSource` (not for a dry run), `Stopped` (for a dry run only) and leaves of
    `CannotWork`, with the run marked failed where that is possible.
    """
    from catalogue.judging import Bench  # brings the SHACL engine, which most commands never need

    profile, wish = source.profile or settings.profile, stop or Stop()
    limits = HarvestLimits(
        pages=settings.harvest_max_pages, records=settings.harvest_max_records, file=settings.harvest_max_bytes
    )
    policy = Policy(
        grace_runs=settings.harvest_grace_runs,
        grace_days=settings.harvest_grace_days,
        shrink_percent=settings.harvest_shrink_percent,
        shrink_records=settings.harvest_shrink_records,
    )
    with Bench(profile) as bench, seldom():

        def events(known: Sequence[KnownRecord]) -> Generator[Event, None, None]:
            bench.prepare()  # an unknown profile is this source's trouble: it ends this run, and no other
            answers = kept_answers(journal, source, settings, full=full) if foresee is None else None
            oversight = Oversight(wish, intake.hear)
            yield from harvest(
                source, known, door=door, judge=bench, limits=limits, answers=answers, oversight=oversight
            )

        intake = Intake(journal, source.name, policy, bench, None if full else profile, progress, wish)
        return intake.run(events) if foresee is None else intake.rehearse(events, foresee)


class Intake:
    """One run. `profile`: records judged by another are judged again; None: all of them are."""

    def __init__(
        self,
        journal: Journal,
        source: str,
        policy: Policy,
        judge: Judge,
        profile: str | None,
        progress: Progress | None = None,
        stop: Stop | None = None,
    ) -> None:
        self._journal = journal
        self._source = source
        self._policy = policy
        self._judge = judge
        self._profile = profile
        self._progress = progress
        self._stop = stop or Stop()
        self._expected: int | None = None
        self._reading = False
        self._run: int | None = None
        self._drafts: list[Draft] = []
        self._again: list[str] = []  # unchanged records whose verdict is not of this profile
        self._finished: Finished | None = None
        self._flushed = time.monotonic()
        self._written = Ledger()
        self._standing: dict[str, Standing] = {}
        self._tally = Tally(())
        self._foresight: Foresight | None = None

    def run(self, events: Harvest) -> Run:
        """Take the events in; return the run as it ended. Raises as `ingest` does."""
        self._run = self._journal.begin_run(self._source)
        with _pulse(self._journal, self._run, self._stop):
            try:
                self._take_all(events)
                return self._finish()
            except Stopped as stopped:
                self._tally.note(Problem(stopped.code, stopped.detail))
                return self._end_early()
            except CannotWork as error:
                self._give_up(error)
                raise
            except BaseException:  # Ctrl-C, or the process is told to end: what was read is kept, nothing withdrawn
                self._interrupt()
                raise

    def rehearse(self, events: Harvest, foresee: Foresee) -> Run:
        """Return the run as it would be, and tell of each record that would not stay as it is. Writes nothing."""
        started = self._journal.now()
        self._foresight = foresight = Foresight(self._journal, foresee)
        self._take_all(events)
        self._flush()
        complete, removal = self._conclude()
        for fate, records in ((Fate.WITHDRAWN, removal.withdraw), (Fate.HELD, removal.hold)):
            for record in records:
                foresight.absence(fate, record)
        counts = dict(self._tally.counts())
        datasets = counts.pop(Kind.DATASET, Counts())
        return Run(
            **{name: getattr(datasets, name) for name in COUNTERS},
            id=0,
            source=self._source,
            started=started,
            finished=self._journal.now(),
            outcome=self._tally.outcome(complete=complete, held=bool(removal.hold)),
            complete=complete,
            others=counts,
            requests=self._tally.requests,
            bytes=self._tally.bytes,
            problems=self._tally.problems(),
            problem_counts=self._tally.ledger().problem_counts,
        )

    def _take_all(self, events: Harvest) -> None:
        """Take every event; what breaks the harvest, save what stops the catalogue itself, becomes a problem."""
        known = self._journal.known(self._source)
        self._standing = {standing.id: standing for standing in self._journal.standing(self._source)}
        self._tally = Tally(known)
        self._expected = len(self._standing) or None
        try:
            with closing(events(known)) as stream:
                for done, event in enumerate(stream, 1):
                    self._take(event)
                    if self._progress is not None and not self._reading:
                        self._progress(done, self._expected and max(self._expected, done), self._told())
        except CannotWork:
            raise
        except Fault as fault:
            self._tally.note(Problem(fault.code, fault.detail, fault.url, fault.record, fault.line))
        except Exception as error:  # noqa: BLE001 - one broken source must not stop the others; it is in log and ledger
            _log.exception("harvesting %s broke", self._source)
            said = f"The harvest broke: {type(error).__name__}: {error}. This is a mistake of the program."
            self._tally.note(Problem("internal-error", said))
        else:
            if self._finished is None:
                self._tally.note(Problem("no-end", "The harvest ended without saying whether it saw everything."))

    def hear(self, done: int, total: int | None, doing: str) -> None:
        """Pass on how far reading is. A source that does not say how much it has, had as much before, or so.

        While records are read that are told of at once, what was read is what is counted.
        """
        self._reading = doing == READING
        if not self._reading:
            self._expected = total
        elif self._progress is not None:
            self._progress(done, total or self._expected, ", ".join(filter(None, (doing, self._told()))))

    def _take(self, event: Event) -> None:
        match event:
            case Problem():
                self._tally.note(event)
            case Finished():
                self._finished = event
                self._tally.requests, self._tally.bytes = event.requests, event.bytes
            case _:
                kind = self._tally.count(event)
                if self._foresight is not None:
                    self._foresight.change(event)
                if isinstance(event, New | Changed):
                    self._tally.judged(kind, event.report)
                    known = event.id if isinstance(event, Changed) else None
                    self._drafts.append(Draft(event.record, event.report, known))
                elif isinstance(event, Unchanged):
                    self._stay(event)
        late = self._drafts and time.monotonic() - self._flushed > _FLUSH_SECONDS
        if late or len(self._drafts) + len(self._again) >= BATCH:
            self._flush()

    def _stay(self, event: Unchanged) -> None:
        """Count the verdict of an unchanged record, or put it in line for judging where it is of another profile."""
        standing = self._standing.get(event.id)
        verdict = standing.verdict if standing else None
        if verdict is None or verdict.profile != self._profile:
            self._again.append(event.id)
        else:
            self._tally.judged(event.kind, verdict)

    def _flush(self) -> None:
        """Write a batch down, states and ledger together."""
        self._judge_again()
        if self._run is not None and self._drafts:
            ledger = self._tally.ledger()
            self._journal.append(self._source, self._drafts, run=self._run, ledger=ledger)
            self._written = replace(ledger, problems=())
            self._tally.written()
        self._drafts = []
        give_back()  # what was judged and written lies scattered; 25 MB over 12,000 records
        self._flushed = time.monotonic()

    def _judge_again(self) -> None:
        """Judge records that did not change; only a verdict or finding that differs makes a new state."""
        states = [state for record in self._again if (state := self._journal.current(record)) is not None]
        self._again = []
        if not states:
            return
        records = [_record(state) for state in states]
        for state, record, report in zip(states, records, self._judge(records), strict=True):
            self._tally.judged(state.kind, report)
            if not self._same_findings(state, report):
                self._drafts.append(Draft(record, report, state.id))

    def _same_findings(self, state: State, report: Report) -> bool:
        if state.verdict != report.verdict():
            return False
        before = self._journal.report(state.id)
        return before is not None and before.findings == report.findings

    def _conclude(self) -> tuple[bool, Removal]:
        """Return whether the run saw everything, and what becomes of what it did not see; count and note that."""
        complete = self._finished is not None and self._finished.complete
        listed = tuple(self._standing.values())
        delivered, seen = self._tally.delivered, self._tally.seen()
        removal = plan(listed, delivered, seen, complete=complete, policy=self._policy, ages=self._ages())
        self._tally.settle((self._standing[record].kind for record in removal.withdraw), "withdrawn")
        self._tally.settle((self._standing[record].kind for record in removal.hold), "held")
        if complete:
            self._match(removal)
        if removal.reason is not None:
            detail = f"{removal.reason} Nothing is withdrawn until you decide."
            self._tally.note(Problem("withdrawal-held", detail, self._journal.source(self._source).url))
        return complete, removal

    def _match(self, removal: Removal) -> None:
        """Say in the ledger which datasets are told of that no node lists: what is said of them waits for them."""
        gone = {*removal.withdraw, *removal.hold}
        states = self._journal.heads(Kind.ENRICHMENT, source=self._source, with_body=False)
        about = {name: state.subject for state in states if state.id not in gone for name in state.identifiers}
        left = unmatched(self._journal, about) if about else ()
        if left:
            shown = ", ".join(left[:_EXAMPLES]) + (", ..." if len(left) > _EXAMPLES else "")
            detail = f"No node lists {len(left)} of the {len(about)} datasets that are told of: {shown}."
            self._tally.note(Problem("unmatched", detail, about[left[0]], remark=True))

    def _ages(self) -> list[timedelta]:
        """How long ago the complete runs before this one began, the latest first; where days of absence count."""
        if not self._policy.grace_days:
            return []
        now = self._journal.now()
        return [now - run.started for run in self._journal.runs(self._source, limit=_REMEMBERED) if run.complete]

    def _finish(self) -> Run:
        self._flush()
        complete, removal = self._conclude()
        ending = Ending(
            outcome=self._tally.outcome(complete=complete, held=bool(removal.hold)),
            complete=complete,
            withdraw=removal.withdraw,
            hold=removal.hold,
            absences=removal.absences,
            delivered=self._tally.delivered,
        )
        return self._end(self._tally.ledger(), ending)

    def _interrupt(self) -> None:
        """End the run cleanly with what was read so far. Where that fails, the next run marks it interrupted."""
        try:
            self._end_early()
        except Exception:  # noqa: BLE001 - the reason to stop is on its way up; this one is in the log
            _log.exception("run %s of %s could not be ended cleanly", self._run, self._source)

    def _end_early(self) -> Run:
        self._flush()
        return self._end(self._tally.ledger(), Ending(Outcome.INTERRUPTED, delivered=self._tally.delivered))

    def _give_up(self, error: CannotWork) -> None:
        """Mark the run failed, as far as it was written down. Where that fails too, the next run marks it."""
        problem = Problem(error.code, error.detail, error.url)
        counts = dict(self._written.problem_counts)
        counts[error.code] = counts.get(error.code, 0) + 1
        ledger = replace(self._written, problems=(problem,), problem_counts=counts)
        try:
            self._end(ledger, Ending(Outcome.FAILED))
        except CannotWork as another:
            _log.warning("run %s of %s could not be marked failed: %s", self._run, self._source, another)

    def _end(self, ledger: Ledger, ending: Ending) -> Run:
        assert self._run is not None, "a rehearsal has no run to end"  # noqa: S101 - a mistake of ours, not of input
        return self._journal.finish_run(self._run, ledger, ending)

    def _told(self) -> str:
        counts = self._tally.counts().values()
        figures = {name: sum(getattr(c, name) for c in counts) for name in ("new", "changed", "rejected", "failed")}
        return ", ".join(f"{number} {name}" for name, number in figures.items() if number)


def _record(state: State) -> Record:
    return Record(state.kind, state.subject, state.identifiers, state.body, state.digest, state.complete)


@contextmanager
def _pulse(journal: Journal, run: int, stop: Stop) -> Iterator[None]:
    """Renew the run's lease from time to time, and look whether somebody asked it to end.

    A source may be read for long before it says anything.
    """
    over = threading.Event()

    def beat() -> None:
        renewed = time.monotonic()
        while not over.wait(_LOOK_SECONDS):
            try:
                if time.monotonic() - renewed >= PULSE.total_seconds():
                    journal.renew_run(run)
                    renewed = time.monotonic()
                if journal.asked_to_end(run):
                    stop.ask(_CANCELLED)
            except CannotWork as error:  # the run finds out itself when it writes its next batch
                _log.warning("the lease of run %d could not be renewed: %s", run, error)
                renewed = time.monotonic()

    thread = threading.Thread(target=beat, name=f"run-{run}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
