"""A basket: datasets somebody wants to apply for, in groups that one application can be made for.

Applications are made per system and workflow: REMS refuses one for items of two workflows. What nobody decides on is
asked of the node; open data need no application. Nothing is dropped: what is unknown or withdrawn is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from catalogue.access.conditions import Compared, compare
from catalogue.access.reading import Checked, Reading, Standing, checked
from catalogue.access.route import Route, RouteKind
from catalogue.access.routes import is_open, routes
from catalogue.dac.committee import Committee, DacLink, DeciderStatus, Method, Role
from catalogue.dataset import Dataset, Texts
from catalogue.entry import Entry
from catalogue.journal.state import Status
from shapes.errors import BadInput, Missing
from shapes.record import Kind

MOST: Final = 50
_SYSTEMS: Final = frozenset({RouteKind.REMS, RouteKind.EGA, RouteKind.NEGOTIATOR})
_TAKES: Final = frozenset({Standing.OPEN, Standing.UNKNOWN})


class BasketFull(BadInput):
    """More datasets than one basket takes."""

    code = "basket-full"
    title = "The basket is full"


class Task(StrEnum):
    """What there is to do for a group."""

    APPLY = "apply"
    ASK_NODE = "ask-node"
    DOWNLOAD = "download"


class Why(StrEnum):
    """Why something in a basket is no dataset to apply for."""

    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    NOT_LISTED = "not-listed"
    NO_DATASET = "no-dataset"


@dataclass(frozen=True, slots=True)
class Absent:
    """What was put in and cannot be applied for. `titles` are those of a withdrawn dataset; `id` what was asked for."""

    id: str
    why: Why
    titles: Texts = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One dataset, the routes to it best first, and what the system of the first one tells of it."""

    entry: Entry
    dataset: Dataset
    routes: tuple[Route, ...]
    checked: Checked | None = None

    @property
    def route(self) -> Route | None:
        """The route that is taken."""
        return self.routes[0] if self.routes else None

    @property
    def takes(self) -> bool:
        """Whether an application can be begun, as far as is known."""
        return self.checked is None or self.checked.standing in _TAKES

    @property
    def resource(self) -> str | None:
        """What the system knows the dataset by, else what it most likely does."""
        if self.checked is not None and self.checked.resource is not None:
            return self.checked.resource
        return self.route.resources[0] if self.route is not None and self.route.resources else None

    @property
    def workflow(self) -> str | None:
        """The workflow of the application, as the system told, else as the registry has it; None where unknown."""
        item = self.checked.item if self.checked is not None else None
        if item is not None:
            return str(item.workflow)
        return self.route.workflow if self.route is not None else None


@dataclass(frozen=True, slots=True)
class Body:
    """A body that decides on datasets of a group (or stands in), with how that is known of each."""

    committee: Committee
    role: Role
    status: DeciderStatus
    methods: tuple[Method, ...]
    datasets: int


@dataclass(frozen=True, slots=True)
class Group:
    """Datasets one application is made for. `system` and `workflow` are those of its route, where known."""

    task: Task
    kind: RouteKind | None
    system: str | None
    workflow: str | None
    lines: tuple[Line, ...]
    bodies: tuple[Body, ...]
    conditions: Compared

    @property
    def ready(self) -> tuple[Line, ...]:
        """The datasets an application can be begun for."""
        return tuple(line for line in self.lines if line.takes)

    @property
    def closed(self) -> tuple[Line, ...]:
        """The datasets whose system takes no application now, as it told."""
        return tuple(line for line in self.lines if not line.takes)

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries of the nodes, as ISO codes."""
        return tuple(sorted({line.entry.source.country for line in self.lines if line.entry.source.country}))


@dataclass(frozen=True, slots=True)
class Basket:
    """Everything in a basket: the groups, what cannot be applied for, and the identifiers in the order given."""

    groups: tuple[Group, ...] = ()
    absent: tuple[Absent, ...] = ()
    ids: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every dataset, by group."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries of all."""
        return tuple(sorted({country for group in self.groups for country in group.countries}))


class Records(Protocol):
    """Where a basket looks datasets up (`catalogue.catalogue.Catalogue`)."""

    def resolve(self, text: str) -> str | None:
        """Our identifier for anything a record is known by."""
        ...

    def entry(self, record: str) -> Entry:
        """The current state of a record; raises `Missing`."""
        ...


def fill(records: Records, asked: Iterable[str], reading: Callable[[str], Reading | None]) -> Basket:
    """Look up what was put in and group it. `reading` gives what a system told. Raises `BasketFull`."""
    given = tuple(dict.fromkeys(text.strip() for text in asked if text.strip()))
    if len(given) > MOST:
        raise BasketFull(f"A basket holds at most {MOST} datasets; this one has {len(given)}. Make two of it.")
    lines: dict[str, Line] = {}
    absent: list[Absent] = []
    for text in given:
        found = _look_up(records, text, reading)
        if isinstance(found, Absent):
            absent.append(found)
        else:
            lines.setdefault(found.entry.state.id, found)
    return Basket(_grouped(tuple(lines.values())), tuple(absent), (*lines, *(each.id for each in absent)))


