"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass

from shapes.graph import Node, Term


@dataclass(frozen=True, slots=True)
class Breach:
    """A node that breaks a rule: at which property (an IRI), with which value."""

    focus: Node
    path: str
    value: Term
