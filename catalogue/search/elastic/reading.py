"""Keeping a reader at the newest content of the index, whichever process wrote it, without asking twice per search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from catalogue.errors import SearchUnavailable
from catalogue.search.elastic.generations import Generations, Progress, Standing
from catalogue.search.elastic.labels import Labels
from catalogue.search.elastic.mapping import elastic_layout
from catalogue.search.elastic.server import Server
from catalogue.search.query import FacetCounts
from catalogue.search.tally import Names, Tally

_LANGUAGES: Final = 64  # readers' preferences for which the counts of the whole index are kept as shown


@dataclass(frozen=True, slots=True)
class Known:
    """What the labels of a generation say, remembered until one of them changes."""

    labels: Labels
    names: Names


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole index, counted once per version of it, and as it was shown."""

    total: int
    tallies: Mapping[str, Tally]
    shown: dict[object, tuple[FacetCounts, ...]] = field(default_factory=dict)

    def keep(self, asked: object, counts: tuple[FacetCounts, ...]) -> None:
        """Remember counts as they were shown."""
        if len(self.shown) >= _LANGUAGES:
            self.shown.clear()
        self.shown[asked] = counts


@dataclass(slots=True)
class View:
    """One version of the index, as far as it is known. `standing` is None where nothing was ever written.

    `long` are facets with more values than one answer holds, and in how many parts they are counted. Shared between
    threads, and only ever added to.
    """

    standing: Standing | None
    known: Known
    whole: Whole | None = None
    long: dict[str, int] = field(default_factory=dict)

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self.standing.progress if self.standing else Progress()


class Reader:
    """Hands out the newest view. Each search brings the version of what it saw, and `saw` makes a newer one of it."""

    def __init__(self, server: Server, generations: Generations) -> None:
        self._server = server
        self._generations = generations
        self._latest: View | None = None
        self._had = False  # whether there was an index once: one that is gone is not an empty one
        self._empty = View(None, _known(server, None))

    def view(self) -> View:
        """Return the newest version that is known. Raises `SearchUnavailable` where it is gone or cannot be read."""
        latest = self._latest
        if latest is not None:
            return latest
        standing = self._generations.standing()
        if standing is not None:
            return self.saw(standing)
        if self._had:
            place = self._server.place
            raise SearchUnavailable(
                f"The search index {place.prefix} is no longer on the server; make it anew: reindex --index.",
                url=place.shown,
            )
        return self._empty

    def saw(self, standing: Standing) -> View:
        """Return the view of a version that a search saw."""
        latest = self._latest
        if latest is not None and latest.standing == standing:
            return latest
        if standing.progress.layout != elastic_layout():
            self._latest = None
            raise SearchUnavailable(
                "The search index was made by another version of this program; make it anew: reindex --index.",
                url=self._server.place.shown,
            )
        view = View(standing, self._named(standing))
        if latest is not None and latest.standing is not None and latest.standing.generation == standing.generation:
            view.long = latest.long
        self._latest, self._had = view, True
        return view

    def forget(self) -> None:
        """Let go of what is known, so that the server is asked again which generation is in use."""
        self._latest = None

    def _named(self, standing: Standing) -> Known:
        latest = self._latest
        if latest is not None and latest.standing is not None:
            same = latest.standing.generation == standing.generation
            if same and latest.progress.naming == standing.progress.naming:
                return latest.known
        return _known(self._server, standing)


def _known(server: Server, standing: Standing | None) -> Known:
    labels = Labels(server, standing.generation if standing else None)
    return Known(labels, Names(labels.read))
