"""What a system told when it was last asked, and what that says about one dataset's route."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from catalogue.access.route import Route, RouteKind
from harvester.rems import RemsAnswer, RemsItem


class Standing(StrEnum):
    """Whether an application can be begun in the system."""

    OPEN = "open"
    CLOSED = "closed"
    EXPIRED = "expired"
    NOT_UNIQUE = "not-unique"
    NOT_LISTED = "not-listed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Moved:
    """A resource whose workflow changed between two readings: applications go to somebody else since."""

    resource: str
    before: int
    after: int
    time: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a system. `answer` is the last it gave, at `time`; None where it never gave one.

    `failure` is the sentence of the last attempt, at `tried`, where that one failed.
    """

    system: str
    tried: datetime
    answer: RemsAnswer | None = None
    time: datetime | None = None
    failure: str | None = None
    moved: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What a reading says of one route. `resource` is the name the system knows the dataset by.

    `together`: whether the system's pages let people apply for several resources at once.
    """

    standing: Standing
    sentence: str
    time: datetime | None
    resource: str | None = None
    item: RemsItem | None = None
    together: bool = True
    moved: Moved | None = None


def followed(before: Reading | None, now: datetime, answer: RemsAnswer) -> Reading:
    """Return what is known after an answer: workflows that changed since the one before are noted and kept."""
    moves = tuple(_moves(before.answer, answer, now)) if before and before.answer else ()
    return Reading(answer.base, now, answer, now, None, (*(before.moved if before else ()), *moves))


def failed(before: Reading | None, system: str, now: datetime, failure: str) -> Reading:
    """Return what is known after an attempt that failed: what was known before, and why it may be out of date."""
    return replace(before or Reading(system, now), tried=now, failure=failure)


def _moves(before: RemsAnswer, after: RemsAnswer, now: datetime) -> Iterator[Moved]:
    """A resource counts where both readings have exactly one item of it that is enabled."""
    was = _single(before.items or ())
    for resource, item in _single(after.items or ()).items():
        old = was.get(resource)
        if old is not None and old.workflow != item.workflow:
            yield Moved(resource, old.workflow, item.workflow, now)


def _single(items: Iterable[RemsItem]) -> dict[str, RemsItem]:
    found: dict[str, list[RemsItem]] = {}
    for item in items:
        if _takes(item):
            found.setdefault(item.resource, []).append(item)
    return {resource: same[0] for resource, same in found.items() if len(same) == 1}


def _takes(item: RemsItem) -> bool:
    return item.enabled and not item.archived


def checked(route: Route, reading: Reading | None) -> Checked | None:
    """Say what a reading tells of a route into REMS; None of any other route, and where the system was never asked."""
    if route.kind is not RouteKind.REMS or reading is None:
        return None
    answer = reading.answer
    if answer is None:
        said = f"The application system could not be asked. {reading.failure or ''}".strip()
        return Checked(Standing.UNKNOWN, said, reading.tried)
    if answer.items is None:
        said = "The application system does not show its catalogue to the public; what it holds is not known."
        return Checked(Standing.UNKNOWN, said, reading.time, together=answer.cart)
    for name in route.resources:
        items = [item for item in answer.items if item.resource == name and route.item in (None, item.id)]
        if items:
            found = _standing(items)
            moved = next((m for m in reversed(reading.moved) if m.resource == name), None)
            return replace(found, time=reading.time, resource=name, together=answer.cart, moved=moved)
    said = "The application system lists no such resource: it does not know the dataset, or does not take requests now."
    return Checked(Standing.NOT_LISTED, said, reading.time, together=answer.cart)


def _standing(items: list[RemsItem]) -> Checked:
    """As REMS itself finds the item of a resource: the enabled ones count, and there has to be exactly one."""
    taking = [item for item in items if _takes(item)]
    if len(taking) > 1:
        numbers = ", ".join(str(item.id) for item in taking)
        said = f"The application system has {len(taking)} forms for it (items {numbers}) and takes no direct link."
        return Checked(Standing.NOT_UNIQUE, said, None)
    if not taking:
        return Checked(Standing.CLOSED, "The application form is closed.", None, item=items[0])
    item = taking[0]
    if item.expired:
        return Checked(Standing.EXPIRED, "The application form has expired.", None, item=item)
    return Checked(Standing.OPEN, "The application form is open.", None, item=item)
