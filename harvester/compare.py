"""Which delivered record is which known one. Pure: keys in, matches out; no record is opened, nothing is fetched.

The rules, in this order (DESIGN: identity):

1. equal content: the same digest as a listed record;
2. an identifier (dct:identifier) that one record of the delivery bears and one known record bears;
3. the IRI, unless it is one a node makes anew with every export (a skolem IRI, RDF 1.1 Concepts section 3.5).

No rule lets two records have one page, or takes a page from the record that still comes under the page's own IRI. Where
identifiers do not tell records apart, the IRI decides and the ledger says so; where there is no lasting IRI either, the
known records keep their last state and the delivered ones are refused: a guess could hand a page to another dataset.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from harvester.changes import Problem
from harvester.known import KnownRecord
from shapes.record import Kind, Record
from shapes.vocabulary import GENID

DUPLICATE: Final = "duplicate-identifier"
AMBIGUOUS: Final = "ambiguous-identifier"
CONTESTED: Final = "contested-identity"

_NAMED: Final = 3

Bearer: TypeAlias = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Key:
    """What comparing needs of a delivered record, so that its body may wait elsewhere."""

    kind: Kind
    subject: str
    identifiers: tuple[str, ...]
    digest: str
    complete: bool = True

    @classmethod
    def of(cls, record: Record) -> Key:
        """Return a record's key."""
        return cls(record.kind, record.subject, record.identifiers, record.digest, record.complete)


