"""From the statements of an enricher to what pages and rules read."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from catalogue.dac.committee import Committee
from catalogue.dac.identity import EGA_PAGE
from catalogue.dac.registry import ega_accessions
from catalogue.dataset import DataUse
from catalogue.enrich.enrichment import Beacon, Enrichment, PolicyTold
from catalogue.journal.state import State
from catalogue.reading.policies import data_use, duo_codes
from catalogue.text import Text
from shapes.graph import Node, RecordGraph, node_of, text_of
from shapes.vocabulary import DCT, FOAF, GDIX, ODRL


def read_enrichment(state: State) -> Enrichment:
    """Read a state of the kind enrichment; its body must be there."""
    graph, subject = state.graph(), node_of(state.subject)
    policy = _node(graph, subject, ODRL.hasPolicy)
    return Enrichment(
        record=state.id,
        source=state.source,
        about=next(iter(state.identifiers), state.subject),
        address=_text(graph, subject, GDIX.translatedFrom) or state.subject,
        time=state.time,
        title=_text(graph, subject, DCT.title),
        page=_text(graph, subject, FOAF.page),
        data_uses=_data_uses(graph, (subject, policy) if policy else (subject,)),
        beacon=_beacon(graph, _node(graph, subject, GDIX.beacon)),
        policy=_policy(graph, policy),
        committee=_committee(graph, policy, state),
    )


def _beacon(graph: RecordGraph, node: Node | None) -> Beacon | None:
    if node is None:
        return None
    return Beacon(
        address=node.value,
        name=_text(graph, node, DCT.title) or node.value,
        page=_text(graph, node, FOAF.page),
        operator=_text(graph, node, GDIX.operatedBy),
        status=_text(graph, node, GDIX.productionStatus),
        levels=_texts(graph, node, GDIX.securityLevel),
        granularity=_text(graph, node, GDIX.granularity),
        filters=_texts(graph, node, GDIX.filteringTerm),
    )


def _policy(graph: RecordGraph, node: Node | None) -> PolicyTold | None:
    if node is None:
        return None
    return PolicyTold(*(_text(graph, node, each) for each in (DCT.identifier, DCT.title, FOAF.page)))


def _committee(graph: RecordGraph, policy: Node | None, state: State) -> Committee | None:
    node = None if policy is None else _node(graph, policy, ODRL.assigner)
    if policy is None or node is None:
        return None
    accession = next(iter(ega_accessions(_text(graph, node, DCT.identifier) or "", "C")), None)
    if accession is None:
        return None
    name = _text(graph, node, FOAF.name) or f"EGA Data Access Committee {accession}"
    email = (_text(graph, node, FOAF.mbox) or "").removeprefix("mailto:")
    remit = _text(graph, node, DCT.description)
    governed = (*state.identifiers, *_texts(graph, policy, DCT.identifier))
    return Committee(
        id=accession,
        names=(Text(name, None),),
        email=email or None,
        homepage=EGA_PAGE + accession,
        remit=(Text(remit, None),) if remit else (),
        identifiers=(accession,),
        origin=state.source,
        governs=tuple(dict.fromkeys(governed)),
    )


def _data_uses(graph: RecordGraph, nodes: Iterable[Node]) -> tuple[DataUse, ...]:
    codes = (code for node in nodes for value in graph.values(node, GDIX.duo) for code in duo_codes(value))
    return tuple(data_use(graph, code) for code in sorted(dict.fromkeys(codes)))


def _node(graph: RecordGraph, node: Node, predicate: str) -> Node | None:
    return next((v for v in graph.values(node, predicate) if isinstance(v, ox.NamedNode)), None)


def _texts(graph: RecordGraph, node: Node, predicate: str) -> tuple[str, ...]:
    return tuple(sorted(text_of(value) for value in graph.values(node, predicate)))


def _text(graph: RecordGraph, node: Node, predicate: str) -> str | None:
    return next(iter(_texts(graph, node, predicate)), None)
