"""`serve`: the site, the API and SPARQL in one process."""

from __future__ import annotations

import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask
from waitress.server import create_server

from catalogue.access.asking import SystemCheck
from catalogue.assemble import House, open_house
from catalogue.desk import Desk
from catalogue.following import settle_apart
from catalogue.settings import Settings
from catalogue.store.turns import WAITING
from shapes.collecting import keep_for_good
from shapes.errors import BadInput
from ui.app import create_app
from ui.checking import keep_checked
from ui.cli.context import Context, Verb, pass_context
from ui.schedule import keep_harvested, run_in_process

_log = logging.getLogger(__name__)


@click.command(cls=Verb)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(0, 65_535), help="Port; 0 takes a free one."
)
@click.option("--workers", default=8, show_default=True, type=click.IntRange(1, 256), help="Requests answered at once.")
@click.option("--no-schedule", is_flag=True, help="Run no scheduled harvests, and ask no application systems.")
@pass_context
def serve(context: Context, host: str, port: int, workers: int, *, no_schedule: bool) -> None:
    """Serve the site, the API and SPARQL until interrupted; harvests sources with an interval when they are due."""
    settings = context.settings()
    listener = listen(host, port)
    _tell_base(context, settings.base_url, listener.getsockname()[1])
    with open_house(settings) as house:
        run_server(house, listener, context, workers=workers, schedule=not no_schedule)


def _tell_base(context: Context, base_url: str, port: int) -> None:
    """Say it when links and identifiers lead to another port of this machine: `base_url` was forgotten."""
    base = urlsplit(base_url)
    if base.hostname in {"127.0.0.1", "localhost"} and base.port != port:
        context.say(f"Links and identifiers begin with {base_url}; the setting base_url (GDI_BASE_URL) changes that.")


def listen(host: str, port: int) -> socket.socket:
    """Take the address; raise `BadInput` where it cannot be had, before anything else is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except socket.gaierror as error:
        listener.close()
        raise BadInput(
            f"The host {host!r} is not known here: {error.strerror}. --host is an address of ours."
        ) from error
    except (OSError, OverflowError) as error:
        listener.close()
        raise BadInput(f"Port {port} of {host} cannot be used: {error}. Choose another with --port.") from error
    return listener


def run_server(
    house: House, listener: socket.socket, context: Context, *, workers: int = 8, schedule: bool = True
) -> None:
    """Serve a catalogue on a bound socket until SIGINT or SIGTERM, keeping store and index up to date meanwhile."""
    stop = threading.Event()
    settling = (stop, partial(settle_apart, house))
    keepers = [threading.Thread(target=house.keep_settled, args=settling, name="projector", daemon=True)]
    if schedule:
        errand = (house.journal, run_in_process(house.settings, stop), stop)
        at_once = {"at_once": house.settings.harvest_at_once}
        keepers.append(
            threading.Thread(target=keep_harvested, args=errand, kwargs=at_once, name="schedule", daemon=True)
        )
        desk = Desk(house.catalogue, house.settings.data)
        asking = (desk, SystemCheck(house.door, desk.kept), stop)
        keepers.append(threading.Thread(target=keep_checked, args=asking, name="access-check", daemon=True))
    for keeper in keepers:
        keeper.start()
    try:
        app = create_app(house.catalogue, house.settings)
        keep_for_good()
        _serve(app, listener, _server_settings(house.settings, workers), _announce(context, house.settings))
    finally:
        stop.set()
        for keeper in keepers:
            keeper.join(timeout=30)
        listener.close()


def _announce(context: Context, settings: Settings) -> Callable[[str], None]:
    """Return what tells where the site is, once it listens."""

    def say(address: str) -> None:
        if context.json:
            context.emit({"title": settings.title, "address": address})
        else:
            click.echo(f"{settings.title} is at {address} (Ctrl-C ends it)")
        sys.stdout.flush()

    return say


def _server_settings(settings: Settings, workers: int) -> dict[str, Any]:
    """Return what the server is started with.

    Queries of SPARQL that run or wait have threads of their own, so that they never take those of pages. Looking ahead
    lets the server notice that a client went away while its answer is made.
    """
    proxy = {"trusted_proxy": settings.trusted_proxy, "trusted_proxy_headers": {"x-forwarded-for"}}
    own: dict[str, Any] = {
        "threads": workers + settings.sparql_workers + WAITING,
        "channel_request_lookahead": 1,
        "ident": None,
        "clear_untrusted_proxy_headers": True,
    }
    return own | proxy if settings.trusted_proxy else own


def _serve(app: Flask, listener: socket.socket, options: Mapping[str, Any], announce: Callable[[str], None]) -> None:
    host, port = listener.getsockname()[:2]
    server = create_server(app, sockets=[listener], **options)

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    try:
        announce(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        server.run()
    except KeyboardInterrupt:
        _log.info("stopping")
    finally:
        server.close()
