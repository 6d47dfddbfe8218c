"""`reindex`, `doctor`, `backup`, `restore`: keeping the catalogue whole."""

from __future__ import annotations

from pathlib import Path

import click

from catalogue.assemble import open_as_named, open_house
from catalogue.backup import restore as restore_backup
from catalogue.backup import write_backup
from catalogue.doctor import Diagnosis
from catalogue.journal.opening import place
from shapes.errors import BadInput
from ui.cli.context import Context, Verb, pass_context
from ui.cli.settling import problems, settle, told


@click.command(cls=Verb)
@click.option("--store", is_flag=True, help="Only the RDF store.")
@click.option("--index", is_flag=True, help="Only the search index.")
@pass_context
def reindex(context: Context, *, store: bool, index: bool) -> None:
    """Make store and index anew from the journal, beside the old ones, then swap."""
    both = not (store or index)
    names = [name for name, wanted in (("store", store or both), ("index", index or both)) if wanted]
    with open_house(context.settings()) as house:
        house.reindex(names)
    if context.json:
        context.emit({"rebuilt": names})
    else:
        context.say(f"Made anew: {', '.join(names)}.")


@click.command(cls=Verb)
@click.option("--repair", is_flag=True, help="Mend what differs, from the journal.")
@pass_context
def doctor(context: Context, *, repair: bool) -> int:
    """Prove that journal, store and index hold the same datasets; check settings, disk and services."""
    with open_house(context.settings()) as house:
        found = house.diagnose(repair=repair)
    if context.json:
        context.emit(found.as_json())
    else:
        _print(found)
    return 0 if found.consistent else 1


def _print(found: Diagnosis) -> None:
    click.echo(f"journal {found.journal}, store {found.store}, index {found.index} datasets")
    for check in found.checks:
        click.echo(f"{'ok ' if check.ok else 'BAD'} {check.name}: {check.detail}")
    for title, ids in (("missing", found.missing), ("extra", found.extra)):
        for record in ids[:20]:
            click.echo(f"{title}: {record}")
    click.echo(
        "Consistent."
        if found.consistent
        else "Not consistent; gdi-catalogue doctor --repair mends what can be reached."
    )


@click.command(cls=Verb)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_context
def backup(context: Context, file: Path) -> None:
    """Write a backup of the journal; store and index are made anew from it. Safe while the server runs."""
    file = file.resolve()  # a link to a file stays one
    if file.exists() and not file.is_file():
        raise BadInput("A backup is written to a file, which is replaced; this is a pipe or a device.", url=str(file))
    with open_as_named(context.settings()) as house:
        write_backup(house.journal, file)
    if context.json:
        context.emit({"file": str(file), "bytes": file.stat().st_size})
    else:
        context.say(f"Backup written to {file} ({file.stat().st_size / 1e6:.1f} MB).")


@click.command(cls=Verb)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_context
def restore(context: Context, file: Path) -> int:
    """Bring a backup into an empty data folder and make store and index from it."""
    settings = context.settings()
    restore_backup(file, settings.data, place(settings))
    with open_house(settings) as house:
        behind = settle(house)
        found = house.diagnose()
    if context.json:
        context.emit(found.as_json() | problems(behind))
    else:
        context.say(f"Restored {found.journal} datasets into {settings.data}.")
    return told(behind)
