"""What the records of a document rest on, so that after a change only those are cut again that it can concern.

A record is a function of what is said of the nodes that are in it and of what points at them, and of what is known in
brief of the nodes they lead to: whether anything is said of them, what kind of resource they are, and how they are told
of where they are only mentioned. While it is cut, all of these nodes are taken down, by number. Where nothing of them
changed, the walk that cuts it takes the same steps again and gives the same record.

Two nodes may have one number: then a record is cut for nothing, never left out.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from zlib import crc32

from shapes.content import Content
from shapes.record import Kind
from shapes.runs import PRINT, NotInLines, Runs
from shapes.statements import FAIR_DATA_POINT, Statements

BY_ORDER: Final = 0  # what changes every time: the order of statements has a say in the record
_IN_BRIEF: Final = 0x5BD1E995  # makes another number of one
_BRIEF: Final = 8  # bytes that stand for how a record is told of in others
_HEAD: Final = 10  # digits of the number of bytes that the head has


def number(node: str) -> int:
    """Return the number of all that is said of a node, and of what points at it."""
    return crc32(node.encode())


def in_brief(number: int) -> int:
    """Return the number of what is known in brief of the node of a number."""
    return number ^ _IN_BRIEF


def brief_of(kind: Kind, node: str, stub: Iterable[str]) -> bytes:
    """Return what stands for a record that is told of in others: `stub` is all of it that may be there."""
    return sha256("\n".join((kind, node, *sorted(set(stub)))).encode()).digest()[:_BRIEF]


@dataclass(frozen=True, slots=True)
class Ground:
    """What one record rests on: numbers. `lines`: how many statements it has; `brief` as `brief_of` gives it."""

    numbers: array[int]
    lines: int
    brief: bytes


@dataclass(frozen=True, slots=True)
class Rows:
    """The runs of a document: fingerprint, number and traits of the subject, of each in turn.

    `statements`: how many the document has.
    """

    prints: bytes
    numbers: array[int]
    traits: bytes
    statements: int

    def positions(self) -> dict[bytes, int]:
        """Return where each fingerprint stands; of equal ones the last."""
        ends = range(0, len(self.prints), PRINT)
        return {self.prints[end : end + PRINT]: position for position, end in enumerate(ends)}


@dataclass(frozen=True, slots=True)
class Grounds:
    """What all records of a document rest on, in their order.

    `groups`: of a node that many records share, its number and the numbers of what decides which of its statements are
    in which record.
    """

    rows: Rows
    records: Sequence[Ground]
    groups: Sequence[tuple[int, array[int]]]

    def packed(self) -> Iterator[bytes]:
        """Yield it as bytes, for `unpacked`."""
        arrays = [each.numbers for each in self.records] + [numbers for _, numbers in self.groups]
        parts = [
            self.rows.prints,
            self.rows.numbers.tobytes(),
            self.rows.traits,
            _array(each.lines for each in self.records).tobytes(),
            b"".join(each.brief for each in self.records),
            _array(head for head, _ in self.groups).tobytes(),
            _array(map(len, arrays)).tobytes(),
            *(numbers.tobytes() for numbers in arrays),
        ]
        digest = sha256()
        for part in parts:
            digest.update(part)
        told = [len(self.rows.traits), len(self.records), len(self.groups), self.rows.statements]
        head = json.dumps([*told, sys.byteorder, array("I").itemsize, digest.hexdigest()]).encode()
        yield b"%0*d" % (_HEAD, len(head))
        yield head
        yield from parts

    @classmethod
    def unpacked(cls, data: bytes) -> Grounds:
        """Read it again. Raises `ValueError` for anything else, and for what another kind of machine wrote."""
        end = _HEAD + int(data[:_HEAD])
        runs, records, groups, statements, *told = json.loads(data[_HEAD:end])
        if told != [sys.byteorder, array("I").itemsize, sha256(data[end:]).hexdigest()]:
            raise ValueError("it is damaged, or another machine's")
        place = end

        def take(size: int) -> bytes:
            nonlocal place
            place += size
            return data[place - size : place]

        def numbers(count: int) -> array[int]:
            return array("I", take(count * array("I").itemsize))

        rows = Rows(take(runs * PRINT), numbers(runs), take(runs), statements)
        lines, briefs, heads = numbers(records), take(records * _BRIEF), numbers(groups)
        sizes = numbers(records + groups)
        grounds = [
            Ground(numbers(sizes[each]), lines[each], briefs[each * _BRIEF : (each + 1) * _BRIEF])
            for each in range(records)
        ]
        return cls(rows, grounds, [(head, numbers(size)) for head, size in zip(heads, sizes[records:], strict=True)])


@dataclass(slots=True)
class Trace:
    """What is met while a record is cut; it is forgotten at the next one.

    `met`: where links lead. `pointing`: what points at it. `by_order`: the order of statements had a say.
    `rules` and `concerns`: what had a say in which records the statements of a shared node are about.
    """

    met: set[str] = field(default_factory=set)
    pointing: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    concerns: set[str] = field(default_factory=set)
    by_order: bool = False

    def begin(self) -> None:
        """Begin a record."""
        self.met.clear()
        self.pointing.clear()
        self.by_order = False

    def record(self, kind: Kind, node: str, nodes: set[str], stub: Iterable[str], lines: int) -> None:
        """End a record: `nodes` are in it whole."""

    def shared(self, _node: str) -> None:
        """End a shared node."""
        self.rules.clear()
        self.concerns.clear()


@dataclass(slots=True)
class Tracing(Trace):
    """Keeps what was met, record by record.

    `lines` and `statements`: the document that is cut, as it is written (`Reading.lines`) and indexed.
    """

    lines: Content | None = None
    statements: Statements | None = None
    records: list[Ground] = field(default_factory=list)
    groups: list[tuple[int, array[int]]] = field(default_factory=list)

    def record(self, kind: Kind, node: str, nodes: set[str], stub: Iterable[str], lines: int) -> None:
        """End a record: `nodes` are in it whole."""
        numbers = {crc32(each.encode()) for each in nodes | self.pointing}
        numbers.update(crc32(each.encode()) ^ _IN_BRIEF for each in self.met - nodes)
        if self.by_order:
            numbers.add(BY_ORDER)
        self.records.append(Ground(_array(numbers), lines, brief_of(kind, node, stub)))

    def shared(self, node: str) -> None:
        """End a shared node."""
        concerned = {*map(number, self.rules), *(in_brief(number(each)) for each in self.concerns)}
        self.groups.append((number(node), _array(concerned)))
        Trace.shared(self, node)

    def grounds(self) -> Grounds | None:
        """Return what all records of a document rest on that was read whole and without fault, and cut.

        None where nobody could tell by its lines what changes in it.
        """
        rows = rows_of(self.lines, self.statements) if self.statements is not None and self.lines is not None else None
        self.statements = None
        return Grounds(rows, self.records, self.groups) if rows is not None else None


def rows_of(content: Content, statements: Statements) -> Rows | None:
    """Return the runs of a document that was read whole and without fault.

    None where its lines do not tell what each of its statements is, or where it has a FAIR Data Point, which is no
    record and has a say in where to go on.
    """
    traits_of = statements.traits()
    prints, numbers, traits = bytearray(), array("I"), bytearray()
    runs = Runs(content)
    try:
        for run in runs:
            its = traits_of(run.subject.decode())
            if its & FAIR_DATA_POINT:
                return None
            prints += run.print
            numbers.append(crc32(run.subject))
            traits.append(its)
    except NotInLines:
        return None
    return Rows(bytes(prints), numbers, bytes(traits), runs.lines) if runs.lines == len(statements) else None


def _array(numbers: Iterable[int]) -> array[int]:
    return array("I", numbers)
