"""Committees, and the links between them and datasets."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from catalogue.dac.systems import System
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
    GOVERNANCE = "governance"
    CONTACT_NAME = "contact-name"
    NODE_DEFAULT = "node-default"
    OPEN_DATA = "open-data"
    HDAB_STAND_IN = "hdab-stand-in"
    NONE = "none"

    @property
    def confidence(self) -> Confidence:
        """How sure a link is that this rule found."""
        return _CONFIDENCE[self]


class Confidence(StrEnum):
    """How sure a link is, by the rule that found it.

    `stated`: the node says so. `joined`: an identifier, or the type of the dataset, leads to the body. `likely`: it is
    called so, in words. `assumed`: the node's committee for what names none. `none`: no committee at all.
    """

    STATED = "stated"
    JOINED = "joined"
    LIKELY = "likely"
    ASSUMED = "assumed"
    NONE = "none"


_CONFIDENCE: Final = {
    Method.ATTRIBUTION: Confidence.STATED,
    Method.POLICY: Confidence.STATED,
    Method.IDENTIFIER: Confidence.JOINED,
    Method.GOVERNANCE: Confidence.JOINED,
    Method.CONTACT_NAME: Confidence.LIKELY,
    Method.NODE_DEFAULT: Confidence.ASSUMED,
    Method.OPEN_DATA: Confidence.STATED,
    Method.HDAB_STAND_IN: Confidence.NONE,
    Method.NONE: Confidence.NONE,
}


class DeciderStatus(StrEnum):
    """How sure the answer to "who decides?" is: stated by the node, derived by a rule, a stand-in, or none."""

    PUBLISHED = "published"
    RULE = "rule"
    STAND_IN = "stand-in"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Observed:
    """How long decisions took, as observed: the median in calendar days.

    `since` and `until` are ISO dates of the period looked at, `applications` how many were decided in it.
    """

    days: int
    since: str | None = None
    until: str | None = None
    applications: int | None = None


@dataclass(frozen=True, slots=True)
class Committee:
    """A Data Access Committee (or another body of the chain), from the registry or as its node described it.

    `response_days` is what it states, in calendar days. `confirmed` is the ISO date its entry was last confirmed.
    `origin` is "registry", or the name of the source whose records describe it. `governs` are identifiers of the
    datasets, policies and REMS resources it decides on (EGAD..., EGAP..., a resource id); a `*` at the end is any rest.
    `may_apply`: who may; `environment`: where the data are analysed; `systems`: where one applies.
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
    may_apply: Texts = ()
    environment: Texts = ()
    opening_hours: str | None = None
    observed: Observed | None = None
    systems: tuple[System, ...] = ()


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
    """All bodies linked to a dataset, the answer to "who decides?", and what of it does not fit together."""

    links: tuple[DacLink, ...] = ()
    decider: Decider = field(
        default_factory=lambda: Decider(DeciderStatus.NONE, Method.NONE, "The node publishes no deciding body.")
    )
    conflicts: tuple[str, ...] = ()
