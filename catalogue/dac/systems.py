"""The systems where one applies for access, and how a dataset is found in each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlencode


class SystemKind(StrEnum):
    """What kind of system it is; `web` is any other page, `mail` a mailbox."""

    REMS = "rems"
    EGA = "ega"
    NEGOTIATOR = "negotiator"
    HDAB_FORM = "hdab-form"
    WEB = "web"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Binding:
    """One dataset in a system.

    `dataset` is an identifier or IRI of the dataset; `*` at its end is any rest. `resource` is its identifier there
    (REMS: the resource id); None: the identifier is the resource id. `item` and `workflow` are REMS's numbers of the
    catalogue item and of the workflow that handles its applications.
    """

    dataset: str
    resource: str | None = None
    item: int | None = None
    workflow: int | None = None


@dataclass(frozen=True, slots=True)
class System:
    """A system where a committee takes applications.

    `url` is its address (of REMS: of the installation, of `mail` a `mailto:`). `own_ids`: every dataset of the
    committee is known there by its own identifier. `workflow`: REMS's number of the committee's workflow.
    """

    kind: SystemKind
    url: str
    bindings: tuple[Binding, ...] = ()
    own_ids: bool = False
    workflow: int | None = None


@dataclass(frozen=True, slots=True)
class Entrance:
    """A dataset in a system: where to apply. `resource` is its identifier there, where the system knows it by one."""

    system: System
    resource: str | None = None
    item: int | None = None
    workflow: int | None = None

    @property
    def address(self) -> str:
        """Where an application for this dataset begins."""
        return apply_address(self.system, (self.resource,) if self.resource else ())


def entrance(system: System, identifiers: Iterable[str]) -> Entrance | None:
    """Return where one applies for a dataset of these identifiers; None where the system is not for it.

    A binding that names an identifier wins over one that begins it. A system without bindings is for every dataset of
    its committee. Case does not count.
    """
    known = tuple(dict.fromkeys(each.strip() for each in identifiers if each.strip()))
    bound = _bound(system.bindings, known)
    if bound is not None:
        binding, identifier = bound
        resource = binding.resource or identifier
        return Entrance(system, resource, binding.item, binding.workflow or system.workflow)
    if system.own_ids and known:
        return Entrance(system, known[0], workflow=system.workflow)
    return None if system.bindings else Entrance(system, workflow=system.workflow)


def _bound(bindings: Iterable[Binding], identifiers: tuple[str, ...]) -> tuple[Binding, str] | None:
    """The binding of the first identifier that has one: a whole one, else the longest beginning."""
    ordered = sorted(bindings, key=lambda each: (each.dataset.endswith("*"), -len(each.dataset)))
    for binding in ordered:
        for identifier in identifiers:
            if _matches(binding.dataset, identifier):
                return binding, identifier
    return None


def _matches(pattern: str, identifier: str) -> bool:
    pattern, identifier = pattern.strip().casefold(), identifier.casefold()
    if pattern.endswith("*"):
        return identifier.startswith(pattern[:-1])
    return identifier == pattern


def apply_address(system: System, resources: Iterable[str] = ()) -> str:
    """Return where an application for these resources begins; without any, the system's own page.

    REMS: `{url}/apply-for?resource=A&resource=B` (docs/linking.md of REMS). EGA: the page of the dataset. Other
    systems take no datasets in an address.
    """
    resources = tuple(resources)
    base = system.url.rstrip("/")
    if system.kind is SystemKind.REMS and resources:
        return f"{base}/apply-for?{urlencode([('resource', each) for each in resources])}"
    if system.kind is SystemKind.EGA and len(resources) == 1:
        return f"{base}/datasets/{quote(resources[0])}"
    return system.url
