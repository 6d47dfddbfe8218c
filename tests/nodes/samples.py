"""Small catalogues written for the tests, and a ledger that remembers what a harvest said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from harvester.changes import Changed, Event, Failed, Finished, New, Problem, Rejected, Unchanged
from harvester.harvest import harvest
from harvester.http import Door
from harvester.known import KnownRecord
from harvester.limits import HarvestLimits
from harvester.source import Source
from shapes.record import Kind, Record
from shapes.report import Report

BASE = "https://node.example/"
PREFIXES = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""

E = TypeVar("E")


def dataset(name: str, title: str = "A dataset", *, identifier: str | None = None, more: str = "") -> str:
    """Return one dataset in Turtle, without the prefixes."""
    said = f' ; dct:identifier "{identifier}"' if identifier else ""
    return f'<{BASE}{name}> a dcat:Dataset ; dct:title "{title} {name}"@en{said}{more} .\n'


def catalogue(*names: str, more: str = "") -> str:
    """Return a catalogue that lists datasets, with the prefixes and one line each for the datasets."""
    listed = "".join(f" ; dcat:dataset <{BASE}{name}>" for name in names)
    whole = f'<{BASE}catalogue> a dcat:Catalog ; dct:title "A node"@en{listed} .\n'
    return PREFIXES + whole + "".join(dataset(name, identifier=f"id-{name}") for name in names) + more


def no_findings(records: Sequence[Record]) -> Sequence[Report]:
    """Judge that all is well."""
    return [Report("test", "1", 1) for _ in records]


@dataclass
class Ledger:
    """The events of one run, by kind."""

    events: list[Event] = field(default_factory=list)

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def new(self) -> list[str]:
        return [e.record.subject.removeprefix(BASE) for e in self.datasets(New)]

    @property
    def changed(self) -> list[str]:
        return [e.record.subject.removeprefix(BASE) for e in self.datasets(Changed)]

    @property
    def unchanged(self) -> list[str]:
        return [e.id for e in self.of(Unchanged) if e.kind is Kind.DATASET]

    @property
    def failed(self) -> list[str]:
        return [e.subject.removeprefix(BASE) for e in self.of(Failed) if e.kind is Kind.DATASET]

    @property
    def rejected(self) -> list[str]:
        return [e.subject.removeprefix(BASE) for e in self.of(Rejected)]

    def datasets(self, kind: type[New | Changed]) -> list[New | Changed]:
        return [e for e in self.events if isinstance(e, kind) and e.record.kind is Kind.DATASET]

    @property
    def problems(self) -> list[Problem]:
        return self.of(Problem)

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]

    @property
    def finished(self) -> Finished:
        last = self.events[-1]
        assert isinstance(last, Finished)
        assert len(self.of(Finished)) == 1
        return last

    @property
    def complete(self) -> bool:
        return self.finished.complete

    def known(self, before: Iterable[KnownRecord] = ()) -> list[KnownRecord]:
        """Return what a journal would know after this run, given what it knew before."""
        records = {k.id: k for k in before}
        for n, event in enumerate(self.of(New)):
            name = f"{event.record.kind}-{len(records) + n}"
            records[name] = _known(name, event.record)
        for change in self.of(Changed):
            records[change.id] = _known(change.id, change.record)
        return list(records.values())


def _known(name: str, record: Record) -> KnownRecord:
    return KnownRecord(name, record.kind, record.subject, record.identifiers, record.digest, complete=record.complete)


def run(
    door: Door,
    url: str,
    known: Iterable[KnownRecord] = (),
    *,
    protocol: str = "auto",
    judge: Callable[[Sequence[Record]], Sequence[Report]] = no_findings,
    limits: HarvestLimits | None = None,
) -> Ledger:
    """Harvest a URL or path."""
    source = Source("node", url, protocol=protocol)
    return Ledger(list(harvest(source, known, door=door, judge=judge, limits=limits)))
