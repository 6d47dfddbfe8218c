"""The catalogue as those above see it: one object that answers for journal, search index and RDF store.

It reads only. What changes the catalogue (sources, harvests, committees) ends in the journal, and everything here
follows from the journal.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import pyoxigraph as ox

from catalogue.chronicle import Chronicle
from catalogue.consistency import Consistency, look
from catalogue.dac.committee import Committee
from catalogue.deciding import Deciding
from catalogue.describe import Describer
from catalogue.entry import Entry
from catalogue.errors import SearchUnavailable
from catalogue.journal.journal import Journal
from catalogue.journal.run import Run
from catalogue.journal.runs import count as count_runs
from catalogue.journal.state import State, Status
from catalogue.quality import Average, averages
from catalogue.run_story import RunStory, run_story
from catalogue.search import using
from catalogue.search.port import SearchIndex
from catalogue.search.query import FacetCounts, Hit, Page, Query
from catalogue.stewardship import Stewardship
from catalogue.store.graphs import Graphs
from catalogue.store.layout import Layout
from catalogue.store.port import AskedStore, Caller, SparqlAnswer, SparqlQuery
from catalogue.store.statistics import Counting, Statistics
from catalogue.trouble import Trouble
from harvester.source import Source
from shapes.errors import Fault, Missing
from shapes.graph import node_of
from shapes.record import Kind
from shapes.report import Report
from shapes.vocabulary import DCAT, DCT, EU, HEALTH

_log = logging.getLogger(__name__)
SHOWN: Final = frozenset({Status.LISTED, Status.WITHDRAWN})  # what has a page: a tombstone is one
_FIGURE_SECONDS: Final = 3.0  # a page does not wait longer for a figure
_INDIVIDUALS: Final = f"""
SELECT (SUM(?most) AS ?total) WHERE {{
  SELECT ?dataset (MAX(?number) AS ?most) WHERE {{
    ?dataset a <{DCAT.Dataset}> ; <{HEALTH.numberOfUniqueIndividuals}> ?number .
    FILTER NOT EXISTS {{ ?dataset <{DCT.type}> <{EU.base}dataset-type/SYNTHETIC_DATA> }}
  }} GROUP BY ?dataset
}}"""
# An IRI of a record that `Layout` makes, after the base address: page, catalogue record, blank node.
_OURS: Final = re.compile(r"/(?:dataset|record)/(\w+)(?:#record)?|/\.well-known/genid/(\w+)-\w+", re.ASCII)
_RUNS: Final = 20  # runs of a node that its page tells


@dataclass(frozen=True, slots=True)
class Figures:
    """How much there is: listed datasets, registered sources, committees.

    `individuals` is the sum of what the records state, synthetic data left out; None where nothing states it or the
    store cannot say now. One person may be in several datasets.
    """

    datasets: int
    nodes: int
    committees: int
    individuals: int | None


@dataclass(frozen=True, slots=True)
class NodeSummary:
    """A node in a list: its source, how many datasets it lists, and its latest run."""

    source: Source
    datasets: int
    last: Run | None


@dataclass(frozen=True, slots=True)
class NodeStory:
    """All a node's page tells. `valid` and `judged` count listed datasets; `findings` are of listed records.

    `told` is of how many datasets of others it says something. `latest` is the newest finished run with its problems.
    """

    source: Source
    datasets: int
    judged: int
    valid: int
    told: int
    runs: tuple[Run, ...]
    latest: Run | None
    findings: Report


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of listed records, in the order of their identifiers."""

    total: int
    page: int
    size: int
    entries: tuple[Entry, ...]

    @property
    def pages(self) -> int:
        """How many pages there are; an empty catalogue has one."""
        return max(1, -(-self.total // self.size))


class Catalogue:
    """Reads journal, index and store. Safe for several threads when its parts are."""

    def __init__(
        self,
        *,
        journal: Journal,
        index: SearchIndex,
        store: AskedStore,
        describer: Describer,
        base_url: str,
        troubles: Callable[[], Sequence[Trouble]] = tuple,
    ) -> None:
        self._journal = journal
        self._index = index
        self._store = store
        self._describer = describer
        self._layout = Layout(base_url)
        self._graphs = Graphs(self._layout)
        self._troubles = troubles
        self._counting = Counting(store)
        self._counted: tuple[int, int | None] | None = None  # individuals, with the store's number they were counted at
        self.chronicle = Chronicle(journal)
        self.deciding = Deciding(journal, index, describer)
        self.stewardship = Stewardship(journal)

    # Finding

    def search(self, query: Query) -> Page:
        """Search the listed datasets.

        Raises `BadQuery`, and `SearchUnavailable` when the index cannot answer, or was never made: it then finds
        nothing, which is no answer to give.
        """
        page = using.search(self._index, query)
        if page.total == 0 and not self._index.stamp() and self._journal.last_seq():
            raise SearchUnavailable("The search index is being made from the journal; nothing can be found in it yet.")
        return replace(page, hits=tuple(self._named_hits(page.hits)))

    def _named_hits(self, hits: Iterable[Hit]) -> Iterator[Hit]:
        for hit in hits:
            name = self.name_of(hit.id, hit.iri)
            yield hit if name == hit.iri else replace(hit, iri=name)

    def facets(self, languages: Sequence[str] = ("en",)) -> tuple[FacetCounts, ...]:
        """Return every facet, counted over everything listed. Raises `SearchUnavailable`."""
        return self._index.facets(languages)

    def sparql(self, query: SparqlQuery, *, seconds: float | None = None, caller: Caller | None = None) -> SparqlAnswer:
        """Ask the RDF store; see `AskedStore.ask` for what it raises."""
        return self._store.ask(query, seconds=seconds, caller=caller)

    @property
    def aggregates(self) -> frozenset[str]:
        """The IRIs of the aggregates that queries may use beside SPARQL's own."""
        return self._store.aggregates

    def store_version(self) -> str:
        """Return what answers in SPARQL stand for; see `AskedStore.version`."""
        return self._store.version()

    def statistics(self) -> Statistics | None:
        """Return how much the RDF store holds; see `Counting.look`."""
        return self._counting.look()

    def resolve(self, text: str) -> str | None:
        """Return our identifier for anything a record is known by: that identifier, an IRI, a dct:identifier.

        The IRIs that we give it are among them: of its page, of its dcat:CatalogRecord, of its blank nodes in SPARQL.
        """
        found = self._journal.resolve(text)
        base = self._layout.base
        ours = _OURS.fullmatch(text[len(base) :]) if found is None and text.startswith(base) else None
        return self._journal.resolve(ours[1] or ours[2]) if ours else found

    # Records

    def state(self, record: str) -> State:
        """Return the current state of a record by our identifier; a withdrawn one is its tombstone.

        Raises `Missing` where there is none, or where it was never listed.
        """
        state = self._journal.current(record)
        if state is None:
            raise Missing(f"There is no record {record!r} in this catalogue.", record=record)
        if state.status not in SHOWN:
            raise Missing(f"The record {record!r} is {state.status.value} and not listed.", record=record)
        return state

    def entry(self, record: str) -> Entry:
        """Return the current state of a record with what is derived from it. Raises `Missing` as `state` does."""
        return self._describer.entry(self.state(record))

    def history(self, record: str, *, with_body: bool = True) -> tuple[State, ...]:
        """Return every state of a record, oldest first."""
        return self._journal.history(record, with_body=with_body)

    def report(self, record: str) -> Report | None:
        """Return what the last validation of a record found; None where it was never judged."""
        return self._journal.report(record)

    def same(self, record: str) -> tuple[State, ...]:
        """Return the listed records that describe the same resource by another route."""
        states = (self._journal.current(other) for other in self._journal.routes(record))
        return tuple(state for state in states if state is not None and state.status is Status.LISTED)

    def listed(
        self, kind: Kind, page: int, size: int, since: datetime | None = None, source: str | None = None
    ) -> Slice:
        """Return one page of the listed records of a kind, or of one source; `since`: those written then or later."""
        total = self._journal.count(kind, source=source, since=since)
        states = self._journal.heads(kind, source=source, since=since, offset=(page - 1) * size, limit=size)
        return Slice(total, page, size, tuple(self._describer.entry(state) for state in states))

    def withdrawn(self, kind: Kind, since: datetime) -> Iterator[State]:
        """Yield the tombstones of a kind written at a time or later."""
        return self._journal.heads(kind, Status.WITHDRAWN, since=since, with_body=False)

    def addresses(
        self, kind: Kind, offset: int = 0, limit: int | None = None, *, source: str | None = None
    ) -> Iterator[State]:
        """Yield listed records of a kind, or of one source, without their bodies: for lists of addresses."""
        return self._journal.heads(kind, source=source, offset=offset, limit=limit, with_body=False)

    def describe(self, state: State) -> Entry:
        """Return a state with what is derived from it."""
        return self._describer.entry(state)

    def count(self, kind: Kind) -> int:
        """Return how many records of a kind are listed."""
        return self._journal.count(kind)

    # Graphs of a record

    def delivered(self, state: State) -> Iterator[ox.Triple]:
        """Yield exactly what the node stated, literals as it wrote them."""
        return iter(state.graph())

    def published(self, entry: Entry) -> Iterator[ox.Triple]:
        """Yield what the node stated and what this catalogue adds: its own record of it, verdict, access bodies.

        A resource its node gave no IRI gets ours.
        """
        state = entry.state
        subject, own = node_of(state.subject), self.page(state)
        skolem = self._layout.skolem(state.id, state.subject[2:]) if isinstance(subject, ox.BlankNode) else None
        for triple in state.graph():
            yield _renamed(triple, subject, own) if skolem is not None else triple
        for triple in self._graphs.derived(entry):
            yield _renamed(triple, skolem, own) if skolem is not None else triple

    def page(self, state: State) -> ox.NamedNode:
        """Return the permanent IRI, and page, of a record."""
        return ox.NamedNode(self._layout.page(state.kind, state.id))

    def name_of(self, record: str, subject: str) -> str:
        """Return the IRI that SPARQL has for a record's subject: itself, or what stands for a blank node."""
        return self._layout.skolem(record, subject[2:]).value if subject.startswith("_:") else subject

    # Nodes

    def sources(self) -> tuple[Source, ...]:
        """Return the registered sources by name."""
        return self._journal.sources()

    def source(self, name: str) -> Source:
        """Return a registered source. Raises `NoSuchSource`."""
        return self._journal.source(name)

    def nodes(self) -> tuple[NodeSummary, ...]:
        """Return every registered source with how much it lists and its latest run."""
        return tuple(
            NodeSummary(
                source,
                self._journal.count(Kind.DATASET, source=source.name),
                next(iter(self._journal.runs(source.name, limit=1)), None),
            )
            for source in self._journal.sources()
        )

    def node(self, name: str) -> NodeStory:
        """Return all that is told of one node. Raises `NoSuchSource`."""
        source = self._journal.source(name)
        runs = self._journal.runs(name, limit=_RUNS)
        finished = next((run for run in runs if run.finished is not None), None)
        datasets = [s for s in self._journal.standing(name) if s.kind is Kind.DATASET]
        verdicts = [s.verdict for s in datasets if s.verdict is not None]
        return NodeStory(
            source=source,
            datasets=len(datasets),
            judged=len(verdicts),
            valid=sum(verdict.valid for verdict in verdicts),
            told=self._journal.count(Kind.ENRICHMENT, source=name),
            runs=runs,
            latest=None if finished is None else self._journal.run(finished.id),
            findings=self.stewardship.findings(name),
        )

    def averages(self, name: str) -> tuple[Average, ...]:
        """Return the mean scores of a node's datasets. Raises what `AskedStore.ask` raises."""
        return averages(self._store, self._layout.node(name))

    def runs(self, source: str | None = None, limit: int = _RUNS) -> tuple[Run, ...]:
        """Return runs, newest first. Raises `NoSuchSource` for an unknown source."""
        if source is not None:
            self._journal.source(source)
        return self._journal.runs(source, limit)

    def run_count(self, source: str | None = None) -> int:
        """Return how many runs there are, of a source or of all."""
        return count_runs(self._journal.database, source)

    def run(self, number: int, source: str | None = None) -> RunStory:
        """Return a run with its problems and what it holds back. Raises `NoSuchRun`, also for another source's."""
        return run_story(self._journal, number, source)

    def node_triples(self, sources: Sequence[Source], title: str) -> Sequence[ox.Triple]:
        """Return what the store's registry graph says of these sources and their latest runs."""
        from catalogue.store.registry import registry_graphs  # brings rdflib, for two kinds of page

        runs = [run for source in sources for run in self._journal.runs(source.name, limit=_RUNS)]
        return registry_graphs(self._layout, title, sources, runs, ())[self._layout.registry]

    def committee_triples(self, committees: Sequence[Committee]) -> Sequence[ox.Triple]:
        """Return what the store's access graph says of these committees."""
        from catalogue.store.registry import registry_graphs

        return registry_graphs(self._layout, "", (), (), committees)[self._layout.access]

    # The whole

    def figures(self) -> Figures:
        """Return how much there is. Without the index, only the committees of the registry are counted."""
        committees = {committee.id for committee in self._journal.committees()}
        try:
            committees.update(self.deciding.chain())
        except SearchUnavailable as fault:
            _log.debug("committees described by nodes could not be counted: %s", fault)
        return Figures(
            datasets=self._journal.count(Kind.DATASET),
            nodes=len(self._journal.sources()),
            committees=len(committees),
            individuals=self._individuals(),
        )

    def _individuals(self) -> int | None:
        """Ask the store; the answer is kept until the store moves on."""
        try:
            seq = self._store.cursor()
            if self._counted is None or self._counted[0] != seq:
                answer = self._store.ask(SparqlQuery(_INDIVIDUALS), seconds=_FIGURE_SECONDS)
                rows = json.loads(answer.body)["results"]["bindings"]
                total = int(float(rows[0]["total"]["value"])) if rows and "total" in rows[0] else 0
                self._counted = (seq, total or None)
        except Fault as fault:
            _log.info("individuals could not be counted: %s", fault)
            return None
        return self._counted[1]

    def consistency(self) -> Consistency:
        """Return how far store and index follow the journal, and what is wrong where one of them does not."""
        return look(self._journal, self._store, self._index, self._troubles())


def _renamed(triple: ox.Triple, old: ox.NamedNode | ox.BlankNode, new: ox.NamedNode) -> ox.Triple:
    """Return a triple with a node renamed where it stands as subject or value."""
    subject = new if triple.subject == old else triple.subject
    value = new if triple.object == old else triple.object
    return ox.Triple(subject, triple.predicate, value)
