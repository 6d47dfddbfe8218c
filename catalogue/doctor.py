"""Proving that journal, store and index hold the same datasets, and mending what differs from the journal's side."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Final
from urllib.parse import urlsplit

from catalogue.behind import ProjectionsBehind
from catalogue.describe import named_under
from catalogue.errors import StoreLocked
from catalogue.journal.journal import Journal
from catalogue.journal.soundness import Check, inspect, mend_heads
from catalogue.projection import Projection
from catalogue.projector import Projector
from catalogue.settings import Settings
from shapes.errors import CannotWork, Fault
from shapes.record import Kind

_LEAST_FREE: Final = 256 * 1024 * 1024  # bytes of disk below which the doctor warns
_FEW: Final = 500  # records that are applied again one by one rather than making the whole projection anew
# What may be amiss while the three sets are still provably equal.
_ASIDE: Final = frozenset({"settings", "disk", "lock"})


@dataclass(frozen=True, slots=True)
class Drift:
    """How one projection differs from the journal: datasets it lacks, records it should not have, other contents."""

    held: int
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()

    @property
    def records(self) -> tuple[str, ...]:
        """Every record that differs."""
        return (*self.missing, *self.extra, *self.differing)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the doctor found. `journal` counts the listed datasets; `drifts` has each projection that answered."""

    journal: int
    drifts: Mapping[str, Drift]
    checks: tuple[Check, ...] = field(default=())

    @property
    def consistent(self) -> bool:
        """Whether journal, store and index hold the same set, and the journal itself is whole."""
        same = not any(drift.records for drift in self.drifts.values())
        return same and all(check.ok for check in self.checks if check.name not in _ASIDE)

    @property
    def store(self) -> int | None:
        """How many records the store holds; None where it does not answer."""
        return self._held("store")

    @property
    def index(self) -> int | None:
        """How many records the index holds; None where it does not answer."""
        return self._held("index")

    @property
    def missing(self) -> tuple[str, ...]:
        """Datasets that any projection lacks, or has with other contents."""
        return tuple(sorted({r for drift in self.drifts.values() for r in (*drift.missing, *drift.differing)}))

    @property
    def extra(self) -> tuple[str, ...]:
        """Records that any projection has and the journal does not list."""
        return tuple(sorted({record for drift in self.drifts.values() for record in drift.extra}))

    def as_json(self) -> dict[str, object]:
        """Return the diagnosis as `doctor --json` shows it."""
        return {
            "consistent": self.consistent,
            "journal": self.journal,
            "store": self.store,
            "index": self.index,
            "missing": list(self.missing),
            "extra": list(self.extra),
            "projections": {name: asdict(drift) for name, drift in self.drifts.items()},
            "checks": [asdict(check) for check in self.checks],
        }

    def _held(self, name: str) -> int | None:
        return self.drifts[name].held if name in self.drifts else None


def examine(journal: Journal, projector: Projector, settings: Settings) -> Diagnosis:
    """Compare the journal's listed datasets with what each projection holds, and look at what both stand on.

    A projection that does not answer is a failed check. Raises leaves of `CannotWork` when the journal does not.
    """
    listed = {state.id: state.digest for state in journal.heads(with_body=False)}
    datasets = {state.id: state.digest for state in journal.heads(Kind.DATASET, with_body=False)}
    checks = [*_settings(settings), _disk(settings), _lock(projector), *inspect(journal.database)]
    drifts: dict[str, Drift] = {}
    stamp, last = projector.stamp(), journal.last_seq()
    for projection in projector.projections:
        try:
            checks.append(_caught_up(projection, stamp, last))
            drifts[projection.name] = compare(listed, datasets, projection.digests())
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the diagnosis
            detail = f"The {projection.name} does not answer: {str(error) or type(error).__name__}"
            checks.append(Check(projection.name, ok=False, detail=detail))
    return Diagnosis(len(datasets), drifts, tuple(checks))


