"""After a change of the journal: store and index are brought up to date, and where that fails now it is said.

What was done stays done: it is shown first, then what is behind, and the exit code tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from catalogue.behind import ProjectionsBehind
from catalogue.errors import StoreLocked
from shapes.errors import CannotWork

if TYPE_CHECKING:
    from catalogue.assemble import House  # brings all of the house, which not every verb that says `told` opens


def settle(house: House) -> CannotWork | None:
    """Bring store and index up to date; return why they are behind, None where they are not."""
    try:
        house.settle()
    except (ProjectionsBehind, StoreLocked) as fault:
        return fault
    return None


def problems(fault: CannotWork | None) -> dict[str, object]:
    """Return what is added to the machine form of a verb's result."""
    return {"problems": [fault.problem()]} if fault else {}


def told(fault: CannotWork | None) -> int:
    """Say what is behind on standard error; return the exit code."""
    if fault is None:
        return 0
    click.echo(f"Error: {fault}", err=True)
    return fault.exit_code
