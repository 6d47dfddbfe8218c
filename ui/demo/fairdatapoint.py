"""Nodes that are FAIR Data Points, as the three kinds of programs serve them.

`reference`: a document for every record and distribution, containers that also list drafts, and defaults put in by the
software. `mini`: datasets listed by dcat:dataset only, distributions without documents, below a proxy's prefix.
`standalone`: the same as JSON-LD, whatever is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from shapes.vocabulary import DCAT, DCT, FDP, FOAF, LDP, RDF, XSD
from ui.demo.describe import Describer, new_graph
from ui.demo.plan import Plan

PREFIX: Final = "/fairdp"
_TURTLE: Final = "text/turtle"
_DRAFT: Final = b"You are not allow to view this record in state DRAFT"
# What the reference implementation adds to every record that says nothing itself (version 1.20, default settings).
_DEFAULT_LICENCE: Final = URIRef("http://purl.org/NET/rdflicense/cc-zero1.0")
_DEFAULT_RIGHTS: Final = "This resource has no access restriction"


@dataclass(frozen=True, slots=True)
class Resource:
    """What a node answers at one address."""

    media_type: str
    body: bytes
    status: HTTPStatus = HTTPStatus.OK


Site = Mapping[str, Resource]  # path with query -> what is there


def reference(plan: Plan, _address: str) -> Site:
    """Serve a node as the reference implementation does. Its first dataset has a draft beside it."""
    describer = Describer(plan)
    root = _root(describer)
    _say(root, _iri(describer), FDP.fdpSoftwareVersion, Literal("FDP:v1.20.2"))
    catalogue = describer.catalogue(plan.datasets)
    members = [describer.iri("dataset", dataset.id) for dataset in plan.datasets]
    drafts = [describer.iri("dataset", f"{dataset.id}-DRAFT") for dataset in plan.datasets[:1]]
    _contain(catalogue, describer.catalogue_iri, describer.iri("dataset", ""), DCAT.dataset, [*members, *drafts])
    site = {"/": _turtle(root), "/catalog": _turtle(catalogue)}
    for dataset in plan.datasets:
        graph = describer.dataset(dataset)
        subject = describer.iri("dataset", dataset.id)
        files = [file for file in graph.objects(subject, URIRef(DCAT.distribution)) if isinstance(file, URIRef)]
        _contain(graph, subject, describer.iri("distribution", ""), DCAT.distribution, files)
        for file in files:
            own = _taken_out(graph, file)
            _with_defaults(own, file)
            site[_path(describer, file)] = _turtle(own)
        _dated(graph, subject, dataset.modified)
        site[_path(describer, subject)] = _turtle(graph)
    for draft in drafts:
        site[_path(describer, draft)] = Resource(_TURTLE, _DRAFT, HTTPStatus.FORBIDDEN)
    return site


def mini(plan: Plan, _address: str) -> Site:
    """Serve a node as GDI's mini node does."""
    return _below(PREFIX, plan, _turtle)


def standalone(plan: Plan, _address: str) -> Site:
    """Serve a node as GDI's standalone node does: its root is found with a slash at the end only."""
    site = dict(_below(PREFIX, plan, _json))
    site[f"{PREFIX}/"] = site.pop(PREFIX)
    return site


def _below(prefix: str, plan: Plan, form: Callable[[Graph], Resource]) -> Site:
    describer = Describer(plan)
    site = {prefix: form(_root(describer)), f"{prefix}/catalog": form(describer.catalogue(plan.datasets))}
    for dataset in plan.datasets:
        path = _path(describer, describer.iri("dataset", dataset.id))
        site[prefix + path] = form(describer.dataset(dataset))
    return site


def _iri(describer: Describer) -> URIRef:
    return URIRef(describer.node.base)


def _path(describer: Describer, iri: URIRef) -> str:
    return str(iri).removeprefix(describer.node.base)


def _root(describer: Describer) -> Graph:
    graph, root, publisher = new_graph(), _iri(describer), BNode()
    for kind in (FDP.FAIRDataPoint, FDP.MetadataService, DCAT.DataService):
        _say(graph, root, RDF.type, URIRef(kind))
    _say(graph, root, DCT.title, Literal(f"FAIR Data Point of {describer.node.title}", lang="en"))
    _say(graph, root, DCAT.endpointURL, root)
    _say(graph, root, DCT.publisher, publisher)
    _say(graph, publisher, RDF.type, URIRef(FOAF.Agent))
    _say(graph, publisher, FOAF.name, Literal(describer.node.title))
    _say(graph, root, FDP.metadataCatalog, describer.catalogue_iri)
    _contain(graph, root, URIRef(f"{describer.node.base}/catalogs"), FDP.metadataCatalog, [describer.catalogue_iri])
    return graph


def _contain(graph: Graph, holder: URIRef, container: URIRef, relation: str, members: Iterable[URIRef]) -> None:
    """Add an LDP direct container. All catalogues of the reference implementation share the IRI of theirs."""
    _say(graph, container, RDF.type, URIRef(LDP.DirectContainer))
    _say(graph, container, LDP.membershipResource, holder)
    _say(graph, container, LDP.hasMemberRelation, URIRef(relation))
    for member in members:
        _say(graph, container, LDP.contains, member)


def _taken_out(graph: Graph, node: Node) -> Graph:
    """Move what is said of a node, and of the blank nodes below it, into a graph of its own."""
    own, waiting = new_graph(), [node]
    while waiting:
        for triple in tuple(graph.triples((waiting.pop(), None, None))):
            graph.remove(triple)
            own.add(triple)
            if isinstance(triple[2], BNode):
                waiting.append(triple[2])
    return own


def _with_defaults(graph: Graph, record: URIRef) -> None:
    if (record, URIRef(DCT.license), None) not in graph:
        _say(graph, record, DCT.license, _DEFAULT_LICENCE)
    rights = URIRef(f"{record}#accessRights")
    _say(graph, record, DCT.accessRights, rights)
    _say(graph, rights, RDF.type, URIRef(DCT.RightsStatement))
    _say(graph, rights, DCT.description, Literal(_DEFAULT_RIGHTS))


def _dated(graph: Graph, record: URIRef, day: str) -> None:
    _say(graph, record, FDP.metadataModified, Literal(f"{day}T08:00:00Z", datatype=URIRef(XSD.dateTime)))


def _say(graph: Graph, subject: Node, predicate: str, value: Node) -> None:
    graph.add((subject, URIRef(predicate), value))


def _turtle(graph: Graph) -> Resource:
    return Resource(_TURTLE, graph.serialize(format="turtle", encoding="utf-8"))


def _json(graph: Graph) -> Resource:
    return Resource("application/ld+json", graph.serialize(format="json-ld", encoding="utf-8"))
