"""The graph of what was withdrawn: not part of the union, so that only who asks for the graph meets its records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pyoxigraph as ox

from catalogue.journal.state import State
from catalogue.store.layout import Layout
from shapes.graph import node_of
from shapes.vocabulary import ADMS, DCAT, DCT, EU, FOAF, GDIX, PROV, RDF, XSD

_WITHDRAWN: Final = f"{EU.base}dataset-status/WITHDRAWN"


def history_graph(layout: Layout, withdrawn: Iterable[State]) -> dict[ox.NamedNode, Sequence[ox.Triple]]:
    """Return the history graph: the catalogue record of each withdrawn record, with when and in which run it went.

    What was last said of it is on its page (`foaf:page`). The states need no bodies.
    """
    return {layout.history: [triple for state in withdrawn for triple in _gone(layout, state)]}


def _gone(layout: Layout, state: State) -> list[ox.Triple]:
    record = layout.catalogue_record(state.id)

    def iri(predicate: str, value: str) -> ox.Triple:
        return ox.Triple(record, ox.NamedNode(predicate), ox.NamedNode(value))

    def text(predicate: str, value: str, datatype: str = XSD.string) -> ox.Triple:
        return ox.Triple(record, ox.NamedNode(predicate), ox.Literal(value, datatype=ox.NamedNode(datatype)))

    subject = node_of(state.subject)
    topic = layout.skolem(state.id, subject.value) if isinstance(subject, ox.BlankNode) else subject
    said = [
        iri(RDF.type, DCAT.CatalogRecord),
        iri(FOAF.primaryTopic, topic.value),
        iri(FOAF.page, layout.page(state.kind, state.id)),
        iri(GDIX.node, layout.node(state.source)),
        iri(ADMS.status, _WITHDRAWN),
        text(DCT.identifier, state.id),
        text(DCT.issued, state.issued.isoformat(), XSD.dateTime),
        text(PROV.invalidatedAtTime, state.time.isoformat(), XSD.dateTime),
    ]
    if state.run is not None:
        said.append(iri(PROV.wasInvalidatedBy, layout.run(state.source, state.run)))
    return said
