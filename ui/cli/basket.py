"""`basket`: datasets to apply for, in groups that one application can be made for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from catalogue.access.basket import Basket, Group, Task
from catalogue.access.handover import Act, called, links
from catalogue.assemble import open_as_named
from catalogue.dac.identity import name_of
from catalogue.desk import Desk
from shapes.errors import CannotWork, Missing
from ui import basket as baskets
from ui import basket_words, pack
from ui.app import create_app
from ui.basket_wire import basket_json
from ui.cli.context import Context, Verb, pass_context

_FORMS: Final = ("text", "json", "jsonld", "ro-crate", "html")


@click.command(cls=Verb)
@click.argument("identifiers", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True, help="What to write.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; without it standard output.")
@pass_context
def basket(context: Context, identifiers: tuple[str, ...], form: str, output: Path | None) -> None:
    """Group datasets by the application they need, and say where each is made. `html` is the application pack.

    IDENTIFIERS are whatever the datasets are known by: our identifier, an IRI, a dct:identifier.
    """
    settings = context.settings(sparql_workers=1)
    with open_as_named(settings) as house:
        settings = house.settings
        found = Desk(house.catalogue, settings.data).basket(identifiers)
        if not found.lines:
            said = ", ".join(f"{each.id} ({each.why.value})" for each in found.absent)
            raise Missing(f"None of these is a dataset one can apply for: {said}.")
        with create_app(house.catalogue, settings).test_request_context("/basket", base_url=settings.base_url):
            address = baskets.address_of(found)
            body = _written(found, address, "json" if context.json else form, settings.title)
    for each in found.absent:
        context.say(f"Warning: {each.id}: {basket_words.ABSENCES[each.why]}")
    if context.json and output is None:
        context.emit(basket_json(found, settings.title, address))
    else:
        _write(body, output)


def _written(found: Basket, address: str, form: str, title: str) -> bytes:
    if form == "text":
        return _text(found, address, title).encode()
    if form == "json":
        return pack.json_bytes(found, address)
    if form == "jsonld":
        return pack.jsonld(found, address)
    return pack.crate_of(found, address) if form == "ro-crate" else pack.page(found, address, standalone=True).encode()


def _write(body: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(body)
    except OSError as error:
        raise CannotWork(f"The file cannot be written: {error.strerror}.", url=str(output)) from error


def _text(found: Basket, address: str, title: str) -> str:
    parts = [
        f"Datasets: {len(found.lines)}. Things to do: {len(found.groups)}. {address}",
        *(_group(number, group, title) for number, group in enumerate(found.groups, 1)),
    ]
    return "\n\n".join(parts) + "\n"


def _group(number: int, group: Group, title: str) -> str:
    lines = [f"{number}. {_heading(group)}"]
    for line in group.lines:
        told = f" [{line.checked.sentence}]" if line.checked else ""
        lines.append(f"   - {called(line)} ({line.entry.state.id}){told}")
    lines += [f"   ! {sentence}" for sentence in group.conditions.conflicts]
    for step in links(group, title):
        shown = step.address.partition("?")[0] if step.act is Act.MAIL else step.address
        lines.append(f"   {step.act.value}: {shown}")
    return "\n".join(lines)


def _heading(group: Group) -> str:
    if group.task is Task.DOWNLOAD:
        return "Open data: nothing to apply for"
    if group.task is Task.ASK_NODE or group.kind is None:
        missing = (
            "Open data, and no place to get them is published"
            if group.open
            else "How to apply is not published"
            if group.bodies
            else "No deciding body published"
        )
        return f"{missing}: ask the node {group.lines[0].entry.source.name}"
    bodies = ", ".join(
        f"{name_of(body.committee.names, body.committee.id)} ({body.status.value})" for body in group.bodies
    )
    place = f" at {group.system}" if group.system else ""
    workflow = f", workflow {group.workflow}" if group.workflow else ""
    return f"{bodies or 'No deciding body published'}: {basket_words.KINDS[group.kind]}{place}{workflow}"
