"""The journal's face: every method is one transaction, and none leaves half of what it does.

What it remembers is described in `catalogue.journal.schema`; how order is kept, in `catalogue.journal.database`.
Every method may raise a leaf of `CannotWork` that names the journal: locked, disk full, damaged, not reachable.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from catalogue.dac.checking import AddressCheck
from catalogue.dac.committee import Committee
from catalogue.journal import course, happenings, lease, registry, runs, sources, states
from catalogue.journal.append import Draft, append, withdraw
from catalogue.journal.database import Database
from catalogue.journal.happenings import Window
from catalogue.journal.registry import CommitteeState, Import
from catalogue.journal.run import Decision, Run
from catalogue.journal.runs import Ending, Ledger
from catalogue.journal.schema import HEAD
from catalogue.journal.state import State, Status
from catalogue.journal.states import Span, Standing
from harvester.known import KnownRecord
from harvester.source import Source
from shapes.record import Kind
from shapes.report import Report

BATCH = 500  # states read at once


class Journal:
    """The append-only truth. Safe for many threads, and for many processes at once."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        """`clock` tells the time, in UTC."""
        self.database = database
        self._clock = clock

    def close(self) -> None:
        """Release the connections."""
        self.database.close()

    # Sources

    def add_source(self, source: Source) -> None:
        """Register a source; one removed earlier is registered again and has its records. Raises `SourceExists`."""
        with self.database.writing() as connection:
            sources.add(connection, source, self._clock())

    def update_source(self, source: Source) -> None:
        """Replace what is registered of a source. Raises `NoSuchSource`."""
        with self.database.writing() as connection:
            sources.update(connection, source)

    def set_enabled(self, name: str, *, enabled: bool) -> None:
        """Say whether a source is harvested when none is named. Raises `NoSuchSource`."""
        with self.database.writing() as connection:
            sources.update(connection, replace(sources.found(connection, name), enabled=enabled))

    def remove_source(self, name: str, *, keep: bool = False) -> int:
        """Take a source out of the registry and withdraw its records, unless `keep`; return how many were withdrawn.

        Raises `NoSuchSource`, and `RunInProgress` while it is being harvested.
        """
        now = self._clock()
        with self.database.writing() as connection:
            lease.check_free(connection, name, now)
            sources.mark_removed(connection, name, now)
            if keep:
                return 0
            listed = sa.select(HEAD.c.id).where(HEAD.c.source == name, HEAD.c.status == Status.LISTED)
            return withdraw(connection, connection.scalars(listed).all(), None, now)

    def sources(self, *, removed: bool = False) -> tuple[Source, ...]:
        """Return the registered sources by name; with `removed`, also those whose records alone remain."""
        with self.database.reading() as connection:
            return sources.listed(connection, removed=removed)

    def source(self, name: str) -> Source:
        """Return a registered source. Raises `NoSuchSource`."""
        with self.database.reading() as connection:
            return sources.found(connection, name)

    # Runs

    def begin_run(self, source: str) -> int:
        """Begin a run of a source and return its number. Raises `NoSuchSource`, `RunInProgress`."""
        with self.database.writing() as connection:
            sources.found(connection, source)
            return runs.begin(connection, source, self._clock())

    def renew_run(self, run: int) -> None:
        """Say that a run goes on. Raises `RunLost` when its source was taken over."""
        with self.database.writing() as connection:
            lease.renew(connection, run, self._clock())

    def ask_to_end(self, source: str) -> int:
        """Ask the run of a source that goes on now, in whatever process, to end; return its number.

        It ends at its next page: what it accepted stays, nothing is withdrawn. Raises `NoSuchSource`, `NothingRuns`.
        """
        with self.database.writing() as connection:
            sources.found(connection, source)
            return lease.ask_to_end(connection, source, self._clock())

    def asked_to_end(self, run: int) -> bool:
        """Whether somebody asked a run to end."""
        with self.database.reading() as connection:
            return lease.asked_to_end(connection, run)

    def finish_run(self, run: int, ledger: Ledger, ending: Ending) -> Run:
        """End a run and do what its ending says. Raises `RunLost` when its source was taken over."""
        with self.database.writing() as connection:
            runs.end(connection, run, ledger, ending, self._clock())
            return runs.found(connection, run)

    def approve_run(self, source: str, run: int) -> int:
        """Withdraw what a held run's list names, save what was delivered again since; return how many that were.

        Raises `NoSuchRun` (also where it is not this source's), `NotHeld`.
        """
        return self._decide(source, run, Decision.APPROVED)

    def discard_run(self, source: str, run: int) -> None:
        """Keep what a held run would have withdrawn; its grace begins anew. Raises `NoSuchRun`, `NotHeld`."""
        self._decide(source, run, Decision.DISCARDED)

    def _decide(self, source: str, run: int, decision: Decision) -> int:
        with self.database.writing() as connection:
            return runs.decide(connection, runs.found(connection, run, source), decision, self._clock())

    def runs(self, source: str | None = None, limit: int = 50) -> tuple[Run, ...]:
        """Return runs, newest first, without their problems (their counts are there)."""
        with self.database.reading() as connection:
            return runs.listed(connection, source, limit)

    def run(self, run: int, source: str | None = None) -> Run:
        """Return a run with its problems. Raises `NoSuchRun`, also where it is not this source's."""
        with self.database.reading() as connection:
            return runs.found(connection, run, source)

    def runs_beside(self, run: int) -> tuple[int | None, int | None]:
        """Return the numbers of the runs of the same source before and after a run, None where there is none."""
        with self.database.reading() as connection:
            return runs.beside(connection, run)

    def held(self, run: int) -> tuple[str, ...]:
        """Return the records a held run would withdraw, save those delivered again since."""
        with self.database.reading() as connection:
            return runs.held(connection, run)

    def now(self) -> datetime:
        """Return the journal's own time, UTC."""
        return self._clock()

    def sweep(self) -> None:
        """Mark the runs whose process is gone as interrupted."""
        now = self._clock()
        with self.database.reading() as connection:
            if not lease.dead(connection, now):
                return
        with self.database.writing() as connection:
            lease.sweep(connection, now)

    # Records

    def append(
        self, source: str, drafts: Sequence[Draft], *, run: int | None = None, ledger: Ledger | None = None
    ) -> tuple[str, ...]:
        """Append states, and write the run's ledger down, in one transaction; return the records' identifiers.

        Raises `Missing` for a record that is not this source's, `RunLost` when the run's source was taken over.
        """
        now = self._clock()
        with self.database.writing() as connection:
            if run is not None:
                lease.renew(connection, run, now)
                if ledger is not None:
                    runs.write(connection, run, ledger)
            return append(connection, source, drafts, run, now)

    def last_seq(self) -> int:
        """Return the number of the newest state; 0 in an empty journal."""
        with self.database.reading() as connection:
            return states.last_seq(connection)

    def since(self, seq: int, limit: int = BATCH, *, with_body: bool = True) -> tuple[State, ...]:
        """Return up to `limit` states after a number, in order; without their bodies where not wanted."""
        with self.database.reading() as connection:
            return states.since(connection, seq, limit, with_body=with_body)

    def current(self, record: str) -> State | None:
        """Return the state that counts of a record: listed or withdrawn, else its latest. None: no such record."""
        with self.database.reading() as connection:
            return states.current(connection, record)

    def heads(
        self,
        kind: Kind | None = None,
        status: Status | None = Status.LISTED,
        source: str | None = None,
        *,
        since: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
        with_body: bool = True,
    ) -> Iterator[State]:
        """Yield the current state of records by identifier, `BATCH` at a time; `since`: written then or later.

        A record that changes meanwhile comes once, as it is when its turn comes. No transaction stays open between.
        """
        query = states.narrow(states.select_current(with_body=with_body), kind, status, source, since)
        after: str | None = None
        while limit is None or limit > 0:
            size = BATCH if limit is None else min(BATCH, limit)
            page = query.order_by(HEAD.c.id).limit(size)
            page = page.offset(offset) if after is None else page.where(HEAD.c.id > after)
            with self.database.reading() as connection:
                found = [states.state_of(row) for row in connection.execute(page)]
            yield from found
            if len(found) < size:
                return
            after = found[-1].id
            limit = None if limit is None else limit - size

    def count(
        self,
        kind: Kind | None = None,
        status: Status | None = Status.LISTED,
        source: str | None = None,
        *,
        since: datetime | None = None,
    ) -> int:
        """Return how many records `heads` would yield."""
        with self.database.reading() as connection:
            return states.count(connection, kind, status, source, since)

    def span(self, source: str | None = None) -> Span | None:
        """Return when the first and the last thing happened to the records of a source, or of all; None: nothing."""
        with self.database.reading() as connection:
            return states.span(connection, source)

    def happened(self, window: Window, after: int, limit: int, *, with_body: bool = True) -> tuple[State, ...]:
        """Return up to `limit` listed or withdrawn records of a window, by the number of their state, after one."""
        with self.database.reading() as connection:
            return happenings.happened(connection, window, after, limit, with_body=with_body)

    def count_happened(self, window: Window) -> int:
        """Return how many records `happened` would tell of in all."""
        with self.database.reading() as connection:
            return happenings.count(connection, window)

    def spans(self, size: int) -> dict[int, Span]:
        """Return when the states of each page of `size` numbers were written; page 0 begins with number 1."""
        with self.database.reading() as connection:
            return happenings.spans(connection, size)

    def history(self, record: str, *, with_body: bool = True) -> tuple[State, ...]:
        """Return every state of a record, oldest first; empty where there is no such record."""
        with self.database.reading() as connection:
            return states.history(connection, record, with_body=with_body)

    def known(self, source: str) -> tuple[KnownRecord, ...]:
        """Return what comparing needs of every record a source ever had, withdrawn ones too."""
        with self.database.reading() as connection:
            return states.known(connection, source)

    def standing(self, source: str) -> tuple[Standing, ...]:
        """Return what removing and counting need of every listed record of a source."""
        with self.database.reading() as connection:
            return states.standing(connection, source)

    def course(self, source: str) -> tuple[State, ...]:
        """Return every state in which a dataset of a source was listed or withdrawn, oldest first, without bodies."""
        with self.database.reading() as connection:
            return course.course(connection, source)

    def judged(self, source: str) -> Iterator[tuple[State, Report]]:
        """Yield the listed records of a source that were judged, by identifier, with what was found in each.

        They come without their bodies, `BATCH` at a time; no transaction stays open between.
        """
        after = ""
        while True:
            with self.database.reading() as connection:
                found = course.judged(connection, source, after, BATCH)
            yield from found
            if len(found) < BATCH:
                return
            after = found[-1][0].id

    def with_bodies(self, numbers: Sequence[int]) -> tuple[State, ...]:
        """Return states by their numbers, with their bodies, in no particular order."""
        with self.database.reading() as connection:
            return course.with_bodies(connection, numbers)

    def report(self, record: str) -> Report | None:
        """Return the findings of a record's last validation; None where it was never validated."""
        with self.database.reading() as connection:
            return states.report(connection, record)

    def resolve(self, text: str) -> str | None:
        """Return the record that an identifier of ours, an IRI, a dct:identifier or an adms notation names.

        Names never stop resolving. Where several records have one, a dataset comes first, then who had it first.
        """
        with self.database.reading() as connection:
            return states.resolve(connection, text)

    def named(self, names: Collection[str], kind: Kind) -> tuple[State, ...]:
        """Return the current states of the listed records of a kind that have, or had, one of these names."""
        with self.database.reading() as connection:
            return states.named(connection, names, kind)

    def unnamed(self, names: Collection[str], kind: Kind) -> frozenset[str]:
        """Return which of these names no listed record of a kind has or had."""
        with self.database.reading() as connection:
            return states.unnamed(connection, names, kind)

    def came_since(self, seq: int, kind: Kind) -> bool:
        """Return whether there is a state of a kind after a number."""
        with self.database.reading() as connection:
            return states.came_since(connection, seq, kind)

    def routes(self, record: str) -> tuple[str, ...]:
        """Return the records that are the same resource by another route: an equal IRI or notation, an equal kind."""
        with self.database.reading() as connection:
            return states.routes(connection, record)

    # The registry of committees

    def committees(self) -> tuple[Committee, ...]:
        """Return the committees of the registry by id."""
        with self.database.reading() as connection:
            return registry.committees(connection)

    def put_committees(self, committees: Sequence[Committee], name: str) -> Import:
        """Add committees, or replace those of the same id; `name` says where they come from. Others stay."""
        with self.database.writing() as connection:
            return registry.put(connection, committees, name, self._clock())

    def committee_history(self, committee: str) -> tuple[CommitteeState, ...]:
        """Return every state an entry of the registry had, oldest first; none for a body it never had."""
        with self.database.reading() as connection:
            return registry.history(connection, committee)

    def put_checks(self, checks: Sequence[AddressCheck]) -> None:
        """Keep whether addresses of committees answered; earlier tries of the same addresses are replaced."""
        with self.database.writing() as connection:
            registry.put_checks(connection, checks)

    def checks(self, committee: str | None = None) -> tuple[AddressCheck, ...]:
        """Return the latest try of every address, of one committee or of all."""
        with self.database.reading() as connection:
            return registry.checks(connection, committee)

    def imports(self) -> tuple[Import, ...]:
        """Return the imports of committees, newest first."""
        with self.database.reading() as connection:
            return registry.imports(connection)

    def activity(self) -> str:
        """Return a text that changes when a source, a committee or a finished run does: what no state tells."""
        registered = repr((self.sources(), self.sources(removed=True))).encode()
        with self.database.reading() as connection:
            ended = runs.latest(connection)
        return f"{self.registry_version()} {ended} {sha256(registered).hexdigest()}"

    def registry_version(self) -> str:
        """Return a text that changes when committees or sources do, or when the journal was restored."""
        with self.database.reading() as connection:
            return registry.version(connection)
