"""Routes as RDF: what the derived graph says of where one applies for a dataset (terms: docs/vocabulary.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pyoxigraph as ox

from catalogue.access.route import Route
from catalogue.access.stating import About
from catalogue.folding import digest
from shapes.vocabulary import GDIX, XSD


def route_triples(
    dataset: ox.NamedNode, found: Iterable[Route], page: str, committee_iri: Callable[[str], str]
) -> Iterator[ox.Triple]:
    """Say where one applies for a dataset. The routes are named below `page`, an IRI of ours; best first by rank."""
    for rank, route in enumerate(found, 1):
        say = About.iri_of(f"{page}#route-{digest(f'{route.kind.value} {route.address}')}")
        yield from About(dataset).nodes(GDIX.accessRoute, (say.node,))
        yield from say.type(GDIX.AccessRoute)
        yield from say.nodes(GDIX.dataset, (dataset,))
        yield from say.text(GDIX.rank, str(rank), XSD.integer)
        yield from say.text(GDIX.routeKind, route.kind.value)
        yield from say.iri(GDIX.applyAt, route.address)
        yield from say.iri(GDIX.system, route.system)
        yield from say.text(GDIX.resourceId, route.resources[0] if route.resources else None)
        yield from say.text(GDIX.workflow, route.workflow)
        yield from say.iri(GDIX.body, committee_iri(route.body) if route.body else None)
        yield from say.text(GDIX.method, route.method.value)
        yield from say.said(GDIX.evidence, route.evidence)
