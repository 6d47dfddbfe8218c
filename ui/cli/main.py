"""The entry point: finds the verb, runs it, and turns every fault into a sentence (or a problem object).

Exit codes: 0 done; 1 violations, failed sources or an inconsistent catalogue; 2 wrong usage or unprocessable input;
3 the catalogue cannot work; 130 interrupted.
"""

from __future__ import annotations

import json
import logging
import sys
from importlib import import_module
from typing import Final

import click

from catalogue import __version__
from shapes.errors import Fault
from ui.cli.context import VerbGroup

# verb -> (module, attribute, one line of help). A module is imported when its verb is used: `--help` is instant.
VERBS: Final = {
    "sources": ("ui.cli.sources", "sources", "Register, list, show, remove, enable or disable sources."),
    "harvest": ("ui.cli.harvest", "harvest", "Run sources (all if none is named)."),
    "runs": ("ui.cli.runs", "runs", "List and show runs; end one; approve or discard a held one."),
    "validate": ("ui.cli.validate", "validate", "Check metadata files, folders, URLs or standard input."),
    "search": ("ui.cli.search", "search", "Search the catalogue."),
    "show": ("ui.cli.search", "show", "Show one record."),
    "sparql": ("ui.cli.sparql", "sparql", "Ask the catalogue a SPARQL query."),
    "basket": ("ui.cli.basket", "basket", "Group datasets by the application they need."),
    "access": ("ui.cli.access", "access", "Check what application systems take now."),
    "dacs": ("ui.cli.dacs", "dacs", "List, show or import Data Access Committees."),
    "export": ("ui.cli.export", "export", "Write the whole catalogue."),
    "reindex": ("ui.cli.upkeep", "reindex", "Make store and index anew beside the old ones, then swap."),
    "doctor": ("ui.cli.upkeep", "doctor", "Prove that journal, store and index hold the same set."),
    "backup": ("ui.cli.upkeep", "backup", "Write a backup, while the server runs too."),
    "restore": ("ui.cli.upkeep", "restore", "Bring a backup into an empty data folder."),
    "serve": ("ui.cli.serve", "serve", "Serve the site, the API and SPARQL."),
    "demo": ("ui.cli.demo", "demo", "Build the demonstration network, harvest it and serve it."),
}


class Program(VerbGroup):
    """The top group; loads each verb from its module on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Every verb, in the order of the table."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own
        """Import a verb's module and return the verb."""
        if cmd_name not in VERBS:
            return None
        module, attribute, _ = VERBS[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's own
        """List the verbs without importing them."""
        with formatter.section("Verbs"):
            formatter.write_dl([(name, line) for name, (_, _, line) in VERBS.items()])


@click.command(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="gdi-catalogue")
def program() -> None:
    """Metadata catalogue and FAIR dataset registry for Europe's genomic data.

    Every setting can stand in a TOML file (--config), in the environment as GDI_NAME, or, for the data folder, in
    --data. docs/settings.md lists them all.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    arguments = sys.argv[1:] if arguments is None else arguments
    sys.exit(run(arguments))


def run(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    _log(arguments)
    try:
        outcome = program.main(arguments, prog_name="gdi-catalogue", standalone_mode=False)
    except Fault as fault:
        _tell(fault.problem(), str(fault), as_json="--json" in arguments)
        return fault.exit_code
    except click.ClickException as error:
        problem = {"type": "about:blank", "title": "Wrong usage", "status": 400, "detail": error.format_message()}
        if "--json" in arguments:
            _tell(problem | {"code": "usage"}, error.format_message(), as_json=True)
        else:
            error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return 130
    except SystemExit:  # click's answer when the reader of our output goes away (`| head`): it had what it wanted
        return 0
    except Exception as error:
        logging.getLogger(__name__).exception("a mistake of the program")
        said = f"{type(error).__name__}: {error}. This is a mistake of the program; please report it."
        problem = {"type": "about:blank", "title": "A mistake of the program", "status": 500, "detail": said}
        _tell(problem | {"code": "internal-error"}, said, as_json="--json" in arguments)
        return 3
    return outcome if isinstance(outcome, int) else 0


def _tell(problem: dict[str, object], sentence: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(problem, ensure_ascii=False, indent=2))
    click.echo(f"Error: {sentence}", err=True)


def _log(arguments: list[str]) -> None:
    """Send logs to standard error; warnings by default, more with -v, all with -vv."""
    loud = sum(a.count("v") for a in arguments if a.startswith("-v") and set(a[1:]) == {"v"}) + arguments.count(
        "--verbose"
    )
    level = {0: logging.WARNING, 1: logging.INFO}.get(loud, logging.DEBUG)
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    if level > logging.DEBUG:
        # The search client's own word of every lost connection, which ours says once; the server's of every request
        # that waits a moment for a thread.
        for name in ("elastic_transport", "waitress.queue"):
            logging.getLogger(name).setLevel(logging.ERROR)


if __name__ == "__main__":
    main()
