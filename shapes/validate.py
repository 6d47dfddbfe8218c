"""The validator: judges a record by a profile, or a graph by the shapes of others.

The unit is the record. Its graph is judged together with what the vocabularies say of exactly the IRIs in it, because
SHACL asks for the class of a value and for the list it belongs to, and no node sends those. What is only in that
background is not judged: code lists are not on trial. Neither is *another* record that entered the graph as a stub
(the series a dataset belongs to, the service that serves it): it is judged in its own graph, where all of it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePath
from threading import Lock
from typing import Final

import pyoxigraph as ox

from shapes.checking import check_record
from shapes.engine.bundle import Bundle, make_bundle
from shapes.engine.engine import Engine
from shapes.errors import BadShapes, NotRdf
from shapes.findings import Scribe, numbered, ordered, ways
from shapes.graph import Node, RecordGraph, node_of
from shapes.parse import Document, read
from shapes.profiles import Profile, background, profile
from shapes.record import Kind, Record
from shapes.report import Report
from shapes.vocabulary import DCAT, SKOS

_RECORD_CLASSES: Final = frozenset((DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService, DCAT.Catalog))
_NAMED: Final = 4


@dataclass(frozen=True, slots=True)
class Criteria:
    """What to judge by: a profile's id, SHACL files of others, more background. Plain data; may go to a worker.

    With `shapes` and no profile the whole graph is judged by those shapes only, without cutting it into records; with
    `vocabularies` what our code lists say of its IRIs is background then too, as it always is with a profile.
    """

    profile: str | None = None
    shapes: tuple[Document, ...] = ()
    background: tuple[Document, ...] = ()
    vocabularies: bool = False


class Validator:
    """Judges records by one profile. Engines are made on first use, one per level; threads may share a validator."""

    def __init__(self, by: Profile, *, extra: Bundle | None = None, known: Iterable[ox.Triple] = ()) -> None:
        """`extra`: shapes that are asked beside the profile's. `known`: background beside the profile's own."""
        self.profile = by
        self._extra = None if extra is None else Engine(extra)
        self._known = tuple(known)
        self._engines: dict[str, Engine] = {}
        self._lock = Lock()

    def judge(self, record: Record) -> Report:
        """Judge one record. The report's release names the level that applied, where the profile has levels."""
        graph = record.graph()
        subject = node_of(record.subject)
        level = self.profile.level_of(graph, subject)
        known = tuple(chain(background(_iris(graph)), self._known))
        others = frozenset(_other_records(graph, subject))
        places = ways(graph, subject)
        engine = self._engine(level)
        scribe = Scribe(engine.bundle, self.profile.rule, record.subject, places)
        checked = check_record(self.profile, level, record, places.get, frozenset(map(str, others)))
        found = ordered((*scribe.findings(engine.results(graph, known, others)), *checked))
        if self._extra is not None:
            scribe = Scribe(self._extra.bundle, record=record.subject, places=places)
            found += scribe.findings(self._extra.results(graph, known, others))
        release = f"{self.profile.release} {level}".strip()
        return Report(self.profile.id, release, int(record.kind is Kind.DATASET), found)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out of, or will be ignored in, the shapes given beside the profile."""
        return () if self._extra is None else self._extra.bundle.notes

    def _engine(self, level: str) -> Engine:
        with self._lock:
            if level not in self._engines:
                self._engines[level] = Engine(_own_bundle(self.profile, level))
            return self._engines[level]


class GraphValidator:
    """Judges whole graphs by shapes of others. In its findings every focus node stands for a record of its own."""

    def __init__(
        self, bundle: Bundle, name: str, known: Iterable[ox.Triple] = (), *, vocabularies: bool = False
    ) -> None:
        """`name` stands in the reports where a profile's id would. `vocabularies`: our code lists are background."""
        self._engine = Engine(bundle)
        self._name = name
        self._known = tuple(known)
        self._vocabularies = vocabularies

    def judge_graph(self, triples: Iterable[ox.Triple]) -> Report:
        """Judge a graph as a whole."""
        graph = RecordGraph(triples)
        scribe = Scribe(self._engine.bundle, labels=numbered(graph))
        known = chain(_vocabularies(graph), self._known) if self._vocabularies else self._known
        found = scribe.findings(self._engine.results(graph, tuple(known)))
        datasets = sum(DCAT.Dataset in graph.types(node) for node in graph.nodes())
        return Report(self._name, "", datasets, found)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out of, or will be ignored in, the shapes."""
        return self._engine.bundle.notes


def make_validator(criteria: Criteria) -> Validator | GraphValidator:
    """Return what judges by these criteria.

    Raises `UnknownProfile`; `BadShapes` for shapes that cannot be used, with file and line where known; `NotRdf`,
    `Hostile` or `TooLarge` for a background file.
    """
    known = [triple for document in criteria.background for triple in _whole(document)]
    bundle = read_shapes(criteria.shapes) if criteria.shapes else None
    if criteria.profile is not None:
        return Validator(profile(criteria.profile), extra=bundle, known=known)
    if bundle is None:
        raise BadShapes("Neither a profile nor shapes were given to judge by.")
    return GraphValidator(bundle, _names(criteria.shapes), known, vocabularies=criteria.vocabularies)


def _names(documents: Sequence[Document]) -> str:
    """Name the files that were judged by; of a folder full only the first."""
    names = [PurePath(document.name).name for document in documents]
    more = len(names) - _NAMED
    return ", ".join(names if more <= 1 else [*names[:_NAMED], f"{more} more"])


def read_shapes(documents: Sequence[Document]) -> Bundle:
    """Read SHACL files of any RDF syntax as one shapes graph. Raises `BadShapes`, naming file and line."""
    triples: list[ox.Triple] = []
    for document in documents:
        try:
            triples.extend(_whole(document))
        except NotRdf as error:
            raise BadShapes(error.detail, url=document.name, line=error.line) from error
    try:
        return make_bundle(triples)
    except BadShapes as error:
        error.url = error.url or ", ".join(document.name for document in documents)
        raise


def _whole(document: Document) -> Iterator[ox.Triple]:
    """Yield every statement of a file that must be read whole. Raises `NotRdf` where one could not be."""
    reading = read(document)
    for quad in reading:
        yield quad.triple
    for defect in reading.defects:
        raise NotRdf(defect.detail, url=document.name, line=defect.line)


def _own_bundle(by: Profile, level: str) -> Bundle:
    shapes = by.shapes(level)
    return make_bundle(quad.triple for quad in ox.parse(shapes, format=ox.RdfFormat.TURTLE))


def _vocabularies(graph: RecordGraph) -> Iterator[ox.Triple]:
    """Yield what our code lists say of the IRIs of a graph, and of the lists those stand in.

    Our own shapes ask for a list by its IRI alone; official ones also ask that it be a skos:ConceptScheme.
    """
    concepts = tuple(background(_iris(graph)))
    yield from concepts
    listed = (triple.object for triple in concepts if triple.predicate.value == SKOS.inScheme)
    yield from background(sorted({scheme.value for scheme in listed if isinstance(scheme, ox.NamedNode)}))


def _iris(graph: RecordGraph) -> frozenset[str]:
    named = (term for triple in graph for term in (triple.subject, triple.object) if isinstance(term, ox.NamedNode))
    return frozenset(term.value for term in named)


def _other_records(graph: RecordGraph, subject: Node) -> Iterator[Node]:
    """Yield the nodes another record answers for: records, and entries of a catalogue that are only listed here."""
    for node in graph.nodes():
        if node == subject or not isinstance(node, ox.NamedNode):
            continue
        types = graph.types(node)
        if types & _RECORD_CLASSES or (DCAT.CatalogRecord in types and len(graph.predicates(node)) == 1):
            yield node
