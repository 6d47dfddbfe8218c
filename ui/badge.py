"""A small picture that says how good descriptions are, for a node's own pages: an SVG without script, style or font.

Everything is said twice: in the picture's title, for those who hear it, and in words beside the colour.
"""

from __future__ import annotations

from html import escape
from typing import Final

from catalogue.stewardship import Milestone
from shapes.report import Verdict

MEDIA_TYPE: Final = "image/svg+xml"
LABEL: Final = "metadata"
_HEIGHT: Final = 20
_PAD: Final = 6
# Widths of letters differ from font to font: an average, and `textLength` fits the text to it wherever it is shown.
_LETTER: Final = 6.6
_DARK: Final = "#3b4448"
# White text stands on each of these with a contrast of more than 4.5 to 1 (WCAG 2.2, 1.4.3).
_GOOD: Final = "#1c6a3a"
_FAIR: Final = "#835300"
_BAD: Final = "#a1281d"
_NONE: Final = "#556065"
_GOOD_FROM: Final = 90.0
_FAIR_FROM: Final = 50.0


def of_node(now: Milestone | None, scheme: str | None, title: str) -> str:
    """Draw how a node stands: the share of its valid datasets, or its mean of a score. `title`: the node's name."""
    percent = None if now is None else now.share if scheme is None else now.percents.get(scheme)
    said = "valid" if scheme is None else "of points"
    return _of_percent(percent, said, title)


def of_score(percent: int | None, title: str) -> str:
    """Draw what a dataset scores; None: it has no such score."""
    return _of_percent(percent, "of points", title)


def of_verdict(verdict: Verdict | None, title: str) -> str:
    """Draw whether a dataset's description is valid."""
    if verdict is None:
        return drawn(LABEL, "not validated", _NONE, title)
    if verdict.valid:
        return drawn(LABEL, "valid", _GOOD, title)
    number = verdict.violation
    return drawn(LABEL, f"{number:,} violation{'' if number == 1 else 's'}", _BAD, title)


def _of_percent(percent: float | None, said: str, title: str) -> str:
    if percent is None:
        return drawn(LABEL, "not validated" if said == "valid" else "not scored", _NONE, title)
    colour = _GOOD if percent >= _GOOD_FROM else _FAIR if percent >= _FAIR_FROM else _BAD
    # Rounded down: 100 % means every one.
    return drawn(LABEL, f"{int(percent)} % {said}", colour, title)


def drawn(label: str, value: str, colour: str, title: str) -> str:
    """Draw a label on grey and a value on a colour, side by side."""
    left, right = (round(len(text) * _LETTER) + 2 * _PAD for text in (label, value))
    width = left + right
    told = escape(f"{title}: {label} {value}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" viewBox="0 0 {width} {_HEIGHT}" '
        f'role="img" aria-label="{told}"><title>{told}</title>'
        f'<rect width="{width}" height="{_HEIGHT}" rx="3" fill="{_DARK}"/>'
        f'<path fill="{colour}" d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v{_HEIGHT - 6}a3 3 0 0 1-3 3H{left}z"/>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">'
        f"{_text(label, 0, left)}{_text(value, left, right)}</g></svg>\n"
    )


def _text(text: str, start: int, width: int) -> str:
    return f'<text x="{start + _PAD}" y="14" textLength="{width - 2 * _PAD}">{escape(text)}</text>'
