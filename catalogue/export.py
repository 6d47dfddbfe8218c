"""The whole catalogue as one RDF document, streamed from the journal: every literal as its node wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import pyoxigraph as ox

from catalogue.journal.journal import Journal
from catalogue.journal.state import State
from catalogue.store.layout import Layout
from shapes.vocabulary import PREFIXES


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
            yield from _quads(state, layout.delivered(state.id))

    found = quads()
    if form is ox.RdfFormat.TURTLE:
        ox.serialize((quad.triple for quad in found), output, format=form, prefixes=PREFIXES)
    else:
        ox.serialize(found, output, format=form, prefixes=PREFIXES)
    return count


def _quads(state: State, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Return a record's statements; its blank nodes get the record's id, since labels repeat from record to record."""

    def own(term: object) -> object:
        return ox.BlankNode(f"{state.id}-{term.value}") if isinstance(term, ox.BlankNode) else term

    for triple in state.graph():
        yield ox.Quad(own(triple.subject), triple.predicate, own(triple.object), graph)  # type: ignore[arg-type]
