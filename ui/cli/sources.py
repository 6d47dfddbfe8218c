"""`sources`: where the nodes publish, and how we may read them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import click
from cronsim import CronSim, CronSimError
from rich.table import Table

from catalogue.assemble import open_as_named
from harvester.address import endpoint_of
from harvester.files import file_url, path_of
from harvester.protocols import protocol_names
from harvester.source import Source, Stage
from shapes.errors import BadInput
from ui.cli.context import Context, VerbGroup, console, pass_context
from ui.cli.settling import problems, settle, told
from ui.wire import source_json

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_FIELDS: Final = 5
_UNITS: Final = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LONGEST: Final = 52 * _UNITS["w"]


@click.command(cls=VerbGroup)
def sources() -> None:
    """Register, list, show, remove, enable or disable sources."""


@sources.command()
@click.argument("name")
@click.argument("url")
@click.option("--title", help="The node's name for people.")
@click.option("--country", help="ISO 3166-1 code of two letters, such as BE.")
@click.option("--protocol", help="How to read it [default: auto].")
@click.option("--profile", help="Profile its records are validated against.")
@click.option(
    "--stage", type=click.Choice([s.value for s in Stage]), help=f"How far the node is [default: {Stage.OPERATIONAL}]."
)
@click.option("--every", help="How often to harvest, such as 12h or 1d; without it only by hand.")
@click.option("--cron", help="At what times to harvest instead (five fields, UTC), such as '30 4 * * 1-5'.")
@click.option(
    "--allow-private/--no-allow-private", default=None, help="Open this source's own host and port though not public."
)
@click.option("--default-dac", help="Id of the registry's committee that answers for datasets naming none.")
@pass_context
def add(context: Context, /, name: str, url: str, **options: Any) -> None:  # noqa: ANN401 - click hands each option its own type
    """Register a node's source, or give a registered one another address.

    URL is http(s), or a file or folder. What is registered of a source stays unless an option says otherwise, and its
    records stay its own when its address changes.
    """
    given = {option: _READ[option](value) for option, value in options.items() if value is not None}
    if {"every", "cron"} <= given.keys():
        raise BadInput("A source is harvested --every so often or at the times of --cron, not both.")
    instead = {"every": "cron", "cron": "every"}
    given |= {instead[option]: None for option in instead if option in given}
    wanted = Source(_name(name), _url(url), **given)
    with open_as_named(context.settings()) as house:
        known = {each.name: each for each in house.journal.sources()}.get(wanted.name)
        source = wanted if known is None else replace(known, url=wanted.url, **given)
        if known is None:
            house.journal.add_source(source)
        else:
            house.journal.update_source(source)
        committees = {committee.id for committee in house.journal.committees()}
    if source.default_dac is not None and source.default_dac not in committees:
        said = (
            f"the registry has no committee {source.default_dac!r} yet; gdi-catalogue dacs import FILE brings some in"
        )
        context.say(f"Warning: {said}.")
    if context.json:
        context.emit(_as_json(source))
    elif known is None:
        context.say(f"Source {source.name} is registered. Next: gdi-catalogue harvest {source.name}")
    elif known.url != source.url:
        context.say(f"Source {source.name} now reads {source.url} (before: {known.url}). Its records stay.")
    else:
        context.say(f"Source {source.name} is registered as given now. Its records stay.")


@sources.command("list")
@pass_context
def list_(context: Context) -> None:
    """List the sources."""
    with open_as_named(context.settings()) as house:
        found = house.journal.sources()
    if context.json:
        context.emit([_as_json(source) for source in found])
        return
    table = Table("Name", "Country", "Stage", "Protocol", "Enabled", "URL", box=None)
    for source in found:
        enabled = "yes" if source.enabled else "no"
        table.add_row(source.name, source.country or "", source.stage, source.protocol, enabled, source.url)
    console().print(table if found else "No sources yet. Add one: gdi-catalogue sources add NAME URL")


@sources.command()
@click.argument("name")
@pass_context
def show(context: Context, name: str) -> None:
    """Show one source and its latest runs."""
    with open_as_named(context.settings()) as house:
        source = house.journal.source(name)
        runs = house.journal.runs(source=name, limit=5)
    if context.json:
        context.emit(_as_json(source) | {"runs": [run.as_json() for run in runs]})
        return
    for key, value in _as_json(source).items():
        click.echo(f"{key:14} {'' if value is None else value}")
    for run in runs:
        click.echo(f"run {run.id:<10} {run.outcome}: {run.seen} seen, {run.new} new, {run.changed} changed")


@sources.command()
@click.argument("name")
@click.option("--keep", is_flag=True, help="Keep its records listed.")
@pass_context
def remove(context: Context, name: str, *, keep: bool) -> int:
    """Remove a source. Its records are withdrawn (their pages say so) unless --keep is given."""
    with open_as_named(context.settings()) as house:
        withdrawn = house.remove_source(name, keep=keep)
        behind = settle(house)
    if context.json:
        context.emit({"source": name, "withdrawn": withdrawn} | problems(behind))
    else:
        context.say(f"Source {name} is removed; {withdrawn} records are withdrawn.")
    return told(behind)


@sources.command()
@click.argument("name")
@pass_context
def enable(context: Context, name: str) -> None:
    """Let a source be harvested again."""
    _set_enabled(context, name, enabled=True)


@sources.command()
@click.argument("name")
@pass_context
def disable(context: Context, name: str) -> None:
    """Leave a source out of harvests; its records stay."""
    _set_enabled(context, name, enabled=False)


def _set_enabled(context: Context, name: str, *, enabled: bool) -> None:
    with open_as_named(context.settings()) as house:
        house.journal.set_enabled(name, enabled=enabled)
        source = house.journal.source(name)
    if context.json:
        context.emit(_as_json(source))
    else:
        context.say(f"Source {name} is {'enabled' if enabled else 'disabled'}.")


def _as_json(source: Source) -> dict[str, Any]:
    """A source as the web shows it, with what only its operator is told."""
    return source_json(source) | {"allow_private": source.allow_private}


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise BadInput(f"A source's name has small letters, digits and dashes, 63 at most; {text!r} does not fit.")
    return text


def _url(text: str) -> str:
    """Return the address as it is registered. Raises `BadInput` for one that could never be read."""
    if text.startswith(("http://", "https://")):
        endpoint_of(text)
        return text
    if "://" in text and not text.startswith("file:"):
        raise BadInput(f"A source is http(s), a file or a folder; {text!r} is none of them.")
    return path_of(file_url(text)).resolve().as_uri()


def _country(text: str) -> str:
    if not _COUNTRY.fullmatch(text.upper()):
        raise BadInput(f"A country is an ISO 3166-1 code of two letters, not {text!r}.")
    return text.upper()


def _protocol(text: str) -> str:
    known = protocol_names()
    if text not in known:
        raise BadInput(f"There is no protocol {text!r}; there are {', '.join(known)}.")
    return text


def _profile(text: str) -> str:
    from shapes.profiles import profile  # the rule tables take a moment to load

    profile(text)
    return text


def _interval(text: str) -> int:
    match = re.fullmatch(r"([0-9]{1,9})([mhdw])", text.strip())
    seconds = int(match[1]) * _UNITS[match[2]] if match else 0
    if not 0 < seconds <= _LONGEST:
        raise BadInput(f"An interval is a number and m, h, d or w, such as 12h, at most 52w; {text!r} is not.")
    return seconds


def _times(text: str) -> str:
    """Read a cron expression of five fields; six, with seconds, would be more often than any node deserves."""
    fields = text.split()
    try:
        if len(fields) != _FIELDS:
            raise BadInput(
                f"Times are five fields (minute, hour, day, month, weekday), such as '30 4 * * 1-5': {text!r}."
            )
        next(CronSim(text, datetime.now(UTC)))
    except (CronSimError, StopIteration) as error:
        raise BadInput(f"{text!r} is no time that ever comes: {str(error) or 'there is no such day'}.") from error
    return " ".join(fields)


# How the text of each option becomes what a source holds.
_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "title": str,
    "country": _country,
    "protocol": _protocol,
    "profile": _profile,
    "stage": Stage,
    "every": _interval,
    "cron": _times,
    "allow_private": bool,
    "default_dac": str,
}
