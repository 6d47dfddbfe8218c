"""The profiles a record can be judged against: what they are, their SHACL, their rules, and what they presuppose.

A profile is data: rule tables in `shapes/rules`, the Turtle made of them in `shapes/shacl`, the lists and background
vocabulary in `shapes/codelists`. docs/profiles.md tells how they were made and where they differ from the official
files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from shapes.codelists import normalise
from shapes.codelists.background import background
from shapes.errors import UnknownProfile
from shapes.generate import file_name
from shapes.graph import Node, RecordGraph
from shapes.rules import SHAPES, effective, headers, rows
from shapes.vocabulary import DCT, EU

__all__ = ["Profile", "Rule", "background", "profile", "profiles", "rule"]

STRICTEST = "non-public"
_POINT: Final = "fdp-o:FAIRDataPoint"
_LEVELS: Mapping[str, str] = MappingProxyType({
    f"{EU.base}access-right/PUBLIC": "public",
    f"{EU.base}access-right/RESTRICTED": "restricted",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in words: what is told to the person who keeps the metadata.

    `fix` says how to mend it and ends with `example`, a right value in Turtle, where there is one.
    `iri` is the shape a validation result names; `severity` is violation, warning or info; `target` is the class (a
    prefixed name) and `path` the property path it is about; `levels` is empty when the rule holds at every level.
    """

    iri: str
    id: str
    profile: str
    name: str
    severity: str
    message: str
    fix: str
    reference: str
    target: str
    path: str
    levels: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """One release of one application profile.

    `levels` are the rule sets it has by access level, empty when it has one for all. `extends` is the id of the profile
    whose rules it takes over, or empty. `reference` is where the specification is published.
    """

    id: str
    title: str
    release: str
    levels: tuple[str, ...] = ()
    extends: str = ""
    published: str = ""
    reference: str = ""
    note: str = field(default="", compare=False)

    @property
    def points(self) -> bool:
        """Whether it has rules for a FAIR Data Point itself, which other profiles do not take for a record."""
        return any(row.target == _POINT for row in rows(self.id))

    def level_of(self, graph: RecordGraph, subject: Node) -> str:
        """Return the level a resource is judged at; `""` when the profile has no levels.

        HealthDCAT-AP Release 8 has one set of rules for each access right. A dataset that states PUBLIC or RESTRICTED,
        once, is judged so; any other (NON_PUBLIC, SENSITIVE, CONFIDENTIAL, none, several, a value of another list) by
        the strictest set. A resource that is no dataset is judged by that set too: its rules do not differ by level.
        """
        if not self.levels:
            return ""
        stated = {
            normalise(each.value) for each in graph.values(subject, DCT.accessRights) if isinstance(each, ox.NamedNode)
        }
        found = _LEVELS.get(stated.pop(), STRICTEST) if len(stated) == 1 else STRICTEST
        return found if found in self.levels else self.levels[-1]

    def shapes(self, level: str = "") -> bytes:
        """Return the SHACL of a level as Turtle, whole in itself. Raises UnknownProfile for a level there is not."""
        if level not in (self.levels or ("",)):
            there = ", ".join(self.levels) or "none"
            raise UnknownProfile(f"The profile {self.id} has no level {level!r}; it has: {there}.")
        return _read(file_name(self.id, level))

    def rules(self, level: str = "") -> tuple[Rule, ...]:
        """Return every rule that holds at a level, its own and those it takes over."""
        return tuple(found for row in effective(self.id, level) if (found := rule(row.iri)) is not None)

    def checks(self, level: str = "") -> tuple[tuple[str, Rule], ...]:
        """Return the rules that are not in the SHACL, with the names of their checks; `""`: those of every level."""
        return _checks(self.id, level)

    def rule(self, shape: str) -> Rule | None:
        """Return the rule a shape was made of, by the shape's IRI; None for a shape that is not of our tables."""
        return rule(shape)


@cache
def _read(name: str) -> bytes:
    return files("shapes").joinpath("shacl", name).read_bytes()


@cache
def profiles() -> Mapping[str, Profile]:
    """Return every profile by id."""
    return MappingProxyType({
        each.id: Profile(
            each.id, each.title, each.release, each.levels, each.extends, each.published, each.reference, each.note
        )
        for each in headers().values()
    })  # fmt: skip


def profile(identifier: str) -> Profile:
    """Return a profile by its id. Raises UnknownProfile naming the known ones."""
    found = profiles().get(identifier)
    if found is None:
        raise UnknownProfile(f"There is no profile {identifier!r}; there are {', '.join(profiles())}.")
    return found


@cache
def _rules() -> Mapping[str, Rule]:
    """Every rule of every profile by the IRI of its shape."""
    return {
        row.iri: Rule(
            iri=row.iri,
            id=row.id,
            profile=row.profile,
            name=row.name,
            severity=row.severity,
            message=row.message,
            fix=f"{row.fix} Example: {row.example}" if row.example else row.fix,
            reference=row.reference,
            target=row.target,
            path=row.path,
            levels=row.levels,
            example=row.example,
        )
        for name in headers()
        for row in rows(name)
    }


@cache
def _checks(identifier: str, level: str) -> tuple[tuple[str, Rule], ...]:
    return tuple((row.check, _rules()[row.iri]) for row in effective(identifier, level) if row.check)


def rule(shape: str) -> Rule | None:
    """Return the rule a shape was made of, in whichever profile it stands; None for a shape not of our tables."""
    return _rules().get(shape) if shape.startswith(SHAPES) else None
