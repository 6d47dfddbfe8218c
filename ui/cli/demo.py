"""`demo`: the demonstration network, harvested and served."""

from __future__ import annotations

import tempfile
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click
from rich.table import Table

from catalogue.access.asking import SystemCheck
from catalogue.assemble import House, open_house
from catalogue.dac.importing import read_committees
from catalogue.desk import Desk
from catalogue.journal.run import Run
from shapes.errors import BadInput
from ui.cli.context import Context, Verb, console, pass_context
from ui.cli.harvest import harvest_all
from ui.cli.serve import listen, run_server
from ui.demo.network import Running, network
from ui.demo.plan import committees, read_plans
from ui.demo.rems import application_system, led_to
from ui.demo.scale import scaled

_RETRIES: Final = 1  # one node of the demonstration is down on purpose; nobody should wait long for it
_PAGES: Final = 1_000_000  # a FAIR Data Point has one for each dataset, and --datasets may ask for many


@click.command(cls=Verb)
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65_535), help="0 takes a free one.")
@click.option("--nodes", type=click.IntRange(1, 200), help="How many nodes; without it the eight written ones.")
@click.option("--datasets", type=click.IntRange(0, 1_000_000), help="How many datasets in all.")
@click.option("--open/--no-open", "show", default=False, help="Open the site in a browser.")
@pass_context
def demo(context: Context, port: int, nodes: int | None, datasets: int | None, *, show: bool) -> None:
    """Serve synthetic national nodes on loopback, harvest them and serve the catalogue. Ctrl-C ends all of it.

    With --data the catalogue is kept there; otherwise it is forgotten at the end.
    """
    listener = listen("127.0.0.1", port)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    plans = scaled(read_plans(), nodes, datasets)
    with _folder(context) as folder, network(plans) as running, application_system(plans) as system:
        title = "GDI Catalogue (demonstration)"
        settings = context.settings(
            data=folder, base_url=address, title=title, harvest_retries=_RETRIES, harvest_max_pages=_PAGES
        )
        with open_house(settings) as house:
            runs = _fill(house, running, context, system)
            if not context.quiet:
                _print(running, runs)
            if show:
                webbrowser.open(address)
            run_server(house, listener, context, schedule=False)


@contextmanager
def _folder(context: Context) -> Iterator[Path]:
    """Give the folder asked for, which must be empty, or one that is removed at the end."""
    asked = context.flags.get("data")
    if asked is None:
        with tempfile.TemporaryDirectory(prefix="gdi-demo-") as name:
            yield Path(name)
        return
    folder = Path(str(asked))
    if folder.is_dir() and any(folder.iterdir()):
        raise BadInput("The demonstration needs an empty data folder.", url=str(folder))
    yield folder


def _fill(house: House, running: Sequence[Running], context: Context, system: str) -> Sequence[Run]:
    """Register committees and nodes, harvest them, and ask the application system what it takes."""
    read = read_committees(committees(), "toml", name="committees.toml").committees
    house.journal.put_committees(led_to(read, system), "demo")
    for node in running:
        house.journal.add_source(node.source)
    harvested = harvest_all(house, [node.source for node in running], context)
    for fault in harvested.faults:
        click.echo(f"Error: {fault}", err=True)
    SystemCheck(house.door, Desk(house.catalogue, house.settings.data).kept).ask(system, allow_private=True)
    return harvested.runs


def _print(running: Sequence[Running], runs: Sequence[Run]) -> None:
    table = Table("Node", "Serves", "Outcome", "Datasets", "Rejected", "Failed", "With violations", box=None)
    for node, run in zip(running, runs, strict=True):
        counts = (run.new + run.changed + run.unchanged, run.rejected, run.failed, run.violations)
        table.add_row(node.plan.node.title, node.serves, run.outcome.value, *map(str, counts))
    console(stderr=True).print(table)
