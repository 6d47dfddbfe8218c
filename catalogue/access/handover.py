"""What a group of datasets is handed over with: the links, the mail, the request that begin its application."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias
from urllib.parse import unquote

from catalogue.access.addresses import ega_committee, mail_link, rems_link
from catalogue.access.basket import Group, Line, Task
from catalogue.access.route import Route, RouteKind
from catalogue.dac.registry import ega_accessions
from catalogue.text import pick

Object: TypeAlias = dict[str, Any]
NEGOTIATOR_PATH = "/api/v3/requests"


class Act(StrEnum):
    """What a link does."""

    APPLY = "apply"
    DATASET_PAGE = "dataset-page"
    COMMITTEE_PAGE = "committee-page"
    FORM = "form"
    PAGE = "page"
    MAIL = "mail"
    DOWNLOAD = "download"


@dataclass(frozen=True, slots=True)
class Link:
    """One step: its address, what it does, and the identifiers of the datasets it is for."""

    act: Act
    address: str
    datasets: tuple[str, ...]


def links(group: Group, title: str) -> tuple[Link, ...]:
    """The steps of a group, the first one first. `title` is the catalogue's, for the subject of a mail."""
    found = _DOING[group.task](group, title)
    distinct: dict[tuple[Act, str], Link] = {}
    for link in found:
        key = (link.act, link.address)
        before = distinct.get(key)
        datasets = tuple(dict.fromkeys((*(before.datasets if before else ()), *link.datasets)))
        distinct[key] = Link(link.act, link.address, datasets)
    return tuple(distinct.values())


def _applying(group: Group, title: str) -> Iterator[Link]:
    ready = group.ready
    if group.kind is RouteKind.REMS:
        yield from _rems(ready)
    elif group.kind is RouteKind.EGA:
        yield from _ega(group, ready)
    elif group.kind is RouteKind.MAIL:
        yield from _mail(_mailbox(ready), ready, title)
    elif group.kind is RouteKind.NEGOTIATOR:
        return  # it takes a request, not a link: see `negotiator_request`
    else:
        act = Act.FORM if group.kind is RouteKind.HDAB_FORM else Act.PAGE
        yield from (Link(act, line.route.address, (_id(line),)) for line in ready if line.route)


def _rems(lines: Sequence[Line]) -> Iterator[Link]:
    """One draft for all where the installation lets people apply for several resources, else one for each."""
    named = [(line, line.resource) for line in lines if line.resource and line.route and line.route.system]
    together = all(line.checked is None or line.checked.together for line, _ in named)
    batches = [named] if together else [[each] for each in named]
    for batch in batches:
        if batch and (route := batch[0][0].route) is not None:
            address = rems_link(str(route.system), tuple(str(resource) for _, resource in batch))
            yield Link(Act.APPLY, address, tuple(_id(line) for line, _ in batch))
    for line in lines:
        if line.route is not None and not line.resource:
            yield Link(Act.PAGE, line.route.address, (_id(line),))


def _ega(group: Group, lines: Sequence[Line]) -> Iterator[Link]:
    for line in lines:
        if line.route is not None:
            yield Link(Act.DATASET_PAGE, line.route.address, (_id(line),))
    everything = tuple(_id(line) for line in lines)
    for body in group.bodies:
        committee = body.committee
        for accession in dict.fromkeys(
            a for t in (committee.id, *committee.identifiers) for a in ega_accessions(t, "C")
        ):
            yield Link(Act.COMMITTEE_PAGE, ega_committee(accession), everything)


def _asking(group: Group, title: str) -> Iterator[Link]:
    """Nobody decides, as far as is published: the pages the records name, and a mail to the node's contact."""
    for line in group.lines:
        for route in line.routes:
            if route.kind is not RouteKind.MAIL:
                yield Link(Act.PAGE, route.address, (_id(line),))
    mailboxes: dict[str, list[Line]] = {}
    for line in group.lines:
        first = next((route for route in line.routes if route.kind is RouteKind.MAIL), None)
        if first is not None:
            mailboxes.setdefault(_box(first), []).append(line)
    for mailbox, lines in mailboxes.items():
        yield from _mail(mailbox, lines, title)


def _downloading(group: Group, _title: str) -> Iterator[Link]:
    for line in group.lines:
        yield from (Link(Act.DOWNLOAD, route.address, (_id(line),)) for route in line.routes)


_DOING = {Task.APPLY: _applying, Task.ASK_NODE: _asking, Task.DOWNLOAD: _downloading}


def _mailbox(lines: Sequence[Line]) -> str:
    return next((_box(line.route) for line in lines if line.route is not None), "")


def _box(route: Route) -> str:
    return unquote(route.address.removeprefix("mailto:"))


def _mail(mailbox: str, lines: Sequence[Line], title: str) -> Iterator[Link]:
    """A mail that names each dataset by title, identifier and IRI."""
    if not mailbox or not lines:
        return
    noun = "dataset" if len(lines) == 1 else f"{len(lines)} datasets"
    named = "\n".join(f"- {called(line)}\n  {_known_as(line)}" for line in lines)
    body = (
        f"Dear Sir or Madam,\n\nI would like to apply for access to the following {noun}, found in {title}:\n\n"
        f"{named}\n\nPlease tell me how to apply and what you need from me.\n\nKind regards,\n"
    )
    subject = f"Request for access: {called(lines[0])}" if len(lines) == 1 else f"Request for access to {noun}"
    yield Link(Act.MAIL, mail_link(mailbox, subject, body), tuple(_id(line) for line in lines))


def _known_as(line: Line) -> str:
    return " · ".join((*line.dataset.identifiers[:1], line.dataset.iri))


def called(line: Line) -> str:
    """What to call a dataset in a sentence: its title in English if it has one, on one line."""
    text = pick(line.dataset.titles, ("en",))
    return " ".join(text.value.split()) if text and text.value.strip() else line.dataset.iri


def _id(line: Line) -> str:
    return line.entry.state.id


def negotiator_request(group: Group, page: str) -> Object:
    """What the BBMRI Negotiator takes by POST at `NEGOTIATOR_PATH`; it answers with where to go on (`redirectUrl`).

    `page` is the address of the basket, to which people come back. The Negotiator knows the catalogues that may do so.
    """
    lines = group.ready
    return {
        "url": page,
        "humanReadable": "; ".join(called(line) for line in lines),
        "resources": [{"id": line.resource or line.dataset.iri, "name": called(line)} for line in lines],
    }
