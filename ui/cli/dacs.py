"""`dacs`: the registry of Data Access Committees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.table import Table

from catalogue.assemble import open_as_named
from catalogue.catalogue import Catalogue
from catalogue.dac.committee import Committee
from catalogue.dac.confirming import is_due
from catalogue.dac.importing import read_committees
from catalogue.deciding import UNDECIDED, NodeWork
from catalogue.reading.values import is_web_address
from catalogue.search.query import MAX_PAGE_SIZE, Hit, Query
from catalogue.text import pick
from shapes.checks.mailbox import looks_personal
from shapes.errors import BadInput
from ui.cli.context import Context, VerbGroup, console, pass_context
from ui.cli.settling import problems, settle, told
from ui.committees import Change, changes
from ui.wire import body_json, check_json, state_json, work_json


@click.command(cls=VerbGroup)
def dacs() -> None:
    """List, show, import or check Data Access Committees; tell which datasets have none."""


@dacs.command("list")
@click.option("--country", help="Only those of this country (two letters).")
@click.option("--due", is_flag=True, help="Only entries that nobody confirmed for twelve months.")
@pass_context
def list_(context: Context, country: str | None, *, due: bool) -> None:
    """List the committees of the registry and those the nodes describe, with the datasets each governs."""
    with open_as_named(context.settings()) as house:
        house.freshen()
        found = house.catalogue.deciding.committees()
    if country:
        found = tuple(entry for entry in found if entry.committee.country == country.upper())
    today = datetime.now(UTC).date()
    if due:
        found = tuple(entry for entry in found if is_due(entry.committee, today))
    if context.json:
        context.emit([body_json(entry) for entry in found])
        return
    table = Table("Id", "Name", "Country", "Role", "Datasets", "From", "Confirmed", box=None)
    for entry in found:
        committee = entry.committee
        name = pick(committee.names)
        cells = (committee.id, name.value if name else "", committee.country or "", committee.role.value)
        confirmed = (committee.confirmed or "never") + (" (due)" if is_due(committee, today) else "")
        table.add_row(*cells, str(entry.datasets), committee.origin, confirmed if _registered(committee) else "")
    console().print(table if found else _nothing(country, due=due))


def _registered(committee: Committee) -> bool:
    return committee.origin == "registry"


def _nothing(country: str | None, *, due: bool) -> str:
    if due:
        return "No entry is due."
    if country:
        return f"No committee of {country.upper()}."
    return "No committees yet. Import some: gdi-catalogue dacs import FILE"


@dacs.command()
@click.argument("identifier")
@click.option("--history", is_flag=True, help="What each import changed in its entry.")
@pass_context
def show(context: Context, identifier: str, *, history: bool) -> None:
    """Show one committee."""
    with open_as_named(context.settings()) as house:
        house.freshen()
        entry = house.catalogue.deciding.committee(identifier)
        past = changes(house.catalogue.deciding.history(identifier))
    body = body_json(entry) | {"history": [state_json(change) for change in past]}
    if context.json:
        context.emit(body)
        return
    body.pop("history")
    if history:
        _print_history(past)
        return
    for key, value in body.items():
        if value not in (None, "", [], {}):
            click.echo(f"{key:16} {value}")


def _print_history(past: Sequence[Change]) -> None:
    if not past:
        click.echo("The registry never had an entry of this body.")
    for change in past:
        what = "entered" if change.first else ", ".join(change.fields) or "confirmed again"
        click.echo(f"{change.time.isoformat(timespec='seconds')}  {change.name}: {what}")


@dacs.command()
@click.argument("node", required=False)
@pass_context
def worklist(context: Context, node: str | None) -> None:
    """Tell what each node has to do: its datasets that name nobody who decides; of one NODE, which they are."""
    with open_as_named(context.settings()) as house:
        house.freshen()
        if node is None:
            _print_works(context, house.catalogue.deciding.worklist())
            return
        house.catalogue.source(node)
        hits = list(_undecided(house.catalogue, node))
    if context.json:
        context.emit([{"id": h.id, "iri": h.iri, "title": h.title, "decider": dict(h.decider)} for h in hits])
        return
    for hit in hits:
        click.echo(f"{hit.id}  {hit.title}\n    {hit.decider['evidence']}")
    click.echo(f"{len(hits)} datasets of {node} without a deciding body.")


def _undecided(catalogue: Catalogue, node: str) -> Iterator[Hit]:
    """Every dataset of a node without a deciding body, page by page."""
    facets = {"node": (node,), "decider": UNDECIDED}
    query = Query(facets=facets, size=MAX_PAGE_SIZE, sort="title", with_facets=False)
    while True:
        page = catalogue.search(query)
        yield from page.hits
        if page.next is None:
            return
        query = replace(query, cursor=page.next)


def _print_works(context: Context, works: Sequence[NodeWork]) -> None:
    if context.json:
        context.emit([work_json(work) for work in works])
        return
    table = Table("Node", "Country", "Datasets", "Open", "Nobody named", "Stand-in", "To do", box=None)
    for work in works:
        figures = (work.datasets, work.open_data, work.none, work.stand_in, work.undecided)
        table.add_row(work.source.name, work.source.country or "", *map(str, figures))
    console().print(table if works else "No node is registered yet.")


@dacs.command()
@click.argument("identifiers", nargs=-1)
@pass_context
def check(context: Context, identifiers: tuple[str, ...]) -> None:
    """Try the pages of the registry's committees, or of those named, and look at their mailboxes.

    What came is kept, and shown on their pages. Nothing is written to a mailbox: it is only told where one looks like a
    person's.
    """
    with open_as_named(context.settings()) as house:
        checks = house.check_committees(*identifiers)
        wanted = [c for c in house.journal.committees() if not identifiers or c.id in identifiers]
    personal = [c for c in wanted if c.email and looks_personal(c.email)]
    if context.json:
        mailboxes = [{"committee": c.id, "email": c.email} for c in personal]
        context.emit({"checks": [check_json(each) for each in checks], "personal_mailboxes": mailboxes})
        return
    for each in checks:
        click.echo(f"{'ok  ' if each.reachable else 'FAIL'}  {each.committee}  {each.address}  {each.detail}")
    for committee in personal:
        click.echo(f"LOOK  {committee.id}  {committee.email} looks like a person's mailbox.")
    failed = sum(not each.reachable for each in checks)
    click.echo(f"{len(checks)} addresses tried, {failed} not reachable.")


@dacs.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--system", metavar="URL", help="The address of the REMS whose export it is.")
@pass_context
def import_(context: Context, file: Path, system: str | None) -> int:
    """Bring committees into the registry from a file (docs/dac.md). Known ids are updated.

    TOML, YAML, JSON, the objects of EGA's schema, exports of REMS, or RDF.
    """
    if system is not None and not is_web_address(system):
        raise BadInput(f"--system is the http or https address of a REMS, not {system!r}.")
    read = read_committees(file, system=system)
    with open_as_named(context.settings()) as house:
        outcome = house.journal.put_committees(read.committees, name=file.name)
        behind = settle(house)
    if context.json:
        context.emit(asdict(outcome) | {"warnings": list(read.warnings)} | problems(behind))
        return told(behind)
    for warning in read.warnings:
        context.say(f"Warning: {warning}")
    context.say(f"{outcome.added} committees added, {outcome.changed} changed, {outcome.unchanged} unchanged.")
    return told(behind)