def compare(listed: Mapping[str, str], datasets: Mapping[str, str], held: Mapping[str, str]) -> Drift:
    """Compare what a projection holds (id to digest) with the records listed, of which it must have every dataset."""
    return Drift(
        held=len(held),
        missing=tuple(sorted(datasets.keys() - held.keys())),
        extra=tuple(sorted(held.keys() - listed.keys())),
        differing=tuple(sorted(r for r, digest in held.items() if r in listed and listed[r] != digest)),
    )


def repair(journal: Journal, projector: Projector, settings: Settings) -> Diagnosis:
    """Mend what differs, and return what is found afterwards.

    First the journal's derived pointers, then what was never applied; then records that differ are applied again, and
    a projection that still differs, or does not even say what it holds, is made anew. One that cannot be mended now
    (its service is down) does not keep the others from it; the diagnosis says why. Raises `StoreLocked` while another
    process projects.
    """
    mend_heads(journal.database)
    try:
        projector.catch_up()
    except ProjectionsBehind:
        _make_anew(projector, _broken(examine(journal, projector, settings), projector))
    for projection, drift in _drifting(examine(journal, projector, settings)):
        if len(drift.records) <= _FEW and all(journal.current(record) for record in drift.records):
            projector.reapply(projection, drift.records)
        else:
            _make_anew(projector, [projection])
    found = examine(journal, projector, settings)
    again = [name for name, _ in _drifting(found)]
    again += [projection.name for projection in projector.projections if projection.name not in found.drifts]
    if not again:
        return found
    _make_anew(projector, again)
    return examine(journal, projector, settings)


def _make_anew(projector: Projector, names: Iterable[str]) -> None:
    """Make projections anew, each for itself: one that cannot be is in the log, and in the next examination."""
    for name in names:
        with suppress(ProjectionsBehind):
            projector.reindex([name])


def _drifting(found: Diagnosis) -> list[tuple[str, Drift]]:
    return [(name, drift) for name, drift in found.drifts.items() if drift.records]


def _broken(found: Diagnosis, projector: Projector) -> list[str]:
    """Return the projections that could not be brought up to date, by what the checks say of them."""
    bad = {check.name for check in found.checks if not check.ok}
    return [projection.name for projection in projector.projections if projection.name in bad]


def _caught_up(projection: Projection, stamp: str, last: int) -> Check:
    name, cursor, made_with = projection.name, projection.cursor(), projection.stamp()
    if cursor == last == 0:
        return Check(name, ok=True, detail=f"The {name} has nothing to apply yet.")
    if named_under(made_with) not in {named_under(stamp), ""}:
        where = f"{named_under(made_with)}, and base_url is {named_under(stamp)}"
        return Check(name, ok=False, detail=f"The {name} names records under {where}: --repair makes it anew.")
    if made_with not in {stamp, ""}:
        return Check(name, ok=False, detail=f"The {name} was made by other rules than today's.")
    if cursor != last:
        return Check(name, ok=False, detail=f"The {name} has applied {cursor} of {last} states.")
    return Check(name, ok=True, detail=f"The {name} has applied all {last} states.")


def _settings(settings: Settings) -> Iterator[Check]:
    from shapes.profiles import profile  # the rule tables take a moment to load

    parts = urlsplit(settings.base_url)
    faults = []
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        faults.append(f"base_url is {settings.base_url!r}, not an http(s) address.")
    try:
        profile(settings.profile)
    except Fault as fault:
        faults.append(fault.detail)
    yield Check("settings", not faults, " ".join(faults) or "The settings can be used.")


def _disk(settings: Settings) -> Check:
    try:
        free = shutil.disk_usage(settings.data).free
    except OSError as error:
        return Check("disk", ok=False, detail=f"The data folder cannot be looked at: {error.strerror}.")
    return Check("disk", free >= _LEAST_FREE, f"{free / 1024**3:.1f} GiB are free for the data folder.")


def _lock(projector: Projector) -> Check:
    lock = projector.lock
    try:
        with lock.taken():
            return Check("lock", ok=True, detail="Nobody is applying anything now.")
    except StoreLocked:
        return Check("lock", ok=True, detail=f"Process {lock.holder()} is applying states now; compare again later.")
    except CannotWork as error:
        return Check("lock", ok=False, detail=error.detail)
