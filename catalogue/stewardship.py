"""What the stewards of a node look at: its findings, how they went from run to run, its records to be judged anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeAlias

from catalogue.journal.journal import Journal
from catalogue.journal.run import Run
from catalogue.journal.state import State, Status
from shapes.graph import node_of
from shapes.mending import Mend, mends
from shapes.record import Record
from shapes.report import Report, Verdict
from shapes.scores import SCHEMES, scores

# Scoring a state takes about half a millisecond; beyond this the figures of runs come without scores, which say so.
MOST_SCORED: Final = 2000
_RUNS: Final = 30
_CHUNK: Final = 200

# The percentage of each score of a dataset, by the score's id.
Percents: TypeAlias = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Milestone:
    """How a node's datasets stood after a run; of the latest one, how they stand now.

    `judged` and `valid` count datasets; `violations` and `warnings` count findings. `percents` are the mean scores, by
    score; empty where they were not made.
    """

    run: int
    time: datetime
    datasets: int
    judged: int
    valid: int
    violations: int
    warnings: int
    percents: Mapping[str, float]

    @property
    def share(self) -> float | None:
        """The percentage of valid datasets; None where none was judged."""
        return self.valid * 100 / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Course:
    """How a node went, oldest run first. `scored`: whether the runs have their mean scores."""

    milestones: tuple[Milestone, ...]
    scored: bool


class Stewardship:
    """Reads the journal for stewards. Safe for several threads; what it found is kept until the journal grows."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._findings: dict[str, tuple[int, Report]] = {}
        self._mends: dict[str, tuple[Report, tuple[Mend, ...]]] = {}
        self._courses: dict[str, tuple[tuple[int, ...], Course]] = {}
        self._percents: dict[int, Percents] = {}

    def findings(self, source: str) -> Report:
        """Return the findings of a node's listed records in one report, each under our identifier of its record.

        The report names the profile where all were judged by the same one.
        """
        seq = self._journal.last_seq()
        kept = self._findings.get(source)
        if kept is not None and kept[0] == seq:
            return kept[1]
        reports, used = [], set()
        for state, report in self.reports(source):
            used.add(report.profile)
            found = tuple(finding._replace(record=state.id) for finding in report.findings)
            reports.append(replace(report, findings=found))
        merged = Report.merged(used.pop() if len(used) == 1 else "", "", reports)
        self._findings[source] = (seq, merged)
        return merged

    def mends(self, source: str) -> tuple[Mend, ...]:
        """Return what to mend at a node, the most telling first."""
        report = self.findings(source)
        kept = self._mends.get(source)
        if kept is None or kept[0] is not report:
            kept = self._mends[source] = (report, mends(report))
        return kept[1]

    def reports(self, source: str) -> Iterator[tuple[State, Report]]:
        """Yield the listed records of a node that were judged, without their bodies, with what was found in each."""
        return self._journal.judged(source)

    def records(self, source: str, most: int) -> Sequence[tuple[str, Record]]:
        """Return the listed records of a node, each with our identifier; one more than `most` at most."""
        states = self._journal.heads(source=source, limit=most + 1)
        return [(state.id, record_of(state)) for state in states]

    def course(self, source: str) -> Course:
        """Return how a node's datasets stood after each of its latest finished runs. Raises `NoSuchSource`."""
        self._journal.source(source)
        runs = sorted((run for run in self._journal.runs(source, _RUNS) if run.finished), key=lambda run: run.id)
        key = (self._journal.last_seq(), *(run.id for run in runs))
        kept = self._courses.get(source)
        if kept is None or kept[0] != key:
            kept = self._courses[source] = (key, self._course(source, runs))
        return kept[1]

    def _course(self, source: str, runs: Sequence[Run]) -> Course:
        states = self._journal.course(source)
        scored = len(states) <= MOST_SCORED
        percents = self._scored(states) if scored else {}
        milestones, tally, done = [], _Tally(percents), 0
        for run in runs:
            last = run is runs[-1]
            while done < len(states) and (last or states[done].time <= (run.finished or run.started)):
                tally.take(states[done])
                done += 1
            milestones.append(tally.milestone(run))
        return Course(tuple(milestones), scored)

    def _scored(self, states: Sequence[State]) -> Mapping[int, Percents]:
        """Return the percentages of states by their numbers. States never change, so what was found stays."""
        listed = [state.seq for state in states if state.status is Status.LISTED]
        missing = [seq for seq in listed if seq not in self._percents]
        if len(self._percents) + len(missing) > 10 * MOST_SCORED:
            self._percents.clear()
            missing = listed
        for start in range(0, len(missing), _CHUNK):
            for state in self._journal.with_bodies(missing[start : start + _CHUNK]):
                self._percents[state.seq] = percents_of(state)
        return {seq: self._percents[seq] for seq in listed if seq in self._percents}


class _Tally:
    """Adds up datasets as they come and go."""

    def __init__(self, percents: Mapping[int, Percents]) -> None:
        self._percents = percents
        self._now: dict[str, State] = {}

    def take(self, state: State) -> None:
        if state.status is Status.LISTED:
            self._now[state.id] = state
        else:
            self._now.pop(state.id, None)

    def milestone(self, run: Run) -> Milestone:
        verdicts: list[Verdict] = [state.verdict for state in self._now.values() if state.verdict is not None]
        found: dict[str, list[int]] = defaultdict(list)
        for state in self._now.values():
            for scheme, percent in self._percents.get(state.seq, {}).items():
                found[scheme].append(percent)
        return Milestone(
            run=run.id,
            time=run.finished or run.started,
            datasets=len(self._now),
            judged=len(verdicts),
            valid=sum(verdict.valid for verdict in verdicts),
            violations=sum(verdict.violation for verdict in verdicts),
            warnings=sum(verdict.warning for verdict in verdicts),
            percents={scheme: sum(found[scheme]) / len(found[scheme]) for scheme in SCHEMES if scheme in found},
        )


def percents_of(state: State) -> Percents:
    """Return the percentage of each score of a dataset's state."""
    return {score.scheme: score.percent for score in scores(state.graph(), node_of(state.subject), state.verdict)}


def record_of(state: State) -> Record:
    """Return the record a state holds."""
    return Record(state.kind, state.subject, state.identifiers, state.body, state.digest, state.complete)
