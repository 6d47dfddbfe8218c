"""What every verb shares: the global options, before or after the verb, and how results and errors are printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console

from catalogue.settings import Settings, Value, read_settings


@dataclass(frozen=True, slots=True)
class Context:
    """The global options as given. `settings()` reads the settings with them; call it once per command."""

    json: bool = False
    quiet: bool = False
    verbose: int = 0
    progress: bool = True
    config: Path | None = None
    flags: Mapping[str, Value] = field(default_factory=dict)

    def settings(self, **flags: Value) -> Settings:
        """Read the settings; flags of the verb win over the global ones. Raises `BadSetting`."""
        return read_settings(config=self.config, flags={**self.flags, **flags})

    def emit(self, value: object) -> None:
        """Print the machine form on standard output."""
        click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))

    def say(self, text: str) -> None:
        """Tell a person something that is not the result; standard error, unless told to be quiet."""
        if not self.quiet:
            click.echo(text, err=True)

    def show_progress(self) -> bool:
        """Whether progress bars may be drawn: a person is watching and nobody switched them off."""
        return self.progress and not self.quiet and not self.json and sys.stderr.isatty()


def console(*, stderr: bool = False) -> Console:
    """Return a console that knows whether a terminal is behind it; without one it keeps long lines whole."""
    made = Console(stderr=stderr, highlight=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=200)


_GLOBALS: Final = (
    click.Option(["--data", "g_data"], type=click.Path(path_type=Path), help="Data folder (or GDI_DATA)."),
    click.Option(["--config", "g_config"], type=click.Path(path_type=Path), help="Settings file (TOML)."),
    click.Option(["--json", "g_json"], is_flag=True, help="Machine form on standard output, and nothing else there."),
    click.Option(["-q", "--quiet", "g_quiet"], is_flag=True, help="Say only errors."),
    click.Option(["-v", "--verbose", "g_verbose"], count=True, help="Say more; twice for everything."),
    click.Option(["--no-progress", "g_no_progress"], is_flag=True, help="Draw no progress bars."),
)


def merge_globals(context: Context, params: dict[str, Any]) -> Context:
    """Take the global options out of a verb's parameters and lay them over those given before the verb."""
    data, config = params.pop("g_data", None), params.pop("g_config", None)
    return replace(
        context,
        json=params.pop("g_json", False) or context.json,
        quiet=params.pop("g_quiet", False) or context.quiet,
        verbose=max(params.pop("g_verbose", 0), context.verbose),
        progress=not params.pop("g_no_progress", False) and context.progress,
        config=config or context.config,
        flags={**context.flags, **({"data": data} if data else {})},
    )


class Verb(click.Command):
    """A verb that also takes the global options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - click's own signature, passed through
        super().__init__(*args, **kwargs)
        taken = {option for param in self.params for option in param.opts}
        self.params.extend(option for option in _GLOBALS if not taken & set(option.opts))

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Merge the global options and run the verb with the result as `ctx.obj`."""
        _check_text(ctx)
        ctx.obj = merge_globals(ctx.find_object(Context) or Context(), ctx.params)
        return super().invoke(ctx)


def _check_text(ctx: click.Context) -> None:
    """Raise `BadParameter` for text that is none: bytes that were no UTF-8 cannot be stored, searched or printed."""
    for param in ctx.command.params:
        value = ctx.params.get(param.name or "")
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str) and any("\ud800" <= character <= "\udfff" for character in text):
                raise click.BadParameter("it is not valid Unicode.", ctx, param)


class VerbGroup(click.Group):
    """A family of verbs (`sources add`, `sources list`); every member takes the global options."""

    command_class = Verb

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - click's own signature, passed through
        super().__init__(*args, **kwargs)
        self.params.extend(_GLOBALS)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Merge the global options given before the member's name."""
        ctx.obj = merge_globals(ctx.find_object(Context) or Context(), ctx.params)
        return super().invoke(ctx)


pass_context = click.make_pass_decorator(Context)
