"""`export`: the whole catalogue as RDF, exactly as delivered, so that another catalogue can harvest the file."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import IO, Final

import click

from catalogue.assemble import House, open_as_named
from catalogue.export import export_jsonld, export_nquads, export_turtle
from catalogue.journal.errors import DiskFull
from shapes.errors import BadInput
from ui.cli.context import Context, Verb, pass_context

_WRITERS: Final = {"nquads": export_nquads, "turtle": export_turtle, "jsonld": export_jsonld}


@click.command(cls=Verb)
@click.option(
    "--format",
    "wanted",
    type=click.Choice(list(_WRITERS)),
    help="Syntax [default: nquads; with --json on standard output: jsonld].",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File to write; without it, or with -, standard output."
)
@pass_context
def export(context: Context, wanted: str | None, output: Path | None) -> None:
    """Write every listed record. The literals are the node's own, to the letter."""
    output = None if output is None or str(output) == "-" else output.resolve()  # a link to a file stays one
    wanted = wanted or ("jsonld" if context.json and output is None else "nquads")
    with open_as_named(context.settings()) as house:
        if output is None:
            count = _WRITERS[wanted](house.journal, house.layout, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            count = _to_file(house, wanted, output)
    if context.json and output is not None:
        context.emit({"file": str(output), "records": count})
    else:
        context.say(f"{count} records written{f' to {output}' if output else ''}.")


def _to_file(house: House, wanted: str, output: Path) -> int:
    """Write beside the file and put it in place when whole: a failure leaves an older export as it was.

    A pipe or a device is written to as it is.
    """
    special = output.exists() and not output.is_file()
    beside = output if special else output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            count = _write(house, wanted, file)
        if not special:
            beside.replace(output)
    except OSError as error:
        if not special:
            beside.unlink(missing_ok=True)
        kind = DiskFull if error.errno == errno.ENOSPC else BadInput
        raise kind(f"The file cannot be written: {error.strerror}.", url=str(output)) from error
    return count


def _write(house: House, wanted: str, file: IO[bytes]) -> int:
    return _WRITERS[wanted](house.journal, house.layout, file)
