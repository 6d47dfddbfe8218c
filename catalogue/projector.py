"""Keeping the projections equal to the journal: every state is described once and handed to each of them, in order.

One process at a time projects (a lock in the data folder); any process may be it. A projection remembers how far it has
read and what its content was derived with. Where that is not what this program would derive, it is made anew beside
the old one. A projection that fails does not stop the others, nor is it tried without end: it catches up once it works
again, and where somebody keeps them all up to date it is tried after growing pauses.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from catalogue.behind import Failures
from catalogue.enrich.join import touched
from catalogue.entry import Entry
from catalogue.errors import StoreLocked
from catalogue.journal.journal import Journal
from catalogue.journal.state import State, Status
from catalogue.locks import FileLock
from catalogue.projection import Projection
from catalogue.relay import Lane, Piece
from catalogue.trouble import Trouble, Troubles
from shapes.collecting import give_back, seldom
from shapes.errors import CannotWork, Missing
from shapes.record import Kind

LOCK_NAME: Final = "projector.lock"
BATCH: Final = 4000  # states that are applied at once
_PIECE: Final = 25  # states that are described at once
_LOOK_SECONDS: Final = 0.1
_RETRY_SECONDS: Final = 1.0
_LONGEST_PAUSE: Final = 30.0
# States that decide what a projection holds; a held or rejected one leaves what was listed before.
_SETTLED: Final = frozenset({Status.LISTED, Status.WITHDRAWN})
_log = logging.getLogger(__name__)


class Describes(Protocol):
    """What makes entries (`catalogue.describe.Describer`)."""

    def refresh(self) -> str:
        """Return the stamp of what is derived from now on."""
        ...

    def entry(self, state: State) -> Entry:
        """Return the entry of a state."""
        ...


@runtime_checkable
class Refreshed(Protocol):
    """A projection that also holds what changes without a record changing: nodes, runs, committees."""

    def refreshed(self) -> str:
        """What `refresh` was last given; empty when it has more to do than that would tell."""
        ...

    def refresh(self, activity: str) -> None:
        """Write those again, and remember `activity`, which stands for them as they are now."""
        ...


class Projector:
    """Brings projections up to date with the journal."""

    def __init__(
        self,
        journal: Journal,
        projections: Sequence[Projection],
        describer: Describes,
        folder: Path,
        *,
        title: str = "",
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`title`: the name of the catalogue, which no part of the journal tells."""
        self.journal = journal
        self.projections = tuple(projections)
        self._describer = describer
        self._title = title
        self.lock = FileLock(folder / LOCK_NAME, "bringing store and index up to date")
        self._turn = threading.Lock()  # the file lock keeps processes apart, this one threads
        self._pause = pause
        self._clock = clock
        self._troubles = Troubles(
            "the {} is behind", "the {} is up to date again", longest=_LONGEST_PAUSE, answers=True, clock=clock
        )

    def stamp(self) -> str:
        """Return the stamp that what is derived now has."""
        return self._describer.refresh()

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What could not be brought up to date when it was last tried."""
        return self._troubles.all()

    def behind(self) -> int:
        """How many states the projection that is furthest behind has not applied, of those that can say.

        One that must be made anew has applied none.
        """
        stamp, cursors = self.stamp(), []
        for projection in self.projections:
            with suppress(CannotWork):
                cursors.append(projection.cursor() if projection.stamp() == stamp else 0)
        last = self.journal.last_seq()
        return last - min(cursors, default=last)

    def overdue(self) -> bool:
        """Whether something that could not be brought up to date has paused long enough to be tried again."""
        return any(self._troubles.pausing(trouble.part) is None for trouble in self.troubles)

    def catch_up(self, only: Collection[str] = (), *, patiently: bool = False) -> int:
        """Apply everything the journal has now to every projection; return the number of the last state applied.

        `only` names those to bring up to date (none named: all). Those that failed the last time come last, so that
        the others do not wait for them; `patiently` leaves them alone until their pause is over. Raises `StoreLocked`
        while another process projects, and `ProjectionsBehind` with each projection that could not be brought up to
        date, after the others were.
        """
        stamp = self._describer.refresh()
        chosen = [p for p in self.projections if not only or p.name in only]
        well = [p for p in chosen if p.name not in self._troubles]
        ailing = [p for p in chosen if p not in well and not (patiently and self._troubles.pausing(p.name))]
        failures = Failures(p.name for p in self.projections)
        with self._turn, self.lock.taken(), seldom():
            applied = [self._bring(some, stamp, failures) for some in (well, ailing) if some]
        failures.raise_any()
        return min(applied, default=0)

    def settle(self, timeout: float = 600.0, only: Collection[str] = ()) -> None:
        """Return once every projection has applied what the journal has now, by this process or another.

        `timeout` is in seconds and counts while another process has the lock; `only` as in `catch_up`. Raises
        `ProjectionsBehind`, and `StoreLocked` at the timeout.
        """
        seq = self.journal.last_seq()
        deadline = time.monotonic() + timeout
        while True:
            try:
                self.catch_up(only)
            except StoreLocked as error:
                behind = self.wait_until(seq, min(_RETRY_SECONDS, max(0.0, deadline - time.monotonic())), only)
                if not behind:
                    return
                if time.monotonic() >= deadline:
                    said = f"{error.detail} After {timeout:.0f} seconds it is still behind with: {', '.join(behind)}."
                    raise StoreLocked(said) from error
            else:
                return

    def wait_until(self, seq: int, timeout: float, only: Collection[str] = ()) -> tuple[str, ...]:
        """Wait until every projection has applied a state; return the names of those that had not after `timeout` s.

        One that does not say how far it is, has not.
        """
        deadline = time.monotonic() + timeout
        while True:
            behind = tuple(p.name for p in self.projections if (not only or p.name in only) and not _reached(p, seq))
            if not behind or time.monotonic() >= deadline:
                return behind
            self._pause(_LOOK_SECONDS)

    def reindex(self, names: Iterable[str]) -> None:
        """Make the named projections anew beside the old ones, then swap; then catch up with the rest.

        Raises `Missing` for an unknown name, otherwise as `catch_up` does.
        """
        wanted = [self._named(name) for name in names]
        stamp = self._describer.refresh()
        failures = Failures(p.name for p in self.projections)
        with self._turn, self.lock.taken(), seldom():
            began = self._clock()
            for projection in wanted:
                with failures.kept(projection):
                    self._rebuild(projection, stamp)
            self._note(wanted, failures, began)
        failures.raise_any()
        self.catch_up()

    def reapply(self, name: str, records: Iterable[str]) -> None:
        """Apply the current state of some records to a projection again, whatever it holds of them.

        Raises `Missing` for an unknown name or record, `StoreLocked`.
        """
        projection = self._named(name)
        states = []
        for record in records:
            state = self.journal.current(record)
            if state is None:
                raise Missing(f"The journal has no record {record}.", record=record)
            states.append(state)
        with self._turn, self.lock.taken():
            projection.apply(list(self._entries(states)), projection.cursor())

    def _named(self, name: str) -> Projection:
        for projection in self.projections:
            if projection.name == name:
                return projection
        raise Missing(f"There is no projection {name!r}; there are {', '.join(p.name for p in self.projections)}.")

    def _bring(self, projections: Sequence[Projection], stamp: str, failures: Failures) -> int:
        """Bring some projections up to date, each state described once; return the number of the last applied."""
        began = self._clock()
        for projection in projections:
            with failures.kept(projection):
                self._rebuild_if_stale(projection, stamp)
        applied = self._follow(projections, failures)
        give_back()  # the store's merging, which may be next, wants as much again
        self._refresh(projections, failures)
        self._note(projections, failures, began)
        return applied

    def _note(self, projections: Sequence[Projection], failures: Failures, began: float) -> None:
        """Remember which of some projections are in trouble now, and which no longer are."""
        for projection in projections:
            error = failures.of(projection.name)
            if error is None:
                self._troubles.well(projection.name)
            else:
                self._troubles.lost(projection.name, error, self._clock() - began)

    def _rebuild_if_stale(self, projection: Projection, stamp: str) -> None:
        # A cursor beyond the journal's end: the journal was brought back to an earlier moment.
        if projection.stamp() != stamp or projection.cursor() > self.journal.last_seq():
            self._rebuild(projection, stamp)

    def _rebuild(self, projection: Projection, stamp: str) -> None:
        # The end is read first: what is appended meanwhile is applied again afterwards, which does no harm.
        upto = self.journal.last_seq()
        _log.info("making the %s anew", projection.name)
        projection.rebuild(self._entries(self.journal.heads(status=Status.LISTED)), upto, stamp)

    def _follow(self, projections: Sequence[Projection], failures: Failures) -> int:
        """Apply batch after batch until the projections that work have all that is there now; return their number."""
        end = self.journal.last_seq()
        cursors: dict[str, int] = {}
        for projection in projections:
            if projection.name not in failures:
                with failures.kept(projection):
                    cursors[projection.name] = projection.cursor()
        with ThreadPoolExecutor(max(1, len(projections)), thread_name_prefix="apply") as pool:
            while live := [p for p in projections if p.name not in failures]:
                applied = min(cursors[p.name] for p in live)
                if applied >= end:
                    return applied
                upto = min(end, applied + BATCH)
                behind = {p: Lane() for p in live if cursors[p.name] < upto}
                # Side by side: much of what each does is done outside of Python, or waits for a server.
                spans = [(cursors[p.name], upto) for p in behind]
                going = [
                    pool.submit(self._advance, projection, lane, span, failures)
                    for (projection, lane), span in zip(behind.items(), spans, strict=True)
                ]
                self._hand_over((applied, upto), behind.values())
                for each in going:
                    each.result()
                cursors |= {p.name: upto for p in behind}
        return 0

    def _hand_over(self, span: tuple[int, int], lanes: Collection[Lane]) -> None:
        """Describe the states of a span for all lanes."""
        error: BaseException | None = None
        try:
            for piece in self._pieces(*span):
                for lane in lanes:
                    lane.put(piece)
        except BaseException as raised:
            error = raised
            raise
        finally:
            for lane in lanes:
                lane.end(error)

    def _pieces(self, after: int, upto: int) -> Iterator[Piece]:
        """Yield the entries of the states after one number, up to another."""
        while after < upto and (states := self.journal.since(after, min(_PIECE, upto - after))):
            after = states[-1].seq
            settled = [state for state in states if state.status in _SETTLED and state.seq <= upto]
            joined = self._joined(settled)
            yield Piece(min(after, upto), list(self._entries(settled)), list(self._entries(joined)))

    def _advance(self, projection: Projection, lane: Lane, span: tuple[int, int], failures: Failures) -> None:
        """Apply what comes on a lane, the states after one number, up to another; keep what goes wrong."""
        after, upto = span
        with failures.kept(projection):
            try:
                projection.apply((entry for piece in lane for entry in piece.after(after)), upto)
            except CannotWork:
                raise
            except Exception:  # noqa: BLE001 - which record it is that it chokes on, comes out piece by piece
                lane.leave()
                for piece in self._pieces(after, upto):
                    self._apply(projection, list(piece.after(after)), piece.upto)
                projection.apply((), upto)
            finally:
                lane.leave()

    def _joined(self, states: Sequence[State]) -> Sequence[State]:
        """Return the datasets of which some of these states say something: they are described again with that."""
        if any(state.kind is Kind.ENRICHMENT for state in states):
            self._describer.refresh()  # it may have come after the describer last looked
            return touched(self.journal, states)
        return ()

    def _apply(self, projection: Projection, entries: Sequence[Entry], upto: int) -> None:
        """Apply entries; one that the projection chokes on is left out, so that it does not stop the others.

        `doctor` shows a record that was left out. Where leaving it out does not help, the projection itself is broken.
        """
        try:
            projection.apply(entries, upto)
        except CannotWork:
            raise
        except Exception:
            if not entries:
                raise
            projection.apply((), projection.cursor())  # where this fails too, no record is to blame
            if len(entries) == 1:
                _log.exception("the %s cannot take the record %s", projection.name, entries[0].state.id)
            else:
                half = len(entries) // 2
                self._apply(projection, entries[:half], min(entries[half - 1].state.seq, upto))
                self._apply(projection, entries[half:], upto)
            projection.apply((), upto)

    def _entries(self, states: Iterable[State]) -> Iterator[Entry]:
        """Yield the entries of states. A record that cannot be described is left out; `doctor` shows it."""
        for state in states:
            try:
                entry = self._describer.entry(state)
            except CannotWork:
                raise
            except Exception:  # noqa: BLE001 - it is in the log, and the other records go on
                _log.exception("the record %s cannot be described", state.id)
            else:
                yield entry

    def _refresh(self, projections: Sequence[Projection], failures: Failures) -> None:
        """Let those that hold more than records write the rest again, where that changed since they last did.

        What has come meanwhile is applied first, by whoever is next: a long harvest has the rest written once.
        """
        activity = f"{self.journal.activity()} {self._title}"
        for projection in projections:
            if isinstance(projection, Refreshed):
                with failures.kept(projection):
                    current = projection.name not in failures and projection.cursor() >= self.journal.last_seq()
                    if current and projection.refreshed() != activity:
                        projection.refresh(activity)


def _reached(projection: Projection, seq: int) -> bool:
    try:
        return projection.cursor() >= seq
    except CannotWork:
        return False
