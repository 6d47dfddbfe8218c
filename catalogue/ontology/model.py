"""What a vocabulary is made of: terms in groups, and lists of values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Sort(Enum):
    """What a term is; its value is what it is called for people."""

    CLASS = "class"
    LINK = "property (a thing)"
    VALUE = "property (a text, number or date)"
    METRIC = "metric"
    COMPONENT = "constraint component"
    AGGREGATE = "aggregate of SPARQL"


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its name, what people call it, what it means, and where it stands.

    `domain` and `range` are prefixed names; `parent` is the wider class or property.
    """

    name: str
    sort: Sort
    label: str
    definition: str
    domain: str = ""
    range: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Terms that belong together, under a heading of the page."""

    title: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """The values a property may have: each text with its meaning. Published as a SKOS concept scheme."""

    name: str
    label: str
    of: str
    values: tuple[tuple[str, str], ...]
