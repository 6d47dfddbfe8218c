"""The lines of a text that findings are about, with a few around them, so that errors stand beside their lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shapes.report import INFO, VIOLATION, WARNING, Finding

_AROUND: Final = 2
_MOST_LINES: Final = 400
_MOST_NOTES: Final = 6
_LONGEST: Final = 300
_RANK: Final = {VIOLATION: 0, WARNING: 1, INFO: 2}


@dataclass(frozen=True, slots=True)
class Note:
    """A finding beside a line; `count` is how often the same is said of this line."""

    severity: str
    message: str
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source. `gap`: lines before it are left out. `more`: notes left out."""

    number: int
    text: str
    notes: tuple[Note, ...]
    gap: bool
    more: int = 0

    @property
    def severity(self) -> str | None:
        """The worst severity of its notes."""
        return self.notes[0].severity if self.notes else None


def excerpt(text: str, findings: Iterable[Finding]) -> tuple[Line, ...]:
    """Return the lines with findings and two around each, 400 lines at most; long lines are cut."""
    notes: dict[int, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for finding in findings:
        if finding.line is not None:
            notes[finding.line][finding.severity, finding.message] += 1
    lines = text.splitlines()
    shown = sorted({n for line in notes for n in range(line - _AROUND, line + _AROUND + 1) if 1 <= n <= len(lines)})
    made: list[Line] = []
    before = 0
    for number in shown[:_MOST_LINES]:
        ranked = sorted(notes.get(number, {}).items(), key=lambda item: (_RANK.get(item[0][0], 3), item[0][1]))
        said = tuple(Note(severity, message, count) for (severity, message), count in ranked[:_MOST_NOTES])
        source = lines[number - 1]
        source = source if len(source) <= _LONGEST else source[:_LONGEST] + "…"
        made.append(Line(number, source, said, number != before + 1, len(ranked) - len(said)))
        before = number
    return tuple(made)
