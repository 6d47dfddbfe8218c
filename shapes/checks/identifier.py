"""Identifiers that do not identify: two datasets of one delivery under the same dct:identifier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from shapes.checks.breach import Breach
from shapes.graph import node_of
from shapes.record import Kind, Record
from shapes.vocabulary import DCT


def shared_identifiers(records: Sequence[Record]) -> Iterator[tuple[Record, Breach]]:
    """Yield each dataset with each identifier that another dataset of the delivery has too.

    Two records of one subject (a dataset described on two pages) are one dataset.
    """
    holders: dict[str, dict[str, Record]] = defaultdict(dict)
    for record in records:
        if record.kind is Kind.DATASET:
            for identifier in record.identifiers:
                holders[identifier].setdefault(record.subject, record)
    for identifier, found in holders.items():
        if len(found) > 1:
            for record in found.values():
                yield record, Breach(node_of(record.subject), DCT.identifier, ox.Literal(identifier))
