"""Every statement of a record, as a page can show it: for the kinds that have no page of their own design."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox
from markupsafe import Markup, escape

from shapes.graph import Node, RecordGraph, Term, node_of, text_of
from shapes.vocabulary import shorten
from ui.sanitise import anchor, plain


@dataclass(frozen=True, slots=True)
class Told:
    """One node of the graph: a place to jump to, its name, and what is said of it."""

    anchor: str
    name: str
    said: tuple[tuple[str, tuple[Markup, ...]], ...]


def tell(graph: RecordGraph, subject: str) -> list[Told]:
    """Tell the nodes of a graph, the resource itself first."""
    start = node_of(subject)
    order = [start, *(node for node in graph.nodes() if node != start)]
    numbers = {node: number for number, node in enumerate(order)}
    return [
        Told(
            f"n{numbers[node]}",
            shorten(text_of(node)),
            tuple((name, tuple(_value(t, numbers) for t in terms)) for name, terms in graph.predicates(node).items()),
        )
        for node in order
    ]


def _value(term: Term, numbers: dict[Node, int]) -> Markup:
    if isinstance(term, ox.Literal):
        note = term.language or ""
        shown = escape(plain(term.value))
        return Markup('{} <span class="tag">{}</span>').format(shown, note) if note else shown
    if term in numbers:
        return Markup('<a href="#n{}">{}</a>').format(numbers[term], shorten(text_of(term)))
    return anchor(term.value, shorten(term.value)) if isinstance(term, ox.NamedNode) else escape(text_of(term))
