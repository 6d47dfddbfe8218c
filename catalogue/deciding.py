"""Who decides, over the whole catalogue: every committee with its datasets, and the datasets without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from catalogue.dac.committee import Committee, DeciderStatus, Role
from catalogue.describe import Describer
from catalogue.facets import BODY
from catalogue.facets.terms import OPEN
from catalogue.journal.journal import Journal
from catalogue.journal.state import Status
from catalogue.search.port import SearchIndex
from catalogue.search.query import Query
from harvester.source import Source
from shapes.errors import Missing

# The values of the facet `decider` that mean: no committee is known. A stand-in is none.
UNDECIDED: Final = (DeciderStatus.NONE.value, DeciderStatus.STAND_IN.value)


@dataclass(frozen=True, slots=True)
class Governing:
    """A committee, with how many listed datasets it is linked to; None where the index cannot say."""

    committee: Committee
    datasets: int | None


@dataclass(frozen=True, slots=True)
class NodeWork:
    """What a node has to do: of its listed datasets, how many name nobody who decides.

    `none`: no body at all; `stand_in`: a health data access body stands in; `open_data`: open, nothing to decide.
    """

    source: Source
    datasets: int
    none: int
    stand_in: int
    open_data: int

    @property
    def undecided(self) -> int:
        """How many datasets await a deciding body."""
        return self.none + self.stand_in


class Deciding:
    """Reads registry, index and journal. Safe for several threads when its parts are."""

    def __init__(self, journal: Journal, index: SearchIndex, describer: Describer) -> None:
        self._journal = journal
        self._index = index
        self._describer = describer

    def committees(self) -> tuple[Governing, ...]:
        """Return every body of the registry, and those committees that nodes describe in listed datasets.

        Raises `SearchUnavailable`; `registered` answers without the index.
        """
        counts = self.counts()
        registered = self._journal.committees()
        known = {committee.id for committee in registered}
        chain = self._index.tallied(Query(), "dac")
        described = (self._described(key) for key in chain if key not in known)
        found = (*registered, *(committee for committee in described if committee is not None))
        return tuple(Governing(committee, counts.get(committee.id, 0)) for committee in found)

    def committee(self, key: str) -> Governing:
        """Return a body by its identifier. Raises `Missing`, and `SearchUnavailable`."""
        registered = next((c for c in self._journal.committees() if c.id == key), None)
        committee = registered or self._described(key)
        if committee is None:
            raise Missing(f"There is no committee {key!r} in this catalogue.", record=key)
        page = self._index.search(Query(facets={BODY.name: (committee.id,)}, size=1, with_facets=False))
        return Governing(committee, page.total)

    def registered(self) -> tuple[Governing, ...]:
        """Return the bodies of the registry alone, uncounted: all there is to say without the index."""
        return tuple(Governing(committee, None) for committee in self._journal.committees())

    def counts(self) -> Mapping[str, int]:
        """Return how many listed datasets each body is linked to in any role, by its identifier."""
        return self._index.tallied(Query(), BODY.name)

    def chain(self) -> Mapping[str, int]:
        """Return how many listed datasets each committee decides on, recommends on or may veto, by its identifier."""
        return self._index.tallied(Query(), "dac")

    def worklist(self) -> tuple[NodeWork, ...]:
        """Return what every node has to do, most first. Raises `SearchUnavailable`."""
        every = self._index.tallied(Query(), "node")
        by_answer = {
            value: self._index.tallied(Query(facets={"decider": (value,)}), "node") for value in (*UNDECIDED, OPEN)
        }
        none, stand_in, open_data = by_answer.values()
        works = [
            NodeWork(
                source,
                every.get(source.name, 0),
                none.get(source.name, 0),
                stand_in.get(source.name, 0),
                open_data.get(source.name, 0),
            )
            for source in self._journal.sources()
        ]
        return tuple(sorted(works, key=lambda work: (-work.undecided, work.source.name)))

    def _described(self, key: str) -> Committee | None:
        """Return a body as the first dataset it is linked to describes it: as a committee, where it is one anywhere."""
        for name in ("dac", BODY.name):
            page = self._index.search(Query(facets={name: (key,)}, size=1, with_facets=False))
            for hit in page.hits:
                state = self._journal.current(hit.id)
                if state is not None and state.status is Status.LISTED:
                    links = self._describer.entry(state).access.links
                    same = [link for link in links if link.committee.id == key]
                    same.sort(key=lambda link: link.role is Role.HDAB)
                    if same:
                        return same[0].committee
        return None
