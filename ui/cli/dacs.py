"""`dacs`: the registry of Data Access Committees."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from catalogue.assemble import open_house
from catalogue.dac.importing import read_committees
from catalogue.text import pick
from ui.cli.context import Context, VerbGroup, console, pass_context
from ui.cli.settling import problems, settle, told
from ui.wire import committee_json


@click.command(cls=VerbGroup)
def dacs() -> None:
    """List, show or import Data Access Committees."""


@dacs.command("list")
@click.option("--country", help="Only those of this country (two letters).")
@pass_context
def list_(context: Context, country: str | None) -> None:
    """List the committees of the registry and those the nodes describe, with the datasets each governs."""
    with open_house(context.settings()) as house:
        house.freshen()
        found = house.catalogue.committees()
    if country:
        found = tuple(entry for entry in found if entry.committee.country == country.upper())
    if context.json:
        context.emit([committee_json(entry.committee) | {"datasets": entry.datasets} for entry in found])
        return
    table = Table("Id", "Name", "Country", "Role", "Datasets", "From", box=None)
    for entry in found:
        committee = entry.committee
        name = pick(committee.names)
        cells = (committee.id, name.value if name else "", committee.country or "", committee.role.value)
        table.add_row(*cells, str(entry.datasets), committee.origin)
    none = "No committees yet. Import some: gdi-catalogue dacs import FILE"
    console().print(table if found else f"No committee of {country.upper()}." if country else none)


@dacs.command()
@click.argument("identifier")
@pass_context
def show(context: Context, identifier: str) -> None:
    """Show one committee."""
    with open_house(context.settings()) as house:
        house.freshen()
        entry = house.catalogue.committee(identifier)
    body = committee_json(entry.committee) | {"datasets": entry.datasets}
    if context.json:
        context.emit(body)
        return
    for key, value in body.items():
        if value not in (None, "", [], {}):
            click.echo(f"{key:16} {value}")


@dacs.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@pass_context
def import_(context: Context, file: Path) -> int:
    """Bring committees into the registry from a TOML, JSON or RDF file (docs/dac.md). Known ids are updated."""
    read = read_committees(file)
    with open_house(context.settings()) as house:
        outcome = house.journal.put_committees(read.committees, name=file.name)
        behind = settle(house)
    if context.json:
        context.emit(asdict(outcome) | {"warnings": list(read.warnings)} | problems(behind))
        return told(behind)
    for warning in read.warnings:
        context.say(f"Warning: {warning}")
    context.say(f"{outcome.added} committees added, {outcome.changed} changed, {outcome.unchanged} unchanged.")
    return told(behind)
