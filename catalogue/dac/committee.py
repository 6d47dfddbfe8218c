"""Committees, and the links between them and datasets."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from catalogue.dataset import Texts


class Role(StrEnum):
    """A body's place in the chain of a decision."""

    DECIDES = "decides"
    RECOMMENDS = "recommends"
    MAY_VETO = "may-veto"
    HDAB = "hdab"
    CONTACT = "contact"


class Method(StrEnum):
    """The rule that found a deciding body, in the order they are tried (docs/dac.md)."""

    ATTRIBUTION = "attribution"
    POLICY = "policy"
    IDENTIFIER = "identifier"
    CONTACT_NAME = "contact-name"
    NODE_DEFAULT = "node-default"
    HDAB_STAND_IN = "hdab-stand-in"
    NONE = "none"


class DeciderStatus(StrEnum):
    """How sure the answer to "who decides?" is: stated by the node, derived by a rule, a stand-in, or none."""

    PUBLISHED = "published"
    RULE = "rule"
    STAND_IN = "stand-in"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Committee:
    """A Data Access Committee (or another body of the chain), from the registry or as its node described it.

    `response_days` is what it states, in calendar days. `confirmed` is the ISO date its entry was last confirmed.
    `origin` is "registry", or the name of the source whose records describe it. `governs` are identifiers of the
    datasets, policies and REMS resources it decides on (EGAD..., EGAP..., a resource id); a `*` at the end is any rest.
    """

    id: str
    names: Texts
    iri: str | None = None
    role: Role = Role.DECIDES
    level: str | None = None
    country: str | None = None
    email: str | None = None
    contact_page: str | None = None
    homepage: str | None = None
    remit: Texts = ()
    conditions: Texts = ()
    documents: tuple[str, ...] = ()
    response_days: int | None = None
    fee: str | None = None
    apply_url: str | None = None
    identifiers: tuple[str, ...] = ()
    confirmed: str | None = None
    origin: str = "registry"
    governs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DacLink:
    """One body linked to one dataset: its role, the rule that found it, and what in the metadata shows it."""

    committee: Committee
    role: Role
    method: Method
    evidence: str


@dataclass(frozen=True, slots=True)
class Decider:
    """The answer to "who decides?" of one dataset."""

    status: DeciderStatus
    method: Method
    evidence: str


@dataclass(frozen=True, slots=True)
class Access:
    """All bodies linked to a dataset, and the answer to "who decides?"."""

    links: tuple[DacLink, ...] = ()
    decider: Decider = field(
        default_factory=lambda: Decider(DeciderStatus.NONE, Method.NONE, "The node publishes no deciding body.")
    )