@dataclass(frozen=True, slots=True)
class Match:
    """What a delivered record was found to be.

    `known` None: new. `refused`: it may be `known` or another one, nobody can tell; `known` keeps its last state.
    """

    known: KnownRecord | None = None
    refused: Problem | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The matches, in the order of the keys, and what the ledger has to say about identities."""

    matches: tuple[Match, ...]
    problems: tuple[Problem, ...] = field(default=())


def lasting(subject: str) -> bool:
    """Whether a subject names its record from one export to the next: an IRI, and not a skolem one."""
    return not subject.startswith("_:") and GENID not in subject


def telling(identifiers: Iterable[str]) -> tuple[str, ...]:
    """Return the identifiers that say something: some exports fill the field with nothing but blanks."""
    return tuple(identifier for identifier in identifiers if identifier.strip())


class KnownIndex:
    """The known records of a source, found by content, identifier or IRI. A listed record hides a withdrawn one."""

    def __init__(self, known: Iterable[KnownRecord]) -> None:
        self.records = tuple(known)
        self._by_digest: dict[tuple[Kind, str], KnownRecord] = {}
        self._by_subject: dict[Bearer, KnownRecord] = {}
        self._by_identifier: dict[Bearer, list[KnownRecord]] = defaultdict(list)
        for record in sorted(self.records, key=lambda r: r.listed):
            self._by_digest[(record.kind, record.digest)] = record
            self._by_subject[(record.kind, record.subject)] = record
            for identifier in telling(record.identifiers):
                self._by_identifier[(record.kind, identifier)].append(record)

    def same(self, key: Key) -> KnownRecord | None:
        """Return the listed record that is exactly this one: nothing has to be judged or written for it."""
        known = self._by_digest.get((key.kind, key.digest))
        if known is None or not known.listed or (key.complete and not known.complete):
            return None
        return known

    def by_subject(self, kind: Kind, subject: str) -> KnownRecord | None:
        """Return the record that last came under this IRI."""
        return self._by_subject.get((kind, subject)) if lasting(subject) else None

    def by_identifier(self, kind: Kind, identifier: str) -> Sequence[KnownRecord]:
        """Return the records that bear an identifier: the listed ones, or the withdrawn ones if none is listed."""
        bearers = self._by_identifier.get((kind, identifier), ())
        return [r for r in bearers if r.listed] or list(bearers)


def compare(keys: Sequence[Key], index: KnownIndex) -> Comparison:
    """Match every record of a delivery (each only once in `keys`) with what is known of its source."""
    return _Matching(keys, index).settle()


@dataclass(frozen=True, slots=True)
class _Wish:
    known: KnownRecord
    identifier: str | None = None


class _Matching:
    """One delivery being matched; positions are those of its keys."""

    def __init__(self, keys: Sequence[Key], index: KnownIndex) -> None:
        self._keys = keys
        self._index = index
        self._wishes: dict[int, _Wish] = {}
        self._problems: list[Problem] = []
        self._bearers: dict[Bearer, list[int]] = defaultdict(list)
        for position, key in enumerate(keys):
            for identifier in set(telling(key.identifiers)):
                self._bearers[(key.kind, identifier)].append(position)

    def settle(self) -> Comparison:
        self._report_duplicates()
        for position, key in enumerate(self._keys):
            known = self._index.same(key)
            wish = _Wish(known) if known else self._by_identifier(key) or self._by_subject(key)
            if wish is not None:
                self._wishes[position] = wish
        while self._resolve_contests():
            pass
        refused = self._refuse_the_indistinct()
        matches = tuple(
            refused.get(position) or Match(self._wishes[position].known if position in self._wishes else None)
            for position in range(len(self._keys))
        )
        return Comparison(matches, tuple(self._problems))

    def _report_duplicates(self) -> None:
        for (kind, identifier), positions in self._bearers.items():
            if len(positions) > 1:
                subjects = [self._keys[p].subject for p in positions]
                more = f" and {len(subjects) - _NAMED} more" if len(subjects) > _NAMED else ""
                detail = (
                    f"The identifier {identifier!r} is borne by {len(subjects)} {kind} records: "
                    f"{', '.join(subjects[:_NAMED])}{more}. Each needs its own; their IRIs tell them apart until then."
                )
                self._problems.append(Problem(DUPLICATE, detail, record=subjects[0]))

    def _by_identifier(self, key: Key) -> _Wish | None:
        """Return the one known record an identifier leads to; more than one is no answer."""
        found: dict[str, _Wish] = {}
        for identifier in telling(key.identifiers):
            if len(self._bearers[(key.kind, identifier)]) == 1:
                for known in self._index.by_identifier(key.kind, identifier):
                    found[known.id] = _Wish(known, identifier)
        if len(found) > 1 and not any(wish.known.subject == key.subject for wish in found.values()):
            subjects = ", ".join(sorted(wish.known.subject for wish in found.values())[:_NAMED])
            detail = f"Its identifiers lead to {len(found)} known records ({subjects}); only its IRI was used."
            self._problems.append(Problem(AMBIGUOUS, detail, record=key.subject))
        return next(iter(found.values())) if len(found) == 1 else None

    def _by_subject(self, key: Key) -> _Wish | None:
        known = self._index.by_subject(key.kind, key.subject)
        return _Wish(known) if known else None

    def _resolve_contests(self) -> bool:
        """Let the record under the known one's own IRI win; the others fall back to theirs. False: nothing to do."""
        claims: dict[str, list[int]] = defaultdict(list)
        for position, wish in self._wishes.items():
            claims[wish.known.id].append(position)
        contested = [positions for positions in claims.values() if len(positions) > 1]
        for positions in contested:
            holder = next((p for p in positions if self._holds(p)), None)
            for position in positions:
                if position != holder:
                    self._step_down(position)
        return bool(contested)

    def _holds(self, position: int) -> bool:
        key, known = self._keys[position], self._wishes[position].known
        return key.digest == known.digest or (lasting(key.subject) and key.subject == known.subject)

    def _step_down(self, position: int) -> None:
        key, wish = self._keys[position], self._wishes.pop(position)
        detail = (
            f"Its identifier {wish.identifier!r} leads to the record known as {wish.known.subject}, which another "
            "record of this delivery is as well; only its IRI was used."
        )
        self._problems.append(Problem(CONTESTED, detail, record=key.subject))
        fallback = self._by_subject(key)
        if fallback is not None and fallback.known.id != wish.known.id:
            self._wishes[position] = fallback

    def _refuse_the_indistinct(self) -> Mapping[int, Match]:
        """Refuse what has no lasting IRI and only identifiers that fit several records, known ones among them."""
        taken = {wish.known.id for wish in self._wishes.values()}
        refused: dict[int, Match] = {}
        for position, key in enumerate(self._keys):
            if position in self._wishes or lasting(key.subject):
                continue
            named = telling(key.identifiers)
            bearers = [k for i in named for k in self._index.by_identifier(key.kind, i) if k.listed]
            if bearers:
                free = next((k for k in bearers if k.id not in taken), None)
                taken |= {free.id} if free else set()
                detail = (
                    f"It has no lasting IRI, and its identifier {named[0]!r} fits more than one record: it "
                    "cannot be told which it is. What is known stays as it was."
                )
                refused[position] = Match(free, Problem(DUPLICATE, detail, record=key.subject))
        return refused