def _look_up(records: Records, text: str, reading: Callable[[str], Reading | None]) -> Line | Absent:
    key = records.resolve(text)
    if key is None:
        return Absent(text, Why.UNKNOWN)
    try:
        entry = records.entry(key)
    except Missing:
        return Absent(text, Why.NOT_LISTED)
    dataset = entry.dataset
    if entry.state.status is Status.WITHDRAWN:
        return Absent(key, Why.WITHDRAWN, dataset.titles if dataset else ())
    if dataset is None or entry.state.kind is not Kind.DATASET:
        return Absent(key, Why.NO_DATASET, dataset.titles if dataset else ())
    return _line(entry, dataset, reading)


def line_of(entry: Entry, reading: Callable[[str], Reading | None]) -> Line | None:
    """The routes to a dataset, and what its system told; None of a record without a read model."""
    return _line(entry, entry.dataset, reading) if entry.dataset is not None else None


def _line(entry: Entry, dataset: Dataset, reading: Callable[[str], Reading | None]) -> Line:
    found = routes(dataset, entry.access)
    first = found[0] if found else None
    told = reading(first.system) if first is not None and first.system else None
    return Line(entry, dataset, found, checked(first, told) if first is not None else None)


# Grouping -------------------------------------------------------------------------------------------------------

_ORDER: Final = (Task.APPLY, Task.ASK_NODE, Task.DOWNLOAD)


def _grouped(lines: Sequence[Line]) -> tuple[Group, ...]:
    """Groups in the order of what there is to do, then of the first dataset put in."""
    found: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        found.setdefault(_key(line), []).append(line)
    groups = [_group(tuple(members)) for members in found.values()]
    return tuple(sorted(groups, key=lambda group: _ORDER.index(group.task)))


def _task(line: Line) -> Task:
    if is_open(line.dataset, line.entry.access):
        return Task.DOWNLOAD
    undecided = line.entry.access.decider.status is DeciderStatus.NONE
    in_system = line.route is not None and line.route.kind in _SYSTEMS
    return Task.ASK_NODE if line.route is None or (undecided and not in_system) else Task.APPLY


def _key(line: Line) -> tuple[str, ...]:
    """What one application is for. Where a workflow is not known, the bodies that decide stand for it."""
    task, route = _task(line), line.route
    if task is Task.DOWNLOAD:
        return (task.value,)
    if task is Task.ASK_NODE or route is None:
        return (task.value, line.entry.source.name)
    bodies = tuple(link.committee.id for link in _deciding(line))
    if route.kind is RouteKind.REMS:
        return (task.value, route.kind.value, route.system or "", *((line.workflow,) if line.workflow else bodies))
    if route.kind is RouteKind.NEGOTIATOR:
        return (task.value, route.kind.value, route.system or "")
    if route.kind is RouteKind.MAIL:
        return (task.value, route.kind.value, route.address)
    return (task.value, route.kind.value, *(bodies or (route.system or route.address,)))


def _deciding(line: Line) -> tuple[DacLink, ...]:
    """The bodies that decide; where only an access body stands in, that one."""
    links = line.entry.access.links
    deciding = tuple(link for link in links if link.role is Role.DECIDES)
    stand_in = line.entry.access.decider.status is DeciderStatus.STAND_IN
    return deciding or tuple(link for link in links if stand_in and link.role is Role.HDAB)


def _group(lines: tuple[Line, ...]) -> Group:
    first = lines[0]
    task = _task(first)
    route = first.route if task is Task.APPLY else None
    return Group(
        task=task,
        kind=route.kind if route else None,
        system=route.system if route else None,
        workflow=first.workflow if route else None,
        lines=lines,
        bodies=_bodies(lines) if task is not Task.DOWNLOAD else (),
        conditions=compare({line.entry.state.id: line.dataset for line in lines}),
    )


def _bodies(lines: Sequence[Line]) -> tuple[Body, ...]:
    """Each deciding body once. Where the datasets know of it in several ways, the least certain one counts."""
    found: dict[str, list[tuple[DacLink, DeciderStatus]]] = {}
    for line in lines:
        for link in _deciding(line):
            found.setdefault(link.committee.id, []).append((link, line.entry.access.decider.status))
    return tuple(
        Body(
            committee=links[0][0].committee,
            role=links[0][0].role,
            status=max((status for _, status in links), key=_CERTAINTY.index),
            methods=tuple(dict.fromkeys(link.method for link, _ in links)),
            datasets=len(links),
        )
        for links in found.values()
    )


_CERTAINTY: Final = (DeciderStatus.PUBLISHED, DeciderStatus.RULE, DeciderStatus.STAND_IN, DeciderStatus.NONE)
