"""A document in lines that is nearly the one that was read before: only what its changes can concern is cut.

Its runs of lines are told by their fingerprints. Those that were there before are not parsed: they are good, and what
is known of their subjects is known still. The others are read as any document is; where one of them has a fault, the
whole document must be read. From what is new, gone or different follows which records rest on it (`shapes.grounds`).
The others stand. What cutting the few asks for is parsed then, wherever it lies.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final
from zlib import crc32

import pyoxigraph as ox

from shapes.content import Content, Gathering, part_of, size_of
from shapes.cut import DEFAULT_CAPS, LISTS, STUB, WATCHED, Cutter
from shapes.errors import Fault
from shapes.grounds import BY_ORDER, Grounds, Rows, Tracing, brief_of, in_brief, number
from shapes.media import Syntax
from shapes.parse import DEFAULT_LIMITS, FORMATS, Document, read
from shapes.record import Kind, Record, Refusal
from shapes.runs import NotInLines, Runs
from shapes.statements import (
    BARE,
    BLOCK,
    CLASSES,
    CONCEPT,
    FAIR_DATA_POINT,
    LISTING,
    POINTS,
    TYPE,
    Statements,
    kind_of,
    traits_of,
)

_MOST: Final = 2  # where more than half of a document is new, reading all of it is quicker


class Amended:
    """A document of which few lines are new. `Amended.of` makes it."""

    def __init__(self, seen: _Seen, statements: _Lines, former: Grounds) -> None:
        self._seen = seen
        self._statements = statements
        self._former = former
        self._changed = _changed(seen, statements, former)
        self._tracing = Tracing()

    @classmethod
    def of(cls, document: Document, former: Grounds) -> Amended | None:
        """Compare a document with what an earlier one of its name rested on; None where it must be read as a whole."""
        try:
            reading = read(document)
            content, syntax = reading.lines, reading.syntax
            if content is None:
                return None
            seen = _Seen(content, former.rows)
            fresh = sum(seen.places[position] % BLOCK for position in seen.fresh)
            if not seen.subjects or fresh * _MOST > size_of(content) or seen.lines > DEFAULT_LIMITS.statements:
                return None
            _check(seen, content, replace(document, syntax=syntax, media_type=None))
        except (NotInLines, Fault):
            return None
        statements = _Lines(seen, content, syntax)
        leads_on = any(traits & FAIR_DATA_POINT for traits in seen.traits.values())
        return None if leads_on else cls(seen, statements, former)

    def telling(self) -> Iterator[str]:
        """Yield, as N-Triples text, what an adapter may look at.

        That are the statements about subjects of which something is new or gone, and the classes of all other resources
        of a catalogue.
        """
        touched, statements = self._seen.touched_subjects(), self._statements
        for subject in touched:
            yield from (f"{subject} {rest}" for rest in (*statements.values(subject), *statements.links(subject)))
        for subject, traits in self._seen.traits.items():
            if subject not in touched:
                yield from (f"{subject} {TYPE} {name}" for name, bit in CLASSES.items() if traits & bit)

    def found(self, standing: Mapping[str, tuple[Kind, int]]) -> Iterator[Record | Refusal | int]:
        """Yield the records of the document as `shapes.cut` does, all complete; of one that stands, its position.

        `standing`: of records that may stand, by subject (`<iri>`), their kind and position among the former ones.
        """
        cutter = Cutter(self._statements, frozenset(), DEFAULT_CAPS, self._tracing)
        for kind, node in cutter.roots():
            known, position = standing.get(node, (None, -1))
            ground = self._former.records[position] if known is kind else None
            if ground is None or not self._changed.isdisjoint(ground.numbers):
                yield cutter.record(kind, node)
            else:
                self._tracing.records.append(ground)
                yield cutter.stand(kind, node, ground.lines) or position

    def grounds(self) -> Grounds:
        """Return what the records rest on, once all came."""
        ours = self._tracing.groups
        again = {(head, numbers.tobytes()) for head, numbers in ours}
        stand = [
            (head, numbers)
            for head, numbers in self._former.groups
            if head not in self._changed and (head, numbers.tobytes()) not in again
        ]
        return Grounds(self._seen.rows(), self._tracing.records, [*stand, *ours])


class _Seen:
    """The runs of a document, beside those of the former one.

    `subjects` and `places` are those of each run, `rows` what will be remembered of it but the traits (`of_runs` are
    those that it had). `fresh`: the positions of the runs that were not there. `traits`: what is known of a subject,
    if anything is. `touched`: the numbers of subjects of which something is new or gone.
    """

    def __init__(self, content: Content, former: Rows) -> None:
        self.subjects: list[str] = []
        self.places: list[int] = []
        self.fresh: list[int] = []
        self.traits: dict[str, int] = {}
        self.prints, self.numbers, self.of_runs = bytearray(), array("I"), bytearray()
        positions = former.positions()
        gone = bytearray(b"\1") * len(former.traits)
        runs = Runs(content)
        for run in runs:
            subject, position = run.subject.decode(), positions.get(run.print)
            if position is None:
                self.fresh.append(len(self.subjects))
                traits = 0
            else:
                gone[position] = 0
                traits = former.traits[position]
                if traits:
                    self.traits[subject] = traits
            self.subjects.append(subject)
            self.places.append(run.place * BLOCK + run.size)
            self.prints += run.print
            self.numbers.append(crc32(run.subject))
            self.of_runs.append(traits)
        self.lines = runs.lines
        self.touched = {self.numbers[position] for position in self.fresh}
        self.touched.update(former.numbers[position] for position in positions.values() if gone[position])

    def touched_subjects(self) -> Collection[str]:
        """Return the subjects of which something is new or gone, and that are here."""
        return dict.fromkeys(self.subjects[position] for position in self.touched_runs()).keys()

    def touched_runs(self) -> Iterator[int]:
        """Yield the positions of the runs of touched subjects."""
        return (position for position, its in enumerate(self.numbers) if its in self.touched)

    def rows(self) -> Rows:
        """Return what will be remembered of the runs."""
        traits = self.of_runs.copy()
        for position in self.touched_runs():
            traits[position] = self.traits.get(self.subjects[position], 0)
        return Rows(bytes(self.prints), self.numbers, bytes(traits), self.lines)


class _Lines(Statements):
    """The statements of a document that lie where it lies, each run parsed when it is asked for."""

    __slots__ = ("_content", "_format", "_looked_up", "_seen")

    def __init__(self, seen: _Seen, content: Content, syntax: Syntax) -> None:
        self._content = content
        self._format = FORMATS[syntax.name]
        self._seen = seen
        self._recent = {}
        self._recent_size = 0
        self._size = seen.lines
        self._said, self._more = {}, {}
        for subject, place in zip(seen.subjects, seen.places, strict=True):
            if self._said.setdefault(subject, place) != place:
                self._more.setdefault(subject, []).append(place)
        self.nodes = self._said.keys()
        self._look_again()
        known = seen.traits.items()
        self._bare = {node for node, traits in known if traits & BARE}
        self._pointing: dict[str, list[tuple[str, str]]] = {}
        self._looked_up = False
        self.listing = {node for node, traits in known if traits & LISTING}
        self.concepts = frozenset(node for node, traits in known if traits & CONCEPT)
        self.kinds = MappingProxyType(dict(self._kinds()))

    def pointing_at(self, node: str) -> Sequence[tuple[str, str]]:
        """The (predicate, subject) pairs of watched predicates whose object is the node."""
        if not self._looked_up:
            self._looked_up = True
            subjects = [subject for subject, traits in self._seen.traits.items() if traits & POINTS]
            for place, its in sorted((place, subject) for subject in subjects for place in self.places(subject)):
                for predicate, value in _watched(self._at(*divmod(place, BLOCK))[1]):
                    self._pointing.setdefault(value, []).append((predicate, its))
        return super().pointing_at(node)

    def _at(self, place: int, size: int) -> tuple[Sequence[str], Sequence[str]]:
        values: list[str] = []
        links: list[str] = []
        for quad in ox.parse(part_of(self._content, place, size), format=self._format, lenient=True):
            rest = str(quad.triple).partition(" ")[2]
            (values if isinstance(quad.object, ox.Literal) else links).append(rest)
        return values, links

    def _look_again(self) -> None:
        """Find out anew what is known of touched subjects."""
        for subject in self._seen.touched_subjects():
            links = self.links(subject)
            traits = traits_of(links, WATCHED, LISTS)
            if not self.values(subject) and all(link.startswith(f"{TYPE} ") for link in links):
                traits |= BARE
            self._seen.traits[subject] = traits

    def _kinds(self) -> Iterator[tuple[str, Kind]]:
        """Yield the resources and their kinds, in the order in which one is told of each."""
        found = []
        for subject, traits in self._seen.traits.items():
            kind = kind_of(traits)
            if kind is not None:
                places = self.places(subject)
                first = places[0] if len(places) == 1 else next(place for place in places if self._tells(place))
                found.append((first, subject, kind))
        return ((subject, kind) for _, subject, kind in sorted(found))

    def _tells(self, place: int) -> bool:
        """Whether what lies at a place says what kind of resource its subject is."""
        return kind_of(traits_of(self._at(*divmod(place, BLOCK))[1], WATCHED, LISTS)) is not None


def _check(seen: _Seen, content: Content, document: Document) -> None:
    """Read the runs that were not there.

    Raises `NotInLines` where a line of them is not one statement about its subject, and what reading raises.
    """
    if not seen.fresh:
        return
    gathering, lines = Gathering(), []
    for position in seen.fresh:
        text = part_of(content, *divmod(seen.places[position], BLOCK)).removesuffix(b"\n") + b"\n"
        gathering.put(text)
        lines.append(text.count(b"\n"))
    reading = read(replace(document, content=gathering.content()), labels=True)
    texts = (text for _, texts in reading.pieces() for text in texts)
    for position, count in zip(seen.fresh, lines, strict=True):
        start = f"{seen.subjects[position]} "
        if not all(next(texts, "").startswith(start) for _ in range(count)):
            raise NotInLines
    if next(texts, None) is not None or not reading.complete:
        raise NotInLines


def _changed(seen: _Seen, statements: _Lines, former: Grounds) -> set[int]:
    """Return the numbers of all that is not as it was."""
    changed = {BY_ORDER, *seen.touched}
    subjects: dict[int, list[str]] = {each: [] for each in seen.touched}
    for subject in seen.touched_subjects():
        subjects[number(subject)].append(subject)
        changed.update(number(value) for _, value in _watched(statements.links(subject)))
    rows = Counter(each for each in former.rows.numbers if each in seen.touched)
    briefs = {each.brief for each in former.records}
    for each, those in subjects.items():
        # With one run that is gone, and one subject that is told of as one was, that is the one.
        if not (rows[each] == len(those) == 1 and _brief(those[0], statements) in briefs):
            changed.add(in_brief(each))
    changed.update(head for head, numbers in former.groups if not changed.isdisjoint(numbers))
    return changed


def _brief(subject: str, statements: _Lines) -> bytes | None:
    """How a resource is told of in others; None for what is none."""
    kind = statements.kinds.get(subject)
    said = (*statements.values(subject), *statements.links(subject))
    return brief_of(kind, subject, (rest for rest in said if rest.startswith(STUB))) if kind else None


def _watched(links: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The predicates and objects of links that are looked for by their object."""
    for link in links:
        predicate, _, value = link.partition(" ")
        if predicate in WATCHED:
            yield predicate, value
