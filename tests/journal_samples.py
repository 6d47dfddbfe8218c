"""Records, events, a clock and a projection in memory, for tests of what the journal remembers and hands on."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa

from catalogue.dac.committee import Access
from catalogue.entry import Entry
from catalogue.ingest import Intake
from catalogue.journal.append import Draft
from catalogue.journal.journal import Journal
from catalogue.journal.opening import open_journal
from catalogue.journal.run import Run
from catalogue.journal.schema import METADATA, REVISION_TABLE
from catalogue.journal.state import State, Status
from catalogue.removal import Policy
from harvester.changes import Changed, Event, Finished, New, Unchanged
from harvester.compare import Key, KnownIndex, compare
from harvester.known import KnownRecord
from harvester.source import Source
from shapes.record import Kind, Record
from shapes.report import Finding, Report
from shapes.vocabulary import ADMS, DCAT, DCT, RDF, SKOS

BASE = "https://node.example/"
SOURCE = Source("be", f"{BASE}catalog.ttl", title="The Belgian node", country="BE")
PROFILE = "gdi-core"
START = datetime(2025, 1, 1, tzinfo=UTC)
_CLASSES = {
    Kind.DATASET: DCAT.Dataset,
    Kind.SERIES: DCAT.DatasetSeries,
    Kind.SERVICE: DCAT.DataService,
    Kind.CATALOGUE: DCAT.Catalog,
}


class Clock:
    """A second later each time it is asked, and whenever it is told."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def record(
    name: str,
    title: str = "A title",
    *,
    identifier: str | None = None,
    notation: str | None = None,
    kind: Kind = Kind.DATASET,
    complete: bool = True,
) -> Record:
    """A record of that name; `name` may be an IRI, or a blank node's label."""
    subject = name if name.startswith(("http", "_:")) else BASE + name
    node = subject if subject.startswith("_:") else f"<{subject}>"
    lines = [f"{node} <{RDF.type}> <{_CLASSES[kind]}> .", f'{node} <{DCT.title}> "{title}"@en .']
    if identifier is not None:
        lines.append(f'{node} <{DCT.identifier}> "{identifier}" .')
    if notation is not None:
        lines += [f"{node} <{ADMS.identifier}> _:n .", f'_:n <{SKOS.notation}> "{notation}" .']
    body = "".join(f"{line}\n" for line in sorted(lines)).encode()
    identifiers = () if identifier is None else (identifier,)
    return Record(kind, subject, identifiers, body, sha256(body).hexdigest(), complete)


def report(violations: int = 0, *, profile: str = PROFILE, warnings: int = 0) -> Report:
    """A report with that many findings."""
    found = [finding("violation") for _ in range(violations)] + [finding("warning") for _ in range(warnings)]
    return Report(profile, "1", 1, tuple(found))


def finding(severity: str) -> Finding:
    """A finding with every field set, and one below it."""
    nested = Finding("info", "b", None, None, "NodeConstraintComponent", None, "below")
    return Finding(
        severity, BASE + "a", DCT.title, "x", "MinCountConstraintComponent", "urn:s", "Say a title.",
        "Add one.", "section 3", 7, BASE + "a", detail=(nested,),
    )  # fmt: skip


@contextmanager
def opened(folder: Path, clock: Callable[[], datetime] | None = None) -> Iterator[Journal]:
    """A journal in a folder, closed afterwards."""
    journal = open_journal(folder / "journal.sqlite", clock or Clock())
    try:
        yield journal
    finally:
        journal.close()


def fill(journal: Journal, *records: Record, source: str = SOURCE.name) -> tuple[str, ...]:
    """Append records as new, outside of any run."""
    return journal.append(source, [Draft(each, report()) for each in records])


def judge(records: Sequence[Record]) -> Sequence[Report]:
    """Find nothing wrong with any record."""
    return [report() for _ in records]


def delivery(
    *records: Record, complete: bool = True, also: Iterable[Event] = (), violations: int = 0
) -> Callable[[Sequence[KnownRecord]], Generator[Event, None, None]]:
    """What a harvest would yield of these records, compared with the harvester's own rules; `also` comes first."""

    def events(known: Sequence[KnownRecord]) -> Generator[Event, None, None]:
        yield from also
        index = KnownIndex(known)
        matches = compare([Key.of(each) for each in records], index).matches
        for each, match in zip(records, matches, strict=True):
            if match.known is None:
                yield New(each, report(violations))
            elif index.same(Key.of(each)) == match.known:
                yield Unchanged(match.known.id, each.kind)
            else:
                moved = match.known.subject != each.subject
                yield Changed(match.known.id, each, report(violations), moved, not match.known.listed)
        yield Finished(complete, requests=3, bytes=1000)

    return events


