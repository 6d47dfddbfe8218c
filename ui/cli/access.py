"""`access`: the systems where one applies, and what they take now."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.table import Table

from catalogue.access.asking import SystemCheck
from catalogue.access.reading import Reading
from catalogue.assemble import open_as_named
from catalogue.desk import Desk
from ui.basket_wire import reading_json
from ui.cli.context import Context, VerbGroup, console, pass_context


@click.command(cls=VerbGroup)
def access() -> None:
    """List application systems, and check what they take now."""


@access.command("list")
@pass_context
def list_(context: Context) -> None:
    """List the application systems that were asked, and what they told."""
    with open_as_named(context.settings(sparql_workers=1)) as house:
        readings = Desk(house.catalogue, house.settings.data).readings()
    _print(context, readings)


@access.command()
@click.argument("systems", nargs=-1)
@click.option("--allow-private", is_flag=True, help="Let these systems be at addresses that are not public.")
@pass_context
def check(context: Context, systems: tuple[str, ...], *, allow_private: bool) -> int:
    """Ask installations of REMS what they hold, and remember it (docs/access.md).

    Without SYSTEMS: all that committees of the registry or records of datasets lead to.
    """
    with open_as_named(context.settings(sparql_workers=1)) as house:
        desk = Desk(house.catalogue, house.settings.data)
        checking = SystemCheck(house.door, desk.kept)
        asked = systems or desk.systems()
        readings = [checking.ask(system, allow_private=allow_private) for system in asked]
    _print(context, readings)
    return int(any(reading.failure is not None for reading in readings))


def _print(context: Context, readings: Sequence[Reading]) -> None:
    if context.json:
        context.emit([reading_json(reading) for reading in readings])
        return
    table = Table("System", "Asked", "Items", "Open", "Told", box=None)
    for reading in readings:
        said = reading_json(reading)
        items = "not public" if said["public"] is False else "" if said["items"] is None else str(said["items"])
        moved = "; ".join(f"{m.resource}: workflow {m.before} became {m.after}" for m in reading.moved)
        told = " ".join(part for part in (reading.failure or "", moved) if part)
        open_items = "" if said["open"] is None else str(said["open"])
        table.add_row(reading.system, f"{reading.tried:%Y-%m-%d %H:%M}", items, open_items, told)
    console().print(
        table if readings else "No application system is known. Ask one: gdi-catalogue access check ADDRESS"
    )
