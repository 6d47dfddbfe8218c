"""What a node's software put into a description because its holder said nothing.

The reference FAIR Data Point (1.x, its default settings) gives every record without one the licence CC0, and a rights
statement that there is no restriction. Of genomic data under control both are false. They stay in the graph as
delivered, and are told as what they are; nothing is read from them. A holder who chose that licence cannot be told from
one who chose none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from catalogue.dataset import SoftwareDefault
from shapes.graph import RecordGraph
from shapes.vocabulary import DCT, FDP, shorten

_LICENCE: Final = ox.NamedNode("http://purl.org/NET/rdflicense/cc-zero1.0")
_SIGNED: Final = frozenset({DCT.accessRights, FDP.metadataIdentifier})  # what the software's own names stand in
_RIGHTS: Final = "This resource has no access restriction"


def without_defaults(graph: RecordGraph) -> tuple[RecordGraph, tuple[SoftwareDefault, ...]]:
    """Return a record's graph without the statements of a node's software, and those statements."""
    found = tuple(_defaults(graph))
    if not found:
        return graph, ()
    left = RecordGraph(triple for triple in graph if triple not in found)
    return left, tuple(_told(triple) for triple in found)


def _defaults(graph: RecordGraph) -> Iterator[ox.Triple]:
    for node in graph.nodes():
        said = graph.predicates(node).keys()
        if said.isdisjoint(_SIGNED) or not isinstance(node, ox.NamedNode):
            continue
        rights = _own(graph, node, DCT.accessRights, "#accessRights")
        is_default = rights is not None and ox.Literal(_RIGHTS) in graph.values(rights, DCT.description)
        if rights is not None and is_default:
            yield ox.Triple(node, ox.NamedNode(DCT.accessRights), rights)
        signed = is_default or _own(graph, node, FDP.metadataIdentifier, "#identifier") is not None
        if signed and _LICENCE in graph.values(node, DCT.license):
            yield ox.Triple(node, ox.NamedNode(DCT.license), _LICENCE)


def _own(graph: RecordGraph, node: ox.NamedNode, predicate: str, fragment: str) -> ox.NamedNode | None:
    """Return the value of a property that the software named after the record itself."""
    values = (value for value in graph.values(node, predicate) if isinstance(value, ox.NamedNode))
    return next((value for value in values if value.value == node.value + fragment), None)


def _told(triple: ox.Triple) -> SoftwareDefault:
    said = _RIGHTS if triple.predicate.value == DCT.accessRights else _LICENCE.value
    return SoftwareDefault(triple.subject.value, shorten(triple.predicate.value), said)  # type: ignore[union-attr]
