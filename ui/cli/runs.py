"""`runs`: the ledger of harvests, and what to do with a held one."""

from __future__ import annotations

from typing import Final

import click
from rich.table import Table

from catalogue.journal.opening import ledger
from shapes.errors import CannotWork
from ui.cli.context import Context, VerbGroup, console, pass_context
from ui.cli.settling import problems, settle, told

_SHOWN: Final = ("seen", "new", "changed", "unchanged", "rejected", "failed")


@click.command(cls=VerbGroup)
def runs() -> None:
    """List and show runs; end one that goes on; approve or discard a held one."""


@runs.command("list")
@click.argument("name", required=False)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many, newest first.")
@pass_context
def list_(context: Context, name: str | None, limit: int) -> None:
    """List the latest runs, of one source or of all."""
    with ledger(context.settings()) as journal:
        if name is not None:
            journal.source(name)
        found = journal.runs(source=name, limit=limit)
    if context.json:
        context.emit([run.as_json() for run in found])
        return
    table = Table("Run", "Source", "Started", "Outcome", *(name.capitalize() for name in _SHOWN), box=None)
    for run in found:
        counts = (str(getattr(run, name)) for name in _SHOWN)
        table.add_row(str(run.id), run.source, f"{run.started:%Y-%m-%d %H:%M}", run.outcome, *counts)
    console().print(table if found else "No runs yet.")


@runs.command()
@click.argument("name")
@click.argument("run", type=int)
@pass_context
def show(context: Context, name: str, run: int) -> None:
    """Show one run with its problems."""
    with ledger(context.settings()) as journal:
        found = journal.run(run, source=name)
    if context.json:
        context.emit(found.as_json())
        return
    for key, value in found.as_json().items():
        if key != "problems":
            click.echo(f"{key:14} {value}")
    for problem in found.problems:
        place = " ".join(str(p) for p in (problem.url, problem.record, problem.line and f"line {problem.line}") if p)
        click.echo(f"{problem.code}: {problem.detail} {place}".rstrip())


@runs.command()
@click.argument("name")
@click.argument("run", type=int)
@pass_context
def approve(context: Context, name: str, run: int) -> int:
    """Withdraw exactly the records a held run lists."""
    from catalogue.assemble import open_as_named  # brings store and index, which reading the ledger does not need

    with open_as_named(context.settings()) as house:
        count = house.journal.approve_run(name, run)
        behind = settle(house)
    return _done(context, name, run, "approved", count, behind)


@runs.command()
@click.argument("name")
@click.argument("run", type=int)
@pass_context
def discard(context: Context, name: str, run: int) -> int:
    """Forget what a held run wanted to withdraw; nothing is removed."""
    from catalogue.assemble import open_as_named  # brings store and index, which reading the ledger does not need

    with open_as_named(context.settings()) as house:
        house.journal.discard_run(name, run)
        behind = settle(house)
    return _done(context, name, run, "discarded", 0, behind)


@runs.command()
@click.argument("name")
@pass_context
def cancel(context: Context, name: str) -> None:
    """End the run of a source that goes on now, in whatever process, at its next page.

    What it accepted stays, nothing is withdrawn, and the next run goes on from there.
    """
    with ledger(context.settings()) as journal:
        run = journal.ask_to_end(name)
    if context.json:
        context.emit({"source": name, "run": run, "asked": "to end"})
    else:
        context.say(f"Run {run} of {name} was asked to end; gdi-catalogue runs show {name} {run} says when it has.")


def _done(context: Context, name: str, run: int, verb: str, count: int, behind: CannotWork | None) -> int:
    if context.json:
        context.emit({"source": name, "run": run, "decision": verb, "withdrawn": count} | problems(behind))
    else:
        context.say(f"Run {run} of {name} is {verb}; {count} records are withdrawn.")
    return told(behind)
