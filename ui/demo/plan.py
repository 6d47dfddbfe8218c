"""What the demonstration's nodes hold, read from the TOML files of `data/` into frozen records."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from importlib.resources import files
from typing import Any, Final, TypeAlias

Words: TypeAlias = Mapping[str, str]  # language tag -> text

NODES: Final = ("fi", "de", "es", "nl", "fr", "ee", "it", "se")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePlan:
    """A node and how it serves. `dialect` is one of `ui.demo.dialects.DIALECTS`."""

    name: str
    title: str
    country: str
    place: str
    base: str
    stage: str
    language: str
    dialect: str
    catalogue: Words
    about: Words
    default_dac: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPlan:
    """A body of a node."""

    names: Words
    type: str | None = None
    email: str | None = None
    page: str | None = None
    identifiers: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPlan:
    """An access policy: who assigns it, one DUO permission, its modifiers, and the same in words.

    `disease` is what DUO:0000007 is restricted to, an IRI.
    """

    assigner: str
    permission: str
    modifiers: Sequence[str] = ()
    disease: str | None = None
    text: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPlan:
    """A contact point of a dataset."""

    names: Words
    email: str
    page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetPlan:
    """A dataset. Names of bodies and policies refer to the node's own; an empty text means none."""

    id: str
    title: Words
    description: Words
    publisher: str
    custodian: str
    hdab: str
    contact: ContactPlan
    access: str
    apply: str
    issued: str
    modified: str
    period: Sequence[str]
    individuals: int
    records: int
    provenance: Words
    coverage: Words
    keywords: Mapping[str, Sequence[str]]
    categories: Sequence[str]
    themes: Sequence[str]
    legal_basis: Sequence[str]
    purposes: Sequence[str]
    personal: Sequence[str]
    files: Sequence[str]
    coding: Sequence[str] = ()
    codes: Sequence[str] = ()
    ages: Sequence[int] = ()
    dac: Sequence[str] = ()
    policy: str = ""
    data_uses: Sequence[str] = ()
    conforms: Sequence[str] = ()
    variables: Sequence[Sequence[str]] = ()
    defects: Sequence[str] = ()
    ega: str = ""
    licence: str = ""
    source: str = ""
    beacon: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """One node with everything it holds."""

    node: NodePlan
    agents: Mapping[str, AgentPlan]
    policies: Mapping[str, PolicyPlan]
    datasets: tuple[DatasetPlan, ...]


def read_plan(name: str) -> Plan:
    """Read the plan of one node."""
    data = tomllib.loads((files("ui.demo") / "data" / f"{name}.toml").read_text("utf-8"))
    defaults = data.get("defaults", {})
    return Plan(
        NodePlan(**data["node"]),
        {key: AgentPlan(**value) for key, value in data.get("agents", {}).items()},
        {key: PolicyPlan(**value) for key, value in data.get("policies", {}).items()},
        tuple(_dataset({**defaults, **own}) for own in data.get("dataset", ())),
    )


def read_plans(names: Sequence[str] = NODES) -> tuple[Plan, ...]:
    """Read the plans of several nodes."""
    return tuple(read_plan(name) for name in names)


def committees() -> bytes:
    """Return the registry of committees, as a file for `dacs import`."""
    return (files("ui.demo") / "data" / "committees.toml").read_bytes()


def _dataset(values: Mapping[str, Any]) -> DatasetPlan:
    known = {f.name for f in fields(DatasetPlan)}
    return DatasetPlan(
        **{key: value for key, value in values.items() if key in known and key != "contact"},
        contact=ContactPlan(**values["contact"]),
    )
