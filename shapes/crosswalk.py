"""Two profiles side by side, property by property: what the second asks that the first does not.

Made from the rule tables, so it says what the validator says. `python -m shapes.crosswalk FROM TO` writes it as a
Markdown page; `gdi-catalogue validate --profile FROM --compare-with TO` without input shows it as text or JSON.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shapes.profiles import Profile, Rule, profile
from shapes.rules import Row, effective

MANDATORY: Final = "mandatory"
RECOMMENDED: Final = "recommended"
OPTIONAL: Final = "optional"
ABSENT: Final = "not mentioned"
_ORDER: Final = (MANDATORY, RECOMMENDED, OPTIONAL, ABSENT)
# What a rule says of the values of a property.
_ABOUT_VALUES: Final = ("kind", "datatype", "class", "list", "in", "value", "pattern", "node", "max")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a profile asks of a property of a class: how strongly at each level (`""` where it has none), and of what.

    `values` are the constraints on its values, written as the rule tables write them.
    """

    obligation: Mapping[str, str]
    values: tuple[str, ...]

    @property
    def strongest(self) -> str:
        """The strongest obligation at any level."""
        return min(self.obligation.values(), key=_ORDER.index)


@dataclass(frozen=True, slots=True)
class Line:
    """One property of one class in both profiles, how they differ, and the rules of the second one to look at."""

    target: str
    path: str
    before: Asked
    after: Asked
    change: str
    rules: tuple[Rule, ...]


def crosswalk(before: Profile, after: Profile) -> tuple[Line, ...]:
    """Return every property that the two profiles treat differently, what becomes mandatory first."""
    ours, theirs = _asked(before), _asked(after)
    lines = (_line(key, ours.get(key), theirs.get(key), before, after) for key in ours.keys() | theirs.keys())
    changed = [line for line in lines if line is not None]
    return tuple(sorted(changed, key=_rank))


NEW_DUTY: Final = "becomes mandatory"
NEW_VALUES: Final = "other values"
NEW_ADVICE: Final = "becomes recommended"
NEW: Final = "new, optional"
WEAKER: Final = "asked less strongly"
GONE: Final = "not mentioned any more"
_CHANGES: Final = (NEW_DUTY, NEW_VALUES, NEW_ADVICE, WEAKER, NEW, GONE)
_ADVISED: Final = (NEW_DUTY, NEW_VALUES, NEW_ADVICE)
# The classes a reader asks for first.
_FIRST: Final = ("dcat:Dataset", "dcat:Distribution", "foaf:Agent", "vcard:Kind", "dcat:DataService", "dcat:Catalog")
_Key = tuple[str, str]


def _rank(line: Line) -> tuple[int, int, str, str]:
    place = _FIRST.index(line.target) if line.target in _FIRST else len(_FIRST)
    return (_CHANGES.index(line.change), place, line.target, line.path)


def _line(key: _Key, ours: Sequence[Row] | None, theirs: Sequence[Row] | None, a: Profile, b: Profile) -> Line | None:
    before, after = _summed(ours or (), a), _summed(theirs or (), b)
    change = _change(before, after)
    if change is None:
        return None
    if change == NEW_VALUES:
        new = _narrower(before, after)
        wanted = [row for row in theirs or () if row.severity == "violation" and set(_values(row)) & new]
    else:
        graver = change != NEW_DUTY
        wanted = [row for row in theirs or () if "min" in row.constraints and (graver or row.severity == "violation")]
    rules = tuple(rule for row in wanted if (rule := b.rule(row.iri)) is not None)
    return Line(*key, before, after, change, rules if change in _ADVISED else ())


def _change(before: Asked, after: Asked) -> str | None:
    was, becomes = before.strongest, after.strongest
    if becomes == ABSENT:
        return GONE
    if becomes == MANDATORY != was:
        return NEW_DUTY
    if was != ABSENT and _narrower(before, after):
        return NEW_VALUES
    if _ORDER.index(becomes) < _ORDER.index(was):
        return NEW_ADVICE if becomes == RECOMMENDED else NEW
    return WEAKER if becomes != was else None


