"""`harvest`: run sources, show how it goes, and print the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from catalogue.assemble import House, open_house
from catalogue.foresight import Foreseen
from catalogue.journal.errors import NoSuchSource, RunInProgress, RunLost
from catalogue.journal.run import Counts, Run
from harvester.changes import Problem
from harvester.source import Source
from shapes.errors import BadInput, Fault
from shapes.record import Kind
from ui.cli.context import Context, Verb, console, pass_context
from ui.cli.foreseen import print_foreseen
from ui.cli.settling import settle

Tick: TypeAlias = Callable[[int, int | None, str], None]
Line: TypeAlias = Callable[[str], AbstractContextManager[Tick]]

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
    with open_house(context.settings()) as house:
        harvested = harvest_all(house, _chosen(house, names), context, dry_run=dry_run, full=full)
    runs, faults = harvested.runs, harvested.faults
    if not runs and len(faults) == 1:
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
    worst = 1 if bad or (strict and any(run.violations for run in runs)) else 0
    return max(worst, *(fault.exit_code for fault in faults)) if faults else worst


@dataclass(frozen=True, slots=True)
class Harvested:
    """What became of several sources: the runs, and why the others have none or what is behind.

    `foreseen` is, by source, what a dry run foresees.
    """

    runs: Sequence[Run]
    faults: Sequence[Fault]
    foreseen: Mapping[str, Sequence[Foreseen]] = field(default_factory=dict)


def harvest_all(
    house: House, sources: Sequence[Source], context: Context, *, dry_run: bool = False, full: bool = False
) -> Harvested:
    """Run the sources one after the other with a progress line each, then bring store and index up to date.

    A source that another process harvests, or that was removed meanwhile, does not stop the others. Neither does a
    store or index that is down: the runs are in the journal, and what is behind is the last fault.
    """
    runs: list[Run] = []
    faults: list[Fault] = []
    foreseen: dict[str, list[Foreseen]] = {source.name: [] for source in sources if dry_run}
    with progress_lines(context) as line:
        if not dry_run:
            house.freshen()  # so that a run that is killed leaves them behind by its own states only
        for source in sources:
            with line(source.title or source.name) as tick:
                try:
                    foresee = foreseen[source.name].append if dry_run else None
                    runs.append(house.harvest(source, progress=tick, full=full, foresee=foresee))
                except (RunInProgress, RunLost, NoSuchSource) as fault:
                    faults.append(fault)
        if not dry_run:
            with line("Store and index"):
                behind = settle(house)
            faults += [behind] if behind else []
    return Harvested(runs, faults, foreseen)


def _chosen(house: House, names: tuple[str, ...]) -> list[Source]:
    if names:
        return [house.journal.source(name) for name in names]
    chosen = [source for source in house.journal.sources() if source.enabled]
    if not chosen:
        raise BadInput("There is no source to harvest. Add one: gdi-catalogue sources add NAME URL")
    return chosen


@contextmanager
def progress_lines(context: Context) -> Iterator[Line]:
    """Give a function that opens a progress line with a title; without a terminal it draws nothing."""
    columns = [SpinnerColumn(), TextColumn("{task.description:32}"), BarColumn(), MofNCompleteColumn()]
    columns += [TimeElapsedColumn(), TextColumn("[dim]{task.fields[doing]}")]
    with Progress(*columns, console=console(stderr=True), disable=not context.show_progress()) as progress:

        @contextmanager
        def line(title: str) -> Iterator[Tick]:
            task = progress.add_task(title, total=None, doing="")

            def tick(done: int, total: int | None, doing: str) -> None:
                progress.update(task, completed=done, total=total, doing=doing)

            yield tick
            finished = next((each.completed for each in progress.tasks if each.id == task), 0)
            progress.update(task, total=finished or 1, completed=finished or 1, doing="")

        yield line


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
