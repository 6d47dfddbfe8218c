"""What a dry run foresees, as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from catalogue.foresight import Fate, Foreseen
from ui.cli.context import console

_RECORDS: Final = 20  # of each fate, unless everything is asked for
_VALUES: Final = 3
_WIDTH: Final = 100  # characters of a value
_SIGNS: Final = {
    Fate.NEW: "+",
    Fate.CHANGED: "~",
    Fate.REJECTED: "!",
    Fate.FAILED: "!",
    Fate.WITHDRAWN: "-",
    Fate.HELD: "?",
}


def print_foreseen(source: str, foreseen: Sequence[Foreseen], *, verbose: bool) -> None:
    """Print what would become of a source's records: the first of each fate, or all of them."""
    out = console()
    for fate in Fate:
        found = [each for each in foreseen if each.fate is fate]
        shown = found if verbose else found[:_RECORDS]
        for each in shown:
            for line in _lines(each, verbose=verbose):
                out.print(line, markup=False, highlight=False, soft_wrap=True)
        if len(shown) < len(found):
            out.print(f"{source}: {len(found) - len(shown)} more would be {fate}; -v shows all of them")


def _lines(foreseen: Foreseen, *, verbose: bool) -> Iterator[str]:
    about = "" if foreseen.kind == "dataset" else f" ({foreseen.kind})"
    yield f"{_SIGNS[foreseen.fate]} {foreseen.fate}: {foreseen.subject}{about}{_verdict(foreseen)}"
    if foreseen.reason:
        yield f"    {foreseen.reason}"
    for change in foreseen.properties:
        for sign, values in (("-", change.removed), ("+", change.added)):
            shown = values if verbose else values[:_VALUES]
            yield from (f"    {sign} {change.property} {_short(value, verbose=verbose)}" for value in shown)
            if len(shown) < len(values):
                yield f"    {sign} {change.property}: {len(values) - len(shown)} more values"


def _verdict(foreseen: Foreseen) -> str:
    now, before = foreseen.violations, foreseen.violations_before
    if now is None:
        return ""
    if before is None or before == now:
        return f", {now} violations" if now else ""
    return f", violations {before} -> {now}"


def _short(value: str, *, verbose: bool) -> str:
    return value if verbose or len(value) <= _WIDTH else value[: _WIDTH - 1] + "\u2026"
