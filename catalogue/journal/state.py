"""One row of the journal: a record as it was accepted at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shapes.graph import RecordGraph
from shapes.record import Kind
from shapes.report import Verdict


class Status(StrEnum):
    """What became of a record."""

    LISTED = "listed"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class State:
    """A record state. `id` is the permanent identifier of the record's page; `seq` orders everything that happened.

    `issued` is when the catalogue first listed the record; `time` is when this state was written (both UTC).
    `body` is canonical N-Triples, as in `shapes.record.Record`. A withdrawn state keeps the last body: its tombstone.
    """

    seq: int
    id: str
    source: str
    kind: Kind
    subject: str
    identifiers: tuple[str, ...]
    digest: str
    status: Status
    run: int | None
    time: datetime
    issued: datetime
    complete: bool
    verdict: Verdict | None
    body: bytes

    def graph(self) -> RecordGraph:
        """Parse the body."""
        return RecordGraph.from_ntriples(self.body)
