"""The cut: one self-contained graph per dataset, dataset series, data service and catalogue of a document.

A record holds what its resource's description needs and nothing that belongs to another record:

- everything reachable from the resource over IRIs and blank nodes that are described in the document;
- another dataset, series or catalogue met on the way enters as a *stub* (its types, titles and identifiers); a data
  service met from a dataset or distribution enters whole, since how to get at the data is part of the description;
- a concept or concept scheme brings its own statements, but the walk ends there: an embedded vocabulary must not flow
  into every record;
- what points at the resource and describes it: its dcat:CatalogRecord, the dcat:DataService that serves it, ODRL
  policies that target it, DQV measurements and annotations of it;
- of a node shared between records (a service serving a thousand datasets, a policy with a thousand targets) a record
  holds only the membership statements that name itself. The others belong to the other records; kept here they would
  make every record change when one joins, and the work quadratic;
- a catalogue keeps all its membership statements; its members enter with their types only.

Named graphs: the statements of all graphs of a document are cut as one graph. In catalogues published as TriG or
N-Quads a graph holds one record or one page, and its name tells of packaging, not of data; a description split over
two graphs would otherwise be two half records. What is lost, the name of the graph, no profile of DCAT uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from sys import intern

import pyoxigraph as ox

from shapes.canonical import Lines, canonical_record
from shapes.engine.text import lexical
from shapes.errors import TooComplex
from shapes.grounds import Trace, Tracing
from shapes.merging import merge
from shapes.parse import Reading
from shapes.record import Kind, Record, Refusal
from shapes.statements import Statements, name_of
from shapes.vocabulary import DCAT, DCT, DQV, FDP, FOAF, LDP, OA, ODRL, RDF

__all__ = ["Caps", "cut", "cut_texts", "merge", "uncut"]

_TYPE = f"<{RDF.type}>"
_TITLE = f"<{DCT.title}>"
_IDENTIFIER = f"<{DCT.identifier}>"
_SERVES = f"<{DCAT.servesDataset}>"
_TARGET = f"<{ODRL.target}>"
_PRIMARY_TOPIC = f"<{FOAF.primaryTopic}>"
_CATALOG_RECORD = f"<{DCAT.CatalogRecord}>"

STUB = tuple(f"{predicate} " for predicate in (_TYPE, _TITLE, _IDENTIFIER))  # how a record is told of in others
_MEMBER = (f"{_TYPE} ",)  # and where it is only listed
# Statements that only list what belongs to their subject.
_MEMBERSHIP = frozenset(
    f"<{iri}>"
    for iri in (
        DCAT.dataset,
        DCAT.catalog,
        DCAT.service,
        DCAT.record,
        DCAT.resource,
        DCAT.servesDataset,
        DCAT.seriesMember,
        DCT.hasPart,
        DQV.computedOn,
        FDP.metadataCatalog,
        FOAF.made,
        LDP.contains,
        OA.hasTarget,
        ODRL.target,
    )
)
# Statements that make their subject a part of their object's description.
_DESCRIBES = frozenset(
    {_PRIMARY_TOPIC, _SERVES, _TARGET, f"<{DQV.computedOn}>", f"<{OA.hasTarget}>"},
)
_RULES = frozenset(f"<{iri}>" for iri in (ODRL.permission, ODRL.prohibition, ODRL.obligation, ODRL.duty))
WATCHED = _DESCRIBES | _RULES
LISTS = _MEMBERSHIP | _RULES
_ORDER = (Kind.DATASET, Kind.SERIES, Kind.SERVICE, Kind.CATALOGUE)


@dataclass(frozen=True, slots=True)
class Caps:
    """Caps on the statements of one record, and of all records together for each statement of the document.

    The second stops a document in which many records share one large structure from being multiplied.
    """

    record: int = 500_000
    growth: int = 20
    free: int = 2_000_000


DEFAULT_CAPS = Caps()


def cut(
    quads: Iterable[ox.Quad | ox.Triple], *, complete: bool = True, caps: Caps = DEFAULT_CAPS, points: bool = False
) -> Iterator[Record | Refusal]:
    """Yield the records of a document: datasets, series, services, then catalogues, each in document order.

    A typed resource is a record unless all that is said of it is its type. A resource that is more than one thing is,
    in this order, a catalogue, a series, a dataset, a service. What cannot be made a record comes as a `Refusal`.

    `complete` is passed on to the records. For a `Reading` its own account counts as well: where single statements of
    known subjects were lost, the records that hold those subjects are incomplete; where more may be missing, all are.
    With `points` a FAIR Data Point is a record too, of the kind service; a harvest only walks through it.
    The quads are read before the first record comes; what reading raises is raised then.
    """
    if isinstance(quads, Reading):
        statements = Statements((texts for _, texts in quads.pieces()), WATCHED, LISTS, points=points)
        hurt = quads.hurt if complete else None
    else:
        texts = (str(each.triple if isinstance(each, ox.Quad) else each) for each in quads)
        statements = Statements((texts,), WATCHED, LISTS, points=points)
        hurt = frozenset() if complete else None
    yield from Cutter(statements, hurt, caps).records()


def cut_texts(pieces: Iterable[Sequence[str]], trace: Tracing | None = None) -> Iterator[Record | Refusal]:
    """Yield the records of statements given as N-Triples text, some at a time (`Reading.pieces`): all complete.

    `trace` takes down what each rests on, if the document is one in lines.
    """
    statements = Statements(pieces, WATCHED, LISTS)
    if trace is not None and trace.lines is not None:
        trace.statements = statements
    else:
        trace = None
    yield from Cutter(statements, frozenset(), DEFAULT_CAPS, trace).records()


def uncut(quads: Iterable[ox.Quad | ox.Triple], kind: Kind, subject: str) -> Record | Refusal:
    """Return a document that is one record as it stands: all of its statements, about `subject` (an IRI)."""
    triples = [quad.triple if isinstance(quad, ox.Quad) else quad for quad in quads]
    named = (t.object for t in triples if t.subject == ox.NamedNode(subject) and t.predicate.value == DCT.identifier)
    try:
        body, digest, _ = canonical_record(Lines.of(f"{triple} ." for triple in triples), f"<{subject}>")
    except TooComplex as error:
        return Refusal(kind, subject, error.code, error.detail)
    identifiers = {each.value for each in named if isinstance(each, ox.Literal)}
    return Record(kind, subject, tuple(sorted(identifiers)), body, digest)


class Cutter:
    """One document, indexed, and the cut of it. `hurt`: the nodes that lost statements; None: it may be any.

    `trace` takes down what each record rests on.
    """

    __slots__ = ("_budget", "_caps", "_hurt", "_kinds", "_shared", "_statements", "_stubs", "_trace", "_typed")

    def __init__(
        self, statements: Statements, hurt: frozenset[str] | None, caps: Caps, trace: Trace | None = None
    ) -> None:
        self._statements = statements
        self._hurt = hurt
        self._caps = caps
        self._budget = caps.free + caps.growth * len(statements)
        self._kinds = statements.kinds
        self._shared: dict[str, tuple[Sequence[str], Mapping[str, list[str]]]] = {}
        self._stubs: dict[str, tuple[str, ...]] = {}
        self._trace = trace or Trace()
        self._typed: dict[str, tuple[str, ...]] = {}  # what a catalogue says of its members: records it comes after

    def records(self) -> Iterator[Record | Refusal]:
        return (self.record(kind, node) for kind, node in self.roots())

    def roots(self) -> Iterator[tuple[Kind, str]]:
        """Yield the nodes that are records, in the order of the records."""
        for kind in _ORDER:
            for node, its_kind in self._kinds.items():
                if its_kind is kind and not self._statements.is_bare(node):
                    yield kind, node

    def stand(self, kind: Kind, node: str, lines: int) -> Refusal | None:
        """Count a record of so many lines that need not be cut; return why it could not have been."""
        try:
            self._spend(lines)
        except _TooMuchError as error:
            return Refusal(kind, name_of(node), "too-large", str(error))
        return None

    def record(self, kind: Kind, node: str) -> Record | Refusal:
        """Cut the record of a root."""
        try:
            lines, nodes = self._gather(kind, node)
        except _TooMuchError as error:
            return Refusal(kind, name_of(node), "too-large", str(error))
        try:
            body, digest, subject = canonical_record(lines, node)
        except TooComplex as error:
            return Refusal(kind, name_of(node), error.code, error.detail)
        brief = tuple(self._chosen(node, STUB))
        self._typed[node] = tuple(intern(rest) for rest in brief if rest.startswith(_MEMBER))
        self._trace.record(kind, node, nodes, brief, len(lines))
        complete = self._hurt is not None and self._hurt.isdisjoint(nodes)
        return Record(kind, subject, _identifiers(brief), body, digest, complete)

    def _gather(self, kind: Kind, root: str) -> tuple[Lines, set[str]]:
        """Collect the lines of one record, and the nodes that are in it whole."""
        lines = Lines()
        self._trace.begin()
        waiting = [root, *self._describing(root)]
        seen = set(waiting)
        while waiting:
            node = waiting.pop()
            for target in self._visit(node, root, kind, lines):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
            if len(lines) > self._caps.record:
                raise _TooMuchError(f"The description has more than {self._caps.record} statements")
        self._spend(len(lines))
        return lines, seen

    def _spend(self, lines: int) -> None:
        self._budget -= lines
        if self._budget < 0:
            raise _TooMuchError("The records of this document share so much that cutting it would multiply it")

    def _visit(self, node: str, root: str, kind: Kind, lines: Lines) -> Iterator[str]:
        """Add a node's own statements; yield the nodes to go on to."""
        statements, kinds, described = self._statements, self._kinds, self._statements.nodes
        is_concept, is_blank, met = node in statements.concepts, node[0] == "_", self._trace.met
        (lines.entangled if is_blank else lines.ground).update(f"{node} {rest} ." for rest in statements.values(node))
        for rest in self._links_in(root, node):
            predicate, _, value = rest.partition(" ")
            (lines.entangled if is_blank or value[0] == "_" else lines.ground).add(f"{node} {rest} .")
            if predicate == _TYPE or value == root:
                continue
            met.add(value)
            if value not in described:
                continue
            target = kinds.get(value)
            if predicate in _MEMBERSHIP and node == root and kind is not Kind.SERVICE:
                lines.update(self._member(value))
            elif target is None:
                if not is_concept or value[0] == "_":
                    yield value
            elif target is Kind.SERVICE and kind in (Kind.DATASET, Kind.SERIES) and kinds.get(node) is not Kind.SERVICE:
                yield value
            else:
                lines.update(self._member(value) if predicate in _MEMBERSHIP else self._stub(value))

    def _links_in(self, root: str, node: str) -> Sequence[str]:
        """The links of a node in the record of `root`: of one that is not the root, no membership of other records."""
        if node == root or node not in self._statements.listing:
            return self._statements.links(node)
        if node not in self._shared:
            self._shared[node] = self._shares(node)
        own, of_records = self._shared[node]
        return [*own, *of_records[root]] if root in of_records else own

    def _shares(self, node: str) -> tuple[Sequence[str], Mapping[str, list[str]]]:
        """Part the links of a node that are about no record in particular from those about each."""
        own: list[str] = []
        of_records: dict[str, list[str]] = {}
        for rest in self._statements.links(node):
            predicate, _, value = rest.partition(" ")
            records = self._concerned(predicate, value)
            for record in records:
                of_records.setdefault(record, []).append(rest)
            if not records:
                own.append(rest)
        self._trace.shared(node)
        return own, of_records

    def _concerned(self, predicate: str, value: str) -> Sequence[str]:
        """The records a membership statement, or the rule of a policy, is about; none: it is about no record."""
        if predicate in _MEMBERSHIP:
            self._trace.concerns.add(value)
            return (value,) if value in self._kinds else ()
        if predicate not in _RULES:
            return ()
        targets = [rest.partition(" ")[2] for rest in self._statements.links(value) if rest.startswith(_TARGET)]
        self._trace.concerns.update(targets)
        self._trace.rules.add(value)
        return [target for target in targets if target in self._kinds]

    def _stub(self, node: str) -> tuple[str, ...]:
        """The lines of a record that stand for it in others."""
        if node not in self._stubs:
            self._stubs[node] = tuple(f"{node} {rest} ." for rest in self._chosen(node, STUB))
        return self._stubs[node]

    def _member(self, node: str) -> Iterator[str]:
        """The lines of a record that stand for it where it is only listed."""
        return (f"{node} {rest} ." for rest in self._typed.get(node) or self._chosen(node, _MEMBER))

    def _chosen(self, node: str, starts: tuple[str, ...]) -> Iterator[str]:
        """What is said of a node that begins in one of these ways, as `predicate object` texts."""
        rests = chain(self._statements.values(node), self._statements.links(node))
        return (rest for rest in rests if rest.startswith(starts))

    def _describing(self, root: str) -> Iterator[str]:
        """The nodes whose statements about the root make them a part of its description."""
        for predicate, node in self._statements.pointing_at(root):
            self._trace.pointing.add(node)
            if predicate == _PRIMARY_TOPIC:
                if _CATALOG_RECORD in self._statements.types(node):
                    yield node
            elif predicate == _TARGET:
                yield self._policy_of(node)
            elif predicate in _DESCRIBES and self._kinds.get(node) in (None, Kind.SERVICE):
                yield node

    def _policy_of(self, node: str) -> str:
        """The policy whose rule targets something, or the node itself where it is no rule of a policy."""
        seen = {node}
        while True:
            above = [
                subject
                for predicate, subject in self._statements.pointing_at(node)
                if predicate in _RULES and subject not in seen
            ]
            if not above:
                return node
            self._trace.pointing.update(above)
            self._trace.by_order |= len(above) > 1
            node = above[0]
            seen.add(node)


class _TooMuchError(Exception):
    """A record is over a cap."""


def _identifiers(brief: Iterable[str]) -> tuple[str, ...]:
    """The values of dct:identifier, sorted, each once: lexical forms of literals, IRIs as they are."""
    named = {rest.partition(" ")[2] for rest in brief if rest.startswith(f"{_IDENTIFIER} ")}
    return tuple(sorted({lexical(name) for name in named if name[0] != "_"}))
