"""What our indices and aliases are called.

    gdi-catalogue                       alias: the datasets readers see
    gdi-catalogue-labels                alias: their labels and progress
    gdi-catalogue-g7                    index: the datasets of generation 7
    gdi-catalogue-g7-labels             index: labels of facet values, and how far the generation has read the journal
    gdi-catalogue-g7-write, ...-labels-write   aliases: written through, so that nothing is ever made by writing to it

A generation is complete in itself. A rebuild makes the next one and moves the first two aliases in one step.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LABELS: Final = "-labels"
WRITE: Final = "-write"
OWNER: Final = "gdi-catalogue"  # in `_meta` of every index of ours: the prefix it belongs to


@dataclass(frozen=True, slots=True, order=True)
class Generation:
    """The names of one generation."""

    prefix: str
    number: int

    @property
    def datasets(self) -> str:
        """The index of the datasets."""
        return f"{self.prefix}-g{self.number}"

    @property
    def labels(self) -> str:
        """The index of labels and progress."""
        return f"{self.datasets}{LABELS}"

    @property
    def indices(self) -> tuple[str, str]:
        """Both indices."""
        return self.datasets, self.labels


def generation_of(prefix: str, index: str) -> Generation | None:
    """Return the generation an index belongs to by its name; None for a name we do not give."""
    found = re.fullmatch(rf"{re.escape(prefix)}-g(\d{{1,9}})(?:{LABELS})?", index)
    return Generation(prefix, int(found[1])) if found else None
