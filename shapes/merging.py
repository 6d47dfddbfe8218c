"""Several parts of one resource made one record: a catalogue described page by page, a dataset sent twice.

Statements are united. Blank nodes are the difficulty: the same publisher, sent without an IRI on each of thirty pages,
would become thirty publishers. So what hangs together over blank nodes is compared as a whole, in canonical form, and
what two parts both have is kept once. Within one part nothing is united: two equal blank structures there stay two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from shapes.canonical import Lines, canonical_lines, canonical_record
from shapes.record import Record

_ROOT = "<urn:x-merge:root>"


def merge(records: Sequence[Record]) -> Record:
    """Return one record of several parts of one resource; complete where every part is.

    Raises ValueError where there is no part, or where the parts differ in kind or subject (blank subjects are taken for
    the same resource: the caller says they are). Raises TooComplex as canonicalising does.
    """
    if not records:
        raise ValueError("nothing to merge")
    first = records[0]
    if len(records) == 1:
        return first
    blank = first.subject.startswith("_:")
    for record in records[1:]:
        if record.kind is not first.kind or (
            record.subject != first.subject and not (blank and record.subject[:2] == "_:")
        ):
            raise ValueError(f"{first.kind} {first.subject} and {record.kind} {record.subject} are not one resource")
    ground: set[str] = set()
    structures: Counter[str] = Counter()
    for record in records:
        lines = [_renamed(line, {record.subject: _ROOT}) for line in record.body.decode().split("\n") if line]
        ground.update(line for line in lines if not _blank_nodes(line))
        structures |= Counter(_structures(line for line in lines if _blank_nodes(line)))
    lines_of_all = ground.union(*_distinct(structures))
    node = "_:root" if blank else f"<{first.subject}>"
    body, digest, subject = canonical_record(Lines.of(_renamed(line, {_ROOT: node}) for line in lines_of_all), node)
    identifiers = tuple(sorted({each for record in records for each in record.identifiers}))
    return Record(first.kind, subject, identifiers, body, digest, all(record.complete for record in records))


def _structures(lines: Iterable[str]) -> Iterator[str]:
    """Yield the canonical form of each set of lines that hangs together over blank nodes."""
    together: dict[str, str] = {}
    kept = list(lines)

    def top(node: str) -> str:
        while together.setdefault(node, node) != node:
            together[node] = together[together[node]]
            node = together[node]
        return node

    for line in kept:
        nodes = _blank_nodes(line)
        for node in nodes:
            together[top(node)] = top(nodes[0])
    grouped: dict[str, set[str]] = defaultdict(set)
    for line in kept:
        grouped[top(_blank_nodes(line)[0])].add(line)
    for group in grouped.values():
        yield canonical_lines(group)[0].decode()


def _distinct(structures: Counter[str]) -> Iterator[list[str]]:
    """Yield the lines of every structure, its blank nodes named unlike those of any other."""
    for number, text in enumerate(structures.elements()):
        lines = text.rstrip("\n").split("\n")
        names = {node: f"_:m{number}{node[2:]}" for line in lines for node in _blank_nodes(line)}
        yield [_renamed(line, names) for line in lines]


def _blank_nodes(line: str) -> list[str]:
    subject, _, value = line[:-2].split(" ", 2)
    return [node for node in (subject, value) if node.startswith("_:")]


def _renamed(line: str, names: dict[str, str]) -> str:
    subject, predicate, value = line[:-2].split(" ", 2)
    return f"{names.get(subject, subject)} {predicate} {names.get(value, value)} ."
