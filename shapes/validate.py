"""The validator: judges a record by a profile, or a graph by the shapes of others.

The unit is the record. Its graph is judged together with what the vocabularies say of exactly the IRIs in it, because
SHACL asks for the class of a value and for the list it belongs to, and no node sends those. What is only in that
background is not judged: code lists are not on trial. Neither is *another* record that entered the graph as a stub
(the series a dataset belongs to, the service that serves it): it is judged in its own graph, where all of it is.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from threading import Lock
from typing import Final

import pyoxigraph as ox

from shapes.checking import check_record
from shapes.codelists.background import unknown
from shapes.engine.bundle import Bundle, make_bundle
from shapes.engine.compiled.index import TYPE, Index, Said
from shapes.engine.engine import Engine
from shapes.errors import BadShapes, NotRdf
from shapes.findings import Scene, Scribe, ordered
from shapes.graph import node_of
from shapes.parse import Document, read
from shapes.profiles import Profile, background, profile
from shapes.record import Kind, Record
from shapes.report import Finding, Report
from shapes.vocabulary import DCAT, SKOS

_DATASET: Final = f"<{DCAT.Dataset}>"
_IN_LIST: Final = f"<{SKOS.inScheme}>"
_NAMED: Final = 4
_LISTED: Final = f"<{DCAT.CatalogRecord}>"
_RECORD_CLASSES: Final = frozenset((_DATASET, f"<{DCAT.DatasetSeries}>", f"<{DCAT.DataService}>", f"<{DCAT.Catalog}>"))


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
        self._extra = None if extra is None else _Judge(Engine(extra), Scribe(extra))
        self._known = tuple(known)
        self._judges: dict[str, _Judge] = {}
        self._lock = Lock()

    def judge(self, record: Record) -> Report:
        """Judge one record. The report's release names the level that applied, where the profile has levels."""
        index = Index.of_body(record.body)
        subject = node_of(record.subject)
        level = self.profile.level_of(index.view(), subject)
        _learn(index, index.iris())
        index.learn_triples(self._known)
        others = frozenset(_other_records(index, str(subject)))
        scene = Scene(index, record.subject)
        found = self._judge(level).findings(index, scene, others)
        checked = tuple(check_record(self.profile, level, record, lambda node: scene.place(str(node)), others))
        if checked:
            found = ordered((*found, *checked))
        if self._extra is not None:
            found += self._extra.findings(index, scene, others)
        release = f"{self.profile.release} {level}".strip()
        return Report(self.profile.id, release, int(record.kind is Kind.DATASET), found)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out of, or will be ignored in, the shapes given beside the profile."""
        return () if self._extra is None else self._extra.engine.bundle.notes

    def _judge(self, level: str) -> _Judge:
        with self._lock:
            if level not in self._judges:
                bundle = own_bundle(self.profile, level)
                self._judges[level] = _Judge(Engine(bundle), Scribe(bundle, self.profile.rule))
            return self._judges[level]


class GraphValidator:
    """Judges whole graphs by shapes of others. In its findings every focus node stands for a record of its own."""

    def __init__(
        self, bundle: Bundle, name: str, known: Iterable[ox.Triple] = (), *, vocabularies: bool = False
    ) -> None:
        """`name` stands in the reports where a profile's id would. `vocabularies`: our code lists are background."""
        self._judge = _Judge(Engine(bundle), Scribe(bundle))
        self._name = name
        self._known = tuple(known)
        self._vocabularies = vocabularies

    def judge_graph(self, triples: Iterable[ox.Triple]) -> Report:
        """Judge a graph as a whole."""
        index = Index.of_triples(triples)
        if self._vocabularies:
            # Our own shapes ask for a list by its IRI alone; official ones also ask that it be a skos:ConceptScheme.
            _learn(index, _learn(index, index.iris()))
        index.learn_triples(self._known)
        found = self._judge.findings(index, Scene(index))
        datasets = sum(_DATASET in said.get(TYPE, ()) for said in index.own.values())
        return Report(self._name, "", datasets, found)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out of, or will be ignored in, the shapes."""
        return self._judge.engine.bundle.notes


@dataclass(frozen=True, slots=True)
class _Judge:
    """An engine and the scribe that writes down what it finds."""

    engine: Engine
    scribe: Scribe

    def findings(self, index: Index, scene: Scene, skip: Container[str] = ()) -> tuple[Finding, ...]:
        return self.scribe.findings(self.engine.hits(index, skip), scene)


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


def own_bundle(by: Profile, level: str) -> Bundle:
    """Read the shapes of a profile of ours."""
    shapes = by.shapes(level)
    return make_bundle(quad.triple for quad in ox.parse(shapes, format=ox.RdfFormat.TURTLE))


def _learn(index: Index, iris: Iterable[str]) -> frozenset[str]:
    """Add what our vocabulary says of these IRIs; return the code lists they stand in."""
    lists: set[str] = set()
    for iri in tuple(iris):
        # Asked before what is remembered: the thousands of IRIs nobody knows would crowd out those that come again.
        said = None if unknown(iri[1:-1]) else _known_of(iri)
        if said:
            index.learn(iri, said)
            lists.update(said.get(_IN_LIST, ()))
    return frozenset(lists)


@lru_cache(maxsize=16_384)
def _known_of(iri: str) -> Said:
    """What our vocabulary says of an IRI, given and told as N-Triples text."""
    said: dict[str, tuple[str, ...]] = {}
    for triple in background((iri[1:-1],)):
        name = str(triple.predicate)
        said[name] = (*said.get(name, ()), str(triple.object))
    return said


def _other_records(index: Index, subject: str) -> Iterator[str]:
    """Yield the nodes another record answers for: records, and entries of a catalogue that are only listed here."""
    for node, said in index.own.items():
        types = said.get(TYPE)
        if types is None or node == subject or node[0] != "<":
            continue
        if not _RECORD_CLASSES.isdisjoint(types) or (_LISTED in types and len(said) == 1):
            yield node
