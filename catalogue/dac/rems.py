"""Committees from what REMS exports: its organisations, catalogue items, resources and workflows.

REMS knows no committee. Its organisation is the nearest thing to one: the items it owns are the datasets it decides on,
and each item says by which workflow. Handlers are persons, and are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from catalogue.dac.committee import Committee
from catalogue.dac.errors import BadRegistry
from catalogue.dac.systems import Binding, System, SystemKind
from catalogue.dataset import Texts
from catalogue.folding import slug
from catalogue.reading.agents import email_of
from catalogue.text import Text

_ORG: Final = "organization/id"


@dataclass(slots=True)
class _Organisation:
    """What several exports say of one organisation."""

    id: str
    said: dict[str, Any] = field(default_factory=dict)
    bindings: dict[tuple[str, int | None], Binding] = field(default_factory=dict)


def is_rems(entry: object) -> bool:
    """Whether a JSON value is an object that REMS exports: an organisation, a catalogue item, resource or workflow."""
    if not isinstance(entry, Mapping):
        return False
    owned = isinstance(entry.get("organization"), Mapping) and _ORG in entry["organization"]
    return _ORG in entry or (owned and bool(entry.keys() & {"resid", "workflow"}))


def committees_of_rems(entries: Iterable[object], name: str, url: str | None) -> tuple[Committee, ...]:
    """Make committees of REMS's objects, in any mixture; `url` is the address of the installation.

    Raises `BadRegistry` for an organisation without a name.
    """
    found: dict[str, _Organisation] = {}
    for entry in entries:
        if isinstance(entry, Mapping):
            _take(found, entry)
    return tuple(_committee(each, name, url) for each in found.values() if _in_use(each.said))


def rems_doubts(entries: Iterable[object], url: str | None) -> tuple[str, ...]:
    """Return what a curator should look at: items that cannot be applied for, resources that are not unique."""
    items = [entry for entry in entries if isinstance(entry, Mapping) and "resid" in entry and "wfid" in entry]
    return tuple(_doubts(items, url))


def _doubts(items: list[Mapping[str, Any]], url: str | None) -> Iterator[str]:
    if url is None:
        yield "The export does not say where its REMS is: give its address (--system) to link applications to it."
    open_items: dict[str, int] = {}
    for item in items:
        closed = _closed(item)
        if closed:
            yield f"Catalogue item {item.get('id')} ({item['resid']}) is {closed} in REMS; it was left out."
        else:
            open_items[str(item["resid"])] = open_items.get(str(item["resid"]), 0) + 1
    for resource, count in open_items.items():
        if count > 1:
            yield f"REMS has {count} open catalogue items for {resource}; it refuses applications by that resource."


def _closed(item: Mapping[str, Any]) -> str:
    if item.get("enabled") is False:
        return "not enabled"
    return "archived" if item.get("archived") else "expired" if item.get("expired") else ""


def _take(found: dict[str, _Organisation], entry: Mapping[str, Any]) -> None:
    said = entry if _ORG in entry else entry.get("organization")
    key = said.get(_ORG) if isinstance(said, Mapping) else None
    if not isinstance(said, Mapping) or not isinstance(key, str) or not key:
        return
    organisation = found.setdefault(key, _Organisation(key))
    organisation.said = {**said, **organisation.said} if _ORG not in entry else {**organisation.said, **said}
    resource = entry.get("resid")
    if isinstance(resource, str) and resource and not _closed(entry):
        item, workflow = (_number(entry.get("id")), _number(entry.get("wfid"))) if "wfid" in entry else (None, None)
        if item is not None or not any(known == resource for known, _ in organisation.bindings):
            organisation.bindings.pop((resource, None), None)
            organisation.bindings[resource, item] = Binding(resource, resource, item, workflow)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _in_use(said: Mapping[str, Any]) -> bool:
    return said.get("enabled") is not False and not said.get("archived")


def _committee(organisation: _Organisation, name: str, url: str | None) -> Committee:
    said = organisation.said
    names = _texts(said.get("organization/name")) or _texts(said.get("organization/short-name"))
    if not names:
        raise BadRegistry(f"The REMS organisation {organisation.id!r} has no name.", url=name or None)
    bindings = tuple(organisation.bindings.values())
    workflows = {binding.workflow for binding in bindings if binding.workflow is not None}
    shared = workflows.pop() if len(workflows) == 1 else None
    system = System(SystemKind.REMS, url, bindings, workflow=shared) if url else None
    return Committee(
        id=f"rems-{slug(organisation.id)}",
        names=names,
        email=_mailbox(said.get("organization/review-emails")),
        identifiers=(organisation.id,),
        governs=tuple(dict.fromkeys(binding.dataset for binding in bindings)),
        systems=(system,) if system else (),
    )


def _texts(value: object) -> Texts:
    """REMS writes texts by language: {"en": "...", "fi": "..."}."""
    pairs = value.items() if isinstance(value, Mapping) else ()
    return tuple(Text(text.strip(), str(tag).lower()) for tag, text in pairs if isinstance(text, str) and text.strip())


def _mailbox(value: object) -> str | None:
    """The first of the mailboxes that applications are sent to."""
    rows = value if isinstance(value, list) else []
    addresses = (row.get("email") for row in rows if isinstance(row, Mapping))
    return next((email for each in addresses if isinstance(each, str) and (email := email_of(each))), None)
