"""`harvest`: run sources, show how it goes, and print the ledger."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, wait
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from threading import Lock, current_thread, main_thread
from types import FrameType
from typing import Final

import click
from rich.table import Table

from catalogue.assemble import House, open_as_named
from catalogue.following import Follower
from catalogue.foresight import Foreseen
from catalogue.journal.errors import NoSuchSource, RunInProgress, RunLost
from catalogue.journal.run import Counts, Run
from harvester.changes import Problem
from harvester.source import Source
from harvester.stop import Stop, Stopped
from shapes.errors import BadInput, Fault
from shapes.record import Kind
from ui.cli.context import Context, Verb, console, pass_context
from ui.cli.foreseen import print_foreseen
from ui.cli.meanwhile import Line, progress_lines
from ui.cli.settling import settle
from ui.errands import Errands

_INTERRUPTED_CODE: Final = 130  # a shell's own for what Ctrl-C ended
_INTERRUPTED: Final = "This run was interrupted. What it had read is kept; the next run goes on from there."
_SHOWN: Final = ("seen", "new", "changed", "unchanged", "rejected", "failed", "withdrawn", "violations")
_TOTALS: Final = (*_SHOWN, "restored", "reidentified", "held", "requests", "bytes", "conforming")


@click.command(cls=Verb)
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("--full", is_flag=True, help="Read everything again, also what the server calls unchanged.")
@click.option("--strict", is_flag=True, help="Exit 1 also when records break their profile.")
@pass_context
def harvest(context: Context, names: tuple[str, ...], *, dry_run: bool, full: bool, strict: bool) -> int:
    """Run sources (all enabled ones if none is named). Returns once store and index have applied the changes."""
    with open_as_named(context.settings()) as house, _ended_by_term():
        chosen = _chosen(house, names)
        harvested = harvest_all(house, chosen, context, dry_run=dry_run, full=full)
    runs, faults = harvested.runs, harvested.faults
    if not runs and len(faults) == 1 and not harvested.interrupted:
        raise faults[0]
    bad = [run for run in runs if run.outcome not in {"ok", "warnings"}]
    if context.json:
        problems = {"problems": [fault.problem() for fault in faults]} if faults else {}
        context.emit({"runs": [_as_json(run, harvested.foreseen) for run in runs], "totals": totals(runs)} | problems)
    elif not context.quiet or bad:
        print_runs(bad if context.quiet else runs, verbose=context.verbose > 0)
        for source, foreseen in harvested.foreseen.items():
            print_foreseen(source, foreseen, verbose=context.verbose > 0)
    for fault in faults:
        click.echo(f"Error: {fault}", err=True)
    if harvested.interrupted:
        begun = {run.source for run in runs}
        rest = [source.name for source in chosen if source.name not in begun]
        without = f"; without a run: {', '.join(rest)}" if rest else ""
        click.echo(f"Interrupted{without}.", err=True)
        return _INTERRUPTED_CODE
    worst = 1 if bad or (strict and any(run.violations for run in runs)) else 0
    return max(worst, *(fault.exit_code for fault in faults)) if faults else worst


@dataclass(frozen=True, slots=True)
class Harvested:
    """What became of several sources: the runs, and why the others have none or what is behind.

    `foreseen` is, by source, what a dry run foresees. `interrupted`: somebody ended all of it before its end.
    """

    runs: Sequence[Run]
    faults: Sequence[Fault]
    foreseen: Mapping[str, Sequence[Foreseen]] = field(default_factory=dict)
    interrupted: bool = False


@contextmanager
def _ended_by_term() -> Iterator[None]:
    """Take SIGTERM for Ctrl-C while the block runs: the runs are ended, not cut off."""
    if current_thread() is not main_thread():  # only there may a handler be set, and only there do signals come
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def harvest_all(
    house: House, sources: Sequence[Source], context: Context, *, dry_run: bool = False, full: bool = False
) -> Harvested:
    """Run the sources side by side with a progress line each, then bring store and index up to date.

    Runs and faults come in the order of the sources, whichever ended first. A source that another process harvests, or
    that was removed meanwhile, does not stop the others. Neither does a store or index that is down: the runs are in
    the journal, and what is behind is the last fault. Ctrl-C or SIGTERM ends all of them at their next page; what they
    accepted stays, and store and index catch up later.
    """
    with progress_lines(context) as line:
        if not dry_run:
            house.freshen()  # so that a run that is killed leaves them behind by its own states only
        errand = _Errand(house, line, dry_run=dry_run, full=full)
        with nullcontext() if dry_run else Follower(house) as follower:  # a dry run writes nothing at all
            ended, interrupted = _side_by_side(errand, sources, house.settings.harvest_at_once)
            faults = [each for each in ended if isinstance(each, Fault)]
            if follower is not None and not interrupted:
                with line("Store and index"):
                    follower.finish()
                    behind = settle(house)
                faults += [behind] if behind else []
    runs = [each for each in ended if isinstance(each, Run)]
    return Harvested(runs, faults, errand.foreseen, interrupted=interrupted)


class _Errand:
    """Harvests one source after the other, in whatever thread asks."""

    def __init__(self, house: House, line: Line, *, dry_run: bool, full: bool) -> None:
        self._house = house
        self._line = line
        self._dry_run = dry_run
        self._full = full
        self._stops: dict[str, Stop] = {}
        self._ended = False
        self._lock = Lock()
        self.foreseen: dict[str, list[Foreseen]] = {}

    def __call__(self, source: Source) -> Run | Fault:
        with self._lock:
            stop = self._stops[source.name] = Stop()
            foresee = self.foreseen.setdefault(source.name, []).append if self._dry_run else None
            if self._ended:
                stop.ask(_INTERRUPTED)
        with self._line(source.title or source.name) as tick:
            try:
                return self._house.harvest(source, progress=tick, full=self._full, foresee=foresee, stop=stop)
            except (RunInProgress, RunLost, NoSuchSource, Stopped) as fault:
                return fault

    def end(self) -> None:
        """Ask all of them to end."""
        with self._lock:
            self._ended = True
            stops = list(self._stops.values())
        for stop in stops:
            stop.ask(_INTERRUPTED)


def _side_by_side(errand: _Errand, sources: Sequence[Source], at_once: int) -> tuple[Sequence[Run | Fault], bool]:
    """Return what became of the sources that were begun, in their order, and whether they were interrupted.

    Raises what ended the catalogue's own work; the other sources are asked to end then.
    """
    with Errands(errand, at_once) as errands:
        futures = [errands.begin(source) for source in sources]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
            interrupted = False
        except KeyboardInterrupt:
            interrupted = True
        if interrupted or any(future.done() and future.exception() for future in futures):
            errands.forget_waiting()
            errand.end()
    return [future.result() for future in futures if not future.cancelled()], interrupted


def _chosen(house: House, names: tuple[str, ...]) -> list[Source]:
    if names:
        return [house.journal.source(name) for name in names]
    chosen = [source for source in house.journal.sources() if source.enabled]
    if not chosen:
        raise BadInput("There is no source to harvest. Add one: gdi-catalogue sources add NAME URL")
    return chosen


def _as_json(run: Run, foreseen: Mapping[str, Sequence[Foreseen]]) -> dict[str, object]:
    changes = foreseen.get(run.source)
    return run.as_json() | ({} if changes is None else {"changes": [each.as_json() for each in changes]})


def totals(runs: Sequence[Run]) -> dict[str, int]:
    """Add the figures of several runs up."""
    return {name: sum(int(getattr(run, name)) for run in runs) for name in _TOTALS}


def print_runs(runs: Sequence[Run], *, verbose: bool) -> None:
    """Print one row a run, then its problems: the first of each kind, or all of them."""
    table = Table("Source", "Outcome", *(name.capitalize() for name in _SHOWN), "s", box=None)
    for run in runs:
        counts = (str(getattr(run, name)) for name in _SHOWN)
        table.add_row(run.source, run.outcome, *counts, f"{run.seconds:.1f}")
    out = console()
    out.print(table)
    for run in runs:
        if Kind.ENRICHMENT in run.others:
            out.print(f"{run.source}: {_enriched(run.others[Kind.ENRICHMENT])}")
        told: dict[str, int] = {}
        for problem in run.problems:
            told[problem.code] = told.get(problem.code, 0) + 1
            if verbose or told[problem.code] == 1:
                out.print(f"{run.source}: {_sentence(problem)}", markup=False, soft_wrap=True)
        more = sum(count - 1 for count in told.values())
        if more and not verbose:
            out.print(f"{run.source}: {more} more of the same kinds; gdi-catalogue runs show {run.source} {run.id}")


def _enriched(counts: Counts) -> str:
    figures = ", ".join(f"{getattr(counts, name)} {name}" for name in _SHOWN[1:] if getattr(counts, name))
    datasets = "1 dataset" if counts.seen == 1 else f"{counts.seen} datasets"
    return f"says something of {datasets} that others list, or may list: {figures or 'nothing new'}."


def _sentence(problem: Problem) -> str:
    line = f"line {problem.line}" if problem.line else None
    place = ", ".join(part for part in (problem.url, problem.record, line) if part)
    return f"{problem.detail} ({place})" if place else problem.detail
