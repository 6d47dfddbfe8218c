"""What an engine finds: as it is found, in N-Triples text, and as terms for those who ask for terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pyoxigraph as ox

from shapes.engine.text import term_of
from shapes.graph import Node, Term


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What all results of one constraint of one shape have in common. Made once, and compared by identity.

    `path` is as `paths.path_text` gives it; None for a node shape. `severity` and `component` are IRIs.
    """

    component: str
    shape: Node
    path: str | None
    severity: str


class Hit(NamedTuple):
    """One result as it is found; focus and value are N-Triples text. A tuple, because a harvest makes millions."""

    source: Source
    focus: str
    value: str | None = None
    detail: tuple[Hit, ...] = ()
    messages: tuple[ox.Literal, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result (SHACL 1.0, section 3.6.2), in terms of ours.

    `path` is as `paths.path_text` gives it. `messages` are set for SPARQL-based constraints only.
    """

    focus: Term
    path: str | None
    value: Term | None
    component: str
    shape: Node
    severity: str
    messages: tuple[ox.Literal, ...] = ()
    detail: tuple[Result, ...] = ()


def result_of(hit: Hit) -> Result:
    """Return a hit, and those nested in it, with terms instead of text."""
    source = hit.source
    return Result(
        focus=term_of(hit.focus),
        path=source.path,
        value=None if hit.value is None else term_of(hit.value),
        component=source.component,
        shape=source.shape,
        severity=source.severity,
        messages=hit.messages,
        detail=tuple(result_of(nested) for nested in hit.detail),
    )
