"""Our rule tables: one row, one rule, one SHACL shape. docs/profiles.md explains the columns and how to add a rule.

`profiles.tsv` names the profiles; `<profile>.tsv` holds the rules of one. `shapes.generate` makes Turtle of them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from shapes import checks
from shapes.errors import BadShapes

SHAPES: Final = "https://w3id.org/gdi-catalogue/shapes/"
SEVERITIES: Final = ("violation", "warning", "info")
NO_TARGET: Final = "-"
_KINDS: Final = ("IRI", "Literal", "BlankNode", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
_CONSTRAINTS: Final = (
    "min", "max", "kind", "datatype", "class", "list", "value", "in", "pattern", "node", "either", "not_more_than",
    "unique_lang", "check",
)  # fmt: skip
_ABOUT_VALUES: Final = frozenset(("min", "max", "unique_lang", "not_more_than", "value"))
_WORDS: Final = ("name", "message", "fix", "reference")


@dataclass(frozen=True, slots=True)
class Header:
    """One profile, as `profiles.tsv` names it. `levels` is empty where the profile has none."""

    id: str
    title: str
    release: str
    published: str
    levels: tuple[str, ...]
    extends: str
    reference: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: what is asked of which property of which class, how grave it is, and in what words it is told.

    `target` is a class, `@Name` for a shape that others refer to, or `-` for a rule others refer to by its id.
    `fix` is a sentence, `example` a right value in Turtle (with the prefixes of `shapes.vocabulary`), where one helps.
    `constraints` holds the filled cells of the constraint columns, by column. `replaces` are ids of rules of the
    profile this one extends, which it takes the place of at `levels` (all levels when empty).
    """

    profile: str
    id: str
    levels: tuple[str, ...]
    target: str
    path: str
    constraints: Mapping[str, str]
    severity: str
    name: str
    message: str
    fix: str
    example: str
    reference: str
    replaces: tuple[str, ...]

    @property
    def check(self) -> str:
        """The name of the check in `shapes.checks` that judges by this rule; empty for a rule that is SHACL."""
        return self.constraints.get("check", "")

    @property
    def iri(self) -> str:
        """The IRI of the shape made of this rule: what a validation result names as its source shape."""
        return f"{SHAPES}{self.profile}#{self.id}"

    def at(self, level: str) -> bool:
        """Whether the rule holds at a level."""
        return not self.levels or level in self.levels


def _cells(name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Return the rows of a table of this folder with their line numbers."""
    with files(__name__).joinpath(f"{name}.tsv").open(encoding="utf-8") as lines:
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        for cells in reader:
            if None in cells or None in cells.values():
                raise BadShapes(f"The row has {'more' if None in cells else 'fewer'} cells than the table has columns.",
                                url=f"{name}.tsv", line=reader.line_num)  # fmt: skip
            yield reader.line_num, cells


@cache
def headers() -> Mapping[str, Header]:
    """Return the profiles there are, by id, in the order of their table."""
    return {
        row["id"]: Header(
            id=row["id"],
            title=row["title"],
            release=row["release"],
            published=row["published"],
            levels=tuple(row["levels"].split()),
            extends=row["extends"],
            reference=row["reference"],
            note=row["note"],
        )
        for _, row in _cells("profiles")
    }


@cache
def rows(profile: str) -> tuple[Row, ...]:
    """Return the rules of one profile (not of the one it extends). Raises BadShapes naming table, line and fault."""
    made = tuple(_row(profile, line, cells) for line, cells in _cells(profile))
    seen: set[str] = set()
    for row in made:
        if row.id in seen:
            raise BadShapes(f"The rule id {row.id!r} stands twice.", url=f"{profile}.tsv")
        seen.add(row.id)
    return made


def _row(profile: str, line: int, cells: Mapping[str, str]) -> Row:
    constraints = {column: cells[column] for column in _CONSTRAINTS if cells[column]}
    row = Row(
        profile=profile,
        id=cells["id"],
        levels=tuple(cells["levels"].split()),
        target=cells["target"],
        path=cells["path"],
        constraints=constraints,
        severity=cells["severity"],
        name=cells["name"],
        message=cells["message"],
        fix=cells["fix"],
        example=cells["example"],
        reference=cells["reference"],
        replaces=tuple(cells["replaces"].split()),
    )
    fault = _fault(row)
    if fault:
        raise BadShapes(f"Rule {row.id!r}: {fault}", url=f"{profile}.tsv", line=line)
    return row


def _fault(row: Row) -> str:
    """What is wrong with a row; empty when nothing is."""
    asked = row.constraints
    unworded = ", ".join(column for column in _WORDS if not getattr(row, column))
    needs_path = ", ".join(sorted(_ABOUT_VALUES & asked.keys()))
    unknown = ", ".join(sorted(set(row.levels) - set(headers()[row.profile].levels)))
    faults = {
        "it has no id or no target.": not row.id or not row.target,
        f"it lacks {unworded}.": unworded,
        f"its severity {row.severity!r} is none of {', '.join(SEVERITIES)}.": row.severity not in SEVERITIES,
        "it asks for nothing: all its constraint columns are empty.": not asked,
        f"{needs_path} needs a path.": needs_path and not row.path,
        "either is about the whole node and goes without a path.": "either" in asked and row.path,
        f"its kind {asked.get('kind')!r} is none of {', '.join(_KINDS)}.": asked.get("kind", _KINDS[0]) not in _KINDS,
        f"the profile has no level {unknown}.": unknown,
        "a check stands alone: what else the row asks would not be asked.": "check" in asked and len(asked) > 1,
        f"there is no check {row.check!r}; there are {', '.join(sorted(checks.names))}.": (
            row.check and row.check not in checks.names
        ),
    }
    return next((fault for fault, holds in faults.items() if holds), "")


def effective(profile: str, level: str) -> tuple[Row, ...]:
    """Return every rule that holds for a profile at a level: its own, and those of what it extends that it keeps."""
    header = headers()[profile]
    own = tuple(row for row in rows(profile) if row.at(level))
    if not header.extends:
        return own
    replaced = {each for row in own for each in row.replaces}
    inherited = effective(header.extends, "")
    stray = replaced - {row.id for row in inherited}
    if stray:
        raise BadShapes(f"{header.extends} has no rule {', '.join(sorted(stray))} to replace.", url=f"{profile}.tsv")
    return (*(row for row in inherited if row.id not in replaced), *own)
