"""An entry: one record state with all that is derived from it, made once and handed to every projection."""

from __future__ import annotations

from dataclasses import dataclass, field

from catalogue.dac.committee import Access
from catalogue.dataset import Dataset
from catalogue.enrich.enrichment import Enrichment
from catalogue.journal.state import State
from harvester.source import Source
from shapes.graph import RecordGraph


@dataclass(frozen=True, slots=True)
class Entry:
    """A state, its read model (datasets and series; None for other kinds), its access bodies and its source.

    `enrichments` is what other services say of the dataset; none of it is the node's word.
    `parsed` is the state's graph where it was parsed to make this entry, so that a projection need not parse it again.
    """

    state: State
    source: Source
    dataset: Dataset | None
    access: Access
    enrichments: tuple[Enrichment, ...] = ()
    parsed: RecordGraph | None = field(default=None, compare=False, repr=False)

    def graph(self) -> RecordGraph:
        """Return the graph of the state."""
        return self.state.graph() if self.parsed is None else self.parsed
