"""An entry: one record state with all that is derived from it, made once and handed to every projection."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.dac.committee import Access
from catalogue.dataset import Dataset
from catalogue.enrich.enrichment import Enrichment
from catalogue.journal.state import State
from harvester.source import Source


@dataclass(frozen=True, slots=True)
class Entry:
    """A state, its read model (datasets and series; None for other kinds), its access bodies and its source.

    `enrichments` is what other services say of the dataset; none of it is the node's word.
    """

    state: State
    source: Source
    dataset: Dataset | None
    access: Access
    enrichments: tuple[Enrichment, ...] = ()
