"""What the store holds of each record: the node's statements in one graph, what we derived of it in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from catalogue.access.route import RouteKind
from catalogue.access.route_graph import route_triples
from catalogue.access.routes import routes
from catalogue.access.stating import About
from catalogue.dac.access_graph import access_triples
from catalogue.entry import Entry
from catalogue.journal.state import State
from catalogue.store.delivered import delivered_text
from catalogue.store.layout import Layout
from catalogue.use.graph import condition_triples
from shapes.codelists import codelists
from shapes.graph import Node, node_of
from shapes.record import Kind
from shapes.vocabulary import DCAT, DCT, DQV, FOAF, GDIX, PROV, RDF, SKOS, XSD

_CATALOG_RECORD: Final = ox.NamedNode(DCAT.CatalogRecord)
_MEASUREMENT: Final = ox.NamedNode(DQV.QualityMeasurement)
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

    def of(self, entry: Entry, *, listed: bool) -> dict[ox.NamedNode, bytes]:
        """Return the entry's graphs by name, each as N-Triples with one statement a line; empty when it is not listed.

        Text is what a store takes quickest: no statement becomes an object on its way there.
        """
        state, layout = entry.state, self.layout
        if not listed:
            return {layout.delivered(state.id): b"", layout.derived(state.id): b""}
        skolem = layout.skolem(state.id, "").value
        return {
            layout.delivered(state.id): delivered_text(state.body, state.subject, state.kind, skolem),
            layout.derived(state.id): self._derived(entry).encode(),
        }

    def derived(self, entry: Entry) -> Iterator[ox.Triple]:
        """Yield what we derived of a record: its catalogue record, verdict, scores, access bodies."""
        return (quad.triple for quad in ox.parse(self._derived(entry), format=ox.RdfFormat.N_TRIPLES))

    def _derived(self, entry: Entry) -> str:
        """Return it as N-Triples, a line each."""
        lines = [*self._catalogue_record(entry), *self._verdict(entry.state)]
        if entry.state.kind is Kind.DATASET:
            lines += self._scores(entry)
        lines += (f"{triple} .\n" for triple in self._access(entry))
        return "".join(lines)

    def _access(self, entry: Entry) -> Iterator[ox.Triple]:
        """Yield who decides, under which conditions, who else says something, and where one applies."""
        if entry.dataset is None:
            return
        subject = self._node(entry.state, node_of(entry.state.subject))
        yield from access_triples(subject.value, entry.access, self.layout.committee)
        yield from condition_triples(subject.value, entry.dataset)
        enriched = About(subject)
        for each in entry.enrichments:
            yield from enriched.iri(GDIX.enrichedBy, self.layout.page(Kind.ENRICHMENT, each.record))
        # Downloads of open data are the node's own statements already.
        asked = [each for each in routes(entry.dataset, entry.access) if each.kind is not RouteKind.DOWNLOAD]
        page = self.layout.catalogue_record(entry.state.id).value.rpartition("#")[0]
        yield from route_triples(subject, asked, page, self.layout.committee)

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

    def _node(self, state: State, node: Node) -> ox.NamedNode:
        """Return the IRI of a node: its own, or the one that stands for a blank node."""
        return self.layout.skolem(state.id, node.value) if isinstance(node, ox.BlankNode) else node

    def _catalogue_record(self, entry: Entry) -> Iterator[str]:
        """Return the dcat:CatalogRecord: where, when and by which run we got the description (DCAT 3, section 6.5)."""
        state, layout = entry.state, self.layout
        say, said = _Lines(layout.catalogue_record(state.id)), _Lines(layout.delivered(state.id))
        node = ox.NamedNode(layout.node(state.source))
        run = None if state.run is None else ox.NamedNode(layout.run(state.source, state.run))
        yield say.iri(RDF.type, _CATALOG_RECORD)
        yield say.iri(FOAF.primaryTopic, self._node(state, node_of(state.subject)))
        yield say.text(DCT.issued, state.issued.isoformat(), XSD.dateTime)
        yield say.text(DCT.modified, state.time.isoformat(), XSD.dateTime)
        yield say.text(DCT.identifier, state.id)
        yield say.iri(FOAF.page, ox.NamedNode(layout.page(state.kind, state.id)))
        yield say.iri(GDIX.node, node)
        yield say.iri(PROV.wasDerivedFrom, layout.delivered(state.id))
        yield said.iri(PROV.wasAttributedTo, node)
        if run is not None:
            yield say.iri(PROV.wasGeneratedBy, run)
            yield said.iri(PROV.wasGeneratedBy, run)
        digest = GDIX.datasetDigest if state.kind is Kind.DATASET else GDIX.digest
        yield say.text(digest, state.digest)

    def _verdict(self, state: State) -> Iterator[str]:
        """Return the verdict as data quality measurements (DQV)."""
        if state.verdict is None:
            return
        judged_by = f"{state.verdict.profile} {state.verdict.release}".strip()
        for name, count in (("violations", state.verdict.violation), ("warnings", state.verdict.warning)):
            measured = self._measured(state, name)
            yield from self._measurement(state, measured, name, count)
            yield _Lines(measured).text(DCT.conformsTo, judged_by)

    def _scores(self, entry: Entry) -> Iterator[str]:
        """Return the scores of a dataset as data quality measurements: the percentage of what is known."""
        from shapes.scores import scores  # brings the rule tables, which reading needs as little as parsing

        state = entry.state
        for score in scores(entry.graph(), node_of(state.subject), state.verdict):
            measured = self._measured(state, score.scheme)
            yield from self._measurement(state, measured, METRICS[score.scheme], score.percent)

    def _measured(self, state: State, name: str) -> ox.NamedNode:
        record = self.layout.catalogue_record(state.id)
        return ox.NamedNode(f"{record.value.rpartition('#')[0]}#{name}")

    def _measurement(self, state: State, measured: ox.NamedNode, metric: str, value: int) -> Iterator[str]:
        say = _Lines(measured)
        yield _Lines(self.layout.catalogue_record(state.id)).iri(DQV.hasQualityMeasurement, measured)
        yield say.iri(RDF.type, _MEASUREMENT)
        yield say.iri(DQV.isMeasurementOf, ox.NamedNode(GDIX[metric]))
        yield say.text(DQV.value, str(value), XSD.integer)


class _Lines:
    """Makes statements about one node as lines of N-Triples. Terms are the engine's, which checks and escapes them."""

    def __init__(self, node: ox.NamedNode) -> None:
        self._node = str(node)

    def iri(self, predicate: str, value: ox.NamedNode) -> str:
        return f"{self._node} <{predicate}> {value} .\n"

    def text(self, predicate: str, value: str, datatype: str = "") -> str:
        typed = f"^^<{datatype}>" if datatype else ""
        return f"{self._node} <{predicate}> {ox.Literal(value)}{typed} .\n"
