"""How each node of the demonstration serves: the same descriptions in the syntaxes and pagings that real nodes use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from rdflib import Graph, Literal, URIRef

from shapes.vocabulary import HYDRA, RDF
from ui.demo import fairdatapoint
from ui.demo.defects import broken_turtle
from ui.demo.describe import Describer
from ui.demo.fairdatapoint import Resource, Site
from ui.demo.plan import Plan

PAGE: Final = 3  # datasets a page; small, so that the demonstration pages at all


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


Marks = Callable[[Graph, str, int, int], None]  # adds the paging of page `number` of `count` at an address


def _paged(path: str, form: str, media_type: str, mark: Marks) -> Callable[[Plan, str], Site]:
    """Return a way to serve pages at `path?page=N`, the first at `path` too. A node without datasets has one page."""

    def serve(plan: Plan, address: str) -> Site:
        site = {}
        count = max(1, -(-len(plan.datasets) // PAGE))
        for number in range(1, count + 1):
            graph = _whole(replace(plan, datasets=plan.datasets[(number - 1) * PAGE : number * PAGE]))
            mark(graph, f"{address}{path}", number, count)
            page = Resource(media_type, graph.serialize(format=form, encoding="utf-8"))
            site[f"{path}?page={number}"] = page
            if number == 1:
                site[path] = page
        return site

    return serve


def _partial_view(graph: Graph, address: str, number: int, count: int) -> None:
    """Hydra as its specification has it: hydra:PartialCollectionView with IRIs."""
    view = URIRef(f"{address}?page={number}")
    graph.add((view, URIRef(RDF.type), URIRef(HYDRA.PartialCollectionView)))
    graph.add((view, URIRef(HYDRA.first), URIRef(f"{address}?page=1")))
    graph.add((view, URIRef(HYDRA.last), URIRef(f"{address}?page={count}")))
    if number < count:
        graph.add((view, URIRef(HYDRA.next), URIRef(f"{address}?page={number + 1}")))


def _paged_collection(graph: Graph, address: str, number: int, count: int) -> None:
    """Hydra as CKAN spells it: hydra:PagedCollection whose links are text."""
    page = URIRef(f"{address}?page={number}")
    graph.add((page, URIRef(RDF.type), URIRef(HYDRA.PagedCollection)))
    graph.add((page, URIRef(HYDRA.itemsPerPage), Literal(PAGE)))
    graph.add((page, URIRef(HYDRA.firstPage), Literal(f"{address}?page=1")))
    graph.add((page, URIRef(HYDRA.lastPage), Literal(f"{address}?page={count}")))
    if number < count:
        graph.add((page, URIRef(HYDRA.nextPage), Literal(f"{address}?page={number + 1}")))


def _broken(plan: Plan, _address: str) -> Site:
    """One Turtle file with broken records among good ones, sent as text/plain."""
    describer = Describer(plan)
    blocks = [describer.catalogue(plan.datasets).serialize(format="turtle")]
    blocks += (broken_turtle(describer, dataset) for dataset in plan.datasets)
    return {"/catalog": Resource("text/plain; charset=utf-8", "\n".join(blocks).encode())}


def _nothing(_plan: Plan, _address: str) -> Site:
    return {}


DIALECTS: Final = {
    "hydra-turtle": Dialect(
        "paged Turtle (hydra:PartialCollectionView)",
        "/catalog",
        _paged("/catalog", "turtle", "text/turtle; charset=utf-8", _partial_view),
    ),
    "hydra-rdfxml": Dialect(
        "paged RDF/XML (hydra:PagedCollection)",
        "/catalog.rdf",
        _paged("/catalog.rdf", "xml", "application/rdf+xml", _paged_collection),
    ),
    "fdp-reference": Dialect("FAIR Data Point (reference implementation), with a draft", "/", fairdatapoint.reference),
    "fdp-mini": Dialect("FAIR Data Point (mini node)", fairdatapoint.PREFIX, fairdatapoint.mini),
    "fdp-standalone": Dialect(
        "FAIR Data Point (standalone node, JSON-LD)", f"{fairdatapoint.PREFIX}/", fairdatapoint.standalone
    ),
    "trig": Dialect("one trig file", "/catalog.trig", _trig),
    "turtle-broken": Dialect("one Turtle file with broken records, called text/plain", "/catalog", _broken),
    "down": Dialect("no answer", "/catalog", _nothing),
}