def _narrower(before: Asked, after: Asked) -> frozenset[str]:
    """What the second asks of the values and the first does not, without what is only said more widely."""
    new = frozenset(after.values) - frozenset(before.values)
    if "kind: IRI" in before.values:
        new -= {"kind: BlankNodeOrIRI"}
    if any(value.startswith("datatype:") for value in before.values):
        new -= {"kind: Literal"}
    return new


def _asked(of: Profile) -> Mapping[_Key, list[Row]]:
    """The rules of a profile by class and property, those of all levels together."""
    found: dict[_Key, dict[str, Row]] = defaultdict(dict)
    for level in of.levels or ("",):
        for row in effective(of.id, level):
            if row.path and not row.check and row.target != "-":
                found[row.target.removeprefix("@"), row.path][row.iri] = row
    return {key: list(rows.values()) for key, rows in found.items()}


def _summed(rows: Sequence[Row], of: Profile) -> Asked:
    levels = of.levels or ("",)
    values = {value for row in rows if row.severity == "violation" for value in _values(row)}
    standing = {level: {row.iri for row in effective(of.id, level)} for level in levels}
    obligation = {level: _obligation([row for row in rows if row.iri in standing[level]]) for level in levels}
    return Asked(obligation, tuple(sorted(values)))


def _values(row: Row) -> tuple[str, ...]:
    return tuple(f"{column}: {row.constraints[column]}" for column in _ABOUT_VALUES if column in row.constraints)


def _obligation(rows: Sequence[Row]) -> str:
    asking = {row.severity for row in rows if row.constraints.get("min", "0") != "0"}
    if "violation" in asking:
        return MANDATORY
    if asking:
        return RECOMMENDED
    return OPTIONAL if rows else ABSENT


def page(before: Profile, after: Profile) -> str:
    """Return the crosswalk as a Markdown page."""
    title = f"{before.title} {before.release} to {after.title} {after.release}"
    command = f"python -m shapes.crosswalk {before.id} {after.id}"
    return "\n".join(
        [
            f"# From {title}",
            "",
            f"Made from the rule tables by `{command}`. The same for programs:",
            f"`gdi-catalogue validate --profile {before.id} --compare-with {after.id} --format json`; with files or",
            "addresses as input it says what of this breaks in *their* records.",
            *_tables(crosswalk(before, after)),
            "",
        ]
    )


def _tables(lines: Iterable[Line]) -> Iterator[str]:
    parted: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        parted[line.change].append(line)
    for change, found in parted.items():
        advised = change in _ADVISED
        yield f"\n## {change.capitalize()}\n\n| class | property | before | after |" + (
            " what to do |" if advised else ""
        )
        yield "|---" * (5 if advised else 4) + "|"
        for line in found:
            told = f" {_cell(advice(line))} |" if advised else ""
            yield f"| {line.target} | `{_cell(line.path)}` | {_said(line.before)} | {_said(line.after)} |{told}"


def advice(line: Line) -> str:
    """Return what the keeper of the metadata should do about a line, in the words of the second profile's rules."""
    if line.change == NEW_VALUES:
        return " ".join(dict.fromkeys(rule.message for rule in line.rules))
    return " ".join(dict.fromkeys(rule.fix for rule in line.rules))


def _said(asked: Asked) -> str:
    """An obligation in words: one for all levels, or those that differ."""
    different = set(asked.obligation.values())
    if len(different) == 1:
        return different.pop()
    return ", ".join(f"{level}: {what}" for level, what in asked.obligation.items())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: Sequence[str]) -> int:
    """Write the page of the two profiles named; return the exit code."""
    if len(arguments) != 2:  # noqa: PLR2004 - from, to
        sys.stderr.write("Name two profiles: python -m shapes.crosswalk gdi-core healthdcat-ap-r8\n")
        return 2
    before, after = arguments
    sys.stdout.write(page(profile(before), profile(after)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
