"""How each node of the demonstration serves: the same descriptions in the syntaxes and pagings that real nodes use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rdflib import Graph, Literal, URIRef

from shapes.vocabulary import HYDRA, RDF
from ui.demo.defects import broken_turtle
from ui.demo.describe import Describer
from ui.demo.plan import DatasetPlan, Plan

PAGE: Final = 3  # datasets a page; small, so that the demonstration pages at all


@dataclass(frozen=True, slots=True)
class Resource:
    """What the node answers at one address."""

    media_type: str
    body: bytes


Site = Mapping[str, Resource]  # path with query -> what is there


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way to serve. `start` is the path a harvester is given; `serve` makes the site for a node's own address."""

    title: str
    start: str
    serve: Callable[[Plan, str], Site]


def _whole(plan: Plan) -> Graph:
    """Return everything in one graph."""
    describer = Describer(plan)
    graph = describer.catalogue(plan.datasets)
    for dataset in plan.datasets:
        graph += describer.dataset(dataset)
    return graph


def _dump(path: str, form: str, media_type: str) -> Dialect:
    def serve(plan: Plan, _address: str) -> Site:
        return {path: Resource(media_type, _whole(plan).serialize(format=form, encoding="utf-8"))}

    return Dialect(f"one {path.rpartition('.')[2]} file", path, serve)


def _trig(plan: Plan, _address: str) -> Site:
    """One named graph per dataset, as nodes with a quad store dump them."""
    describer = Describer(plan)
    blocks = [describer.catalogue(plan.datasets).serialize(format="turtle")]
    for dataset in plan.datasets:
        lines = describer.dataset(dataset).serialize(format="turtle").splitlines()
        prefixes = [line for line in lines if line.startswith("@prefix")]
        rest = [line for line in lines if not line.startswith("@prefix")]
        graph = f"<{describer.iri('graph', dataset.id)}> {{"
        blocks.append("\n".join([*prefixes, graph, *rest, "}"]))
    return {"/catalog.trig": Resource("application/trig", "\n".join(blocks).encode())}


def _pages(plan: Plan) -> Iterable[tuple[int, Sequence[DatasetPlan]]]:
    """Cut the datasets into numbered pages; a node without any has one empty page."""
    count = max(1, -(-len(plan.datasets) // PAGE))
    for number in range(1, count + 1):
        yield number, plan.datasets[(number - 1) * PAGE : number * PAGE]


def _page_graph(plan: Plan, members: Sequence[DatasetPlan]) -> Graph:
    describer = Describer(plan)
    graph = describer.catalogue(members)
    for dataset in members:
        graph += describer.dataset(dataset)
    return graph


def _partial_views(plan: Plan, address: str) -> Site:
    """Hydra as its specification has it: hydra:PartialCollectionView with IRIs."""
    site = {}
    pages = list(_pages(plan))
    for number, members in pages:
        graph = _page_graph(plan, members)
        view = URIRef(f"{address}/catalog?page={number}")
        graph.add((view, URIRef(RDF.type), URIRef(HYDRA.PartialCollectionView)))
        graph.add((view, URIRef(HYDRA.first), URIRef(f"{address}/catalog?page=1")))
        graph.add((view, URIRef(HYDRA.last), URIRef(f"{address}/catalog?page={len(pages)}")))
        if number < len(pages):
            graph.add((view, URIRef(HYDRA.next), URIRef(f"{address}/catalog?page={number + 1}")))
        resource = Resource("text/turtle; charset=utf-8", graph.serialize(format="turtle", encoding="utf-8"))
        site[f"/catalog?page={number}"] = resource
        if number == 1:
            site["/catalog"] = resource
    return site


def _paged_collections(plan: Plan, address: str) -> Site:
    """Hydra as CKAN spells it: hydra:PagedCollection whose links are text, and say http where a proxy says https."""
    site = {}
    pages = list(_pages(plan))
    for number, members in pages:
        graph = _page_graph(plan, members)
        page = URIRef(f"{address}/catalog.rdf?page={number}")
        graph.add((page, URIRef(RDF.type), URIRef(HYDRA.PagedCollection)))
        graph.add((page, URIRef(HYDRA.totalItems), Literal(len(plan.datasets))))
        graph.add((page, URIRef(HYDRA.itemsPerPage), Literal(PAGE)))
        graph.add((page, URIRef(HYDRA.firstPage), Literal(f"{address}/catalog.rdf?page=1")))
        if number < len(pages):
            graph.add((page, URIRef(HYDRA.nextPage), Literal(f"{address}/catalog.rdf?page={number + 1}")))
        resource = Resource("application/rdf+xml", graph.serialize(format="xml", encoding="utf-8"))
        site[f"/catalog.rdf?page={number}"] = resource
        if number == 1:
            site["/catalog.rdf"] = resource
    return site


def _broken(plan: Plan, _address: str) -> Site:
    """One Turtle file with broken records among good ones, sent as text/plain."""
    describer = Describer(plan)
    blocks = [describer.catalogue(plan.datasets).serialize(format="turtle")]
    blocks += (broken_turtle(describer, dataset) for dataset in plan.datasets)
    return {"/catalog": Resource("text/plain; charset=utf-8", "\n".join(blocks).encode())}


def _nothing(_plan: Plan, _address: str) -> Site:
    return {}


DIALECTS: Final = {
    "hydra-turtle": Dialect("paged Turtle (hydra:PartialCollectionView)", "/catalog", _partial_views),
    "hydra-rdfxml": Dialect("paged RDF/XML (hydra:PagedCollection)", "/catalog.rdf", _paged_collections),
    "turtle": _dump("/catalog.ttl", "turtle", "text/turtle; charset=utf-8"),
    "rdfxml": _dump("/catalog.rdf", "xml", "application/rdf+xml"),
    "jsonld": _dump("/catalog.jsonld", "json-ld", "application/ld+json"),
    "trig": Dialect("one trig file", "/catalog.trig", _trig),
    "turtle-broken": Dialect("one Turtle file with broken records, called text/plain", "/catalog", _broken),
    "down": Dialect("no answer", "/catalog", _nothing),
}
