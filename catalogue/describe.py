"""From a record state to an entry: the read model and the access bodies, derived the same way for every projection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from catalogue.dac.committee import Access
from catalogue.dac.registry import Registry
from catalogue.dac.resolve import Told, resolve
from catalogue.enrich.join import Enrichments
from catalogue.enrich.saying import told_by
from catalogue.entry import Entry
from catalogue.journal.journal import Journal
from catalogue.journal.state import State
from catalogue.reading import read_dataset
from harvester.source import Source
from shapes.record import Kind

# Changes whenever entries of the same states would come out differently: projections are then made anew. Bump it with
# every change of reading, resolving, facets or of what projections write.
DERIVATION: Final = "3"
_AT: Final = "@"  # between that and the address of our names, in a stamp

_READ: Final = frozenset({Kind.DATASET, Kind.SERIES})


@dataclass(frozen=True, slots=True)
class _View:
    """Sources, committees and enrichments of one version, replaced as a whole: pages are described while it changes.

    `seq`: the number of the last state that was there when the enrichments were read.
    """

    version: str
    seq: int
    sources: Mapping[str, Source]
    registry: Registry
    enrichments: Enrichments


def named_under(stamp: str) -> str:
    """Return the address that the names of records begin with in what was made with a stamp; empty where unknown."""
    return stamp.partition(_AT)[2]


class Describer:
    """Makes entries, with sources and committees as they were at the last `refresh`. Safe for many threads."""

    def __init__(self, journal: Journal, base: str = "") -> None:
        """`base`: the address that our names of records begin with; where it changes, so does the stamp."""
        self._journal = journal
        self._base = base
        self._view = self._look(journal.registry_version())

    def refresh(self) -> str:
        """Read sources, committees and enrichments again if they changed; return the stamp of what is derived now.

        Enrichments have no part in the stamp: what they are said of is described again, and nothing else is.
        """
        version = self._journal.registry_version()
        if version != self._view.version or self._enriched():
            self._view = self._look(version)
        return f"{DERIVATION}.{version}{_AT}{self._base}" if self._base else f"{DERIVATION}.{version}"

    def entry(self, state: State) -> Entry:
        """Return the entry of a state. Kinds other than datasets and series have no read model and no access bodies."""
        if state.source not in self._view.sources:  # registered since: a new source changes nothing derived before
            self._view = self._look(self._view.version)
        view = self._view
        source = view.sources[state.source]
        if state.kind not in _READ:
            return Entry(state, source, None, Access())
        graph = state.graph()
        dataset = read_dataset(state.id, state.subject, graph)
        enrichments = view.enrichments.of(dataset)
        told: tuple[Told, ...] = tuple(told_by(enrichments, view.sources, view.registry))
        return Entry(state, source, dataset, resolve(dataset, source, view.registry, told), enrichments, graph)

    def _enriched(self) -> bool:
        """Whether an enrichment came or went since they were read. Where none did, that need not be asked again."""
        seq = self._journal.last_seq()
        came = seq < self._view.seq or self._journal.came_since(self._view.seq, Kind.ENRICHMENT)
        if not came:
            self._view = replace(self._view, seq=seq)
        return came

    def _look(self, version: str) -> _View:
        seq = self._journal.last_seq()  # first: what comes meanwhile is read again, which does no harm
        sources = {source.name: source for source in self._journal.sources(removed=True)}
        return _View(version, seq, sources, Registry(self._journal.committees()), Enrichments(self._journal))
