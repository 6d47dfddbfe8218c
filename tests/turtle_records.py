"""Records written as Turtle, for tests of what is read from them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from catalogue.dac.committee import Access
from catalogue.dac.registry import Registry
from catalogue.dac.resolve import resolve
from catalogue.dataset import Dataset
from catalogue.entry import Entry
from catalogue.journal.state import State, Status
from catalogue.reading import read_dataset
from harvester.source import Source
from shapes.graph import RecordGraph, text_of
from shapes.record import Kind
from shapes.report import Verdict
from shapes.vocabulary import DCAT, PREFIXES

DATASET = "https://node.example/dataset/1"
NODE = Source("be-node", "https://node.example/", title="The Belgian node", country="BE")
_HEADER = "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())


def graph(turtle: str) -> RecordGraph:
    """The graph of a Turtle text; every prefix of ours is bound, and `:x` is an IRI of the node."""
    data = f"{_HEADER}@prefix : <https://node.example/> .\n{turtle}".encode()
    return RecordGraph(quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE))


def dataset(statements: str, more: str = "") -> Dataset:
    """The dataset of which these predicates and objects are stated; `more` describes other resources."""
    return read_dataset("abc", DATASET, graph(f"<{DATASET}> a dcat:Dataset ; {statements} . {more}"))


def datasets_in(path: Path) -> Iterator[Dataset]:
    """Every dataset of a file, each read from the whole file's graph."""
    whole = RecordGraph(q.triple for q in ox.parse(path=path, base_iri="https://file.example/", lenient=True))
    for node in whole.nodes():
        if DCAT.Dataset in whole.types(node):
            yield read_dataset("abc", text_of(node), whole)


def entry(read: Dataset | None, source: Source = NODE, verdict: Verdict | None = None) -> Entry:
    """The entry of a listed record with this read model; its access bodies resolved without a registry."""
    now = datetime(2026, 1, 31, tzinfo=UTC)
    state = State(
        seq=1,
        id="abc",
        source=source.name,
        kind=Kind.DATASET if read else Kind.CATALOGUE,
        subject=DATASET,
        identifiers=(),
        digest="0",
        status=Status.LISTED,
        run=1,
        time=now,
        issued=now,
        complete=True,
        verdict=verdict,
        body=b"",
    )
    return Entry(state, source, read, resolve(read, source, Registry()) if read else Access())
