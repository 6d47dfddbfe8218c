"""The members of one page of an event stream: which entity each is a version of, since when, and what it says.

TREE's member extraction, as far as it needs no shape: the named graph of the member's name, or else what can be reached
from the member inside the page's default graph without passing through another member. Two ways of versioning are read:
an activity (as:Create, as:Update, as:Delete) on an entity (DCAT-AP Feeds), and a version object of an entity
(LDES 1.0, section 4.3), which is turned back into a statement about the entity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias

import pyoxigraph as ox

from shapes.vocabulary import AS, DCT, LDES, RDF, TREE

Node: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Said: TypeAlias = tuple[ox.NamedNode, Term]
Statement: TypeAlias = tuple[Term, ox.NamedNode, Term]
# A moment, a place in a sequence, and the order of arrival: what tells the later of two versions.
Rank: TypeAlias = tuple[datetime, float, int]

_ACTIVITIES: Final = frozenset({AS.Create, AS.Update, AS.Delete})
_ENTITY_PATHS: Final = (AS.object, DCT.isVersionOf)
_TIME_PATHS: Final = (AS.published, DCT.created, DCT.modified)
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Rules:
    """What a stream says of its members, or else what is usual; each path a single property.

    `deleted`: by which property and value a deletion is told.
    """

    entity: tuple[str, ...] = _ENTITY_PATHS
    time: tuple[str, ...] = _TIME_PATHS
    sequence: tuple[str, ...] = ()
    delete_path: str = RDF.type
    deleted: frozenset[str] = frozenset({AS.Delete})

    def learn(self, predicate: str, value: Term) -> None:
        """Take in a statement about the stream. A path of several steps is left: what is usual stands in for it."""
        if not isinstance(value, ox.NamedNode):
            return
        if predicate == LDES.versionOfPath:
            self.entity = (value.value, *_ENTITY_PATHS)
        elif predicate in {LDES.timestampPath, LDES.versionTimestampPath}:
            first = predicate == LDES.versionTimestampPath
            self.time = (value.value, *self.time) if first else (*self._declared(), value.value, *_TIME_PATHS)
        elif predicate in {LDES.sequencePath, LDES.versionSequencePath}:
            self.sequence = (value.value, *self.sequence)
        elif predicate == LDES.versionDeletePath:
            self.delete_path = value.value
        elif predicate == LDES.versionDeleteObject:
            self.deleted = frozenset({AS.Delete, value.value})

    def _declared(self) -> tuple[str, ...]:
        return tuple(path for path in self.time if path not in _TIME_PATHS)


@dataclass(frozen=True, slots=True)
class Member:
    """One version of an entity; both names as N-Triples terms. `lines` is what it says; nothing for a deletion."""

    name: str
    entity: str
    rank: Rank
    deleted: bool
    lines: Sequence[str]


@dataclass(slots=True)
class Content:
    """The statements of one page, by graph and subject."""

    default: dict[Term, list[Said]] = field(default_factory=lambda: defaultdict(list))
    graphs: dict[Term, list[ox.Quad]] = field(default_factory=lambda: defaultdict(list))
    members: dict[Term, None] = field(default_factory=dict)

    def add(self, quad: ox.Quad) -> None:
        """Take in one statement."""
        if isinstance(quad.graph_name, ox.DefaultGraph):
            self.default[quad.subject].append((quad.predicate, quad.object))
            if quad.predicate.value == TREE.member:
                self.members[quad.object] = None
        else:
            self.graphs[quad.graph_name].append(quad)


def members(content: Content, rules: Rules, arrived: int) -> Iterator[Member]:
    """Yield the members of a page, in order. `arrived`: how many members came before."""
    for number, member in enumerate(content.members, arrived + 1):
        if isinstance(member, ox.NamedNode | ox.BlankNode):
            yield _member(member, content, rules, number)


def _member(member: Node, content: Content, rules: Rules, number: int) -> Member:
    graph = content.graphs.get(member, ())
    own = [*content.default.get(member, ()), *((q.predicate, q.object) for q in graph if q.subject == member)]
    entity = _first(own, rules.entity) or member
    types = {_text(value) for predicate, value in own if predicate.value == RDF.type}
    deleted = any(p.value == rules.delete_path and _text(value) in rules.deleted for p, value in own)
    rank = (_moment(_first(own, rules.time)), _number(_first(own, rules.sequence)), number)
    lines: list[str] = []
    if not deleted:
        payload: list[Statement] = [(q.subject, q.predicate, q.object) for q in graph]
        payload = payload or list(_reached(member, content))
        active = not types.isdisjoint(_ACTIVITIES)
        lines = list(_of_activity(payload, member) if active else _of_version(payload, member, entity, rules))
    return Member(str(member), str(entity), rank, deleted, lines)


def _reached(root: Node, content: Content) -> Iterator[Statement]:
    """Yield what can be reached from a member in the default graph; other members are none of its business."""
    waiting: list[Term] = [root]
    seen: set[Term] = {root}
    while waiting:
        node = waiting.pop()
        for predicate, value in content.default.get(node, ()):
            yield node, predicate, value
            if value not in seen and value in content.default and value not in content.members:
                seen.add(value)
                waiting.append(value)


def _of_activity(payload: Iterable[Statement], member: Node) -> Iterator[str]:
    """Yield what an activity was about, without what is said of the activity itself."""
    return (f"{s} {p} {o} ." for s, p, o in payload if s != member)


def _of_version(payload: Iterable[Statement], member: Node, entity: Term, rules: Rules) -> Iterator[str]:
    """Yield what a version object says, of the entity (LDES 1.0: version materialisation)."""
    for subject, predicate, value in payload:
        if subject == member and value == entity and predicate.value in rules.entity:
            continue
        about = entity if subject == member else subject
        yield f"{about} {predicate} {entity if value == member else value} ."


def _first(own: Iterable[Said], paths: Sequence[str]) -> Term | None:
    """Return the value of the first of these properties that a member has."""
    values: dict[str, Term] = {}
    for predicate, value in own:
        values.setdefault(predicate.value, value)
    return next((values[path] for path in paths if path in values), None)


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


def _moment(term: Term | None) -> datetime:
    """Return an xsd:dateTime or xsd:date as a moment: without a zone as UTC, unreadable as before all else."""
    try:
        moment = datetime.fromisoformat(_text(term))
    except ValueError:
        return _ALWAYS
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(term: Term | None) -> float:
    try:
        return float(_text(term))
    except ValueError:
        return 0.0
