"""Relations to other resources."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from catalogue.dataset import Link
from catalogue.reading.values import is_web_address, nodes, texts, values
from shapes.graph import Node, RecordGraph, Term
from shapes.vocabulary import ADMS, DCAT, DCT, PROV, shorten

# Property -> the role it is shown under; a term DCAT 3 replaced goes under its successor (DCAT-AP 3.0, 1.2).
_ROLES: Final = {
    DCAT.inSeries: DCAT.inSeries,
    DCAT.seriesMember: DCAT.seriesMember,
    DCAT.hasVersion: DCAT.hasVersion,
    DCT.hasVersion: DCAT.hasVersion,
    ADMS.next: DCAT.hasVersion,
    DCT.isVersionOf: DCT.isVersionOf,
    DCAT.isVersionOf: DCT.isVersionOf,
    DCAT.previousVersion: DCAT.previousVersion,
    ADMS.prev: DCAT.previousVersion,
    DCAT.prev: DCAT.prev,
    DCT.replaces: DCT.replaces,
    DCT.isReplacedBy: DCT.isReplacedBy,
    DCT.source: DCT.source,
    PROV.wasDerivedFrom: PROV.wasDerivedFrom,
    DCT.isReferencedBy: DCT.isReferencedBy,
    DCT.references: DCT.references,
    DCT.hasPart: DCT.hasPart,
    DCT.isPartOf: DCT.isPartOf,
    DCT.requires: DCT.requires,
    DCT.relation: DCT.relation,
}


def links(graph: RecordGraph, node: Node) -> tuple[Link, ...]:
    """The relations of a resource, also the qualified ones (dcat:qualifiedRelation)."""
    found: list[Link] = []
    said = graph.predicates(node).keys()
    for name, role in _ROLES.items():
        if name in said:
            found.extend(_link(graph, shorten(role), term) for term in values(graph, node, (name,)) if _is_link(term))
    for relation in nodes(graph, node, (DCAT.qualifiedRelation,)):
        related = values(graph, relation, (DCT.relation,))
        found.extend(_link(graph, shorten(DCAT.qualifiedRelation), term) for term in related if _is_link(term))
    return tuple(dict.fromkeys(found))


def _is_link(term: Term) -> bool:
    return isinstance(term, ox.NamedNode) or (isinstance(term, ox.Literal) and is_web_address(term.value))


def _link(graph: RecordGraph, role: str, term: Term) -> Link:
    titles = () if isinstance(term, ox.Literal) else texts(graph, term, (DCT.title,))
    return Link(role, term.value.strip(), titles)
