"""How what is said of a dataset meets the dataset: an identifier of the dataset is the one the service names, exactly.

Beacons and the EGA name datasets by identifiers (GDI matches a Beacon's dataset id with `dct:identifier`), so names are
compared as they are written. An accession of the EGA also stands for the addresses that are made of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from catalogue.dac.registry import ega_accessions
from catalogue.dataset import Dataset
from catalogue.enrich.enrichment import Enrichment
from catalogue.enrich.reading import read_enrichment
from catalogue.journal.journal import Journal
from catalogue.journal.state import State, Status
from shapes.record import Kind

# Where an accession of a dataset is written as an address.
_ADDRESSES: Final = (
    "https://ega-archive.org/datasets/",
    "https://www.ega-archive.org/datasets/",
    "https://identifiers.org/ega.dataset:",
    "http://identifiers.org/ega.dataset:",
)


def names_of(about: str) -> tuple[str, ...]:
    """Return every way in which a dataset may write the identifier that a service gives it."""
    bare = about.strip()
    accession = next(iter(ega_accessions(bare, "D")), None)
    return (bare,) if accession != bare else (bare, *(address + bare for address in _ADDRESSES))


class Enrichments:
    """All that is said of datasets, by the names they may have, as it stood when this was first asked.

    The names are kept at hand, what is said is read when it is wanted. Safe for several threads.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._records: Mapping[str, Sequence[str]] | None = None

    def of(self, dataset: Dataset) -> tuple[Enrichment, ...]:
        """Return what is said of a dataset, in the order of the sources."""
        if self._records is None:
            self._records = self._read()
        if not self._records:
            return ()
        names = (dataset.iri, *dataset.identifiers, *dataset.other_identifiers)
        found = dict.fromkeys(record for name in names for record in self._records.get(name.strip(), ()))
        states = (self._journal.current(record) for record in found)
        told = (read_enrichment(state) for state in states if state is not None and state.status is Status.LISTED)
        return tuple(sorted(told, key=lambda each: (each.source, each.record)))

    def _read(self) -> Mapping[str, Sequence[str]]:
        records: dict[str, list[str]] = {}
        for source in self._journal.sources(removed=True):  # by source, because that is how the journal finds them
            for state in self._journal.heads(Kind.ENRICHMENT, source=source.name, with_body=False):
                for name in (name for about in state.identifiers for name in names_of(about)):
                    records.setdefault(name, []).append(state.id)
        return records


def touched(journal: Journal, states: Iterable[State]) -> Sequence[State]:
    """Return the datasets that these states are said of: what is derived from them may differ now."""
    told = (each for state in states if state.kind is Kind.ENRICHMENT for each in state.identifiers)
    names = {name for about in told for name in names_of(about)}
    return journal.named(names, Kind.DATASET) if names else ()


def unmatched(journal: Journal, about: Collection[str]) -> Sequence[str]:
    """Return which of the identifiers that services give to datasets no listed dataset has."""
    missing = journal.unnamed({name for each in about for name in names_of(each)}, Kind.DATASET)
    return sorted(each for each in about if missing.issuperset(names_of(each)))
