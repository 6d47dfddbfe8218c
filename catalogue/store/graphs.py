"""What the store holds of each record: the node's statements in one graph, what we derived of it in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from catalogue.dac.access_graph import access_triples
from catalogue.entry import Entry
from catalogue.journal.state import State
from catalogue.store.layout import Layout
from catalogue.use.graph import condition_triples
from shapes.codelists import codelists
from shapes.graph import Node, Term, node_of
from shapes.record import Kind
from shapes.scores import scores
from shapes.vocabulary import DCAT, DCT, DQV, FOAF, GDIX, PROV, RDF, SKOS, XSD

_TYPE: Final = ox.NamedNode(RDF.type)
_RECORD_CLASSES: Final = frozenset({DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService, DCAT.Catalog})
_OWN_CLASS: Final = {
    Kind.DATASET: DCAT.Dataset,
    Kind.SERIES: DCAT.DatasetSeries,
    Kind.SERVICE: DCAT.DataService,
    Kind.CATALOGUE: DCAT.Catalog,
}
# The metric (dqv:isMeasurementOf) of each score of a dataset; its value is a percentage.
METRICS: Final[Mapping[str, str]] = {
    "mqa": "mqaScore",
    "mqa-controlled": "mqaControlledScore",
    "completeness": "completenessScore",
    "fair": "fairScore",
}


@dataclass(frozen=True, slots=True)
class Graphs:
    """Makes the graphs of an entry under one base address."""

    layout: Layout

    def of(self, entry: Entry, *, listed: bool) -> dict[ox.NamedNode, Sequence[ox.Triple]]:
        """Return the entry's graphs by name; empty ones when it is not listed."""
        record = entry.state.id
        delivered, derived = self.layout.delivered(record), self.layout.derived(record)
        if not listed:
            return {delivered: (), derived: ()}
        return {delivered: tuple(self._delivered(entry.state)), derived: tuple(self._derived(entry))}

    def labels(self) -> dict[ox.NamedNode, Sequence[ox.Triple]]:
        """Return the graph of code-list labels, in every language we have."""
        label, notation, scheme = (ox.NamedNode(iri) for iri in (SKOS.prefLabel, SKOS.notation, SKOS.inScheme))
        triples: list[ox.Triple] = []
        for codelist in codelists().values():
            for concept in codelist.concepts:
                node = ox.NamedNode(concept.iri)
                for tag, text in concept.labels.items():
                    triples.append(ox.Triple(node, label, ox.Literal(text, language=tag)))
                triples.append(ox.Triple(node, notation, ox.Literal(concept.code)))
                triples.append(ox.Triple(node, scheme, ox.NamedNode(codelist.scheme)))
        return {self.layout.labels: triples}

    def _delivered(self, state: State) -> Iterator[ox.Triple]:
        """Return the node's statements, blank nodes skolemised.

        One kind is left out: that some *other* resource is a dataset, series, service or catalogue. That resource says
        so in its own record if it is listed; thus the subjects typed dcat:Dataset are exactly the listed datasets.
        """
        own = self._node(state, node_of(state.subject))
        graph = state.graph()
        for node in graph.nodes():
            subject = self._node(state, node)
            for predicate, values in graph.predicates(node).items():
                name = ox.NamedNode(predicate)
                for value in values:
                    is_kind = name == _TYPE and value.value in _RECORD_CLASSES
                    if is_kind and (subject != own or value.value != _OWN_CLASS[state.kind]):
                        continue
                    yield ox.Triple(subject, name, self._term(state, value))

    def _node(self, state: State, node: Node) -> ox.NamedNode:
        """Return the IRI of a node: its own, or the one that stands for a blank node."""
        return self.layout.skolem(state.id, node.value) if isinstance(node, ox.BlankNode) else node

    def _term(self, state: State, term: Term) -> ox.NamedNode | ox.Literal:
        return term if isinstance(term, ox.Literal) else self._node(state, term)

    def _derived(self, entry: Entry) -> Iterator[ox.Triple]:
        yield from self._catalogue_record(entry)
        yield from self._verdict(entry.state)
        if entry.state.kind is Kind.DATASET:
            yield from self._scores(entry.state)
        if entry.dataset is not None:
            subject = self._node(entry.state, node_of(entry.state.subject))
            yield from access_triples(subject.value, entry.access, self.layout.committee)
            yield from condition_triples(subject.value, entry.dataset)

    def _catalogue_record(self, entry: Entry) -> Iterator[ox.Triple]:
        """Return the dcat:CatalogRecord: where, when and by which run we got the description (DCAT 3, section 6.5)."""
        state, layout = entry.state, self.layout
        say = _About(layout.catalogue_record(state.id))
        yield say.iri(RDF.type, DCAT.CatalogRecord)
        yield say.iri(FOAF.primaryTopic, self._node(state, node_of(state.subject)).value)
        yield say.text(DCT.issued, state.issued.isoformat(), XSD.dateTime)
        yield say.text(DCT.modified, state.time.isoformat(), XSD.dateTime)
        yield say.text(DCT.identifier, state.id)
        yield say.iri(FOAF.page, layout.page(state.kind, state.id))
        yield say.iri(GDIX.node, layout.node(state.source))
        if state.run is not None:
            yield say.iri(PROV.wasGeneratedBy, layout.run(state.source, state.run))
        digest = GDIX.datasetDigest if state.kind is Kind.DATASET else GDIX.digest
        yield say.text(digest, state.digest)

    def _verdict(self, state: State) -> Iterator[ox.Triple]:
        """Return the verdict as data quality measurements (DQV)."""
        if state.verdict is None:
            return
        judged_by = f"{state.verdict.profile} {state.verdict.release}".strip()
        for name, count in (("violations", state.verdict.violation), ("warnings", state.verdict.warning)):
            yield from self._measurement(state, name, name, count)
            yield _About(self._measured(state, name)).text(DCT.conformsTo, judged_by)

    def _scores(self, state: State) -> Iterator[ox.Triple]:
        """Return the scores of a dataset as data quality measurements: the percentage of what is known."""
        for score in scores(state.graph(), node_of(state.subject), state.verdict):
            yield from self._measurement(state, score.scheme, METRICS[score.scheme], score.percent)

    def _measured(self, state: State, name: str) -> ox.NamedNode:
        record = self.layout.catalogue_record(state.id)
        return ox.NamedNode(f"{record.value.rpartition('#')[0]}#{name}")

    def _measurement(self, state: State, name: str, metric: str, value: int) -> Iterator[ox.Triple]:
        measurement = self._measured(state, name)
        say = _About(measurement)
        yield ox.Triple(self.layout.catalogue_record(state.id), ox.NamedNode(DQV.hasQualityMeasurement), measurement)
        yield say.iri(RDF.type, DQV.QualityMeasurement)
        yield say.iri(DQV.isMeasurementOf, GDIX[metric])
        yield say.text(DQV.value, str(value), XSD.integer)


class _About:
    """Makes triples about one node."""

    def __init__(self, node: ox.NamedNode) -> None:
        self._node = node

    def iri(self, predicate: str, value: str) -> ox.Triple:
        return ox.Triple(self._node, ox.NamedNode(predicate), ox.NamedNode(value))

    def text(self, predicate: str, value: str, datatype: str = XSD.string) -> ox.Triple:
        return ox.Triple(self._node, ox.NamedNode(predicate), ox.Literal(value, datatype=ox.NamedNode(datatype)))