def raising(error: BaseException, *events: Event) -> Callable[[Sequence[KnownRecord]], Generator[Event, None, None]]:
    """A harvest that breaks after these events."""

    def told(_: Sequence[KnownRecord]) -> Generator[Event, None, None]:
        yield from events
        raise error

    return told


POLICY = Policy(grace_runs=2, shrink_percent=20, shrink_records=5)


def take_in(
    journal: Journal,
    events: Callable[[Sequence[KnownRecord]], Generator[Event, None, None]],
    *,
    policy: Policy = POLICY,
    source: str = SOURCE.name,
) -> Run:
    """One run with these events."""
    return Intake(journal, source, policy, judge, PROFILE).run(events)


def listed(journal: Journal) -> set[str]:
    """The names of the listed records."""
    return {state.subject.removeprefix(BASE) for state in journal.heads()}


class PlainDescriber:
    """Entries without a read model; `broken` are records it cannot describe."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.rules = "1"
        self.broken: set[str] = set()
        self.described: list[int] = []

    def refresh(self) -> str:
        return f"{self.rules}.{self._journal.registry_version()}"

    def entry(self, state: State) -> Entry:
        if state.subject.removeprefix(BASE) in self.broken:
            raise ValueError("a graph nobody thought of")
        self.described.append(state.seq)
        return Entry(state, SOURCE, None, Access())


class ListProjection:
    """A projection in memory, which fails when told to. `poison` are names it cannot take."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.held: dict[str, str] = {}
        self.at = 0
        self.made_with = ""
        self.error: Exception | None = None
        self.poison: set[str] = set()
        self.rebuilt = 0
        self.refreshes = 0
        self.told = ""
        self.batches: list[list[int]] = []

    @property
    def name(self) -> str:
        return self._name

    def cursor(self) -> int:
        return self.at

    def stamp(self) -> str:
        return self.made_with

    def apply(self, entries: Iterable[Entry], upto: int) -> None:
        entries = list(entries)
        self._fail()
        if any(entry.state.subject.removeprefix(BASE) in self.poison for entry in entries):
            raise ValueError("a document the engine chokes on")
        self.batches.append([entry.state.seq for entry in entries])
        for entry in entries:
            self._put(entry, self.held)
        self.at = upto

    def rebuild(self, entries: Iterable[Entry], upto: int, stamp: str) -> None:
        self._fail()
        new: dict[str, str] = {}
        for entry in entries:
            self._put(entry, new)
        self.held, self.at, self.made_with, self.rebuilt = new, upto, stamp, self.rebuilt + 1

    def digests(self) -> Mapping[str, str]:
        self._fail()
        return dict(self.held)

    def refreshed(self) -> str:
        return self.told

    def refresh(self, activity: str) -> None:
        self.refreshes += 1
        self.told = activity

    def close(self) -> None:
        """Nothing to release."""

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error

    @staticmethod
    def _put(entry: Entry, held: dict[str, str]) -> None:
        if entry.state.status is Status.LISTED:
            held[entry.state.id] = entry.state.digest
        else:
            held.pop(entry.state.id, None)


class FileProjection(ListProjection):
    """The same on disk, data and cursor in two files; its process kills itself between them once it holds `dies_at`."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(name)
        self.dies_at: int | None = None
        self._data, self._cursor = folder / f"{name}.data", folder / f"{name}.cursor"
        if self._data.exists():
            self.held = json.loads(self._data.read_text())
        if self._cursor.exists():
            self.at, self.made_with = json.loads(self._cursor.read_text())

    def apply(self, entries: Iterable[Entry], upto: int) -> None:
        super().apply(entries, upto)
        self._keep()

    def rebuild(self, entries: Iterable[Entry], upto: int, stamp: str) -> None:
        super().rebuild(entries, upto, stamp)
        self._keep()

    def _keep(self) -> None:
        _replace(self._data, json.dumps(self.held))
        if self.dies_at is not None and len(self.held) >= self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        _replace(self._cursor, json.dumps([self.at, self.made_with]))


def _replace(file: Path, text: str) -> None:
    """Write a file in one step: another projection's kill may come while this one writes."""
    beside = file.with_suffix(file.suffix + ".new")
    beside.write_text(text)
    beside.replace(file)


def empty(url: str) -> None:
    """Drop a journal's tables on a server."""
    address = sa.make_url(url)
    driver = "postgresql+psycopg" if address.drivername == "postgresql" else address.drivername
    engine = sa.create_engine(address.set(drivername=driver))
    with engine.begin() as connection:
        METADATA.drop_all(connection)
        REVISION_TABLE.drop(connection, checkfirst=True)
    engine.dispose()
