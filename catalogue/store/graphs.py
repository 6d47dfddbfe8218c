"""What the store holds of each record: the node's statements in one graph, what we derived of it in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from catalogue.access.route_graph import route_triples
from catalogue.access.routes import routes
from catalogue.dac.access_graph import access_triples
from catalogue.entry import Entry
from catalogue.journal.state import State
from catalogue.store.layout import Layout
from shapes.codelists import codelists
from shapes.graph import Node, node_of
from shapes.record import Kind
from shapes.scores import scores
from shapes.vocabulary import DCAT, DCT, DQV, FOAF, GDIX, PROV, RDF, SKOS, XSD

_TYPE: Final = f"<{RDF.type}>"
_OWN_CLASS: Final = {
    Kind.DATASET: f"<{DCAT.Dataset}>",
    Kind.SERIES: f"<{DCAT.DatasetSeries}>",
    Kind.SERVICE: f"<{DCAT.DataService}>",
    Kind.CATALOGUE: f"<{DCAT.Catalog}>",
}
_RECORD_CLASSES: Final = frozenset(_OWN_CLASS.values())
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

    def of(self, entry: Entry, *, listed: bool) -> dict[ox.NamedNode, Sequence[str]]:
        """Return the entry's graphs by name, as N-Triples statements without their ` .`; empty when it is not listed.

        Text is what a store takes quickest: no statement of the node becomes an object on its way there.
        """
        record = entry.state.id
        delivered, derived = self.layout.delivered(record), self.layout.derived(record)
        if not listed:
            return {delivered: (), derived: ()}
        return {
            delivered: tuple(self._delivered(entry.state)),
            derived: tuple(str(triple) for triple in self.derived(entry)),
        }

    def derived(self, entry: Entry) -> Iterator[ox.Triple]:
        """Yield what we derived of a record: its catalogue record, verdict, scores, access bodies."""
        yield from self._catalogue_record(entry)
        yield from self._verdict(entry.state)
        if entry.state.kind is Kind.DATASET:
            yield from self._scores(entry)
        if entry.dataset is not None:
            subject = self._node(entry.state, node_of(entry.state.subject))
            yield from access_triples(subject.value, entry.access, self.layout.committee)
            for each in entry.enrichments:
                yield _About(subject).iri(GDIX.enrichedBy, self.layout.page(Kind.ENRICHMENT, each.record))
            page = self.layout.catalogue_record(entry.state.id).value.rpartition("#")[0]
            yield from route_triples(subject, routes(entry.dataset, entry.access), page, self.layout.committee)

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

    def _delivered(self, state: State) -> Iterator[str]:
        """Yield the node's statements, blank nodes skolemised.

        One kind is left out: that some *other* resource is a dataset, series, service or catalogue. That resource says
        so in its own record if it is listed; thus the subjects typed dcat:Dataset are exactly the listed datasets.
        """
        own = state.subject if state.subject.startswith("_:") else f"<{state.subject}>"
        skolem = str(self.layout.skolem(state.id, ""))[:-1]
        for line in state.body.decode().split("\n"):  # canonical N-Triples: one space between terms
            subject, _, rest = line[:-2].partition(" ")
            predicate, _, value = rest.partition(" ")
            if not value or value.startswith("<<("):
                continue  # the end; RDF 1.2 triple terms: no profile of ours uses them
            is_kind = predicate == _TYPE and value in _RECORD_CLASSES
            if is_kind and (subject != own or value != _OWN_CLASS.get(state.kind)):
                continue
            if subject.startswith("_:"):
                subject = f"{skolem}{subject[2:]}>"
            if value.startswith("_:"):
                value = f"{skolem}{value[2:]}>"
            yield f"{subject} {predicate} {value}"

    def _node(self, state: State, node: Node) -> ox.NamedNode:
        """Return the IRI of a node: its own, or the one that stands for a blank node."""
        return self.layout.skolem(state.id, node.value) if isinstance(node, ox.BlankNode) else node

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
        said = _About(layout.delivered(state.id))
        yield say.iri(PROV.wasDerivedFrom, said.node.value)
        yield said.iri(PROV.wasAttributedTo, layout.node(state.source))
        if state.run is not None:
            yield said.iri(PROV.wasGeneratedBy, layout.run(state.source, state.run))
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

    def _scores(self, entry: Entry) -> Iterator[ox.Triple]:
        """Return the scores of a dataset as data quality measurements: the percentage of what is known."""
        state = entry.state
        for score in scores(entry.graph(), node_of(state.subject), state.verdict):
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
        self.node = node

    def iri(self, predicate: str, value: str) -> ox.Triple:
        return ox.Triple(self.node, ox.NamedNode(predicate), ox.NamedNode(value))

    def text(self, predicate: str, value: str, datatype: str = XSD.string) -> ox.Triple:
        return ox.Triple(self.node, ox.NamedNode(predicate), ox.Literal(value, datatype=ox.NamedNode(datatype)))
