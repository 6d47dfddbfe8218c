"""When a record that a source no longer delivers is withdrawn: the whole policy, as one function without effects.

A record is withdrawn only by a complete run, and only when it was absent from `grace_runs` complete runs on end, or
from every complete run of the last `grace_days` days. When that would take away too much of a source at once, nothing
is withdrawn and a person decides. A complete answer without any record says nothing about single records: it is always
for a person to judge, and counts for no record's absence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from catalogue.journal.states import Standing
from shapes.record import Kind


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient removing is.

    `grace_runs`: complete runs on end a record must be absent from. `grace_days`: days after which fewer runs suffice;
    0: they never do. Withdrawing more than `shrink_percent` of a source's listed records of one kind, and more than
    `shrink_records` of them, is for a person to decide.
    """

    grace_runs: int
    shrink_percent: int
    shrink_records: int
    grace_days: int = 0

    def is_due(self, absent: int, since: timedelta) -> bool:
        """Whether a record is to be withdrawn that `absent` complete runs on end missed, the first `since` ago."""
        return absent >= self.grace_runs or bool(self.grace_days and since >= timedelta(days=self.grace_days))


@dataclass(frozen=True, slots=True)
class Removal:
    """What a run does to what it did not see. `reason` says why a person must decide; None where none must.

    `absences` holds the counters that change, and nothing else: a run that saw everything writes nothing.
    """

    withdraw: tuple[str, ...] = ()
    hold: tuple[str, ...] = ()
    absences: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    reason: str | None = None


def plan(
    listed: Sequence[Standing],
    delivered: Collection[str],
    seen: Mapping[Kind, int],
    *,
    complete: bool,
    policy: Policy,
    ages: Sequence[timedelta] = (),
) -> Removal:
    """Decide what becomes of a source's listed records.

    `listed`: its listed records as they stood before the run. `delivered`: the known records the run met, also those
    it rejected or failed to read. `seen`: how many resources of each kind it met, new ones too. `complete`: every page
    was read whole. `ages`: how long ago the complete runs before this one began, the latest first.
    """
    absences = {s.id: 0 for s in listed if s.absent and s.id in delivered}
    missing = [s for s in listed if s.id not in delivered]
    if not complete or not missing:
        return Removal(absences=absences)
    total = Counter(s.kind for s in listed)
    main = Kind.DATASET if total[Kind.DATASET] else None
    if not (seen.get(main, 0) if main else sum(seen.values())):
        reason = (
            f"The source delivered no {main or 'record'} at all; {total[main] if main else len(listed)} are listed."
        )
        return Removal((), tuple(s.id for s in missing), absences, reason)
    due = [s for s in missing if policy.is_due(s.absent + 1, _since(s.absent, ages))]
    absences |= {s.id: s.absent + 1 for s in missing}
    too_much = _too_much(total, Counter(s.kind for s in due), policy)
    if too_much is not None:
        return Removal((), tuple(s.id for s in due), absences, too_much)
    for standing in due:
        del absences[standing.id]  # withdrawing sets it back
    return Removal(tuple(s.id for s in due), (), absences)


def _since(absent: int, ages: Sequence[timedelta]) -> timedelta:
    """How long ago the first of the runs on end began that did not meet a record; `absent` of them came before."""
    return ages[absent - 1] if 0 < absent <= len(ages) else timedelta()


def _too_much(total: Mapping[Kind, int], due: Mapping[Kind, int], policy: Policy) -> str | None:
    """Return why so many withdrawals at once need a person, None where they do not."""
    for kind, number in due.items():
        if number > policy.shrink_records and number * 100 > policy.shrink_percent * total[kind]:
            return (
                f"The run would withdraw {number} of {total[kind]} {kind} records at once, more than "
                f"{policy.shrink_percent} % and more than {policy.shrink_records}."
            )
    return None
