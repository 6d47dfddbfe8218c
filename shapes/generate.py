"""Make the profiles' SHACL files from the rule tables: `python -m shapes.generate [--check]`.

The Turtle is committed, so that anyone can read it, give it to another validator, and see in a change what a changed
row does. `--check` writes nothing and exits 1 when a committed file is not what the tables give.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from shapes.rules import NO_TARGET, SHAPES, Header, Row, effective, headers
from shapes.rules.turtle import constraints, list_shapes, literal, path, shape, term
from shapes.vocabulary import PREFIXES

FOLDER: Final = Path(__file__).parent / "shacl"
_SEVERITY: Final = {"violation": "sh:Violation", "warning": "sh:Warning", "info": "sh:Info"}


def file_name(profile: str, level: str) -> str:
    """Return the name of the file of a profile at a level (`""` where it has none)."""
    return f"{profile}-{level}.ttl" if level else f"{profile}.ttl"


def turtle(header: Header, level: str) -> str:
    """Return the whole SHACL of a profile at a level: one node shape per class, one shape with an own IRI per rule."""
    rules = [row for row in effective(header.id, level) if not row.check]
    title = f"{header.title} {header.release}" + (f", {level}" if level else "")
    blocks = [
        f"# {title}. Made of the tables in shapes/rules by `python -m shapes.generate`; change those, not this.\n",
        _prefixes({row.profile for row in rules}),
        *_targets(rules),
        *(_rule(row) for row in rules),
        *list_shapes(cell for row in rules if (cell := row.constraints.get("list"))),
    ]
    return "\n".join(blocks)


def _prefixes(profiles: Iterable[str]) -> str:
    ours = {each: f"{SHAPES}{each}#" for each in (*profiles, "lists")}
    return "".join(f"@prefix {prefix}: <{base}> .\n" for prefix, base in sorted((PREFIXES | ours).items()))


def _targets(rules: Iterable[Row]) -> Iterator[str]:
    """One node shape per profile and target, which gathers the property shapes of that target."""
    gathered: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rules:
        if row.path and row.target != NO_TARGET:
            gathered[(row.profile, row.target)].append(shape(row.iri))
    for (profile, target), shapes in gathered.items():
        name = target.lstrip("@").rpartition(":")[2]
        aimed = "" if target.startswith("@") else f"  sh:targetClass {term(target)} ;\n"
        listed = " ,\n    ".join(shapes)
        yield f"{profile}:{name} a sh:NodeShape ;\n{aimed}  sh:property {listed} .\n"


def _rule(row: Row) -> str:
    statements = [
        *([f"sh:path {path(row.path)}"] if row.path else []),
        *([f"sh:targetClass {term(row.target)}"] if _aims_itself(row) else []),
        *constraints(row),
        f"sh:severity {_SEVERITY[row.severity]}",
        f"sh:name {literal(row.name, 'en')}",
        f"sh:message {literal(row.message, 'en')}",
    ]
    kind = "sh:PropertyShape" if row.path else "sh:NodeShape"
    return f"{shape(row.iri)} a {kind} ;\n  " + " ;\n  ".join(statements) + " .\n"


def _aims_itself(row: Row) -> bool:
    """A rule about a whole node has no property shape that another could gather: it names its class itself."""
    return not row.path and row.target != NO_TARGET and not row.target.startswith("@")


def files() -> Mapping[str, str]:
    """Return every file that ought to be committed: name and content."""
    return {
        file_name(header.id, level): turtle(header, level)
        for header in headers().values()
        for level in header.levels or ("",)
    }


def stale(folder: Path = FOLDER) -> tuple[str, ...]:
    """Return the names of the files in a folder that are missing, left over, or not what the tables give."""
    wanted = files()
    there = {each.name: each.read_text("utf-8") for each in folder.glob("*.ttl")}
    return tuple(sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name)))


def write(folder: Path = FOLDER) -> tuple[str, ...]:
    """Write what is stale, remove what is left over, and return the names of both."""
    changed = stale(folder)
    wanted = files()
    for name in changed:
        if name in wanted:
            folder.joinpath(name).write_text(wanted[name], "utf-8", newline="\n")
        else:
            folder.joinpath(name).unlink()
    return changed


def main(arguments: Iterable[str], folder: Path = FOLDER) -> int:
    """Run the command; return its exit code."""
    if "--check" in arguments:
        old = stale(folder)
        sys.stdout.write(
            "".join(f"{name} is not what shapes/rules gives; run python -m shapes.generate\n" for name in old)
        )
        return 1 if old else 0
    sys.stdout.write("".join(f"wrote {name}\n" for name in write(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
