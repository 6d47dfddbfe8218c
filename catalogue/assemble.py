"""The composition root: settings become a working house. The only room that names concrete backends."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from catalogue.allowed import EMBEDDED
from catalogue.behind import ProjectionsBehind
from catalogue.catalogue import Catalogue
from catalogue.dac.checking import AddressCheck, check_addresses
from catalogue.describe import Describer, named_under
from catalogue.foresight import Foresee
from catalogue.journal.journal import Journal
from catalogue.journal.opening import open_journal, place
from catalogue.journal.run import Run
from catalogue.journal.state import Status
from catalogue.keeper import Apart, Keeper
from catalogue.notify import Notifier, last_ended, message
from catalogue.projection import Projection
from catalogue.projector import Projector
from catalogue.search.embedded.index import EmbeddedIndex
from catalogue.search.port import SearchIndex
from catalogue.search.watched import WatchedIndex
from catalogue.settings import Settings
from catalogue.store.embedded import EmbeddedStore, NamedGraphs
from catalogue.store.graphs import Graphs
from catalogue.store.history import history_graph
from catalogue.store.layout import Layout
from catalogue.store.pool import Budgets, Pool
from catalogue.store.port import RdfStore
from catalogue.store.watched import WatchedStore
from harvester.address import AddressPolicy
from harvester.credentials import Credential, CredentialFile
from harvester.http import Door, DoorSettings, no_credential, user_agent
from harvester.patience import Patience
from harvester.source import Source
from harvester.stop import Stop
from shapes.collecting import give_back, share_pools
from shapes.errors import CannotWork, Missing

if TYPE_CHECKING:  # imported where they are used: reading needs neither, and is to begin at once
    from catalogue.doctor import Diagnosis
    from catalogue.ingest import Progress

_log = logging.getLogger(__name__)
_RUNS_SHOWN: Final = 20  # latest runs of each node that the registry graph tells of
_CHECK_SECONDS: Final = 20.0  # for one address of a committee
_CHECK_BYTES: Final = 2 * 1024 * 1024  # of its page; a larger one is there, too
_LOOK_SECONDS: Final = 1.0
_READER_SECONDS: Final = 10.0  # a reader does not wait longer for another process to apply what it would see


@dataclass(frozen=True, slots=True)
class House:
    """Every part of one running catalogue. Close it when done; `open_house` does."""

    settings: Settings
    layout: Layout
    journal: Journal
    projector: Projector
    catalogue: Catalogue
    door: Door
    notifier: Notifier

    def harvest(
        self,
        source: Source,
        *,
        progress: Progress | None = None,
        full: bool = False,
        foresee: Foresee | None = None,
        stop: Stop | None = None,
    ) -> Run:
        """Harvest one source into the journal, or foresee it: see `catalogue.ingest`. `settle` makes it visible."""
        from catalogue.ingest import ingest

        run = ingest(
            self.journal,
            source,
            door=self.door,
            settings=self.settings,
            progress=progress,
            full=full,
            foresee=foresee,
            stop=stop,
        )
        give_back()  # while store and index catch up elsewhere, 30 MB after a large source
        if foresee is None:
            self._tell(run, source)
        return run

    def _tell(self, run: Run, source: Source) -> None:
        """Tell the people who run the catalogue, if this run changed something they should know."""
        before = last_ended(self.journal.runs(source.name, limit=_RUNS_SHOWN), run)
        told = message(run, before, source, self.settings)
        if told is not None:
            self.notifier.notify(told)

    def check_committees(self, *ids: str) -> tuple[AddressCheck, ...]:
        """Try the addresses of the registry's committees, or of those named, through the guarded door; keep what came.

        Raises `Missing` for a committee the registry does not have.
        """
        registered = {committee.id: committee for committee in self.journal.committees()}
        unknown = next((each for each in ids if each not in registered), None)
        if unknown is not None:
            raise Missing(f"The registry has no committee {unknown!r}.", record=unknown)
        wanted = [registered[each] for each in ids] if ids else list(registered.values())
        limits = replace(self.door.settings, total=_CHECK_SECONDS, max_bytes=_CHECK_BYTES)
        with Door(limits, policy=self.door.policy, patience=Patience(retries=0)) as door:
            checks = tuple(check_addresses(wanted, lambda url: door.get(url, accept="*/*"), self.journal.now))
        self.journal.put_checks(checks)
        return checks

    def remove_source(self, name: str, *, keep: bool = False) -> int:
        """Remove a source; see `Journal.remove_source`. Returns how many records are withdrawn; `settle` shows it."""
        from catalogue.answers import answers_folder

        withdrawn = self.journal.remove_source(name, keep=keep)
        shutil.rmtree(answers_folder(self.settings, name), ignore_errors=True)
        return withdrawn

    def settle(self) -> None:
        """Return once store and index have applied everything in the journal, by this process or another."""
        self.projector.settle()

    def freshen(self, *names: str) -> None:
        """Let store and index (or those named) apply what they have not yet, for one who reads: after a crash, say.

        Where they stay behind (another process is long at it, a disk is full) the log says so, and reading goes on.
        """
        try:
            self.projector.settle(_READER_SECONDS, names)
        except ProjectionsBehind:
            return  # the projector has logged it
        except CannotWork as error:
            _log.warning("the answer may be older than the journal: %s", error)

    def keep_settled(self, stop: threading.Event, apart: Apart | None = None) -> None:
        """Until told to stop, apply what other processes append; what fails is logged and tried again.

        `apart` does it in another process (see `catalogue.keeper`), so that pages stay quick.
        """
        Keeper(self.journal, self.projector, apart).keep(stop, _LOOK_SECONDS)

    def reindex(self, names: Iterable[str]) -> None:
        """Make the named projections (`store`, `index`) anew beside the old ones, then swap."""
        self.projector.reindex(names)

    def diagnose(self, *, repair: bool = False) -> Diagnosis:
        """Compare journal, store and index; with `repair`, mend what differs first.

        What was appended and never applied is applied before: a run that was killed leaves nothing amiss.
        """
        from catalogue import doctor

        if not repair:
            if behind := self._merely_behind():
                self.freshen(*behind)
            return doctor.examine(self.journal, self.projector, self.settings)
        return doctor.repair(self.journal, self.projector, self.settings)

    def _merely_behind(self) -> tuple[str, ...]:
        """Return what lacks nothing but what is appended: a projection that is gone or damaged is a finding."""
        stamp, empty = self.projector.stamp(), not self.journal.last_seq()
        return tuple(p.name for p in self.projector.projections if empty or _made_with(p, stamp))


def _made_with(projection: Projection, stamp: str) -> bool:
    try:
        return projection.stamp() == stamp
    except CannotWork:
        return False


@contextmanager
def open_house(settings: Settings) -> Iterator[House]:
    """Open the catalogue the settings describe, making an empty one where there is none.

    Raises `BadSetting` for settings that contradict each other, and leaves of `CannotWork`.
    """
    share_pools()
    journal = open_journal(place(settings))
    layout = Layout(settings.base_url)
    store = _store(settings, Graphs(layout), lambda: _registry(journal, layout, settings))
    index = _index(settings)
    watched, asked = WatchedIndex(index), WatchedStore(store)  # for readers; the projector has pauses of its own
    describer = Describer(journal, layout.base)
    projector = Projector(journal, (store, index), describer, settings.data, title=settings.title)
    door = _door(settings)
    catalogue = Catalogue(
        journal=journal,
        index=watched,
        store=asked,
        describer=describer,
        base_url=settings.base_url,
        troubles=lambda: (*watched.troubles, *asked.troubles, *projector.troubles),
    )
    try:
        notifier = Notifier(settings, door, _credentials(settings))
        yield House(settings, layout, journal, projector, catalogue, door, notifier)
    finally:
        door.close()
        index.close()
        store.close()
        journal.close()


@contextmanager
def open_as_named(settings: Settings) -> Iterator[House]:
    """Open the catalogue under the address that the store names its records by, whatever `base_url` says.

    For one who does not serve: more likely than that the catalogue moved, the setting was forgotten. Names that moved
    are made anew by who serves, by `reindex` and by `doctor --repair`. Raises as `open_house` does.
    """
    base = _named_by(settings)
    if base is not None:
        _log.warning("records are named under %s, base_url is %s: they keep their names", base, settings.base_url)
        settings = replace(settings, base_url=base)
    with open_house(settings) as house:
        yield house


def _named_by(settings: Settings) -> str | None:
    """Return the address that the store in the data folder was made under; None: the setting's, or unknown.

    A server is not asked: it may be away, and a verb that needs nothing of it does not wait for it.
    """
    named = ""
    with suppress(OSError, CannotWork):  # whoever opens the journal there says what is wrong with the folder
        if settings.store == EMBEDDED and (settings.data / "store").is_dir():
            with closing(_store(settings, Graphs(Layout(settings.base_url)), dict)) as store:
                named = named_under(store.stamp())
    return named if named not in {"", settings.base_url} else None


def _credentials(settings: Settings) -> Callable[[str], Credential | None]:
    return CredentialFile(Path(settings.credentials)).of if settings.credentials else no_credential


def _index(settings: Settings) -> SearchIndex:
    """The search engine the settings name. Raises `BadSetting`; a server is not asked for anything yet."""
    if settings.search == (EMBEDDED,):
        return EmbeddedIndex(settings.data / "index")
    from catalogue.search.elastic import ElasticIndex, read_place  # a default installation does not pay for it

    return ElasticIndex(read_place(settings))


def _door(settings: Settings) -> Door:
    return Door(
        DoorSettings(
            connect=settings.harvest_connect_timeout,
            read=settings.harvest_read_timeout,
            total=settings.harvest_total_timeout,
            max_bytes=settings.harvest_max_bytes,
            agent=user_agent(settings.contact),
        ),
        policy=replace(AddressPolicy(), anywhere=settings.allow_private),
        patience=Patience(retries=settings.harvest_retries),
        credentials=_credentials(settings),
    )


def _store(settings: Settings, graphs: Graphs, registry: Callable[[], NamedGraphs]) -> RdfStore:
    """The RDF store the settings name. Raises `BadSetting`; a server is not asked for anything yet."""
    budgets = Budgets(
        seconds=settings.sparql_timeout,
        memory=settings.sparql_max_memory,
        most=settings.sparql_max_bytes,
        rows=settings.sparql_max_rows,
    )
    size, kept = settings.sparql_workers, settings.sparql_cache_bytes
    if settings.store != EMBEDDED:
        from catalogue.store.remote import RemoteStore, read_place  # a default installation does not pay for it

        return RemoteStore(read_place(settings), graphs, registry, size=size, budgets=budgets, kept=kept)

    def pool(snapshot: Callable[[], Path]) -> Pool:
        return Pool(snapshot, settings.base_url, size=size, budgets=budgets, kept=kept)

    return EmbeddedStore(settings.data / "store", graphs, registry, pool)


def _registry(journal: Journal, layout: Layout, settings: Settings) -> NamedGraphs:
    from catalogue.store.registry import registry_graphs  # brings rdflib

    sources = journal.sources()
    runs = [run for source in sources for run in journal.runs(source.name, limit=_RUNS_SHOWN)]
    gone = journal.heads(status=Status.WITHDRAWN, with_body=False)
    graphs = registry_graphs(layout, settings.title, sources, runs, journal.committees())
    return graphs | history_graph(layout, gone)
