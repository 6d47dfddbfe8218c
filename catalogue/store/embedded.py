"""The embedded RDF store: Oxigraph on disk. One process writes; queries run over snapshots in worker processes.

Folder: `<generation>/live` is written to, `<generation>/snapshot-<n>` are its hard-linked checkpoints, and
`current.json` names the newest one with the journal cursor it stands for. That file is replaced in one step after
everything else is on disk, so a reader, or a start after a crash, sees either the old state or the new one.

Oxigraph's view of the union of all graphs repeats a statement that stands in two of them, which makes joins and counts
wrong. So the union is kept as the default graph itself: a statement leaves it when the last graph that holds it does.
The graph of withdrawn records stays out of it.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from catalogue.durable import replace_file
from catalogue.entry import Entry
from catalogue.errors import StoreLocked
from catalogue.journal.state import Status
from catalogue.store.graphs import Graphs
from catalogue.store.loading import Loader
from catalogue.store.median import AGGREGATES
from catalogue.store.pool import Pool
from catalogue.store.port import Caller, SparqlAnswer, SparqlQuery
from shapes.collecting import give_back
from shapes.errors import CannotWork
from shapes.vocabulary import GDIX

_DEFAULT: Final = ox.DefaultGraph()
_SNAPSHOT_SECONDS: Final = 300.0  # far longer than any query may run, so nobody reads what is removed
_AT_ONCE: Final = 6 * 1024 * 1024  # bytes of graphs handed in at once: some hundred and fifty records

NamedGraphs: TypeAlias = dict[ox.NamedNode, Sequence[ox.Triple]]


@dataclass(frozen=True, slots=True)
class _Current:
    """What `current.json` says. `number` counts snapshots over all generations.

    `merged` is how many bytes of graphs had been loaded when the engine's files were last merged, `loaded` how many
    came since.
    """

    generation: int = 0
    number: int = 0
    cursor: int = 0
    stamp: str = ""
    refreshed: str = ""
    merged: int = 0
    loaded: int = 0

    @property
    def scattered(self) -> bool:
        """Whether so much came since that merging pays: every query looks into each file that is not merged."""
        return self.loaded > max(self.merged, _AT_ONCE) // 2


class EmbeddedStore:
    """The projection of the journal as RDF; see `catalogue.store.port.RdfStore` for its promises.

    `registry` gives the statements that change without a record changing. `start_pool` makes the worker pool from a
    function that tells the newest snapshot's folder.
    """

    def __init__(
        self,
        folder: Path,
        graphs: Graphs,
        registry: Callable[[], NamedGraphs],
        start_pool: Callable[[Callable[[], Path]], Pool],
    ) -> None:
        self._folder = folder
        self._graphs = graphs
        self._registry = registry
        self._apart = frozenset({graphs.layout.history})  # graphs that are not part of the union
        self._pool = start_pool(self._snapshot)
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def name(self) -> str:
        """`store`."""
        return "store"

    @property
    def aggregates(self) -> frozenset[str]:
        """See `catalogue.store.port.AskedStore`."""
        return frozenset(name.value for name in AGGREGATES)

    def cursor(self) -> int:
        """See `catalogue.projection.Projection`."""
        return self._read().cursor

    def stamp(self) -> str:
        """See `catalogue.projection.Projection`."""
        return self._read().stamp

    def apply(self, entries: Iterable[Entry], upto: int) -> None:
        """See `catalogue.projection.Projection`."""
        current = self._read()
        loaded = current.loaded
        with self._writer(current.generation) as store:
            with Loader(store) as loader:
                for some in _in_parts(self._texts(entries)):
                    loader.wait()  # what it loads may come again here
                    known = {name: _triples(text) for name, text in some.items() if _is_known(store, name, text)}
                    _replace(store, known, self._apart)
                    loaded += loader.load({name: text for name, text in some.items() if name not in known})
            self._publish(store, replace(current, cursor=upto, loaded=loaded))

    def refreshed(self) -> str:
        """See `catalogue.projector.Refreshed`. Files that want merging are merged by `refresh`, too."""
        current = self._read()
        return "" if current.scattered else current.refreshed

    def refresh(self, activity: str) -> None:
        """See `catalogue.projector.Refreshed`."""
        current = replace(self._read(), refreshed=activity)
        with self._writer(current.generation) as store:
            changed = _replace(store, self._registry(), self._apart)
            if current.scattered:
                store.optimize()
                changed, current = True, replace(current, merged=current.merged + current.loaded, loaded=0)
            if changed:
                self._publish(store, current)
            else:
                self._point(current)

    def rebuild(self, entries: Iterable[Entry], upto: int, stamp: str) -> None:
        """See `catalogue.projection.Projection`."""
        old = self._newest()
        new = replace(old, generation=old.generation + 1, cursor=upto, stamp=stamp, refreshed="", loaded=0)
        merged = 0
        shutil.rmtree(self._generation(new.generation), ignore_errors=True)
        try:
            with self._writer(new.generation) as store:
                with Loader(store) as loader:
                    for some in _in_parts(self._texts(entries)):
                        merged += loader.load(some)
                _replace(store, self._registry() | self._graphs.labels(), self._apart)
                store.optimize()
                self._publish(store, replace(new, merged=merged))
        except BaseException:
            shutil.rmtree(self._generation(new.generation), ignore_errors=True)
            raise
        if old.generation:
            shutil.rmtree(self._generation(old.generation) / "live", ignore_errors=True)

    def digests(self) -> Mapping[str, str]:
        """The id and digest of every dataset whose graphs the newest snapshot really holds."""
        if not self._read().number:
            return {}
        store = ox.Store.read_only(os.fspath(self._snapshot()))
        found: dict[str, str] = {}
        for quad in store.quads_for_pattern(None, ox.NamedNode(GDIX.datasetDigest), None, None):
            if isinstance(quad.graph_name, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                record = quad.graph_name.value.rpartition("/")[2]
                if store.contains_named_graph(self._graphs.layout.delivered(record)):
                    found[record] = quad.object.value
        return found

    def ask(self, query: SparqlQuery, *, seconds: float | None = None, caller: Caller | None = None) -> SparqlAnswer:
        """See `catalogue.store.port.RdfStore`."""
        return self._pool.ask(query, seconds=seconds, caller=caller)

    def version(self) -> str:
        """See `catalogue.store.port.RdfStore`. A pointer written anew is a new version, even with the old numbers."""
        current = self._read()
        written = (self._folder / "current.json").stat().st_mtime_ns if current.number else 0
        return f"{current.cursor}-{current.generation}-{current.number}-{written}"

    def close(self) -> None:
        """Stop the workers."""
        self._pool.close()

    def _texts(self, entries: Iterable[Entry]) -> Iterator[tuple[ox.NamedNode, bytes]]:
        """Yield the graphs of entries; those of one that is not listed are empty."""
        for entry in entries:
            yield from self._graphs.of(entry, listed=entry.state.status is Status.LISTED).items()

    def _generation(self, number: int) -> Path:
        return self._folder / f"generation-{number}"

    def _snapshot(self) -> Path:
        current = self._read()
        if not current.number:
            self._create_empty(current)
            current = self._read()
        return self._generation(current.generation) / f"snapshot-{current.number}"

    def _create_empty(self, current: _Current) -> None:
        """Make the first snapshot, so that an empty catalogue answers queries too."""
        with self._writer(current.generation) as store:
            _replace(store, self._registry() | self._graphs.labels(), self._apart)
            self._publish(store, current)

    def _read(self) -> _Current:
        try:
            return _Current(**json.loads((self._folder / "current.json").read_text("utf-8")))
        except FileNotFoundError:
            return _Current()
        except (OSError, ValueError, TypeError) as error:
            raise CannotWork(f"The store's pointer file cannot be read ({error}).") from error

    def _newest(self) -> _Current:
        """Return what the pointer says; where it is damaged, the highest numbers in use, so that none is used again."""
        try:
            return self._read()
        except CannotWork:
            generations = [_number(folder) for folder in self._folder.glob("generation-*")]
            snapshots = [_number(folder) for folder in self._folder.glob("generation-*/snapshot-*")]
            return _Current(generation=max(generations, default=0), number=max(snapshots, default=0))

    @contextmanager
    def _writer(self, generation: int) -> Iterator[ox.Store]:
        """Open the live store for the length of one batch: another process may write the next one."""
        live = self._generation(generation) / "live"
        live.parent.mkdir(parents=True, exist_ok=True)
        try:
            store = ox.Store(os.fspath(live))
        except OSError as error:
            raise StoreLocked(f"The RDF store is being written by another process, or is damaged: {error}") from error
        try:
            yield store
        finally:
            del store
            give_back()

    def _publish(self, store: ox.Store, current: _Current) -> None:
        """Make what was written durable and visible: flush, checkpoint, then the pointer, in this order."""
        store.flush()
        current = replace(current, number=current.number + 1)
        target = self._generation(current.generation) / f"snapshot-{current.number}"
        shutil.rmtree(target, ignore_errors=True)  # left by a crash before its pointer
        store.backup(os.fspath(target))
        self._point(current)
        self._sweep(current)

    def _point(self, current: _Current) -> None:
        """Make the pointer say this, durably and in one step."""
        replace_file(self._folder / "current.json", json.dumps(asdict(current)))

    def _sweep(self, current: _Current) -> None:
        """Remove snapshots nobody can be reading any more, and generations left without any."""
        for folder in self._folder.glob("generation-*/snapshot-*"):
            if _number(folder) < current.number and time.time() - folder.stat().st_mtime > _SNAPSHOT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
        for generation in self._folder.glob("generation-*"):
            if _number(generation) < current.generation and not any(generation.glob("snapshot-*")):
                shutil.rmtree(generation, ignore_errors=True)


def _number(folder: Path) -> int:
    """Return the number at the end of a generation's or snapshot's name."""
    return int(folder.name.rpartition("-")[2])


def _in_parts(graphs: Iterable[tuple[ox.NamedNode, bytes]]) -> Iterator[dict[ox.NamedNode, bytes]]:
    """Yield graphs some at a time, so that what is in memory does not grow with how many there are."""
    some: dict[ox.NamedNode, bytes] = {}
    size = 0
    for name, text in graphs:
        some[name] = text
        size += len(text)
        if size >= _AT_ONCE:
            yield some
            some, size = {}, 0
    yield some


def _is_known(store: ox.Store, name: ox.NamedNode, text: bytes) -> bool:
    """Whether a graph is to be compared with what the store has of it: it is there, or shall have nothing."""
    return not text or store.contains_named_graph(name)


def _triples(text: bytes) -> Sequence[ox.Triple]:
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]


def _replace(store: ox.Store, graphs: NamedGraphs, apart: AbstractSet[ox.NamedNode] = frozenset()) -> bool:
    """Give each named graph exactly these triples, and keep the default graph the union of all but those `apart`.

    Return whether anything changed. What was removed stays in the union as long as any graph of it still holds it.
    """
    gone: list[ox.Quad] = []
    come: list[ox.Quad] = []
    for name, triples in graphs.items():
        old = set(store.quads_for_pattern(None, None, None, name))
        new = {ox.Quad(subject, predicate, value, name) for subject, predicate, value in triples}
        if old:
            new = _as_stored(new)
        gone += old - new
        come += new - old
    _renew_union(store, gone, come, apart)
    for quad in gone:
        store.remove(quad)
    store.extend(come)
    return bool(gone or come)


def _renew_union(
    store: ox.Store, gone: Iterable[ox.Quad], come: Iterable[ox.Quad], apart: AbstractSet[ox.NamedNode]
) -> None:
    """Bring the union to what it will be, before the graphs themselves change.

    In this order a crash anywhere leaves the graphs different from what they shall be, so that applying the batch again
    finds, and finishes, what is left to do.
    """
    outside = apart | {_DEFAULT}
    arriving = {quad.triple for quad in come if quad.graph_name not in outside}
    leaving = {quad for quad in gone if quad.graph_name not in outside}
    store.extend(ox.Quad(t.subject, t.predicate, t.object, _DEFAULT) for t in arriving)
    for quad in leaving:
        holders = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        held = any(h not in leaving and h.graph_name not in outside for h in holders)
        if not held and quad.triple not in arriving:
            store.remove(ox.Quad(quad.subject, quad.predicate, quad.object, _DEFAULT))


def _as_stored(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Return quads as a store gives them back.

    It rewrites literals (a time zone `+00:00` to `Z`, for one), which a comparison must not take for a change.
    """
    memory = ox.Store()
    memory.extend(quads)
    return set(memory)
