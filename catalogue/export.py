"""The whole catalogue as one RDF document, streamed from the journal: every literal as its node wrote it.

Another catalogue can harvest the file and gets the same records. For that the blank nodes need care: what two records
share (a service with its contact point, say) stands in both, and must not come back as two of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import IO, TypeAlias

import pyoxigraph as ox

from catalogue.journal.journal import Journal
from catalogue.journal.state import State
from catalogue.store.layout import Layout
from shapes.canonical import canonicalise
from shapes.vocabulary import PREFIXES

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def export_nquads(journal: Journal, layout: Layout, output: IO[bytes]) -> int:
    """Write N-Quads, a graph per record; return how many records."""
    return _write(journal, layout, output, ox.RdfFormat.N_QUADS)


def export_turtle(journal: Journal, layout: Layout, output: IO[bytes]) -> int:
    """Write Turtle, all records in one graph; return how many records."""
    return _write(journal, layout, output, ox.RdfFormat.TURTLE)


def export_jsonld(journal: Journal, layout: Layout, output: IO[bytes]) -> int:
    """Write flattened JSON-LD, a graph per record; return how many records."""
    return _write(journal, layout, output, ox.RdfFormat.JSON_LD)


def _write(journal: Journal, layout: Layout, output: IO[bytes], form: ox.RdfFormat) -> int:
    count = 0

    def quads() -> Iterator[ox.Quad]:
        nonlocal count
        for state in journal.heads():
            count += 1
            graph = layout.delivered(state.id)
            for subject, predicate, value in _statements(state):
                yield ox.Quad(subject, predicate, value, graph)

    found = quads()
    if form is ox.RdfFormat.TURTLE:
        ox.serialize((quad.triple for quad in found), output, format=form, prefixes=PREFIXES)
    else:
        ox.serialize(found, output, format=form, prefixes=PREFIXES)
    return count


def _statements(state: State) -> Iterator[ox.Triple]:
    """Yield a record's statements, its blank nodes named by what is said of them.

    What hangs together over blank nodes is named by the digest of its canonical form: equal structures of two records
    become one again where the document is read as one graph, and two equal structures of one record stay two.
    """
    copies: Counter[str] = Counter()
    plain: list[ox.Triple] = []
    blank: list[ox.Triple] = []
    for quad in ox.parse(state.body, format=ox.RdfFormat.N_TRIPLES):
        (blank if _blank_nodes(quad.triple) else plain).append(quad.triple)
    yield from plain
    for structure in _structures(blank):
        body, digest = canonicalise(structure)
        copies[digest] += 1
        mark = f"{digest[:32]}n{copies[digest]}"
        for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES):
            yield _marked(quad.triple, mark)


def _structures(triples: Iterable[ox.Triple]) -> Iterable[list[ox.Triple]]:
    """Return the triples in groups that share no blank node."""
    together: dict[str, str] = {}

    def top(node: str) -> str:
        while together.setdefault(node, node) != node:
            together[node] = together[together[node]]
            node = together[node]
        return node

    found = [(triple, _blank_nodes(triple)) for triple in triples]
    for _, nodes in found:
        for node in nodes:
            together[top(node)] = top(nodes[0])
    groups: dict[str, list[ox.Triple]] = defaultdict(list)
    for triple, nodes in found:
        groups[top(nodes[0])].append(triple)
    return groups.values()


def _blank_nodes(term: Term) -> list[str]:
    if isinstance(term, ox.BlankNode):
        return [term.value]
    if isinstance(term, ox.Triple):
        return [*_blank_nodes(term.subject), *_blank_nodes(term.object)]
    return []


def _marked(triple: ox.Triple, mark: str) -> ox.Triple:
    """Return a triple with a mark in the names of its blank nodes."""

    def own(term: Term) -> Term:
        if isinstance(term, ox.BlankNode):
            return ox.BlankNode(f"{mark}{term.value}")
        return _marked(term, mark) if isinstance(term, ox.Triple) else term

    return ox.Triple(own(triple.subject), triple.predicate, own(triple.object))  # type: ignore[arg-type]
