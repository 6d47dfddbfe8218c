"""A rule as SHACL Core in Turtle. Nothing here knows a profile; what a cell may hold is in docs/profiles.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from shapes.codelists import codelist, names
from shapes.errors import BadShapes
from shapes.rules import SHAPES, Row
from shapes.vocabulary import PREFIXES

LISTS: Final = f"{SHAPES}lists#"
_NUMBER = re.compile(r"\d+")
_CLAUSE = re.compile(r"(?P<path>[^=~!]+?)(?:(?P<operator>!=|!~|=|~)(?P<operand>.+))?")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def shape(iri: str) -> str:
    """Return the IRI of a shape of ours as a prefixed name; the prefix is the profile's id, or `lists`."""
    profile, _, local = iri.removeprefix(SHAPES).partition("#")
    return f"{profile}:{local}"


def literal(text: str, language: str = "") -> str:
    """Quote a text as a Turtle literal."""
    return f'"{text.translate(_ESCAPES)}"' + (f"@{language}" if language else "")


def term(cell: str) -> str:
    """Return a cell as a Turtle term: a prefixed name of ours, an absolute IRI, a number, `true` or `false`."""
    if cell in ("true", "false") or _NUMBER.fullmatch(cell):
        return cell
    prefix, colon, local = cell.partition(":")
    if local.startswith("//"):
        return f"<{cell}>"
    if not colon or prefix not in PREFIXES:
        raise BadShapes(f"{cell!r} is neither an IRI nor a name with one of our prefixes.")
    if re.fullmatch(r"[A-Za-z][\w-]*", local):
        return cell
    return f"<{PREFIXES[prefix]}{local}>"


def path(cell: str) -> str:
    """Return a property path: `a`, `a/b` (a, then b), `a|b` (a or b), `^a` (backwards); `/` binds closer than `|`."""
    branches = [_sequence(branch) for branch in cell.split("|")]
    return branches[0] if len(branches) == 1 else f"[ sh:alternativePath ( {' '.join(branches)} ) ]"


def _sequence(cell: str) -> str:
    steps = [f"[ sh:inversePath {term(step[1:])} ]" if step.startswith("^") else term(step) for step in cell.split("/")]
    return steps[0] if len(steps) == 1 else f"( {' '.join(steps)} )"


def constraints(row: Row) -> tuple[str, ...]:
    """Return the statements that ask what a row asks, each `predicate object`. Raises BadShapes naming the rule."""
    try:
        return tuple(_WRITERS[column](cell, row) for column, cell in row.constraints.items())
    except BadShapes as fault:
        raise BadShapes(f"Rule {row.id!r}: {fault.detail}", url=f"{row.profile}.tsv") from fault


def _any_of(alternatives: list[str]) -> str:
    return f"sh:or ( {' '.join(f'[ {each} ]' for each in alternatives)} )"


def _datatype(cell: str, _row: Row) -> str:
    datatypes = [f"sh:datatype {term(each)}" for each in cell.split()]
    return datatypes[0] if len(datatypes) == 1 else _any_of(datatypes)


def _class(cell: str, _row: Row) -> str:
    """A class; `?class` also takes a node of which no class is stated here, such as another record's subject."""
    classes = cell.split()
    alternatives = [f"sh:class {term(each.lstrip('?'))}" for each in classes]
    if any(each.startswith("?") for each in classes):
        alternatives.append("sh:property [ sh:path rdf:type ; sh:maxCount 0 ]")
    return alternatives[0] if len(alternatives) == 1 else _any_of(alternatives)


def _either(cell: str, _row: Row) -> str:
    """Clauses parted by ` ; `, of which one must hold.

    `path`, `path=value`, `path!=value`, `path~expression` (some value matches), `path!~expression` (none does).
    """
    return _any_of([_clause(each.strip()) for each in cell.split(" ; ")])


def _clause(cell: str) -> str:
    match = _CLAUSE.fullmatch(cell)
    if match is None:
        raise BadShapes(f"{cell!r} is no clause.")
    along = f"sh:path {path(match['path'])}"
    match match["operator"]:
        case None:
            return f"sh:property [ {along} ; sh:minCount 1 ]"
        case "=":
            return f"sh:property [ {along} ; sh:hasValue {term(match['operand'])} ]"
        case "!=":
            return f"sh:not [ sh:property [ {along} ; sh:hasValue {term(match['operand'])} ] ]"
        case operator:
            matching = f"sh:pattern {literal(match['operand'])} ; sh:flags {literal('i')}"
            some = f"sh:property [ {along} ; sh:qualifiedValueShape [ {matching} ] ; sh:qualifiedMinCount 1 ]"
            return f"sh:not [ {some} ]" if operator == "!~" else some


def _list(cell: str, _row: Row) -> str:
    return f"sh:node {shape(list_shape(cell))}"


def _node(cell: str, row: Row) -> str:
    return f"sh:node {row.profile}:{cell.lstrip('@')}"


def _terms(cell: str) -> str:
    return " ".join(term(each) for each in cell.split())


_WRITERS: Final[Mapping[str, Callable[[str, Row], str]]] = {
    "min": lambda cell, _: f"sh:minCount {int(cell)}",
    "max": lambda cell, _: f"sh:maxCount {int(cell)}",
    "kind": lambda cell, _: f"sh:nodeKind sh:{cell}",
    "datatype": _datatype,
    "class": _class,
    "list": _list,
    "value": lambda cell, _: f"sh:hasValue {term(cell)}",
    "in": lambda cell, _: f"sh:in ( {_terms(cell)} )",
    "pattern": lambda cell, _: f"sh:pattern {literal(cell)}",
    "node": _node,
    "either": _either,
    "not_more_than": lambda cell, _: f"sh:lessThanOrEquals {term(cell)}",
    "unique_lang": lambda _cell, _row: "sh:uniqueLang true",
}


def list_shape(cell: str) -> str:
    """Return the IRI of the shape that asks for a value of these lists (`language`, `country continent eu:place`).

    `?language` names the weaker shape: an IRI of the list's namespace must be one that our copy knows.
    """
    return LISTS + "-or-".join(_list_name(each) for each in cell.split())


def _list_name(cell: str) -> str:
    bare = cell.removeprefix("?")
    local = bare if bare in names() else re.sub(r"\W+", "-", bare.rpartition("/")[2])
    return f"known-{local}" if cell.startswith("?") else local


def list_shapes(cells: Iterator[str]) -> Iterator[str]:
    """Return the Turtle of the shapes that `list_shape` names for these cells, one block each."""
    for cell in sorted(set(cells)):
        asked = [clause for each in cell.split() for clause in _membership(each)]
        body = asked[0] if len(asked) == 1 else _any_of(asked)
        yield f"{shape(list_shape(cell))} a sh:NodeShape ;\n  {body} .\n"


def _membership(cell: str) -> Iterator[str]:
    """What makes a value one of a list: its skos:inScheme; where our copy lacks codes, also how its IRI begins."""
    bare = cell.removeprefix("?")
    if bare not in names():
        yield f"sh:property [ sh:path skos:inScheme ; sh:hasValue {term(bare)} ]"
        return
    found = codelist(bare)
    begins = f"sh:pattern {literal('^' + found.base.replace('.', chr(92) + '.'))}"
    yield f"sh:property [ sh:path skos:inScheme ; sh:hasValue <{found.scheme}> ]"
    if cell.startswith("?"):
        yield f"sh:not [ {begins} ]"
    elif not found.complete:
        yield begins
