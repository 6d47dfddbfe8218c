"""The canonical form of a graph (RDF Dataset Canonicalization, RDFC-1.0) and its SHA-256: what a description *is*.

Two descriptions are the same exactly when their digests are, whatever the order of their statements and the names of
their blank nodes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from shapes.labelling import plain_labels
from shapes.vocabulary import RDF

_RDFC = ox.CanonicalizationAlgorithm.RDFC_1_0


def canonicalise(triples: Iterable[ox.Triple]) -> tuple[bytes, str]:
    """Return canonical N-Triples (sorted, one line each, a final line break) and the SHA-256 of them in hex.

    Raises TooComplex where naming the blank nodes would cost too much (the algorithm is exponential at worst).
    """
    return canonical_lines(f"{triple} ." for triple in triples)


@dataclass(frozen=True, slots=True)
class Lines:
    """A graph as N-Triples lines, each ending with ` .` and no line break.

    `entangled` are those with a blank node as subject or object; they alone have a say in how blank nodes are named.
    """

    ground: set[str] = field(default_factory=set)
    entangled: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, lines: Iterable[str]) -> Lines:
        """Tell the lines apart."""
        told = cls()
        told.update(lines)
        return told

    def update(self, lines: Iterable[str]) -> None:
        """Take in more lines."""
        for line in lines:
            (self.entangled if "_:" in line and _has_blank_node(line) else self.ground).add(line)

    def __len__(self) -> int:
        return len(self.ground) + len(self.entangled)


def canonical_lines(lines: Iterable[str]) -> tuple[bytes, str]:
    """The same for a graph given as N-Triples lines, each ending with ` .` and no line break."""
    return _canonical(Lines.of(lines))


def _canonical(lines: Lines) -> tuple[bytes, str]:
    body = ("\n".join(sorted(_labelled(lines))) + "\n").encode() if len(lines) else b""
    return body, hashlib.sha256(body).hexdigest()


def canonical_record(lines: Lines, node: str) -> tuple[bytes, str, str]:
    """Return body, digest and the subject's name: the bare IRI, or the label that the canonical form gave a blank node.

    `node` is an N-Triples term of the graph (`<iri>` or `_:label`).
    """
    body, digest = _canonical(lines)
    if not node.startswith("_:"):
        return body, digest, node[1:-1]
    return body, digest, _blank_subject(lines, node, body)


def _labelled(lines: Lines) -> Iterable[str]:
    """Give every blank node its canonical label."""
    if not lines.entangled:
        return lines.ground
    labels = plain_labels(lines.entangled)
    if labels is not None:
        return [*lines.ground, *(_named(line, labels) for line in lines.entangled)]
    dataset = ox.Dataset(ox.parse("\n".join(lines.entangled), format=ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(_RDFC)
    return [*lines.ground, *(f"{quad.triple} ." for quad in dataset)]


def _named(line: str, labels: Mapping[str, str]) -> str:
    subject, predicate, value = line[:-2].split(" ", 2)
    return f"{labels.get(subject, subject)} {predicate} {labels.get(value, value)} ."


def _has_blank_node(line: str) -> bool:
    subject, _, value = line.split(" ", 2)
    return subject.startswith("_:") or value.startswith(("_:", "<<("))


def _blank_subject(lines: Lines, node: str, body: bytes) -> str:
    """Find a blank node again under its canonical name.

    Of the nodes of which the same is said, it is the one that gives the same graph when marked.
    """
    # Not splitlines(): a literal may hold other line breaks, U+2028 for one.
    canonical = body.decode().removesuffix("\n").split("\n")
    said = _said_of(lines.entangled, node)
    names = dict.fromkeys(line.split(" ", 1)[0] for line in canonical if line.startswith("_:"))
    candidates = [name for name in names if _said_of(canonical, name) == said]
    if len(candidates) == 1:
        return candidates[0]
    wanted = _canonical(Lines(lines.ground, {*lines.entangled, _marked(node)}))
    for name in candidates:
        if canonical_lines({*canonical, _marked(name)}) == wanted:
            return name
    return candidates[0]


def _marked(node: str) -> str:
    return f"{node} <{RDF.type}> <urn:x-canonical:root> ."


def _said_of(lines: Iterable[str], node: str) -> list[str]:
    start = f"{node} "
    said = (line[len(start) :].partition(" ") for line in lines if line.startswith(start))
    return sorted(f"{predicate} {'_:' if value.startswith('_:') else value}" for predicate, _, value in said)
