"""Generations of the index: which one readers use, the next one beside it, and how far each has read the journal."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from catalogue.errors import SearchUnavailable
from catalogue.search.elastic.faults import IndexGone
from catalogue.search.elastic.mapping import PROGRESS, Json, complete, dataset_index, label_index
from catalogue.search.elastic.naming import LABELS, OWNER, WRITE, Generation, generation_of
from catalogue.search.elastic.server import Server

_log = logging.getLogger(__name__)
_COPIES_SECONDS: Final = 60.0  # how long a rebuild waits for the copies of an index before readers get it


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a generation has read the journal, with what stamp, and in which layout it is written.

    `languages` are those whose stems it holds, or held. `naming` grows whenever a label changes.
    """

    cursor: int = 0
    stamp: str = ""
    layout: str = ""
    languages: tuple[str, ...] = ()
    naming: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """The generation readers use, and how it stands. `version` is another one after each change of its content."""

    generation: Generation
    progress: Progress
    version: tuple[int, int]


class Generations:
    """The generations of one prefix. Nothing another owner made is ever changed."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._prefix = server.place.prefix

    def standing(self) -> Standing | None:
        """Return how the generation in use stands; None where nothing was ever written."""
        try:
            found = self._server.get(f"{self._prefix}{LABELS}", PROGRESS)
        except IndexGone:
            return None
        if found is None:
            raise self._foreign(f"{self._prefix}{LABELS}")
        return self.read(found)

    def read(self, found: Mapping[str, Any]) -> Standing:
        """Read a document of progress, from a search or by itself."""
        generation = generation_of(self._prefix, found["_index"])
        written = found.get("_source", {}).get(PROGRESS)
        if generation is None or not isinstance(written, dict):
            raise self._foreign(found["_index"])
        known = {field.name: written[field.name] for field in fields(Progress) if field.name in written}
        progress = Progress(**(known | {"languages": tuple(known.get("languages", ()))}))
        return Standing(generation, progress, (found["_primary_term"], found["_seq_no"]))

    def record(self, generation: Generation, progress: Progress) -> None:
        """Write the progress; on return it is durable, and readers see it."""
        self._server.write(f"{generation.labels}{WRITE}", PROGRESS, {PROGRESS: asdict(progress)})

    def begin(self) -> Generation:
        """Make the indices of a new generation, which nobody reads yet. Removes what earlier failures left.

        Raises `SearchUnavailable` where a name we need is in use by something that is not ours.
        """
        there = self._there()
        self._check(there)
        self._sweep(there)
        numbers = [found.number for index in there if (found := generation_of(self._prefix, index))]
        generation = Generation(self._prefix, max(numbers, default=0) + 1)
        place = self._server.place
        self._server.create(generation.datasets, dataset_index(place), f"{generation.datasets}{WRITE}")
        self._server.create(generation.labels, label_index(place), f"{generation.labels}{WRITE}")
        return generation

    def finish(self, generation: Generation) -> None:
        """Make a complete generation safe: on disk, and on as many nodes as it is to be."""
        self._server.settle(generation.indices, complete(self._server.place))
        self._server.refresh(generation.indices)
        if not self._server.replicated(generation.indices, _COPIES_SECONDS):
            _log.warning("the copies of %s are not all made after %g seconds", generation.datasets, _COPIES_SECONDS)

    def swap(self, generation: Generation) -> None:
        """Make a generation the one readers use, in one step, then remove the others."""
        there = self._there()
        self._check(there)
        moves: list[Json] = []
        for index, kind in zip(generation.indices, ("", LABELS), strict=True):
            alias = f"{self._prefix}{kind}"
            moves += [
                {"remove": {"index": old, "alias": alias}} for old, told in there.items() if alias in _aliases(told)
            ]
            moves.append({"add": {"index": index, "alias": alias}})
        self._server.alias(moves)
        try:
            self._sweep(self._there())
        except SearchUnavailable as error:
            _log.warning("the old search index stays until the next rebuild: %s", error)

    def discard(self, generation: Generation) -> None:
        """Remove a generation that was begun and failed; where that fails too, the next rebuild does it."""
        try:
            self._server.delete(generation.indices)
        except SearchUnavailable as error:
            _log.warning("a search index that was begun stays until the next rebuild: %s", error)

    def _there(self) -> Mapping[str, Json]:
        return self._server.indices((self._prefix, f"{self._prefix}{LABELS}", f"{self._prefix}-g*"))

    def _check(self, there: Mapping[str, Json]) -> None:
        """Raise where one of our two names is an index, or leads to one, that we did not make."""
        ours = {self._prefix, f"{self._prefix}{LABELS}"}
        for index, told in there.items():
            named = index in ours or bool(ours & _aliases(told))
            if named and not self._owns(index, told):
                raise self._foreign(index)

    def _sweep(self, there: Mapping[str, Json]) -> None:
        """Remove every generation of ours that no reader is led to."""
        ours = {self._prefix, f"{self._prefix}{LABELS}"}
        idle = [index for index, told in there.items() if self._owns(index, told) and not ours & _aliases(told)]
        if idle:
            self._server.delete(idle)

    def _owns(self, index: str, told: Json) -> bool:
        owner = told.get("mappings", {}).get("_meta", {}).get(OWNER)
        return generation_of(self._prefix, index) is not None and owner == self._prefix

    def _foreign(self, index: str) -> SearchUnavailable:
        return SearchUnavailable(
            f"The name {self._prefix} is in use on the search server for something else ({index}), which is left "
            "alone: choose another search_prefix.",
            url=self._server.place.shown,
        )


def _aliases(told: Json) -> set[str]:
    return set(told.get("aliases", {}))
