"""A report as CSV (RFC 4180), one line per finding, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from shapes.render.judged import Judged

_COLUMNS: Final = (
    *("file", "line", "record", "focus", "place", "path", "value"),
    *("severity", "component", "shape", "message", "fix", "reference"),
)
# A cell that begins so is run as a formula by spreadsheet programs (OWASP, CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(judged: Sequence[Judged]) -> str:
    """Return findings as lines; nested results are left to the other forms."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for each in judged:
        for finding in each.report.findings:
            row = [each.name, *(getattr(finding, column) for column in _COLUMNS[1:])]
            writer.writerow(["" if value is None else _defused(str(value)) for value in row])
    return out.getvalue()


def _defused(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run; it shows the rest as text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
